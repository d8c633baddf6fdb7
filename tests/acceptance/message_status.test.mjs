// Goal: what becomes of a text after the carrier took it is known, believed only from the carrier, and acted upon:
// a text that is lost takes its next way, or a person is told; callers are promised no text that will not come.
// Method: the practice carrier delivers and loses texts as it is told, and signs its statuses; a second carrier and a
// turnstile before the first are small servers of ours. What is on the handsets is compared with what the ledger says.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {SecondCarrier} from './second_carrier.mjs';
import {Turnstile} from './turnstile.mjs';
import {World, accountSid, authToken, eventually, newCaller, newCallSid, sign} from './world.mjs';

const business = '+14155550100';
const landline = 30006;
const unregistered = 30034;
const unreachable = 21612;
const unknownHandset = 30005;
const handsetOff = 30003;
const statusesLost = [{on: 'text_status', do: 'drop'}];

async function worldWithBusiness(t, settings = {}) {
  const world = await World.open(t, {settings});
  await world.business(business);
  return world;
}

const lose = (world, code, between = {}) => world.knobs({text_fates: [{fate: 'undelivered', code, ...between}]});

/// What the carrier told of the texts of a call, as `jobrun calls show` says it.
const told = (call) => call.timeline.filter((entry) => entry.what === 'message').map((entry) => entry.detail);

const alertOf = (world, kind) => eventually(`an alert ${kind}`, async () =>
  (await world.alerts()).find((alert) => alert.kind === kind && alert.answered === 204));

/// The call once its outcome is this one: that can get worse after the carrier accepted a text.
const endedAs = (world, sid, outcome) => eventually(`${sid} ends as ${outcome}`, async () => {
  const call = await world.call(sid);
  return call.outcome === outcome && call;
});

function assertPromisesNoText(placed) {
  assert.ok(placed.heard.join(' ').length > 0, 'the caller heard something');
  assert.doesNotMatch(placed.heard.join(' '), /text(ed)? (you|message)|sending you/i);
}

test('a delivered text is shown so', async (t) => {
  const world = await worldWithBusiness(t);
  const from = newCaller();
  const sid = await world.ended(business, {from});
  const call = await eventually('it is delivered', async () => {
    const now = await world.call(sid);
    return told(now).some((detail) => detail.includes('delivered')) && now;
  });
  assert.deepEqual([call.outcome, call.texts[0].state], ['texted', 'accepted']);
  const [text] = await world.texts({to: from});
  assert.equal(text.status_callback, `${world.url}/twilio/message-status/${sid}.customer_intake?attempt=1&way=0`);
  const plain = await world.cli('calls', 'show', sid);
  assert.ok(plain.out.includes(`customer_intake delivered, says the carrier of ${text.message_sid}`), plain.out);
});

test('a text of unknown fate is settled by its first status, and the list is not asked', async (t) => {
  const world = await worldWithBusiness(t, {JOBRUN_UNKNOWN_LOOK_EVERY: '1h'});
  const from = newCaller();
  await world.knobs({api_faults: [{on: 'send_text', to: from, do: 'fail_after_accepting'}]});
  const call = await world.outcome(await world.ended(business, {from}), 5);
  assert.deepEqual([call.outcome, call.texts[0].state, call.texts[0].attempts], ['texted', 'accepted', 1]);
  assert.equal((await world.texts({to: from})).length, 1);
  const {requests} = await world.ask('GET', '/practice/requests?limit=1000');
  // The sweep asks for what came in, from whomever.
  const isSweeps = ({method, target}) => method === 'GET' && !target.includes('To=');
  const ofTexts = requests.filter((request) => request.target.includes('/Messages') && !isSweeps(request));
  assert.deepEqual(ofTexts.map((request) => request.method), ['POST']);
});

test('a phone that turns out to be a landline escalates the call, and hears no promise of a text again', async (t) => {
  const world = await worldWithBusiness(t);
  const from = newCaller();
  await lose(world, landline);
  const call = await endedAs(world, await world.ended(business, {from}), 'escalated');
  assert.deepEqual([call.texts[0].state, call.texts[0].attempts], ['refused', 1]);
  const alert = await alertOf(world, 'text_refused');
  assert.deepEqual([alert.audience, alert.caller], ['owner', from]);
  assert.match(alert.summary, /Call .* back/);

  await world.knobs({text_fates: []});
  const again = await world.place({from, to: business});
  assertPromisesNoText(again);
  const next = await world.outcome(again.call_sid);
  assert.deepEqual([next.outcome, next.reason, next.texts], ['spoken', 'landline', []]);
  assert.equal((await world.outcome(await world.ended(business))).outcome, 'texted', 'other callers are texted');
});

