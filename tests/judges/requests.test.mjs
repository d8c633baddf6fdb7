// Goal: what the service asks of the carrier is what the carrier's API takes.
// Method: the whole service runs with Prism, serving the carrier's own OpenAPI description, in the carrier's
// place. Calls to numbers of a business, with names and characters that need encoding, and to a number nobody
// registered make it send texts; Prism must accept every request. Requests with one mistake each, sent by
// hand, must be refused: so the judge can say no.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';

import {eventually} from './children.mjs';
import {messagingDescription, startMock} from './prism.mjs';
import {startRecorder} from './recorder.mjs';
import {accountSid, authToken, callParameters, startService} from './service.mjs';

let mock;
let recorder;
let service;
before(async () => {
  mock = await startMock();
  recorder = await startRecorder(mock.url);
  service = await startService(recorder.url, {JOBRUN_FAILSAFE_SENDER: '+14155550199'});
});
after(async () => {
  await service?.stop();
  await recorder?.stop();
  await mock?.stop();
});

/// Ends a call that nobody took, and waits for what became of its text.
async function missCall(callSid, from, to) {
  const answer = await service.webhook('/twilio/status', callParameters(callSid, from, to, {CallStatus: 'no-answer'}));
  assert.equal(answer.status, 200 + 4 * (answer.status === 204), `${answer.status} ${await answer.text()}`);
  return eventually(`${callSid} has an outcome`, async () => {
    const call = await service.command('calls', 'show', callSid);
    return call.outcome && call;
  });
}

