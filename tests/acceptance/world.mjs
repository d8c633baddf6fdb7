// A small world for one test file: the practice carrier and the service as real processes, on a database, a
// folder and ports of their own. Whatever is started here ends with the test's process.
//
// Nothing in it links the product: webhooks are signed here from the carrier's rule, so that the service's own
// signature code is not its own judge.
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {existsSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';

export const binary = process.env.JOBRUN_BINARY ?? '';
assert.ok(existsSync(binary), 'JOBRUN_BINARY must name the built jobrun: run these tests through ctest');

/// How often tests with rounds repeat.
export const rounds = Number(process.env.JOBRUN_TEST_ROUNDS ?? 20);

export const authToken = 'acceptance-token-4711';
export const accountSid = 'AC0123456789abcdef0123456789abcdef';
const alertSecret = 'acceptance-alert-secret';

/// A sanitizer's own report, its exit code and the tools' paths are all a child inherits; settings of the
/// person who runs the tests must not reach the service.
const plainEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('JOBRUN_')));

const running = new Set();
const folders = [];
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));

/// Kills the child with us, even when we are killed ourselves: the kernel does it.
const withParent = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

/// Asks until `ask` returns something true, and returns that; fails after `seconds`, saying `what` and what was
/// seen last.
export async function eventually(what, ask, seconds = 30) {
  const limit = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > limit) throw new Error(`not within ${seconds} s: ${what}; last seen: ${last?.stack ?? last}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/// A port nobody listens on, below the range from which the system picks: a later connection cannot take it.
export async function freePort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const isFree = await new Promise((resolve) => {
      const probe = createServer().once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/// A child process; jobrun, unless told otherwise, which says on its standard output when it listens.
export class Child {
  constructor(args, env, executable = binary) {
    const [program, ...rest] = [...withParent, executable, ...args];
    this.process = spawn(program, rest, {env: {...plainEnvironment, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
    this.pid = this.process.pid;
    this.out = '';
    this.err = '';
    this.exit = null;
    running.add(this.process);
    this.process.stdout.on('data', (data) => { this.out += data; });
    this.process.stderr.on('data', (data) => { this.err += data; });
    this.ended = new Promise((resolve) => {
      this.process.on('close', (code, signal) => {
        running.delete(this.process);
        this.exit = {code, signal};
        resolve(this.exit);
      });
    });
  }

  /// Resolves with true once it listens, with false when it ended before.
  async listens() {
    await eventually('the program listens or ends', () => this.out.includes('listening on ') || this.exit);
    return this.out.includes('listening on ');
  }

  async end(signal) {
    if (!this.exit) this.process.kill(signal);
    return this.ended;
  }
}

/// Starts `make()` on a port of its own; when somebody else was faster, on another one.
async function startListening(make, port) {
  for (let attempt = 1; ; ++attempt) {
    const child = make(port);
    if (await child.listens()) return {child, port};
    const isTaken = /in use/i.test(child.err);
    if (!isTaken || attempt === 20) throw new Error(`did not start: ${child.err}`);
    port = await freePort();
  }
}

// ---- signing ----------------------------------------------------------------------------------------------

/// The carrier's rule: the URL, then each parameter sorted by name, its values unique and sorted.
export function sign(url, pairs, token = authToken) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, new Set([...(values.get(name) ?? []), value]));
  let data = url;
  for (const name of [...values.keys()].sort()) for (const value of [...values.get(name)].sort()) data += name + value;
  return createHmac('sha1', token).update(data, 'utf8').digest('base64');
}

let callsMade = 0;
const series = `${process.pid.toString(16)}${Date.now().toString(16)}`.slice(-16).padStart(16, '0');
/// A CallSid as the carrier makes them; never the same twice.
export const newCallSid = () => `CA${series}${(++callsMade).toString(16).padStart(16, '0')}`;

/// An American phone of which nobody has heard before in this process; never one of the numbers called.
let callers = 0;
export const newCaller = () => `+1628${5_550_000 + ++callers}`;

// ---- the world --------------------------------------------------------------------------------------------

export class World {
  /// Starts both processes, or with `serve: false` none: commands work without them. Ends with the test `t`.
  static async open(t, {settings = {}, serve = true} = {}) {
    const world = new World();
    world.folder = mkdtempSync(path.join(tmpdir(), 'jobrun-acceptance-'));
    folders.push(world.folder);
    world.database = path.join(world.folder, 'jobrun.db');
    world.settings = settings;
    world.port = await freePort();
    world.practicePort = await freePort();
    t?.after?.(() => world.close());
    if (serve) {
      await world.startPractice();
      await world.start();
    }
    return world;
  }

  async close() {
    await this.service?.end('SIGKILL');
    await this.practice?.end('SIGKILL');
    rmSync(this.folder, {recursive: true, force: true});
  }

  get url() { return `http://127.0.0.1:${this.port}`; }
  get practiceUrl() { return `http://127.0.0.1:${this.practicePort}`; }

  /// What `serve` and commands are told.
  get environment() {
    return {
      JOBRUN_LISTEN: `127.0.0.1:${this.port}`,
      JOBRUN_PUBLIC_URL: this.url,
      JOBRUN_DATABASE_URL: `sqlite://${this.database}`,
      JOBRUN_TWILIO_ACCOUNT_SID: accountSid,
      JOBRUN_TWILIO_AUTH_TOKEN: authToken,
      JOBRUN_TWILIO_API_URL: this.practiceUrl,
      JOBRUN_TWILIO_TEXTS_PER_SECOND: '0',
      JOBRUN_SEGMENTS_PER_SECOND_AND_SENDER: '0',
      JOBRUN_CANARY_EVERY: '0s',  // the tests count calls
      JOBRUN_ALERT_WEBHOOK_URL: `${this.practiceUrl}/practice/alerts`,
      JOBRUN_ALERT_WEBHOOK_SECRET: alertSecret,
      ...this.settings,
    };
  }

  async startPractice() {
    const make = (port) => new Child(['simulate', '--listen', `127.0.0.1:${port}`, '--webhook-url', this.url,
      '--account-sid', accountSid, '--auth-token', authToken], {});
    const started = await startListening(make, this.practicePort);
    this.practice = started.child;
    this.practicePort = started.port;
  }

  /// Starts the service on this world's database, or while that is `away`, and waits until it is ready. `more`: told to
  /// this process alone.
  async start(more = {}, {away = false} = {}) {
    const make = (port) => {
      this.port = port;
      return new Child(['serve'], {...this.environment, ...more});
    };
    const before = this.port;
    const started = await startListening(make, this.port);
    this.service = started.child;
    this.log = [...(this.log ?? []), this.service];
    if (this.port !== before) await this.knobs({service_url: this.url});
    await eventually('the service is ready', async () => (await fetch(`${this.url}/readyz`)).status === 200);
    if (!away) this.versionAtStart = (await this.rows('SELECT version FROM directory_version'))[0].version;
  }

  /// Starts the service and waits for nothing: it may die on its way. `more`: told to this process alone.
  begin(more = {}) {
    this.service = new Child(['serve'], {...this.environment, ...more});
    this.log = [...(this.log ?? []), this.service];
    return this.service;
  }

  async kill() {
    await this.service.end('SIGKILL');
  }

  /// SIGTERM; returns how the service ended.
  async stop() {
    return this.service.end('SIGTERM');
  }

  /// Moves the database and its log away under whoever uses them, and back again; what is not there is left alone.
  moveDatabaseAway() { this.#renameDatabase('', '.gone'); }
  putDatabaseBack() { this.#renameDatabase('.gone', ''); }
  #renameDatabase(from, to) {
    for (const suffix of ['', '-wal', '-shm']) {
      const old = this.database + from + suffix;
      if (existsSync(old)) renameSync(old, this.database + to + suffix);
    }
  }

  // ---- commands and the database ----

  /// Runs a command beside the server, or without it. `json` is what it printed with --json, if it was given.
  cli(...args) {
    return new Promise((resolve) => {
      execFile(binary, args, {env: {...plainEnvironment, ...this.environment}, maxBuffer: 1 << 26},
        (failed, out, err) => {
          const code = failed ? failed.code ?? `killed by ${failed.signal}` : 0;
          let json = null;
          try { json = JSON.parse(code === 0 ? out : err); } catch { /* not JSON: the test will say so */ }
          resolve({code, out, err, json});
        });
    });
  }

  /// A command that must succeed; returns its JSON.
  async run(...args) {
    const done = await this.cli(...args, '--json');
    assert.equal(done.code, 0, `jobrun ${args.join(' ')}: ${done.err}${done.out}`);
    assert.notEqual(done.json, null, `jobrun ${args.join(' ')} --json printed ${done.out}`);
    return done.json;
  }

  /// A business with one number, known to the running service. Returns {id, name, number, owner}.
  async business(number, name = 'Harbour Plumbing', owner = '+14155559000', more = []) {
    const client = await this.run('clients', 'add', '--name', name, '--phone', owner, ...more);
    await this.run('numbers', 'add', number, '--role', 'operational', '--client', String(client.id));
    await this.noticed();
    return {id: client.id, name, number, owner};
  }

  /// Waits until the service works with the directory that the database holds.
  async noticed() {
    if (!this.service || this.service.exit) return;
    const [{version}] = await this.rows('SELECT version FROM directory_version');
    const mark = `"version":"${version}"`;
    const knows = () => this.service.err.split('\n').some((line) => line.includes('directory changed') && line.includes(mark));
    await eventually(`the service notices version ${version}`, () => this.versionAtStart === version || knows());
  }

  /// Rows of the database, read beside the service.
  rows(sql) {
    return new Promise((resolve, reject) => {
      execFile('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 5000', this.database, sql], {maxBuffer: 1 << 28},
        (failed, out, err) => (failed ? reject(new Error(`${sql}: ${err}`)) : resolve(out.trim() ? JSON.parse(out) : [])));
    });
  }

  /// Changes the database while no service uses it.
  write(sql) {
    return new Promise((resolve, reject) => {
      execFile('sqlite3', [this.database, sql], (failed, out, err) => (failed ? reject(new Error(`${sql}: ${err}`)) : resolve()));
    });
  }

  async count(table, where = '1') {
    return (await this.rows(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`))[0].n;
  }

  /// How many rows each business table has.
  async businessRows() {
    const [row] = await this.rows(`SELECT ${['clients', 'customers', 'conversations', 'messages', 'onboarding_states']
      .map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`).join(', ')}`);
    return row;
  }

  /// How many rows every table has, by name: two equal answers mean that nothing was added or removed.
  async everyTable() {
    const tables = (await this.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"))
      .map((row) => row.name);
    return (await this.rows(`SELECT ${tables.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`).join(', ')}`))[0];
  }

  /// The call as `jobrun calls show` tells it.
  async call(callSid) {
    return this.run('calls', 'show', callSid);
  }

  /// The call once it has an outcome.
  async outcome(callSid, seconds = 30) {
    return eventually(`an outcome of ${callSid}`, async () => {
      const call = await this.call(callSid);
      return call.outcome ? call : null;
    }, seconds);
  }

  // ---- the carrier's side ----

  async ask(method, target, body) {
    const answer = await fetch(this.practiceUrl + target, {
      method, body: body === undefined ? undefined : JSON.stringify(body), headers: {'Content-Type': 'application/json'}});
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${target} of the practice carrier: ${answer.status} ${text}`);
    return text.startsWith('{') ? JSON.parse(text) : text;
  }

  knobs(knobs) { return this.ask('PUT', '/practice/knobs', knobs); }

  /// Changes what the carrier asks about a number's calls, or where it brings its texts.
  async setNumber(number, changes) {
    const headers = {Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`};
    const base = `${this.practiceUrl}/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers`;
    const listed = await (await fetch(`${base}.json?${new URLSearchParams({PhoneNumber: number})}`, {headers})).json();
    const answer = await fetch(`${base}/${listed.incoming_phone_numbers[0].sid}.json`,
      {method: 'POST', headers, body: new URLSearchParams(changes)});
    assert.equal(answer.status, 200, await answer.text());
  }

  /// Places a call through the practice carrier and returns it once all its webhooks were answered.
  async place(order) {
    const {calls} = await this.ask('POST', '/practice/calls', {from: newCaller(), wait: true, ...order});
    return order.times ? calls : calls[0];
  }

  async texts(filter = {}) {
    const query = new URLSearchParams({limit: '10000', ...filter});
    return (await this.ask('GET', `/practice/texts?${query}`)).texts;
  }

  /// The alerts that the alert inbox has seen, as the service told them; `answered` is what the inbox said.
  async alerts() {
    return (await this.ask('GET', '/practice/alerts?limit=10000')).alerts.map((row) => ({...row.alert, answered: row.answered}));
  }

  /// Posts a webhook, signed unless told otherwise. `parameters`: an object, or pairs.
  async post(target, parameters, {signature, token, headers = {}, body, method = 'POST'} = {}) {
    const pairs = Array.isArray(parameters) ? parameters : Object.entries(parameters);
    const given = signature === undefined ? sign(this.url + target, pairs, token) : signature;
    const answer = await fetch(this.url + target, {
      method,
      body: method === 'GET' ? undefined : body ?? new URLSearchParams(pairs).toString(),
      headers: {'Content-Type': 'application/x-www-form-urlencoded', ...(given === null ? {} : {'X-Twilio-Signature': given}), ...headers},
    });
    const text = await answer.text();
    return {status: answer.status, text, type: answer.headers.get('content-type'), headers: answer.headers};
  }

  /// A final status of a call; returns its CallSid. Fails unless the service acknowledges it.
  async ended(to, {from = newCaller(), status = 'no-answer', sid = newCallSid(), ...more} = {}) {
    const answer = await this.post('/twilio/status', {CallSid: sid, AccountSid: accountSid, From: from, To: to,
      CallStatus: status, Direction: 'inbound', ...more});
    assert.equal(answer.status, 200, answer.text);
    return sid;
  }

  // ---- what the service shows of itself ----

  /// Every sample by its name and labels, as Prometheus writes them.
  async metrics() {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const samples = {};
    for (const line of text.split('\n')) {
      const match = line.match(/^([a-z_]+(?:\{[^}]*\})?) (\S+)$/);
      if (match) samples[match[1]] = Number(match[2]);
    }
    return samples;
  }

  async metric(name) {
    const samples = await this.metrics();
    assert.ok(name in samples, `no sample ${name}`);
    return samples[name];
  }

  /// The lines that the service has logged, oldest first, of every process started on this world.
  lines() {
    return this.log.flatMap((child) => child.err.split('\n').filter((line) => line !== '')
      .map((line) => { try { return JSON.parse(line); } catch { return {notJson: line}; } }));
  }

  /// The first line that says all of `wanted`.
  async line(wanted, seconds = 10) {
    const fits = (line) => Object.entries(wanted).every(([key, value]) => (value instanceof RegExp ? value.test(line[key] ?? '') : line[key] === value));
    return eventually(`a log line ${JSON.stringify(wanted)}`, () => this.lines().find(fits), seconds);
  }
}

/// Which samples grew, and by how much: only what changed is in it.
export function growth(before, after) {
  const grown = {};
  for (const [name, value] of Object.entries(after)) if (value !== (before[name] ?? 0)) grown[name] = value - (before[name] ?? 0);
  return grown;
}

export const finalStatuses = ['completed', 'no-answer', 'busy', 'failed', 'canceled'];
