// Goal: each condition that callers suffer from, or soon will, fires the right alert, and nothing else does; whoever is
// woken finds what to do.
// Method: promtool plays deploy/prometheus/*_test.yml against the rules as they are shipped; the rules are compared with
// the playbook, with the list of our own alerts and with the list of metrics; amtool says whom each severity reaches.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {promisify} from 'node:util';

import {alertRules, bareNamesOf, deployFile, projectRoot, readDeployed, selectorsOf, shownNames} from './alert_rules.mjs';

const rules = alertRules();
const suites = readdirSync(deployFile('prometheus')).filter((name) => name.endsWith('_test.yml'));
const playbook = readFileSync(path.join(projectRoot, 'docs/OPERATIONS.md'), 'utf8');

/// promtool keeps each case on disk for a moment: in memory, where there is such a place.
const env = {...process.env, ...(existsSync('/dev/shm') ? {TMPDIR: '/dev/shm'} : {})};

/// Runs a program of Debian's `prometheus` or `prometheus-alertmanager`; returns all that it printed.
async function judge(program, ...args) {
  try {
    const {stdout, stderr} = await promisify(execFile)(program, args, {cwd: deployFile('prometheus'), env, maxBuffer: 1 << 26});
    return stdout + stderr;
  } catch (failed) {
    if (failed.code === 'ENOENT') throw new Error(`${program} is missing: scripts/install-dependencies.sh test`);
    throw new Error(`${program} ${args.join(' ')}: ${failed.stdout}${failed.stderr}`);
  }
}

test('Prometheus and Alertmanager take the rules and both configurations', async () => {
  assert.match(await judge('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml'), new RegExp(`${rules.length} rules found`));
  await judge('promtool', 'check', 'config', 'prometheus.yml');
  await judge('amtool', 'check-config', 'alertmanager.yml');
});

// Two at a time: they need nothing but a processor.
test('each alert fires when it should, and only then: after restarts, resets and gaps too', {concurrency: 2}, async (t) => {
  assert.ok(suites.length >= 7);
  await Promise.all(suites.map((suite) => t.test(suite, async () => { await judge('promtool', 'test', 'rules', suite); })));
});

test('every alert is seen to fire and seen not to fire', () => {
  const cases = suites.map((suite) => readDeployed(`prometheus/${suite}`)).join('\n');
  const checks = [...cases.matchAll(/ALERTS\{alertname="(\w+)"[^\n]*\n\s*exp_samples: (\[.*\])\}/g)].map(([, name, expected]) => ({name, fires: expected !== '[]'}));
  assert.ok(checks.length >= 2 * rules.length);
  for (const {name} of rules) {
    assert.ok(checks.some((each) => each.name === name && each.fires), `${name} is never seen to fire`);
    if (name !== 'JobrunWatchdog') assert.ok(checks.some((each) => each.name === name && !each.fires), `${name} is never seen not to fire`);
  }
});

test('every alert says how urgent it is, what a caller got, and where to read on: and that is there', () => {
  const anchors = [...playbook.matchAll(/^#+ (.*)$/gm)]
    .map(([, heading]) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
  assert.equal(new Set(rules.map(({name}) => name)).size, rules.length);
  for (const {name, severity, summary, description, runbook} of rules) {
    assert.match(severity, name === 'JobrunWatchdog' ? /^none$/ : /^P[0-3]$/, name);
    assert.ok(summary.length > 10, name);
    assert.match(description, /caller|recipient|owner|sender|wrote/i, `${name} names whom it is about`);
    const [document, anchor] = runbook.split('#');
    assert.equal(document, 'docs/OPERATIONS.md', name);
    assert.ok(anchors.includes(anchor), `${name}: docs/OPERATIONS.md has no section ${anchor}`);
  }
});

test('a rule is as urgent as the section that it points to, where that has a priority', () => {
  for (const {name, kind, severity, runbook} of rules) {
    const told = kind && runbook.endsWith(kind) && runbook.match(/-(p[0-3])-/)?.[1].toUpperCase();
    if (told) assert.equal(severity, told, name);
  }
  assert.equal(rules.find(({name}) => name === 'JobrunFailsafeUsed').severity, 'P3');
});

test('whatever the service itself would wake somebody for is a rule here too, as urgent', () => {
  const kinds = [...readFileSync(path.join(projectRoot, 'src/base/include/base/alert.hpp'), 'utf8').matchAll(/\{AlertKind::\w+, "(\w+)"\}/g)].map(([, kind]) => kind);
  const urgent = playbook.match(/^\| P[0-3] \|.*$/gm).flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, kind]) => ({kind, severity: row.slice(2, 4)})))
    .filter(({kind}) => kinds.includes(kind));
  assert.ok(urgent.length >= 15);
  for (const {kind, severity} of urgent) {
    const rule = rules.find((each) => each.kind === kind || new RegExp(`kind=~"[^"]*\\b${kind}\\b`).test(each.expr));
    assert.ok(rule, `no rule tells of ${kind}`);
    assert.equal(rule.severity, severity, `${rule.name}, of ${kind}`);
  }
});

test('rules ask for metrics that there are, of the job jobrun alone', () => {
  const known = [...shownNames(), 'up'];
  for (const {name, expr} of rules) {
    assert.ok(expr, name);
    for (const {metric, labels} of selectorsOf(expr)) {
      assert.ok(known.includes(metric), `${name} asks for ${metric}, which /metrics has not`);
      assert.match(labels, /job="jobrun"/, `${name} asks for other jobs' ${metric}`);
    }
    assert.deepEqual(bareNamesOf(expr), [], `${name} asks for metrics of any job`);
  }
});

test('what counts from zero with each process asks how young it is, where one is enough', () => {
  for (const {name, expr} of rules.filter((each) => /increase\([^)]*\)\)? > 0(?![.\d])/.test(each.expr))) {
    if (['JobrunSecondAccountUsed', 'JobrunSpoolUsed'].includes(name)) continue;  // about what goes on, not about one
    const [, window, unit] = expr.match(/\[(\d+)([mh])\]/);
    const seconds = Number(window) * {m: 60, h: 3600}[unit];
    assert.match(expr, new RegExp(`time\\(\\) - process_start_time_seconds\\{job="jobrun"\\} < ${seconds}$`), name);
  }
});

test('each severity reaches those who should hear of it', async () => {
  const receiver = async (...labels) => (await judge('amtool', 'config', 'routes', 'test', '--config.file=alertmanager.yml', ...labels)).match(/^\w+$/m)[0];
  const wanted = {P0: 'now', P1: 'now', P2: 'within_the_hour', P3: 'within_a_day'};
  // One alert of each severity: no route but the watchdog's asks for a name.
  for (const severity of new Set(rules.map((rule) => rule.severity))) {
    const {name} = rules.find((rule) => rule.severity === severity);
    assert.equal(await receiver(`alertname=${name}`, `severity=${severity}`), wanted[severity] ?? 'watchdog', name);
  }
  const routes = readDeployed('prometheus/alertmanager.yml').match(/^route:\n(?: .*\n)+/m)[0];
  assert.deepEqual(routes.match(/\bJobrun\w+/g), ['JobrunWatchdog']);
  for (const name of readDeployed('prometheus/alertmanager.yml').match(/\bJobrun\w+/g)) assert.ok(rules.some((rule) => rule.name === name), name);
});
