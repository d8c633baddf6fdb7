// Goal: whatever was acknowledged survives kill -9: its text leaves once, or waits visibly as unknown because
// its request was in flight; and nobody is texted twice.
// Method: rounds on one database. Each posts final statuses of unique callers, kills the service at one of five
// moments, starts it again, and compares the ledger with what the carrier accepted. What was not acknowledged
// is posted again, as an acknowledgement that got lost would be.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid, rounds} from './world.mjs';

const business = '+14155550100';
const unknownNumber = '+14155550500';
const callsPerRound = 8;

const seed = Number(process.env.JOBRUN_TEST_SEED ?? Date.now() % 1_000_000);
let state = seed;
/// 0 <= number < bound; the same for the same seed.
function below(bound) {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * bound);
}

const makeCalls = () => Array.from({length: callsPerRound}, (_, i) =>
  ({sid: newCallSid(), from: newCaller(), to: i % 2 === 0 ? business : unknownNumber, acknowledged: false}));

/// Posts them all at once; resolves when each was answered or its connection broke.
function post(world, calls) {
  return calls.map(async (call) => {
    try {
      await world.ended(call.to, {sid: call.sid, from: call.from});
      call.acknowledged = true;
    } catch (broken) {
      if (!(broken instanceof TypeError)) throw broken;  // fetch failed: the service is gone
    }
  });
}

const requestsSeen = async (world) => (await world.ask('GET', '/practice/health')).requests;

/// Posts the calls and kills the service: each at its moment. Returns how many texts must be unknown afterwards
/// and how many the carrier must have accepted, where that is certain; `resumes`: whether it has none so far.
const moments = {
  'while the carrier turns texts away, so that they are still promised or just being tried': async (world, calls) => {
    await world.knobs({api_faults: [{on: 'send_text', do: 'rate_limit'}]});
    await Promise.all(post(world, calls));
    await world.kill();
    return {resumes: true};
  },
  'while the carrier has the texts and does not answer': async (world, calls) => {
    const before = await requestsSeen(world);
    await world.knobs({api_faults: [{on: 'send_text', do: 'hang_after_accepting'}]});
    await Promise.all(post(world, calls));
    await eventually('all requests are in flight', async () => await requestsSeen(world) >= before + callsPerRound);
    await world.kill();
    return {unknown: callsPerRound, accepted: callsPerRound};
  },
  'while the carrier has not taken the texts and does not answer': async (world, calls) => {
    const before = await requestsSeen(world);
    await world.knobs({api_faults: [{on: 'send_text', do: 'hang_before_accepting'}]});
    await Promise.all(post(world, calls));
    await eventually('all requests are in flight', async () => await requestsSeen(world) >= before + callsPerRound);
    await world.kill();
    return {unknown: callsPerRound, accepted: 0};
  },
  'right after the last acknowledgement': async (world, calls) => {
    await Promise.all(post(world, calls));
    await world.kill();
    return {};
  },
  'before the last acknowledgement': async (world, calls) => {
    const posts = post(world, calls);
    await Promise.race(posts.slice(0, 1 + below(callsPerRound)));
    await world.kill();
    await Promise.all(posts);
    return {};
  },
};

/// The states of the texts of these calls, from the ledger.
async function ledgerOf(world, calls) {
  const list = calls.map((call) => `'${call.sid}'`).join(', ');
  return world.rows(`SELECT calls.call_sid, calls.outcome, texts.state, texts.attempts FROM calls
    LEFT JOIN texts ON texts.call = calls.id WHERE calls.call_sid IN (${list})`);
}

async function checkRound(world, calls, must) {
  const rows = await eventually('every text is accepted or unknown', async () => {
    const found = await ledgerOf(world, calls);
    return found.every((row) => row.state === 'accepted' || row.state === 'unknown') ? found : null;
  });
  assert.equal(rows.length, callsPerRound, 'each call is in the ledger, with one text');
  const texts = await world.texts();
  let accepted = 0;
  for (const call of calls) {
    const row = rows.find((each) => each.call_sid === call.sid);
    const received = texts.filter((text) => text.to === call.from).length;
    accepted += received;
    assert.ok(received <= 1, `${call.from} was texted ${received} times`);
    if (row.state === 'accepted') {
      assert.equal(received, 1, `${call.sid} is said to be texted`);
      assert.equal(row.outcome, 'texted');
    } else {
      assert.equal(row.outcome, null, 'nobody knows whether the caller got it');
    }
  }
  const unknown = rows.filter((row) => row.state === 'unknown').length;
  if (must.unknown !== undefined) assert.equal(unknown, must.unknown);
  if (must.accepted !== undefined) assert.equal(accepted, must.accepted);
  return {unknown, accepted};
}

test(`kill -9 loses no acknowledged call and texts nobody twice (${rounds} rounds, JOBRUN_TEST_SEED=${seed})`, async (t) => {
  // Nothing is looked for meanwhile and statuses are lost, so that what is unknown can be counted.
  const world = await World.open(t, {settings: {
    JOBRUN_SERVICE_TEXTS_PER_DAY: '1000000', JOBRUN_CLIENT_TEXTS_PER_DAY: '1000000', JOBRUN_UNKNOWN_LOOK_EVERY: '1h',
  }});
  await world.business(business);
  await world.knobs({webhook_faults: [{on: 'text_status', do: 'drop'}]});
  let unknown = 0;
  let resumed = 0;
  let lastUnknown = null;
  const names = Object.keys(moments);
  for (let round = 0; round < rounds; ++round) {
    const moment = names[round % names.length];
    const calls = makeCalls();
    try {
      const must = await moments[moment](world, calls);
      await world.knobs({api_faults: []});
      await world.start();
      if (below(3) === 0) {  // and once more, while it takes up what the first one left
        await world.kill();
        await world.start();
      }
      await Promise.all(post(world, calls.filter((call) => !call.acknowledged)));
      assert.ok(calls.every((call) => call.acknowledged));
      const left = await checkRound(world, calls, must);
      if (must.resumes) resumed += left.accepted;
      if (left.unknown > 0) lastUnknown = (await ledgerOf(world, calls)).find((row) => row.state === 'unknown').call_sid;
      unknown += left.unknown;
    } catch (failed) {
      failed.message = `round ${round}, killed ${moment}, JOBRUN_TEST_SEED=${seed}: ${failed.message}`;
      throw failed;
    }
  }

  assert.ok(resumed > 0, 'promised texts were taken up after a kill');
  assert.ok(unknown > 0, 'a kill found texts in flight');

  // What is unknown is seen: in the gauge, among the open calls, in the call's own timeline.
  await eventually('the gauge of unknown texts', async () => await world.metric('outbox_unknown') === unknown);
  await eventually('the gauge of waiting texts', async () => await world.metric('outbox_waiting') === 0);
  if (lastUnknown) {
    const call = await world.call(lastUnknown);
    assert.equal(call.texts[0].state, 'unknown');
    assert.equal(call.outcome, null);
    const open = await world.run('calls', 'list', '--open', '--limit', '1000');
    assert.equal(open.filter((each) => each.outcome === null).length, Math.min(unknown, 1000));
  }
  const callersTextedTwice = (await world.rows('SELECT caller, COUNT(*) AS n FROM texts GROUP BY caller HAVING n > 1'));
  assert.deepEqual(callersTextedTwice, []);
  const [integrity] = await world.rows('PRAGMA integrity_check');
  assert.equal(integrity.integrity_check, 'ok');
});
