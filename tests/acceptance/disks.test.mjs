// Goal: a disk that is full or read-only costs no call that was acknowledged and texts nobody twice; and where nothing
// can be written any more, a caller is texted before his call is acknowledged, and everything else refused at once.
// Method: the database and the spool on small disks of their own, which are filled up, or which the kernel makes
// read-only; then room is made, or the disk is repaired, and what was refused is posted again.
import assert from 'node:assert/strict';
import {fileURLToPath} from 'node:url';
import test from 'node:test';

import {FailingDisk, SmallDisk, hasRunWithOwnMounts, whyNoDisks} from './disks.mjs';
import {World, eventually, newCaller, newCallSid} from './world.mjs';

if (hasRunWithOwnMounts(fileURLToPath(import.meta.url))) process.exit();
const skipped = (why) => ({skip: why && `SKIPPED: ${why}`});
const onSmallDisks = skipped(whyNoDisks());
const onFailingDisks = skipped(whyNoDisks() || FailingDisk.whyNot());

const business = '+14155550100';
const webhook = (more = {}) => ({CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound', ...more});

/// Each on the disk given for it, which may be the same; without one, in the world's own folder.
async function openOn(t, {database, spool}) {
  const world = await World.open(t, {serve: false, settings: {JOBRUN_UNKNOWN_LOOK_EVERY: '1s', JOBRUN_CLIENT_TEXTS_PER_DAY: '10000'}});
  world.settings.JOBRUN_SPOOL_DIR = spool ? spool.file('spool') : `${world.folder}/spool`;
  if (database) world.database = database.file('jobrun.db');
  await world.startPractice();
  await world.business(business);
  await world.start();
  const call = webhook();
  assert.equal((await world.post('/twilio/status', call)).status, 200);
  await world.outcome(call.CallSid);
  return world;
}

/// Posts so many final statuses; returns those acknowledged and those refused.
async function postStatuses(world, count) {
  const told = {acknowledged: [], refused: []};
  for (let i = 0; i < count; ++i) {
    const call = webhook();
    const {status} = await world.post('/twilio/status', call);
    assert.ok(status === 200 || status === 503, `${status}`);
    told[status === 200 ? 'acknowledged' : 'refused'].push(call);
  }
  return told;
}

/// What promises no text, that is.
async function expectRefusedAtOnce(world) {
  const durations = [];
  for (let i = 0; i < 5; ++i) {
    const began = performance.now();
    const answer = await world.post('/twilio/voice', webhook({CallStatus: 'ringing'}));
    durations.push(performance.now() - began);
    assert.equal(answer.status, 503, answer.text);
  }
  // A machine with too much to do may hold one of them up.
  assert.ok(Math.min(...durations) < 1000, `refused after ${durations} ms`);
  await eventually('not ready', async () => (await fetch(`${world.url}/readyz`)).status === 503);
  assert.equal((await fetch(`${world.url}/healthz`)).status, 200, 'the process is alive');
}

async function expectTextedOnce(world, calls, {wasKilled = false} = {}) {
  const list = calls.map((call) => `'${call.CallSid}'`).join(', ');
  const rows = await eventually('each call has its outcome', async () => {
    const found = await world.rows(`SELECT outcome FROM calls WHERE call_sid IN (${list})`);
    return found.length === calls.length && found.every((row) => row.outcome) ? found : null;
  }, 60);
  assert.ok(rows.every((row) => row.outcome === 'texted'));
  const texts = await world.texts();
  for (const call of calls) assert.equal(texts.filter((text) => text.to === call.From).length, 1);
  await eventually('the spool is empty', async () => await world.metric('spool_records') === 0);
  await eventually('no incident is left', async () => (await world.run('incidents')).length === 0);
  // A kill may leave a request that nobody knows the end of; if the carrier has never had it, it is sent again and
  // counted.
  if (!wasKilled) assert.equal(await world.metric('outbox_possible_duplicates_total'), 0);
  assert.equal((await world.rows('PRAGMA integrity_check'))[0].integrity_check, 'ok');
}

/// Nothing can be written: each caller has his text when his call is acknowledged.
async function expectTextedFirst(world) {
  const told = {acknowledged: [], refused: []};
  for (let i = 0; i < 5; ++i) {
    const call = webhook();
    assert.equal((await world.post('/twilio/status', call)).status, 200);
    assert.equal((await world.texts()).filter((text) => text.to === call.From).length, 1);
    told.acknowledged.push(call);
  }
  await world.line({level: 'critical', message: /NOTHING CAN BE WRITTEN/});
  assert.ok(await world.metric('events_held_total') >= 5);
  return told;
}

/// What was refused is posted again, as nobody has been told that it arrived.
async function expectServed(world, {acknowledged, refused}, history = {}) {
  for (const call of refused) assert.equal((await world.post('/twilio/status', call)).status, 200);
  await expectTextedOnce(world, [...acknowledged, ...refused], history);
}

const isTaken = ({acknowledged, refused}) => acknowledged.length > 0 && refused.length === 0;

/// All are taken on such a disk; the service is killed, the disk is well again, and each is served.
async function expectServedAfterAKill(world, mend) {
  const told = await postStatuses(world, 20);
  assert.ok(isTaken(told));
  await world.kill();
  mend();
  await world.start();
  await expectServed(world, told, {wasKilled: true});
}

test('the disk of the database is full, that of the spool is not', onSmallDisks, async (t) => {
  const disk = new SmallDisk(t, '8m');
  const world = await openOn(t, {database: disk});
  disk.fill();
  const told = await postStatuses(world, 20);
  assert.ok(isTaken(told));
  assert.ok(await world.metric('events_spooled_total') >= 20);
  await world.line({level: 'critical', message: /THE DATABASE CANNOT BE WRITTEN/});
  disk.makeRoom();
  await expectServed(world, told);
});

test('the disk of the database is full, that of the spool is not, and the service is killed', onSmallDisks, async (t) => {
  const disk = new SmallDisk(t, '8m');
  const world = await openOn(t, {database: disk});
  disk.fill();
  await expectServedAfterAKill(world, () => disk.makeRoom());
});

test('one disk for both is full: the spool has set room aside', onSmallDisks, async (t) => {
  const disk = new SmallDisk(t, '64m');
  const world = await openOn(t, {database: disk, spool: disk});
  disk.fill();
  await expectServedAfterAKill(world, () => disk.makeRoom());
});

test('a disk on which only a trifle fits is full, and costs the spool no room', onSmallDisks, async (t) => {
  const disk = new SmallDisk(t, '64m');
  const world = await openOn(t, {database: disk, spool: disk});
  disk.fill(12 << 10);
  const told = {acknowledged: [], refused: []};
  // Meanwhile it is tried several times whether the database takes something.
  for (const end = performance.now() + 1_000; performance.now() < end;) {
    const more = await postStatuses(world, 5);
    for (const key of Object.keys(told)) told[key].push(...more[key]);
  }
  assert.ok(isTaken(told), `${told.refused.length} were refused`);
  disk.makeRoom();
  await expectServed(world, told);
});

test('the disk of the spool is full: the database takes everything', onSmallDisks, async (t) => {
  const disk = new SmallDisk(t, '64k');
  const world = await openOn(t, {spool: disk});
  disk.fill();
  const told = await postStatuses(world, 5);
  assert.ok(isTaken(told));
  assert.equal((await fetch(`${world.url}/readyz`)).status, 200);
  await expectServed(world, told);
});

test('both disks are full', onSmallDisks, async (t) => {
  const database = new SmallDisk(t, '8m');
  const spool = new SmallDisk(t, '64k');
  const world = await openOn(t, {database, spool});
  database.fill();
  spool.fill();
  await expectRefusedAtOnce(world);
  await world.line({level: 'critical', message: /neither in the database nor in the spool/});
  const told = await expectTextedFirst(world);
  spool.makeRoom();
  const taken = await postStatuses(world, 5);
  assert.ok(isTaken(taken), 'room for the spool is enough');
  await world.kill();
  database.makeRoom();
  await world.start();
  await expectServed(world, told, {wasKilled: true});
  await expectServed(world, taken, {wasKilled: true});
});

test('both disks are full, and the database has room first', onSmallDisks, async (t) => {
  const database = new SmallDisk(t, '8m');
  const spool = new SmallDisk(t, '64k');
  const world = await openOn(t, {database, spool});
  database.fill();
  spool.fill();
  const told = await expectTextedFirst(world);
  database.makeRoom();
  await expectServed(world, told);
});

test('the disk of the database fails, that of the spool does not', onFailingDisks, async (t) => {
  const disk = new FailingDisk(t);
  const world = await openOn(t, {database: disk});
  disk.fail();
  await expectServedAfterAKill(world, () => disk.repair());
});

test('one disk for both fails', onFailingDisks, async (t) => {
  const disk = new FailingDisk(t);
  const world = await openOn(t, {database: disk, spool: disk});
  const before = await postStatuses(world, 5);
  disk.fail();
  await expectRefusedAtOnce(world);
  await expectTextedFirst(world);
  await world.kill();
  disk.repair();
  await world.start();
  await expectServed(world, before, {wasKilled: true});
});
