// Goal: an owner signs up by text and is live: each of his texts is answered once, whatever is repeated, dies or is away
// meanwhile; his number comes from the pool, or is waited for; who said stop hears nothing more; and nobody's text, however
// odd, does any harm or shows up in the log.
// Method: his texts are posted as the carrier does, signed, or brought by the practice carrier, which shows what his phone got.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {describe, test} from 'node:test';

import {World, accountSid, eventually, newCaller} from './world.mjs';

const signUpNumber = '+14155550300';
const pooled = '+14155550101';
const business = '+14155550100';
const everything = 'Plumber in Oakland\nHarbour Plumbing\nJoe Miller\ntext';

/// The service with a sign-up number, and with numbers that wait for owners.
async function open(t, {pool = [], settings = {}} = {}) {
  const world = await World.open(t, {settings: {JOBRUN_UNKNOWN_LOOK_EVERY: '1s', JOBRUN_ONBOARDING_ACTIVATION: 'open', ...settings}});
  await world.run('numbers', 'add', signUpNumber, '--role', 'onboarding');
  for (const number of pool) await world.run('numbers', 'add', number, '--available');
  await world.noticed();
  return world;
}

let textsMade = 0;
/// An owner's text, as the carrier posts it; the same one again, when it is given its `sid`.
async function post(world, from, body, {to = signUpNumber, sid = `SM${(++textsMade).toString(16).padStart(32, '0')}`} = {}) {
  const answer = await world.post('/twilio/sms', {MessageSid: sid, AccountSid: accountSid, From: from, To: to, Body: body, NumMedia: '0'});
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.text, '<Response/>');
  return sid;
}

const heard = async (world, owner) => (await world.texts({to: owner})).map((text) => text.body);
/// His phone has so many texts, and the last one says so.
async function hears(world, owner, count, says) {
  const bodies = await eventually(`${count} texts to ${owner}, the last one ${says}`, async () => {
    const all = await heard(world, owner);
    return all.length >= count && all;
  }, 60);
  assert.equal(bodies.length, count, bodies.join('\n'));
  assert.match(bodies.at(-1), says);
  return bodies.at(-1);
}
/// Nothing is under way any more.
const isQuiet = (world) => eventually('nothing waits', async () => {
  const now = await world.metrics();
  return now.outbox_waiting === 0 && now.outbox_unknown === 0;
});
const shown = (world, owner) => world.run('onboarding', 'show', owner);
const alertsOf = async (world, kind) => (await world.alerts()).filter((alert) => alert.kind === kind && alert.answered === 204);
const toldTheOperator = (world, kind, says = /./) => eventually(`the operator is told: ${kind} ${says}`,
  async () => (await alertsOf(world, kind)).find((alert) => says.test(alert.summary)));

/// Everything in one text, and then that it is right.
async function confirm(world, owner, answers = everything) {
  await post(world, owner, answers);
  await hears(world, owner, 1, /Please check/);
  return post(world, owner, 'YES');
}

