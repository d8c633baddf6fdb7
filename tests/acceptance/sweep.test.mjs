// Goal: whoever called is served, also when no webhook ever told of the call: the carrier's list of calls is swept.
// Method: the practice carrier loses a share of its callbacks, or calls come while the service is down; then every
// handset, outcome and alert is looked at. Sweeps come as often as may be set.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {describe, test} from 'node:test';

import {World, eventually, finalStatuses, newCaller} from './world.mjs';

const business = '+14155550100';
const settings = {JOBRUN_SWEEP_EVERY: '2s', JOBRUN_SWEEP_GRACE: '1s'};

const found = (world) => world.metric('sweep_calls_found_total');
const sweepAlerts = async (world) => (await world.alerts()).filter((alert) => alert.kind === 'sweep_found' && alert.answered === 204);

async function expectEachTextedOnce(world, callers) {
  await eventually('every call has ended as texted',
    async () => await world.count('calls', "outcome = 'texted'") === callers.length, 60);
  assert.deepEqual((await world.texts()).map((text) => text.to).sort(), [...callers].sort());
  assert.deepEqual(await world.run('calls', 'list', '--open'), []);
}

describe('callbacks are lost', {concurrency: true}, () => {
  for (const percent of [10, 50, 100]) {
    test(`${percent} % of them: every caller is texted once, and the operator is told`, async (t) => {
      const world = await World.open(t, {settings});
      await world.business(business);
      const callers = Array.from({length: 40}, newCaller);
      const lost = callers.slice(0, callers.length * percent / 100);
      await world.knobs({webhook_faults: lost.map((from) => ({on: 'call_status', from, do: 'drop'}))});
      const calls = await Promise.all(callers.map((from) => world.place({from, to: business})));
      await expectEachTextedOnce(world, callers);
      await eventually('each is counted', async () => await found(world) === lost.length);
      await eventually('the operator is told', async () => (await sweepAlerts(world)).length > 0);
      assert.equal((await sweepAlerts(world))[0].audience, 'operator');

      // What comes late is known already.
      const before = await world.metric('events_duplicate_total');
      const late = calls.find((call) => call.from === lost[0]);
      await world.ended(business, {from: late.from, sid: late.call_sid, status: late.status});
      await eventually('it is known', async () => await world.metric('events_duplicate_total') === before + 1);
      assert.equal((await world.texts()).length, callers.length);
    });
  }

  test('nothing is found, and nobody is told, when none is lost', async (t) => {
    const world = await World.open(t, {settings});
    await world.business(business);
    const callers = Array.from({length: 10}, newCaller);
    await Promise.all(callers.map((from) => world.place({from, to: business})));
    await expectEachTextedOnce(world, callers);
    const listed = async () => (await world.ask('GET', '/practice/requests?limit=1000')).requests.filter((each) => each.target.includes('/Calls.json')).length;
    const soFar = await listed();
    await eventually('two more sweeps', async () => await listed() >= soFar + 2);
    assert.equal(await found(world), 0);
    assert.deepEqual(await world.alerts(), []);
    assert.equal((await world.texts()).length, callers.length);
  });

  test('every final status is found, and a caller who cannot be texted is escalated', async (t) => {
    const world = await World.open(t, {settings});
    await world.business(business);
    await world.knobs({webhook_faults: [{on: 'any', do: 'drop'}]});
    const calls = await Promise.all(finalStatuses.map((scenario) => world.place({from: newCaller(), to: business, scenario, voice: false})));
    const hidden = await world.place({from: 'anonymous', to: business, scenario: 'no-answer', voice: false});
    for (const call of calls) {
      const served = await world.outcome(call.call_sid);
      assert.equal(served.outcome, 'texted', call.status);
      assert.equal(served.status, call.status);
    }
    assert.equal((await world.outcome(hidden.call_sid)).outcome, 'escalated');
  });
});

