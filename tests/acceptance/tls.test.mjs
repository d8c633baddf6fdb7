// Goal: the service can stand on the public address by itself: a missed call comes in by HTTPS and is answered, and its
// certificate is renewed without a restart and without cutting anybody off.
// Method: a throw-away authority; node's own HTTPS client, which verifies, as the carrier; files that are replaced.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {Agent, request} from 'node:https';
import path from 'node:path';
import test from 'node:test';

import {World, accountSid, eventually, newCaller, newCallSid, sign} from './world.mjs';

const name = 'jobrun.example.com';
const publicUrl = `https://${name}`;
const business = '+14155550100';

/// An authority, and two certificates by it, in `folder`: first.pem and second.pem with first.key and second.key.
function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, {cwd: folder, stdio: 'pipe'});
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  mkdirSync(folder);
  openssl('req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '2', '-subj', '/CN=Throw-away');
  writeFileSync(path.join(folder, 'names'), `subjectAltName=DNS:${name}\n`);
  for (const which of ['first', 'second']) {
    openssl('req', ...key, '-keyout', `${which}.key`, '-out', 'request.pem', '-subj', `/CN=${which}`);
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2',
      '-extfile', 'names', '-out', `${which}.pem`);
  }
}

/// A world whose service speaks HTTPS; not started yet.
async function openWorld(t) {
  const world = await World.open(t, {serve: false});
  world.made = path.join(world.folder, 'made');
  makeCertificates(world.made);
  world.show = (certificate, key = certificate) => {
    copyFileSync(path.join(world.made, `${certificate}.pem`), path.join(world.folder, 'certificate.pem'));
    copyFileSync(path.join(world.made, `${key}.key`), path.join(world.folder, 'key.pem'));
  };
  world.show('first');
  world.settings = {JOBRUN_PUBLIC_URL: publicUrl, JOBRUN_TLS_CERTIFICATE_FILE: path.join(world.folder, 'certificate.pem'),
    JOBRUN_TLS_KEY_FILE: path.join(world.folder, 'key.pem')};
  /// Asks as the carrier does; resolves with {status, text, peer}, `peer` being whom the certificate names.
  world.https = (target, {agent, method = 'GET', headers = {}, body = ''} = {}) => new Promise((resolve, reject) => {
    const asked = request({host: '127.0.0.1', port: world.port, servername: name, ca: readFileSync(path.join(world.made, 'authority.pem')),
      path: target, method, agent, headers: {Host: name, ...headers, ...(body ? {'Content-Length': Buffer.byteLength(body)} : {})}}, async (answer) => {
      const peer = answer.socket.getPeerCertificate().subject?.CN;
      let text = '';
      for await (const piece of answer) text += piece;
      resolve({status: answer.statusCode, text, peer, reused: asked.reusedSocket});
    });
    asked.on('error', reject);
    asked.end(body);
  });
  world.webhook = (target, parameters) => {
    const pairs = Object.entries(parameters);
    return world.https(target, {method: 'POST', body: new URLSearchParams(pairs).toString(),
      headers: {'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': sign(publicUrl + target, pairs)}});
  };
  return world;
}

async function begin(world) {
  await world.startPractice();
  await world.business(business);
  world.begin();
  assert.ok(await world.service.listens(), world.service.err);
  await eventually('it is ready', async () => (await world.https('/readyz', {agent: new Agent()})).status === 200);
}

test('a missed call that comes in by HTTPS is answered by a text', async (t) => {
  const world = await openWorld(t);
  await begin(world);
  const call = {CallSid: newCallSid(), AccountSid: accountSid, From: newCaller(), To: business, Direction: 'inbound'};
  const voice = await world.webhook('/twilio/voice', {...call, CallStatus: 'ringing'});
  assert.equal(voice.status, 200);
  assert.match(voice.text, /Harbour Plumbing/);
  assert.equal((await world.webhook('/twilio/status', {...call, CallStatus: 'completed'})).status, 200);
  assert.equal((await world.outcome(call.CallSid)).outcome, 'texted');
  assert.equal((await world.texts()).filter((text) => text.to === call.From).length, 1);
  await assert.rejects(fetch(`${world.url}/healthz`), 'nothing is told in clear');
  assert.equal((await world.stop()).code, 0);
});

test('a certificate is renewed, on SIGHUP too; a pair that cannot serve changes nothing', async (t) => {
  const world = await openWorld(t);
  await begin(world);
  const old = new Agent({keepAlive: true, maxSockets: 1});
  t.after(() => old.destroy());
  const shown = async () => (await world.https('/healthz', {agent: new Agent()})).peer;
  assert.equal((await world.https('/healthz', {agent: old})).peer, 'first');

  world.show('second', 'first');
  await world.line({message: /cannot be used; the one in force stays/});
  assert.equal(await shown(), 'first');

  world.show('second');
  await eventually('the new one is shown', async () => (await shown()) === 'second', 20);
  const again = await world.https('/healthz', {agent: old});
  assert.deepEqual([again.status, again.reused], [200, true], 'who was there was not cut off');

  world.show('first');
  world.service.process.kill('SIGHUP');
  await eventually('the first is shown again', async () => (await shown()) === 'first', 20);
});

test('whoever starts it, or asks before, is told which file is wrong', async (t) => {
  const world = await openWorld(t);
  assert.equal((await world.cli('settings', '--check')).code, 0);
  world.show('first', 'second');
  for (const command of [['settings', '--check'], ['serve']]) {
    const {code, err} = await world.cli(...command);
    assert.equal(code, 2, err);
    assert.match(err, /certificate\.pem and tls_key_file .*key\.pem: the key is not the certificate's/);
  }
  const certificate = world.settings.JOBRUN_TLS_CERTIFICATE_FILE;
  delete world.settings.JOBRUN_TLS_CERTIFICATE_FILE;
  assert.match((await world.cli('serve')).err, /tls_certificate_file is missing/);
  world.settings.JOBRUN_TLS_CERTIFICATE_FILE = `${certificate}.gone`;
  assert.match((await world.cli('serve')).err, /tls_certificate_file: cannot read .*certificate\.pem\.gone/);
});
