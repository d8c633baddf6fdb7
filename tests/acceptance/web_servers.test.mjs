// Goal: behind the web servers of deploy/ a signed webhook is taken, whatever a stranger writes into headers; what is too
// large, or nobody's business, does not arrive; and while JobRun is away the carrier is told so at once.
// Method: the real servers of Debian run what deploy/ ships, but for ports, and with a certificate of a throw-away
// authority; the carrier's side is node's own HTTPS client, which verifies that certificate.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {request} from 'node:https';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, test} from 'node:test';

import {readProjectFile} from './document.mjs';
import {Child, World, accountSid, eventually, freePort, newCaller, newCallSid, sign} from './world.mjs';

const name = 'jobrun.example.com';
const publicUrl = `https://${name}`;
const business = '+14155550100';

/// An authority of our own, and a certificate by it.
function makeCertificate(folder) {
  const openssl = (...args) => execFileSync('openssl', args, {cwd: folder, stdio: 'pipe'});
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-days', '2', '-subj', '/CN=Throw-away');
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=${name}`);
  writeFileSync(path.join(folder, 'names'), `subjectAltName=DNS:${name}\n`);
  openssl('x509', '-req', '-in', 'request.pem', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2',
    '-extfile', 'names', '-out', 'fullchain.pem');
}

/// Replaces what must be there; a copy that is not changed as meant would prove nothing.
function replaced(text, pattern, by) {
  assert.match(text, pattern);
  return text.replace(pattern, by);
}

const servers = {
  caddy(folder, port, jobrunPort) {
    let config = replaced(readProjectFile('deploy/caddy/Caddyfile'), /^jobrun\.example\.com \{$/m,
      `{\n\tadmin off\n\tauto_https off\n}\n\nhttps://${name}:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/fullchain.pem ${folder}/key.pem`);
    config = replaced(config, /127\.0\.0\.1:8080/, `127.0.0.1:${jobrunPort}`);
    writeFileSync(path.join(folder, 'Caddyfile'), config);
    const home = {HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder};
    return new Child(['run', '--config', path.join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], home, '/usr/bin/caddy');
  },
  nginx(folder, port, jobrunPort) {
    let config = replaced(readProjectFile('deploy/nginx/jobrun.conf'), /listen 443 ssl/, `listen 127.0.0.1:${port} ssl`);
    config = replaced(config, /\/etc\/ssl\/jobrun\//g, `${folder}/`);
    config = replaced(config, /127\.0\.0\.1:8080/, `127.0.0.1:${jobrunPort}`);
    writeFileSync(path.join(folder, 'jobrun.conf'), config);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${folder}/${each};`).join(' ');
    writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; error_log stderr; events {}
      http { access_log off; ${temporary} include ${folder}/jobrun.conf; }\n`);
    return new Child(['-p', folder, '-c', path.join(folder, 'nginx.conf')], {}, '/usr/sbin/nginx');
  },
};

