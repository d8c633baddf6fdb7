// Goal: docs/FLOWS.md is true: a reader who pastes its blocks sees what it shows.
// Method: its blocks are run, in order, in one bash, against processes they start themselves; only addresses and
// the folder are exchanged for ones of this test's own. What a block only reads is read again until it is as
// shown, with a bound: texts leave right after the acknowledgement, not with it.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {isAsShown, readProjectFile, shownCommands} from './document.mjs';
import {World, binary, eventually} from './world.mjs';

const onlyReads = (command) => command.split('\n').every((line) => /^(jobrun (calls|incidents|texts|onboarding)\b|grep |curl --silent (--retry \d+ )?'?http|\s+\|)/.test(line));

/// One bash for all blocks. `run(command)` resolves with its exit code and what it printed.
function openShell(folder) {
  const shellPath = path.join(folder, 'jobrun');
  // Whatever the blocks start ends with the bash that started it.
  writeFileSync(shellPath, `#!/bin/sh\nexec setpriv --pdeathsig KILL -- "${binary}" "$@"\n`);
  chmodSync(shellPath, 0o755);
  const environment = {PATH: `${folder}:${process.env.PATH}`, HOME: folder};
  const bash = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'bash', '--norc'], {env: environment, stdio: ['pipe', 'pipe', 'pipe']});
  let output = '';
  bash.stdout.on('data', (data) => { output += data; });
  bash.stderr.on('data', (data) => { output += data; });
  let blocks = 0;
  return {
    bash,
    async run(command) {
      const mark = `end-of-block-${++blocks}`;
      output = '';
      bash.stdin.write(`{\n${command}\n} 2>&1\nprintf '\\n%s %s\\n' ${mark} $?\n`);
      const found = await eventually(`the block ends: ${command}`, () => output.match(new RegExp(`\\n${mark} (\\d+)\\n`)), 60);
      return {code: Number(found[1]), output: output.slice(0, found.index)};
    },
  };
}

test('every block of docs/FLOWS.md does what it shows', async (t) => {
  const world = await World.open(t, {serve: false});  // its folder and ports: the document starts its own
  const here = (text) => text.replaceAll('127.0.0.1:8080', `127.0.0.1:${world.port}`)
    .replaceAll('127.0.0.1:8090', `127.0.0.1:${world.practicePort}`).replaceAll('/tmp/jobrun-flows', world.folder);
  const shell = openShell(world.folder);
  t.after(() => shell.bash.kill('SIGKILL'));
  const shown = shownCommands(readProjectFile('docs/FLOWS.md'));
  assert.ok(shown.length > 15);
  for (const {command, line, expected} of shown) {
    await t.test(`line ${line}`, async () => {
      const wanted = expected === null ? null : here(expected);
      let done = await shell.run(here(command));
      const isRight = () => wanted === null || isAsShown(wanted, done.output);
      if (!isRight() && onlyReads(command)) {
        await eventually(`line ${line} is as shown`, async () => { done = await shell.run(here(command)); return isRight(); }, 15).catch(() => {});
      }
      assert.ok(isRight(), `docs/FLOWS.md line ${line} shows\n${wanted}\n--- but there came\n${done.output}`);
    });
  }
});

test('the comparison with what a document shows is strict but for its dots', () => {
  assert.ok(isAsShown('a ... d', 'a b c d\n'));
  assert.ok(isAsShown('...\nlast', 'first\nlast'));
  assert.ok(!isAsShown('a d', 'a b d'));
  assert.ok(!isAsShown('a', 'a\nb'));
  assert.ok(!isAsShown('total 1', 'total 10'));
});
