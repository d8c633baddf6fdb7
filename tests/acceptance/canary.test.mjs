// Goal: the canary proves the whole way, from the public URL to the carrier's credentials, and is nobody's business; and a
// stranger cannot pass for one.
// Method: real processes; the URL right and wrong, the credentials refused; a caller who uses the canary's number.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const canaryNumber = '+18005550199';
const often = {JOBRUN_CANARY_EVERY: '2s'};

const canaries = (world) => world.rows("SELECT call_sid, outcome FROM calls WHERE origin = 'canary' ORDER BY id");

/// The alert of its silence.
const silent = (world) => eventually('its silence is told', async () => (await world.alerts()).find((told) => told.kind === 'canary_silent'), 60);

test('canaries come through, and are in no list, no metric of callers and no text', async (t) => {
  const world = await World.open(t, {settings: {...often}});
  const before = await world.businessRows();
  await eventually('several came through', async () => (await canaries(world)).filter((row) => row.outcome === 'texted').length >= 3, 60);
  assert.deepEqual(await world.run('calls', 'list'), []);
  assert.deepEqual(await world.run('calls', 'list', '--open'), []);
  assert.deepEqual(await world.run('incidents'), []);
  assert.deepEqual(await world.businessRows(), before);
  assert.deepEqual(await world.texts(), [], 'the carrier has got none');
  const grown = Object.entries(await world.metrics()).filter(([name, value]) => value > 0 &&
    /^(voice_|calls_|texts_promised|alerts_|outbox_unknown|outbox_possible)/.test(name) && !name.startsWith('alert_channels'));
  assert.deepEqual(grown, []);
  assert.equal(world.lines().find((line) => /SYSTEM FAILSAFE/.test(line.message ?? '')), undefined);
  const [{call_sid: sid}] = await canaries(world);
  assert.equal((await world.call(sid)).outcome, 'texted', 'its own story can be looked up');
});

test('jobrun canary sends one, also where none is sent by itself', async (t) => {
  const world = await World.open(t);
  const sent = await world.run('canary');
  assert.equal(sent.well, true);
  assert.equal((await world.call(sent.call_sid)).outcome, 'texted');
  await world.kill();
  const failed = await world.cli('canary');
  assert.equal(failed.code, 1);
  assert.match(failed.out, /did not come through: \/twilio\/voice: the public URL did not answer/);
});

test('a public URL that leads nowhere is told', async (t) => {
  const world = await World.open(t, {settings: {...often, JOBRUN_PUBLIC_URL: 'http://127.0.0.1:9'}});
  const alert = await silent(world);
  assert.equal(alert.severity, 'critical');
  assert.match(alert.summary, /the public URL did not answer/);
  assert.ok(await world.metric('canary_age_seconds') >= 6);
  await world.line({level: 'critical', message: /NO CANARY COMES THROUGH/});
});

test('a proxy that spoils the signature is told', async (t) => {
  const world = await World.open(t, {serve: false, settings: {...often}});
  await world.startPractice();
  // The service behind a URL that is not the one that is signed: as after a move of which it was not told.
  world.settings.JOBRUN_PUBLIC_URL = `http://localhost:${world.port}/`;
  await world.start();
  await eventually('they come through', async () => (await canaries(world)).some((row) => row.outcome === 'texted'), 30);
  await world.stop();
  world.settings.JOBRUN_PUBLIC_URL = `${world.practiceUrl}/practice`;
  await world.start();
  assert.match((await silent(world)).summary, /the public URL answered HTTP 4/);
});

test('credentials that the carrier does not accept are told', async (t) => {
  const world = await World.open(t, {settings: {...often}});
  await world.knobs({api_faults: [{on: 'account', do: 'refuse', code: 20003}]});
  assert.match((await silent(world)).summary, /text did not get out/);
  await world.knobs({api_faults: []});
});

test('a stranger who calls the canary\'s number, or from it, is served like everybody', async (t) => {
  const world = await World.open(t);
  const caller = newCaller();
  const to = await world.ended(canaryNumber, {from: caller});
  assert.equal((await world.outcome(to)).outcome, 'texted');
  assert.equal((await world.texts({to: caller})).length, 1);
  const from = await world.ended('+14155550500', {from: canaryNumber});
  assert.equal((await world.outcome(from)).outcome, 'texted');
  assert.equal((await world.texts({to: canaryNumber})).length, 1);
  assert.deepEqual(await canaries(world), []);
});
