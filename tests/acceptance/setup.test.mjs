// Goal: whoever has an account and its token has a service that answers missed calls after one conversation; until he
// has agreed nothing is changed, and what he is told is what happened.
// Method: answers are piped in, line by line, against the practice carrier; what is written, registered and set is then
// looked at from outside, and a service that is started with it answers a call that nobody took.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {World, accountSid, authToken, binary, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const signUp = '+14155550101';
const spare = '+14155550102';
const left = '+14155550103';
const numbers = [business, signUp, spare, left];
const operator = '+14155550199';

/// A practice account with four numbers that point at nobody, and a folder in which nothing was set up yet.
async function freshWorld(t) {
  const world = await World.open(t, {serve: false});
  await world.startPractice();
  for (const number of numbers) await world.setNumber(number, {VoiceUrl: 'https://demo.example/welcome', StatusCallback: '', SmsUrl: ''});
  world.config = path.join(world.folder, 'jobrun.toml');
  world.settings = {};
  return world;
}

/// What the environment of the machine says, and nothing that the conversation asks about.
const machine = (world) => ({JOBRUN_LISTEN: `127.0.0.1:${world.port}`, JOBRUN_TWILIO_API_URL: world.practiceUrl, JOBRUN_CANARY_EVERY: '0s',
  JOBRUN_TWILIO_TEXTS_PER_SECOND: '0', PATH: process.env.PATH});

/// Runs a conversation with these answers, one a line, and then the end of the input.
function converse(world, answers) {
  return new Promise((resolve) => {
    const child = spawn(binary, ['setup', '--config', world.config], {env: machine(world), stdio: ['pipe', 'pipe', 'pipe']});
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { out += data; });
    child.on('close', (code) => resolve({code, out}));
    child.stdin.on('error', () => {});
    child.stdin.end(answers.map((line) => `${line}\n`).join(''));
  });
}

const database = (world) => `sqlite://${world.database}`;
const credentials = [accountSid, authToken];
const address = (world) => [world.url, 'y'];
const roles = ['business', 'Harbour Plumbing', '+14155559000', 'sign-up', 'spare', 'leave'];
const alerts = (world) => ['webhook', `${world.practiceUrl}/practice/alerts`];

/// All answers of a first run, up to where it is agreed to.
const firstRun = (world) => [database(world), ...credentials, ...address(world), 'none', ...roles, ...alerts(world)];

const nothingChanged = async (world) => {
  assert.ok(!existsSync(world.config) && !existsSync(world.database), 'nothing is written');
  for (const {sid, ...number} of (await world.ask('GET', '/practice/numbers')).numbers) assert.equal(number.voice_url, 'https://demo.example/welcome', sid);
  assert.equal((await world.texts()).length, 0);
};

test('a first run ends in a service that answers a missed call', async (t) => {
  const world = await freshWorld(t);
  const {code, out} = await converse(world, [...firstRun(world), 'y', 'y', operator]);
  assert.equal(code, 0, out);
  assert.ok(!out.includes(authToken), 'a secret is not shown');
  assert.match(out, /The carrier accepts them: 4 numbers/);
  assert.match(out, /A test text costs as much as one text/);
  assert.match(out, /jobrun serve --config /);

  // What was written is his alone, and the token stands in a file of its own.
  for (const file of [world.config, ...['twilio_auth_token', 'alert_webhook_url', 'alert_webhook_secret'].map((name) => `${world.config}.${name}`)]) {
    assert.equal(statSync(file).mode & 0o777, 0o600, file);
  }
  assert.ok(!readFileSync(world.config, 'utf8').includes(authToken));
  assert.equal(readFileSync(`${world.config}.twilio_auth_token`, 'utf8'), `${authToken}\n`);

  const [testAlert] = await world.alerts();
  assert.match(testAlert.summary, /A test by jobrun setup/);
  const [testText] = await world.texts();
  assert.equal(testText.to, operator);
  assert.equal(testText.from, business);
  const atCarrier = Object.fromEntries((await world.ask('GET', '/practice/numbers')).numbers.map((each) => [each.number, each.voice_url]));
  for (const number of [business, signUp, spare]) assert.equal(atCarrier[number], `${world.url}/twilio/voice#ct=2000&rt=4000&rc=2&rp=all`);
  assert.equal(atCarrier[left], 'https://demo.example/welcome', 'what was left is left');

  const environment = {...machine(world), JOBRUN_CONFIG: world.config};
  Object.defineProperty(world, 'environment', {get: () => environment});
  await world.start();
  const pool = await world.run('numbers', 'list');
  assert.deepEqual(pool.map(({number, role, available}) => [number, role, available]),
    [[business, 'operational', false], [signUp, 'onboarding', false], [spare, 'system', true]]);
  const caller = newCaller();
  const call = await world.place({to: business, from: caller, scenario: 'no-answer'});
  assert.equal((await world.outcome(call.call_sid)).outcome, 'texted');
  const text = await eventually('the caller is texted', async () => (await world.texts({to: caller}))[0]);
  assert.match(text.body, /Harbour Plumbing/);
});

