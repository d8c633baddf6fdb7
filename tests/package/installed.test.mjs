// Goal: whoever installs the package has a service; whoever upgrades it keeps his settings; whoever removes it keeps what
// proves what callers got.
// Method: a Debian of its own, in which the package is installed by apt with all that it depends on, run, upgraded, removed
// and purged. There is no systemd in it: a script in its place writes down what the package asks of it.
import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync, appendFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {Child, eventually, freePort} from '../acceptance/world.mjs';
import {inside, keepDownloads, newDebian, tryInside, whyNoChroot, wordsInside} from './chroot.mjs';
import {pack, repack, temporaryFolder} from './pack.mjs';

const account = 'AC0123456789abcdef0123456789abcdef';
const token = 'practice-token';
const settingsFile = '/etc/jobrun/jobrun.toml';

/// The machine that all of this happens to.
class Machine {
  root = newDebian();
  file = (name) => path.join(this.root, name);
  read = (name) => readFileSync(this.file(name), 'utf8');
  write = (name, text, mode) => writeFileSync(this.file(name), text, {mode});
  run = (program, ...args) => inside(this.root, program, args);
  jobrun = (...args) => inside(this.root, '/usr/bin/jobrun', args, {user: 'jobrun', env: this.environment});

  /// As `ls` shows it: mode, user, group.
  owner = (name) => this.run('stat', '--format', '%a %U:%G', name).trim();

