#!/usr/bin/env node
// Measures the service on this machine and appends one line to bench/results.jsonl.
//
// Every figure is a ratio or stands beside a ceiling measured in the same run: nginx answering a fixed 200,
// and the same statements in the same batches without HTTP. After each load the service is killed with
// SIGKILL and every 2xx is looked for in its ledger. A lost acknowledgement is an error, and so is a slow greeting
// while the database is away; otherwise timing decides nothing here but the table.
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const build = path.join(root, 'build/release');
const jobrun = path.join(build, 'jobrun');
const tool = (name) => path.join(build, 'bench', `bench_${name}`);
const seconds = Number(process.env.BENCH_SECONDS ?? 10);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/// Promised of the 99th percentile of /twilio/voice, after the first second without a database.
const voiceWithoutDatabaseMs = 50;
const token = 'bench-token-0123456789';
const account = 'AC' + '0'.repeat(32);

mkdirSync(path.join(root, 'var'), {recursive: true});
const folder = mkdtempSync(path.join(root, 'var/bench-'));
const children = new Set();

function start(command, args, env = {}) {
  const child = spawn(command, args, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'ignore']});
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

/// Resolves with the first match in the child's standard output.
function said(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const match = text.match(pattern);
      if (match) resolve(match);
    });
    child.on('exit', (code) => reject(new Error(`${child.spawnfile} ended (${code}) before saying ${pattern}:\n${text}`)));
  });
}

const ended = (child) => (child.exitCode !== null || child.signalCode !== null
  ? Promise.resolve() : new Promise((resolve) => child.on('exit', resolve)));

