// Goal: what the service tells the carrier to say is TwiML that the carrier knows, whatever a business calls
// itself.
// Method: the service answers real voice webhooks for each role and for names full of markup. Every verb of
// the answer must be one that the carrier's own library can make, every attribute one that its types list,
// and the document must mean the same as the one that the library makes of the same verbs.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import test, {after, before} from 'node:test';

import twilio from 'twilio';

import {callParameters, printed, startService} from './service.mjs';

const {VoiceResponse} = twilio.twiml;
const types = readFileSync(createRequire(import.meta.url).resolve('twilio/lib/twiml/VoiceResponse.d.ts'), 'utf8');

/// The attributes that the library's types list for a verb, such as Say.
function knownAttributes(verb) {
  const body = types.match(new RegExp(`interface ${verb}Attributes \\{([\\s\\S]*?)\\n {4}\\}`))?.[1] ?? '';
  return [...body.matchAll(/^\s+(?:"([\w-]+)"|(\w+))\?:/gm)].map((match) => match[1] ?? match[2]);
}

const entities = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};
const decode = (text) => text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name) => {
  if (name.startsWith('#x')) return String.fromCodePoint(parseInt(name.slice(2), 16));
  if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
  assert.ok(name in entities, `unknown entity ${whole}`);
  return entities[name];
});

