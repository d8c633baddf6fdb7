// People are told by several ways, and none of them needs another.
import assert from 'node:assert/strict';
import test from 'node:test';

import {MailServer} from './mail_server.mjs';
import {World, eventually} from './world.mjs';

const business = '+14155550110';
const owner = '+14155559000';
const operator = '+14155558000';
const failsafe = '+14155550900';
const withheld = '+266696687';

const byText = {JOBRUN_OPERATOR_PHONE: operator, JOBRUN_FAILSAFE_SENDER: failsafe};
const byMail = (server) => ({JOBRUN_SMTP_URL: server.url, JOBRUN_OPERATOR_EMAIL: 'operator@example.com'});

/// What the practice carrier took for a phone.
const textsTo = async (world, phone) => (await world.texts()).filter((text) => text.to === phone);
/// A mail's subject as it is shown.
const subjectOf = (mail) => mail.headers.Subject.replace(/\?=\s+=\?/g, '?==?')
  .replace(/=\?UTF-8\?B\?(.*?)\?=/g, (_, word) => Buffer.from(word, 'base64').toString('utf8'));
/// Everybody has been told everything.
const allTold = (world) => eventually('nothing is left to be told', async () =>
  await world.count('alerts', 'accepted_at IS NULL AND withdrawn_at IS NULL AND due_at < 1000 * unixepoch()') === 0
  && await world.count('alert_ways', 'due_at IS NOT NULL') === 0);

test('a call whose caller cannot be texted is told by webhook, mail and text, each once', async (t) => {
  const mail = await MailServer.open(t);
  const world = await World.open(t, {settings: {...byText, ...byMail(mail)}});
  await world.business(business);
  const sid = await world.ended(business, {from: withheld});
  assert.equal((await world.outcome(sid)).outcome, 'escalated');
  await allTold(world);
  assert.equal((await world.alerts()).filter((alert) => alert.call_sid === sid).length, 1);
  assert.equal(mail.mails.length, 1);
  assert.equal(mail.mails[0].to, '<operator@example.com>');
  assert.match(mail.mails[0].body, new RegExp(`jobrun calls show ${sid}`));
  const [text, ...more] = await textsTo(world, owner);
  assert.deepEqual(more, []);
  assert.equal(text.from, business, 'an owner is texted from his own number');
  assert.match(text.body, /^JobRun: /);
  assert.equal(await world.metric('alert_channels_configured'), 3);
  for (const channel of ['webhook', 'email', 'text']) {
    assert.equal(await world.metric(`alert_attempts_total{answer="accepted",channel="${channel}"}`), 1, channel);
  }
  assert.equal(await world.metric('alerts_sent_total'), 1);

  await world.ended('+14155550500', {from: withheld});
  await eventually('the operator is texted', async () => (await textsTo(world, operator)).length === 1);
  assert.equal((await textsTo(world, operator))[0].from, failsafe);
});

for (const mode of ['silent', 'refuse']) {
  test(`a mail server that is ${mode} delays neither webhook nor text, and is told once it is back`, async (t) => {
    const mail = await MailServer.open(t, mode);
    const world = await World.open(t, {settings: {...byText, ...byMail(mail)}});
    await world.business(business);
    await world.ended(business, {from: withheld});
    await eventually('the mail server is asked', () => mail.connections > 0);
    const sid = await world.ended(business, {from: withheld});
    assert.equal((await world.outcome(sid)).outcome, 'escalated');
    await eventually('both are told by webhook', async () => (await world.alerts()).length === 2);
    await eventually('both are told by text', async () => (await textsTo(world, owner)).length === 2);
    assert.equal(mail.mails.length, 0);
    mail.mode = 'accept';
    for (const socket of mail.sockets) socket.destroy();
    await eventually('both are mailed', () => mail.mails.length === 2, 60);
    await allTold(world);
  });
}

test('kill -9 between the ways: each is told, and none again that is known to have accepted', async (t) => {
  const mail = await MailServer.open(t, 'refuse');
  const world = await World.open(t, {settings: {...byText, ...byMail(mail)}});
  await world.business(business);
  const sid = await world.ended(business, {from: withheld});
  assert.equal((await world.outcome(sid)).outcome, 'escalated');
  await eventually('webhook and text are done', async () =>
    await world.count('alert_ways', "way IN ('webhook', 'text')") === 0
    && (await world.alerts()).length === 1 && (await textsTo(world, owner)).length === 1);
  await world.kill();
  mail.mode = 'accept';
  await world.start();
  await eventually('it is mailed', () => mail.mails.length === 1, 60);
  await allTold(world);
  assert.equal((await world.alerts()).length, 1);
  assert.equal((await textsTo(world, owner)).length, 1);
});

