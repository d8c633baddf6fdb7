// Goal: who texts one of our numbers is heard: his text is acknowledged only once it is durable, joins his conversation,
// and is told to whoever has to act; who wants no more texts gets none, whatever fails meanwhile; and a text whose webhook
// is lost is found at the carrier.
// Method: the practice carrier brings the texts, signed; the service dies, its database goes away, callbacks are lost.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const second = '+14155550101';
const owner = '+14155559000';
const sweeping = {JOBRUN_SWEEP_EVERY: '2s', JOBRUN_SWEEP_GRACE: '1s'};

/// Somebody texts a number; resolves once the webhook has been answered, or lost.
async function write(world, from, to, body) {
  const answer = await world.ask('POST', '/practice/texts', {from, to, body, wait: true});
  return answer.text;
}
const answered = (text) => text.webhooks.map((webhook) => webhook.status);
const kept = async (world, sid) => (await world.run('texts', 'list', '--show')).filter((text) => text.message_sid === sid);
/// The carrier does not stop a text to somebody who has opted out: we have to.
const blindCarrier = (world) => world.knobs({opt_out_words: 'ignored'});
const told = async (world, kind) => (await world.alerts()).filter((alert) => alert.kind === kind && alert.answered === 204);

describe('a text comes in', {concurrency: true}, () => {
  test('to a business: it joins the conversation of the call, and the waiting lead tells of it at once', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await world.outcome(await world.ended(business, {from}));
    const text = await write(world, from, business, 'Leak under the sink, today please');
    assert.deepEqual(answered(text), [200]);
    assert.equal(text.webhooks[0].answer, '<Response/>');
    const [listed] = await kept(world, text.message_sid);
    assert.equal(listed.taken_as, 'customer');
    assert.equal(listed.body, 'Leak under the sink, today please');
    assert.equal(listed.from, from);
    const lead = await eventually('the lead tells of the reply', async () => (await told(world, 'lead'))[0]);
    assert.match(lead.summary, /^Missed call\. \+\d+: TODAY: Leak under the sink, today please 1=yes 2=no$/);
    assert.equal(lead.audience, 'owner');
    assert.equal(await world.count('conversations'), 1);
    assert.equal(await world.count('messages', "kind = 'text_from_customer'"), 1);

    // What follows is told by itself; what comes at once after that is gathered.
    await write(world, from, business, 'Second floor');
    const first = await eventually('the owner is told', async () => (await told(world, 'customer_texted'))[0]);
    assert.match(first.summary, /"Second floor"/);
    await write(world, from, business, 'The door is open');
    await write(world, from, business, 'Hello?');
    await eventually('they wait together', async () => await world.count('alerts', "kind = 'customer_texted' AND accepted_at IS NULL AND count = 2") === 1);
    assert.equal((await told(world, 'customer_texted')).length, 1);
    const texts = await eventually('he is answered', async () => {
      const sent = await world.texts({to: from});
      return sent.length === 2 && sent;
    });
    assert.match(texts.at(-1).body, /Leak under the sink/, 'once, whatever more he writes');
    assert.equal(await world.count('conversations', "step = 'told'"), 1);
  });

  test('from the owner, to the sign-up number, to nobody: kept, and no record of a customer', async (t) => {
    const [stranger, newOwner] = [newCaller(), newCaller()];
    const world = await World.open(t);
    await world.business(business);
    await world.run('numbers', 'add', '+14155550300', '--role', 'onboarding');
    await world.noticed();
    const before = await world.businessRows();
    const texts = {
      owner: await write(world, owner, business, 'How many today?'),
      onboarding: await write(world, newOwner, '+14155550300', 'Plumber in Oakland'),
      triage: await write(world, stranger, '+14155550500', 'Is anybody there?'),
    };
    for (const [takenAs, text] of Object.entries(texts)) {
      assert.deepEqual(answered(text), [200]);
      assert.deepEqual((await kept(world, text.message_sid)).map((each) => each.taken_as), [takenAs]);
    }
    const alert = await eventually('the operator is told', async () => (await told(world, 'text_to_nobody'))[0]);
    assert.equal(alert.audience, 'operator');
    assert.match(alert.summary, /\+14155550500.*Is anybody there\?/);
    assert.deepEqual(await world.businessRows(), {...before, onboarding_states: 1});
    await eventually('who reached nobody is acknowledged', async () => (await world.texts({to: stranger})).length === 1);
    await eventually('who signs up is answered', async () => (await world.texts({to: newOwner})).length === 1);
    await eventually('the owner is told what he may say', async () => (await world.texts({to: owner})).length === 1);
    assert.equal((await world.texts()).length, 3, 'nobody else is texted');
    assert.equal(await world.metric('inbound_texts_total{role="system",taken_as="triage"}'), 1);
  });

  test('twice: it is kept once; without a signature it is not kept at all', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    await world.knobs({webhook_faults: [{on: 'sms', do: 'duplicate', times: 3}]});
    const text = await write(world, newCaller(), business, 'Leak');
    assert.deepEqual(answered(text), [200, 200, 200]);
    assert.equal((await kept(world, text.message_sid)).length, 1);
    await eventually('the others are duplicates', async () => await world.metric('events_duplicate_total') === 2);
    await world.knobs({webhook_faults: [{on: 'sms', do: 'wrong_signature'}]});
    const forged = await write(world, newCaller(), business, 'Leak');
    assert.deepEqual(answered(forged), [403]);
    assert.equal((await kept(world, forged.message_sid)).length, 0);
  });

  test('and the service dies right after: what was acknowledged is kept, exactly once', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const acknowledged = [];
    for (let round = 0; round < 3; ++round) {
      const texts = await Promise.all(Array.from({length: 10}, () => write(world, newCaller(), business, 'Leak')));
      acknowledged.push(...texts.filter((text) => answered(text).includes(200)));
      await world.kill();
      await world.start();
    }
    assert.ok(acknowledged.length > 0);
    const listed = (await world.run('texts', 'list', '--limit', '1000')).map((text) => text.message_sid);
    for (const text of acknowledged) assert.equal(listed.filter((sid) => sid === text.message_sid).length, 1);
  });

  test('is masked in lists and logs', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await write(world, from, business, 'my secret words');
    const listed = JSON.stringify(await world.run('texts', 'list')) + (await world.cli('texts')).out;
    assert.ok(!listed.includes(from) && !listed.includes('secret'));
    await world.line({message: 'text came in'});
    assert.ok(!JSON.stringify(world.lines()).includes('secret') && !JSON.stringify(world.lines()).includes(from));
  });
});

