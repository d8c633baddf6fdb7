// Goal: what customers write reaches a person who can act: an operator sees each conversation, answers in the business's
// name, hands over what came to nobody's number, and can tell or erase what is kept of somebody.
// Method: the practice carrier brings calls and texts; everything else is done by commands, as an operator would.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
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

  test('what a customer attaches is kept as links, and fetched when an operator wants it', async (t) => {
    const world = await World.open(t);
    await world.business(business);
    const from = newCaller();
    await world.ask('POST', '/practice/texts', {from, to: business, body: 'This is the leak', wait: true,
      media: [{type: 'image/jpeg', content: 'the first picture'}, {type: 'image/png; x=1', content: 'the second'}]});
    const [listed] = await world.run('conversations', 'list');
    const media = await world.run('conversations', 'media', String(listed.id));
    assert.deepEqual(media.map(({n, kind, type}) => [n, kind, type]),
      [[1, 'text_from_customer', 'image/jpeg'], [2, 'text_from_customer', 'image/png']]);
    const asked = async () => (await world.ask('GET', '/practice/requests?limit=1000')).requests.filter((request) => request.target.includes('/Media/'));
    assert.equal((await asked()).length, 0, 'nobody has asked for them yet');
    const file = path.join(world.folder, 'picture.jpg');
    const made = await world.run('conversations', 'media', String(listed.id), '1', '--to', file);
    assert.deepEqual(made, {file, type: 'image/jpeg', bytes: 'the first picture'.length});
    assert.equal(await readFile(file, 'utf8'), 'the first picture');
    assert.equal((await asked()).length, 1);
    const again = await world.cli('conversations', 'media', String(listed.id), '2', '--to', file, '--json');
    assert.equal(again.code, 4, 'nothing is written over');
    assert.equal(await readFile(file, 'utf8'), 'the first picture');
    assert.equal((await world.cli('conversations', 'media', String(listed.id), '3', '--to', `${file}.3`)).code, 3);
  });

  test('the people of a contact that the owner passes on are never texted', async (t) => {
    const world = await World.open(t, {settings: {JOBRUN_OPERATOR_PHONE: '+14155559999', JOBRUN_FAILSAFE_SENDER: '+14155550900'}});
    const owner = '+14155559000';
    await world.business(business, 'Harbour Plumbing', owner);
    const supplier = newCaller();
    const content = `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nTEL;type=CELL:${supplier}\r\nEND:VCARD\r\n`;
    await world.ask('POST', '/practice/texts', {from: owner, to: business, body: '', media: [{type: 'text/x-vcard', content}], wait: true});
    await eventually('the owner is told', async () => (await world.texts({to: owner})).some((text) => text.body.startsWith(`${supplier} is never texted`)));
    const call = await world.outcome(await world.ended(business, {from: supplier}));
    assert.equal(call.reason, 'do_not_text');
    assert.equal((await world.texts({to: supplier})).length, 0);
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
