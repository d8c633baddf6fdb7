// Goal: whoever traces requests through several systems finds ours among them: what came with a trace is logged under it,
// and what we ask of others because of it belongs to it; what is no trace is ignored.
// Method: a carrier and an alert receiver that keep the headers they were sent stand before the practice carrier's.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import test from 'node:test';

import {World, accountSid, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const token = 'acceptance-admin-token';
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])$/;
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = (id = trace, flags = '01') => `00-${id}-00f067aa0ba902b7-${flags}`;

/// Hands everything on to `target()`, or says yes to it, and keeps what came.
async function recorder(t, target) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    seen.push({url: request.url, traceparent: request.headers.traceparent, body});
    if (!target) return response.writeHead(204).end();
    if (!target()) return response.writeHead(503).end();
    const {host, connection, ...headers} = request.headers;
    const answer = await fetch(target() + request.url, {method: request.method, headers, body: body || undefined});
    response.writeHead(answer.status, {'Content-Type': answer.headers.get('content-type')}).end(await answer.text());
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  return {seen, url: `http://127.0.0.1:${server.address().port}`};
}

async function tracedWorld(t) {
  let world;
  const carrier = await recorder(t, () => world?.practiceUrl);
  const alerts = await recorder(t);
  world = await World.open(t, {settings: {JOBRUN_TWILIO_API_URL: carrier.url, JOBRUN_ALERT_WEBHOOK_URL: alerts.url, JOBRUN_ADMIN_TOKEN: token}});
  await world.business(business);
  const end = async (headers, from = newCaller()) => {
    const sid = newCallSid();
    const answer = await world.post('/twilio/status', {CallSid: sid, AccountSid: accountSid, From: from, To: business, CallStatus: 'busy', Direction: 'inbound'}, {headers});
    assert.equal(answer.status, 200);
    return sid;
  };
  const sentFor = (sid) => eventually(`the text of ${sid}`, () => carrier.seen.find(({url, body}) => url.endsWith('/Messages.json') && body.includes(sid)));
  const toldOf = (sid) => eventually(`the alert of ${sid}`, () => alerts.seen.find(({body}) => body.includes(sid)));
  return {world, end, sentFor, toldOf};
}

test('a webhook\'s trace is in the lines about its call, in the text\'s request and in the alert\'s', async (t) => {
  const {world, end, sentFor, toldOf} = await tracedWorld(t);
  const texted = await end({traceparent: traceparent()});
  const sent = (await sentFor(texted)).traceparent;
  assert.match(sent, form);
  assert.deepEqual([sent.match(form)[1], sent.match(form)[3]], [trace, '01']);
  assert.notEqual(sent.match(form)[2], '00f067aa0ba902b7', 'our request is a part of its own');
  const unserved = await end({traceparent: traceparent()}, 'anonymous');
  assert.equal((await toldOf(unserved)).traceparent.match(form)[1], trace);
  const line = await world.line({correlation_id: texted, message: 'customer intake'});
  assert.equal(line.trace_id, trace);
  await world.line({correlation_id: texted, message: 'text accepted', trace_id: /./});
});

test('a request without a trace, or with what is none, gets one of its own', async (t) => {
  const {world, end, sentFor} = await tracedWorld(t);
  const ids = new Set();
  for (const headers of [{}, {traceparent: 'rubbish'}, {traceparent: traceparent('0'.repeat(32))}, {traceparent: traceparent(trace.toUpperCase())},
    {traceparent: `ff${traceparent().slice(2)}`}, {traceparent: `${traceparent()}-x`}]) {
    const sid = await end(headers);
    const [, id, , flags] = (await sentFor(sid)).traceparent.match(form);
    assert.notEqual(id, trace, JSON.stringify(headers));
    assert.equal(flags, '00');
    assert.equal((await world.line({correlation_id: sid, message: 'customer intake'})).trace_id, id);
    ids.add(id);
  }
  assert.equal(ids.size, 6);
});

test('what is refused is logged under its trace, and moves no call into it', async (t) => {
  const {world, end, sentFor} = await tracedWorld(t);
  const sid = await end({traceparent: traceparent()});
  await sentFor(sid);
  const stranger = 'b'.repeat(32);
  const forged = await world.post('/twilio/status', {CallSid: sid, From: newCaller(), To: business, CallStatus: 'busy'},
    {signature: 'forged', headers: {traceparent: traceparent(stranger)}});
  assert.equal(forged.status, 403);
  assert.equal((await world.line({message: 'request refused'})).trace_id, stranger);
  assert.equal((await fetch(`${world.url}/api/v1/calls`, {headers: {Authorization: 'Bearer wrong', traceparent: traceparent(stranger)}})).status, 401);
  assert.equal((await world.line({message: 'API request refused'})).trace_id, stranger);
  for (const line of world.lines().filter(({correlation_id: id, message}) => id === sid && message !== 'request refused')) {
    assert.notEqual(line.trace_id, stranger, line.message);
  }
});