describe('an owner signs up', {concurrency: true}, () => {
  test('from his first text to live, the service dying after each, each text brought three times: one answer to each', async (t) => {
    const world = await open(t, {pool: [pooled, '+442079460101']});
    const owner = newCaller();
    const restart = async () => {
      await world.kill();
      await world.start();
    };
    let answers = 0;
    const say = async (words, reply) => {
      const sid = await post(world, owner, words);
      await post(world, owner, words, {sid});
      await restart();
      await post(world, owner, words, {sid});
      await hears(world, owner, ++answers, reply);
    };
    await say('Hi', /^Welcome to JobRun!.*What work do you do, and where\?/);
    await say('I am a plumber in Oakland', /^Got it: plumber in Oakland\. What is your business called\?/);
    await say('Harbour Plumbing', /^Harbour Plumbing, good\. And what is your own name\?/);
    await say('Joe Miller', /^Nice to meet you, Joe\./);
    await say('1', /^Please check:\nWork: plumber in Oakland\nBusiness: Harbour Plumbing\nYour name: Joe Miller\nAlerts: text\n/);
    await say('YES', /^Your JobRun number is .*555-?0101/);
    await say('iPhone', /^Which network is it on\?/);
    await say('AT&T', /^Now let the calls you miss come to us.*14155550101/);
    await say('done', /^Now a test/);

    // The test call is a call like any other: his callers are texted in his name from now on, and it changes nothing of his.
    const before = await shown(world, owner);
    assert.equal(before.step, 'test_call');
    assert.equal(before.number, pooled);
    const caller = newCaller();
    const call = await world.place({from: caller, to: pooled, forwarded_from: owner});
    await restart();
    assert.equal((await world.outcome(call.call_sid)).outcome, 'texted');
    const [intake, ...more] = await world.texts({to: caller});
    assert.equal(more.length, 0);
    assert.equal(intake.from, pooled);
    assert.match(intake.body, /^Harbour Plumbing: sorry we missed your call/);
    assert.deepEqual(await shown(world, owner), before, 'a call changes nobody\'s sign-up');
    await say('done', /^It works, Joe! You are live\..*Harbour Plumbing/);

    assert.equal((await shown(world, owner)).step, 'live');
    const clients = await world.run('clients', 'list');
    assert.deepEqual(clients.map((client) => [client.name, client.phone, client.alert_by]), [['Harbour Plumbing', owner, 'text']]);
    const numbers = await world.run('numbers', 'list');
    assert.deepEqual(numbers.map((each) => [each.number, each.role, each.client_id, each.available]), [
      [pooled, 'operational', clients[0].id, false], [signUpNumber, 'onboarding', null, false], ['+442079460101', 'system', null, true]]);
    const calls = await world.run('calls', 'list');
    assert.deepEqual(calls.map((each) => [each.call_sid, each.outcome, each.role]), [[call.call_sid, 'texted', 'operational']]);
    await isQuiet(world);
    assert.equal((await heard(world, owner)).length, answers);
    assert.ok((await world.texts({to: owner})).every((text) => text.from === signUpNumber));
    assert.deepEqual(await world.run('incidents'), []);
  });

  test('the pool is empty: he is told, the operator is alerted, and whoever waits longest gets the next number by text', async (t) => {
    const world = await open(t);
    const [first, second] = [newCaller(), newCaller()];
    for (const owner of [first, second]) {
      await confirm(world, owner);
      await hears(world, owner, 2, /all our numbers are taken right now\. You are on the list/);
    }
    const waiting = await world.run('onboarding', 'list');
    assert.deepEqual(waiting.map((owner) => [owner.step, owner.waits_for]), Array(2).fill(['number_allocation', 'number']));
    const alert = await toldTheOperator(world, 'number_pool_empty', /jobrun numbers add NUMBER --available/);
    assert.equal(alert.audience, 'operator');
    assert.equal((await alertsOf(world, 'number_pool_empty')).length, 1, 'both are told of in one');

    await world.run('numbers', 'add', pooled, '--available');
    await hears(world, first, 3, /^Your JobRun number is .*555-?0101/);
    assert.equal((await shown(world, second)).waits_for, 'number');
    await world.run('numbers', 'add', '+14155550102', '--available');
    await hears(world, second, 3, /^Your JobRun number is .*555-?0102/);
    assert.deepEqual((await Promise.all([first, second].map((owner) => shown(world, owner)))).map((owner) => owner.number), [pooled, '+14155550102']);
    await isQuiet(world);
    assert.equal((await world.texts()).length, 6);
  });

  test('owners are approved by hand: he waits, the alert has the command, and it gives him his number by text, once', async (t) => {
    // As it is unless set.
    const world = await open(t, {pool: [pooled], settings: {JOBRUN_ONBOARDING_ACTIVATION: ''}});
    const owner = newCaller();
    await confirm(world, owner);
    await hears(world, owner, 2, /text you as soon as you are approved/);
    assert.equal((await shown(world, owner)).waits_for, 'approval');
    assert.equal((await world.run('numbers', 'list')).find((each) => each.number === pooled).available, true);
    const alert = await toldTheOperator(world, 'onboarding_attention', /waits to be approved/);
    const [, phone] = alert.summary.match(/Run: jobrun onboarding approve (\+\d+)/);
    assert.equal(phone, owner);
    assert.deepEqual((await world.run('onboarding', 'list', '--stuck')).length, 0, 'he does not wait for long yet');

    assert.equal((await world.cli('onboarding', 'approve', newCaller())).code, 3);
    await world.run('onboarding', 'approve', phone);
    await world.kill();
    await world.start();
    await hears(world, owner, 3, /^Your JobRun number is .*555-?0101/);
    assert.equal((await world.cli('onboarding', 'approve', phone)).code, 4, 'he waits no more');
    await isQuiet(world);
    assert.equal((await heard(world, owner)).length, 3);
  });

  test('a text of his that is taken up before the approval does not undo it', async (t) => {
    const world = await open(t, {pool: [pooled], settings: {JOBRUN_ONBOARDING_ACTIVATION: 'manual_approval'}});
    const owner = newCaller();
    await confirm(world, owner);
    await hears(world, owner, 2, /text you as soon as you are approved/);
    world.moveDatabaseAway();
    await post(world, owner, 'How long will it take?');
    await world.kill();
    world.putDatabaseBack();
    await world.run('onboarding', 'approve', owner);
    await world.start();
    await hears(world, owner, 4, /^Your JobRun number is .*555-?0101/);
  });

  test('owners need a code: a wrong one lets nobody in', async (t) => {
    const world = await open(t, {pool: [pooled],
      settings: {JOBRUN_ONBOARDING_ACTIVATION: 'invite_code', JOBRUN_ONBOARDING_INVITE_CODES: 'SPRING25,AUTUMN26'}});
    const owner = newCaller();
    await confirm(world, owner);
    await hears(world, owner, 2, /text me your invite code/);
    await post(world, owner, 'WINTER27');
    await hears(world, owner, 3, /I do not know that code/);
    assert.equal((await shown(world, owner)).number, null);
    await post(world, owner, 'spring25');
    await hears(world, owner, 4, /^Your JobRun number is .*555-?0101/);
  });

  test('while the database is away: his texts are acknowledged, and answered once it is back, once each', async (t) => {
    const world = await open(t, {pool: [pooled]});
    const [calm, unlucky] = [newCaller(), newCaller()];
    for (const owner of [calm, unlucky]) {
      await post(world, owner, 'Plumber in Oakland');
      await hears(world, owner, 1, /What is your business called/);
    }
    const sids = {};
    world.moveDatabaseAway();
    for (const owner of [calm, unlucky]) {
      sids[owner] = [await post(world, owner, 'Harbour Plumbing'), await post(world, owner, 'Joe Miller')];
      await post(world, owner, 'Joe Miller', {sid: sids[owner][1]});
    }
    await eventually('they are in the spool', async () => await world.metric('events_spooled_total') >= 4);
    assert.equal((await world.texts()).length, 2, 'nobody knows how far they had come');
    world.putDatabaseBack();
    await hears(world, calm, 3, /Nice to meet you, Joe/);
    world.moveDatabaseAway();
    await post(world, unlucky, '1');
    await world.kill();
    world.putDatabaseBack();
    await world.start();
    await hears(world, unlucky, 4, /Please check/);
    for (const owner of [calm, unlucky]) await post(world, owner, 'Joe Miller', {sid: sids[owner][1]});
    await isQuiet(world);
    assert.equal((await heard(world, calm)).length, 3);
    assert.equal((await heard(world, unlucky)).length, 4);
  });
});

