// Goal: where a client wants it, his phones ring first; only who presses 1 has taken a call; whoever is not answered is
// greeted and texted, and who cannot be texted may leave a message, of which the owner is told.
// Method: the real binary and the practice carrier, which rings the phones as each test says; once it is killed between
// the acceptance and the call's end.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import test from 'node:test';

import {World, accountSid, eventually, newCallSid, newCaller} from './world.mjs';

const business = '+14155550100';
const owner = '+14155559000';
const van = '+14155559001';

/// A client's settings, one `name value` a line, as the database keeps them.
async function settle(world, client, settings) {
  const text = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`).join('');
  await new Promise((resolve, reject) => {
    execFile('sqlite3', ['-cmd', '.timeout 5000', world.database,
      `UPDATE clients SET settings = '${text}' WHERE id = ${client.id}; UPDATE directory_version SET version = version + 1`],
      (failed, out, err) => (failed ? reject(new Error(err)) : resolve(out)));
  });
  await world.noticed();
}

async function open(t, settings = {}, more = {}) {
  const world = await World.open(t, more);
  const client = await world.business(business);
  await settle(world, client, settings);
  return {world, client};
}

const legsOf = async (world, call) => (await world.ask('GET', '/practice/calls?limit=1000')).calls
  .filter((leg) => leg.parent_call_sid === call.call_sid);

async function assertTexted(world, call) {
  const done = await world.outcome(call.call_sid);
  assert.equal(done.outcome, 'texted', JSON.stringify(done.timeline));
  assert.deepEqual(call.problems, []);
  assert.equal((await world.texts({to: call.from})).length, 1);
}

test('a phone rings, a person presses 1: the call is answered, and nobody is texted', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  const call = await world.place({to: business, dial: 'answered', callee_digits: '1'});
  const done = await world.outcome(call.call_sid);
  assert.equal(done.outcome, 'answered');
  assert.equal(done.greeting, 'none');
  assert.deepEqual(call.problems, []);
  assert.deepEqual(call.heard, ['[rings]', '[talks]']);
  assert.deepEqual(await world.texts({to: call.from}), []);
  const [leg] = await legsOf(world, call);
  assert.equal(leg.to, owner);
  assert.equal(leg.from, call.from, 'the phone shows who calls');
  assert.ok(done.timeline.some((entry) => entry.detail.startsWith(`accepted:${leg.call_sid}`)));
  assert.deepEqual(await world.alerts(), []);
});

test('who does not press 1 has not taken the call: voicemails, other keys, silence', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  for (const screened_out_dial_result of ['no-answer', 'completed']) {
    await world.knobs({screened_out_dial_result});
    for (const more of [{dial: 'voicemail'}, {dial: 'answered', callee_digits: '2'}, {dial: 'answered'}]) {
      await t.test(`${screened_out_dial_result} ${JSON.stringify(more)}`, async () => {
        const call = await world.place({to: business, ...more});
        assert.match(call.heard.join(' '), /We are sending you a text message/);
        await assertTexted(world, call);
      });
    }
  }
});

test('a phone that is busy, fails, or is not picked up: greeted and texted, whichever status the carrier ends with', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  for (const answer_on_bridge_unanswered of ['no-answer', 'completed']) {
    await world.knobs({answer_on_bridge_unanswered});
    for (const dial of ['busy', 'failed', 'no-answer']) {
      const call = await world.place({to: business, dial});
      assert.match(call.heard.join(' '), /^\[rings\] You have reached Harbour Plumbing.*We are sending you a text/);
      await assertTexted(world, call);
    }
  }
});

test('a caller who hangs up while it rings is texted, whatever the carrier says of it, or does not', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  for (const caller_hangs_up_dial_result of ['canceled', 'no-answer', 'not_called']) {
    for (const caller_hangs_up_status of ['completed', 'no-answer', 'canceled']) {
      await t.test(`${caller_hangs_up_dial_result} ${caller_hangs_up_status}`, async () => {
        await world.knobs({caller_hangs_up_dial_result, caller_hangs_up_status});
        const call = await world.place({to: business, dial: 'caller-hangs-up'});
        await assertTexted(world, call);
        assert.equal((await world.call(call.call_sid)).greeting, 'none', 'he heard none');
      });
    }
  }
});

test('phones ring in order, or at once', async (t) => {
  const {world, client} = await open(t, {voice_mode: 'ring_first', ring_phones: `${owner},${van}`});
  const phones = [{number: owner, dial: 'no-answer'}, {number: van, dial: 'answered', digits: '1'}];
  const inOrder = await world.place({to: business, phones});
  assert.equal((await world.outcome(inOrder.call_sid)).outcome, 'answered');
  // Had the van's been first, nobody else would have been rung.
  assert.deepEqual((await legsOf(world, inOrder)).map((leg) => leg.to).sort(), [owner, van]);
  assert.equal(inOrder.heard.filter((line) => line === '[rings]').length, 2, 'one after the other');

  await settle(world, client, {voice_mode: 'ring_first', ring_phones: `${owner},${van}`, ring_order: 'at_once'});
  const atOnce = await world.place({to: business, phones: [{number: owner, dial: 'voicemail'}, phones[1]]});
  assert.equal((await world.outcome(atOnce.call_sid)).outcome, 'answered');
  assert.equal(atOnce.heard.filter((line) => line === '[rings]').length, 1);
  const nobody = await world.place({to: business, phones: [{number: owner, dial: 'voicemail'}, {number: van, dial: 'no-answer'}]});
  await assertTexted(world, nobody);
});

test('the phone that sent the call on is not rung again; with no other left the owner is told', async (t) => {
  const {world, client} = await open(t, {voice_mode: 'ring_first', ring_phones: `${owner},${van}`});
  const other = await world.place({to: business, forwarded_from: owner, dial: 'answered', callee_digits: '1'});
  assert.equal((await world.outcome(other.call_sid)).outcome, 'answered');
  assert.deepEqual((await legsOf(world, other)).map((leg) => leg.to), [van]);
  await settle(world, client, {voice_mode: 'ring_first'});
  const none = await world.place({to: business, forwarded_from: owner, dial: 'answered', callee_digits: '1'});
  assert.deepEqual(await legsOf(world, none), []);
  await assertTexted(world, none);
  const alert = await eventually('the owner is told', async () => (await world.alerts()).find((each) => each.kind === 'ring_loop'));
  assert.equal(alert.audience, 'owner');
});

test('who cannot be texted leaves a message: it is kept as a link, and the owner is told, then of its words', async (t) => {
  const {world} = await open(t);
  const call = await world.place({from: 'anonymous', to: business, voicemail: 'My tap leaks and I am at number five'});
  assert.deepEqual(call.problems, []);
  assert.match(call.heard.join(' '), /after the tone\. \[beep\] Thank you/);
  const done = await world.outcome(call.call_sid);
  assert.equal(done.outcome, 'spoken');
  assert.equal(done.greeting, 'voicemail_no_text');
  const message = await eventually('the message is in the timeline', async () => (await world.call(call.call_sid)).timeline
    .find((entry) => entry.what === 'recording' && entry.detail.includes('My tap leaks')));
  assert.match(message.detail, /^RE[0-9A-Za-z]+, \d+ s, http:\/\/.*: My tap leaks/);
  assert.equal(await world.count('recordings'), 1, 'told of three times, it is one');
  const told = await eventually('the owner is told of call, message and words', async () => {
    const alerts = (await world.alerts()).filter((alert) => alert.audience === 'owner');
    const hasCall = alerts.some((alert) => alert.kind === 'cannot_text_caller');
    return hasCall && alerts.some((alert) => alert.summary.includes('My tap leaks')) ? alerts : null;
  });
  assert.ok(told.some((alert) => /left a message of \d+ s/.test(alert.summary)), JSON.stringify(told));
});

test('where the client wants it everybody may leave a message, and is texted all the same', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first', offers_voicemail: 'yes'});
  const silent = await world.place({to: business, dial: 'no-answer'});
  assert.match(silent.heard.join(' '), /Or leave a message after the tone/);
  await assertTexted(world, silent);
  const speaking = await world.place({to: business, dial: 'busy', voicemail: 'Call me'});
  await assertTexted(world, speaking);
  await eventually('the owner is told of the message', async () => (await world.alerts())
    .find((alert) => alert.kind === 'voicemail' && alert.caller === speaking.from));
});

test('an acceptance is durable before the two are connected: killed then, the call is answered', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  const from = newCaller();
  const sid = newCallSid();
  const call = {CallSid: sid, AccountSid: accountSid, From: from, To: business, Direction: 'inbound'};
  const leg = {CallSid: newCallSid(), ParentCallSid: sid, AccountSid: accountSid, From: from, To: owner, Direction: 'outbound-dial'};
  const rings = await world.post('/twilio/voice', {...call, CallStatus: 'ringing'});
  const screen = rings.text.match(/url="([^"]+)"/)[1].replaceAll('&amp;', '&');
  const asked = await world.post(screen, {...leg, CallStatus: 'in-progress'});
  const action = asked.text.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');
  const connected = await world.post(action, {...leg, CallStatus: 'in-progress', Digits: '1'});
  assert.match(connected.text, /<Response><\/Response>$/, 'connected: nothing else is said');
  await world.kill();
  await world.start();
  await world.ended(business, {from, sid, status: 'completed'});
  assert.equal((await world.outcome(sid)).outcome, 'answered');
  assert.deepEqual(await world.texts({to: from}), []);
});

test('while the database is away calls ring on, and who takes one is not forgotten', async (t) => {
  const {world} = await open(t, {voice_mode: 'ring_first'});
  world.moveDatabaseAway();
  const answered = await world.place({to: business, dial: 'answered', callee_digits: '1'});
  const missed = await world.place({to: business, dial: 'voicemail'});
  assert.match(missed.heard.join(' '), /You have reached Harbour Plumbing/);
  world.putDatabaseBack();
  assert.equal((await world.outcome(answered.call_sid)).outcome, 'answered');
  await assertTexted(world, missed);
  assert.deepEqual(await world.texts({to: answered.from}), []);
});

test('what the carriers say of a caller\'s number is shown', async (t) => {
  const {world} = await open(t);
  const sid = await world.ended(business, {StirVerstat: 'TN-Validation-Failed-C'});
  const done = await world.outcome(sid);
  assert.equal(done.outcome, 'texted', 'it is no reason for silence');
  assert.equal(done.verification, 'not_verified');
});
