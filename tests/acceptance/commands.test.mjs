// Goal: commands say and do the same beside a running server and without one; the server notices within a
// second; programs can rely on exit codes and JSON.
// Method: one script of commands, run both ways; then calls that only come out right if the server noticed.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {World, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';

/// Every kind of change and refusal, with exit code and what the JSON holds.
async function script(world) {
  const csv = path.join(world.folder, 'numbers.csv');
  writeFileSync(csv, 'number,role,client_id\n+14155550110,operational,1\n+14155550111,system,\n+14155550112,onboarding,\n');
  const bad = path.join(world.folder, 'bad.csv');
  writeFileSync(bad, 'number,role,client_id\n+14155550120,operational,1\nnot a number,system,\n+14155550121,king,\n');
  const steps = [
    [0, 'clients', 'add', '--name', 'Smith & Sons', '--phone', '+14155559000'],
    [2, 'clients', 'add', '--name', 'No Phone'],
    [2, 'clients', 'add', '--name', 'Bad Phone', '--phone', '4155559000'],
    [0, 'clients', 'set', '1', '--cool-down', '45m', '--countries', 'US,CA', '--texts-per-day', '9'],
    [2, 'clients', 'set', '1'],
    [3, 'clients', 'set', '99', '--name', 'Nobody'],
    [0, 'numbers', 'add', business, '--role', 'operational', '--client', '1'],
    [4, 'numbers', 'add', business, '--role', 'system'],
    [2, 'numbers', 'add', '+14155550101', '--role', 'king'],
    [2, 'numbers', 'add', '+14155550101', '--role', 'onboarding', '--client', '1'],
    [3, 'numbers', 'add', '+14155550101', '--role', 'operational', '--client', '99'],
    [0, 'numbers', 'add', '+14155550101', '--role', 'operational'],
    [0, 'numbers', 'assign', '+14155550101', '--client', '1'],
    [0, 'numbers', 'assign', '+14155550101', '--client', 'none'],
    [3, 'numbers', 'assign', '+14155550199', '--client', '1'],
    [0, 'numbers', 'import', csv],
    [0, 'numbers', 'import', csv],
    [2, 'numbers', 'import', bad],
    [3, 'numbers', 'import', path.join(world.folder, 'missing.csv')],
    [0, 'numbers', 'remove', '+14155550111'],
    [3, 'numbers', 'remove', '+14155550111'],
    [0, 'clients', 'block', '1', '+14155550777'],
    [0, 'clients', 'unblock', '1', '+14155550777'],
    [0, 'clients', 'skip', '1', '+14155550778'],
    [0, 'clients', 'people', '1'],
    [0, 'clients', 'unskip', '1', '+14155550778'],
    [0, 'clients', 'set', '1', '--business-hours', 'Mon-Fri 08:00-17:30', '--time-zone', 'Europe/London', '--wording', 'text_accepted={business}: see you soon.'],
    [2, 'clients', 'set', '1', '--time-zone', 'Atlantis/Deep'],
    [2, 'clients', 'set', '1', '--wording', 'text_accepted={nonsense}'],
    [4, 'clients', 'set', '1', '--ring-phones', business],
    [0, 'clients', 'show', '1'],
    [3, 'clients', 'show', '99'],
    [0, 'clients', 'preview', '1', '--locale', 'es'],
    [0, 'conversations', 'list', '--client', '1'],
    [3, 'conversations', 'show', '1'],
    [3, 'conversations', 'reply', '1', 'On our way'],
    [0, 'triage'],
    [3, 'triage', 'dismiss', '1', '--reason', 'none'],
    [0, 'people', 'export', '+14155550777'],
    [0, 'people', 'erase', '+14155550777'],
    [4, 'people', 'erase', '+14155559000'],
    [0, 'clients', 'pause', '1'],
    [0, 'clients', 'resume', '1'],
    [4, 'clients', 'remove', '1'],
    [0, 'clients', 'list'],
    [0, 'numbers', 'list'],
    [0, 'calls', 'list'],
    [3, 'calls', 'show', 'CA00000000000000000000000000000000'],
    [0, 'incidents'],
    [3, 'incidents', 'close', '1', '--reason', 'none'],
    [2, 'calls', 'liste'],
    [2, 'nonsense'],
  ];
  const said = [];
  for (const [code, ...args] of steps) {
    const done = await world.cli(...args, '--json');
    assert.equal(done.code, code, `jobrun ${args.join(' ')}: ${done.out}${done.err}`);
    assert.notEqual(done.json, null, `jobrun ${args.join(' ')} --json said ${done.out}${done.err}`);
    if (code !== 0) {
      const codes = {2: 'invalid', 3: 'not_found', 4: 'conflict'};
      assert.equal(done.json.error.code, codes[code]);
      assert.ok(done.json.error.message.length > 0);
    }
    said.push(JSON.stringify(done.json).replaceAll(world.folder, ''));
    const plain = await world.cli(...args.slice(0, 2), '--help');
    if (!args.includes('nonsense') && !args.includes('liste')) assert.equal(plain.code, 0);
  }
  return said;
}

test('commands say the same beside a running server and without one', async (t) => {
  const beside = await World.open(t);
  const alone = await World.open(t, {serve: false});
  const [first, second] = await Promise.all([script(beside), script(alone)]);
  assert.deepEqual(first, second);
  assert.deepEqual(await beside.rows('SELECT * FROM numbers ORDER BY number'), await alone.rows('SELECT * FROM numbers ORDER BY number'));
  const client = (await alone.run('clients', 'list'))[0];
  assert.deepEqual([client.id, client.name, client.phone, client.cool_down_seconds, client.countries, client.texts_per_day, client.paused],
    [1, 'Smith & Sons', '+14155559000', 2700, ['CA', 'US'], 9, false]);
  assert.deepEqual((await alone.run('numbers', 'list')).map((number) => [number.number, number.role, number.client_id]),
    [['+14155550100', 'operational', 1], ['+14155550101', 'operational', null], ['+14155550110', 'operational', 1], ['+14155550112', 'onboarding', null]]);
});

