// The places at which the service is killed, each with a name, and the stages that lead there.
//
// A place is what tests/acceptance/kill_switch.cpp is told: the kind of call, when, and on what. The stage is what
// the service lives through, from a start until it is dead; the place is reached while it does.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import net from 'node:net';

import {eventually} from './world.mjs';

export const business = '+14155550100';

const database = '*/jobrun.db';
const log = '*/jobrun.db-wal';
const segment = '*/jobrun.db.spool/events-*.spool';
const spoolFolder = '*/jobrun.db.spool';
const snapshot = '*/jobrun.db.directory';
const webhook = (world) => `tcp ${world.port}>*`;
const carrier = (world) => `tcp *>${world.practicePort}`;
const alertWebhook = (world) => `tcp *>${world.tunnel.port}`;

/// [name, stage, call, when, on, at most the how manieth]
const rows = [
  ['after a webhook\'s connection is accepted', 'calls', 'accept', 'after', webhook, 3],
  ['before a webhook is read', 'calls', 'recv', 'before', webhook, 3],
  ['after a webhook is read', 'calls', 'recv', 'after', webhook, 3],
  ['before the log\'s write', 'calls', 'write', 'before', log, 3],
  ['in the middle of the log\'s write', 'calls', 'write', 'amid', log, 3],
  ['after the log\'s write', 'calls', 'write', 'after', log, 3],
  ['before the log\'s sync', 'calls', 'sync', 'before', log, 3],
  ['after the log\'s sync', 'calls', 'sync', 'after', log, 3],
  ['before the acknowledgement is written', 'calls', 'send', 'before', webhook, 3],
  ['in the middle of the acknowledgement', 'calls', 'send', 'amid', webhook, 3],
  ['after the acknowledgement is written', 'calls', 'send', 'after', webhook, 3],
  ['before a caller is greeted', 'voice', 'send', 'before', webhook, 1],
  ['after a caller is greeted', 'voice', 'send', 'after', webhook, 1],

  ['before the carrier is connected', 'callsAtOnce', 'connect', 'before', carrier, 1],
  ['while the carrier is connected', 'callsAtOnce', 'connect', 'after', carrier, 1],
  ['before the request is written', 'calls', 'send', 'before', carrier, 3],
  ['in the middle of the request', 'calls', 'send', 'amid', carrier, 3],
  ['after the request is written, before its answer is read', 'calls', 'send', 'after', carrier, 3],
  ['before the answer is read', 'calls', 'recv', 'before', carrier, 3],
  ['after the answer is read', 'calls', 'recv', 'after', carrier, 3],

  ['in the middle of a checkpoint', 'stop', 'write', 'amid', database, 3],
  ['before a checkpoint is synced', 'stop', 'sync', 'before', database, 1],
  ['after a checkpoint is synced', 'stop', 'sync', 'after', database, 1],
  ['before the log is removed at the end', 'stop', 'remove', 'before', log, 1],
  ['after the log is removed at the end', 'stop', 'remove', 'after', log, 1],

  ['before what was in flight is marked at a start', 'startWithTextsInFlight', 'write', 'before', log, 1],
  ['after what was in flight is marked at a start', 'startWithTextsInFlight', 'sync', 'after', log, 1],
  ['before the carrier is asked for an unknown text', 'startWithTextsInFlight', 'send', 'before', carrier, 2],
  ['after the carrier told of an unknown text', 'startWithTextsInFlight', 'recv', 'after', carrier, 2],
  ['before a promise is taken up at a start', 'startWithPromises', 'send', 'before', carrier, 2],
  ['after a promise was taken up at a start', 'startWithPromises', 'recv', 'after', carrier, 2],

  ['before the spool\'s write', 'spool', 'write', 'before', segment, 3],
  ['in the middle of the spool\'s write', 'spool', 'write', 'amid', segment, 3],
  ['before the spool\'s sync', 'spool', 'sync', 'before', segment, 3],
  ['after the spool\'s sync', 'spool', 'sync', 'after', segment, 3],
  ['before what is spooled is acknowledged', 'spool', 'send', 'before', webhook, 3],
  ['before a segment of the spool is begun for good', 'replayAtStart', 'sync', 'before', spoolFolder, 1],
  ['while the spool is replayed at a start', 'replayAtStart', 'write', 'amid', log, 2],
  ['after the spool is replayed at a start, before it is forgotten', 'replayAtStart', 'remove', 'before', segment, 1],
  ['after the spool is forgotten at a start', 'replayAtStart', 'remove', 'after', segment, 1],
  ['before the spool is replayed beside new calls', 'replayBesideCalls', 'write', 'before', log, 2],
  ['after the spool is replayed beside new calls, before it is forgotten', 'replayBesideCalls', 'remove', 'before', segment, 1],
  ['after the spool is forgotten beside new calls', 'replayBesideCalls', 'remove', 'after', segment, 1],

  ['before the alert is sent', 'calls', 'send', 'before', alertWebhook, 1],
  ['in the middle of the alert', 'calls', 'send', 'amid', alertWebhook, 1],
  ['after the alert is sent', 'calls', 'send', 'after', alertWebhook, 1],
  ['after the alert was accepted, before it is recorded', 'calls', 'recv', 'after', alertWebhook, 1],

  ['in the middle of the directory snapshot', 'directory', 'write', 'amid', `${snapshot}*`, 1],
  ['before the directory snapshot is synced', 'directory', 'sync', 'before', `${snapshot}*`, 1],
  ['before the directory snapshot is in its place', 'directory', 'rename', 'before', snapshot, 1],
  ['after the directory snapshot is in its place', 'directory', 'rename', 'after', snapshot, 1],
];

