// Goal: the log can be read by programs, follows a call by one id, and gives no customer's number away.
// Method: a service through which everything goes that logs: all roles, refusals, refused, unknown and repeated
// texts, failing alerts, a kill. Then every line of its standard error is read.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, authToken, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';

async function busyWorld(t, settings) {
  const world = await World.open(t, {settings: {JOBRUN_LOG_LEVEL: 'debug', JOBRUN_OUTCOME_DEADLINE: '1s', JOBRUN_FAILSAFE_SENDER: '+14155550900', ...settings}});
  await world.business(business, 'Smith "&" Söhne\\');
  await world.run('numbers', 'add', '+14155550200', '--role', 'operational');
  await world.run('numbers', 'add', '+14155550300', '--role', 'onboarding');
  await world.noticed();
  const customers = [];
  const sids = [];
  const customer = () => { customers.push(newCaller()); return customers.at(-1); };
  const place = async (order) => { sids.push((await world.place({from: customer(), ...order})).call_sid); };
  for (const to of [business, '+14155550200', '+14155550300', '+14155550500']) {
    await place({to});
    await place({to, voice: false, scenario: 'canceled'});
  }
  await place({to: business, from: '+447700900123'});
  customers.push('+447700900123');

  await world.knobs({alert_status: 500});
  const faults = [{do: 'refuse', code: 21211}, {do: 'refuse', code: 21610}, {do: 'refuse', code: 21614}, {do: 'rate_limit', next: 1},
    {do: 'fail_after_accepting'}, {do: 'close_before_accepting'}];
  for (const fault of faults) {
    const from = customer();
    await world.knobs({api_faults: [{on: 'send_text', to: from, ...fault}]});
    await place({to: business, from});
    await eventually('the text is answered', async () => await world.count('texts', `caller = ${from.slice(1)} AND state IN ('accepted', 'refused', 'unknown')`) === 1);
  }
  await world.knobs({api_faults: []});
  await eventually('an incident', async () => (await world.run('incidents')).length === 1);

  const parameters = (from) => ({CallSid: newCallSid(), From: from, To: business, CallStatus: 'busy'});
  await world.post('/twilio/status', parameters(customer()), {signature: 'forged'});
  await world.post('/twilio/status', [...Object.entries(parameters(customer())), ['From', customer()]]);
  await world.post('/twilio/status', {From: customer(), To: business, CallStatus: 'busy'});
  await world.post(`/twilio/statuses?From=${encodeURIComponent(customer())}`, {});
  await world.post(`/twilio/status`, {...parameters('x\n"}{'), To: '<b>\u0007'});

  await world.knobs({api_faults: [{on: 'send_text', do: 'hang_before_accepting'}]});
  await world.ended(business, {from: customer()});
  await eventually('a text in flight', async () => await world.count('texts', "state = 'started'") === 1);
  await world.kill();
  await world.knobs({alert_status: 204, api_faults: []});
  await world.start();
  await eventually('every alert was accepted', async () => await world.count('alerts', "accepted_at IS NULL AND kind != 'lead'") === 0, 60);
  assert.equal((await world.stop()).code, 0);
  return {world, customers, sids};
}

test('every line is JSON, every line of a call has its id, and no customer\'s number is told', async (t) => {
  const {world, customers, sids} = await busyWorld(t);
  const lines = world.lines();
  assert.ok(lines.length > 50);
  for (const line of lines) {
    assert.equal(line.notJson, undefined, `not JSON: ${line.notJson}`);
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(['debug', 'info', 'warning', 'error', 'critical'].includes(line.level));
    assert.ok(line.message.length > 0);
    const isOfCall = ['from', 'to', 'recipient', 'text', 'call_status'].some((field) => field in line);
    if (isOfCall) assert.ok(line.correlation_id, `without an id: ${JSON.stringify(line)}`);
  }
  for (const sid of sids) {
    const own = lines.filter((line) => JSON.stringify(line).includes(sid));
    assert.ok(own.length >= 1, sid);
    for (const line of own) assert.equal(line.correlation_id, sid, JSON.stringify(line));
  }
  const texted = lines.filter((line) => line.correlation_id === sids[0]).map((line) => line.message);
  assert.deepEqual(texted.slice(0, 4), ['call came in', 'customer intake', 'text handed to the carrier', 'text accepted']);
  assert.deepEqual([...new Set(texted.slice(4))], ['message status']);

  const raw = world.log.map((child) => child.err).join('');
  for (const phone of customers) assert.ok(!raw.includes(phone.slice(1)), `${phone} is in the log: ${raw.split('\n').find((line) => line.includes(phone.slice(1)))}`);
  assert.ok(raw.includes('+14155550500'), 'the number called is told in clear');
  for (const secret of [authToken, 'acceptance-alert-secret']) assert.ok(!raw.includes(secret));
});

test('customers\' numbers are told in full when the operator asked for it', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_LOG_CUSTOMER_NUMBERS: 'true'}});
  const from = newCaller();
  await world.outcome(await world.ended('+14155550500', {from}));
  assert.equal((await world.line({message: 'SYSTEM FAILSAFE'})).from, from);
});

test('without an alert channel the service says so, in the log and in a metric', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_ALERT_WEBHOOK_URL: '', JOBRUN_ALERT_WEBHOOK_SECRET: ''}});
  await world.line({level: 'warning', message: /no alert channel/});
  assert.equal(await world.metric('alert_channels_configured'), 0);
});

// Goal: whoever looks for a caller finds all that was done for him by one word, in the log and in the database.
// Method: a call to a number of nobody's, of a caller who replies, and one that only a person can serve; the report's own
// greps, over the lines as they are written.
test('one id greps a call\'s whole way through the log, and so does the report\'s own word', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const nobodys = '+14155550500';
  const from = newCaller();
  const {call_sid: sid} = await world.place({to: nobodys, from});
  await world.ask('POST', '/practice/texts', {from, to: nobodys, body: 'Do you fix roofs?', wait: true});
  const story = () => world.lines().filter((line) => line.correlation_id === sid).map((line) => line.message);
  await eventually('the text is delivered', () => world.lines().some((line) => line.correlation_id === sid && line.message_status === 'delivered'));
  const way = story();
  for (const message of ['call came in', 'SYSTEM FAILSAFE', 'text handed to the carrier', 'text accepted', 'message status']) {
    assert.ok(way.includes(message), `${message} is not among ${way}`);
  }
  const raw = world.log.map((child) => child.err).join('').split('\n');
  const [warning] = raw.filter((line) => line.includes('SYSTEM FAILSAFE'));
  assert.match(warning, new RegExp(`"to":"\\${nobodys}"`));
  assert.equal(JSON.parse(warning).promised, `${sid}.failsafe`);
  assert.equal(raw.filter((line) => line.includes('CRITICAL INVARIANT VIOLATION')).length, 0);

  const unserved = await world.ended(business, {from: 'anonymous'});
  await eventually('the owner is told', () => world.lines().some((line) => line.correlation_id === unserved && line.message === 'alert accepted'));

  const told = (await world.call(sid)).timeline.map(({what, detail}) => `${what} ${detail}`);
  for (const part of [/^event status:/, /^decided failsafe/, /^text failsafe promised/, /^text failsafe started from/, /^text failsafe accepted as SM/,
    /^message failsafe delivered/, /^outcome texted/, /^reply the caller texted \+14155550500/]) {
    assert.ok(told.some((line) => part.test(line)), `${part} is not among ${told.join('\n')}`);
  }
  assert.match((await world.call(unserved)).timeline.map(({detail}) => detail).join('\n'), /accepted by webhook/);
});
