// Goal: what customers write reaches a person who can act: an operator sees each conversation, answers in the business's
// name, hands over what came to nobody's number, and can tell or erase what is kept of somebody.
// Method: the practice carrier brings calls and texts; everything else is done by commands, as an operator would.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const nobodys = '+14155550500';

const write = async (world, from, to, body) => (await world.ask('POST', '/practice/texts', {from, to, body, wait: true})).text;

describe('an operator and conversations', {concurrency: true}, () => {
  test('a customer is answered in the business\'s name, and the conversation says what became of it', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await world.outcome(await world.ended(business, {from}));
    await write(world, from, business, 'Leak under the sink, today please');
    const [listed] = await world.run('conversations', 'list');
    assert.ok(!JSON.stringify(listed).includes(from), 'masked unless asked for');
    const reply = await world.run('conversations', 'reply', String(listed.id), 'We are on our way');
    assert.equal(reply.to, from);
    await eventually('he has it', async () => (await world.texts({to: from})).some((text) => text.body === 'We are on our way' && text.from === business));
    const shown = await eventually('it is shown as delivered', async () => {
      const talk = await world.run('conversations', 'show', String(listed.id));
      return talk.talk.some((message) => message.body === 'We are on our way' && message.status === 'delivered') && talk;
    });
    assert.equal(shown.customer, from);
    assert.deepEqual(shown.talk.slice(0, 3).map((message) => message.kind), ['missed_call', 'text_to_customer', 'text_from_customer']);
    assert.equal(shown.talk[0].outcome, 'texted');
    assert.ok(shown.job.business_wrote_at);
    const plain = await world.cli('conversations', 'show', String(listed.id));
    assert.match(plain.out, /Leak under the sink/);
    assert.equal(await world.metric('texts_promised_total{purpose="customer_reply"}') >= 1, true);
  });

  test('who has opted out is not answered, and the operator is told why; without a service nobody is', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await write(world, from, business, 'Leak');
    await write(world, from, business, 'STOP');
    const [listed] = await world.run('conversations', 'list');
    const refused = await world.cli('conversations', 'reply', String(listed.id), 'Hello', '--json');
    assert.equal(refused.code, 4);
    assert.match(refused.json.error.message, /opted out/);
    assert.equal((await world.stop()).code, 0);
    const alone = await world.cli('conversations', 'reply', String(listed.id), 'Hello', '--json');
    assert.equal(alone.code, 5);
    assert.match(alone.json.error.message, /jobrun serve/);
  });

  test('a text to nobody\'s number is handed to a business once, and its owner is told', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await write(world, from, nobodys, 'Do you fix roofs?');
    const [open] = await world.run('triage', 'list', '--show');
    assert.equal(open.body, 'Do you fix roofs?');
    await eventually('the gauge shows it', async () => await world.metric('triage_open') === 1);
    const refused = await world.cli('triage', 'adopt', String(open.id), '--client', '1', '--json');
    assert.equal(refused.code, 4);
    assert.match(refused.json.error.message, /jobrun numbers assign/);
    const adopted = await world.run('triage', 'adopt', String(open.id), '--client', '1', '--number', business);
    assert.deepEqual([adopted.customer, adopted.number], [from, business]);
    assert.equal((await world.cli('triage', 'adopt', String(open.id), '--client', '1', '--number', business)).code, 4);
    await eventually('the owner is told', async () => (await world.alerts()).some((alert) => alert.kind === 'customer_texted' && alert.summary.includes('Do you fix roofs?')));
    assert.deepEqual(await world.run('triage', 'list'), []);
    assert.equal((await world.run('triage', 'list', '--all')).length, 1);
    await eventually('the gauge shows it', async () => await world.metric('triage_open') === 0);
    const [conversation] = await world.run('conversations', 'list', '--client', '1', '--show');
    assert.equal(conversation.last_words, 'Do you fix roofs?');
  });

  test('a person is told what is kept of him, and is erased', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    const call = await world.ended(business, {from});
    await world.outcome(call);
    await write(world, from, business, 'The tulips leak');
    const kept = await world.run('people', 'export', from);
    assert.equal(kept.calls[0].outcome, 'texted');
    assert.ok(JSON.stringify(kept).includes('The tulips leak'));
    const erased = await eventually('nothing about him is under way', async () => {
      const done = await world.cli('people', 'erase', from, '--json');
      return done.code === 0 && done.json;
    }, 30);
    assert.equal(erased.erased.calls, 1);
    const rest = JSON.stringify([await world.run('people', 'export', from), await world.run('texts', 'list', '--show'), await world.run('conversations', 'list', '--show'), await world.run('calls', 'list')]);
    assert.ok(!rest.includes('tulips'));
    assert.equal(rest.split(from).length, 2, 'his phone is in the question alone');
    assert.equal((await world.call(call)).outcome, 'texted');
  });
});
