// Goal: credentials are replaced while the service runs: no call is lost to a restart, and texts that were held
// leave at once.
// Method: a token's file that is rewritten; a configuration file that is changed before a SIGHUP; what the carrier
// and the log saw of it.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {World, authToken, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';

/// The status with which the service answers a webhook that is signed with `token`.
async function answerTo(world, token) {
  const parameters = {CallSid: newCallSid(), From: newCaller(), To: business, Direction: 'inbound', CallStatus: 'ringing'};
  return (await world.post('/twilio/voice', parameters, {token})).status;
}

const says = (world, words) => world.service.err.split('\n').find((line) => line.includes(words));

test("a token's file that changes is noticed, and the texts that waited for it leave", async (t) => {
  const world = await World.open(t, {serve: false});
  const file = path.join(world.folder, 'token');
  writeFileSync(file, `an-outdated-token,${authToken}\n`);
  world.settings = {JOBRUN_TWILIO_AUTH_TOKEN: '', JOBRUN_TWILIO_AUTH_TOKEN_FILE: file};
  await world.startPractice();
  await world.start();
  await world.business(business);
  const from = newCaller();
  const sid = await world.ended(business, {from});
  await eventually('the carrier refused the outdated token', async () => (await world.alerts()).some((alert) => alert.kind === 'credentials_refused'));
  assert.deepEqual(await world.texts(), []);

  writeFileSync(file, `${authToken}\n`);
  // Well before the dispatcher would have tried again by itself.
  await eventually('the text has left', async () => (await world.texts()).some((text) => text.to === from), 20);
  assert.equal((await world.outcome(sid)).outcome, 'texted');
  assert.equal(await answerTo(world, authToken), 200);
  assert.equal(await answerTo(world, 'an-outdated-token'), 403);
});

test('on SIGHUP tokens are replaced, other changes are named, and wrong settings change nothing', async (t) => {
  const world = await World.open(t, {serve: false});
  const file = path.join(world.folder, 'jobrun.toml');
  const configure = (token, more = '') => writeFileSync(file, `twilio_auth_token = "${token}"\n${more}`, {mode: 0o600});
  configure(authToken);
  world.settings = {JOBRUN_TWILIO_AUTH_TOKEN: '', JOBRUN_CONFIG: file};
  await world.startPractice();
  await world.start();
  assert.equal(await answerTo(world, authToken), 200);

  configure(`the-next-token,${authToken}`, 'cool_down = "45m"\n');
  world.service.process.kill('SIGHUP');
  await eventually('the next token is accepted', async () => await answerTo(world, 'the-next-token') === 200);
  assert.equal(await answerTo(world, authToken), 200);
  await eventually('the other change is named', () => says(world, 'need a restart')?.includes('cool_down'));

  configure('the-third-token', 'cool_down = "60"\n');
  world.service.process.kill('SIGHUP');
  await eventually('the mistake is told', () => says(world, 'those in force stay')?.includes('cool_down'));
  assert.equal(await answerTo(world, 'the-next-token'), 200);
  assert.equal(await answerTo(world, 'the-third-token'), 403);
  for (const token of [authToken, 'the-next-token', 'the-third-token']) {
    assert.ok(!world.service.err.includes(token), `${token} is in the log`);
  }
  assert.deepEqual(await world.stop(), {code: 0, signal: null});
});
