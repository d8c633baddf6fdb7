// Goal: a caller who cannot or must not be texted is not; the greeting promised no text; the person who can help
// is told; and the call ends with the outcome that its row of the after-call table says.
// Method: for each row, one call that was spoken to and one that was not; the practice carrier is the judge of
// what was said and sent.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const second = '+14155550101';
const unknown = '+14155550500';
const owner = '+14155559000';

/// One call that heard the greeting and was completed, one that nobody spoke to.
async function callTwice(world, order) {
  const calls = {};
  for (const [how, more] of [['heard', {}], ['unheard', {voice: false, scenario: 'busy'}]]) {
    const placed = await world.place({...order, ...more});
    const call = await world.outcome(placed.call_sid);
    calls[how] = {...call, heard: placed.heard.join(' ')};
  }
  return calls;
}

/// Asserts that a row of the table held: reason, outcomes, alerts of `kind` to `audiences`, and never a text.
async function assertNoText(world, order, {reason, heard, unheard, kind = null, audiences = []}) {
  const before = (await world.alerts()).length;
  const textsBefore = (await world.texts()).length;
  const calls = await callTwice(world, order);
  for (const call of Object.values(calls)) {
    assert.equal(call.reason, reason);
    assert.deepEqual(call.texts, []);
  }
  assert.equal(calls.heard.outcome, heard);
  assert.equal(calls.unheard.outcome, unheard);
  assert.doesNotMatch(calls.heard.heard, /text(ed)? (you|message)|sending you/i, 'no text is promised');
  assert.ok(calls.heard.heard.length > 0, 'the caller heard something');
  assert.equal((await world.texts()).length, textsBefore);
  for (const audience of audiences) {
    await eventually(`an alert ${kind} to the ${audience}`, async () =>
      (await world.alerts()).slice(before).some((alert) => alert.kind === kind && alert.audience === audience && alert.answered === 204));
  }
  if (audiences.length === 0) assert.deepEqual((await world.alerts()).slice(before), []);
  return calls;
}

const withheldIds = ['anonymous', 'restricted', 'unavailable', 'private', 'blocked', 'unknown', '', 'sip:bob@example.com',
  '+266696687', '+7378742833', '+86282452253', '+8656696', '+2562533', '+7748283'];

test('a withheld id is spoken to and the owner, or the operator, is told', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  for (const from of withheldIds) {
    await t.test(`${from || '(empty)'}`, async () => {
      await assertNoText(world, {from, to: business},
        {reason: 'withheld', heard: 'spoken', unheard: 'escalated', kind: 'cannot_text_caller', audiences: ['owner']});
    });
  }
  await assertNoText(world, {from: 'anonymous', to: unknown},
    {reason: 'withheld', heard: 'spoken', unheard: 'escalated', kind: 'cannot_text_caller', audiences: ['operator']});
  assert.equal(await world.count('customers'), 0, 'nobody is known by a withheld id');
});

test('a number that begins like a spelling of a withheld id is somebody\'s phone', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_TEXT_COUNTRIES: 'SZ,US'}});
  await world.business(business);
  const call = await world.place({from: '+2666966870', to: business});
  assert.notEqual((await world.outcome(call.call_sid)).reason, 'withheld');
});

test('a short code and our own numbers are not texted; who heard nothing is looked at by the operator', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_FAILSAFE_SENDER: '+14155550900', JOBRUN_ONBOARDING_NUMBER: '+14155550300'}});
  await world.business(business);
  await world.business(second, 'Other Roofing', '+14155559001');
  const rule = {heard: 'spoken', unheard: 'escalated', kind: 'service_number_calls', audiences: ['operator']};
  for (const to of [business, unknown]) {
    await assertNoText(world, {from: '88022', to}, {...rule, reason: 'short_code'});
    for (const from of [second, '+14155550900', '+14155550300']) {
      await assertNoText(world, {from, to}, {...rule, reason: 'caller_is_ours'});
    }
  }
});

test('a phone that forwards instead of the caller is not texted, and owner and operator learn that callers are hidden', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const rule = {reason: 'forwarding_hides_caller', heard: 'escalated', unheard: 'escalated', kind: 'forwarding_hides_callers'};
  await assertNoText(world, {from: owner, to: business}, {...rule, audiences: ['owner', 'operator']});
  const forwarding = newCaller();
  await assertNoText(world, {from: forwarding, forwarded_from: forwarding, to: business}, {...rule, audiences: ['owner', 'operator']});
  await assertNoText(world, {from: forwarding, forwarded_from: forwarding, to: unknown}, {...rule, audiences: ['operator']});
  await world.knobs({forwarding_shows: 'forwarding_phone'});
  await assertNoText(world, {from: newCaller(), forwarded_from: owner, to: business}, {...rule, audiences: ['owner', 'operator']});
  await world.knobs({forwarding_shows: 'caller'});
  const seen = await world.place({from: newCaller(), forwarded_from: owner, to: business});
  assert.equal((await world.outcome(seen.call_sid)).outcome, 'texted', 'a forwarded call that shows its caller is a call like any other');
});

