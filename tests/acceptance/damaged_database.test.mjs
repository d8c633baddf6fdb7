// Goal: whoever is woken because the database cannot be used reads which file it is, and the exact commands that mend
// it; and those commands mend it. Callers are served meanwhile.
// Method: the file and its folder are spoiled in every way that a disk or a person spoils them, then `serve` and
// commands are started on them; what they say is done by a shell.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {
  chmodSync, closeSync, fstatSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync,
} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {World, binary, eventually, newCaller, newCallSid} from './world.mjs';

const business = '+14155550100';
const pageSize = 2048;
const nobody = 65534;

/// Puts bytes over the file from a page on, the first being 0; to its end unless told how many pages.
function overwrite(file, page, pages) {
  const descriptor = openSync(file, 'r+');
  const length = pages ? pages * pageSize : fstatSync(descriptor).size - page * pageSize;
  writeSync(descriptor, Buffer.alloc(length, 0xa5), 0, length, page * pageSize);
  closeSync(descriptor);
}

/// A database with a business and a texted call, closed in order: all of it is in the one file.
async function usedWorld(t) {
  const world = await World.open(t);
  await world.business(business);
  const sid = await world.ended(business);
  await world.outcome(sid);
  await world.stop();
  await world.rows('SELECT 1');
  return {world, sid};
}

/// Starts the service on a database that it cannot use: it says so, and serves a caller. Returns what it says.
async function startsWithout(world) {
  await world.start({}, {away: true});
  const line = await world.line({level: 'critical', message: /STARTED WITHOUT THE DATABASE/});
  const call = {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'};
  assert.equal((await world.post('/twilio/status', call)).status, 200);
  await eventually('the caller is texted', async () => (await world.texts({to: call.From})).length === 1);
  return {said: line.error, call};
}

/// Does what the message says, in a shell, but for the commands of ours.
function follow(message) {
  const commands = message.match(/no jobrun running: (.*?); jobrun doctor; jobrun serve\./)[1];
  execFileSync('bash', ['-c', commands], {stdio: 'ignore'});
}

const damages = {
  'is no database': {spoil: (file) => writeFileSync(file, 'Dear diary,\n'.repeat(1000)), says: /not a database/},
  'was emptied': {spoil: (file) => truncateSync(file, 0), says: /is empty, although JobRun ran on it/},
  'was cut off': {spoil: (file) => truncateSync(file, 20 * pageSize), says: /is cut off: it has 40960 of \d+ bytes/},
  'is overwritten from its second page on': {spoil: (file) => overwrite(file, 1), says: /malformed/},
};

for (const [what, {spoil, says}] of Object.entries(damages)) {
  test(`a database that ${what}: serve and commands say what to do, and change nothing`, async (t) => {
    const {world} = await usedWorld(t);
    spoil(world.database);
    const before = execFileSync('sha256sum', [world.database]).toString();
    const {said} = await startsWithout(world);
    assert.match(said, says);
    assert.ok(said.includes(world.database), said);
    assert.match(said, /sqlite3 \S+ \.dump \| sed .* \| sqlite3/);
    await world.stop();
    for (const args of [['clients', 'list'], ['numbers', 'add', '+14155550101', '--role', 'system'], ['migrate']]) {
      const refused = await world.cli(...args);
      assert.notEqual(refused.code, 0, args.join(' '));
      assert.match(refused.err, says, args.join(' '));
      assert.match(refused.err, /\.dump/);
    }
    assert.equal(execFileSync('sha256sum', [world.database]).toString(), before);
    const report = JSON.parse((await world.cli('doctor', '--json')).out);
    const row = report.checks.find((check) => ['database', 'integrity'].includes(check.name) && check.verdict === 'mend');
    assert.match(`${row.found} ${row.advice}`, /\.dump/);
  });
}

test('a page in the middle that is overwritten: the commands bring back the rest, and the service starts on it', async (t) => {
  const {world, sid} = await usedWorld(t);
  // The alerts are lost, which can be borne; clients, numbers and calls are not.
  const [{rootpage}] = await world.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'alerts'");
  overwrite(world.database, rootpage - 1, 1);
  // A start would look at what it needs, not at each page.
  const report = JSON.parse((await world.cli('doctor', '--json')).out);
  const integrity = report.checks.find((check) => check.name === 'integrity');
  assert.equal(integrity.verdict, 'mend');
  follow(integrity.advice);
  await world.start();
  assert.equal((await world.call(sid)).outcome, 'texted');
  await world.outcome(await world.ended(business));
  assert.equal((await world.rows('PRAGMA journal_mode'))[0].journal_mode, 'wal');
  assert.ok(readdirSync(`${world.database}.damaged`).includes(path.basename(world.database)), 'the damaged file is kept');
});

test('damage that comes while the service runs is told with the same advice', async (t) => {
  const {world} = await usedWorld(t);
  await world.start();
  overwrite(world.database, 1);
  const told = () => world.lines().find((line) => line.level === 'critical' && /not be made durable/.test(line.message) && /\.dump/.test(line.error));
  const line = await eventually('a call that cannot be written', async () => {
    const call = {CallSid: newCallSid(), From: newCaller(), To: business, CallStatus: 'busy', Direction: 'inbound'};
    await world.post('/twilio/status', call);
    return told();
  });
  assert.match(line.error, /malformed/);
  assert.ok(line.error.includes(world.database));
});

test('what the spool took while the database was damaged is in it once it is mended, without a restart', async (t) => {
  const {world} = await usedWorld(t);
  const good = readFileSync(world.database);
  truncateSync(world.database, 20 * pageSize);
  const {call} = await startsWithout(world);
  writeFileSync(`${world.database}.mended`, good);
  renameSync(`${world.database}.mended`, world.database);
  assert.equal((await world.outcome(call.CallSid)).outcome, 'texted');
  assert.equal((await world.texts({to: call.From})).length, 1);
});

/// The program as a user who may not write; the sources of the test may only be readable by ours. Ends it once it
/// has said what we look for.
function asNobody(world, said, ...args) {
  const drop = process.getuid() === 0 ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
  const [program, ...rest] = [...drop, path.join(world.folder, 'jobrun'), ...args];
  const child = spawn(program, rest, {env: {PATH: process.env.PATH, ...world.environment}});
  return new Promise((resolve) => {
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
      if (said.test(err)) child.kill('SIGTERM');
    });
    child.on('close', (code) => resolve({code, err}));
  });
}

