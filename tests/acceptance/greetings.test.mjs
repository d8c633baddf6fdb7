// Goal: whatever a business is called, its callers hear that name, in TwiML that is well-formed, and the text
// says it too.
// Method: businesses with hostile names; the carrier plays the TwiML; xmllint, a parser of others, reads it.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import test from 'node:test';

import {World, newCaller, newCallSid} from './world.mjs';

const names = ['Smith & Sons', '<Hangup/>', '</Say></Response>', '"Quoted" \'Plumbing\'', ']]><!-- & -->', '&amp; &lt;already&gt;',
  'Müller Söhne GmbH', '水道屋さん', 'Pipes 🔧🚿', '{number} {business}', '  spaced  out  ', 'A'.repeat(80), '%2B%26', '$(reboot) `id`'];

/// The text that an XML parser finds in the Say verbs, and that there is nothing else.
function sayOf(twiml) {
  if (!existsSync('/usr/bin/xmllint')) return null;
  const read = (query) => execFileSync('xmllint', ['--nonet', '--xpath', query, '-'], {input: twiml, stdio: ['pipe', 'pipe', 'pipe']}).toString().replace(/\n$/, '');
  assert.equal(read('name(/*)'), 'Response');
  assert.equal(read('count(/Response/*[not(self::Say or self::Hangup or self::Pause)])'), '0');
  return read('string(/Response)');
}

test('a caller hears the business\'s name, whatever it is', async (t) => {
  const world = await World.open(t);
  for (const [i, name] of names.entries()) {
    await t.test(name, async () => {
      const number = `+1415555${3000 + i}`;
      await world.business(number, name, `+1415555${4000 + i}`);
      const [client] = (await world.run('clients', 'list')).filter((each) => each.phone === `+1415555${4000 + i}`);
      const call = await world.place({to: number});
      assert.deepEqual(call.problems, []);
      const heard = call.heard.join(' ');
      const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
      assert.ok(squeeze(heard).includes(squeeze(client.name)), `heard: ${heard}`);
      assert.match(heard, /We are sending you a text message/);
      const answered = await world.post('/twilio/voice', {CallSid: newCallSid(), From: newCaller(), To: number, CallStatus: 'ringing', Direction: 'inbound'});
      assert.equal(answered.status, 200);
      assert.match(answered.type, /^(text|application)\/xml/);
      const said = sayOf(answered.text);
      if (said !== null) assert.ok(squeeze(said).includes(squeeze(client.name)), `said: ${said}`);
      const done = await world.outcome(call.call_sid);
      assert.equal(done.outcome, 'texted');
      assert.ok((await world.texts({to: call.from}))[0].body.startsWith(client.name + ':'));
    });
  }
});

test('a name with control characters, or of no or too many characters, is refused with a reason', async (t) => {
  const world = await World.open(t);
  for (const name of ['', 'bell\u0007', 'two\nlines', 'B'.repeat(81)]) {
    const done = await world.cli('clients', 'add', '--name', name, '--phone', '+14155559000', '--json');
    assert.equal(done.code, 2, JSON.stringify(name));
    assert.equal(done.json.error.code, 'invalid');
  }
  assert.deepEqual(await world.run('clients', 'list'), []);
});

test('a webhook for /voice that is repeated is answered alike', async (t) => {
  const world = await World.open(t);
  await world.business('+14155550100', 'Smith & Sons');
  const parameters = {CallSid: newCallSid(), From: newCaller(), To: '+14155550100', CallStatus: 'ringing', Direction: 'inbound'};
  const first = await world.post('/twilio/voice', parameters);
  const second = await world.post('/twilio/voice', parameters);
  assert.equal(second.text, first.text);
  assert.equal(await world.count('calls'), 1);
});
