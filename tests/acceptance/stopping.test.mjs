// Goal: a service that is told to stop ends well, and leaves nothing behind that a restart would lose or double.
// Method: SIGTERM and SIGINT, idle and in the middle of things; then the same database again.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} ends the service with exit code 0, and the database is free`, async (t) => {
    const world = await World.open(t);
    await world.business(business);
    await world.outcome(await world.ended(business));
    assert.deepEqual(await world.service.end(signal), {code: 0, signal: null});
    assert.equal((await world.run('calls', 'list')).length, 1);
    await world.start();
    assert.equal((await world.outcome(await world.ended(business))).outcome, 'texted');
  });
}

test('texts that were promised and not sent leave after the restart, once', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  await world.knobs({api_faults: [{on: 'send_text', do: 'rate_limit'}]});
  const callers = Array.from({length: 20}, newCaller);
  await Promise.all(callers.map((from) => world.ended(business, {from})));
  assert.equal((await world.stop()).code, 0);
  assert.deepEqual(await world.texts(), []);
  await world.knobs({api_faults: []});
  await world.start();
  await eventually('all texts have arrived', async () => await world.count('calls', "outcome = 'texted'") === callers.length);
  assert.deepEqual((await world.texts()).map((text) => text.to).sort(), [...callers].sort());
});

test('texts in flight are waited for', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  await world.knobs({api_faults: [{on: 'send_text', do: 'slow', ms: 1500}]});
  const callers = Array.from({length: 5}, newCaller);
  await Promise.all(callers.map((from) => world.ended(business, {from})));
  await eventually('all are in flight', async () => await world.count('texts', "state = 'started'") === callers.length);
  assert.equal((await world.stop()).code, 0);
  await world.start();
  assert.equal(await world.count('texts', "state = 'accepted'"), callers.length, 'their answers were recorded');
  assert.equal((await world.texts()).length, callers.length);
});

test('a text whose answer does not come holds the end up only so long, and is unknown afterwards', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const from = newCaller();
  await world.knobs({api_faults: [{on: 'send_text', do: 'hang_after_accepting'}], webhook_faults: [{on: 'text_status', do: 'drop'}]});
  const sid = await world.ended(business, {from});
  await eventually('it is in flight', async () => await world.count('texts', "state = 'started'") === 1);
  const began = Date.now();
  assert.equal((await world.stop()).code, 0);
  assert.ok(Date.now() - began < 20_000);
  await world.knobs({api_faults: []});
  await world.start();
  assert.equal((await world.call(sid)).texts[0].state, 'unknown');
  await world.line({level: 'warning', message: /in flight when the service last ended/});
  assert.equal((await world.texts({to: from})).length, 1);
});

test('what is acknowledged while the service stops is kept', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const acknowledged = [];
  const posts = Array.from({length: 200}, async () => {
    const sid = newCallSid();
    try {
      const answer = await world.post('/twilio/status', {CallSid: sid, From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'});
      if (answer.status === 200) acknowledged.push(sid);
    } catch (gone) {
      if (!(gone instanceof TypeError)) throw gone;  // fetch failed: not acknowledged
    }
  });
  await Promise.race(posts);
  assert.equal((await world.stop()).code, 0);
  await Promise.all(posts);
  await world.start();
  await eventually('every text is accepted', async () => await world.count('texts', "state != 'accepted'") === 0);
  const known = new Set((await world.rows("SELECT call_sid FROM calls WHERE outcome = 'texted'")).map((row) => row.call_sid));
  assert.deepEqual(acknowledged.filter((sid) => !known.has(sid)), []);
  assert.ok(acknowledged.length > 0);
  assert.equal((await world.texts()).length, await world.count('texts'));
});