  /// What the unit sets, which a command needs as well.
  get environment() {
    return Object.fromEntries([...this.read('lib/systemd/system/jobrun.service').matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  }

  install(deb, ...options) {
    copyFileSync(deb, this.file(`tmp/${path.basename(deb)}`));
    return this.run('apt-get', 'install', '--yes', '--no-install-recommends', '--option', 'DPkg::Options::=--force-unsafe-io', ...options, `/tmp/${path.basename(deb)}`);
  }

  /// A systemctl that writes down what it is asked. `/running` says that the service is.
  pretendSystemd() {
    mkdirSync(this.file('run/systemd/system'), {recursive: true});
    this.write('usr/bin/systemctl', `#!/bin/sh
echo "$@" >>/systemctl.log
case "$*" in
*is-enabled*) [ -e /etc/systemd/system/multi-user.target.wants/jobrun.service ] && echo enabled || echo disabled ;;
*is-active*) [ -e /running ] ;;
*" preset jobrun.service") ln -s /lib/systemd/system/jobrun.service /etc/systemd/system/multi-user.target.wants/ ;;
*" start "* | *" restart "*) touch /running ;;
*"stop "*) rm -f /running ;;
esac
`, 0o755);
  }

  /// What was asked of it since the last time: start, restart, stop.
  asked() {
    const log = this.file('systemctl.log');
    const words = existsSync(log) ? readFileSync(log, 'utf8') : '';
    rmSync(log, {force: true});
    return [...words.matchAll(/^.*?\b(start|restart|stop|try-restart) jobrun\.service$/gm)].map((match) => match[1]);
  }
}

const missing = whyNoChroot();
// The word after the mark tells ctest too.
if (missing) console.log(`# SKIP ${missing}`);

test('installed, used, upgraded, removed, purged', {skip: missing || false}, async (t) => {
  const deb = pack(path.join(temporaryFolder(), 'made'));
  const more = (version, words) => repack(deb, version, (root) => appendFileSync(path.join(root, settingsFile), `\n# ${words}\n`));
  const machine = new Machine();
  machine.pretendSystemd();

  await t.test('installing makes the user and gives the settings to him alone; without settings nothing is started', () => {
    const said = machine.install(deb);
    keepDownloads(machine.root);
    assert.match(machine.run('getent', 'passwd', 'jobrun'), /:\/var\/lib\/jobrun:\/usr\/sbin\/nologin$/m);
    assert.equal(machine.owner('/etc/jobrun'), '750 root:jobrun');
    assert.equal(machine.owner(settingsFile), '640 root:jobrun');
    assert.equal(machine.owner('/var/lib/jobrun'), '750 jobrun:jobrun');
    assert.equal(machine.owner('/usr/bin/jobrun'), '755 root:root');
    assert.match(said, /public_url is missing[\s\S]*not started yet\. Complete \/etc\/jobrun\/jobrun\.toml/);
    assert.deepEqual(machine.asked(), []);
    assert.match(machine.run('systemctl', 'is-enabled', 'jobrun.service'), /^enabled/);
    assert.match(machine.jobrun('--version'), /^jobrun \d/);
    for (const [, program] of machine.read('lib/systemd/system/jobrun.service').matchAll(/^Exec\w+=(\S+)/gm)) {
      machine.run('test', '-x', program);
    }
  });

  await t.test('an upgrade brings a new settings file where nobody has touched it, for the same eyes only', () => {
    machine.install(more('0.1.0-2', 'of the second version'));
    assert.match(machine.read(settingsFile), /# of the second version/);
    assert.equal(machine.owner(settingsFile), '640 root:jobrun');
  });

  const port = await freePort();
  const carrierPort = await freePort();
  await t.test('with settings it serves, as the unit runs it: a missed call is answered by a text', async () => {
    machine.write('etc/jobrun/twilio_auth_token', `${token}\n`, 0o640);
    machine.run('chgrp', 'jobrun', '/etc/jobrun/twilio_auth_token');
    appendFileSync(machine.file(settingsFile), `listen = "127.0.0.1:${port}"\npublic_url = "http://127.0.0.1:${port}"
twilio_account_sid = "${account}"\ntwilio_auth_token_file = "/etc/jobrun/twilio_auth_token"
twilio_api_url = "http://127.0.0.1:${carrierPort}"\ncanary_every = "0s"\n`);
    machine.jobrun('settings', '--check');
    machine.jobrun('migrate');
    machine.jobrun('clients', 'add', '--name', 'Harbour Plumbing', '--phone', '+14155559000');
    machine.jobrun('numbers', 'add', '+14155550100', '--role', 'operational', '--client', '1');

    const start = (args, env = {}) => {
      const [program, ...words] = wordsInside(machine.root, '/usr/bin/jobrun', args, {user: 'jobrun', env});
      return new Child(words, {}, program);
    };
    const url = `http://127.0.0.1:${port}`;
    const carrier = start(['simulate', '--listen', `127.0.0.1:${carrierPort}`, '--webhook-url', url, '--account-sid', account, '--auth-token', token]);
    const command = machine.read('lib/systemd/system/jobrun.service').match(/^ExecStart=\/usr\/bin\/jobrun (.*)$/m)[1];
    const service = start(command.split(' '), machine.environment);
    try {
      assert.ok(await carrier.listens(), carrier.err);
      assert.ok(await service.listens(), service.err);
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
      await eventually('it is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
      const practice = `http://127.0.0.1:${carrierPort}`;
      const placed = await fetch(`${practice}/practice/calls`, {method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({from: '+16285550001', to: '+14155550100', wait: true})});
      assert.ok(placed.ok, await placed.text());
      await eventually('the text', async () => (await (await fetch(`${practice}/practice/texts`)).json()).texts
        .find((text) => text.to === '+16285550001' && text.body.startsWith('Harbour Plumbing')));
      assert.equal((await service.end('SIGTERM')).code, 0, service.err);
    } finally {
      await service.end('SIGKILL');
      await carrier.end('SIGKILL');
    }
    assert.equal(machine.owner('/var/lib/jobrun/jobrun.db').split(' ')[1], 'jobrun:jobrun');
  });

  await t.test("an upgrade keeps the operator's settings, and starts the service with them", () => {
    const before = machine.read(settingsFile);
    machine.asked();
    const said = machine.install(more('0.1.0-3', 'of the third version'), '--option', 'DPkg::Options::=--force-confdef', '--option', 'DPkg::Options::=--force-confold');
    assert.equal(machine.read(settingsFile), before);
    assert.match(machine.read(`${settingsFile}.dpkg-dist`), /# of the third version/);
    assert.equal(machine.owner(settingsFile), '640 root:jobrun');
    assert.deepEqual(machine.asked(), ['restart'], said);
  });

  await t.test('what runs goes on through an upgrade when the settings would not let it start again', () => {
    const before = machine.read(settingsFile);
    appendFileSync(machine.file(settingsFile), 'cool_down = "soon"\n');
    const said = machine.install(more('0.1.0-4', 'of the fourth version'), '--option', 'DPkg::Options::=--force-confold');
    assert.match(said, /cool_down[\s\S]*not restarted, because of the settings above/);
    assert.deepEqual(machine.asked(), []);
    writeFileSync(machine.file(settingsFile), before);
  });

  await t.test('removing ends the service and leaves settings and database', () => {
    machine.run('apt-get', 'remove', '--yes', 'jobrun');
    assert.deepEqual(machine.asked(), ['stop']);
    assert.ok(!existsSync(machine.file('usr/bin/jobrun')));
    assert.ok(existsSync(machine.file(settingsFile)));
    assert.ok(statSync(machine.file('var/lib/jobrun/jobrun.db')).size > 0);
  });

  await t.test('installed again, the database is the one that was there', () => {
    machine.install(deb, '--option', 'DPkg::Options::=--force-confold', '--allow-downgrades');
    assert.match(machine.jobrun('clients', 'list'), /Harbour Plumbing/);
    assert.deepEqual(machine.asked(), ['restart']);
  });

  await t.test('purging takes the settings, leaves the database, and says where it is', () => {
    const said = machine.run('apt-get', 'purge', '--yes', 'jobrun');
    assert.ok(!existsSync(machine.file(settingsFile)));
    assert.ok(statSync(machine.file('var/lib/jobrun/jobrun.db')).size > 0);
    assert.match(said, /the database[^\n]*stay[\s\S]*rm -r \/var\/lib\/jobrun/);
    assert.match(said, /\/etc\/jobrun still has files of yours/, 'the token, and what dpkg put beside the settings');
    assert.match(machine.run('getent', 'passwd', 'jobrun'), /^jobrun:/, 'whom the files belong to');
    assert.equal(tryInside(machine.root, 'dpkg', ['-s', 'jobrun']).code, 1);
  });
});
