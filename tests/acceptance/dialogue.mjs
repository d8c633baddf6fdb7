// Dialogues of customers and owners, as plain text: read, and played against a running service. The form is told in
// ../conversations/README.md.
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';

import {eventually, newCaller} from './world.mjs';

/// Every dialogue of a folder: `{title, file, steps}`; a step is what somebody does, and what JobRun says then.
export function readDialogues(folder) {
  return readdirSync(folder).filter((name) => name.endsWith('.txt')).sort().flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8').split(/\n\n+/).map((block) => readDialogue(block, file)).filter(Boolean));
}

function readDialogue(block, file) {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const titles = lines.filter((line) => line.startsWith('# '));
  const rest = lines.filter((line) => !line.startsWith('#'));
  if (rest.length === 0) return null;
  const dialogue = {title: titles.map((line) => line.slice(2)).join(' '), file, settings: {}, number: 'business', steps: []};
  for (const line of rest) readLine(dialogue, line);
  return dialogue;
}

function readLine(dialogue, line) {
  const setting = /^\(the business has ([a-z_.]+): (.*)\)$/.exec(line);
  const said = /^jobrun to (customer|customer 2|owner|second owner): (.*)$/.exec(line);
  const text = /^(customer|customer 2|owner|second owner|stranger): (.*)$/.exec(line);
  if (setting) dialogue.settings[setting[1]] = setting[2];
  else if (line === "(the number is nobody's)") dialogue.number = 'nobody';
  else if (line === '(the number has no business)') dialogue.number = 'orphan';
  else if (line === '(the number is British)') dialogue.isBritish = true;
  else if (said) dialogue.steps.at(-1).said.push({to: said[1], words: said[2]});
  else if (text) dialogue.steps.push({who: text[1], words: text[2], said: [], extras: {}});
  else if (line === '(a call is missed)') dialogue.steps.push({call: 'customer', said: []});
  else if (line === '(a call of customer 2 is missed)') dialogue.steps.push({call: 'customer 2', said: []});
  else if (line === '(that text comes once more)') dialogue.steps.push({again: true, said: []});
  else if (/^\(with .+\)$/.test(line)) extra(dialogue.steps.at(-1), line.slice(6, -1));
  else assert.fail(`${dialogue.file}: what is "${line}"?`);
}

/// What comes with the text before it: a picture, or what the carrier took it for.
function extra(step, words) {
  const taken = /^OptOutType (HELP|STOP|START)$/.exec(words);
  if (taken) {
    step.extras.OptOutType = taken[1];
    return;
  }
  assert.equal(words, 'a picture', 'it comes with nothing else');
  Object.assign(step.extras, {NumMedia: '1', MediaUrl0: 'https://media.example/1', MediaContentType0: 'image/jpeg'});
}

let played = 0;

/// Gives the dialogue its phones and its numbers, so that no other gets in its way.
export function cast(dialogue) {
  const place = ++played;
  const pad = (start) => `${start}${String(place).padStart(4, '0')}`;
  const phones = {
    business: dialogue.isBritish ? pad('+4420794600').slice(0, 13) : pad('+1415610'),
    owner: dialogue.isBritish ? pad('+44770091') : pad('+1415620'),
    'second owner': pad('+1415630'),
    customer: dialogue.isBritish ? pad('+44770092') : newCaller(),
    'customer 2': dialogue.isBritish ? pad('+44770093') : newCaller(),
    stranger: newCaller(),
  };
  /// `{customer}` is his phone, `{customer.4}` its last digits.
  const filled = (words) => words.replaceAll(/\{([a-z 2]+)(\.4)?\}/g, (all, who, short) => {
    assert.ok(phones[who], `${dialogue.file}: who is ${all}?`);
    return short ? phones[who].slice(-4) : phones[who];
  });
  const emptied = (words) => Object.entries(phones).reduce((text, [who, phone]) =>
    text.replaceAll(phone, `{${who}}`).replaceAll(new RegExp(`\\b${phone.slice(-4)}\\b`, 'g'), `{${who}.4}`), words);
  return {phones, filled, emptied};
}

/// Registers the business, unless the number is to be nobody's. The service need not know of it yet.
export async function moveIn(world, dialogue, {phones, filled}) {
  if (dialogue.number === 'nobody') return;
  if (dialogue.number === 'orphan') {
    await world.run('numbers', 'add', phones.business, '--role', 'operational');
    return;
  }
  const client = await world.run('clients', 'add', '--name', 'Smith & Sons', '--phone', phones.owner);
  await world.run('numbers', 'add', phones.business, '--role', 'operational', '--client', String(client.id));
  const options = Object.entries(dialogue.settings).flatMap(([name, value]) => (name.startsWith('wording.')
    ? ['--wording', `${name.slice('wording.'.length)}=${filled(value)}`]
    : [`--${name.replaceAll('_', '-')}`, filled(value)]));
  if (options.length > 0) await world.run('clients', 'set', String(client.id), ...options);
}

let textsWritten = 0;

/// Plays it; `hear(step, texts)` is given what each phone got after the step, in the form of the script, until as many
/// texts have come as the step waits for.
export async function play(world, dialogue, {phones, filled, emptied}, hear) {
  const heard = Object.fromEntries(['customer', 'customer 2', 'owner', 'second owner', 'stranger'].map((who) => [who, 0]));
  const textsTo = async (who) => (await world.texts({to: phones[who]})).filter((text) => text.from === phones.business);
  let last = null;
  for (const step of dialogue.steps) {
    if (step.call) {
      await world.ended(phones.business, {from: phones[step.call]});
    } else {
      if (!step.again) {
        last = {MessageSid: `SM${process.pid.toString(16).padStart(8, '0')}${String(++textsWritten).padStart(24, '0')}`,
          From: phones[step.who], To: phones.business, Body: filled(step.words).replaceAll('\\n', '\n'), ...step.extras};
      }
      const answer = await world.post('/twilio/sms', last);
      assert.equal(answer.status, 200, answer.text);
    }
    await hear(step, async () => {
      const news = [];
      for (const who of Object.keys(heard)) {
        const texts = await textsTo(who);
        for (const text of texts.slice(heard[who])) news.push({to: who, words: emptied(text.body).replaceAll('\n', '\\n')});
      }
      return news;
    });
    for (const who of Object.keys(heard)) heard[who] = (await textsTo(who)).length;
  }
}

const inOrder = (texts) => [...texts].sort((a, b) => (a.to < b.to ? -1 : Number(a.to > b.to)));

/// Waits until the step's texts have come, and compares them word for word; of each phone in their order.
export async function assertHeard(dialogue, step, news) {
  const wanted = inOrder(step.said);
  let came = [];
  await eventually(`${dialogue.file}, "${dialogue.title}": ${wanted.length} texts after ${JSON.stringify(step.words ?? step.call ?? 'again')}`,
    async () => {
      came = inOrder(await news());
      return came.length >= wanted.length;
    }).catch((error) => assert.deepEqual(came, wanted, error.message));
  assert.deepEqual(came, wanted, `${dialogue.file}, "${dialogue.title}"`);
}
