// Goal: the practice carrier answers as the carrier would, so that what works against it works.
// Method: Prism stands before it with the carrier's own OpenAPI description and lists every breach, in
// requests and in answers. All that the service uses of the API is asked, in every state a resource can be
// in; nothing may be listed. An upstream that answers wrongly on purpose must be caught.
import assert from 'node:assert/strict';
import http from 'node:http';
import test, {after, before} from 'node:test';

import {eventually} from './children.mjs';
import {messagingDescription, startProxy} from './prism.mjs';
import {accountSid, authToken, startPracticeCarrier} from './service.mjs';

let carrier;
let proxy;
before(async () => {
  carrier = await startPracticeCarrier(['--number', '+14155550100', '--number', '+14155550101', '--webhook-url', 'http://127.0.0.1:9']);
  proxy = await startProxy(carrier.url);
});
after(async () => {
  await proxy?.stop();
  await carrier?.stop();
});

const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

/// Asks through `proxyUrl`; answers with {status, json, violations}.
async function ask(proxyUrl, method, path, form) {
  const answer = await fetch(`${proxyUrl}/2010-04-01/Accounts/${accountSid}/${path}`,
    {method, headers: {Authorization: authorization}, body: form && new URLSearchParams(form)});
  const violations = JSON.parse(answer.headers.get('sl-violations') ?? '[]');
  const text = await answer.text();
  return {status: answer.status, json: JSON.parse(text), violations, text};
}

/// Where the description's schemas contradict its own examples, the examples are right: page URIs are paths,
/// and what is not set of a number is an empty text.
function isAsInExamples({location: [, , ...path]}, json) {
  const value = path.reduce((at, step) => at?.[step], json);
  const name = path.at(-1);
  if (/^((first|next|previous)_page_)?uri$/.test(name)) return value.startsWith('/2010-04-01/Accounts/');
  return value === '' && /^(sms|voice)_(application_sid|url|fallback_url)$|^status_callback$/.test(name);
}

/// The same, and nothing may be wrong with question and answer.
async function askCleanly(method, path, form, status = 200) {
  const answer = await ask(proxy.url, method, path, form);
  assert.deepEqual(answer.violations.filter((each) => !isAsInExamples(each, answer.json)), [], `${method} ${path}: ${answer.text}`);
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}

const practice = (path, body) => fetch(`${carrier.url}/practice/${path}`, {method: 'POST', body: JSON.stringify(body)}).then((answer) => answer.json());

test('Messages: sent, fetched and listed, page by page', async () => {
  const sids = [];
  for (let at = 0; at < 5; at += 1) {
    const text = await askCleanly('POST', 'Messages.json', {To: `+1415555012${at}`, From: '+14155550100', Body: `Text ${at} & more: äß漢😀`}, 201);
    assert.match(text.sid, /^SM[0-9a-f]{32}$/);
    sids.push(text.sid);
  }
  for (const sid of sids) {
    await eventually(`${sid} is delivered`, async () => (await askCleanly('GET', `Messages/${sid}.json`)).status === 'delivered');
  }
  const page = await askCleanly('GET', 'Messages.json?PageSize=2');
  assert.equal(page.messages.length, 2);
  const next = new URL(page.next_page_uri, 'http://carrier.test');
  const following = await askCleanly('GET', `Messages.json${next.search}`);
  assert.equal(following.messages.length, 2);
  assert.ok(!page.messages.some((text) => following.messages.some((other) => other.sid === text.sid)));
  assert.equal((await askCleanly('GET', 'Messages.json?To=%2B14155550123')).messages.length, 1);
});

test('Messages that fail, and inbound ones, are described the same way', async () => {
  await practice('knobs', {text_fates: [{fate: 'undelivered', code: 30003, next: 1}]});
  const {sid} = await askCleanly('POST', 'Messages.json', {To: '+14155550133', From: '+14155550100', Body: 'Lost'}, 201);
  await eventually('the text is undelivered', async () => (await askCleanly('GET', `Messages/${sid}.json`)).status === 'undelivered');
  assert.equal((await askCleanly('GET', `Messages/${sid}.json`)).error_code, 30003);
  const inbound = await practice('texts', {from: '+14155550134', to: '+14155550100', body: 'Can you come today?'});
  assert.equal((await askCleanly('GET', `Messages/${inbound.message_sid}.json`)).direction, 'inbound');
});

test('Calls: fetched and listed in every final status', async () => {
  for (const scenario of ['completed', 'no-answer', 'busy', 'failed', 'canceled']) {
    const {call_sids: [sid]} = await practice('calls', {from: '+14155550123', to: '+14155550100', scenario, wait: true});
    assert.equal((await askCleanly('GET', `Calls/${sid}.json`)).status, scenario);
  }
  const calls = (await askCleanly('GET', 'Calls.json?PageSize=50')).calls;
  assert.equal(calls.length, 5);
  assert.equal((await askCleanly('GET', 'Calls.json?Status=busy')).calls.length, 1);
  const began = new Date(calls.at(-1).start_time).toISOString().replace('.000Z', 'Z');
  const since = (moment) => askCleanly('GET', `Calls.json?PageSize=1000&StartTime%3E=${moment}&StartTime%3C=2099-01-01T00%3A00%3A00Z`);
  assert.equal((await since(began)).calls.length, 5);
  assert.equal((await since('2098-12-31T23%3A59%3A59Z')).calls.length, 0);
  assert.equal((await askCleanly('GET', `Calls.json?ParentCallSid=${calls[0].sid}`)).calls.length, 0);
});

