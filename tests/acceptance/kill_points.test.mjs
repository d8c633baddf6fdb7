// Goal: wherever the service dies, between any two of its calls to the system that matter, no acknowledged call is
// lost, no caller is texted twice uncounted, and the next start takes everything up.
// Method: a library loaded into the real service kills it at a named place (kill_points.mjs), which must be reached.
// It is started again; what was not acknowledged is posted again; each call must come to its outcome.
import assert from 'node:assert/strict';
import {existsSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {Tunnel, business, points, stages} from './kill_points.mjs';
import {World, eventually, newCaller, newCallSid, rounds} from './world.mjs';

const unknownNumber = '+14155550500';
const withheld = '+266696687';
const worlds = 4;
/// Each place is tried so often: 20 times when there are 200 rounds.
const runs = rounds > 20 ? Math.ceil(rounds / 10) : 1;

const seed = Number(process.env.JOBRUN_TEST_SEED ?? Date.now() % 1_000_000);

/// What is posted in one run, and what is known of it. The first two are of one business, the last has no number.
class Round {
  constructor(world, at, number) {
    this.world = world;
    this.at = at;
    this.newNumber = `+1415556${String(number).padStart(4, '0')}`;
    this.armed = path.join(world.folder, 'armed');
    this.seen = path.join(world.folder, 'seen');
    for (const file of [this.armed, this.seen]) rmSync(file, {force: true});
    this.calls = [business, business, unknownNumber, unknownNumber, business].map((to, i) =>
      ({sid: newCallSid(), from: i < 4 ? newCaller() : withheld, to, acknowledged: false}));
    this.textsExpected = 4;
  }

  async post(call) {
    try {
      await this.world.ended(call.to, {sid: call.sid, from: call.from});
      call.acknowledged = true;
    } catch (broken) {
      if (!(broken instanceof TypeError)) throw broken;  // fetch failed: the service is gone
    }
  }

  async postAll() {
    await Promise.all(this.calls.map((call) => this.post(call)));
  }

  async greetAll() {
    await Promise.all(this.calls.map((call) => this.world.post('/twilio/voice',
      {CallSid: call.sid, From: call.from, To: call.to, CallStatus: 'ringing', Direction: 'inbound'}).catch(() => {})));
  }

  /// The rows of these calls once each has its outcome.
  async settled() {
    const list = this.calls.map((call) => `'${call.sid}'`).join(', ');
    return eventually('each call has its outcome', async () => {
      const rows = await this.world.rows(`SELECT call_sid, outcome FROM calls WHERE call_sid IN (${list})`);
      return rows.length === this.calls.length && rows.every((row) => row.outcome) ? rows : null;
    });
  }
}

async function killed(world, round, stage) {
  await stages[stage](world, round);
  await eventually('the service dies', () => world.service.exit);
  assert.ok(existsSync(round.seen), `the place was not reached; the service ended with ${JSON.stringify(world.service.exit)}: ${world.service.err}`);
  assert.equal(world.service.exit.signal, 'SIGKILL');
}

async function judged(world, round) {
  const outcomes = new Map((await round.settled()).map((row) => [row.call_sid, row.outcome]));
  for (const call of round.calls) {
    if (call.from === withheld) {
      assert.match(outcomes.get(call.sid), /^(escalated|spoken)$/);
      continue;
    }
    assert.equal(outcomes.get(call.sid), 'texted');
    const received = (await world.texts({to: call.from})).length;
    assert.ok(received >= 1, `${call.sid} is said to be texted`);
    const counted = received > 1 ? await world.metric('outbox_possible_duplicates_total') : 0;
    assert.ok(received - 1 <= counted, `a caller was texted ${received} times, ${counted} possible duplicates are counted`);
  }
}

async function livedThrough(world, point, nth, number) {
  const round = new Round(world, point.at(world, nth), number);
  await killed(world, round, point.stage);
  world.putDatabaseBack();
  await world.start();
  await Promise.all(round.calls.filter((call) => !call.acknowledged).map((call) => round.post(call)));
  assert.ok(round.calls.every((call) => call.acknowledged), 'the next service acknowledges them');
  await judged(world, round);
  assert.deepEqual(await world.run('incidents'), [], 'no incident is left');
  await world.kill();
}

async function openWorld(t) {
  const world = await World.open(t, {serve: false, settings: {
    JOBRUN_SERVICE_TEXTS_PER_DAY: '1000000', JOBRUN_CLIENT_TEXTS_PER_DAY: '1000000', JOBRUN_UNKNOWN_LOOK_EVERY: '1s',
    JOBRUN_SWEEP_EVERY: '1h', JOBRUN_DRIFT_CHECK_EVERY: '24h',
  }});
  await world.startPractice();
  world.tunnel = await Tunnel.open(t, () => world.practicePort);
  world.settings.JOBRUN_ALERT_WEBHOOK_URL = `http://127.0.0.1:${world.tunnel.port}/practice/alerts`;
  await world.business(business);
  return world;
}

test(`killed at each of ${points.length} places (${runs} times, JOBRUN_TEST_SEED=${seed})`, async (t) => {
  const wanted = process.env.JOBRUN_KILL_POINT;
  const tries = points.filter((point) => !wanted || point.name.includes(wanted))
    .flatMap((point) => Array.from({length: runs}, (_, run) => ({point, nth: 1 + (seed + run) % point.nthMost})));
  assert.ok(wanted || points.length >= 30);
  let next = 0;
  await Promise.all(Array.from({length: Math.min(worlds, tries.length)}, async () => {
    const world = await openWorld(t);
    while (next < tries.length) {
      const number = next++;
      const {point, nth} = tries[number];
      try {
        await livedThrough(world, point, nth, number);
      } catch (failed) {
        failed.message = `killed ${point.name} (${point.at(world, nth)}, JOBRUN_TEST_SEED=${seed}): ${failed.message}`;
        next = tries.length;
        throw failed;
      }
    }
    const [integrity] = await world.rows('PRAGMA integrity_check');
    assert.equal(integrity.integrity_check, 'ok');
  }));
});
