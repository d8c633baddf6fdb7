// Goal: a call is acknowledged only when it is in the database that will be there tomorrow. SQLite commits
// happily into a file that was removed or replaced; the service must not.
// Method: the file is removed, renamed or replaced under the running service; then put back.
import assert from 'node:assert/strict';
import {copyFileSync, existsSync, renameSync, rmSync} from 'node:fs';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const suffixes = ['', '-wal', '-shm'];

const changes = {
  removed: (world) => { for (const suffix of suffixes) rmSync(world.database + suffix, {force: true}); },
  'renamed away': (world) => { for (const suffix of suffixes) if (existsSync(world.database + suffix)) renameSync(world.database + suffix, world.database + '.gone' + suffix); },
  'replaced by a copy': (world) => {
    copyFileSync(world.database, world.database + '.copy');
    renameSync(world.database + '.copy', world.database);
  },
};

for (const [what, change] of Object.entries(changes)) {
  test(`nothing is acknowledged any more when the database file is ${what}`, async (t) => {
    const world = await World.open(t);
    await world.business(business);
    await world.outcome(await world.ended(business));
    change(world);
    for (const target of ['/twilio/status', '/twilio/voice', '/twilio/status']) {
      const answer = await world.post(target, {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'});
      assert.equal(answer.status, 503, answer.text);
      assert.equal(JSON.parse(answer.text).error.code, 'unavailable');
    }
    await eventually('not ready', async () => (await fetch(`${world.url}/readyz`)).status === 503);
    assert.equal((await fetch(`${world.url}/healthz`)).status, 200, 'the process is alive');
    await world.line({level: 'critical', message: /not be made durable/});
    await eventually('the count', async () => await world.metric('store_failures_total') >= 3);
    assert.ok(await world.metric('webhook_refusals_total{cause="unavailable"}') >= 3);
  });
}

test('once the file is back and the service restarted, every acknowledged call is there and calls are taken again', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const sids = [];
  for (let i = 0; i < 5; ++i) {
    sids.push(await world.ended(business));
    await world.outcome(sids.at(-1));
  }
  changes['renamed away'](world);
  const lost = {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'};
  assert.equal((await world.post('/twilio/status', lost)).status, 503);
  await world.stop();
  for (const suffix of suffixes) if (existsSync(world.database + '.gone' + suffix)) renameSync(world.database + '.gone' + suffix, world.database + suffix);
  await world.start();
  for (const sid of sids) assert.equal((await world.call(sid)).outcome, 'texted');
  assert.equal((await world.post('/twilio/status', lost)).status, 200, 'the carrier or an operator sends it again');
  assert.equal((await world.outcome(lost.CallSid)).outcome, 'texted');
  assert.equal((await world.texts({to: lost.From})).length, 1);
});

test('a service whose database file is gone does not begin an empty one in its place', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const sid = await world.ended(business);
  await world.outcome(sid);
  await world.kill();
  // Somebody takes only the file that bears the name: its log, with what was acknowledged last, stays behind.
  assert.ok(existsSync(`${world.database}-wal`), 'what was acknowledged last is in the log');
  renameSync(world.database, `${world.database}.gone`);
  for (const args of [['serve'], ['clients', 'add', '--name', 'Jones', '--phone', '+14155559001']]) {
    const refused = await world.cli(...args);
    assert.notEqual(refused.code, 0, args.join(' '));
    assert.match(refused.err, /put it back/);
  }
  const migrated = await world.cli('migrate');
  assert.notEqual(migrated.code, 0);
  assert.match(migrated.err, /put the database file back/);
  renameSync(`${world.database}.gone`, world.database);
  await world.start();
  assert.equal((await world.call(sid)).outcome, 'texted');
});