test('a sender found unregistered is blocked and paged, promises no text, and is brought back', async (t) => {
  const world = await worldWithBusiness(t);
  await lose(world, unregistered);
  const lost = await endedAs(world, await world.ended(business), 'escalated');
  assert.equal(lost.texts[0].state, 'refused');
  const page = await alertOf(world, 'sender_blocked');
  assert.deepEqual([page.audience, page.severity, page.number], ['operator', 'critical', business]);
  assert.match(page.summary, /jobrun senders unblock \+14155550100/);
  const [sender] = await world.run('senders', 'list');
  assert.deepEqual([sender.number, sender.account, sender.code], [business, 'first', unregistered]);

  await world.knobs({text_fates: []});
  const meanwhile = await world.place({to: business});
  assertPromisesNoText(meanwhile);
  const unserved = await world.outcome(meanwhile.call_sid);
  assert.deepEqual([unserved.outcome, unserved.reason, unserved.texts], ['spoken', 'no_sender', []]);

  await world.run('senders', 'unblock', business);
  assert.deepEqual(await world.run('senders', 'list'), []);
  const back = await world.place({to: business});
  assert.match(back.heard.join(' '), /We are sending you a text/);
  assert.equal((await world.outcome(back.call_sid)).outcome, 'texted');
});

test('a text that the first account loses is sent by the second, and later callers are promised one', async (t) => {
  const second = await SecondCarrier.open(t);
  const world = await worldWithBusiness(t, second.settingsWithStatuses);
  const from = newCaller();
  await lose(world, unregistered);
  const sid = await world.ended(business, {from});
  const [message] = await eventually('the second account has it', () => second.to(from).length > 0 && second.to(from));
  assert.equal(await second.tell(message, 'delivered'), 200);
  const call = await eventually('it is accepted', async () => {
    const now = await world.call(sid);
    return now.texts[0].state === 'accepted' && now;
  });
  assert.deepEqual([call.outcome, call.texts[0].account, call.texts[0].attempts], ['texted', 'second', 2]);
  assert.ok(told(call).some((detail) => detail.includes(`delivered, says the carrier of ${message.id}`)), told(call).join('\n'));
  assert.equal(second.requests.length, 1);
  await alertOf(world, 'sender_blocked');
  assert.ok(!(await world.alerts()).some((alert) => alert.kind === 'text_refused'));

  const next = await world.place({to: business});
  assert.match(next.heard.join(' '), /We are sending you a text/);
  const straight = await world.outcome(next.call_sid);
  assert.deepEqual([straight.outcome, straight.texts[0].account, straight.texts[0].attempts], ['texted', 'second', 1]);
  assert.equal((await world.texts()).length, 1, 'the first account was asked once');
});

test('while the first account is dead, texts arrive by the second within 30 s of the call\'s end', async (t) => {
  const second = await SecondCarrier.open(t);
  const world = await World.open(t, {serve: false});
  const first = await Turnstile.open(t, world);
  world.settings = {...second.settings, JOBRUN_TWILIO_API_URL: first.url, JOBRUN_CLIENT_TEXTS_PER_DAY: '100000'};
  await world.startPractice();
  await world.start();
  await world.business(business);
  await first.close();
  const from = newCaller();
  const sid = await world.ended(business, {from});
  await eventually('it has arrived by the second account', () => second.to(from).length === 1, 30);
  assert.equal((await world.outcome(sid)).texts[0].account, 'second');
  // Known to be away: the next ones do not wait for it.
  const next = await world.outcome(await world.ended(business), 8);
  assert.deepEqual([next.outcome, next.texts[0].account], ['texted', 'second']);

  await first.listen();
  await eventually('it is used again', async () => {
    const call = await world.outcome(await world.ended(business));
    assert.equal(call.outcome, 'texted');
    return call.texts[0].account === 'first';
  });
  const {requests} = second;
  assert.equal(new Set(requests.map((request) => request.message.to)).size, requests.length, 'nobody was texted twice');
  const byFirst = new Set((await world.texts()).map((text) => text.to));
  assert.ok(requests.every((request) => !byFirst.has(request.message.to)), 'nor by both accounts');
});

