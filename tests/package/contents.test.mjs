// Goal: the package is one that Debian's own judge takes, has what an operator needs where he looks for it, and nothing that
// is secret or only of use to us.
// Method: it is made twice, and taken apart; lintian, systemd-analyze and readelf say what they think.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';

import {projectRoot} from '../structure/sources.mjs';
import {build, pack, run, temporaryFolder} from './pack.mjs';

const folder = temporaryFolder();
const deb = pack(path.join(folder, 'first'));
const root = path.join(folder, 'root');
run('dpkg-deb', ['--raw-extract', deb, root]);
const read = (name) => readFileSync(path.join(root, name));
const project = (name) => readFileSync(path.join(projectRoot, name), 'utf8');
const jobrun = path.join(build, 'jobrun');

test('the same tree makes the same bytes', () => {
  const again = pack(path.join(folder, 'second'));
  assert.ok(readFileSync(deb).equals(readFileSync(again)), 'the second package differs from the first');
});

test('lintian has nothing to say but what an override answers with a reason', () => {
  const {stdout, stderr, status} = spawnSync('lintian', ['--fail-on', 'error,warning', '--allow-root', deb], {encoding: 'utf8'});
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stdout, '');
  const overrides = project('deploy/debian/lintian-overrides').trim().split('\n');
  for (const [index, line] of overrides.entries()) {
    assert.ok(line.startsWith('#') || overrides[index - 1]?.startsWith('#'), `an override without a reason: ${line}`);
  }
});

test('everything is where Debian has it, with the modes that it has there', () => {
  const modes = {
    'usr/bin/jobrun': 0o755, 'etc/jobrun/jobrun.toml': 0o644, 'lib/systemd/system/jobrun.service': 0o644,
    'usr/share/man/man1/jobrun.1.gz': 0o644, 'usr/share/bash-completion/completions/jobrun': 0o644,
    'usr/share/zsh/vendor-completions/_jobrun': 0o644, 'usr/share/fish/vendor_completions.d/jobrun.fish': 0o644,
    'DEBIAN/postinst': 0o755, 'DEBIAN/prerm': 0o755, 'DEBIAN/postrm': 0o755,
  };
  for (const name of ['copyright', 'changelog.gz', 'changelog.Debian.gz', 'README.md', 'OPERATIONS.md', 'SETTINGS.md',
    'examples/prometheus/alerts.yml', 'examples/caddy/Caddyfile', 'examples/nginx/jobrun.conf', 'examples/grafana/jobrun.json',
    'examples/journald/jobrun.conf']) modes[`usr/share/doc/jobrun/${name}`] = 0o644;
  modes['usr/share/doc/jobrun/examples/backup.sh'] = 0o755;
  for (const [name, mode] of Object.entries(modes)) {
    assert.ok(existsSync(path.join(root, name)), name);
    assert.equal((statSync(path.join(root, name)).mode & 0o777).toString(8), mode.toString(8), name);
  }
  assert.ok(!run('dpkg-deb', ['-c', deb]).includes('_test'), 'tests are of no use to an operator');
  const owners = new Set(run('dpkg-deb', ['-c', deb]).trim().split('\n').map((line) => line.split(/\s+/)[1]));
  assert.deepEqual([...owners], ['root/root']);
});

test('the program is the one that was built, without what only a debugger reads, and cannot be overwritten where it links', () => {
  const sections = run('readelf', ['--sections', '--wide', path.join(root, 'usr/bin/jobrun')]);
  assert.doesNotMatch(sections, /\.debug_|\.symtab/);
  assert.match(run('readelf', ['--dynamic', path.join(root, 'usr/bin/jobrun')]), /BIND_NOW|NOW/);
  assert.equal(run(path.join(root, 'usr/bin/jobrun'), ['--version']), run(jobrun, ['--version']));
  assert.match(run('dpkg-deb', ['-f', deb, 'Depends']), /libphonenumber.*libsqlite3/);
});

test('program, package and changelog are of one version', () => {
  const version = run(jobrun, ['--version']).trim().replace('jobrun ', '');
  assert.match(project('CMakeLists.txt'), new RegExp(`VERSION ${version.replaceAll('.', '\\.')} `));
  assert.equal(run('dpkg-deb', ['-f', deb, 'Version']).trim(), `${version}-1`);
  assert.match(gunzipSync(read('usr/share/doc/jobrun/changelog.Debian.gz')).toString(), new RegExp(`^jobrun \\(${version}-1\\) `));
});

test('the settings file is a conffile that sets nothing, and so holds no secret', () => {
  assert.equal(read('DEBIAN/conffiles').toString(), '/etc/jobrun/jobrun.toml\n');
  assert.equal(read('etc/jobrun/jobrun.toml').toString(), project('deploy/jobrun.toml'));
  for (const line of project('deploy/jobrun.toml').split('\n')) assert.match(line, /^(#|$)/);
});

test('the manual page and the completions are what the program says', () => {
  assert.equal(gunzipSync(read('usr/share/man/man1/jobrun.1.gz')).toString(), run(jobrun, ['man']));
  for (const [shell, file] of Object.entries({bash: 'bash-completion/completions/jobrun',
    zsh: 'zsh/vendor-completions/_jobrun', fish: 'fish/vendor_completions.d/jobrun.fish'})) {
    assert.equal(read(`usr/share/${file}`).toString(), run(jobrun, ['completion', shell]));
  }
});

test('the unit is that of deploy/systemd, for the installed program; systemd takes it where it is', () => {
  const ours = project('deploy/systemd/jobrun.service');
  const expected = ours.slice(ours.indexOf('[Unit]')).replaceAll('/usr/local/bin/', '/usr/bin/')
    .replace('[Unit]\n', '[Unit]\nDocumentation=man:jobrun(1) file:///usr/share/doc/jobrun/OPERATIONS.md\n');
  assert.equal(read('lib/systemd/system/jobrun.service').toString(), expected);
  const here = path.join(folder, 'jobrun.service');
  writeFileSync(here, expected.replace(/^ExecStart=/m, `ExecStart=${root}`));
  const {stdout, stderr, status} = spawnSync('systemd-analyze', ['verify', '--man=no', here], {encoding: 'utf8'});
  assert.equal(`${status} ${stdout}${stderr}`, '0 ');
});

test('maintainer scripts are plain shell', () => {
  for (const script of ['postinst', 'prerm', 'postrm']) run('sh', ['-n', path.join(root, 'DEBIAN', script)]);
});