async function kill(child, signal = 'SIGKILL') {
  child.kill(signal);
  await ended(child);
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function until(condition, what) {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const isReady = (url) => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);

/// A service on a fresh database with one business, no limits that a benchmark would run into.
async function service({carrierUrl, textsPerSecond, requestsInFlight = 256}) {
  const place = mkdtempSync(path.join(folder, 'service-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    JOBRUN_LISTEN: `127.0.0.1:${port}`, JOBRUN_PUBLIC_URL: url, JOBRUN_DATABASE_URL: `sqlite://${place}/bench.sqlite`,
    JOBRUN_TWILIO_ACCOUNT_SID: account, JOBRUN_TWILIO_AUTH_TOKEN: token, JOBRUN_TWILIO_API_URL: carrierUrl,
    JOBRUN_TWILIO_TEXTS_PER_SECOND: String(textsPerSecond),
    JOBRUN_TWILIO_REQUESTS_IN_FLIGHT: String(requestsInFlight), JOBRUN_SERVICE_TEXTS_PER_DAY: '1000000000',
    JOBRUN_CLIENT_TEXTS_PER_DAY: '1000000000', JOBRUN_SEGMENTS_PER_SECOND_AND_SENDER: '0', JOBRUN_CANARY_EVERY: '0s', JOBRUN_LOG_LEVEL: 'warning',
  };
  const command = (...args) => execFileSync(jobrun, args, {env: {...process.env, ...env}, encoding: 'utf8'});
  command('migrate');
  const client = JSON.parse(command('clients', 'add', '--name', 'Smith & Sons', '--phone', '+14155550150', '--json'));
  command('numbers', 'add', '+14155550100', '--role', 'operational', '--client', String(client.id));
  const began = performance.now();
  const process_ = start(jobrun, ['serve'], env);
  await until(() => isReady(url), 'the service');
  return {process: process_, url, database: `${place}/bench.sqlite`, readyMs: performance.now() - began,
    remove: () => rmSync(place, {recursive: true})};
}

function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

/// Runs a load generator and samples the service's memory meanwhile.
async function load(command, args, env, pid) {
  const child = start(command, args, env);
  let output = '';
  child.stdout.on('data', (data) => { output += data; });
  let peakMb = 0;
  const sampling = setInterval(() => {
    if (pid && existsSync(`/proc/${pid}`)) peakMb = Math.max(peakMb, memoryMb(pid));
  }, 100);
  await ended(child);
  clearInterval(sampling);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (!line) throw new Error(`${command} printed no figures:\n${output}`);
  return {...JSON.parse(line), peakMb};
}

const counted = (database, table) => Number(execFileSync('sqlite3', [database, `SELECT count(*) FROM ${table}`], {encoding: 'utf8'}));
const ledgerCount = (database) => counted(database, 'calls');

async function acknowledgements(webhook, connections, run) {
  const carrierPort = await freePort();
  const carrier = start(jobrun, ['simulate', '--listen', `127.0.0.1:${carrierPort}`, '--account-sid', account,
    '--auth-token', token, '--fast']);
  await until(() => fetch(`http://127.0.0.1:${carrierPort}/practice/health`).then((a) => a.ok, () => false), 'the practice carrier');
  const s = await service({carrierUrl: `http://127.0.0.1:${carrierPort}`, textsPerSecond: 100});
  const url = `${s.url}/twilio/${webhook}`;
  const requests = path.join(folder, 'requests');
  const count = String(50_000 * seconds);
  writeFileSync(requests, spawnSync(tool('sign_requests'), [url, token, String(run), '0', count], {maxBuffer: 2 ** 31}).stdout);
  const env = {WRK_REQUESTS: requests, WRK_THREADS: '1'};
  const wrk = await load('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', path.join(root, 'bench/wrk_signed.lua'), url],
    env, s.process.pid);
  await kill(s.process);
  await kill(carrier);
  const acknowledged = wrk.requests - wrk.non_2xx;
  const kept = ledgerCount(s.database);
  s.remove();
  if (wrk.requests > Number(count)) throw new Error('the load generator ran out of requests');
  return {...wrk, acknowledged, kept, lost: Math.max(0, acknowledged - kept), readyMs: s.readyMs};
}

async function nginx(connections) {
  const port = await freePort();
  const place = mkdtempSync(path.join(folder, 'nginx-'));
  const conf = path.join(place, 'nginx.conf');
  writeFileSync(conf, `daemon off; worker_processes 1; pid ${place}/pid; error_log ${place}/error.log;
    events { worker_connections 1024; }
    http { access_log off; client_body_temp_path ${place}/b; proxy_temp_path ${place}/p; fastcgi_temp_path ${place}/f;
      uwsgi_temp_path ${place}/u; scgi_temp_path ${place}/s; keepalive_requests 100000000;
      server { listen 127.0.0.1:${port}; location / { default_type text/xml; return 200 "<Response/>"; } } }`);
  const child = start('nginx', ['-c', conf, '-p', place]);
  const url = `http://127.0.0.1:${port}/twilio/status`;
  await until(() => fetch(url, {method: 'POST'}).then((a) => a.ok, () => false), 'nginx');
  const env = {WRK_REQUESTS: path.join(folder, 'requests'), WRK_THREADS: '1'};
  const figures = await load('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', path.join(root, 'bench/wrk_signed.lua'), url], env);
  await kill(child, 'SIGTERM');
  return figures;
}

const withoutHttp = (waiting) => load(tool('events_bench'), [folder, String(waiting), String(seconds)], {});

/// `answerAfter`: what the carrier takes over a text in milliseconds, or `never`.
async function endToEnd(callsPerSecond, connections,
  {answerAfter = 0, requestsInFlight, warmUp = 0, forSeconds = seconds} = {}) {
  const carrierPort = await freePort();
  const s = await service({carrierUrl: `http://127.0.0.1:${carrierPort}`, textsPerSecond: 0, requestsInFlight});
  const figures = await load(tool('end_to_end'), [`${s.url}/twilio/status`, token, String(carrierPort),
    String(callsPerSecond), String(forSeconds), String(connections), String(answerAfter), String(warmUp)], {}, s.process.pid);
  await kill(s.process);
  const lost = Math.max(0, figures.calls - ledgerCount(s.database));
  s.remove();
  return {...figures, lost};
}

