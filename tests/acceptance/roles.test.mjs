// Goal: every ended call gets what the role of the number called says: the right text from the right sender,
// the right records, the right metrics, whatever its final status is and whether it was spoken to or not.
// Method: one call for each role, final status and "with /voice before it or not", placed by the practice
// carrier; only that changes. What grew is compared whole, so that a count too many fails too.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, finalStatuses, growth, newCaller} from './world.mjs';

const business = '+14155550100';
const orphan = '+14155550200';
const signUp = '+14155550300';
const knownSystem = '+14155550400';
const unknown = '+14155550500';
const failsafeSender = '+14155550900';

const masked = (phone) => phone.slice(0, 5) + '*'.repeat(phone.length - 7) + phone.slice(-2);
const ofFlows = (samples) => Object.fromEntries(Object.entries(samples).filter(([name]) => name.startsWith('voice_')));

async function worldWithRoles(t, settings = {}) {
  const world = await World.open(t, {settings: {JOBRUN_FAILSAFE_SENDER: failsafeSender, ...settings}});
  const client = await world.business(business, 'Harbour Plumbing');
  await world.run('numbers', 'add', orphan, '--role', 'operational');
  await world.run('numbers', 'add', signUp, '--role', 'onboarding');
  await world.run('numbers', 'add', knownSystem, '--role', 'system');
  await world.noticed();
  return {world, client};
}

/// Places one call and gathers everything that came of it, once it has its outcome and its counts.
async function observe(world, to, status, voice, expectedCounts) {
  const from = newCaller();
  const before = {metrics: await world.metrics(), rows: await world.businessRows()};
  const {call_sid: sid} = await world.place({from, to, scenario: status, voice});
  const call = await world.outcome(sid);
  await eventually('the counts', async () => {
    assert.deepEqual(ofFlows(growth(before.metrics, await world.metrics())), expectedCounts);
    return true;
  }, 5);
  return {from, sid, call, texts: await world.texts({to: from}), rows: growth(before.rows, await world.businessRows())};
}

function forEveryEnd(name, body) {
  test(name, async (t) => {
    const {world, client} = await worldWithRoles(t);
    for (const voice of [false, true]) {
      for (const status of finalStatuses) {
        await t.test(`${status}${voice ? ' after /voice' : ''}`, () => body({world, client, status, voice}));
      }
    }
  });
}

forEveryEnd('an ended call to a business is texted by the business and leaves its records', async ({world, client, status, voice}) => {
  const seen = await observe(world, business, status, voice, {voice_customer_intake_total: 1});
  assert.equal(seen.call.role, 'operational');
  assert.equal(seen.call.role_source, 'pool');
  assert.equal(seen.call.client_id, client.id);
  assert.equal(seen.call.status, status);
  assert.equal(seen.call.outcome, 'texted');
  assert.equal(seen.texts.length, 1);
  assert.equal(seen.texts[0].from, business);
  assert.match(seen.texts[0].body, /^Harbour Plumbing: /);
  assert.match(seen.texts[0].body, /STOP/, 'an American phone is told how to opt out');
  assert.equal(seen.texts[0].segments, 1);
  assert.deepEqual(seen.rows, {customers: 1, conversations: 1, messages: 2});
  const phone = Number(seen.from.slice(1));
  const [conversation] = await world.rows(`SELECT c.* FROM conversations c JOIN customers u ON u.id = c.customer WHERE u.phone = ${phone}`);
  assert.equal(conversation.mode, 'OPERATIONAL');
  assert.equal(conversation.number, Number(business.slice(1)));
  assert.equal(conversation.client, client.id);
  const messages = await world.rows(`SELECT kind, body FROM messages WHERE conversation = ${conversation.id} ORDER BY id`);
  assert.deepEqual(messages.map((message) => message.kind), ['missed_call', 'text_to_customer']);
  assert.equal(messages[1].body, seen.texts[0].body);
});

