// Makes the package as scripts/package.sh does, of what is built.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

import {projectRoot} from '../structure/sources.mjs';

export const build = process.env.JOBRUN_BUILD ?? '';
assert.ok(existsSync(path.join(build, 'CPackConfig.cmake')), 'JOBRUN_BUILD must name the build folder: run these tests through ctest');

/// A program's output; fails with all that it said.
export function run(program, args, options = {}) {
  try {
    return execFileSync(program, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, ...options});
  } catch (failed) {
    throw new Error(`${program} ${args.join(' ')}: ${failed.message}\n${failed.stdout ?? ''}${failed.stderr ?? ''}`);
  }
}

/// A folder that is gone with this process.
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'jobrun-package-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/// Packs into `folder`; returns the package's path.
export function pack(folder) {
  mkdirSync(folder, {recursive: true});
  const date = run('dpkg-parsechangelog', ['-l', path.join(projectRoot, 'deploy/debian/changelog'), '-S', 'Timestamp']).trim();
  run('sh', ['-c', 'umask 022; exec cpack "$@"', 'sh', '--config', path.join(build, 'CPackConfig.cmake'), '-B', folder],
    {env: {...process.env, SOURCE_DATE_EPOCH: date}, cwd: folder});
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  assert.ok(name, `cpack made no package in ${folder}`);
  return path.join(folder, name);
}

/// The same package with another version, its contents changed by `change(root)`.
export function repack(deb, version, change) {
  const folder = temporaryFolder();
  const root = path.join(folder, 'root');
  run('dpkg-deb', ['--raw-extract', deb, root]);
  run('sed', ['-i', `s/^Version: .*/Version: ${version}/`, path.join(root, 'DEBIAN/control')]);
  change(root);
  const made = path.join(folder, `jobrun_${version}_${run('dpkg', ['--print-architecture']).trim()}.deb`);
  run('dpkg-deb', ['--build', '--root-owner-group', '-Znone', root, made]);
  return made;
}