describe('the service was down', {concurrency: true}, () => {
  test('while 100 calls came: each is served once on return, and the operator is told', async (t) => {
    const world = await World.open(t, {settings});
    await world.business(business);
    await world.outcome(await world.ended(business));
    await world.stop();
    const calls = await world.place({from: '+16285559000', to: business, times: 100, vary_from: true});
    await world.start();
    // Nor is anybody served twice when it dies over that.
    await eventually('some are served', async () => await world.count('calls', "origin = 'sweep'") > 0);
    await world.kill();
    await world.start();
    // A text that was in flight when it died is looked for three times, 15 s apart, before it is sent again.
    await eventually('all are served', async () => await world.count('calls', "origin = 'sweep' AND outcome = 'texted'") === 100, 150);
    const texted = (await world.texts()).map((text) => text.to).filter((to) => to.startsWith('+162855590'));
    assert.deepEqual(texted.sort(), calls.map((call) => call.from).sort());
    await eventually('the operator is told', async () => (await sweepAlerts(world)).length > 0);
    await eventually('no incident is left', async () => (await world.run('incidents')).length === 0);
  });

  test('calls from before the installation are not served', async (t) => {
    const world = await World.open(t, {serve: false});
    await world.startPractice();
    world.settings = settings;
    await world.place({from: newCaller(), to: business, voice: false, status: false});
    // The carrier tells no parts of seconds.
    const second = Math.floor(Date.now() / 1000);
    await eventually('that second is over', () => Math.floor(Date.now() / 1000) > second);
    await world.start();
    await world.business(business);
    const after = await world.place({from: newCaller(), to: business, voice: false, status: false});
    assert.equal((await world.outcome(after.call_sid)).outcome, 'texted');
    assert.equal((await world.texts()).length, 1);
  });
});

test('a list that cannot be read hides nothing: what was lost meanwhile is found once it can', async (t) => {
  const world = await World.open(t, {settings});
  await world.business(business);
  await world.knobs({api_faults: [{on: 'list_calls', do: 'fail_before_accepting'}]});
  const from = newCaller();
  const lost = await world.place({from, to: business, voice: false, status: false});
  await world.line({level: 'warning', message: /could not be swept/});
  await eventually('the age of the last sweep grows', async () => await world.metric('sweep_age_seconds') > 3);
  assert.equal((await world.rows('SELECT COUNT(*) AS n FROM calls'))[0].n, 0);
  await world.knobs({api_faults: []});
  assert.equal((await world.outcome(lost.call_sid)).outcome, 'texted');
  await eventually('the last sweep is recent', async () => await world.metric('sweep_age_seconds') < 3);
});

test('calls to numbers that point elsewhere are not ours, and a call that a person took is answered', async (t) => {
  const world = await World.open(t, {settings});
  const [elsewhere, dialled] = ['+14155550101', '+14155550102'];
  await world.business(business);
  await world.run('numbers', 'add', elsewhere, '--role', 'system');
  await world.run('numbers', 'add', dialled, '--role', 'system');
  await world.noticed();
  // Somebody else's answer to the call: it rings a person.
  const other = createServer((request, response) => {
    response.writeHead(200, {'Content-Type': 'text/xml'});
    response.end('<Response><Dial><Number>+14155559000</Number></Dial></Response>');
  });
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const otherUrl = `http://127.0.0.1:${other.address().port}`;
  await world.setNumber(elsewhere, {VoiceUrl: `${otherUrl}/voice`, StatusCallback: `${otherUrl}/status`});
  await world.setNumber(dialled, {VoiceUrl: `${otherUrl}/voice`});
  await world.knobs({webhook_faults: [{on: 'call_status', do: 'drop'}]});

  const away = await world.place({from: newCaller(), to: elsewhere, scenario: 'no-answer'});
  const taken = await world.place({from: newCaller(), to: dialled, dial: 'answered'});
  const missed = await world.place({from: newCaller(), to: dialled, dial: 'no-answer'});
  assert.equal((await world.outcome(taken.call_sid)).outcome, 'answered');
  assert.equal((await world.outcome(missed.call_sid)).outcome, 'texted');
  assert.deepEqual((await world.texts()).map((text) => text.to), [missed.from]);
  assert.notEqual((await world.cli('calls', 'show', away.call_sid)).code, 0);
});
