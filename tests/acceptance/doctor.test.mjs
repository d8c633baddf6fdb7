// Goal: whatever keeps calls from reaching us, or their callers from being answered, is told before a caller finds
// it: when somebody asks (`jobrun doctor`), and by the service itself. What could not be found out is never well.
// Method: a world in which all is well; then one thing at a time is spoiled, at the carrier, in the settings, on the
// disk, and mended again.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

import {SmallDisk, hasRunWithOwnMounts, whyNoDisks} from './disks.mjs';
import {PublicSide, hasRunWithOwnNetwork, publicAddress, whyNoNetwork} from './networks.mjs';
import {World, accountSid, authToken, binary, eventually, newCaller, newCallSid, sign} from './world.mjs';

const thisFile = fileURLToPath(import.meta.url);
if (hasRunWithOwnNetwork(thisFile) || hasRunWithOwnMounts(thisFile)) process.exit();

const publicUrl = 'https://jobrun.example';
const business = '+14155550100';
const failsafe = '+14155550190';
const fallback = 'https://static.example/fallback.xml';

/// What the world looks like from outside; null where nobody has a network of his own.
const publicSide = whyNoNetwork() ? null : await PublicSide.open('jobrun.example', 20);
const outside = ['reachable', 'certificates'];

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

/// {code, rows by name}; a report that is well exactly when it ends with 0 and no row is anything else. Where there is
/// no outside, its rows cannot be well: then `code` is that of the others.
async function doctor(world, ...options) {
  const done = await world.cli('doctor', '--json', ...options);
  const report = JSON.parse(done.out);
  const rows = Object.fromEntries(report.checks.map((check) => [check.name, check]));
  const isWell = report.checks.every((check) => check.verdict === 'well');
  assert.equal(report.well, isWell);
  assert.equal(done.code, isWell ? 0 : 1, done.out);
  const known = report.checks.filter(({name}) => publicSide || !outside.includes(name));
  return {code: known.every((check) => check.verdict === 'well') ? 0 : 1, rows, text: done.out, report};
}

