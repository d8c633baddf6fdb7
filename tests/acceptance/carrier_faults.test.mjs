// Goal: a carrier that is down, busy, or answers nonsense loses no text and doubles none: what certainly was not
// sent is sent later, what may have been sent waits visibly as unknown.
// Method: one fault of the practice carrier at a time, then none; what the carrier accepted is compared with
// what the ledger says.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';

async function worldWithBusiness(t, settings = {}) {
  const world = await World.open(t, {settings});
  await world.business(business);
  return world;
}

test('texts promised while the carrier does not listen arrive once it does', async (t) => {
  const world = await worldWithBusiness(t);
  await world.practice.end('SIGKILL');
  const callers = Array.from({length: 10}, newCaller);
  for (const from of callers) await world.ended(business, {from});
  await eventually('the texts wait', async () => await world.metric('outbox_waiting') === callers.length);
  await eventually('one was tried', async () => await world.metric('texts_retried_total') > 0);
  await world.startPractice();
  await eventually('all texts have arrived', async () => (await world.texts()).length === callers.length, 60);
  await eventually('all calls are texted', async () => await world.count('calls', "outcome = 'texted'") === callers.length);
  assert.deepEqual((await world.texts()).map((text) => text.to).sort(), [...callers].sort());
  await eventually('none waits', async () => await world.metric('outbox_waiting') === 0);
  assert.deepEqual(await world.run('calls', 'list', '--open'), []);
});

// What certainly did not happen is tried again, and arrives once.
const triedAgain = {
  'too many requests': {do: 'rate_limit'},
  'unavailable, and so says its code': {do: 'fail_before_accepting', http_status: 503, code: 20503},
  'its queue is full': {do: 'refuse', code: 30001},
};
for (const [what, fault] of Object.entries(triedAgain)) {
  test(`a text the carrier turned away (${what}) arrives once later`, async (t) => {
    const world = await worldWithBusiness(t);
    const from = newCaller();
    await world.knobs({api_faults: [{on: 'send_text', to: from, next: 2, ...fault}]});
    const call = await world.outcome(await world.ended(business, {from}));
    assert.equal(call.outcome, 'texted');
    assert.equal(call.texts[0].attempts, 3);
    assert.equal((await world.texts({to: from})).length, 1);
    assert.equal(await world.metric('texts_retried_total'), 2);
  });
}

test('a carrier that says when to come again is not asked before', async (t) => {
  const world = await worldWithBusiness(t);
  const from = newCaller();
  await world.knobs({api_faults: [{on: 'send_text', to: from, next: 1, do: 'rate_limit', retry_after_s: 3}]});
  assert.equal((await world.outcome(await world.ended(business, {from}))).outcome, 'texted');
  const {requests} = await world.ask('GET', '/practice/requests');
  const [first, second] = requests.filter((request) => request.method === 'POST').map((request) => Date.parse(request.at));
  assert.ok(second - first >= 3000, `${second - first} ms`);
});

// What may have happened is unknown: not resent, and seen.
// The look at the carrier's list comes too late for this test, and statuses are lost, so that what is unknown can be
// seen.
const statusesLost = [{on: 'text_status', do: 'drop'}];
const unknown = {
  'answers 500 after accepting': [{do: 'fail_after_accepting'}, 1],
  'answers 500 before accepting': [{do: 'fail_before_accepting'}, 0],
  'closes the connection after accepting': [{do: 'close_after_accepting'}, 1],
  'closes the connection before accepting': [{do: 'close_before_accepting'}, 0],
  'answers garbage': [{do: 'answer_garbage'}, 1],
};
for (const [what, [fault, accepted]] of Object.entries(unknown)) {
  test(`a text is unknown, seen and not resent blindly when the carrier ${what}`, async (t) => {
    const world = await worldWithBusiness(t,
      {JOBRUN_OUTCOME_DEADLINE: '1s', JOBRUN_UNKNOWN_DEADLINE: '1s', JOBRUN_UNKNOWN_LOOK_EVERY: '1h'});
    const from = newCaller();
    await world.knobs({api_faults: [{on: 'send_text', to: from, next: 1, ...fault}], webhook_faults: statusesLost});
    const sid = await world.ended(business, {from});
    await eventually('the text is unknown', async () => (await world.call(sid)).texts[0].state === 'unknown');
    const received = (await world.texts({to: from})).length;
    assert.equal(received, accepted);

    await eventually('the gauge', async () => await world.metric('outbox_unknown') === 1);
    const call = await world.call(sid);
    assert.equal(call.outcome, null);
    assert.ok((await world.run('calls', 'list', '--open')).some((each) => each.call_sid === sid));
    await eventually('an incident', async () => (await world.run('incidents')).length === 1);
    await world.line({correlation_id: sid, level: 'warning', message: /unknown/});

    // Later texts leave, a restart takes up what waits: this one does not leave again.
    const later = newCaller();
    assert.equal((await world.outcome(await world.ended(business, {from: later}))).outcome, 'texted');
    assert.equal((await world.stop()).code, 0);
    await world.start();
    const last = newCaller();
    assert.equal((await world.outcome(await world.ended(business, {from: last}))).outcome, 'texted');
    assert.equal((await world.texts({to: from})).length, received);
    assert.equal((await world.call(sid)).texts[0].state, 'unknown');
    await eventually('the gauge after the restart', async () => await world.metric('outbox_unknown') === 1);
  });
}

test('a carrier that refuses our credentials holds all texts, pages, and loses none', async (t) => {
  const world = await worldWithBusiness(t);
  await world.knobs({api_faults: [{on: 'send_text', do: 'refuse', code: 20003}]});
  const callers = Array.from({length: 5}, newCaller);
  for (const from of callers) await world.ended(business, {from});
  const alert = await eventually('the page', async () => (await world.alerts()).find((each) => each.kind === 'credentials_refused'));
  assert.equal(alert.severity, 'critical');
  await world.line({level: 'critical', message: /credentials/});
  assert.deepEqual(await world.texts(), []);
  await eventually('the texts wait', async () => await world.metric('outbox_waiting') === callers.length);
  await world.stop();
  await world.knobs({api_faults: []});
  await world.start();  // with the right credentials, as an operator would
  await eventually('all texts have arrived', async () => (await world.texts()).length === callers.length);
  assert.deepEqual((await world.texts()).map((text) => text.to).sort(), [...callers].sort());
});

test('texts leave at most at the account\'s rate', async (t) => {
  const world = await worldWithBusiness(t, {JOBRUN_TWILIO_TEXTS_PER_SECOND: '10'});
  await world.knobs({receipts_kept: 1000});
  await Promise.all(Array.from({length: 31}, () => world.ended(business)));
  await eventually('all texts have arrived', async () => (await world.texts()).length === 31);
  const receipts = (await world.ask('GET', '/practice/receipts')).trim().split('\n').slice(1).map((line) => Number(line.split(',')[1]));
  const seconds = (Math.max(...receipts) - Math.min(...receipts)) / 1e6;
  assert.ok(seconds > 2.5, `31 texts at 10 a second took ${seconds} s`);
});