test('IncomingPhoneNumbers: listed page by page, fetched and changed', async () => {
  const page = await askCleanly('GET', 'IncomingPhoneNumbers.json?PageSize=1');
  const following = await askCleanly('GET', `IncomingPhoneNumbers.json${new URL(page.next_page_uri, 'http://carrier.test').search}`);
  assert.deepEqual([...page.incoming_phone_numbers, ...following.incoming_phone_numbers].map((each) => each.phone_number), ['+14155550100', '+14155550101']);
  assert.equal(following.next_page_uri, null);
  const [number] = (await askCleanly('GET', 'IncomingPhoneNumbers.json?PhoneNumber=%2B14155550100')).incoming_phone_numbers;
  assert.equal(number.phone_number, '+14155550100');
  await askCleanly('GET', `IncomingPhoneNumbers/${number.sid}.json`);
  const changed = await askCleanly('POST', `IncomingPhoneNumbers/${number.sid}.json`, {VoiceUrl: 'https://jobrun.example/twilio/voice'});
  assert.equal(changed.voice_url, 'https://jobrun.example/twilio/voice');
  assert.equal((await askCleanly('GET', 'IncomingPhoneNumbers.json')).incoming_phone_numbers.length, 2);
});

test('the account and its balance, in every state', async () => {
  const account = `${proxy.url}/2010-04-01/Accounts/${accountSid}`;
  const askAt = async (url) => {
    const answer = await fetch(url, {headers: {Authorization: authorization}});
    const json = await answer.json();
    const violations = JSON.parse(answer.headers.get('sl-violations') ?? '[]');
    assert.deepEqual(violations.filter((each) => !isAsInExamples(each, json)), [], JSON.stringify(json));
    assert.equal(answer.status, 200);
    return json;
  };
  for (const account_status of ['active', 'suspended', 'closed']) {
    for (const account_type of ['Full', 'Trial']) {
      await practice('knobs', {account_status, account_type, balance: '-0.05'});
      const {status, type} = await askAt(`${account}.json`);
      assert.deepEqual({status, type}, {status: account_status, type: account_type});
      assert.equal((await askAt(`${account}/Balance.json`)).balance, '-0.05');
    }
  }
  await practice('knobs', {account_status: null, account_type: null, balance: null});
});

test('Messaging Services, their numbers and registrations, page by page', async () => {
  const judge = await startProxy(carrier.url, messagingDescription);
  try {
    const askCleanlyAt = async (target) => {
      const answer = await fetch(`${judge.url}${target}`, {headers: {Authorization: authorization}});
      const text = await answer.text();
      assert.deepEqual(JSON.parse(answer.headers.get('sl-violations') ?? '[]'), [], `${target}: ${text}`);
      assert.equal(answer.status, 200, text);
      return JSON.parse(text);
    };
    await practice('knobs', {messaging_services: [
      {name: 'Texts', numbers: ['+14155550100', '+14155550101'], campaign_status: 'VERIFIED'},
      {name: 'Others', inbound_request_url: 'https://jobrun.example/twilio/sms', use_inbound_webhook_on_number: true},
    ]});
    const {services, meta} = await askCleanlyAt('/v1/Services?PageSize=1');
    assert.equal(services[0].inbound_request_url, null);
    const next = new URL(meta.next_page_url);
    assert.equal((await askCleanlyAt(`${next.pathname}${next.search}`)).services[0].use_inbound_webhook_on_number, true);
    const of = `/v1/Services/${services[0].sid}`;
    assert.equal((await askCleanlyAt(`${of}/PhoneNumbers?PageSize=1000`)).phone_numbers.length, 2);
    assert.equal((await askCleanlyAt(`${of}/Compliance/Usa2p?PageSize=50`)).compliance[0].campaign_status, 'VERIFIED');
  } finally {
    await judge.stop();
    await practice('knobs', {messaging_services: null});
  }
});

test('refusals have the shape of the carrier\'s errors', async () => {
  // The description lists successes alone, so Prism calls every 4xx a breach: the shape is checked by hand.
  const refusals = [
    ['POST', 'Messages.json', {To: '12', From: '+14155550100', Body: 'x'}, 400, 21211],
    ['POST', 'Messages.json', {To: '+14155550123', From: '+14155550177', Body: 'x'}, 400, 21606],
    ['GET', `Messages/SM${'0'.repeat(32)}.json`, undefined, 404, 20404],
    ['GET', `Calls/CA${'0'.repeat(32)}.json`, undefined, 404, 20404],
  ];
  for (const [method, path, form, status, code] of refusals) {
    const {json} = await ask(proxy.url, method, path, form).then((answer) => {
      assert.equal(answer.status, status, answer.text);
      return answer;
    });
    assert.deepEqual(Object.keys(json).sort(), ['code', 'message', 'more_info', 'status'], JSON.stringify(json));
    assert.equal(json.code, code);
    assert.equal(json.status, status);
  }
});

test('the judge catches answers that are wrong', async () => {
  const good = await askCleanly('POST', 'Messages.json', {To: '+14155550140', From: '+14155550100', Body: 'Right'}, 201);
  let wrong = {};
  const server = http.createServer((request, response) => {
    response.writeHead(201, {'Content-Type': 'application/json'});
    response.end(JSON.stringify({...good, ...wrong}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const judge = await startProxy(`http://127.0.0.1:${server.address().port}`);
  try {
    const send = async (change) => {
      wrong = change;
      return (await ask(judge.url, 'POST', 'Messages.json', {To: '+14155550140', From: '+14155550100', Body: 'Right'})).violations;
    };
    assert.deepEqual(await send({}), []);
    for (const change of [{sid: 'SM1'}, {status: 'flown'}, {direction: 'sideways'}, {num_segments: 1}, {error_code: 'none'}]) {
      assert.notDeepEqual(await send(change), [], JSON.stringify(change));
    }
  } finally {
    await judge.stop();
    await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  }
});
