// Goal: in the night in which somebody needs docs/OPERATIONS.md, what it tells to run, read or set exists, and no
// alert is without its section.
// Method: every command named in the documents is asked for its --help, which must know every option used; the
// metrics are looked for at a running service, the settings in `jobrun settings`, the alerts' kinds in the sources.
import assert from 'node:assert/strict';
import test from 'node:test';

import {jobrunCommands, readProjectFile} from './document.mjs';
import {World} from './world.mjs';

const playbook = readProjectFile('docs/OPERATIONS.md');

for (const document of ['docs/OPERATIONS.md', 'docs/FLOWS.md']) {
  test(`every command of ${document} exists, with its options`, async (t) => {
    const world = await World.open(t, {serve: false});
    const commands = [...new Set(jobrunCommands(readProjectFile(document)))];
    assert.ok(commands.length >= 8);
    for (const command of commands) {
      const words = command.split(/\s+/).slice(1);
      const names = words.filter((word, i) => /^[a-z][a-z-]*$/.test(word) && i < 2 && words.slice(0, i).every((before) => /^[a-z][a-z-]*$/.test(before)));
      const help = await world.cli(...names, '--help');
      assert.equal(help.code, 0, `${command}: ${help.err}`);
      const usage = help.out;
      if (names.length === 2) assert.match(usage, new RegExp(`jobrun ${names.join(' ')}`), `${command} is a command of its own`);
      for (const option of words.filter((word) => word.startsWith('--'))) assert.ok(usage.includes(option), `${command}: ${option}`);
    }
  });
}

test('a command that does not exist would be noticed', async (t) => {
  const world = await World.open(t, {serve: false});
  assert.doesNotMatch((await world.cli('numbers', 'adopt', '--help')).out, /jobrun numbers adopt/);
  assert.match((await world.cli('numbers', 'assign', '--help')).out, /jobrun numbers assign/);
  assert.deepEqual(jobrunCommands('`jobrun numbers adopt +1` and\n```sh\njobrun calls list --open | head\n```\n'), ['jobrun calls list --open', 'jobrun numbers adopt +1']);
});

test('every metric that the playbook names is shown by the service, and the flows\' metrics are all in it', async (t) => {
  const world = await World.open(t);
  const shown = (await (await fetch(`${world.url}/metrics`)).text()).match(/^# TYPE (\S+)/gm).map((line) => line.slice('# TYPE '.length));
  const named = [...new Set([...playbook.matchAll(/`([a-z]+(?:_[a-z]+)+)(?:\{[^`]*\})?`/g)].map((match) => match[1]))]
    .filter((name) => /(_total|_seconds|_configured)$|^(outbox|alerts|incidents|calls)_(waiting|unknown|open|pending)$/.test(name));
  assert.ok(named.length >= 12);
  for (const name of named) assert.ok(shown.includes(name), `${name} is not at /metrics`);
  for (const name of shown.filter((each) => each.startsWith('voice_'))) assert.ok(named.includes(name), `${name} is not in the playbook`);
});

test('every setting that the playbook names exists', async (t) => {
  const world = await World.open(t, {serve: false});
  const known = (await world.run('settings')).map((setting) => `JOBRUN_${setting.name.toUpperCase()}`);
  const secrets = [...readProjectFile('docs/SETTINGS.md').matchAll(/^\| `\w+` \| `(JOBRUN_\w+)` .* Secret\./gm)].map((match) => `${match[1]}_FILE`);
  known.push(...secrets);
  const named = [...new Set(playbook.match(/JOBRUN_[A-Z_]+/g))];
  assert.ok(named.length >= 5);
  for (const name of named) assert.ok(known.includes(name), name);
});

test('every kind of alert has a section', () => {
  const kinds = [...readProjectFile('src/base/include/base/alert.hpp').matchAll(/\{AlertKind::\w+, "(\w+)"\}/g)].map((match) => match[1]);
  assert.ok(kinds.length >= 12);
  const headings = playbook.split('\n').filter((line) => /^#{2,3} /.test(line)).join('\n');
  for (const kind of kinds) assert.ok(headings.includes(`\`${kind}\``), `${kind} has no section`);
});

test('who is stuck in signing up, and after how long, is as the playbook says', () => {
  const source = readProjectFile('src/onboarding/state.cpp').match(/stuck_after\(Step step\) \{([\s\S]*?)\n\}/)[1];
  const groups = [...source.matchAll(/((?:\s*case Step::\w+:(?: *\/\/.*)?)+)\s*return (?:hours\{(\d+)\}|std::nullopt);/g)];
  const wanted = groups.map((group) => [group[1].match(/(?<=Step::)\w+/g), group[2] ? `${group[2]} hours` : 'never']);
  assert.equal(wanted.flatMap(([steps]) => steps).length, 10);
  const table = playbook.match(/\| step \| stuck after \|\n.*\n((?:\|.*\n)+)/)[1].trim().split('\n');
  const told = table.map((row) => row.split('|').slice(1, 3)).map(([steps, after]) => [steps.match(/\w+/g), after.match(/\d+ hours|never/)[0]]);
  assert.deepEqual(told, wanted);
});

test('every cause of a refusal that the playbook names is one', () => {
  const causes = readProjectFile('src/base/include/base/metric.hpp').match(/webhook_refusal_causes = \{([^}]*)\}/)[1].match(/\w+/g);
  for (const name of ['wrong_signature', 'missing_signature', 'repeated_parameter', 'malformed_form', 'missing_call_sid', 'unavailable']) {
    assert.ok(playbook.includes(`\`${name}\``));
    assert.ok(causes.includes(name), name);
  }
});

test('every log message that the playbook quotes is in the sources', () => {
  const sources = ['src/voice/decide.cpp', 'src/texting/decide.cpp', 'src/ledger/ledger.cpp', 'src/outbox/dispatcher.cpp', 'src/outbox/message_status.cpp',
    'src/app/housekeeping.cpp', 'src/app/pipeline.cpp', 'src/alert/alert_dispatcher.cpp', 'src/app/credentials.cpp', 'src/sweep/sweep.cpp', 'src/sweep/canary.cpp',
    'src/doctor/drift_watch.cpp', 'src/app/http_api.cpp'].map(readProjectFile).join('\n');
  for (const message of ['SYSTEM FAILSAFE', 'OPERATIONAL WITHOUT CLIENT', 'INCIDENT OPEN', 'text unknown', 'the carrier fails',
    'the carrier refuses our credentials', 'a batch could not be made durable', 'the directory snapshot could not be saved',
    'housekeeping could not read the store', 'CRITICAL INVARIANT VIOLATION', 'credentials replaced', 'text lost, will be tried again',
    'text lost, a person is alerted', 'the sweep found an ended call', 'the carrier\'s lists could not be swept', 'taken for ended',
    'text came in', 'A TEXT TO NOBODY\'S NUMBER', 'the last that a sweep has seen is long ago',
    'a number is not set up at the carrier as needed', 'API request refused', 'NO CANARY COMES THROUGH', 'a canary did not come through',
    'STARTED WITHOUT THE DATABASE', 'NO GUARD', 'NO ALERT CHANNEL', 'ONLY ONE ALERT CHANNEL', 'an alert channel did not accept an alert',
    'a text that told somebody of an alert was lost']) {
    assert.ok(playbook.includes(message), `the playbook does not tell of ${message}`);
    assert.ok(sources.includes(message), `${message} is no longer logged`);
  }
});
