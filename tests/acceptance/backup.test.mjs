// Goal: what deploy/backup.sh has copied from a running service brings it back on another machine: who was promised what,
// who must not be texted, what the spool held; and nobody is texted again because of it.
// Method: calls come in while the copy is made; then all is removed, put back as docs/OPERATIONS.md says, and started.
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {promisify} from 'node:util';

import {projectRoot} from './document.mjs';
import {World, eventually, newCaller} from './world.mjs';

const business = '+14155550100';
const script = path.join(projectRoot, 'deploy/backup.sh');

/// Makes a backup of the running world; returns its folder.
async function backup(world, environment = {}) {
  const {stdout} = await promisify(execFile)(script, [world.database, path.join(world.folder, 'backups')],
    {env: {PATH: process.env.PATH, ...environment}});
  return stdout.trim();
}

const isOurs = (name) => name.startsWith('jobrun.db');

/// What a machine that burnt down has: nothing. Then the steps of the playbook.
function restore(world, from) {
  for (const name of readdirSync(world.folder).filter(isOurs)) rmSync(path.join(world.folder, name), {recursive: true});
  for (const name of readdirSync(from)) cpSync(path.join(from, name), path.join(world.folder, name), {recursive: true});
}

test('a backup made while calls come in brings all of it back, and nobody is texted again', async (t) => {
  const world = await World.open(t);
  const client = await world.business(business);
  const blocked = newCaller();
  await world.run('clients', 'block', String(client.id), blocked);
  await world.noticed();
  const callers = Array.from({length: 20}, newCaller);
  const sids = [];
  for (const from of callers) sids.push(await world.ended(business, {from}));
  for (const sid of sids) assert.equal((await world.outcome(sid)).outcome, 'texted');

  // Others call while it is copied.
  let copying = true;
  const meanwhile = (async () => {
    while (copying) await world.outcome(await world.ended(business));
  })();
  const copy = await backup(world);
  copying = false;
  await meanwhile;
  assert.deepEqual(readdirSync(path.join(world.folder, 'backups')), [path.basename(copy)], 'nothing half-made is left');

  await world.stop();
  const known = (await world.texts()).length;
  restore(world, copy);
  await world.start();
  assert.deepEqual((await world.run('clients', 'list')).map(({name}) => name), [client.name]);
  for (const sid of sids) assert.equal((await world.call(sid)).outcome, 'texted');
  // Within the cool-down nobody is texted again, and the blocked caller is left alone.
  assert.equal((await world.outcome(await world.ended(business, {from: callers[0]}))).outcome, 'suppressed');
  assert.equal((await world.outcome(await world.ended(business, {from: blocked}))).outcome, 'suppressed');
  const fresh = newCaller();
  assert.equal((await world.outcome(await world.ended(business, {from: fresh}))).outcome, 'texted');
  const texts = await world.texts();
  assert.equal(texts.filter(({to}) => callers.includes(to)).length, callers.length);
  assert.equal(texts.filter(({to}) => to === blocked).length, 0);
  assert.ok(texts.length >= known + 1);
  const doctor = JSON.parse((await world.cli('doctor', '--json')).out);
  for (const row of ['database', 'integrity', 'directory', 'guard', 'spool']) {
    const {verdict, found} = doctor.checks.find((check) => check.name === row);
    assert.equal(verdict, 'well', `${row}: ${found}`);
  }
});

test('calls that came after the backup are found at the carrier, and served', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_SWEEP_EVERY: '2s', JOBRUN_SWEEP_GRACE: '1s'}});
  await world.business(business);
  const copy = await backup(world);
  await world.stop();
  const call = await world.place({to: business});
  restore(world, copy);
  await world.start();
  const found = await eventually('it is served', async () => {
    const shown = await world.cli('calls', 'show', call.call_sid, '--json');
    return shown.json?.outcome === 'texted' && shown.json;
  });
  assert.equal(found.outcome, 'texted');
});

test('what only the spool holds is in the backup: its caller is known to be texted, and not texted again', async (t) => {
  const world = await World.open(t);
  await world.business(business);
  // The database's file is away; a copy of it is there for the backup.
  await world.stop();
  execFileSync('sqlite3', [world.database, 'PRAGMA wal_checkpoint(TRUNCATE)']);
  await world.start();
  cpSync(world.database, `${world.folder}/kept.db`);
  world.moveDatabaseAway();
  const from = newCaller();
  const sid = await world.ended(business, {from});
  await eventually('the text has left', async () =>
    await world.metric('texts_answered_total{purpose="customer_intake",result="accepted"}') === 1);
  await world.kill();
  cpSync(`${world.folder}/kept.db`, world.database);
  const copy = await backup(world);
  assert.ok(readdirSync(path.join(copy, 'jobrun.db.spool')).length > 0);
  restore(world, copy);
  await world.start();
  assert.equal((await world.outcome(sid)).outcome, 'texted');
  assert.equal((await world.texts({to: from})).length, 1);
});

test('a backup that cannot be whole is none, and says why', async (t) => {
  const world = await World.open(t, {serve: false});
  await world.run('clients', 'add', '--name', 'Harbour Plumbing', '--phone', '+14155559000');
  const backups = path.join(world.folder, 'backups');
  mkdirSync(backups);
  writeFileSync(`${world.folder}/rubbish.db`, 'this is no database at all, however long it may be'.repeat(100));
  for (const [database, why] of [[`${world.folder}/absent.db`, /There is no database/], [`${world.folder}/rubbish.db`, /not a database/]]) {
    await assert.rejects(promisify(execFile)(script, [database, backups]), why);
    assert.deepEqual(readdirSync(backups), []);
  }
});