test('where all is well the doctor says so of everything, with a service and by a table too', async (t) => {
  const world = await wellWorld(t);
  const {code, rows, text} = await doctor(world);
  assert.equal(code, 0, text);
  assert.deepEqual(Object.keys(rows), ['settings', 'database', 'integrity', 'directory', 'disk', 'guard', 'spool', 'service',
    'public URL', 'reachable', 'certificates', 'alerts', 'credentials', 'clock', 'numbers', 'account', 'balance', 'messaging']);
  assert.match(rows.numbers.found, /all 2 numbers/);
  const table = await world.cli('doctor');
  assert.match(table.out, /^well +settings +they are valid\n/);
  if (publicSide) assert.equal(table.code, 0);
  if (publicSide) assert.match(table.out, /All is well\.\n$/);
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

test('each trouble of the account is told in its row, and no longer once it is over', async (t) => {
  const world = await wellWorld(t);
  const service = {name: 'Texts', numbers: [business], use_inbound_webhook_on_number: true, campaign_status: 'VERIFIED'};
  const troubles = [
    ['account', {account_status: 'suspended'}, /the account is suspended/],
    ['account', {account_status: 'closed'}, /the account is closed/],
    ['account', {account_type: 'Trial'}, /trial account/],
    ['balance', {balance: '19.99'}, /USD 19\.99 is left, less than 20/],
    ['balance', {balance: '-4'}, /USD -4\.00/],
    ['messaging', {messaging_services: [{...service, use_inbound_webhook_on_number: false}]}, /drops the texts that come in/],
    ['messaging', {messaging_services: [{...service, use_inbound_webhook_on_number: false, inbound_request_url: 'https://old.example/sms'}]}, /takes its texts to https:\/\/old\.example\/sms/],
    ['registration', {messaging_services: [{...service, campaign_status: ''}]}, /not registered/],
    ['registration', {messaging_services: [{...service, campaign_status: 'FAILED'}]}, /is FAILED/],
  ];
  for (const [row, knobs, told] of troubles) {
    await world.knobs(knobs);
    const {rows, text} = await doctor(world);
    assert.equal(rows[row]?.verdict, 'mend', text);
    assert.match(rows[row].found, told);
    assert.ok(rows[row].advice);
    if (row === 'messaging') assert.equal(rows[`number ${business}`]?.verdict, 'mend', 'the number is named too');
    await world.knobs(Object.fromEntries(Object.keys(knobs).map((name) => [name, null])));
  }
  await world.knobs({messaging_services: [service]});
  const {code, rows, text} = await doctor(world);
  assert.equal(code, 0, text);
  assert.equal(rows.registration.verdict, 'well');
  world.settings.JOBRUN_BALANCE_LOW = '200';
  assert.equal((await doctor(world)).rows.balance.verdict, 'mend');
});

test('what of the account the carrier does not tell is unknown, and hides nothing else', async (t) => {
  const world = await wellWorld(t);
  for (const [on, row] of [['balance', 'balance'], ['messaging', 'messaging'], ['account', 'account']]) {
    for (const fault of [{do: 'refuse', code: 20003, http_status: 403}, {do: 'refuse', code: 20404, http_status: 404}, {do: 'answer_garbage', http_status: 200}]) {
      await world.knobs({api_faults: [{on, next: 1, ...fault}]});
      const {rows, text} = await doctor(world);
      assert.equal(rows[row].verdict, 'unknown', text);
      assert.ok(rows[row].advice);
      assert.equal(rows.numbers.verdict, 'well');
    }
  }
  world.settings.JOBRUN_TWILIO_MESSAGING_URL = 'http://127.0.0.1:9';
  const {rows} = await doctor(world);
  assert.equal(rows.messaging.verdict, 'unknown');
  assert.equal(rows.balance.verdict, 'well');
});

test('what keeps the carrier from the public URL is told', {skip: whyNoNetwork() && `SKIPPED: ${whyNoNetwork()}`}, async (t) => {
  const world = await wellWorld(t);
  t.after(async () => {
    publicSide.status = 200;
    publicSide.setHosts(`${publicAddress} jobrun.example`);
    await publicSide.serve(20);
  });
  const expect = async (row, verdict, found) => {
    const {rows, text} = await doctor(world);
    assert.equal(rows[row].verdict, verdict, text);
    assert.match(rows[row].found, found);
    assert.ok(verdict === 'well' || rows[row].advice);
  };
  await expect('certificates', 'well', /good for (19|20) more days/);
  await publicSide.serve(13);
  await expect('certificates', 'mend', /good for 1[23] more days/);
  await publicSide.serve(20, {authority: false});
  await expect('certificates', 'mend', /proves nothing/);
  await expect('reachable', 'unknown', /nothing answers/);
  await publicSide.serve(20);
  publicSide.status = 502;
  await expect('reachable', 'mend', /HTTP 502/);
  publicSide.status = 404;
  await expect('reachable', 'well', /need not pass everything on/);
  publicSide.setHosts('10.1.2.3 jobrun.example');
  await expect('reachable', 'unknown', /10\.1\.2\.3/);
  publicSide.setHosts('127.0.0.1 jobrun.example');
  await expect('reachable', 'unknown', /127\.0\.0\.1/);
  publicSide.setHosts(`${publicAddress} jobrun.example`);
  await publicSide.close();
  await expect('reachable', 'unknown', /nothing answers/);
  await expect('certificates', 'unknown', /could not be looked at/);
});

/// A number's fields at the carrier.
async function fieldsOf(world, number) {
  const headers = {Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`};
  const list = `${world.practiceUrl}/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json`;
  const listed = await (await fetch(`${list}?PhoneNumber=${encodeURIComponent(number)}`, {headers})).json();
  const {voice_url, voice_method, voice_fallback_url, status_callback, status_callback_method, sms_url, sms_method, sms_fallback_url} = listed.incoming_phone_numbers[0];
  return {voice_url, voice_method, voice_fallback_url, status_callback, status_callback_method, sms_url, sms_method, sms_fallback_url};
}

const asItShouldBe = {
  voice_url: `${publicUrl}/twilio/voice#ct=2000&rt=4000&rc=2&rp=all`, voice_method: 'POST', voice_fallback_url: fallback,
  status_callback: `${publicUrl}/twilio/status`, status_callback_method: 'POST',
  sms_url: `${publicUrl}/twilio/sms`, sms_method: 'POST', sms_fallback_url: fallback,
};
const asBought = {VoiceUrl: 'https://demo.example/welcome', VoiceMethod: 'GET', VoiceFallbackUrl: '', StatusCallback: '', StatusCallbackMethod: 'GET',
  SmsUrl: '', SmsMethod: 'GET', SmsFallbackUrl: ''};

test('--fix shows what it would set, and sets it only when somebody agrees', async (t) => {
  const world = await wellWorld(t, {JOBRUN_VOICE_FALLBACK_URL: fallback});
  for (const number of [business, failsafe]) await atCarrier(world, number, asBought);
  const before = await fieldsOf(world, business);
  const shown = await world.cli('doctor', '--fix');
  assert.equal(shown.code, 1);
  assert.match(shown.out, /voice_url: https:\/\/demo\.example\/welcome -> https:\/\/jobrun\.example\/twilio\/voice#ct=2000&rt=4000&rc=2&rp=all/);
  assert.match(shown.out, /sms_method: GET -> POST/);
  assert.match(shown.out, /Nothing was set/);
  assert.deepEqual(await fieldsOf(world, business), before);
  const asked = await world.cli('doctor', '--fix', '--json');
  assert.equal(asked.code, 1);
  assert.equal(JSON.parse(asked.out).plan.changes.length, 2);
  assert.deepEqual(JSON.parse(asked.out).done, []);
  assert.deepEqual(await fieldsOf(world, business), before);

  const mended = await doctor(world, '--fix', '--yes');
  assert.equal(mended.code, 0, mended.text);
  assert.deepEqual(mended.report.done.map(({end}) => end), ['set', 'set']);
  for (const number of [business, failsafe]) assert.deepEqual(await fieldsOf(world, number), asItShouldBe);
  assert.equal(mended.rows.numbers.advice, null, 'nothing would be better');
  const again = await doctor(world, '--fix', '--yes');
  assert.deepEqual(again.report.plan.changes, []);
});

test('--fix mends each field alone, and lets a person say yes or no', async (t) => {
  const world = await wellWorld(t, {JOBRUN_VOICE_FALLBACK_URL: fallback});
  assert.equal((await doctor(world, '--fix', '--yes')).code, 0);
  for (const [field, value] of Object.entries(asBought)) {
    await atCarrier(world, business, {[field]: value});
    const mended = await doctor(world, '--fix', '--yes');
    assert.equal(mended.code, 0, `${field}: ${mended.text}`);
    assert.equal(mended.report.plan.changes[0].fields.length, 1, field);
    assert.deepEqual(await fieldsOf(world, business), asItShouldBe, field);
  }
  await atCarrier(world, business, {SmsUrl: ''});
  const answered = (line) => spawnSync('script', ['--quiet', '--return', '--command', `${binary} doctor --fix`, '/dev/null'],
    {input: line, encoding: 'utf8', env: {...process.env, ...world.environment}}).stdout;
  assert.match(answered('n\n'), /Do this\? \[y\/N\][^]*Nothing was set/);
  assert.match(answered('\n'), /Nothing was set/);
  assert.equal((await fieldsOf(world, business)).sms_url, null);
  assert.match(answered('y\n'), /\+14155550100: set/);
  assert.deepEqual(await fieldsOf(world, business), asItShouldBe);
});

test('--fix never touches a number that is nobody\'s, or that something else has', async (t) => {
  const world = await wellWorld(t, {JOBRUN_VOICE_FALLBACK_URL: fallback});
  assert.equal((await doctor(world, '--fix', '--yes')).code, 0);
  const nobodys = '+14155550177';
  await atCarrier(world, nobodys, {FriendlyName: 'bought and forgotten'});
  await atCarrier(world, business, {...asBought, TrunkSid: 'TK1'});
  await world.knobs({messaging_services: [{name: 'Texts', numbers: [failsafe]}]});
  await atCarrier(world, failsafe, asBought);
  const numbers = [nobodys, business, failsafe];
  const before = await Promise.all(numbers.map((number) => fieldsOf(world, number)));
  const {report} = await doctor(world, '--fix', '--yes');
  assert.deepEqual(report.plan.changes, []);
  assert.deepEqual(report.plan.left_alone.map(({number}) => number).sort(), [...numbers].sort());
  assert.match(JSON.stringify(report.plan.left_alone), /TK1 takes its calls[^]*nobody registered it[^]*drops the texts/);
  assert.deepEqual(await Promise.all(numbers.map((number) => fieldsOf(world, number))), before);
  const table = await world.cli('doctor', '--fix', '--yes');
  assert.match(table.out, /\+14155550177 is left alone: points at us/);
});

test('--fix looks for what it was not told the end of, repeats nothing, and goes on', async (t) => {
  const world = await wellWorld(t, {JOBRUN_VOICE_FALLBACK_URL: fallback, JOBRUN_DRIFT_CHECK_EVERY: '24h'});
  const spoil = async () => { for (const number of [business, failsafe]) await atCarrier(world, number, asBought); };
  // The look asks for the list first.
  const first = {on: 'numbers', do: 'slow', ms: 1, next: 1};
  const ends = async (fault) => {
    await spoil();
    await world.knobs({api_faults: [first, {on: 'numbers', next: 1, ...fault}]});
    const {seen} = await world.ask('GET', '/practice/requests?limit=1');
    const {report, text} = await doctor(world, '--fix', '--yes');
    const requests = (await world.ask('GET', '/practice/requests?limit=10000')).requests.filter(({number}) => number > seen);
    assert.equal(requests.filter(({method, target}) => method === 'POST' && target.includes('IncomingPhoneNumbers')).length, 2, text);
    return report.done.map(({number, end}) => `${number} ${end}`);
  };
  assert.deepEqual(await ends({do: 'close_after_accepting'}), [`${business} set`, `${failsafe} set`]);
  assert.deepEqual(await ends({do: 'fail_after_accepting'}), [`${business} set`, `${failsafe} set`]);
  assert.deepEqual(await ends({do: 'close_before_accepting'}), [`${business} not_set`, `${failsafe} set`]);
  assert.deepEqual(await ends({do: 'refuse', code: 21402}), [`${business} not_set`, `${failsafe} set`]);
  assert.deepEqual(await ends({do: 'hang_before_accepting'}), [`${business} not_set`, `${failsafe} set`]);
  // The carrier's answers and its list are away at once: what became of it is not known, and the look tells that too.
  await spoil();
  await world.knobs({api_faults: [first, {on: 'numbers', do: 'close_after_accepting', next: 2}, {on: 'numbers', do: 'fail_before_accepting'}]});
  const {report, code} = await doctor(world, '--fix', '--yes');
  assert.deepEqual(report.done.map(({end}) => end), ['unknown', 'unknown']);
  assert.equal(code, 1);
  // Where the carrier does not say which numbers are in a service, none is touched.
  await world.knobs({api_faults: [{on: 'messaging', do: 'fail_before_accepting'}]});
  await spoil();
  const before = await fieldsOf(world, business);
  const refused = await world.cli('doctor', '--fix', '--yes', '--json');
  assert.equal(refused.code, 5, refused.err);
  assert.deepEqual(await fieldsOf(world, business), before);
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

test('a disk that is nearly full where the database is, is told', {skip: whyNoDisks() && `SKIPPED: ${whyNoDisks()}`}, async (t) => {
  const world = await wellWorld(t);
  assert.equal((await doctor(world)).rows.disk.verdict, 'well');
  for (const [size, verdict] of [['400m', 'mend'], ['600m', 'well']]) {
    const disk = new SmallDisk(t, size);
    world.settings.JOBRUN_DATABASE_URL = `sqlite://${disk.file('new.db')}`;
    assert.equal((await world.cli('migrate')).code, 0);
    const {rows, text} = await doctor(world);
    assert.equal(rows.disk.verdict, verdict, text);
    assert.match(rows.disk.found, /MB free, \d+ %/);
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
  const accountAlerts = async () => (await world.alerts()).filter(({kind, summary}) => kind === 'configuration_drift' && /account, balance/.test(summary));
  await world.knobs({balance: '3.00'});
  await eventually('the alert about the balance', async () => (await accountAlerts()).length === 1);
  await world.line({level: 'warning', message: "the carrier's account needs a person", about: 'balance'});
  await world.knobs({balance: null});
  await world.practice.end('SIGKILL');
  await world.line({level: 'warning', message: "our numbers could not be compared with the carrier's"});
  assert.equal(await drifted(), 0, 'what is known stays; its age tells that it is old');
});