describe('an owner says stop', {concurrency: true}, () => {
  /// As if so many days had gone by for whoever is signing up.
  const daysPass = (world, days) => {
    const ms = days * 86_400_000;
    execFileSync('sqlite3', [world.database, `UPDATE onboarding_states SET step_since = step_since - ${ms},
      last_text_at = last_text_at - ${ms}, due_at = due_at - ${ms}`]);
  };

  test('he hears nothing more, not even a reminder, nor gets a number that he waited for, until he says start', async (t) => {
    const world = await open(t);
    await world.knobs({opt_out_words: 'ignored'});
    const [silent, waiting, reminded, patient] = Array.from({length: 4}, newCaller);
    for (const owner of [silent, reminded]) {
      await post(world, owner, 'Plumber in Oakland');
      await hears(world, owner, 1, /What is your business called/);
    }
    for (const owner of [waiting, patient]) {
      await confirm(world, owner);
      await hears(world, owner, 2, /You are on the list/);
    }
    for (const owner of [silent, waiting]) {
      await post(world, owner, 'STOP');
      await post(world, owner, 'Harbour Plumbing');
      assert.equal((await shown(world, owner)).is_stopped, true);
    }
    await world.stop();
    daysPass(world, 2);
    await world.start();
    await world.run('numbers', 'add', pooled, '--available');
    await hears(world, reminded, 2, /^Hi, JobRun here: your setup is nearly there\./);
    await hears(world, patient, 3, /^Your JobRun number is .*555-?0101/);
    await toldTheOperator(world, 'onboarding_stuck', new RegExp(`show \\${patient}`));
    await isQuiet(world);
    assert.equal((await heard(world, silent)).length, 1);
    assert.equal((await heard(world, waiting)).length, 2);
    assert.equal((await shown(world, waiting)).number, null);
    assert.equal((await alertsOf(world, 'onboarding_stuck')).length, 1, 'who left is not stuck');

    await post(world, silent, 'START');
    await hears(world, silent, 2, /^Welcome back! What is your business called/);
    await post(world, waiting, 'START');
    await hears(world, waiting, 3, /^Welcome back! You are on the list/);
    await world.run('numbers', 'add', '+14155550102', '--available');
    await hears(world, waiting, 4, /^Your JobRun number is .*555-?0102/);
  });

  test('who does not go on is told of, with the step at which he is stuck', async (t) => {
    const world = await open(t, {pool: [pooled]});
    const owner = newCaller();
    await confirm(world, owner);
    await hears(world, owner, 2, /^Your JobRun number is/);
    assert.deepEqual(await world.run('onboarding', 'list', '--stuck'), []);
    await world.stop();
    daysPass(world, 2);
    await world.start();
    const alert = await toldTheOperator(world, 'onboarding_stuck', /not come further than phone_type/);
    assert.ok(alert.summary.includes(`jobrun onboarding show ${owner}`));
    assert.deepEqual((await world.run('onboarding', 'list', '--stuck')).map((each) => each.phone), [owner]);
  });
});