test('every text that the service sends is accepted by the description of the carrier\'s API', async () => {
  const names = ['Smith & Sons Plumbing', '100% <Clean> "Pools" + Spas', 'Ärzte für Öfen', '漢字 Roofing 🏠'];
  for (const [at, name] of names.entries()) {
    const client = await service.command('clients', 'add', '--name', name, '--phone', `+1415555015${at}`);
    await service.command('numbers', 'add', `+1415555010${at}`, '--role', 'operational', '--client', String(client.id));
    await service.untilGreeting(`+1415555010${at}`, /You have reached/);
  }
  for (let at = 0; at <= names.length; at += 1) {
    const to = `+1415555010${at}`;
    const before_ = recorder.exchanges.length;
    const call = await missCall(`CA${'0'.repeat(31)}${at}`, `+1415555012${at}`, to);
    const sent = recorder.exchanges.slice(before_).filter(({method}) => method === 'POST');
    assert.equal(sent.length, 1, JSON.stringify(sent));
    const [{method, target, body, headers, status, answer, violations}] = sent;
    assert.equal(status, 201, `${method} ${target}\n${body}\n${answer}`);
    assert.equal(violations, null);
    assert.equal(`${method} ${target}`, `POST /2010-04-01/Accounts/${accountSid}/Messages.json`);
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(headers.authorization, `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
    const form = new URLSearchParams(body);
    assert.equal(form.get('To'), `+1415555012${at}`);
    // The last number called is nobody's: its callers are texted by the fail-safe sender.
    assert.equal(form.get('From'), at < names.length ? to : '+14155550199');
    assert.equal(call.texts.length, 1);
    assert.equal(form.get('Body'), call.texts[0].body);
    if (at < names.length) assert.ok(form.get('Body').includes(names[at]), form.get('Body'));
    assert.equal(call.outcome, 'texted', JSON.stringify(call));
  }
});

test('the lists of calls that the service asks for are asked for in the words of the description', async () => {
  const [{target, method, status, answer, violations}] = await eventually('a list of calls was asked for', async () => {
    const asked = recorder.exchanges.filter((each) => each.target.includes('/Calls.json'));
    return asked.length > 0 && asked;
  });
  assert.equal(status, 200, `${method} ${target}\n${answer}`);
  // The description contradicts its own example of an answer; the question is what is judged.
  assert.deepEqual(JSON.parse(violations ?? '[]').filter(({location}) => location[0] === 'request'), []);
  const url = new URL(target, mock.url);
  assert.equal(url.pathname, `/2010-04-01/Accounts/${accountSid}/Calls.json`);
  assert.equal(url.searchParams.get('PageSize'), '1000');
  for (const bound of ['StartTime>', 'StartTime<']) assert.match(url.searchParams.get(bound), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  // The same judge knows the legs of a call and the one call, and says no to a page that is too long and an odd id.
  const headers = {Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`};
  const ask = async (path) => (await fetch(`${mock.url}/2010-04-01/Accounts/${accountSid}/${path}`, {headers})).status;
  assert.equal(await ask('Calls.json?PageSize=1001'), 422);
  assert.equal(await ask('Calls.json?ParentCallSid=CA1'), 422);
  assert.equal(await ask(`Calls.json?PageSize=1000&ParentCallSid=CA${'0'.repeat(32)}`), 200);
  assert.equal(await ask(`Calls/CA${'0'.repeat(32)}.json`), 200);
});

test('the lists of texts that the service asks for are asked for in the words of the description', async () => {
  const isList = ({method, target}) => method === 'GET' && target.includes('/Messages.json') && target.includes('DateSent%3E');
  const [{target, method, status, answer, violations}] = await eventually('a list of texts was asked for', async () => {
    const asked = recorder.exchanges.filter(isList);
    return asked.length > 0 && asked;
  });
  assert.equal(status, 200, `${method} ${target}\n${answer}`);
  assert.deepEqual(JSON.parse(violations ?? '[]').filter(({location}) => location[0] === 'request'), []);
  const url = new URL(target, mock.url);
  assert.equal(url.pathname, `/2010-04-01/Accounts/${accountSid}/Messages.json`);
  assert.equal(url.searchParams.get('PageSize'), '500');
  assert.match(url.searchParams.get('DateSent>'), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('the list of numbers is asked for as the description has it, and read as it is answered', async () => {
  const before_ = recorder.exchanges.length;
  const rows = await service.doctor();
  const [{method, target, status, answer, violations}] = recorder.exchanges.slice(before_).filter((each) => each.target.includes('/IncomingPhoneNumbers'));
  assert.equal(`${method} ${target}`, `GET /2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json?PageSize=500`);
  assert.equal(status, 200, answer);
  // The description's own example breaks it: only what was asked is judged here.
  assert.deepEqual(JSON.parse(violations ?? '[]').filter(({location}) => location[0] === 'request'), []);
  const verdicts = Object.fromEntries(rows.map((row) => [row.name, row.verdict]));
  assert.equal(verdicts.credentials, 'well', `the example is read whole: ${answer}`);
});

test('the account and its Messaging Services are asked about as the descriptions have it, and webhooks set so', async () => {
  const messaging = await startMock(messagingDescription);
  const messagingRecorder = await startRecorder(messaging.url);
  try {
    const before_ = recorder.exchanges.length;
    const rows = await service.doctor({JOBRUN_TWILIO_MESSAGING_URL: messagingRecorder.url});
    const rowOf = (name) => rows.find((row) => row.name === name);
    const asked = [...recorder.exchanges.slice(before_), ...messagingRecorder.exchanges];
    for (const {method, target, status, answer, violations} of asked) {
      assert.equal(status, 200, `${method} ${target}\n${answer}`);
      assert.deepEqual(JSON.parse(violations ?? '[]').filter(({location}) => location[0] === 'request'), []);
    }
    const targets = asked.map(({target}) => target);
    assert.ok(targets.includes(`/2010-04-01/Accounts/${accountSid}.json`));
    assert.ok(targets.includes(`/2010-04-01/Accounts/${accountSid}/Balance.json`));
    assert.ok(targets.includes('/v1/Services?PageSize=50'));
    assert.ok(targets.some((target) => /^\/v1\/Services\/MG\w+\/PhoneNumbers\?PageSize=1000$/.test(target)));
    assert.ok(targets.some((target) => /^\/v1\/Services\/MG\w+\/Compliance\/Usa2p\?PageSize=50$/.test(target)));
    assert.equal(rowOf('account').verdict, 'well', 'the example is read whole');
    assert.match(rowOf('balance').found, /USD 0\.05 is left/);
    assert.notEqual(rowOf('messaging').verdict, 'unknown', rowOf('messaging').found);

    // The description's own number becomes one of ours, and is set.
    const list = asked.find(({target}) => target.includes('/IncomingPhoneNumbers'));
    const [{phone_number, sid}] = JSON.parse(list.answer).incoming_phone_numbers;
    await service.command('numbers', 'add', phone_number, '--role', 'onboarding');
    await service.doctor({JOBRUN_TWILIO_MESSAGING_URL: messagingRecorder.url, JOBRUN_VOICE_FALLBACK_URL: 'https://static.example/fallback.xml'}, ['--fix', '--yes']);
    const [set] = recorder.exchanges.filter(({method, target}) => method === 'POST' && target.includes('/IncomingPhoneNumbers'));
    assert.equal(set?.target, `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${sid}.json`);
    assert.equal(set.status, 200, set.answer);
    assert.deepEqual(JSON.parse(set.violations ?? '[]').filter(({location}) => location[0] === 'request'), []);
    assert.match(new URLSearchParams(set.body).get('VoiceUrl'), /\/twilio\/voice#ct=2000&rt=4000&rc=2&rp=all$/);
  } finally {
    await messagingRecorder.stop();
    await messaging.stop();
  }
});

test('the judge refuses requests with one mistake', async () => {
  const post = async (change, {sid = accountSid, authorized = true} = {}) => {
    const form = {To: '+14155550123', From: '+14155550100', Body: 'Hello', ...change};
    for (const name of Object.keys(form)) if (form[name] === undefined) delete form[name];
    const headers = authorized ? {Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`} : {};
    return fetch(`${mock.url}/2010-04-01/Accounts/${sid}/Messages.json`, {method: 'POST', body: new URLSearchParams(form), headers});
  };
  assert.equal((await post({})).status, 201);
  const withoutTo = await post({To: undefined});
  assert.equal(withoutTo.status, 422);
  assert.match(await withoutTo.text(), /required property 'To'/);
  assert.equal((await post({ValidityPeriod: 'soon'})).status, 422);
  assert.equal((await post({MessagingServiceSid: 'no sid'})).status, 422);
  assert.equal((await post({}, {sid: 'not-an-account'})).status, 422);
  assert.equal((await post({}, {authorized: false})).status, 401);
});
