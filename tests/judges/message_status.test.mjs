// Goal: a status of a text that the carrier signed reaches us as what it says, and one that it did not sign does not.
// Method: the judges are the carrier's own library, the npm package `twilio`, and for Telnyx Node's Ed25519, which
// signs as Telnyx's documentation says. Random statuses go through the service's gate behind signature_tool; each
// also once with a damage.
import assert from 'node:assert/strict';
import {generateKeyPairSync, sign} from 'node:crypto';
import test from 'node:test';

import twilioWebhooks from 'twilio/lib/webhooks/webhooks.js';

import {asker} from './asker.mjs';
import {anyCharacters, asciiLetters, Random, seed} from './randomness.mjs';

const {getExpectedTwilioSignature} = twilioWebhooks;
const statusCount = 300;
const publicUrl = 'https://jobrun.example/hooks';
const ask = asker(process.env.SIGNATURE_TOOL);

const alphanumeric = asciiLetters.filter((letter) => letter !== '_');
const idOf = (random) => `CA${random.text(30, [...asciiLetters, '-'])}.${random.oneOf(['customer_intake', 'failsafe'])}`;
/// As a proxy on the way may spell a path; the signature is over what was spelt.
const spelt = (id, random) => random.oneOf([id, id.replace('.', '%2E'), id.replace(/_/g, '%5f'), id.replace('A', '%41')]);
const story = (request) => `JUDGE_SEED=${seed} ${JSON.stringify(request)}`;

test(`statuses that the carrier's library signs are taken, and refused when damaged: ${statusCount} statuses`, async () => {
  const random = new Random(seed);
  for (let i = 0; i < statusCount; i += 1) {
    const id = idOf(random);
    const target = `/twilio/message-status/${spelt(id, random)}${random.chance(30) ? '?a=%20+b' : ''}`;
    const status = random.oneOf(['queued', 'sent', 'delivered', 'undelivered', 'failed', 'read']);
    const code = random.chance(50) ? 30000 + random.below(100) : 0;
    const parameters = {MessageSid: `SM${random.text(30, alphanumeric)}`, MessageStatus: status, To: '+14155550123', New: random.text(30, anyCharacters)};
    if (code !== 0) parameters.ErrorCode = String(code);
    const signature = getExpectedTwilioSignature('token', publicUrl + target, parameters);
    const request = {do: 'take', public_url: publicUrl, tokens: ['another', 'token'], target, body: new URLSearchParams(parameters).toString(),
      headers: {'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature}};
    const message = {text: id, account: 'first', sid: parameters.MessageSid, status, word: status, code};
    assert.deepEqual(await ask(request), {status: 200, message}, story(request));
    const damaged = random.oneOf([{target: `${target}x`}, {body: `${request.body}&x=y`}, {tokens: ['another']},
      {target: target.replace(/message-status\/.*/, 'message-status/CA1.failsafe')}]);
    assert.deepEqual(await ask({...request, ...damaged}), {status: 403}, story(damaged));
  }
});

test(`statuses that are signed as Telnyx signs are taken, and refused when damaged: ${statusCount} statuses`, async () => {
  const random = new Random(seed + 1);
  const {publicKey, privateKey} = generateKeyPairSync('ed25519');
  // A raw key is the end of its DER form.
  const rawKey = publicKey.export({format: 'der', type: 'spki'}).subarray(-32).toString('base64');
  const words = {queued: 'queued', sending: 'sending', sent: 'sent', delivered: 'delivered', sending_failed: 'failed',
    delivery_failed: 'undelivered', delivery_unconfirmed: 'sent', expired: 'failed', something_new: 'unrecognised'};
  const now = 1767435330;
  for (let i = 0; i < statusCount; i += 1) {
    const id = idOf(random);
    const target = `/telnyx/message-status/${spelt(id, random)}`;
    const word = random.oneOf(Object.keys(words));
    const code = random.chance(50) ? 40000 + random.below(100) : 0;
    const sid = `40385f64-5717-4562-b3fc-${random.text(12, alphanumeric)}`;
    const payload = {id: sid, direction: 'outbound', errors: code === 0 ? [] : [{code: String(code), title: random.text(20, anyCharacters)}],
      text: random.text(60, anyCharacters), to: [{phone_number: '+14155550123', status: word}], webhook_url: `${publicUrl}/telnyx/message-status/${id}`};
    const body = JSON.stringify({data: {event_type: 'message.finalized', payload, record_type: 'event'}, meta: {attempt: 1}});
    const signedAt = (time) => ({'Content-Type': 'application/json', 'telnyx-timestamp': String(time),
      'telnyx-signature-ed25519': sign(null, Buffer.from(`${time}|${body}`), privateKey).toString('base64')});
    const headers = signedAt(now + random.below(601) - 300);
    const request = {do: 'take', public_url: publicUrl, tokens: ['token'], telnyx_public_key: rawKey, now, target, headers, body};
    const message = {text: id, account: 'second', sid, status: words[word], word, code};
    assert.deepEqual(await ask(request), {status: 200, message}, story(request));
    const damaged = random.oneOf([{body: `${body} `}, {headers: {...headers, 'telnyx-timestamp': String(now + 301)}},
      {headers: signedAt(now + 301)}, {headers: signedAt(now - 301)}, {target: '/telnyx/message-status/CA1.failsafe'},
      {telnyx_public_key: generateKeyPairSync('ed25519').publicKey.export({format: 'der', type: 'spki'}).subarray(-32).toString('base64')}]);
    assert.deepEqual(await ask({...request, ...damaged}), {status: 403}, story(damaged));
  }
});
