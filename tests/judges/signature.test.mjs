// Goal: a webhook that the carrier signed is accepted, one that it did not sign is refused, and what we sign
// as the practice carrier is what the carrier would have signed.
// Method: the judge is the carrier's own library, the npm package `twilio`. 1,000 random requests are signed by
// it and checked by the service's code behind signature_tool; 1,000 are signed by our code and checked by it;
// each also once with a damage, which both have to notice.
//
// The library sorts UTF-16 units, so names and repeated values hold characters from both sides of where that order
// and that of bytes part: the surrogates of U+10000 and up against U+E000 to U+FFFF.
import assert from 'node:assert/strict';
import test from 'node:test';

import twilio from 'twilio';
import twilioWebhooks from 'twilio/lib/webhooks/webhooks.js';

import {asker} from './asker.mjs';
import {anyCharacters, asciiLetters, Random, seed} from './randomness.mjs';

const {getExpectedTwilioSignature, getExpectedBodyHash} = twilioWebhooks;
const requestCount = 1000;
const ask = asker(process.env.SIGNATURE_TOOL);

const nameCharacters = [...asciiLetters, ...'-.[] äλ漢', '\ufeff', '\uffee', '😀', '𝄞'];
// The library normalises dot segments and an empty query before it checks: there are none here.
const pathCharacters = [...asciiLetters, '/', '-', 'x.y', '~', '%2F', '%20', '+', '%C3%A4', '@', ':'];
const queryCharacters = [...asciiLetters, '=', '&', '%26', '+', '%20', '?', '/', '%E2%82%AC'];

/// {token, publicUrl, target, url, parameters: [[name, value]]}: a POST of a form.
function randomRequest(random) {
  const scheme = random.oneOf(['http', 'https']);
  const port = random.oneOf(['', '', ':8443', ':8080', scheme === 'https' ? ':443' : ':80']);
  const base = random.oneOf(['', '', '/hooks', '/a/b']);
  const query = random.chance(50) ? `?q${random.text(40, queryCharacters)}` : '';
  const target = `/${random.text(20, pathCharacters)}${query}`;
  const publicUrl = `${scheme}://${random.oneOf(['jobrun.example', 'a-b.example.com', 'localhost'])}${port}${base}`;
  const parameters = [];
  const count = random.below(13);
  for (let i = 0; i < count; i += 1) {
    const name = `${random.oneOf(nameCharacters)}${random.text(12, nameCharacters)}`;
    const times = random.chance(15) ? 1 + random.below(4) : 1;
    for (let j = 0; j < times; j += 1) {
      parameters.push([name, random.text(30, times === 1 ? anyCharacters : nameCharacters)]);
    }
  }
  if (parameters.length > 1 && random.chance(30)) parameters.push(parameters[0]);
  return {token: random.text(32, asciiLetters) || 'token', publicUrl, target, url: `${publicUrl}${target}`, parameters};
}

/// As the library takes parameters: a name to its value, or to the list of them.
function asObject(parameters) {
  const object = Object.create(null);
  for (const [name, value] of parameters) {
    if (name in object) object[name] = [].concat(object[name], value);
    else object[name] = value;
  }
  return object;
}

