// Programs that a judge needs while it judges: started as children, waited for by what they say, stopped by
// their own process id. Whatever a test leaves running ends with it.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const running = new Set();
const folders = [];
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});

/// A folder of its own for a test; removed when the test's process ends.
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'jobrun-judges-'));
  folders.push(folder);
  return folder;
}

/// Starts a program. `said(pattern)` resolves with the match once its output has it, and rejects, with all
/// output, when the program ends or says nothing of the kind within a minute.
export function start(program, args, env = {}) {
  const child = spawn(program, args, {env: {...process.env, ...env}, stdio: ['pipe', 'pipe', 'pipe']});
  running.add(child);
  let output = '';
  const listeners = new Set();
  const hear = (data) => {
    output += data;
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => { hear(String(error)); resolve(-1); });
    child.on('close', (code) => { running.delete(child); resolve(code); });
  });
  const said = (pattern) => new Promise((resolve, reject) => {
    const look = () => {
      const match = output.match(pattern);
      if (match) finish(() => resolve(match));
    };
    const limit = setTimeout(() => finish(() => reject(new Error(`${program} did not say ${pattern} within a minute:\n${output}`))), 60_000);
    const finish = (settle) => { clearTimeout(limit); listeners.delete(look); settle(); };
    listeners.add(look);
    ended.then((code) => finish(() => reject(new Error(`${program} ended (${code}) before it said ${pattern}:\n${output}`))));
    look();
  });
  const stop = async () => {
    child.stdin.end();
    child.kill('SIGTERM');
    await ended;
  };
  return {child, said, stop, ended, output: () => output};
}

/// Asks until `ask` returns something true, and returns that; fails after half a minute, saying `what`.
export async function eventually(what, ask) {
  const limit = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > limit) throw new Error(`Still not so after 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