describe('somebody says stop', {concurrency: true}, () => {
  test('nothing is texted to him by that business, from any of its numbers, until he says start', async (t) => {
    const world = await World.open(t);
    const client = await world.business(business);
    await world.run('numbers', 'add', second, '--role', 'operational', '--client', String(client.id ?? client));
    await world.noticed();
    await blindCarrier(world);
    const from = newCaller();
    const stop = await write(world, from, business, ' Stop! ');
    assert.deepEqual((await kept(world, stop.message_sid)).map((text) => text.taken_as), ['opt_out']);
    for (const to of [business, second]) {
      const call = await world.outcome(await world.ended(to, {from}));
      assert.equal(call.reason, 'opted_out');
    }
    assert.equal((await world.texts({to: from})).length, 0);
    assert.equal((await world.outcome(await world.ended('+14155550500', {from}))).outcome, 'texted', 'others have a scope of their own');
    await write(world, from, second, 'START');
    assert.equal((await world.outcome(await world.ended(business, {from}))).outcome, 'texted');
  });

  test('a text that was promised to him and has not left does not leave', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    await blindCarrier(world);
    await world.knobs({api_faults: [{on: 'send_text', do: 'rate_limit'}]});
    const from = newCaller();
    const call = await world.ended(business, {from});
    await eventually('it is promised, and waits', async () => await world.metric('texts_retried_total') > 0);
    await write(world, from, business, 'STOP');
    await world.knobs({api_faults: []});
    assert.equal((await world.outcome(call, 60)).outcome, 'escalated');
    assert.equal((await world.texts({to: from})).length, 0);
  });

  test('while the database is away: it is acknowledged, and nothing is texted to him afterwards', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    await blindCarrier(world);
    const [before, during] = [newCaller(), newCaller()];
    await world.knobs({api_faults: [{on: 'send_text', do: 'rate_limit'}]});
    const promised = await world.ended(business, {from: before});
    await eventually('it is promised, and waits', async () => await world.metric('texts_retried_total') > 0);
    world.moveDatabaseAway();
    const called = await world.ended(business, {from: during});
    for (const from of [before, during]) assert.deepEqual(answered(await write(world, from, business, 'STOP')), [200]);
    assert.ok(await world.metric('events_spooled_total') >= 3);
    await world.knobs({api_faults: []});
    await world.kill();
    world.putDatabaseBack();
    await world.start();
    await world.outcome(promised, 60);
    // He called before he said so: either his text had been promised, and is stopped at the exit, or it never was.
    await world.outcome(called, 60);
    assert.equal((await world.texts({to: before})).length, 0);
    assert.equal((await world.texts({to: during})).length, 0);
    const after = await world.outcome(await world.ended(business, {from: before}));
    assert.equal(after.reason, 'opted_out');
  });
});

describe('webhooks of texts are lost', {concurrency: true}, () => {
  test('they are found at the carrier, once, and the operator is told; a stop among them counts', async (t) => {
    const world = await World.open(t, {settings: sweeping});
    await world.business(business);
    await blindCarrier(world);
    await world.knobs({webhook_faults: [{on: 'sms', do: 'drop'}]});
    const quiet = newCaller();
    const texts = await Promise.all([...Array.from({length: 5}, () => write(world, newCaller(), business, 'Leak')),
      write(world, quiet, business, 'STOP')]);
    for (const text of texts) assert.ok(!answered(text).includes(200));
    await eventually('all are found', async () => await world.metric('sweep_texts_found_total') === texts.length);
    const listed = await world.run('texts', 'list', '--limit', '1000');
    assert.deepEqual(listed.map((text) => text.message_sid).sort(), texts.map((text) => text.message_sid).sort());
    assert.ok(listed.every((text) => text.origin === 'sweep'));
    await eventually('the operator is told', async () => (await told(world, 'sweep_found'))[0]);
    assert.equal((await world.outcome(await world.ended(business, {from: quiet}))).reason, 'opted_out');
    assert.equal((await world.texts({to: quiet})).length, 0);
    await eventually('the others are answered', async () => (await world.texts()).length === 5);
  });

  test('while the service is down: they are found on return, and those of numbers that point elsewhere are not', async (t) => {
    const world = await World.open(t, {settings: sweeping});
    await world.business(business);
    await world.setNumber(second, {SmsUrl: 'http://127.0.0.1:9/sms'});
    await world.stop();
    const theirs = await write(world, newCaller(), second, 'Not for us');
    const ours = await write(world, newCaller(), business, 'Leak');
    await world.start();
    const [found] = await eventually('it is found', async () => {
      const rows = await kept(world, ours.message_sid);
      return rows.length === 1 && rows;
    });
    assert.equal(found.body, 'Leak');
    assert.equal(await world.metric('sweep_texts_found_total'), 1);
    assert.equal((await kept(world, theirs.message_sid)).length, 0);
  });
});
