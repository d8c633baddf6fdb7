// Goal: what customers and owners say to the service, and what it says to them, is as written down, word for word.
// Method: every dialogue of tests/conversations/customers against one running service, each with its own business and
// phones, all at once; the texts as the handsets got them. In the end nothing more has come, and nothing is open.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {assertHeard, cast, moveIn, play, readDialogues} from './dialogue.mjs';
import {World, eventually} from './world.mjs';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'conversations', 'customers');
const dialogues = readDialogues(folder).map((dialogue) => ({dialogue, parts: cast(dialogue)}));
const told = {JOBRUN_OPERATOR_PHONE: '+14155559999', JOBRUN_FAILSAFE_SENDER: '+14155550900',
  JOBRUN_SEGMENTS_PER_SECOND_AND_SENDER: '0'};

test('there are sixty of them, and more', () => {
  assert.ok(dialogues.length >= 60, `${dialogues.length} dialogues`);
  assert.equal(new Set(dialogues.map(({dialogue}) => `${dialogue.file} ${dialogue.title}`)).size, dialogues.length);
});

describe('customers and owners', async () => {
  let world;
  test('the dialogues', async (t) => {
    world = await World.open(t, {settings: told});
    for (const {dialogue, parts} of dialogues) await moveIn(world, dialogue, parts);
    await world.noticed();
    await Promise.all(dialogues.map(({dialogue, parts}) => t.test(`${dialogue.file}: ${dialogue.title}`, async () => {
      await play(world, dialogue, parts, (step, news) => assertHeard(dialogue, step, news));
      dialogue.wanted = dialogue.steps.reduce((sum, step) => sum + step.said.length, 0);
    })));
    await eventually('every text has left', async () => await world.count('texts', "state IN ('promised', 'started')") === 0);
    for (const {dialogue, parts} of dialogues) {
      const texts = (await world.texts()).filter((text) => text.from === parts.phones.business);
      assert.equal(texts.length, dialogue.wanted, `${dialogue.file}, "${dialogue.title}": nothing more has come`);
    }
    assert.deepEqual(await world.run('incidents'), []);
    const pairs = await world.rows('SELECT COUNT(*) AS times FROM conversations GROUP BY client, number, customer');
    assert.ok(pairs.length > 0 && pairs.every((pair) => pair.times === 1), 'one conversation for each pair');
  });
});