for (const [kind, start] of Object.entries(servers)) {
  describe(kind, () => {
    let world, folder, server, port;

    /// What the server answers to the carrier, or to a stranger.
    const ask = (target, {method = 'GET', headers = {}, body = ''} = {}) => new Promise((resolve, reject) => {
      const asked = request({host: '127.0.0.1', port, servername: name, ca: readFileSync(path.join(folder, 'authority.pem')), path: target,
        method, headers: {Host: name, ...headers, ...(body ? {'Content-Length': Buffer.byteLength(body)} : {})}}, async (answer) => {
        let text = '';
        for await (const piece of answer) text += piece;
        resolve({status: answer.statusCode, text});
      });
      asked.on('error', reject);
      asked.end(body);
    });
    /// A webhook, signed over the public URL unless told otherwise.
    const webhook = (target, parameters, {signature, headers = {}} = {}) => {
      const pairs = Object.entries(parameters);
      return ask(target, {method: 'POST', body: new URLSearchParams(pairs).toString(), headers: {...headers,
        'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature ?? sign(publicUrl + target, pairs)}});
    };
    const call = (more = {}) => ({CallSid: newCallSid(), AccountSid: accountSid, From: newCaller(), To: business, CallStatus: 'no-answer',
      Direction: 'inbound', ...more});

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'jobrun-web-'));
      mkdirSync(folder, {recursive: true});
      makeCertificate(folder);
      world = await World.open(null, {settings: {JOBRUN_PUBLIC_URL: publicUrl}});
      await world.business(business);
      for (let attempt = 1; ; ++attempt) {
        port = await freePort();
        server = start(folder, port, world.port);
        const state = await eventually('the server answers, or has ended', async () =>
          (server.exit ? 'ended' : (await ask('/').catch(() => null)) && 'answers'), 30);
        if (state === 'answers') break;
        if (attempt === 5) throw new Error(server.err);
      }
    });
    after(async () => {
      await server?.end('SIGTERM');
      await world?.close();
      rmSync(folder, {recursive: true, force: true});
    });

    test('a signed webhook is taken, and its caller texted', async () => {
      const ended = call();
      assert.equal((await webhook('/twilio/status', ended)).status, 200);
      assert.equal((await world.outcome(ended.CallSid)).outcome, 'texted');
      const heard = await webhook('/twilio/voice', call({CallStatus: 'ringing'}));
      assert.match(heard.text, /<Say/);
    });

    test('what a stranger writes into headers neither opens nor closes anything', async () => {
      const headers = {'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'stranger.example', 'X-Forwarded-For': '127.0.0.1',
        'X-Forwarded-Port': '1', 'X-Original-URL': '/metrics', Forwarded: 'host=stranger.example;proto=http'};
      assert.equal((await webhook('/twilio/status', call(), {headers})).status, 200);
      const ended = call();
      const forged = sign('http://stranger.example/twilio/status', Object.entries(ended));
      assert.equal((await webhook('/twilio/status', ended, {headers, signature: forged})).status, 403);
    });

    test('the query arrives as it was signed', async () => {
      assert.equal((await webhook('/twilio/status?a=b%20c&d=%2B1&e', call())).status, 200);
      assert.equal((await webhook('/twilio/status?a=b%20c', call(), {signature: sign(`${publicUrl}/twilio/status?a=b+c`, [])})).status, 403);
    });

    test('what is larger than any webhook is refused, and does not arrive', async () => {
      const before = await world.metrics();
      const answer = await webhook('/twilio/status', call({Padding: 'x'.repeat(1 << 20)})).catch((cut) => ({status: 413, cut}));
      assert.ok(answer.status === 413 || answer.status === 502, `${answer.status}`);
      // Caddy begins to pass it on, and breaks off; nginx does not begin.
      const arrived = ([sample]) => (kind === 'nginx' ? /^webhook/ : /^webhooks_total.*status="200"/).test(sample);
      assert.deepEqual(Object.entries(await world.metrics()).filter(arrived), Object.entries(before).filter(arrived));
    });

    test('nothing but the carriers\' paths is passed on', async () => {
      for (const target of ['/', '/metrics', '/healthz', '/readyz', '/api/v1/incidents', '/twilio/../metrics', '/twilio/%2e%2e/metrics', '/twiliox', '//metrics']) {
        const {status, text} = await ask(target);
        assert.ok([400, 403, 404].includes(status), `${target}: ${status}`);
        assert.doesNotMatch(text, /voice_customer_intake_total/);
      }
    });

    test('while JobRun is away the carrier is told at once, so that it speaks its fallback; then all is as before', async () => {
      await world.kill();
      const answer = await webhook('/twilio/voice', call({CallStatus: 'ringing'}));
      assert.ok(answer.status >= 500, `${answer.status}`);
      await world.start();
      await eventually('webhooks are taken again', async () => (await webhook('/twilio/status', call())).status === 200);
    });
  });
}
