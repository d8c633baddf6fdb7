// Goal: a text that the first account does not let out leaves by the second one, says where to reply, and what
// becomes of it is known.
// Method: the practice carrier refuses the sender; a server of ours stands for the second carrier, signs its webhook
// as that carrier documents it, and keeps what it is asked.
import assert from 'node:assert/strict';
import {generateKeyPairSync, sign} from 'node:crypto';
import {createServer} from 'node:http';
import test from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const secondSender = '+14155550180';
const messageId = '40385f64-5717-4562-b3fc-2c963f66afa6';

/// Takes every message. `requests` are {path, authorization, message}.
async function startSecondCarrier(t) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({path: request.url, authorization: request.headers.authorization, message: JSON.parse(body)});
    response.writeHead(200, {'Content-Type': 'application/json'});
    response.end(JSON.stringify({data: {id: messageId, to: [{status: 'queued'}], errors: []}}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return {url: `http://127.0.0.1:${server.address().port}`, requests};
}

const senderRefused = [{on: 'send_text', do: 'refuse', code: 21606}];

test('the second account takes the text, says where to reply, and tells that it was delivered', async (t) => {
  const {publicKey, privateKey} = generateKeyPairSync('ed25519');
  const second = await startSecondCarrier(t);
  const world = await World.open(t, {settings: {
    JOBRUN_TELNYX_API_KEY: 'KEY0123', JOBRUN_TELNYX_API_URL: second.url, JOBRUN_TELNYX_SENDER: secondSender,
    JOBRUN_TELNYX_PUBLIC_KEY: Buffer.from(publicKey.export({format: 'jwk'}).x, 'base64url').toString('base64')}});
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
  assert.equal(message.webhook_url, `${world.url}/telnyx/message-status/${sid}.customer_intake`);

  const tell = async (key) => {
    const body = JSON.stringify({data: {event_type: 'message.finalized',
      payload: {id: messageId, to: [{phone_number: from, status: 'delivered'}], errors: []}}});
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await fetch(message.webhook_url, {method: 'POST', body, headers: {'Content-Type': 'application/json',
      'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64')}});
    return answer.status;
  };
  assert.equal(await tell(generateKeyPairSync('ed25519').privateKey), 403);
  assert.equal(await tell(privateKey), 200);
  const call = await world.call(sid);
  assert.deepEqual([call.texts[0].account, call.texts[0].from, call.texts[0].body], ['second', secondSender, message.text]);
  assert.ok(call.timeline.some((entry) => entry.what === 'message' && entry.detail.includes('delivered')));

  // Its number is one of ours: who calls from it is not texted.
  const loop = await world.outcome(await world.ended(business, {from: secondSender}));
  assert.equal(loop.reason, 'caller_is_ours');
});

test('without its public key the second account is asked for no statuses, which nobody could believe', async (t) => {
  const second = await startSecondCarrier(t);
  const world = await World.open(t, {settings: {
    JOBRUN_TELNYX_API_KEY: 'KEY0123', JOBRUN_TELNYX_API_URL: second.url, JOBRUN_TELNYX_SENDER: secondSender}});
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
