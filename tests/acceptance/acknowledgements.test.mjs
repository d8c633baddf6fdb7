// Goal: who texts a number that is nobody's is told once that his text has arrived, from the number that he texted;
// whatever is repeated, dies, is away or gets lost meanwhile; and nobody is told who wants no texts.
// Method: the practice carrier brings the texts, signed, and shows what the phones got.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';

import {World, eventually, newCaller} from './world.mjs';

const nobodys = '+14155550500';
const sweeping = {JOBRUN_SWEEP_EVERY: '2s', JOBRUN_SWEEP_GRACE: '1s'};

/// Somebody texts a number; resolves once the webhook has been answered, or lost.
async function write(world, from, body = 'Is anybody there?', to = nobodys) {
  const answer = await world.ask('POST', '/practice/texts', {from, to, body, wait: true});
  return answer.text;
}
const wasTaken = (text) => text.webhooks.some((webhook) => webhook.status === 200);
const listed = async (world, sid) => (await world.run('texts', 'list', '--limit', '1000')).find((text) => text.message_sid === sid);
const acknowledged = (world, sid, seconds = 30) => eventually(`${sid} is acknowledged`,
  async () => (await listed(world, sid))?.reply === 'triage_reply accepted', seconds);
const writeMany = (world, count) => Promise.all(Array.from({length: count}, async () => {
  const from = newCaller();
  return {from, text: await write(world, from)};
}));

describe('somebody texts a number that is nobody\'s', {concurrency: true}, () => {
  test('he is told once that his text has arrived, however often it is brought and whatever he adds', async (t) => {
    const world = await World.open(t);
    await world.knobs({webhook_faults: [{on: 'sms', do: 'duplicate', times: 3}]});
    const from = newCaller();
    const text = await write(world, from);
    await acknowledged(world, text.message_sid);
    await world.knobs({webhook_faults: []});
    const added = await write(world, from, 'Hello?');
    assert.equal((await listed(world, added.message_sid)).reply, null);
    const sent = await world.texts({to: from});
    assert.equal(sent.length, 1);
    assert.equal(sent[0].from, nobodys);
    assert.match(sent[0].body, /^This is the answering service for \+14155550500\. Thanks, we have your message .*STOP/);
    assert.equal(await world.metric('texts_promised_total{purpose="triage_reply"}'), 1);
    assert.deepEqual(await world.run('incidents'), [], 'it is no call\'s text, so no incident is about it');
    await world.line({message: 'the text is acknowledged'});
    assert.ok(!JSON.stringify(world.lines()).includes(from), 'the log masks who it was');
  });

  test('he is not, once he has said stop; nor are our own numbers, short codes and names', async (t) => {
    const world = await World.open(t);
    await world.business('+14155550100');
    await world.knobs({opt_out_words: 'ignored'});
    const from = newCaller();
    await write(world, from, 'STOP');
    for (const each of [from, '72345', 'ACME', '+14155550100']) {
      const text = await write(world, each, 'Hello');
      assert.ok(wasTaken(text), each);
      assert.equal((await listed(world, text.message_sid)).reply, null, each);
    }
    assert.equal((await world.texts()).length, 0);
  });

  test('the carrier refuses the acknowledgement: the operator is told', async (t) => {
    const world = await World.open(t);
    const from = newCaller();
    await world.knobs({api_faults: [{on: 'send_text', to: from, do: 'refuse', code: 30006}]});
    const text = await write(world, from);
    await eventually('it is refused', async () => (await listed(world, text.message_sid)).reply === 'triage_reply refused');
    const alert = await eventually('the operator is told',
      async () => (await world.alerts()).find((each) => each.kind === 'text_refused' && each.answered === 204));
    assert.equal(alert.audience, 'operator');
  });

  test('and the service dies right after, while acknowledgements are under way: each gets one', async (t) => {
    const world = await World.open(t);
    const texts = [];
    for (const fault of [[], [{on: 'send_text', do: 'rate_limit'}]]) {
      await world.knobs({api_faults: fault});
      texts.push(...await writeMany(world, 8));
      await world.kill();
      await world.knobs({api_faults: []});
      await world.start();
    }
    for (const {text} of texts) {
      assert.ok(wasTaken(text));
      // One that was in flight is looked for at the carrier first.
      await acknowledged(world, text.message_sid, 90);
    }
    for (const {from} of texts) assert.equal((await world.texts({to: from})).length, 1, from);
  });

  test('while the database is away, the service dying in between: each gets one, and the database knows in the end', async (t) => {
    const world = await World.open(t);
    const [before] = await writeMany(world, 1);
    await acknowledged(world, before.text.message_sid);
    world.moveDatabaseAway();
    const texts = await writeMany(world, 5);
    for (const {text, from} of texts) {
      assert.ok(wasTaken(text));
      await eventually('it leaves from the spool', async () => (await world.texts({to: from})).length === 1);
    }
    await write(world, before.from, 'Hello?');
    await world.kill();
    world.putDatabaseBack();
    await world.start();
    for (const {text} of texts) await acknowledged(world, text.message_sid, 90);
    for (const {from} of [before, ...texts]) assert.equal((await world.texts({to: from})).length, 1, from);
  });

  test('the webhook is lost: the sweep finds the text, and he is told once, by the rules for texts', async (t) => {
    const world = await World.open(t, {settings: sweeping});
    await world.knobs({webhook_faults: [{on: 'sms', do: 'drop'}]});
    const from = newCaller();
    const text = await write(world, from);
    assert.ok(!wasTaken(text));
    await acknowledged(world, text.message_sid);
    assert.equal((await listed(world, text.message_sid)).origin, 'sweep');
    assert.equal((await world.texts({to: from})).length, 1);
    const stopped = Object.entries(await world.metrics()).filter(([name, value]) => name.startsWith('exit_policy_') && value > 0);
    assert.deepEqual(stopped, []);
  });
});