/// As a client encodes a form; both spellings of a space occur.
function asForm(parameters, random) {
  const encode = random.chance(50)
    ? (text) => encodeURIComponent(text)
    : (text) => encodeURIComponent(text).replace(/%20/g, '+').replace(/%3A/g, ':');
  return parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

/// The same request with one thing changed that the signature covers.
function damaged(request, random) {
  const {parameters} = request;
  const way = random.below(parameters.length === 0 ? 2 : 4);
  if (way === 0) return {...request, target: `${request.target}x`, url: `${request.url}x`};
  if (way === 1) return {...request, parameters: [...parameters, ['Extra', '1']]};
  const at = random.below(parameters.length);
  if (way === 2) return {...request, parameters: parameters.map(([name, value], i) => (i === at ? [name, `${value} `] : [name, value]))};
  return {...request, parameters: parameters.map(([name, value], i) => (i === at ? [`${name}x`, value] : [name, value]))};
}

const story = (request) => `JUDGE_SEED=${seed} ${JSON.stringify(request)}`;
const isSame = (left, right) =>
  JSON.stringify(Object.entries(asObject(left.parameters)).sort()) === JSON.stringify(Object.entries(asObject(right.parameters)).sort());

test(`what the carrier's library signs is accepted, and refused when damaged: ${requestCount} requests`, async () => {
  const random = new Random(seed);
  for (let i = 0; i < requestCount; i += 1) {
    const request = randomRequest(random);
    const signature = getExpectedTwilioSignature(request.token, request.url, asObject(request.parameters));
    const tokens = random.chance(30) ? ['an-older-token', request.token] : [request.token];
    const question = (of) => ({do: 'check_form', public_url: of.publicUrl, tokens, target: of.target, body: asForm(of.parameters, random), signature});
    assert.deepEqual(await ask(question(request)), {accepted: true}, story(request));
    assert.notEqual((await ask(question(damaged(request, random)))).accepted, true, story(request));
    assert.notEqual((await ask({...question(request), tokens: [`${request.token}x`]})).accepted, true, story(request));
  }
});

test(`what we sign is accepted by the carrier's library, and refused when damaged: ${requestCount} requests`, async () => {
  const random = new Random(seed + 1);
  for (let i = 0; i < requestCount; i += 1) {
    const request = randomRequest(random);
    const {signature} = await ask({do: 'sign', token: request.token, url: request.url, parameters: request.parameters});
    const judge = (of) => twilio.validateRequest(of.token, signature, of.url, asObject(of.parameters));
    assert.ok(judge(request), story(request));
    const other = damaged(request, random);
    assert.ok(isSame(request, other) || !judge(other), story(request));
  }
});

test('a default port that the carrier wrote or left out does not matter; any other port does', async () => {
  const parameters = [['CallSid', 'CA1'], ['From', '+14155550123']];
  for (const [scheme, port] of [['https', '443'], ['http', '80']]) {
    const bare = `${scheme}://jobrun.example`;
    const withPort = `${bare}:${port}`;
    for (const configured of [bare, withPort]) {
      for (const signed of [bare, withPort, `${bare}:8443`]) {
        const signature = getExpectedTwilioSignature('token', `${signed}/twilio/voice`, asObject(parameters));
        const answer = await ask({do: 'check_form', public_url: configured, tokens: ['token'], target: '/twilio/voice', body: 'CallSid=CA1&From=%2B14155550123', signature});
        assert.equal(answer.accepted, !signed.endsWith(':8443'), `configured ${configured}, signed ${signed}`);
      }
    }
  }
});

test('requests without a form: GET, and a body proven by bodySHA256', async () => {
  const random = new Random(seed + 2);
  for (let i = 0; i < 200; i += 1) {
    const request = randomRequest(random);
    const question = {public_url: request.publicUrl, tokens: [request.token], target: request.target};
    const ofGet = getExpectedTwilioSignature(request.token, request.url, {});
    assert.equal((await ask({...question, do: 'check_get', signature: ofGet})).accepted, true, story(request));
    assert.equal((await ask({...question, do: 'check_get', target: `${request.target}x`, signature: ofGet})).accepted, false);

    const body = JSON.stringify({value: random.text(40, anyCharacters)});
    // The library's hash of the body, put into the query by hand.
    const target = `${request.target}${request.target.includes('?') ? '&' : '?'}bodySHA256=${getExpectedBodyHash(body)}`;
    const url = `${request.publicUrl}${target}`;
    const ofBody = getExpectedTwilioSignature(request.token, url, {});
    assert.equal((await ask({...question, do: 'check_body', target, body, signature: ofBody})).accepted, true, story(request));
    assert.equal((await ask({...question, do: 'check_body', target, body: `${body} `, signature: ofBody})).accepted, false);

    // And the other way round.
    const ours = (await ask({do: 'add_body_hash', url: request.url, body})).url;
    const {signature} = await ask({do: 'sign', token: request.token, url: ours, parameters: []});
    assert.ok(twilio.validateRequestWithBody(request.token, signature, ours, body), story(request));
    assert.ok(!twilio.validateRequestWithBody(request.token, signature, ours, `${body} `), story(request));
  }
});
