// Goal: a call is acknowledged only when it is where it will be found tomorrow: in the database that bears the name, or
// in the spool while that cannot be; and its caller is texted at once either way. SQLite commits happily into a file
// that was removed or replaced; the service must not.
// Method: the file is removed, renamed, replaced or locked under the running service, and the spool with it; then put
// back; kill -9 in between, and a start without it.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const suffixes = ['', '-wal', '-shm'];

const changes = {
  removed: (world) => { for (const suffix of suffixes) rmSync(world.database + suffix, {force: true}); },
  'renamed away': (world) => world.moveDatabaseAway(),
  'replaced by a copy': (world) => {
    copyFileSync(world.database, world.database + '.copy');
    renameSync(world.database + '.copy', world.database);
  },
};

const webhook = (more = {}) => ({CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound', ...more});

/// Each of these calls got one text, and has its outcome.
async function expectTextedOnce(world, calls, seconds) {
  for (const call of calls) {
    assert.equal((await world.outcome(call.CallSid, seconds)).outcome, 'texted');
    assert.equal((await world.texts({to: call.From})).length, 1);
  }
}

/// The carrier has taken one text to each of these callers.
const expectSent = (world, calls) => eventually('each caller is texted', async () => {
  const sent = await Promise.all(calls.map(async (call) => (await world.texts({to: call.From})).length));
  return sent.every((texts) => texts === 1);
});

/// Holds a lock on the database that no other writer gets past, until told.
async function lock(t, world) {
  const holder = spawn('sqlite3', [world.database], {stdio: ['pipe', 'pipe', 'inherit']});
  t.after(() => holder.kill('SIGKILL'));
  const held = new Promise((resolve) => holder.stdout.on('data', (data) => { if (String(data).includes('held')) resolve(); }));
  holder.stdin.write("BEGIN IMMEDIATE;\nSELECT 'held';\n");
  await held;
  return () => new Promise((resolve) => {
    holder.on('close', resolve);
    holder.stdin.end('ROLLBACK;\n.quit\n');
  });
}

for (const [what, change] of Object.entries(changes)) {
  test(`calls are taken by the spool, and texted from it, when the database file is ${what}`, async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const before = newCaller();
    await world.outcome(await world.ended(business, {from: before}));
    change(world);
    const known = webhook({From: before});
    const ended = [webhook(), webhook()];
    for (const call of [...ended, known]) assert.equal((await world.post('/twilio/status', call)).status, 200);
    const voice = await world.post('/twilio/voice', webhook({CallStatus: 'ringing'}));
    assert.equal(voice.status, 200);
    assert.match(voice.text, /<Say>.*Harbour Plumbing.*sending you a text message/s);
    await expectSent(world, ended);
    // What became of the text before may be told meanwhile, too.
    assert.ok(await world.metric('events_spooled_total') >= 3);
    assert.ok(await world.metric('spool_records') >= 3);
    assert.equal((await fetch(`${world.url}/readyz`)).status, 200, 'calls are taken');
    await world.line({level: 'critical', message: /THE DATABASE CANNOT BE WRITTEN/});
    const alert = await eventually('the operator is told', async () => (await world.alerts()).find((told) => told.kind === 'spool_used'));
    assert.ok(alert.id < 0, 'without the database');
    assert.equal(alert.audience, 'operator');
    assert.equal((await world.texts({to: before})).length, 1, 'within the cool-down of the text before');
    if (what === 'removed') return;
    await world.stop();
    world.putDatabaseBack();
    await world.start();
    assert.equal(await world.metric('spool_records'), 0);
    await expectTextedOnce(world, ended);
    assert.equal((await world.outcome(known.CallSid)).outcome, 'suppressed');
    assert.equal((await world.texts({to: before})).length, 1);
  });
}

test('once the file is back, what the spool took is texted, once, without a restart', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const before = webhook();
  assert.equal((await world.post('/twilio/status', before)).status, 200);
  await world.outcome(before.CallSid);
  changes['renamed away'](world);
  const calls = Array.from({length: 20}, () => webhook());
  for (const call of calls) assert.equal((await world.post('/twilio/status', call)).status, 200);
  for (const call of calls.slice(0, 5)) assert.equal((await world.post('/twilio/status', call)).status, 200, 'told again');
  world.putDatabaseBack();
  await expectTextedOnce(world, [before, ...calls]);
  await eventually('the database takes events again', async () => await world.metric('spool_records') === 0);
  const after = webhook();
  assert.equal((await world.post('/twilio/status', after)).status, 200);
  await expectTextedOnce(world, [after]);
  await eventually('the operator is told that it is over', async () => (await world.alerts()).find((told) => told.kind === 'spool_used' && told.id > 0));
  await eventually('no incident is left', async () => (await world.run('incidents')).length === 0);
});