test('a file or a folder that may not be written, and a folder that is not there, are told with what to do', async (t) => {
  const {world} = await usedWorld(t);
  execFileSync('cp', [binary, path.join(world.folder, 'jobrun')]);
  const files = readdirSync(world.folder).map((name) => path.join(world.folder, name));
  if (process.getuid() === 0) execFileSync('chown', ['-R', `${nobody}:${nobody}`, world.folder]);
  const without = /STARTED WITHOUT THE DATABASE.*\n/;
  chmodSync(world.database, 0o400);
  let served = await asNobody(world, without, 'serve');
  assert.ok(served.err.includes(world.database), served.err);
  assert.match(served.err, without);
  assert.match(served.err, /chmod u\+w/);
  chmodSync(world.database, 0o600);
  for (const name of files) if (/\.(lock|sock)$/.test(name)) rmSync(name);
  chmodSync(world.folder, 0o500);
  served = await asNobody(world, without, 'serve');
  chmodSync(world.folder, 0o700);
  assert.match(served.err, without);
  assert.match(served.err, /The directory must be writable by the user who runs this/);

  world.settings.JOBRUN_DATABASE_URL = `sqlite://${world.folder}/missing/jobrun.db`;
  served = await world.cli('serve');
  assert.notEqual(served.code, 0);
  assert.match(served.err, /did not start.*missing\/jobrun\.db does not exist: create it/s);
  mkdirSync(path.join(world.folder, 'missing'));
  assert.equal((await world.cli('migrate')).code, 0);
});
