// Goal: one first text per call and per caller, number and cool-down, however often and however simultaneously
// the carrier or the caller repeats; and every call ends with an outcome of its own, sharing its text's fate.
// Method: the same callback and calls of one caller, at once and one after the other, with the carrier taking
// the text or refusing it, and with the alert inbox taking alerts or refusing them.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const unknown = '+14155550500';
const many = (count, make) => Promise.all(Array.from({length: count}, (_, i) => make(i)));

for (const [what, number] of [['a business', business], ['nobody', unknown]]) {
  test(`the same callback 50 times at once, and 3 times in a row, about a call to ${what}: one text`, async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const atOnce = {sid: newCallSid(), from: newCaller()};
    await many(50, () => world.ended(number, atOnce));
    const inARow = {sid: newCallSid(), from: newCaller()};
    for (let i = 0; i < 3; ++i) {
      await world.ended(number, inARow);
      await world.outcome(inARow.sid);
    }
    for (const {sid, from} of [atOnce, inARow]) {
      const call = await world.outcome(sid);
      assert.equal(call.outcome, 'texted');
      assert.equal(call.texts.length, 1);
      assert.equal((await world.texts({to: from})).length, 1);
    }
    await eventually('the duplicates are counted', async () => await world.metric('events_duplicate_total') === 51);
    assert.equal(await world.count('texts'), 2);
    assert.equal(await world.count('calls'), 2);
    assert.equal(await world.count('messages'), number === business ? 4 : 0);
  });
}

test('a second final status of a call changes nothing', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const from = newCaller();
  const sid = await world.ended(business, {from, status: 'no-answer'});
  await world.outcome(sid);
  await world.ended(business, {from, sid, status: 'completed'});
  const call = await world.call(sid);
  assert.equal(call.status, 'no-answer');
  assert.equal(call.texts.length, 1);
  assert.equal((await world.texts({to: from})).length, 1);
  assert.equal(await world.metric('voice_customer_intake_total'), 1);
});

/// Every call of the list has an outcome: exactly one texted, the others suppressed and leaning on its text.
async function assertOneTextAndAllAnswered(world, from, sids) {
  await eventually('every call has an outcome', async () => (await world.run('calls', 'list', '--open')).length === 0);
  const calls = (await world.run('calls', 'list', '--limit', '1000')).filter((call) => call.from === from);
  assert.deepEqual(calls.map((call) => call.call_sid).sort(), [...sids].sort());
  const outcomes = calls.map((call) => call.outcome).sort();
  assert.deepEqual(outcomes, [...Array(sids.length - 1).fill('suppressed'), 'texted']);
  assert.equal((await world.texts({to: from})).length, 1);
  const [text] = await world.rows('SELECT id FROM texts');
  const leaning = await world.rows("SELECT leans_on FROM calls WHERE outcome = 'suppressed'");
  assert.ok(leaning.every((call) => call.leans_on === text.id));
  const [row] = await world.rows("SELECT COUNT(*) AS n FROM messages WHERE kind = 'missed_call'");
  assert.equal(row.n, sids.length, 'each missed call is in the conversation');
  assert.equal(await world.count('customers'), 1);
  assert.equal(await world.count('conversations'), 1);
}

test('30 calls by one caller at once: one text, 30 outcomes', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const from = newCaller();
  await assertOneTextAndAllAnswered(world, from, await many(30, () => world.ended(business, {from})));
});

test('30 calls by one caller one after the other: one text, 30 outcomes, and the later ones hear that we texted', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const from = newCaller();
  const sids = [];
  for (let i = 0; i < 30; ++i) {
    const call = await world.place({from, to: business});
    assert.match(call.heard.join(' '), i === 0 ? /We are sending you a text/ : /We have texted you/);
    await world.outcome(call.call_sid);
    sids.push(call.call_sid);
  }
  await assertOneTextAndAllAnswered(world, from, sids);
  const repeated = async () => (await world.alerts()).filter((alert) => alert.kind === 'repeated_call');
  const [alert] = await eventually('the owner is told', async () => {
    const alerts = await repeated();
    return alerts.length > 0 ? alerts : null;
  });
  assert.equal(alert.audience, 'owner');
  const [row] = await world.rows("SELECT COUNT(*) AS alerts, SUM(count) AS calls FROM alerts WHERE kind = 'repeated_call'");
  assert.equal(row.calls, 29, 'every one of them is counted');
  assert.ok(row.alerts <= 2, 'the others wait in one alert');
  assert.equal((await repeated()).length, 1, 'at most one alert in 10 minutes about repeated calls');
});