/// Ends calls one after the other, signed with `token()`, until told to stop; returns the callers.
function endCalls(world, token) {
  const callers = [];
  let going = true;
  const done = (async () => {
    while (going) {
      const from = newCaller();
      const parameters = {CallSid: newCallSid(), AccountSid: accountSid, From: from, To: business, CallStatus: 'no-answer', Direction: 'inbound'};
      const answer = await world.post('/twilio/status', parameters, {token: token()});
      assert.equal(answer.status, 200, `call ${callers.length + 1}: ${answer.text}`);
      callers.push(from);
    }
  })();
  done.catch(() => {});  // told by `stop`
  return {callers, async stop() { going = false; await done; return callers; }};
}

const outgoing = 'the-outgoing-token';
const rotations = {
  'the new one first, while the account accepts both': {both: [authToken, outgoing], accepts: [outgoing, authToken], refuses: false},
  'the account forgets the old one before we do': {both: [outgoing, authToken], accepts: [outgoing], refuses: true},
};
for (const [how, rotation] of Object.entries(rotations)) {
  test(`an auth token rotated during a burst of calls loses no text and doubles none: ${how}`, async (t) => {
    const world = await World.open(t, {serve: false});
    const carrier = await Turnstile.open(t, world);
    carrier.tokens = rotation.accepts;
    const file = path.join(world.folder, 'token');
    writeFileSync(file, outgoing);
    world.settings = {JOBRUN_TWILIO_AUTH_TOKEN: '', JOBRUN_TWILIO_AUTH_TOKEN_FILE: file, JOBRUN_TWILIO_API_URL: carrier.url,
      JOBRUN_CLIENT_TEXTS_PER_DAY: '1000000', JOBRUN_SERVICE_TEXTS_PER_DAY: '1000000', JOBRUN_UNKNOWN_LOOK_EVERY: '1s'};
    await world.startPractice();
    await world.start();
    await world.business(business);
    await world.knobs({webhook_faults: statusesLost});  // the practice carrier knows the new token only
    const replaced = () => world.service.err.split('\n').filter((line) => line.includes('credentials replaced')).length;
    let signing = outgoing;
    const burst = endCalls(world, () => signing);
    await eventually('texts leave', () => carrier.passed.length >= 20);

    writeFileSync(file, rotation.both.join(','));
    await eventually('both are taken up', () => replaced() === 1);
    if (!rotation.refuses) await eventually('the new one is used', () => carrier.passed.at(-1) === authToken);
    [carrier.tokens, signing] = [[authToken], authToken];
    if (rotation.refuses) await eventually('the old one is refused', () => carrier.refused > 0);
    const before = burst.callers.length;
    await eventually('calls go on', () => burst.callers.length >= before + 20);
    writeFileSync(file, authToken);
    await eventually('the old one is taken away', () => replaced() === 2);
    const callers = await burst.stop();

    await eventually('every call is texted', async () => await world.count('calls', "outcome = 'texted'") === callers.length, 25);
    assert.deepEqual((await world.texts()).map((text) => text.to).sort(), [...callers].sort());
    assert.equal(carrier.refused > 0, rotation.refuses);
    assert.equal(await world.metric('webhook_refusals_total{cause="wrong_signature"}'), 0);
    assert.equal(await world.metric('outbox_possible_duplicates_total'), 0);
  });
}

