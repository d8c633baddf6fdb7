// Goal: whatever keeps calls from reaching us, or their callers from being answered, is told before a caller finds
// it: when somebody asks (`jobrun doctor`), and by the service itself. What could not be found out is never well.
// Method: a world in which all is well; then one thing at a time is spoiled, at the carrier, in the settings, on the
// disk, and mended again.
import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

import {SmallDisk, hasRunWithOwnMounts, whyNoDisks} from './disks.mjs';
import {World, accountSid, authToken, eventually, newCaller, newCallSid, sign} from './world.mjs';

if (hasRunWithOwnMounts(fileURLToPath(import.meta.url))) process.exit();

const publicUrl = 'https://jobrun.example';
const business = '+14155550100';
const failsafe = '+14155550190';
const fallback = 'https://static.example/fallback.xml';

/// Sets fields of a number at the carrier; the practice carrier makes one that nobody has used yet.
async function atCarrier(world, number, form) {
  const headers = {Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`};
  const list = `${world.practiceUrl}/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers`;
  const listed = await (await fetch(`${list}.json?PhoneNumber=${encodeURIComponent(number)}`, {headers})).json();
  const changed = await fetch(`${list}/${listed.incoming_phone_numbers[0].sid}.json`, {method: 'POST', headers, body: new URLSearchParams(form)});
  assert.equal(changed.status, 200, await changed.text());
}

/// Everything as it should be: a business, the sender of fail-safe texts, both set up at the carrier.
async function wellWorld(t, settings = {}) {
  const world = await World.open(t, {settings: {JOBRUN_PUBLIC_URL: publicUrl, JOBRUN_FAILSAFE_SENDER: failsafe, JOBRUN_SWEEP_EVERY: '1h', ...settings}});
  await world.knobs({service_url: publicUrl});
  await world.business(business);
  for (const number of [business, failsafe]) await atCarrier(world, number, {VoiceFallbackUrl: fallback});
  return world;
}

/// {code, rows by name}; a report that is well exactly when it ends with 0 and no row is anything else.
async function doctor(world) {
  const done = await world.cli('doctor', '--json');
  const report = JSON.parse(done.out);
  const rows = Object.fromEntries(report.checks.map((check) => [check.name, check]));
  const isWell = report.checks.every((check) => check.verdict === 'well');
  assert.equal(report.well, isWell);
  assert.equal(done.code, isWell ? 0 : 1, done.out);
  return {code: done.code, rows, text: done.out};
}

test('where all is well the doctor says so of everything, with a service and by a table too', async (t) => {
  const world = await wellWorld(t);
  const {code, rows, text} = await doctor(world);
  assert.equal(code, 0, text);
  assert.deepEqual(Object.keys(rows), ['settings', 'database', 'integrity', 'directory', 'guard', 'spool', 'service', 'public URL', 'alerts', 'credentials', 'clock', 'numbers']);
  assert.match(rows.numbers.found, /all 2 numbers/);
  const table = await world.cli('doctor');
  assert.equal(table.code, 0);
  assert.match(table.out, /^well +settings +they are valid\n/);
  assert.match(table.out, /All is well\.\n$/);
  assert.deepEqual(await doctor(world).then((again) => again.rows.numbers), rows.numbers, 'looking changes nothing');
});

test('each mistake at the carrier is told with the number, and no longer once it is mended', async (t) => {
  const world = await wellWorld(t);
  const mistakes = [
    [business, {VoiceUrl: 'https://old.example/voice'}, {VoiceUrl: `${publicUrl}/twilio/voice`}, /voice URL is https:\/\/old\.example\/voice instead of/],
    [business, {VoiceMethod: 'GET'}, {VoiceMethod: 'POST'}, /by GET instead of POST/],
    [business, {StatusCallback: ''}, {StatusCallback: `${publicUrl}/twilio/status`}, /call status URL is not set/],
    [business, {SmsUrl: ''}, {SmsUrl: `${publicUrl}/twilio/sms`}, /message URL is not set/],
    [business, {VoiceFallbackUrl: ''}, {VoiceFallbackUrl: fallback}, /fallback URL is not set/],
    [failsafe, {VoiceFallbackUrl: `${publicUrl}/f.xml`}, {VoiceFallbackUrl: fallback}, /JOBRUN_FAILSAFE_SENDER.*on our own host/],
    ['+14155550177', {FriendlyName: 'bought and forgotten'}, {VoiceUrl: '', StatusCallback: ''}, /nobody registered it/],
  ];
  for (const [number, spoil, mend, told] of mistakes) {
    await atCarrier(world, number, spoil);
    const {code, rows, text} = await doctor(world);
    assert.equal(code, 1);
    assert.equal(rows[`number ${number}`]?.verdict, 'mend', text);
    assert.match(rows[`number ${number}`].found, told);
    assert.ok(rows[`number ${number}`].advice);
    await atCarrier(world, number, mend);
    assert.equal((await doctor(world)).code, 0, `mended: ${told}`);
  }
  await world.run('numbers', 'add', '+14155550155', '--role', 'onboarding');
  assert.match((await doctor(world)).rows['number +14155550155'].found, /not on the carrier's account/);
});

test('what the carrier does not tell is unknown; refused credentials are to be mended', async (t) => {
  const world = await wellWorld(t);
  world.settings.JOBRUN_TWILIO_AUTH_TOKEN = 'yesterdays-token';
  let {rows} = await doctor(world);
  assert.equal(rows.credentials.verdict, 'mend');
  assert.equal(rows.numbers.verdict, 'unknown');
  world.settings.JOBRUN_TWILIO_AUTH_TOKEN = authToken;
  for (const fault of [{do: 'fail_before_accepting'}, {do: 'answer_garbage', http_status: 200}]) {
    await world.knobs({api_faults: [{on: 'numbers', next: 1, ...fault}]});
    ({rows} = await doctor(world));
    for (const name of ['credentials', 'clock', 'numbers']) assert.equal(rows[name].verdict, 'unknown', `${fault.do}: ${name}`);
  }
  await world.practice.end('SIGKILL');
  const away = await doctor(world);
  assert.equal(away.code, 1);
  assert.equal(away.rows.numbers.verdict, 'unknown');
  assert.equal(away.rows.service.verdict, 'well');
});

test('settings, database, snapshot and service are looked at, whichever of them fails', async (t) => {
  const world = await wellWorld(t);
  world.settings.JOBRUN_PUBLIC_URL = 'http://jobrun.example';
  assert.equal((await doctor(world)).rows['public URL'].verdict, 'mend');
  world.settings.JOBRUN_PUBLIC_URL = publicUrl;
  world.settings.JOBRUN_ALERT_WEBHOOK_URL = '';
  assert.equal((await doctor(world)).rows.alerts.verdict, 'mend');
  delete world.settings.JOBRUN_ALERT_WEBHOOK_URL;

  world.settings.JOBRUN_COOL_DOWN = 'soon';
  let {rows} = await doctor(world);
  assert.equal(rows.settings.verdict, 'mend');
  assert.match(rows.settings.found, /cool_down/);
  assert.equal(rows.database.verdict, 'well', 'what can be known is told');
  assert.equal(rows.numbers.verdict, 'unknown');
  delete world.settings.JOBRUN_COOL_DOWN;

  await world.stop();
  ({rows} = await doctor(world));
  assert.equal(rows.service.verdict, 'mend');
  assert.match(rows.service.advice, /jobrun serve/);
  await world.run('numbers', 'remove', business);
  ({rows} = await doctor(world));
  assert.equal(rows.directory.verdict, 'mend', 'the snapshot is behind the database');
  writeFileSync(`${world.database}.directory`, 'not a snapshot');
  assert.match((await doctor(world)).rows.directory.found, /damaged/);
  renameSync(world.database, `${world.database}.gone`);
  ({rows} = await doctor(world));
  assert.equal(rows.database.verdict, 'mend');
  assert.equal(rows.numbers.verdict, 'unknown');
});

/// Ends a call while the database is away: what it takes is in the spool.
async function spooledCall(world) {
  const call = {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'};
  const signature = sign(`${publicUrl}/twilio/status`, Object.entries(call));
  assert.equal((await world.post('/twilio/status', call, {signature})).status, 200);
  return call.CallSid;
}

test('events that wait in the spool are told, with a service and without one, and left as they are', async (t) => {
  const world = await wellWorld(t);
  const spool = `${world.database}.spool`;
  const files = () => readdirSync(spool).map((name) => [name, statSync(`${spool}/${name}`).size, statSync(`${spool}/${name}`).ino]);
  world.moveDatabaseAway();
  const sid = await spooledCall(world);
  let {rows} = await doctor(world);
  assert.equal(rows.spool.verdict, 'mend');
  assert.match(rows.spool.found, /events in .*\.spool that wait for the database: [1-9]/);
  assert.match(rows.spool.advice, /The database cannot be written/);
  await world.kill();
  const before = files();
  ({rows} = await doctor(world));
  assert.equal(rows.spool.verdict, 'mend');
  assert.match(rows.spool.advice, /start the service: it takes them up/);
  assert.deepEqual(files(), before, 'looking changes nothing');
  world.putDatabaseBack();
  await world.start();
  await world.outcome(sid);
  const mended = await doctor(world);
  assert.equal(mended.code, 0, mended.text);
});

test('a spool that was damaged, cannot be written or has no place is told, and no longer once it is mended', async (t) => {
  const world = await wellWorld(t);
  const kept = `${world.database}.spool/events-00000900.spool.damaged`;
  writeFileSync(kept, 'rubbish');
  let {rows} = await doctor(world);
  assert.equal(rows.spool.verdict, 'mend');
  assert.match(rows.spool.found, /set aside: 1/);
  rmSync(kept);
  assert.equal((await doctor(world)).code, 0);
  const elsewhere = `${world.folder}/elsewhere`;
  writeFileSync(elsewhere, 'a file');
  world.settings.JOBRUN_SPOOL_DIR = elsewhere;
  ({rows} = await doctor(world));
  assert.equal(rows.spool.verdict, 'mend');
  assert.match(rows.spool.found, /Not a directory/);
  assert.match(rows.spool.advice, /JOBRUN_SPOOL_DIR/);
  rmSync(elsewhere);
  assert.equal((await doctor(world)).rows.spool.verdict, 'well', 'it can be made');
  assert.ok(!readdirSync(world.folder).includes('elsewhere'), 'and is not made by a look');
  world.settings.JOBRUN_COOL_DOWN = 'soon';
  ({rows} = await doctor(world));
  assert.equal(rows.spool.verdict, 'unknown', 'another folder may have been set');
  assert.equal(rows.guard.verdict, 'well');
});

test('a disk that is too small for what the spool may take is told', {skip: whyNoDisks() && `SKIPPED: ${whyNoDisks()}`}, async (t) => {
  const world = await wellWorld(t);
  for (const [size, verdict] of [['66m', 'well'], ['40m', 'mend']]) {
    const disk = new SmallDisk(t, size);
    mkdirSync(disk.file('spool'));
    world.settings.JOBRUN_SPOOL_DIR = disk.file('spool');
    const {rows, text} = await doctor(world);
    assert.equal(rows.spool.verdict, verdict, text);
    if (verdict === 'mend') assert.match(rows.spool.found, /only 40 MB free of the 64 MB/);
  }
});

test('a guard that a start could not use is told, and one that nobody needs yet is not missed', async (t) => {
  const world = await wellWorld(t);
  const guard = `${world.database}.guard`;
  await world.stop();
  truncateSync(guard, statSync(guard).size >> 1);
  let {rows} = await doctor(world);
  assert.equal(rows.guard.verdict, 'mend');
  assert.match(rows.guard.found, /damaged: started without its database, the service would text no client's callers/);
  rmSync(guard);
  ({rows} = await doctor(world));
  assert.equal(rows.guard.verdict, 'mend');
  assert.match(rows.guard.found, /there is no /);
  await world.start();
  const mended = await doctor(world);
  assert.equal(mended.code, 0, mended.text);

  world.settings.JOBRUN_DATABASE_URL = `sqlite://${world.folder}/new.db`;
  assert.equal((await world.cli('migrate')).code, 0);
  ({rows} = await doctor(world));
  assert.equal(rows.guard.verdict, 'well', rows.guard.found);
  assert.equal(rows.spool.verdict, 'well', rows.spool.found);
});