test('a caller the business blocks, or does not want texted, is left alone, and nobody is told', async (t) => {
  const world = await World.open(t);
  const client = await world.business(business);
  await world.business(second, 'Other Roofing', '+14155559001');
  for (const [flags, reason] of [[[], 'blocked'], [['--do-not-text'], 'do_not_text']]) {
    const from = newCaller();
    await world.run('clients', 'block', String(client.id), from, ...flags);
    await assertNoText(world, {from, to: business}, {reason, heard: 'suppressed', unheard: 'suppressed'});
    const elsewhere = await world.place({from, to: second});
    assert.equal((await world.outcome(elsewhere.call_sid)).outcome, 'texted', 'another business is not bound by it');
    await world.run('clients', 'unblock', String(client.id), from, ...flags);
    assert.equal((await world.outcome(await world.ended(business, {from}))).outcome, 'texted');
  }
});

test('a caller who opted out is refused once by the carrier, and never texted again by that business', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  await world.business(second, 'Other Roofing', '+14155559001');
  const from = newCaller();
  await world.knobs({api_faults: [{on: 'send_text', to: from, from: business, do: 'refuse', code: 21610}]});
  const first = await world.outcome(await world.ended(business, {from}));
  assert.equal(first.outcome, 'escalated');
  await world.knobs({api_faults: []});
  await assertNoText(world, {from, to: business},
    {reason: 'opted_out', heard: 'spoken', unheard: 'escalated', kind: 'cannot_text_caller', audiences: ['owner']});
  assert.equal((await world.outcome(await world.ended(second, {from}))).outcome, 'texted', 'the opt-out is that business\'s');
});

test('a landline is found out before it is texted, and remembered', async (t) => {
  const world = await World.open(t);
  await world.business('+447700900100', 'Thames Gas', '+447700900900');
  const from = '+442079460000';
  const first = await world.outcome(await world.ended('+447700900100', {from}));
  assert.equal(first.outcome, 'escalated');
  assert.equal(first.texts[0].state, 'refused');
  await assertNoText(world, {from, to: '+447700900100'},
    {reason: 'landline', heard: 'spoken', unheard: 'escalated', kind: 'cannot_text_caller', audiences: ['owner']});
  const {requests} = await world.ask('GET', '/practice/requests?limit=1000');
  assert.deepEqual(requests.filter((request) => request.method === 'POST'), [], 'the carrier was not even asked');
});

test('a country that may not be texted is not, unless the business or the service allows it', async (t) => {
  const world = await World.open(t);
  const client = await world.business(business);
  const rule = {reason: 'country_not_allowed', heard: 'spoken', unheard: 'escalated', kind: 'cannot_text_caller'};
  await assertNoText(world, {from: '+447700900123', to: business}, {...rule, audiences: ['owner']});
  await assertNoText(world, {from: '+447700900123', to: unknown}, {...rule, audiences: ['operator']});
  await world.run('clients', 'set', String(client.id), '--countries', 'US,GB');
  await world.noticed();
  assert.equal((await world.outcome(await world.ended(business, {from: '+447700900123'}))).outcome, 'texted');
});

test('a paused business texts nobody, its owner is told, and resuming texts again', async (t) => {
  const world = await World.open(t);
  const client = await world.business(business);
  await world.run('clients', 'pause', String(client.id));
  await world.noticed();
  await assertNoText(world, {from: newCaller(), to: business},
    {reason: 'paused', heard: 'escalated', unheard: 'escalated', kind: 'texts_stopped', audiences: ['owner']});
  await world.run('clients', 'resume', String(client.id));
  await world.noticed();
  assert.equal((await world.outcome(await world.ended(business))).outcome, 'texted');
});

test('the cost guard and the loop breaker stop texts, and somebody is told', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_COOL_DOWN: '0s', JOBRUN_PAIR_TEXTS_MAX: '2'}});
  const client = await world.business(business);
  const from = newCaller();
  for (let i = 0; i < 2; ++i) assert.equal((await world.outcome(await world.ended(business, {from}))).outcome, 'texted');
  await assertNoText(world, {from, to: business},
    {reason: 'loop_breaker', heard: 'escalated', unheard: 'escalated', kind: 'texts_stopped', audiences: ['owner']});
  await world.run('clients', 'set', String(client.id), '--texts-per-day', '2');
  await world.noticed();
  await assertNoText(world, {from: newCaller(), to: business},
    {reason: 'cost_guard', heard: 'escalated', unheard: 'escalated', kind: 'texts_stopped', audiences: ['owner']});
});

test('a leg that is not an inbound parent belongs to its parent: acknowledged, nothing else', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const before = await world.everyTable();
  await world.ended(business, {Direction: 'outbound-dial'});
  await world.ended(business, {ParentCallSid: newCallSid()});
  assert.deepEqual(await world.everyTable(), before);
  assert.equal(await world.metric('voice_customer_intake_total'), 0);
});
