// Goal: a text of which nobody knew whether it left is settled without a person, and arrives exactly once, as soon
// as the carrier tells; until it does, nothing leaves and the text stays in sight.
// Method: the practice carrier fails before or after it has a text, or does not tell what it has; what is on the
// handset is compared with what the ledger says. The waits are as short as may be set.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const settings = {JOBRUN_UNKNOWN_LOOK_EVERY: '1s', JOBRUN_OUTCOME_DEADLINE: '1s', JOBRUN_UNKNOWN_DEADLINE: '30s'};

const accepted = {
  'answers 500 after accepting': 'fail_after_accepting',
  'closes the connection after accepting': 'close_after_accepting',
  'answers garbage': 'answer_garbage',
};
const notAccepted = {
  'answers 500 before accepting': 'fail_before_accepting',
  'closes the connection before accepting': 'close_before_accepting',
};
const faults = {...accepted, ...notAccepted};
/// A status tells that a text was accepted before anybody looks.
const statusesLost = [{on: 'text_status', do: 'drop'}];

describe('a carrier whose list can be read', {concurrency: true}, () => {
  let world;
  const callers = Object.fromEntries(Object.keys(faults).map((what) => [what, newCaller()]));
  const settled = async (what) => {
    const call = await world.outcome(await world.ended(business, {from: callers[what]}), 60);
    assert.equal(call.outcome, 'texted');
    assert.equal(call.texts.length, 1);
    assert.equal(call.texts[0].state, 'accepted');
    assert.equal((await world.texts({to: callers[what]})).length, 1);
    return call;
  };

  before(async () => {
    world = await World.open(null, {settings});
    await world.business(business);
    await world.knobs({api_faults: Object.entries(faults).map(([what, fault]) => (
      {on: 'send_text', to: callers[what], next: 1, do: fault})), webhook_faults: statusesLost});
  });
  after(() => world.close());

  for (const what of Object.keys(accepted)) {
    test(`a text is found, and not sent again, when the carrier ${what}`, async () => {
      const call = await settled(what);
      assert.equal(call.texts[0].attempts, 1);
      await world.line({correlation_id: call.call_sid, level: 'info', message: /found at the carrier/});
    });
  }
  for (const what of Object.keys(notAccepted)) {
    test(`a text is sent again, once, when the carrier ${what}`, async () => {
      const call = await settled(what);
      assert.equal(call.texts[0].attempts, 2);
      await world.line({correlation_id: call.call_sid, level: 'warning', message: /sent again/});
    });
  }
});

for (const [what, fault] of Object.entries(accepted)) {
  test(`a status tells that a text was accepted, without a look, when the carrier ${what}`, async (t) => {
    const world = await World.open(t, {settings: {...settings, JOBRUN_UNKNOWN_LOOK_EVERY: '1h'}});
    await world.business(business);
    const from = newCaller();
    await world.knobs({api_faults: [{on: 'send_text', to: from, next: 1, do: fault}]});
    const call = await world.outcome(await world.ended(business, {from}), 60);
    assert.deepEqual([call.outcome, call.texts[0].state, call.texts[0].attempts], ['texted', 'accepted', 1]);
    assert.equal((await world.texts({to: from})).length, 1);
    await eventually('none is unknown', async () => await world.metric('outbox_unknown') === 0);
    assert.deepEqual(await world.alerts(), []);
  });
}

describe('what was looked for', {concurrency: true}, () => {
  test('is counted by what it came to, needs no person, and leaves nothing in sight', async (t) => {
    const world = await World.open(t, {settings});
    await world.business(business);
    const [found, absent] = [newCaller(), newCaller()];
    await world.knobs({api_faults: [
      {on: 'send_text', to: found, next: 1, do: 'fail_after_accepting'},
      {on: 'send_text', to: absent, next: 1, do: 'fail_before_accepting'},
    ], webhook_faults: statusesLost});
    const sids = [await world.ended(business, {from: found}), await world.ended(business, {from: absent})];
    for (const sid of sids) assert.equal((await world.outcome(sid, 60)).outcome, 'texted');
    assert.equal(await world.metric('texts_looked_for_total{look="found"}'), 1);
    assert.equal(await world.metric('texts_looked_for_total{look="absent"}'), 3);
    assert.equal(await world.metric('outbox_possible_duplicates_total'), 1);
    await eventually('none is unknown', async () => await world.metric('outbox_unknown') === 0);
    assert.deepEqual(await world.run('incidents', '--all'), []);
    assert.deepEqual(await world.run('calls', 'list', '--open'), []);
    assert.deepEqual(await world.alerts(), []);
  });

  for (const fault of ['fail_before_accepting', 'rate_limit', 'close_before_accepting', 'answer_garbage']) {
    test(`stays unknown, in sight and unsent while the list does not tell (${fault}), and is settled then`, async (t) => {
      const world = await World.open(t, {settings: {...settings, JOBRUN_UNKNOWN_DEADLINE: '3s'}});
      await world.business(business);
      const from = newCaller();
      await world.knobs({api_faults: [
        {on: 'send_text', to: from, next: 1, do: 'fail_before_accepting'},
        {on: 'list_texts', do: fault},
      ]});
      const sid = await world.ended(business, {from});
      await eventually('three looks told nothing',
        async () => (await world.metrics())['texts_looked_for_total{look="cannot_tell"}'] >= 3, 60);
      await eventually('an incident', async () => (await world.run('incidents')).length === 1);
      assert.equal(await world.metric('outbox_unknown'), 1);
      const call = await world.call(sid);
      assert.equal(call.outcome, null);
      assert.equal(call.texts[0].state, 'unknown');
      assert.equal(call.texts[0].attempts, 1);
      assert.ok((await world.run('calls', 'list', '--open')).some((each) => each.call_sid === sid));
      assert.deepEqual(await world.texts({to: from}), []);
      await world.line({correlation_id: sid, level: 'warning', message: /does not tell/});

      await world.knobs({api_faults: []});
      assert.equal((await world.outcome(sid, 60)).outcome, 'texted');
      assert.equal((await world.texts({to: from})).length, 1);
      await eventually('the incident closes', async () => (await world.run('incidents')).length === 0);
    });
  }

  test('is settled by the next process when the one that sent it died', async (t) => {
    const world = await World.open(t, {settings});
    await world.business(business);
    const [left, stayed] = [newCaller(), newCaller()];
    await world.knobs({api_faults: [
      {on: 'send_text', to: left, next: 1, do: 'hang_after_accepting'},
      {on: 'send_text', to: stayed, next: 1, do: 'hang_before_accepting'},
    ]});
    const sids = [await world.ended(business, {from: left}), await world.ended(business, {from: stayed})];
    await eventually('both are on their way', async () => await world.count('texts', "state = 'started'") === 2);
    await eventually('one has arrived', async () => (await world.texts({to: left})).length === 1);
    await world.kill();
    await world.start();
    for (const sid of sids) assert.equal((await world.outcome(sid, 60)).outcome, 'texted');
    for (const to of [left, stayed]) assert.equal((await world.texts({to})).length, 1);
  });
});