export const points = rows.map(([name, stage, call, when, on, nthMost]) => ({name, stage, nthMost,
  at: (world, nth) => `${call} ${when} ${nth} ${typeof on === 'string' ? on : on(world)}`}));

/// Passes connections on, so that the alert webhook has a port of its own.
export class Tunnel {
  static async open(t, toPort) {
    const tunnel = new Tunnel();
    tunnel.server = net.createServer((near) => {
      const far = net.connect(toPort(), '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]]) {
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    });
    await new Promise((resolve) => tunnel.server.listen(0, '127.0.0.1', resolve));
    tunnel.port = tunnel.server.address().port;
    t.after(() => tunnel.server.close());
    return tunnel;
  }
}

/// The next start has the switch; from `arm` on its calls count.
const loaded = (round) => ({LD_PRELOAD: process.env.JOBRUN_KILL_SWITCH, JOBRUN_KILL_AT: round.at,
  JOBRUN_KILL_ARMED: round.armed, JOBRUN_KILL_SEEN: round.seen});
const arm = (round) => writeFileSync(round.armed, '');

const sendsHang = [{on: 'send_text', do: 'hang_after_accepting'}];
const sendsAreTurnedAway = [{on: 'send_text', do: 'rate_limit'}];

/// Kills a service that has acknowledged the round's calls while the carrier does as told; the next one is to die.
async function startAfter(world, round, faults, isSoFar) {
  await world.start();
  await world.knobs({api_faults: faults});
  await round.postAll();
  await eventually('the carrier has the requests', isSoFar);
  await world.kill();
  await world.knobs({api_faults: []});
  arm(round);
  world.begin(loaded(round));
  await eventually('the service dies', () => world.service.exit);
  await world.knobs({webhook_faults: []});
}

/// Each returns once the service is on its way to its death.
export const stages = {
  async calls(world, round) {
    await world.start(loaded(round));
    arm(round);
    await round.postAll();
  },

  /// So that no connection of an earlier text does for a later one.
  async callsAtOnce(world, round) {
    await world.knobs({api_faults: [{on: 'send_text', do: 'slow', ms: 500}]});
    await stages.calls(world, round);
    await eventually('the service dies', () => world.service.exit);
    await world.knobs({api_faults: []});
  },

  async voice(world, round) {
    await world.start(loaded(round));
    arm(round);
    await round.greetAll();
  },

  async stop(world, round) {
    await world.start(loaded(round));
    await round.postAll();
    await round.settled();
    arm(round);
    await world.service.end('SIGTERM');
  },

  /// No status tells of them, so that the carrier has to be asked.
  async startWithTextsInFlight(world, round) {
    await world.knobs({webhook_faults: [{on: 'text_status', do: 'drop'}]});
    const requests = async () => (await world.ask('GET', '/practice/health')).requests;
    const before = await requests();
    await startAfter(world, round, sendsHang, async () => await requests() >= before + round.textsExpected);
  },

  async startWithPromises(world, round) {
    await startAfter(world, round, sendsAreTurnedAway, () => true);
  },

  async spool(world, round) {
    await world.start(loaded(round));
    world.moveDatabaseAway();
    arm(round);
    for (const each of round.calls) await round.post(each);
  },

  async replayAtStart(world, round) {
    await world.start();
    world.moveDatabaseAway();
    await round.postAll();
    await world.kill();
    world.putDatabaseBack();
    arm(round);
    world.begin(loaded(round));
  },

  async replayBesideCalls(world, round) {
    await world.start(loaded(round));
    world.moveDatabaseAway();
    const [last, ...first] = round.calls;
    for (const each of first) await round.post(each);
    assert.ok(first.every((each) => each.acknowledged), 'the spool takes them');
    arm(round);
    world.putDatabaseBack();
    await round.post(last);
  },

  async directory(world, round) {
    await world.start(loaded(round));
    await round.postAll();
    arm(round);
    await world.cli('numbers', 'add', round.newNumber, '--role', 'system');  // who answers it may be dead by then
  },
};