test('a status that the carrier did not sign changes nothing', async (t) => {
  // Nothing else changes the call meanwhile: nobody looks for its text, and it is given no more time for that.
  const world = await worldWithBusiness(t, {JOBRUN_UNKNOWN_LOOK_EVERY: '1h', JOBRUN_OUTCOME_DEADLINE: '10m', JOBRUN_UNKNOWN_DEADLINE: '10m'});
  const from = newCaller();
  await world.knobs({webhook_faults: statusesLost, api_faults: [{on: 'send_text', to: from, do: 'fail_after_accepting'}]});
  const sid = await world.ended(business, {from});
  await eventually('it is unknown', async () => (await world.call(sid)).texts[0].state === 'unknown');
  const [text] = await world.texts({to: from});
  const target = `/twilio/message-status/${sid}.customer_intake?attempt=1&way=0`;
  const status = (MessageStatus, more = {}) => ({AccountSid: accountSid, MessageSid: text.message_sid, MessageStatus, From: business, To: from, ...more});
  const before = {call: await world.call(sid), tables: await world.everyTable()};
  for (const [parameters, options] of [
    [status('delivered'), {token: 'somebody-else'}],
    [status('undelivered', {ErrorCode: unregistered}), {token: 'somebody-else'}],
    [status('delivered'), {signature: null}],
    [status('delivered'), {signature: sign(world.url + target, Object.entries(status('sent')))}],
    [status('delivered'), {signature: sign(world.url + target.replace('attempt=1', 'attempt=2'), Object.entries(status('delivered')))}],
    [status('delivered'), {signature: sign(world.url + target.replace(sid, newCallSid()), Object.entries(status('delivered')))}],
  ]) {
    assert.equal((await world.post(target, parameters, options)).status, 403);
  }
  assert.deepEqual({call: await world.call(sid), tables: await world.everyTable()}, before);
  assert.deepEqual(await world.run('senders', 'list'), []);
  assert.deepEqual(await world.alerts(), []);

  assert.equal((await world.post(target, status('delivered'))).status, 200);
  assert.equal((await world.outcome(sid)).outcome, 'texted', 'a signed one settles it');
});

const orders = {
  'as they come': [],
  'twice at once': [{do: 'duplicate', times: 2}],
  'twice in a row': [{do: 'duplicate', times: 2, spacing: 'in_a_row'}],
  'in reverse order': [{do: 'reorder'}],
  'twice and in reverse order': [{do: 'reorder'}, {do: 'duplicate', times: 2, spacing: 'in_a_row'}],
};
const one = (state, account, attempts) => [{state, account, attempts}];
const fates = {
  'a delivered text': [{fate: 'delivered'}, 'texted',
    {texts: one('accepted', 'first', 1), furthest: 'delivered', first: 1, second: 0, alerts: []}],
  'an undelivered text with a way left': [{fate: 'undelivered', code: unreachable}, 'texted',
    {texts: one('accepted', 'second', 2), furthest: null, first: 1, second: 1, alerts: []}],
  'an undelivered text that is tried once more, much later': [{fate: 'undelivered', code: handsetOff}, null,
    {texts: one('promised', 'first', 1), furthest: null, first: 1, second: 0, alerts: []}],
  'an undelivered text that no way reaches': [{fate: 'undelivered', code: unknownHandset}, 'escalated',
    {texts: one('refused', 'first', 1), furthest: null, first: 1, second: 0, alerts: ['text_refused']}],
};
for (const [what, [fate, outcome, wanted]] of Object.entries(fates)) {
  test(`statuses told twice, or in reverse order, end the same: ${what}`, async (t) => {
    const second = await SecondCarrier.open(t);
    const world = await worldWithBusiness(t, second.settings);
    const callers = Object.fromEntries(Object.keys(orders).map((order) => [order, newCaller()]));
    await world.knobs({
      text_fates: [fate],
      webhook_faults: Object.entries(orders).flatMap(([order, rules]) => rules.map((rule) => ({on: 'text_status', to: callers[order], ...rule}))),
    });
    const sids = {};
    for (const [order, from] of Object.entries(callers)) sids[order] = await world.ended(business, {from});
    await eventually('all are told', async () => await world.count('message_events') === 3 * Object.keys(orders).length);
    await eventually('repeated ones too', async () => await world.metric('events_duplicate_total') === 3 * 3);
    const end = async (order) => {
      const from = callers[order];
      const call = await endedAs(world, sids[order], outcome);
      return {
        outcome: call.outcome, reason: call.reason,
        texts: call.texts.map(({state, account, attempts}) => ({state, account, attempts})),
        furthest: (await world.rows(`SELECT message_status FROM texts JOIN calls ON calls.id = texts.call WHERE call_sid = '${sids[order]}'`))[0].message_status,
        told: told(call).map((detail) => detail.split(' ')[1]).sort(),
        first: (await world.texts({to: from})).length, second: second.to(from).length,
        alerts: (await world.alerts()).filter((alert) => alert.caller === from).map((alert) => alert.kind),
      };
    };
    const usual = await end('as they come');
    assert.deepEqual(usual, {outcome, reason: 'intake', told: usual.told, ...wanted});
    for (const order of Object.keys(orders)) assert.deepEqual(await end(order), usual, order);
  });
}
