// Goal: a text that the first account does not let out leaves by the second one, says where to reply, and what
// becomes of it is known.
// Method: the practice carrier refuses the sender; a server of ours stands for the second carrier, signs its webhook
// as that carrier documents it, and keeps what it is asked.
import assert from 'node:assert/strict';
import {generateKeyPairSync} from 'node:crypto';
import test from 'node:test';

import {SecondCarrier, secondSender} from './second_carrier.mjs';
import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const senderRefused = [{on: 'send_text', do: 'refuse', code: 21606}];

test('the second account takes the text, says where to reply, and tells that it was delivered', async (t) => {
  const second = await SecondCarrier.open(t);
  const world = await World.open(t, {settings: second.settingsWithStatuses});
  await world.business(business);
  await world.knobs({api_faults: senderRefused});
  const from = newCaller();
  const sid = await world.ended(business, {from});
  assert.equal((await world.outcome(sid)).outcome, 'texted');
  assert.deepEqual(await world.texts(), []);
  assert.equal(second.requests.length, 1);
  const [{path, authorization, message}] = second.requests;
  assert.deepEqual([path, authorization, message.from, message.to], ['/v2/messages', 'Bearer KEY0123', secondSender, from]);
  assert.equal(message.text, 'Harbour Plumbing: sorry we missed your call. Text us at +14155550100 with the job and when you need it. Reply STOP to opt out.');
  assert.equal(message.webhook_url, `${world.url}/telnyx/message-status/${sid}.customer_intake?attempt=2&way=1`);

  assert.equal(await second.tell(second.requests[0], 'delivered', generateKeyPairSync('ed25519').privateKey), 403);
  assert.equal(await second.tell(second.requests[0], 'delivered'), 200);
  const call = await world.call(sid);
  assert.deepEqual([call.texts[0].account, call.texts[0].from, call.texts[0].body], ['second', secondSender, message.text]);
  assert.ok(call.timeline.some((entry) => entry.what === 'message' && entry.detail.includes('delivered')));

  // Its number is one of ours: who calls from it is not texted.
  const loop = await world.outcome(await world.ended(business, {from: secondSender}));
  assert.equal(loop.reason, 'caller_is_ours');
});

test('without its public key the second account is asked for no statuses, which nobody could believe', async (t) => {
  const second = await SecondCarrier.open(t);
  const world = await World.open(t, {settings: second.settings});
  await world.business(business);
  await world.knobs({api_faults: senderRefused});
  const sid = await world.ended(business);
  assert.equal((await world.outcome(sid)).outcome, 'texted');
  assert.equal(second.requests[0].message.webhook_url, undefined);
  await eventually('the operator is warned at start', () => world.service.err.includes('telnyx_public_key is not set'));
});

test('a second account whose number is a client\'s does not start', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  assert.equal((await world.stop()).code, 0);
  world.settings = {JOBRUN_TELNYX_API_KEY: 'KEY0123', JOBRUN_TELNYX_SENDER: business};
  const done = await world.cli('serve', '--json');
  assert.equal(done.code, 4);
  assert.match(done.err, /telnyx_sender/);
});
