// Goal: what the service shows makes the shipped alerts arrive at the person who should hear of them; and a healthy
// service makes none arrive.
// Method: real Prometheus and Alertmanager watch four services with practice carriers: one is well, one is called and asked
// in every wrong way, one has a carrier that fails and nobody to tell, one loses its carrier, its database and its life.
// The rules are those that are shipped, but that `for:` is 0s: how long each is held back is judged by promtool.
import assert from 'node:assert/strict';
import {rmSync, writeFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';

import {alertRules, selectorsOf} from '../deploy/alert_rules.mjs';
import {dashboardQueries} from '../deploy/dashboard.mjs';
import {Monitoring} from './monitoring.mjs';
import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const orphan = '+14155550200';
const signUp = '+14155550300';
const nobodys = '+14155550500';
const failsafe = '+14155550900';
const token = 'acceptance-admin-token';
const fallback = 'https://fallback.example/voice.xml';

/// Of what cannot be made to happen here, and why.
const notProvoked = {
  JobrunForbiddenTextStopped: 'no event makes the program promise a forbidden text: that is what its locks are for',
  JobrunUnlistedText: 'no event makes the program promise a text that the policy does not list',
  JobrunCanarySilent: 'takes a quarter of an hour',
  JobrunSweepFails: 'takes a quarter of an hour',
  JobrunNumbersNotCompared: 'takes three hours',
  JobrunDirectorySnapshotOld: 'takes a minute in which the directory cannot be saved',
  JobrunOwnerIsStuck: 'takes a day',
  JobrunNumberPoolEmpty: 'takes a whole sign-up: sign_up.test.mjs plays one, and the alert',
  JobrunSecondAccountUsed: 'takes a second carrier: second_account.test.mjs plays one, and the metric',
  JobrunSpoolFills: 'takes eighty thousand calls without a database',
  JobrunCommitsSlow: 'takes a slow disk',
  JobrunResponsesSlow: 'takes callers who wait for minutes',
};

/// Of what happens here, in which world; '' where no target is named.
const provoked = {
  JobrunWatchdog: '',
  JobrunFailsafeUsed: 'called', JobrunOperationalNumberWithoutClient: 'called', JobrunSignUpNumberCalled: 'called',
  JobrunTextToNobody: 'called', JobrunSignaturesRefused: 'called', JobrunCarrierRefused: 'called', JobrunSweepFoundCalls: 'called',
  JobrunSweepFoundTexts: 'called', JobrunConfigurationDrift: 'called', JobrunApiTokensTried: 'called', JobrunTextsLost: 'called',
  JobrunNeedsAPerson: 'called', JobrunCanaryOff: 'called', JobrunOneAlertChannel: 'called',
  JobrunIncidentOpen: 'failing', JobrunTextsUnknown: 'failing', JobrunTextStatusesMissing: 'failing', JobrunPossibleDuplicates: 'failing',
  JobrunSenderBlocked: 'failing', JobrunCredentialsRefused: 'failing', JobrunNoAlertChannel: 'failing',
  JobrunTextsWait: 'dying', JobrunAlertsWait: 'dying', JobrunAlertChannelFails: 'dying', JobrunRestarts: 'dying', JobrunSpoolUsed: 'dying',
  JobrunSpoolDamaged: 'dying', JobrunNothingCanBeWritten: 'dying', JobrunDown: 'dying',
  JobrunAbsent: '',
};

let watch;
const worlds = {};
const instance = (name) => `127.0.0.1:${worlds[name].port}`;
/// When what an alert tells of began to happen; of what was so from the start, when it was first looked at.
const happenedAt = {};
const happens = (...names) => { for (const name of names) happenedAt[name] ??= Date.now(); };
const arrivedAt = {};
async function arrives(name) {
  const alert = await watch.arrived(name, provoked[name] && instance(provoked[name]), 60);
  arrivedAt[name] ??= alert.receivedAt;
  return alert;
}
const times = (count, act) => Promise.all(Array.from({length: count}, (_, i) => act(i)));
const write = (world, to, body) => world.ask('POST', '/practice/texts', {from: newCaller(), to, body, wait: true});

/// Two channels, canaries, numbers that are set up as they should be, and a caller who is texted.
async function openHealthy() {
  const world = await World.open(null, {settings: {JOBRUN_CANARY_EVERY: '2s', JOBRUN_DRIFT_CHECK_EVERY: '1s',
    JOBRUN_OPERATOR_PHONE: '+14155559999', JOBRUN_FAILSAFE_SENDER: failsafe}});
  worlds.healthy = world;
  await world.business(business);
  for (const number of [business, failsafe]) await world.setNumber(number, {VoiceFallbackUrl: fallback});
  await eventually('the numbers are compared', async () => await world.metric('configuration_compared_age_seconds') < 5 &&
    await world.metric('configuration_drift_numbers') === 0);
  await eventually('a canary comes through', async () => (await world.rows("SELECT 1 FROM calls WHERE origin = 'canary' AND outcome = 'texted'")).length > 0);
}

async function openCalled() {
  const world = await World.open(null, {settings: {JOBRUN_SWEEP_EVERY: '2s', JOBRUN_SWEEP_GRACE: '1s', JOBRUN_DRIFT_CHECK_EVERY: '1s',
    JOBRUN_ADMIN_TOKEN: token}});
  worlds.called = world;
  await world.business(business);
  await world.run('numbers', 'add', orphan, '--role', 'operational');
  await world.run('numbers', 'add', signUp, '--role', 'onboarding');
  await world.noticed();
}

/// Its statuses are lost, and it has no channel for alerts.
async function openFailing() {
  const world = await World.open(null, {settings: {JOBRUN_OUTCOME_DEADLINE: '1s', JOBRUN_UNKNOWN_DEADLINE: '1s', JOBRUN_UNKNOWN_LOOK_EVERY: '1s',
    JOBRUN_ALERT_WEBHOOK_URL: '', JOBRUN_ALERT_WEBHOOK_SECRET: ''}});
  worlds.failing = world;
  await world.business(business);
}

/// Nobody answers it: neither to a text nor to an alert.
async function openDying() {
  const world = await World.open(null, {settings: {JOBRUN_OUTCOME_DEADLINE: '1h'}});
  worlds.dying = world;
  await world.business(business);
  await world.practice.end('SIGKILL');
  await times(5, () => world.ended(business));
  await times(5, () => world.ended(business, {from: 'anonymous'}));
  await eventually('texts and alerts wait', async () => await world.metric('outbox_waiting') === 5 && await world.metric('alerts_waiting') >= 5);
  await world.kill();
  await world.write('UPDATE texts SET promised_at = promised_at - 400000');
  await world.start();
}

let watchedFrom;
before(async () => {
  await Promise.all([openHealthy(), openCalled(), openFailing(), openDying()]);
  watch = await Monitoring.start(Object.keys(worlds).map(instance));
  watchedFrom = Date.now();
  await eventually('each was looked at twice', async () =>
    (await watch.query('count_over_time(up{job="jobrun"}[1m]) >= 2 and up == 1')).length === Object.keys(worlds).length, 60);
});
after(async () => {
  await watch?.close();
  await Promise.all(Object.values(worlds).map((world) => world.close()));
});

test('every rule is provoked here, or there is a reason why not', () => {
  const named = [...Object.keys(provoked), ...Object.keys(notProvoked)].sort();
  assert.deepEqual(named, alertRules().map(({name}) => name).sort());
  assert.equal(new Set(named).size, named.length);
});

test('Prometheus has read the rules as the checks of the documents have', async () => {
  const read = await watch.rules();
  assert.deepEqual(read.map(({name, labels, annotations}) => [name, labels.severity, labels.kind ?? '', annotations.runbook, annotations.summary]).sort(),
    alertRules().map(({name, severity, kind, runbook, summary}) => [name, severity, kind, runbook, summary]).sort());
  for (const {name, health, lastError} of read) assert.equal(health, 'ok', `${name}: ${lastError}`);
});

test('Prometheus answers every query of the dashboard, from metrics that the service has', async () => {
  const {data: names} = await (await fetch(`${watch.url}/api/v1/label/__name__/values`)).json();
  await Promise.all(dashboardQueries().map(async ({title, expr}) => {
    await watch.query(expr);
    for (const {metric} of selectorsOf(expr)) assert.ok(names.includes(metric), `${title}: the service has no ${metric}`);
  }));
});

describe('what happens to callers arrives', {concurrency: true}, () => {
  test('a call to a number that nobody registered: the caller is texted, and the alert of P3 comes to who registers numbers', async () => {
    const world = worlds.called;
    happens('JobrunFailsafeUsed');
    const call = await world.place({to: nobodys});
    assert.equal((await world.outcome(call.call_sid)).outcome, 'texted');
    const alert = await arrives('JobrunFailsafeUsed');
    assert.deepEqual([alert.receiver, alert.labels.severity], ['within_a_day', 'P3']);
    assert.match(alert.annotations.description, /The caller was served/);
    assert.equal(alert.annotations.runbook, 'docs/OPERATIONS.md#the-fail-safe-was-used-p3');
  });

  test('calls and texts that nobody should have made, lost webhooks, lost texts, strangers', async () => {
    const world = worlds.called;
    happens('JobrunOperationalNumberWithoutClient', 'JobrunSignUpNumberCalled', 'JobrunTextToNobody', 'JobrunSignaturesRefused',
      'JobrunCarrierRefused', 'JobrunApiTokensTried', 'JobrunNeedsAPerson');
    await world.ended(orphan);
    await times(8, () => world.ended(signUp));
    await write(world, nobodys, 'Is anybody there?');
    await times(30, () => world.post('/twilio/status', {CallSid: newCallSid()}, {signature: 'bm90aGluZw=='}));
    await times(30, () => fetch(`${world.url}/api/v1/incidents`, {headers: {Authorization: 'Bearer a-wrong-token-of-a-stranger'}}));
    await world.knobs({webhook_faults: [{on: 'call_status', do: 'drop'}, {on: 'sms', do: 'drop'}]});
    happens('JobrunSweepFoundCalls', 'JobrunSweepFoundTexts');
    await world.place({to: business});
    await write(world, business, 'Leak');
    await Promise.all(['JobrunSweepFoundCalls', 'JobrunSweepFoundTexts'].map(arrives));
    await world.knobs({webhook_faults: [], text_fates: [{fate: 'undelivered', code: 30005}]});
    happens('JobrunTextsLost');
    await times(15, () => world.ended(business));
    await Promise.all(Object.keys(provoked).filter((name) => provoked[name] === 'called').map(arrives));
    assert.equal((await arrives('JobrunOperationalNumberWithoutClient')).receiver, 'now');
    await eventually('whose text was lost needs a person', () => watch.told.some(({labels}) => labels.alertname === 'JobrunNeedsAPerson' && labels.kind === 'text_refused'));
  });

  test('a carrier that fails, and nobody to tell', async () => {
    const world = worlds.failing;
    const caller = newCaller();
    await world.knobs({webhook_faults: [{on: 'text_status', do: 'drop'}], api_faults: [{on: 'send_text', to: caller, next: 1, do: 'fail_before_accepting'}]});
    happens('JobrunPossibleDuplicates', 'JobrunTextStatusesMissing', 'JobrunTextsUnknown', 'JobrunIncidentOpen');
    await world.ended(business, {from: caller});
    await times(15, () => world.ended(business));
    await Promise.all(['JobrunPossibleDuplicates', 'JobrunTextStatusesMissing', 'JobrunNoAlertChannel'].map(arrives));
    await world.knobs({api_faults: [{on: 'send_text', do: 'fail_after_accepting'}, {on: 'list_texts', do: 'fail_before_accepting'}]});
    await world.ended(business);
    await Promise.all(['JobrunTextsUnknown', 'JobrunIncidentOpen'].map(arrives));
    assert.deepEqual([(await arrives('JobrunIncidentOpen')).receiver, (await arrives('JobrunTextsUnknown')).receiver], ['now', 'within_the_hour']);
    await world.knobs({api_faults: [{on: 'send_text', do: 'refuse', code: 30034}]});
    happens('JobrunSenderBlocked');
    await world.ended(business);
    await arrives('JobrunSenderBlocked');
    await world.knobs({api_faults: [{on: 'send_text', do: 'refuse', code: 20003}]});
    happens('JobrunCredentialsRefused');
    await world.ended(nobodys);
    await arrives('JobrunCredentialsRefused');
  });

  test('no carrier, no database, no disk, no service', async () => {
    const world = worlds.dying;
    await Promise.all(['JobrunTextsWait', 'JobrunAlertsWait'].map(arrives));
    for (let start = 1; start <= 3; ++start) {
      happens('JobrunDown');
      await world.kill();
      if (start === 3) happens('JobrunRestarts', 'JobrunSpoolDamaged');
      if (start === 3) writeFileSync(`${world.database}.spool/events-00000900.spool`, 'rubbish');
      await world.start();
      const since = await world.metric('process_start_time_seconds');
      await eventually('the start is seen', async () =>
        (await watch.query(`process_start_time_seconds{instance="${instance('dying')}"} >= ${since}`)).length > 0);
    }
    await Promise.all(['JobrunRestarts', 'JobrunSpoolDamaged', 'JobrunAlertChannelFails'].map(arrives));
    happens('JobrunSpoolUsed');
    world.moveDatabaseAway();
    await world.ended(business);
    await arrives('JobrunSpoolUsed');
    happens('JobrunNothingCanBeWritten');
    rmSync(`${world.database}.spool`, {recursive: true});
    const answer = await world.post('/twilio/voice', {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'ringing', Direction: 'inbound'});
    assert.equal(answer.status, 503);
    await arrives('JobrunNothingCanBeWritten');
    await world.kill();
    assert.equal((await arrives('JobrunDown')).labels.severity, 'P0');
  });
});

test('a healthy service, and one that was called, made nothing arrive', async () => {
  const world = worlds.healthy;
  assert.equal((await world.outcome(await world.ended(business))).outcome, 'texted');
  await eventually('that was looked at', async () =>
    (await watch.query(`voice_customer_intake_total{instance="${instance('healthy')}"} == 1`)).length > 0);
  // What the rules hold back may be so for a moment, such as a text on its way.
  const heldBack = alertRules().filter(({hold}) => hold).map(({name}) => name);
  const told = watch.told.filter((alert) => alert.labels.instance === instance('healthy') && !heldBack.includes(alert.labels.alertname))
    .map((alert) => alert.labels.alertname);
  assert.deepEqual([...new Set(told)], []);
});

test('the watchdog comes again and again, and to its own receiver', async () => {
  assert.equal((await arrives('JobrunWatchdog')).receiver, 'watchdog');
});

test('without a target of ours, somebody is told', async () => {
  happens('JobrunAbsent');
  await watch.forgetTargets();
  assert.equal((await arrives('JobrunAbsent')).receiver, 'now');
});

// Scraped and judged each second here, and held back by nothing: what is shipped adds at most its two intervals and `for:`.
test('how long each alert took from what it tells of to its receiver is measured', (t) => {
  for (const name of Object.keys(provoked)) {
    assert.ok(arrivedAt[name] > 0, name);
    const since = happenedAt[name] ?? watchedFrom;
    t.diagnostic(`${name}: ${((arrivedAt[name] - since) / 1000).toFixed(1)} s from ${happenedAt[name] ? 'the event' : 'the first look'} to the receiver`);
  }
});