test('a database that somebody keeps locked holds nobody up for longer than the deadline', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const unlock = await lock(t, world);
  const calls = [webhook(), webhook(), webhook()];
  for (const call of calls) assert.equal((await world.post('/twilio/status', call)).status, 200);
  assert.ok(await world.metric('events_spooled_total') >= 3);
  await unlock();
  await expectTextedOnce(world, calls);
});

test('what the spool took survives kill -9, and so does what is told again after it', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  changes['renamed away'](world);
  const calls = [webhook(), webhook(), webhook()];
  for (const call of calls) assert.equal((await world.post('/twilio/status', call)).status, 200);
  await world.kill();
  world.putDatabaseBack();
  await world.start();
  for (const call of calls) assert.equal((await world.post('/twilio/status', call)).status, 200);
  // What was in flight at the death is looked for at the carrier, and perhaps sent again, a minute later.
  await expectTextedOnce(world, calls, 150);
});

test('nothing is acknowledged when neither the database nor the spool can take it, unless the caller is texted', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  changes['renamed away'](world);
  rmSync(`${world.database}.spool`, {recursive: true});
  const first = webhook();
  assert.equal((await world.post('/twilio/status', first)).status, 200);
  assert.equal((await world.texts()).filter((text) => text.to === first.From).length, 1);
  for (const [target, call] of [['/twilio/voice', webhook()], ['/twilio/status', first],
    ['/twilio/status', webhook({From: first.From})]]) {
    const answer = await world.post(target, call);
    assert.equal(answer.status, 503, answer.text);
    assert.equal(JSON.parse(answer.text).error.code, 'unavailable');
  }
  await eventually('not ready', async () => (await fetch(`${world.url}/readyz`)).status === 503);
  assert.equal((await fetch(`${world.url}/healthz`)).status, 200, 'the process is alive');
  await world.line({level: 'critical', message: /neither in the database nor in the spool/});
  assert.ok(await world.metric('webhook_refusals_total{cause="unavailable"}') >= 3);
  mkdirSync(`${world.database}.spool`);
  const call = webhook();
  assert.equal((await world.post('/twilio/status', call)).status, 200);
  world.putDatabaseBack();
  await expectTextedOnce(world, [first, call]);
});

test('a service does not start with a spool that it cannot write', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_SPOOL_DIR: '/proc/spool'}, serve: false});
  const refused = await world.cli('serve');
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /JOBRUN_SPOOL_DIR/);
});

test('a service whose database file is gone serves callers without it, and does not begin an empty one', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_FAILSAFE_SENDER: '+14155550900', JOBRUN_ONBOARDING_NUMBER: '+14155550300'}});
  await world.business(business);
  const [texted, optedOut] = [newCaller(), newCaller()];
  const sid = await world.ended(business, {from: texted});
  await world.outcome(sid);
  await world.knobs({api_faults: [{on: 'send_text', to: optedOut, do: 'refuse', code: 21610}]});
  await world.outcome(await world.ended(business, {from: optedOut}));
  await world.knobs({api_faults: []});
  await world.kill();
  // Somebody takes only the file that bears the name: its log, with what was acknowledged last, stays behind.
  assert.ok(existsSync(`${world.database}-wal`), 'what was acknowledged last is in the log');
  renameSync(world.database, `${world.database}.gone`);
  const refused = await world.cli('clients', 'add', '--name', 'Jones', '--phone', '+14155559001');
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /put it back/);
  const migrated = await world.cli('migrate');
  assert.notEqual(migrated.code, 0);
  assert.match(migrated.err, /put the database file back/);

  await world.start({}, {away: true});
  const line = await world.line({level: 'critical', message: /STARTED WITHOUT THE DATABASE/});
  assert.match(line.error, /put it back/);
  const calls = [webhook(), webhook({To: '+14155550777'})];
  for (const call of [...calls, webhook({From: texted}), webhook({From: optedOut})]) {
    assert.equal((await world.post('/twilio/status', call)).status, 200);
  }
  await expectSent(world, calls);
  const body = (await world.texts({to: calls[0].From}))[0].body;
  assert.match(body, /Harbour Plumbing/);
  assert.doesNotMatch((await world.texts({to: calls[1].From}))[0].body, /Harbour Plumbing/);
  assert.ok(!existsSync(world.database), 'no empty one is begun');
  const other = await world.cli('serve');
  assert.notEqual(other.code, 0);
  assert.match(other.err, /the spool .* is in use by jobrun serve/);

  renameSync(`${world.database}.gone`, world.database);
  await eventually('the database has all of it', async () => await world.metric('spool_records') === 0);
  assert.equal((await world.call(sid)).outcome, 'texted');
  await expectTextedOnce(world, calls);
  assert.equal((await world.texts({to: texted})).length, 1);
  assert.equal((await world.texts({to: optedOut})).length, 0);
});