test('wrong credentials are asked again, at most three times, and change nothing', async (t) => {
  const world = await freshWorld(t);
  const wrong = [accountSid, 'yesterdays-token'];
  const {code, out} = await converse(world, [database(world), ...wrong, ...wrong, ...wrong, ...wrong]);
  assert.equal(code, 1);
  assert.equal(out.match(/The carrier refuses them/g).length, 3, out);
  assert.match(out, /Nothing was changed/);
  await nothingChanged(world);
  const then = await converse(world, [database(world), ...wrong, ...firstRun(world).slice(1), 'n']);
  assert.match(then.out, /The carrier accepts them/);
  assert.equal(then.code, 1);
  await nothingChanged(world);
});

test('wherever the conversation ends before it is agreed to, nothing was changed', async (t) => {
  const world = await freshWorld(t);
  const answers = firstRun(world);
  for (let length = 0; length <= answers.length; ++length) {
    const {code, out} = await converse(world, answers.slice(0, length));
    assert.equal(code, 1, `${length}: ${out}`);
    assert.match(out, /Nothing was changed/, `${length}`);
    await nothingChanged(world);
  }
});

test('answers that cannot be used are said and asked again; the webhooks wait for consent of their own', async (t) => {
  const world = await freshWorld(t);
  const answers = [`postgres://x`, database(world), 'XX', accountSid, authToken, 'ftp://x', world.url, 'n', world.url, 'y',
    `${world.url}/fallback.xml`, 'https://static.example/f.xml',
    'shop', 'business', '', 'Harbour Plumbing', '555', '+14155559000', 'l', 'l', 'l',
    'pigeon', 'webhook', `${world.practiceUrl}/nowhere`, 'n', 'none', 'y', 'n', 'none'];
  const {code, out} = await converse(world, answers);
  assert.equal(code, 0, out);
  for (const said of [/PostgreSQL is not supported/, /it must be the account's id/, /must begin with https/, /then give one that begins with https/,
    /cannot be reached when it is needed/, /say business, sign-up, spare or leave/, /say its name/, /Say webhook, mail, text or none/, /It was not taken/,
    /They were not set: jobrun doctor --fix/]) assert.match(out, said);
  const config = readFileSync(world.config, 'utf8');
  assert.match(config, /voice_fallback_url = "https:\/\/static\.example\/f\.xml"/);
  assert.ok(!config.includes('alert_webhook'), 'the way that reached nobody was given up');
  assert.equal((await world.ask('GET', '/practice/numbers')).numbers[0].voice_url, 'https://demo.example/welcome');
});

test('a file that is there is replaced only with consent, and keeps what is not asked about', async (t) => {
  const world = await freshWorld(t);
  const secret = path.join(world.folder, 'admin');
  writeFileSync(secret, 'a-token-of-the-api-that-is-kept\n', {mode: 0o600});
  // The environment of the machine says something else of the texts.
  const before = `cool_down = "45m"\npublic_url = "https://old.example"\ntwilio_texts_per_second = 5\nadmin_token_file = "${secret}"\n`;
  writeFileSync(world.config, before, {mode: 0o600});
  assert.equal((await converse(world, ['n'])).code, 1);
  assert.equal(readFileSync(world.config, 'utf8'), before);
  const {code, out} = await converse(world, ['y', ...firstRun(world), 'y', 'y', 'none']);
  assert.equal(code, 0, out);
  const after = readFileSync(world.config, 'utf8');
  assert.match(after, /cool_down = "45m"/);
  assert.match(after, /twilio_texts_per_second = "5"/);
  assert.ok(after.includes(`admin_token_file = "${secret}"`) && !existsSync(`${world.config}.admin_token`), 'a secret stays where it lies');
  assert.match(after, new RegExp(`public_url = "${world.url}"`));
  // Again: Enter takes what there is, and what is known is not added twice.
  const again = await converse(world, ['y', '', '', '', '', 'y', '', '', '', 'y']);
  assert.match(again.out, /\+14155550100 is known here: operational/);
  assert.match(again.out, /webhooks are right already/);
  assert.equal(again.code, 0, again.out);
  assert.equal(readFileSync(world.config, 'utf8'), after);
  assert.equal(readFileSync(`${world.config}.twilio_auth_token`, 'utf8'), `${authToken}\n`);
});