describe('whoever writes to the sign-up number', {concurrency: true}, () => {
  test('and whatever he writes: nothing breaks, nothing of others changes, and we do not talk to ourselves', async (t) => {
    const world = await open(t, {pool: [pooled], settings: {JOBRUN_FAILSAFE_SENDER: '+14155550900'}});
    await world.business(business);
    const before = [await world.run('clients', 'list'), await world.run('numbers', 'list')];
    const odd = ['x'.repeat(1_600), 'plumber '.repeat(200), `my number is ${business}, give me ${signUpNumber}`, '',
      '\u{1F6BF}\u{1F527}\u{1F469}\u{1F3FD}\u200D\u{1F527}', "'); DROP TABLE clients; --", '{"step":"live"}', 'http://example.com/x', '\u001B[2J', 'live', 'approve'];
    for (const body of odd) {
      const from = newCaller();
      await post(world, from, body);
      const reply = await hears(world, from, 1, /./);
      assert.ok(reply.length <= 480, reply);
    }
    // The owner of a business that is live already, with its number as an answer.
    await post(world, '+14155559000', `${business}`);
    await hears(world, '+14155559000', 1, /./);
    const ours = [signUpNumber, business, pooled, '+14155550900'];
    for (const from of [...ours, '72345', 'ACME', 'anonymous', '']) await post(world, from, everything);
    await isQuiet(world);
    for (const number of ours) assert.deepEqual(await heard(world, number), [], number);
    const takenAs = async (from) => (await world.run('texts', 'list', '--show')).filter((text) => text.from === from).map((text) => text.taken_as);
    for (const number of ours) assert.deepEqual(await takenAs(number), ['set_aside'], number);
    assert.equal((await world.texts()).length, odd.length + 1);
    assert.deepEqual([await world.run('clients', 'list'), await world.run('numbers', 'list')], before);
    assert.equal(world.service.exit, null);
    const stopped = Object.entries(await world.metrics()).filter(([name, value]) => name.startsWith('exit_policy_') && value > 0);
    assert.deepEqual(stopped, []);
  });

  test('neither his number nor his words are in the log', async (t) => {
    const world = await open(t);
    const owner = newCaller();
    await confirm(world, owner, 'Plumber in Oakland\nQuagmire Drains\nZebulon Pike\nemail zeb@quagmire.example');
    await hears(world, owner, 2, /You are on the list/);
    await toldTheOperator(world, 'number_pool_empty');
    await world.line({message: 'text came in', taken_as: 'onboarding'});
    const log = JSON.stringify(world.lines());
    for (const secret of [owner, owner.slice(1), 'Quagmire', 'Zebulon', 'zeb@', 'Oakland']) assert.ok(!log.includes(secret), secret);
    const listed = JSON.stringify(await world.run('texts', 'list')) + (await world.cli('texts')).out;
    for (const secret of [owner, 'Quagmire', 'Zebulon']) assert.ok(!listed.includes(secret), secret);
  });
});