test('a change is in force within a second of its command', async (t) => {
  const world = await World.open(t);
  const client = await world.run('clients', 'add', '--name', 'Harbour Plumbing', '--phone', '+14155559000');
  const roleNow = async (number) => {
    const sid = newCallSid();
    const answer = await world.post('/twilio/voice', {CallSid: sid, From: newCaller(), To: number, CallStatus: 'ringing', Direction: 'inbound'});
    assert.equal(answer.status, 200);
    return (await world.rows(`SELECT role FROM calls WHERE call_sid = '${sid}'`))[0].role;
  };
  assert.equal(await roleNow(business), 'system');
  await world.run('numbers', 'add', business, '--role', 'operational', '--client', String(client.id));
  await eventually('the new number is used', async () => await roleNow(business) === 'operational', 1);
  await world.run('numbers', 'remove', business);
  await eventually('the number is no longer used', async () => await roleNow(business) === 'system', 1);
});

test('calls can be listed and shown as JSON, with and without a server', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  const sid = await world.ended(business);
  await world.outcome(sid);
  const beside = await eventually('its text is delivered', async () => {
    const call = await world.call(sid);
    return call.timeline.some((entry) => entry.what === 'message' && entry.detail.includes('delivered')) && call;
  });
  assert.deepEqual(beside.texts.map((text) => [text.account, text.from]), [['first', business]]);
  for (const field of ['id', 'call_sid', 'role', 'outcome', 'from', 'to', 'status', 'reason', 'client_id', 'started_at', 'ended_at', 'timeline', 'texts']) {
    assert.ok(field in beside, `calls show --json has ${field}`);
  }
  assert.ok(beside.timeline.length >= 3);
  assert.equal(typeof beside.id, 'number');
  assert.deepEqual([beside.call_sid, beside.role, beside.outcome], [sid, 'operational', 'texted']);
  const listed = (await world.run('calls', 'list'))[0];
  assert.deepEqual([listed.id, listed.call_sid, listed.role, listed.outcome], [beside.id, sid, 'operational', 'texted']);
  assert.equal((await world.stop()).code, 0);
  assert.deepEqual(await world.call(sid), beside);
  const plain = await world.cli('calls', 'show', sid);
  assert.match(plain.out, /outcome +texted/);
});

test('a sender that the carrier blocks is listed, and unblocked beside the server', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  assert.deepEqual(await world.run('senders'), []);
  const missing = await world.cli('senders', 'unblock', business, '--json');
  assert.equal(missing.code, 3);
  const unregistered = 30034;
  await world.knobs({api_faults: [{on: 'send_text', do: 'refuse', code: unregistered}]});
  await world.ended(business);
  const [sender] = await eventually('the sender is blocked', async () => {
    const senders = await world.run('senders', 'list');
    return senders.length > 0 && senders;
  });
  assert.deepEqual([sender.number, sender.account, sender.code], [business, 'first', unregistered]);
  await eventually('the gauge shows it', async () => await world.metric('senders_blocked') === 1);
  await world.knobs({api_faults: []});
  assert.deepEqual(await world.run('senders', 'unblock', business), {number: business});
  assert.deepEqual(await world.run('senders'), []);
  assert.equal((await world.outcome(await world.ended(business))).outcome, 'texted');
});

test('two servers, or a server and a migration, cannot share a database', async (t) => {
  const world = await World.open(t);
  const other = await world.cli('serve');
  assert.notEqual(other.code, 0);
  assert.match(other.err, /jobrun serve/, 'it says who holds the database');
  const migration = await world.cli('migrate', '--json');
  assert.equal(migration.code, 4);
});

test('serve names every setting that is missing or wrong, and starts with none of them', async (t) => {
  const world = await World.open(t, {serve: false, settings: {JOBRUN_PUBLIC_URL: '', JOBRUN_TWILIO_ACCOUNT_SID: 'nonsense',
    JOBRUN_COOL_DOWN: 'an hour', JOBRUN_FAILSAFE_SENDER: '4155550900'}});
  const done = await world.cli('serve');
  assert.equal(done.code, 2);
  for (const name of ['JOBRUN_PUBLIC_URL', 'JOBRUN_TWILIO_ACCOUNT_SID', 'JOBRUN_COOL_DOWN', 'JOBRUN_FAILSAFE_SENDER']) assert.match(done.err, new RegExp(name));
  assert.doesNotMatch(done.err + done.out, /acceptance-token/, 'a secret is never told');
});

test('a fail-safe sender or sign-up number that is a business\'s number is refused at start', async (t) => {
  const world = await World.open(t, {serve: false});
  const client = await world.run('clients', 'add', '--name', 'Harbour Plumbing', '--phone', '+14155559000');
  await world.run('numbers', 'add', business, '--role', 'operational', '--client', String(client.id));
  for (const name of ['JOBRUN_FAILSAFE_SENDER', 'JOBRUN_ONBOARDING_NUMBER']) {
    world.settings = {[name]: business};
    const done = await world.cli('serve');
    assert.equal(done.code === 0, false);
    assert.match(done.err, /\+14155550100/);
  }
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`there is a completion script for ${shell}`, async (t) => {
    const world = await World.open(t, {serve: false});
    const done = await world.cli('completion', shell);
    assert.equal(done.code, 0);
    for (const word of ['numbers', 'incidents', '--role', 'operational']) assert.ok(done.out.includes(word.replace(/^--/, '')), word);
  });
}