test('the service itself compares: an alert and a gauge while a number points elsewhere', async (t) => {
  const world = await wellWorld(t, {JOBRUN_DRIFT_CHECK_EVERY: '1s'});
  const drifted = () => world.metric('configuration_drift_numbers');
  await eventually('all is well', async () => (await drifted()) === 0 && (await world.metric('configuration_compared_age_seconds')) < 3);
  const before = (await world.alerts()).filter((alert) => alert.kind === 'configuration_drift').length;
  await atCarrier(world, business, {VoiceUrl: 'https://old.example/voice'});
  await eventually('the gauge', async () => (await drifted()) === 1);
  const alert = await eventually('the alert', async () => (await world.alerts()).filter((each) => each.kind === 'configuration_drift')[before]);
  assert.equal(alert.audience, 'operator');
  assert.match(alert.summary, /https:\/\/old\.example\/voice/);
  await world.line({level: 'warning', message: 'a number is not set up at the carrier as needed', number: business});
  await atCarrier(world, business, {VoiceUrl: `${publicUrl}/twilio/voice`});
  await eventually('the gauge falls', async () => (await drifted()) === 0);
  await world.practice.end('SIGKILL');
  await world.line({level: 'warning', message: "our numbers could not be compared with the carrier's"});
  assert.equal(await drifted(), 0, 'what is known stays; its age tells that it is old');
});
