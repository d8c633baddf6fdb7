// Goal: a request that is not a well-formed, signed webhook gets a definite status and a JSON error, is counted
// by its cause, and changes nothing.
// Method: each kind of wrong request, sent once; before and after it, every counter and the number of rows of
// every table. Right requests in between show that the service goes on.
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import test from 'node:test';

import {World, eventually, growth, newCaller, newCallSid, sign} from './world.mjs';

const business = '+14155550100';

/// Raw bytes to the service and what came back until it closed.
function raw(world, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(world.port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => { text += data; });
    socket.on('close', () => resolve({status: Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1] ?? 0), text: text.slice(text.indexOf('\r\n\r\n') + 4),
      type: text.match(/^content-type: *([^\r]*)/im)?.[1]}));
    socket.on('error', () => {});  // it may close before it has read all that was sent
    socket.write(bytes);
  });
}

const good = () => [['CallSid', newCallSid()], ['From', newCaller()], ['To', business], ['CallStatus', 'busy'], ['Direction', 'inbound']];
const without = (name) => good().filter(([key]) => key !== name);
const form = (pairs) => new URLSearchParams(pairs).toString();

const refusals = [
  ['a forged signature', 403, 'wrong_signature', (world) => world.post('/twilio/status', good(), {token: 'somebody-else'})],
  ['a signature of another body', 403, 'wrong_signature', (world) => world.post('/twilio/status', good(), {signature: sign(world.url + '/twilio/status', good())})],
  ['a signature of another path', 403, 'wrong_signature', (world) => { const pairs = good(); return world.post('/twilio/voice', pairs, {signature: sign(world.url + '/twilio/status', pairs)}); }],
  ['an empty signature', 403, 'missing_signature', (world) => world.post('/twilio/status', good(), {signature: ''})],
  ['no signature', 403, 'missing_signature', (world) => world.post('/twilio/voice', good(), {signature: null})],
  ['From given twice', 400, 'repeated_parameter', (world) => world.post('/twilio/status', [...good(), ['From', newCaller()]])],
  ['To given twice', 400, 'repeated_parameter', (world) => world.post('/twilio/voice', [...good(), ['To', '+14155550101']])],
  ['CallStatus given twice, with the same value', 400, 'repeated_parameter', (world) => world.post('/twilio/status', [...good(), ['CallStatus', 'busy']])],
  ['a form with a broken escape', 400, 'malformed_form', (world) => world.post('/twilio/status', good(), {body: form(good()) + '&x=%zz'})],
  ['a form that is not UTF-8', 400, 'malformed_form', (world) => world.post('/twilio/status', good(), {body: form(good()) + '&x=%ff%fe'})],
  ['JSON', 415, 'wrong_content_type', (world) => world.post('/twilio/status', good(), {body: '{}', headers: {'Content-Type': 'application/json'}})],
  ['a body over 64 kB', 413, 'body_too_large', (world) => world.post('/twilio/status', [...good(), ['Filler', 'x'.repeat(70_000)]])],
  ['no CallSid', 400, 'missing_call_sid', (world) => world.post('/twilio/status', without('CallSid'))],
  ['no CallSid on /voice', 400, 'missing_call_sid', (world) => world.post('/twilio/voice', without('CallSid'))],
  ['a CallSid that is none', 400, 'malformed_call_sid', (world) => world.post('/twilio/status', [...without('CallSid'), ['CallSid', 'CA 1; DROP TABLE calls']])],
  ['no CallStatus', 400, 'missing_call_status', (world) => world.post('/twilio/status', without('CallStatus'))],
  ['a path that is none', 404, 'unknown_path', (world) => world.post('/twilio/statuses', good())],
  ['GET', 405, 'wrong_method', (world) => world.post('/twilio/status', [], {method: 'GET'})],
  ['PUT', 405, 'wrong_method', (world) => world.post('/twilio/voice', good(), {method: 'PUT'})],
  ['POST to the metrics', 405, 'wrong_method', (world) => world.post('/metrics', good())],
  ['headers that are too large', 431, 'header_too_large', (world) => raw(world, `POST /twilio/status HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(100_000)}\r\n\r\n`)],
  ['no HTTP', 400, 'malformed_request', (world) => raw(world, 'hello\r\n\r\n')],
  ['two lengths', 400, 'malformed_request', (world) => raw(world, 'POST /twilio/status HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx')],
];

test('a refused request gets its status and a JSON error, is counted once, and changes nothing', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  for (const [what, status, cause, send] of refusals) {
    await t.test(what, async () => {
      const before = {metrics: await world.metrics(), tables: await world.everyTable()};
      const answer = await send(world);
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.type, /^application\/json/);
      const error = JSON.parse(answer.text).error;
      assert.equal(error.code, cause === 'malformed_request' ? 'malformed' : cause, 'the server itself says less than the gate');
      assert.ok(error.message.length > 0);
      const counter = `webhook_refusals_total{cause="${cause}"}`;
      const grown = growth(before.metrics, await eventually('the count', async () => {
        const after = await world.metrics();
        return after[counter] > before.metrics[counter] ? after : null;
      }));
      assert.equal(grown[counter], 1);
      const others = Object.keys(grown).filter((name) => /^(voice_|calls_|texts_|alerts_raised|webhook_refusals)/.test(name) && name !== counter);
      assert.deepEqual(others, []);
      assert.deepEqual(await world.everyTable(), before.tables);
    });
  }
  assert.equal((await world.call(await world.ended(business))).role, 'operational', 'the service goes on');
});

// Goal: too strict loses calls: what the carrier may add, leave out or say twice must not be refused.
// Method: right requests with unusual content, each signed by the rule.
test('unusual but right webhooks are accepted', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const status = (pairs, target = '/twilio/status', options = {}) => world.post(target, pairs, options);
  assert.equal((await status([...good(), ['Brand New', 'ü & = + %'], ['Empty', '']])).status, 200);
  assert.equal((await status([...good(), ['Tag', 'b'], ['Tag', 'a'], ['Tag', 'a']])).status, 200, 'a parameter that decides nothing may be repeated');
  assert.equal((await status(good(), '/twilio/status?from=console&x=1')).status, 200, 'the query is signed as it is');
  assert.equal((await status(good(), '/twilio/status', {headers: {'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8'}})).status, 200);
  assert.equal((await status(without('From'))).status, 200, 'From may be missing');
  assert.equal((await status(without('To'))).status, 200, 'To may be missing');
  assert.equal((await status(without('Direction'))).status, 200);
  assert.equal((await status([...without('CallStatus'), ['CallStatus', 'teleported']])).status, 200, 'a status added later');
  assert.equal((await status(good(), '/twilio/status', {headers: {Host: 'elsewhere.example', 'X-Forwarded-Proto': 'https'}})).status, 200,
    'the URL that is signed never comes from the request');
  assert.equal(await world.metric('webhook_refusals_total{cause="wrong_signature"}'), 0);
});

test('any of several tokens may have signed', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_TWILIO_AUTH_TOKEN: 'acceptance-token-4711,the-next-token'}});
  assert.equal((await world.post('/twilio/status', good(), {token: 'the-next-token'})).status, 200);
  assert.equal((await world.post('/twilio/status', good())).status, 200);
  assert.equal((await world.post('/twilio/status', good(), {token: 'the-one-before'})).status, 403);
});
