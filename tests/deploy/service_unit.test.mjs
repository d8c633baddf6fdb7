// Goal: the service unit of deploy/systemd is one that systemd takes, that gives the service little to harm others with,
// and that starts it again however often it dies.
// Method: systemd's own analysis of the file, which needs no running systemd.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';

import {deployFile, projectRoot, readDeployed} from './alert_rules.mjs';

const unit = readDeployed('systemd/jobrun.service');
const analyze = (...args) => execFileSync('systemd-analyze', args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/// Uses a copy of the unit with one change.
function withUnit(from, to, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'jobrun-unit-'));
  try {
    assert.match(unit, from);
    writeFileSync(path.join(folder, 'jobrun.service'), unit.replace(from, to));
    return use(path.join(folder, 'jobrun.service'));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

test('systemd takes every line of it', () => {
  // It only warns of a line that it does not take.
  const warnings = (file) => {
    const {stdout, stderr, status} = spawnSync('systemd-analyze', ['verify', file], {encoding: 'utf8'});
    return status === 0 ? stdout + stderr : `${status}: ${stdout}${stderr}`;
  };
  const executable = /^ExecStart=\S+/m;
  assert.equal(withUnit(executable, 'ExecStart=/bin/true', warnings), '');
  assert.match(withUnit(executable, 'ProtectHome=perhaps\nExecStart=/bin/true', warnings), /Failed to parse/);
});

test('its exposure is at most 1.5 of 10, as systemd counts', () => {
  analyze('security', '--offline=true', '--threshold=15', deployFile('systemd/jobrun.service'));
  withUnit(/SystemCallFilter=.*\n/g, '', (file) => {
    assert.throws(() => analyze('security', '--offline=true', '--threshold=15', file), 'and more would be seen');
  });
});

test('it is started again however often it dies, and told of new credentials without a restart', () => {
  for (const line of ['Restart=always', 'StartLimitIntervalSec=0', 'ExecReload=/bin/kill -HUP $MAINPID', 'StateDirectory=jobrun']) {
    assert.ok(unit.split('\n').includes(line), line);
  }
});

test('every setting that deploy/ names exists', () => {
  const settings = readFileSync(path.join(projectRoot, 'docs/SETTINGS.md'), 'utf8');
  const files = ['systemd/jobrun.service', 'caddy/Caddyfile', 'nginx/jobrun.conf', 'backup.sh', 'prometheus/alerts.yml', 'prometheus/alertmanager.yml', 'prometheus/prometheus.yml'];
  const named = [...new Set(files.flatMap((file) => readDeployed(file).match(/JOBRUN_[A-Z_]+/g) ?? []))];
  assert.ok(named.length >= 4);
  for (const name of named) assert.ok(settings.includes(`\`${name}\``) || settings.includes(`or \`${name}\``), name);
});