test('the next first text leaves once the cool-down is over', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_COOL_DOWN: '0s'}});
  await world.business(business);
  const from = newCaller();
  for (let i = 1; i <= 3; ++i) {
    assert.equal((await world.outcome(await world.ended(business, {from}))).outcome, 'texted');
    assert.equal((await world.texts({to: from})).length, i);
  }
});

for (const [when, delay] of [['all come before the refusal', 400], ['they come while and after it is refused', 0]]) {
  test(`when the text is refused, 30 calls by one caller share its fate, also if ${when}`, async (t) => {
    const world = await World.open(t, {settings: {JOBRUN_OUTCOME_DEADLINE: '1s'}});
    await world.business(business);
    const from = newCaller();
    await world.knobs({alert_status: 500, api_faults: [{on: 'send_text', to: from, do: 'refuse', code: 30005, ms: delay}]});
    const sids = await many(15, () => world.ended(business, {from}));
    for (let i = 0; i < 15; ++i) sids.push(await world.ended(business, {from}));

    // Nobody has been told, so nobody is escalated, and the call without an outcome becomes an incident.
    const [incident] = await eventually('an open incident', async () => {
      const open = await world.run('incidents');
      return open.length > 0 ? open : null;
    });
    assert.equal(incident.is_open, true);
    assert.equal(typeof incident.id, 'number');
    assert.equal(await world.count('calls', "outcome = 'escalated'"), 0);
    assert.equal(await world.count('texts', "state = 'refused'"), 1);
    const open = await world.run('calls', 'list', '--open');
    assert.ok(open.length >= 1);
    assert.ok(open.some((call) => call.outcome === null));
    await eventually('the gauge of incidents', async () => await world.metric('incidents_open') === 1);
    await world.line({level: 'critical', message: /^INCIDENT OPEN/});
    const refused = (await world.alerts()).filter((alert) => alert.kind === 'text_refused');
    assert.ok(refused.length >= 1 && refused.every((alert) => alert.answered === 500));

    await world.knobs({alert_status: 204});
    await eventually('every call is escalated', async () => await world.count('calls', "outcome = 'escalated'") === 30, 60);
    const calls = await world.run('calls', 'list', '--limit', '1000');
    assert.deepEqual([...new Set(calls.map((call) => call.call_sid))].sort(), [...sids].sort());
    await eventually('the incident closes by itself', async () => (await world.run('incidents')).length === 0);
    const all = await world.run('incidents', '--all');
    assert.ok(all.length >= 1 && all.every((each) => !each.is_open && each.calls_pending === 0));
    assert.deepEqual(await world.run('calls', 'list', '--open'), []);
    assert.deepEqual(await world.texts({to: from}), [], 'nothing was texted');
    assert.ok((await world.alerts()).some((alert) => alert.kind === 'incident_open' && alert.severity === 'critical'));
    await eventually('the gauge of incidents', async () => await world.metric('incidents_open') === 0);
  });
}

test('an incident that a person closes with a reason is closed', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_OUTCOME_DEADLINE: '1s'}});
  await world.business(business);
  await world.knobs({alert_status: 500, api_faults: [{on: 'send_text', do: 'refuse', code: 30005}]});
  const sid = await world.ended(business);
  const [incident] = await eventually('an open incident', async () => {
    const open = await world.run('incidents');
    return open.length > 0 ? open : null;
  });
  assert.equal((await world.cli('incidents', 'close', String(incident.id))).code, 2, 'not without a reason');
  await world.run('incidents', 'close', String(incident.id), '--reason', 'called back by hand');
  assert.deepEqual(await world.run('incidents'), []);
  assert.equal((await world.run('incidents', '--all'))[0].closed_reason, 'called back by hand');
  assert.equal((await world.call(sid)).outcome, null);
  assert.equal((await world.cli('incidents', 'close', String(incident.id), '--reason', 'again')).code, 4);
  assert.equal((await world.cli('incidents', 'close', '4711', '--reason', 'which')).code, 3);
});