/// The verbs of a text without prolog: [{verb, attributes, text, children}]; strict about it.
function readVerbs(inside) {
  const verbs = [];
  let rest = inside;
  while (rest.trim() !== '') {
    const element = rest.match(/^\s*<(\w+)((?:\s+[\w-]+="[^"<]*")*)\s*(?:\/>|>([\s\S]*?)<\/\1>)/);
    assert.ok(element, `not understood: ${rest}`);
    const attributes = Object.fromEntries([...element[2].matchAll(/([\w-]+)="([^"]*)"/g)].map((match) => [match[1], decode(match[2])]));
    const content = element[3] ?? '';
    const children = content.includes('<') ? readVerbs(content) : [];
    verbs.push({verb: element[1], attributes, text: children.length > 0 ? '' : decode(content), children});
    rest = rest.slice(element[0].length);
  }
  return verbs;
}

/// Those of a document.
function readTwiml(document) {
  const inside = document.match(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<Response>([\s\S]*)<\/Response>\s*$|^<\?xml [^>]*\?>\s*<Response\/>\s*$/);
  assert.ok(inside, `no TwiML document: ${document}`);
  return readVerbs(inside[1] ?? '');
}

/// Has the carrier's library make the same verbs; fails where it knows one, or an attribute, not.
function make(parent, verbs) {
  for (const {verb, attributes, text, children} of verbs) {
    const method = verb.toLowerCase();
    assert.equal(typeof parent[method], 'function', `the carrier has no verb ${verb}`);
    for (const name of Object.keys(attributes)) {
      assert.ok(knownAttributes(verb).includes(name), `the carrier's ${verb} has no attribute ${name}`);
    }
    const made = text === '' ? parent[method](attributes) : parent[method](attributes, text);
    if (children.length > 0) make(made, children);
  }
}

/// Fails unless the carrier's library knows every verb and attribute and makes the same document of them.
function assertKnown(document) {
  const verbs = readTwiml(document);
  const response = new VoiceResponse();
  make(response, verbs);
  assert.deepEqual(verbs, readTwiml(response.toString()));
  return verbs;
}

let service;
before(async () => {
  // Nothing is sent here: nobody listens at this address.
  service = await startService('http://127.0.0.1:9');
});
after(() => service?.stop());

let calls = 0;
async function voiceAnswer(to, from = '+14155550123') {
  calls += 1;
  const answer = await service.webhook('/twilio/voice', callParameters(`CA${String(calls).padStart(32, '0')}`, from, to, {CallStatus: 'ringing'}));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^(text|application)\/xml\b/);
  return answer.text();
}

const names = ['Smith & Sons', '<Say>Free</Say>', '"Quoted" & \'Quoted\'', ']]> -- <!-- ?>', 'Zoë’s Öfen', '漢字 😀 Roofing', '&amp; already &#38;'];

test('a business is greeted by its name, whatever it is', async () => {
  for (const [at, name] of names.entries()) {
    const number = `+1415555010${at}`;
    const client = await service.command('clients', 'add', '--name', name, '--phone', `+1415555015${at}`);
    await service.command('numbers', 'add', number, '--role', 'operational', '--client', String(client.id));
    await service.untilGreeting(number, /You have reached/);
    const verbs = assertKnown(await voiceAnswer(number));
    assert.ok(verbs.some(({verb, text}) => verb === 'Say' && text.includes(name)), `${name}: ${JSON.stringify(verbs)}`);
  }
});

test('numbers of every role, and callers without a number, get known verbs', async () => {
  await service.command('numbers', 'add', '+14155550120', '--role', 'onboarding');
  await service.command('numbers', 'add', '+14155550121', '--role', 'operational');
  await service.command('numbers', 'add', '+14155550122', '--role', 'system');
  await service.untilGreeting('+14155550120', /texts? messages only/);
  for (const number of ['+14155550120', '+14155550121', '+14155550122', '+14155550129']) {
    for (const caller of ['+14155550123', 'anonymous', '']) {
      const verbs = assertKnown(await voiceAnswer(number, caller));
      assert.equal(verbs[0]?.verb, 'Say', JSON.stringify(verbs));
      assert.ok(verbs[0].text.length > 10);
      for (const name of names) assert.ok(!verbs[0].text.includes(name));
    }
  }
});

test('what the carrier is to speak without us has known verbs, names nobody, and is the same printed as JSON', async () => {
  const document = await printed('fallback-twiml');
  const verbs = assertKnown(document);
  assert.deepEqual(verbs.map(({verb}) => verb), ['Say', 'Hangup']);
  assert.match(verbs[0].text, /cannot take your call right now. Please call again later, or send a text message/);
  assert.deepEqual(JSON.parse(await printed('fallback-twiml', '--json')), {content_type: 'text/xml', twiml: document});
});

test('ringing, asking, recording and connecting are made of known verbs', async () => {
  const client = await service.command('clients', 'add', '--name', 'Smith & Sons', '--phone', '+14155550170');
  await service.command('numbers', 'add', '+14155550130', '--role', 'operational', '--client', String(client.id));
  await service.ringFirst(client.id, ['+14155550171', '+14155550172']);
  await service.untilGreeting('+14155550130', /<Dial/);
  const ask = async (path, more) => {
    calls += 1;
    const answer = await service.webhook(path, callParameters(`CA${String(calls).padStart(32, '0')}`, '+14155550123', '+14155550130', more));
    assert.equal(answer.status, 200, path);
    return assertKnown(await answer.text());
  };
  const verbsOf = (verbs) => verbs.map(({verb}) => verb);
  const [dial] = assertKnown(await voiceAnswer('+14155550130'));
  assert.deepEqual(verbsOf(dial.children), ['Number', 'Number']);
  assert.equal(dial.attributes.answerOnBridge, 'true');
  const {url} = dial.children[0].attributes;
  const asked = await ask(url, {Direction: 'outbound-dial'});
  assert.deepEqual([verbsOf(asked), verbsOf(asked[0].children)], [['Gather', 'Hangup'], ['Say']]);
  assert.deepEqual(await ask(asked[0].attributes.action, {Direction: 'outbound-dial', Digits: '1'}), []);
  assert.deepEqual(verbsOf(await ask(asked[0].attributes.action, {Direction: 'outbound-dial', Digits: '2'})), ['Say', 'Hangup']);
  assert.deepEqual(verbsOf(await ask(dial.attributes.action, {DialCallStatus: 'busy'})), ['Say', 'Hangup']);
  calls += 1;
  const withheld = assertKnown(await (await service.webhook(dial.attributes.action,
    callParameters(`CA${String(calls).padStart(32, '0')}`, 'anonymous', '+14155550130', {DialCallStatus: 'busy'}))).text());
  assert.deepEqual(verbsOf(withheld), ['Say', 'Record', 'Hangup']);
  assert.deepEqual(verbsOf(await ask(withheld[1].attributes.action, {RecordingSid: 'RE1'})), ['Say', 'Hangup']);
});

test('the judge refuses verbs, attributes and markup that the carrier does not know', () => {
  const document = (inside) => `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`;
  assert.equal(assertKnown(document('<Say language="en-GB">Hello</Say><Hangup/>')).length, 2);
  assert.throws(() => assertKnown(document('<Speak>Hello</Speak>')), /no verb Speak/);
  assert.throws(() => assertKnown(document('<Say tongue="en">Hello</Say>')), /no attribute tongue/);
  assert.throws(() => assertKnown(document('<Say>Smith & Sons <b></Say>')), /not understood/);
  assert.throws(() => assertKnown('Hello'), /no TwiML document/);
});
