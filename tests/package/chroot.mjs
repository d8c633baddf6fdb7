// A Debian in a folder, to install packages in. Made once by debootstrap, from the mirror that this machine's own apt uses,
// and kept in the build folder; each test has a copy. What is mounted in it is gone with the command that needed it.
import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

import {build, run, temporaryFolder} from './pack.mjs';

const release = () => readFileSync('/etc/os-release', 'utf8').match(/^VERSION_CODENAME=(\w+)/m)?.[1];

/// The mirror of this release that apt is set up with.
function mirror() {
  const targets = run('apt-get', ['indextargets', '--format', '$(CODENAME) $(SITE) $(CREATED_BY)']).split('\n');
  return targets.map((line) => line.split(' ')).find(([codename, site, by]) => codename === release() && by === 'Packages' && site)?.[1];
}

/// Why there can be no such Debian on this machine; empty when there can.
export function whyNoChroot() {
  if (process.getuid() !== 0) return 'only root may make a chroot';
  if (spawnSync('sh', ['-c', 'command -v debootstrap apt-get unshare']).status !== 0) return 'debootstrap is missing: scripts/install-dependencies.sh test';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'this machine lets nobody mount anything';
  if (existsSync(path.join(build, 'debian_base/made'))) return '';
  const site = mirror();
  if (!site) return 'apt names no mirror of this release';
  const asked = spawnSync('curl', ['--silent', '--fail', '--head', '--max-time', '20', `${site}/dists/${release()}/Release`]);
  return asked.status === 0 ? '' : "apt's mirror cannot be reached";
}

/// The folder of the untouched Debian, with apt's lists.
function base() {
  const folder = path.join(build, 'debian_base');
  if (existsSync(path.join(folder, 'made'))) return folder;
  rmSync(folder, {recursive: true, force: true});
  const root = path.join(folder, 'root');
  mkdirSync(root, {recursive: true});
  run('debootstrap', ['--variant=minbase', release(), root, mirror()], {env: {...process.env, LC_ALL: 'C.UTF-8'}});
  inside(root, 'apt-get', ['update', '-qq']);
  writeFileSync(path.join(folder, 'made'), '');
  return folder;
}

/// The words that run a program in `root`, as `user`, with /proc there. Everything is `exec`, so that the process is ours to end.
export function wordsInside(root, program, args, {user = 'root', env = {}} = {}) {
  const enter = 'mount -t proc proc "$1/proc" && shift_root="$1" && shift && exec chroot "$shift_root" "$@"';
  const as = user === 'root' ? [] : ['/usr/bin/setpriv', '--reuid', user, '--regid', user, '--init-groups', '--'];
  const variables = Object.entries({PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...env});
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', enter, 'sh', root,
    '/usr/bin/env', '-i', ...variables.map(([name, value]) => `${name}=${value}`), ...as, program, ...args];
}

/// Runs it to its end: {code, said}, what it said on both outputs in their order.
export function tryInside(root, program, args, options = {}) {
  const words = wordsInside(root, program, args, options);
  const done = spawnSync('sh', ['-c', '"$@" 2>&1', 'sh', ...words], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26});
  return {code: done.status, said: done.stdout + done.stderr};
}

/// What it said; fails when it failed.
export function inside(root, program, args, options = {}) {
  const {code, said} = tryInside(root, program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} in the chroot ended with ${code}:\n${said}`);
  return said;
}

/// A copy of the untouched Debian. What apt downloads there is kept for the next one by `keepDownloads`.
export function newDebian() {
  const root = path.join(temporaryFolder(), 'root');
  execFileSync('cp', ['--archive', '--reflink=auto', path.join(base(), 'root'), root]);
  return root;
}

export function keepDownloads(root) {
  const kept = path.join(build, 'debian_base/root/var/cache/apt/archives');
  for (const name of readdirSync(path.join(root, 'var/cache/apt/archives'))) {
    if (!name.endsWith('.deb') || name.startsWith('jobrun_') || existsSync(path.join(kept, name))) continue;
    copyFileSync(path.join(root, 'var/cache/apt/archives', name), path.join(kept, `${name}.part`));
    renameSync(path.join(kept, `${name}.part`), path.join(kept, name));
  }
}