test('a crowd of alerts is one text and one mail, and the webhook has each', async (t) => {
  const mail = await MailServer.open(t, 'refuse');
  const world = await World.open(t, {settings: {...byText, ...byMail(mail)}});
  await world.business(business);
  await world.knobs({api_faults: [{on: 'send_text', to: owner, do: 'refuse', code: 30001}]});
  const sids = [];
  for (let call = 0; call < 14; ++call) sids.push(await world.ended(business, {from: withheld}));
  await eventually('the webhook has each', async () => (await world.alerts()).length === 14);
  assert.equal((await textsTo(world, owner)).filter((text) => text.status !== 'refused').length, 0);
  await world.kill();
  await world.knobs({api_faults: []});
  mail.mode = 'accept';
  await world.start();
  await allTold(world);
  const bodies = [...(await textsTo(world, owner)).map((text) => text.body), ...mail.mails.map((one) => one.body)];
  const told = (body) => Number(body.match(/(\d+) alerts: /)?.[1] ?? 1);
  const summaries = bodies.filter((body) => told(body) > 5);
  assert.ok(summaries.length >= 2, bodies.join('\n---\n'));
  assert.equal(bodies.map(told).reduce((sum, count) => sum + count), 2 * 14, 'each is told once by each');
  assert.equal((await world.alerts()).length, 14);
});

test('an owner who opted out is not texted again: the operator is', async (t) => {
  const world = await World.open(t, {settings: byText});
  await world.business(business);
  await world.knobs({api_faults: [{on: 'send_text', to: owner, do: 'refuse', code: 21610}]});
  assert.equal((await world.outcome(await world.ended(business, {from: withheld}))).outcome, 'escalated');
  await eventually('the operator is texted', async () => (await textsTo(world, operator)).length === 1, 60);
  await world.knobs({api_faults: []});
  await world.ended(business, {from: withheld});
  await eventually('the operator is texted again', async () => (await textsTo(world, operator)).length === 2);
  assert.equal((await textsTo(world, owner)).length, 0);
});

test('a phone gets no more texts of alerts in an hour than allowed', async (t) => {
  const world = await World.open(t, {settings: {...byText, JOBRUN_ALERT_TEXTS_PER_HOUR: '3'}});
  await world.business(business);
  for (let call = 0; call < 8; ++call) {
    await world.ended(business, {from: withheld});
    await eventually('it is told or kept back', async () =>
      (await textsTo(world, owner)).length === Math.min(call + 1, 3)
      && await world.count('alert_ways', "way = 'text' AND due_at IS NOT NULL") === Math.max(call - 2, 0));
  }
  assert.equal((await world.alerts()).length, 8);
});

test('owners are told by mail, by text or by both, as each chose', async (t) => {
  const mail = await MailServer.open(t);
  const world = await World.open(t, {settings: {...byText, ...byMail(mail)}});
  const [anns, bobs] = ['+14155559001', '+14155559002'];
  await world.business(business);
  await world.business('+14155550120', 'Ann Roofing', anns, ['--alert-by', 'email', '--owner-email', 'ann@example.com']);
  await world.business('+14155550130', 'Bob & "Sons" <b@x>', bobs, ['--alert-by', 'both', '--owner-email', 'bob@example.com']);
  const mailedTo = (address) => mail.mails.filter((one) => one.to === `<${address}>`);
  const caller = '+442071838750';  // may not be texted: the owner is told at once
  for (const number of ['+14155550120', '+14155550130']) {
    assert.equal((await world.outcome(await world.ended(number, {from: caller}))).outcome, 'escalated');
  }
  await eventually('Ann is mailed, and Bob by both', async () => mailedTo('ann@example.com').length === 1
    && mailedTo('bob@example.com').length === 1 && (await textsTo(world, bobs)).length === 1);
  assert.deepEqual(await textsTo(world, anns), []);
  const [anns_mail] = mailedTo('ann@example.com');
  assert.match(subjectOf(anns_mail), /^JobRun: .*\+442071838750/);
  assert.match(anns_mail.body, /^JobRun: Missed call from \+442071838750 .*\n$/);
  assert.equal(mailedTo('bob@example.com')[0].body, `${(await textsTo(world, bobs))[0].body}\n`);
  assert.equal(mailedTo('operator@example.com').length, 0);
  assert.deepEqual(await textsTo(world, operator), []);

  const told = await world.run('clients', 'set', '2', '--alert-by', 'text');
  assert.equal(told.alert_by, 'text');
  await world.noticed();
  await world.ended('+14155550120', {from: withheld});
  await eventually('Ann is texted', async () => (await textsTo(world, anns)).length === 1);
  await eventually('the operator has that mail', () => mailedTo('operator@example.com').length === 1);
  assert.equal(mailedTo('ann@example.com').length, 1);
});

test('an owner who chose mails is texted where no mail server is set up, and that is told', async (t) => {
  const world = await World.open(t, {settings: byText});
  await world.business(business, 'Harbour Plumbing', owner, ['--alert-by', 'email', '--owner-email', 'joe@example.com']);
  await world.stop();
  await world.start();
  await world.line({level: 'warning', message: /OWNERS ARE NOT ALERTED AS THEY CHOSE/, chose_email: '1'});
  await world.ended(business, {from: withheld});
  await eventually('he is texted', async () => (await textsTo(world, owner)).length === 1);
  const {checks} = JSON.parse((await world.cli('doctor', '--json')).out);
  const alerts = checks.find((check) => check.name === 'alerts');
  assert.equal(alerts.verdict, 'mend');
  assert.match(alerts.found, /e-mail is not set up, and owners chose it: 1/);
});

test('with one way alone the service says so', async (t) => {
  const world = await World.open(t);
  await world.line({level: 'warning', message: /ONLY ONE ALERT CHANNEL/});
});