for (const [number, isKnown] of [[knownSystem, 'true'], [unknown, 'false']]) {
  forEveryEnd(`an ended call to a number that is ${isKnown === 'true' ? 'registered as system' : 'nobody\'s'} is texted by the fail-safe sender and leaves no records`,
    async ({world, status, voice}) => {
      const counter = `voice_system_failsafe_intake_total{call_status="${status}",is_known="${isKnown}"}`;
      const seen = await observe(world, number, status, voice, {[counter]: 1});
      assert.equal(seen.call.role, 'system');
      assert.equal(seen.call.outcome, 'texted');
      assert.equal(seen.texts.length, 1);
      assert.equal(seen.texts[0].from, failsafeSender);
      assert.match(seen.texts[0].body, new RegExp(`for \\${number}\\b`));
      assert.doesNotMatch(seen.texts[0].body, /Harbour/);
      assert.deepEqual(seen.rows, {});
      assert.deepEqual(await world.businessRows(), {clients: 1, customers: 0, conversations: 0, messages: 0, onboarding_states: 0});
      const line = await world.line({message: 'SYSTEM FAILSAFE', correlation_id: seen.sid});
      assert.equal(line.level, 'warning');
      assert.equal(line.to, number);
      assert.equal(line.from, masked(seen.from));
      assert.equal(line.call_status, status);
    });
}

forEveryEnd('an ended call to the sign-up number is never texted; whoever heard nothing is told to a person', async ({world, status, voice}) => {
  const seen = await observe(world, signUp, status, voice, {voice_invariant_violation_onboarding_number_total: 1});
  const heard = voice && status !== 'canceled';
  assert.equal(seen.call.role, 'onboarding');
  assert.equal(seen.call.outcome, heard ? 'spoken' : 'escalated');
  assert.deepEqual(seen.texts, []);
  assert.deepEqual(await world.rows('SELECT * FROM texts'), []);
  assert.deepEqual(seen.rows, {});
  assert.deepEqual(await world.businessRows(), {clients: 1, customers: 0, conversations: 0, messages: 0, onboarding_states: 0});
  const alerts = (await world.alerts()).filter((alert) => alert.kind === 'onboarding_call_unheard' && alert.caller === seen.from);
  assert.equal(alerts.length, heard ? 0 : 1);
  if (!heard) assert.equal(alerts[0].audience, 'operator');
  const line = await world.line({message: 'ONBOARDING NUMBER CALLED', correlation_id: seen.sid});
  assert.equal(line.level, 'error');
});

forEveryEnd('an ended call to a business number without a business is served by the fail-safe text, loudly', async ({world, status, voice}) => {
  const seen = await observe(world, orphan, status, voice, {voice_status_error_operational_no_client_total: 1});
  assert.equal(seen.call.role, 'operational');
  assert.equal(seen.call.client_id, null);
  assert.equal(seen.call.outcome, 'texted');
  assert.equal(seen.texts.length, 1);
  assert.equal(seen.texts[0].from, failsafeSender);
  assert.match(seen.texts[0].body, new RegExp(`for \\${orphan}\\b`));
  assert.deepEqual(seen.rows, {});
  assert.deepEqual(await world.businessRows(), {clients: 1, customers: 0, conversations: 0, messages: 0, onboarding_states: 0});
  const line = await world.line({correlation_id: seen.sid, level: 'critical'});
  assert.match(line.message, /^OPERATIONAL WITHOUT CLIENT/);
  const alert = await eventually('the critical alert', async () =>
    (await world.alerts()).find((each) => each.kind === 'operational_no_client' && each.number === orphan));
  assert.equal(alert.severity, 'critical');
  assert.equal(alert.audience, 'operator');
});