/// Webhooks while the carrier answers at once, and while as many sends hang as may be in flight: the same calls, in
/// turns. The whole round is shorter than the service waits for an answer, so that none of them ends within it.
async function hanging(callsPerSecond, connections, round) {
  const requestsInFlight = 256;
  const figures = {};
  for (const answerAfter of round % 2 ? [0, 'never'] : ['never', 0]) {
    figures[answerAfter] = await endToEnd(callsPerSecond, connections,
      {answerAfter, requestsInFlight, warmUp: requestsInFlight, forSeconds: Math.min(seconds, 10)});
  }
  const {0: idle, never: hung} = figures;
  if (hung.texts !== requestsInFlight) throw new Error(`${hung.texts} sends began, not the ${requestsInFlight} that were to hang`);
  if (idle.failed + hung.failed > 0) throw new Error('a webhook was not acknowledged');
  return {idle_calls: idle.calls, idle_texts: idle.texts, idle_p50_ms: idle.webhook_p50_ms, idle_p99_ms: idle.webhook_p99_ms,
    calls: hung.calls, sends_hanging: hung.texts, p50_ms: hung.webhook_p50_ms, p99_ms: hung.webhook_p99_ms,
    peakMb: hung.peakMb, lost: idle.lost + hung.lost};
}

/// A backlog of texts to a carrier that takes its time over each.
async function backlog(calls, connections, {answerAfter, requestsInFlight}) {
  const carrierPort = await freePort();
  const s = await service({carrierUrl: `http://127.0.0.1:${carrierPort}`, textsPerSecond: 0, requestsInFlight});
  const readyMb = memoryMb(s.process.pid);
  const figures = await load(tool('backlog'), [`${s.url}/twilio/status`, token, String(carrierPort), String(calls),
    String(connections), String(answerAfter), `${s.url}/metrics`], {}, s.process.pid);
  await kill(s.process);
  const kept = counted(s.database, "texts WHERE state = 'accepted'");
  const lost = Math.max(0, figures.calls - ledgerCount(s.database)) + Math.max(0, figures.accepted - kept);
  s.remove();
  return {...figures, answer_after_ms: answerAfter, requests_in_flight: requestsInFlight, readyMb, kept, lost};
}