// Goal: the label sets of the flows' metrics exist at zero, so that the first increase is seen.
// Method: a fresh service, nothing called.
test('the metrics of the flows stand at zero before the first call', async (t) => {
  const world = await World.open(t);
  const samples = ofFlows(await world.metrics());
  const expected = {voice_customer_intake_total: 0, voice_invariant_violation_onboarding_number_total: 0,
    voice_status_error_operational_no_client_total: 0};
  for (const status of finalStatuses) for (const known of ['true', 'false']) {
    expected[`voice_system_failsafe_intake_total{call_status="${status}",is_known="${known}"}`] = 0;
  }
  assert.deepEqual(Object.fromEntries(Object.entries(samples).filter(([name]) => name in expected)), expected);
  assert.deepEqual(Object.values(samples).filter((value) => value !== 0), []);
});

// Goal: the fail-safe text leaves from the number called when there is no fail-safe sender, and from the other
// one when the first is refused as a sender; a business is never spoken for by another number.
// Method: the same call without the setting, and with the first, then both senders refused by the carrier.
test('without a fail-safe sender the number called sends the fail-safe text', async (t) => {
  const world = await World.open(t);
  const call = await world.place({to: unknown});
  await world.outcome(call.call_sid);
  const [text] = await world.texts({to: call.from});
  assert.equal(text.from, unknown);
});

test('when a sender is refused, the other one sends the fail-safe text; when both are, a person is told', async (t) => {
  const {world} = await worldWithRoles(t);
  const refuse = (from) => ({on: 'send_text', do: 'refuse', code: 21606, from});
  await world.knobs({api_faults: [refuse(failsafeSender)]});
  const first = await world.place({to: unknown});
  assert.equal((await world.outcome(first.call_sid)).outcome, 'texted');
  assert.deepEqual((await world.texts({to: first.from})).map((text) => text.from), [unknown]);

  await world.knobs({api_faults: [refuse(failsafeSender), refuse(unknown)]});
  const second = await world.place({to: unknown});
  assert.equal((await world.outcome(second.call_sid)).outcome, 'escalated');
  assert.deepEqual(await world.texts({to: second.from}), []);
  assert.ok((await world.alerts()).some((alert) => alert.kind === 'text_refused' && alert.caller === second.from && alert.answered === 204));

  await world.knobs({api_faults: [refuse(business)]});
  const third = await world.place({to: business});
  assert.equal((await world.outcome(third.call_sid)).outcome, 'escalated');
  assert.deepEqual(await world.texts({to: third.from}), []);
});

// Goal: a number's role is looked for in the pool, then among the clients' own numbers, then in the settings.
// Method: one call to a number of each kind; the call says where its role came from.
test('a call says where the role of its number came from', async (t) => {
  const {world, client} = await worldWithRoles(t, {JOBRUN_ONBOARDING_NUMBER: '+14155550301'});
  await world.run('clients', 'set', String(client.id), '--own-number', '+14155550150');
  await world.noticed();
  const expected = {[business]: ['operational', 'pool'], '+14155550150': ['operational', 'client_number'],
    '+14155550301': ['onboarding', 'setting'], [failsafeSender]: ['system', 'unknown'], [unknown]: ['system', 'unknown']};
  for (const [to, [role, source]] of Object.entries(expected)) {
    const {call_sid: sid} = await world.place({to, scenario: 'busy'});
    const call = await world.call(sid);
    assert.deepEqual([call.role, call.role_source], [role, source], to);
  }
});

// Goal: role and client are frozen at a call's first event.
// Method: the number changes hands between /voice and the final status.
test('a number that changes hands during a call does not change the call', async (t) => {
  const {world} = await worldWithRoles(t);
  const other = await world.run('clients', 'add', '--name', 'Other Roofing', '--phone', '+14155559001');
  const from = newCaller();
  const sid = (await world.place({from, to: business, status: false})).call_sid;
  await world.run('numbers', 'assign', business, '--client', String(other.id));
  await world.noticed();
  await world.ended(business, {from, sid, status: 'completed'});
  await world.outcome(sid);
  const [text] = await world.texts({to: from});
  assert.match(text.body, /^Harbour Plumbing: /);
});