/// Moves the database with all that belongs to it.
function moveDatabase(from, to) {
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

/// Holds a lock that no other writer gets past; returns how to let go.
async function lockDatabase(database) {
  const holder = spawn('sqlite3', [database], {stdio: ['pipe', 'pipe', 'ignore']});
  children.add(holder);
  holder.on('exit', () => children.delete(holder));
  const held = said(holder, /held/);
  holder.stdin.write("BEGIN IMMEDIATE;\nSELECT 'held';\n");
  await held;
  return async () => {
    holder.stdin.end('ROLLBACK;\n.quit\n');
    await ended(holder);
  };
}

/// Takes the database away; returns how to give it back.
const outages = {
  moved: async (database) => {
    moveDatabase(database, `${database}.gone`);
    return async () => moveDatabase(`${database}.gone`, database);
  },
  locked: lockDatabase,
};

const eventsSpooled = async (url) =>
  Number((await (await fetch(`${url}/metrics`)).text()).match(/^spool_records (\S+)$/m)[1]);

/// `/twilio/voice` while the database is well, moved away and locked: the same load on one service, in turns. What
/// comes within the first second of an outage is acknowledged too, and counted, but not in the figures.
async function voiceWithoutDatabase(callsPerSecond, connections, round) {
  const s = await service({carrierUrl: `http://127.0.0.1:${await freePort()}`, textsPerSecond: 1});
  const url = `${s.url}/twilio/voice`;
  const requests = path.join(folder, 'requests');
  let acknowledged = 0;
  let part = 1_000 + 10 * round;
  const callsFor = async (howLong) => {
    const count = String(2 * callsPerSecond * howLong);
    writeFileSync(requests, spawnSync(tool('sign_requests'), [url, token, String(part++), '0', count], {maxBuffer: 2 ** 31}).stdout);
    const figures = await load('wrk', ['-t1', `-c${connections}`, `-d${howLong}s`, '-s', path.join(root, 'bench/wrk_signed.lua'), url],
      {WRK_REQUESTS: requests, WRK_THREADS: '1', WRK_EVERY_MS: String(1_000 * connections / callsPerSecond)}, s.process.pid);
    if (figures.non_2xx + figures.errors > 0) throw new Error('a caller was not greeted');
    if (figures.requests > Number(count)) throw new Error('the load generator ran out of requests');
    acknowledged += figures.requests;
    return figures;
  };
  await callsFor(1);
  const up = await callsFor(seconds);
  const down = {};
  for (const [what, begin] of Object.entries(outages)) {
    const giveBack = await begin(s.database);
    await callsFor(1);
    down[what] = await callsFor(seconds);
    if (await eventsSpooled(s.url) < down[what].requests) throw new Error(`the database was not away while it was to be ${what}`);
    await giveBack();
    await until(async () => await eventsSpooled(s.url) === 0, 'the spool to be replayed');
  }
  await kill(s.process);
  const kept = ledgerCount(s.database);
  s.remove();
  return {calls: acknowledged, per_second: up.per_second, up_p50_ms: up.p50_ms, up_p99_ms: up.p99_ms,
    moved_p50_ms: down.moved.p50_ms, moved_p99_ms: down.moved.p99_ms, locked_p50_ms: down.locked.p50_ms,
    locked_p99_ms: down.locked.p99_ms, kept, lost: Math.max(0, acknowledged - kept)};
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/// The median of each figure over the rounds.
async function measured(name, once) {
  const all = [];
  for (let round = 0; round < rounds; ++round) {
    process.stderr.write(`==> ${name}, round ${round + 1} of ${rounds}\n`);
    all.push(await once(round + 1));
  }
  const figures = Object.fromEntries(Object.keys(all[0]).map((key) =>
    [key, typeof all[0][key] === 'number' ? middle(all.map((one) => one[key])) : all.every((one) => one[key])]));
  const lost = all.reduce((sum, one) => sum + (one.lost ?? 0), 0);
  if (lost > 0) throw new Error(`${name}: ${lost} acknowledged calls or accepted texts are not in the ledger`);
  return figures;
}

function directoryFigures() {
  const output = execFileSync(tool('directory_bench'), ['--benchmark_format=json'], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
  return Object.fromEntries(JSON.parse(output).benchmarks.map(({name, real_time, time_unit}) =>
    [name, `${real_time.toFixed(1)} ${time_unit}`]));
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) console.log(row.map((cell, i) => String(cell).padEnd(widths[i])).join('  '));
}

async function main() {
  const status16 = await measured('status, 16 connections', (n) => acknowledgements('status', 16, n));
  const status64 = await measured('status, 64 connections', (n) => acknowledgements('status', 64, n));
  const nginx64 = await measured('nginx, 64 connections', () => nginx(64));
  const events16 = await measured('without HTTP, 16 waiting', () => withoutHttp(16));
  const events64 = await measured('without HTTP, 64 waiting', () => withoutHttp(64));
  const voice64 = await measured('voice, 64 connections', (n) => acknowledgements('voice', 64, 100 + n));
  const sustained = await measured('end to end, as fast as it goes', () => endToEnd(0, 64));
  const paced = await measured('end to end, 1,000 calls/s', () => endToEnd(1_000, 64));
  const hung = await measured('webhooks while sends hang, 1,000 calls/s', (n) => hanging(1_000, 64, n));
  const without = await measured('voice without a database, 1,000 calls/s', (n) => voiceWithoutDatabase(1_000, 64, n));
  const slow = await measured('a backlog, 50 ms answers', () => backlog(32_000, 64, {answerAfter: 50, requestsInFlight: 512}));
  const slowHalf = await measured('half of it', () => backlog(16_000, 64, {answerAfter: 50, requestsInFlight: 512}));
  const pacedSlow = await measured('end to end, 1,000 calls/s, 50 ms answers', () => endToEnd(1_000, 64, {answerAfter: 50}));
  const directory = directoryFigures();

  const ceiling = slow.requests_in_flight * 1_000 / slow.answer_after_ms;
  const fixed = (value, digits = 0) => Number(value).toFixed(digits);
  table([
    ['what', 'median', 'promised', 'beside'],
    ['status acks/s, 16 connections', fixed(status16.per_second), '10000', `${fixed(status16.per_second / events16.events_per_second, 2)} of the statements alone`],
    ['status acks/s, 64 connections', fixed(status64.per_second), '20000', `${fixed(status64.per_second / events64.events_per_second, 2)} of the statements alone, ${fixed(status64.per_second / nginx64.per_second, 2)} of nginx`],
    ['  p99 ms at 16 / 64', `${fixed(status16.p99_ms, 1)} / ${fixed(status64.p99_ms, 1)}`, '10', `max ${fixed(status64.max_ms, 1)}`],
    ['voice acks/s, 64 connections', fixed(voice64.per_second), '15000', `${fixed(voice64.per_second / nginx64.per_second, 2)} of nginx`],
    ['statements alone/s, 16 / 64', `${fixed(events16.events_per_second)} / ${fixed(events64.events_per_second)}`, '', 'no HTTP'],
    ['nginx fixed 200/s, 64', fixed(nginx64.per_second), '', 'the ceiling'],
    ['end to end calls/s, no rate limit', fixed(sustained.texts_per_second), '4000', `${sustained.texts} texts, all arrived: ${sustained.all_arrived}`],
    ['ack to carrier p99 ms at 1,000 calls/s', fixed(paced.ack_to_carrier_p99_ms, 1), '20', `p50 ${fixed(paced.ack_to_carrier_p50_ms, 1)}`],
    ['webhook p99 ms while sends hang', fixed(hung.p99_ms, 1), '2 x idle',
      `${fixed(hung.p99_ms / hung.idle_p99_ms, 2)} of idle, ${fixed(hung.idle_p99_ms, 1)}; ${hung.sends_hanging} sends hang`],
    ['voice p99 ms, database moved away', fixed(without.moved_p99_ms, 1), `under ${voiceWithoutDatabaseMs}`,
      `${fixed(without.moved_p99_ms / without.up_p99_ms, 2)} of ${fixed(without.up_p99_ms, 1)} with it, at 1,000 calls/s`],
    ['voice p99 ms, database locked', fixed(without.locked_p99_ms, 1), `under ${voiceWithoutDatabaseMs}`,
      `${fixed(without.locked_p99_ms / without.up_p99_ms, 2)} of it; all ${without.calls} calls kept`],
    ['sends/s, 50 ms answers', fixed(slow.sends_per_second), '5000',
      `a backlog of ${slow.backlog}, all accepted: ${slow.all_accepted}; ${fixed(slow.sends_per_second / ceiling, 2)} of what ${slow.requests_in_flight} in flight allow`],
    ['  ack to carrier p99 ms', fixed(pacedSlow.ack_to_carrier_p99_ms, 1), '', `at 1,000 calls/s; of the backlog ${fixed(slow.ack_to_carrier_p99_ms)}`],
    ['  resident MB', fixed(slow.peakMb, 1), '', `${fixed(slowHalf.peakMb, 1)} with half the backlog, ${fixed(slow.readyMb, 1)} when ready`],
    ['resident MB under load', fixed(Math.max(status64.peakMb, voice64.peakMb), 1), '40', `end to end ${fixed(sustained.peakMb, 1)}`],
    ['start to ready ms', fixed(status64.readyMs), '200', ''],
    ['acknowledged calls lost after SIGKILL', '0', '0', `${status64.acknowledged} acknowledged, ${status64.kept} in the ledger`],
    ...Object.entries(directory).map(([name, value]) => [name, value, '', '']),
  ]);
  const machine = {cpu: os.cpus()[0].model, cores: os.cpus().length, memory_gb: Math.round(os.totalmem() / 2 ** 30),
    kernel: os.release(), file_system: execFileSync('stat', ['-f', '-c', '%T', root], {encoding: 'utf8'}).trim()};
  const line = {at: new Date().toISOString(), machine, seconds, rounds, status16, status64, voice64, events16, events64,
    nginx64, sustained, paced, hung, without, slow, slowHalf, pacedSlow, directory};
  appendFileSync(path.join(root, 'bench/results.jsonl'), JSON.stringify(line) + '\n');
  const slowest = Math.max(without.moved_p99_ms, without.locked_p99_ms);
  if (slowest >= voiceWithoutDatabaseMs) throw new Error(`/twilio/voice without a database: p99 ${slowest} ms, promised under ${voiceWithoutDatabaseMs}`);
}

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, {recursive: true, force: true});
}
