// Mutants: patches that break one rule each, and the test that must notice.
//
// A patch file begins with what it is, then a unified diff for `git apply -p1`:
//
//   Rule: every final status counts, also canceled.
//   Test: voice_test Deciding.EachRoleTakesItsOwnFlowForEveryFinalStatus
//   Guarantee: 1
//   diff --git a/src/voice/decide.cpp b/src/voice/decide.cpp
//   ...
//
// `Test:` is one of
//   NAME_test SUITE.TEST      a test of a folder; a parameterised one by its bare name
//   structure NAME            tests/structure/NAME.test.mjs
//   deploy NAME               tests/deploy/NAME.test.mjs
//   must_not_compile NAME     the compiler's refusal, and its twin, of tests/must_not_compile/NAME.cpp
//   build TARGET              the compiler itself: building must fail with a message that matches `Saying:`
//   acceptance NAME           tests/acceptance/NAME.test.mjs against the program
//   simulation seeds=N        N seeds of the simulated world
//
// `Guarantee:` (1, 2 or 3) says which of the product's three guarantees the rule carries: nobody who calls is
// left without an answer, no onboarding text because of a call, and one flow for each role.
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

export const patchFolder = 'tests/mutants';

const headerNames = ['Rule', 'Test', 'Guarantee', 'Saying'];

/// Where the sources of a test program lie.
const folderOfTests = (target) => (target === 'simulator_test' ? 'simulator' : `src/${target.replace(/_test$/, '')}`);

/// What a `Test:` line asks for: {kind, target to build if any, name}; null when it is none of the above.
export function parseTest(line) {
  const [word, name, ...more] = line.split(' ');
  if (!name || more.length > 0) return null;
  if (/^[a-z_]+_test$/.test(word) && /^\w+\.\w+$/.test(name)) {
    return {kind: 'gtest', target: word, name, program: `${folderOfTests(word)}/${word}`};
  }
  switch (word) {
    case 'structure':
    case 'deploy': return {kind: word, name};
    case 'must_not_compile': return {kind: word, name};
    case 'build': return {kind: word, target: name, name};
    case 'acceptance': return {kind: word, target: 'acceptance_programs', name};
    case 'simulation': {
      const seeds = name.match(/^seeds=([1-9]\d*)$/);
      return seeds && {kind: word, target: 'simulate_world', name, seeds: seeds[1], program: 'tests/simulation/simulate_world'};
    }
    default: return null;
  }
}

/// Every patch under `root`, by name: {name, file, rule, test, guarantee, saying, unknown}. What is missing is
/// undefined; `unknown` holds header lines nobody reads.
export function readPatches(root) {
  const folder = path.join(root, patchFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith('.patch')).sort().map((file) => {
    const patch = {name: file.replace(/\.patch$/, ''), file: `${patchFolder}/${file}`, unknown: []};
    for (const line of readFileSync(path.join(folder, file), 'utf8').split(/^diff --git /m)[0].split('\n')) {
      const header = line.match(/^([A-Z]\w*): (.+)$/);
      if (header && headerNames.includes(header[1])) patch[header[1].toLowerCase()] = header[2].trim();
      else if (line.trim()) patch.unknown.push(line);
    }
    return patch;
  });
}

/// Whether the test that a patch names stands in the sources under `root`.
function testExists(root, test) {
  switch (test.kind) {
    case 'gtest': {
      const folder = path.join(root, folderOfTests(test.target));
      if (!existsSync(folder)) return false;
      const [suite, name] = test.name.split('.');
      const definition = new RegExp(`\\b(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\\(\\s*${suite},\\s*${name}\\b`);
      return readdirSync(folder, {recursive: true}).filter((file) => file.endsWith('_test.cpp'))
        .some((file) => definition.test(readFileSync(path.join(folder, file), 'utf8')));
    }
    case 'structure':
    case 'acceptance': return existsSync(path.join(root, `tests/${test.kind}/${test.name}.test.mjs`));
    case 'must_not_compile': return existsSync(path.join(root, `tests/must_not_compile/${test.name}.cpp`));
    case 'simulation': return existsSync(path.join(root, 'tests/simulation'));
    default: return true;
  }
}

/// The reason why a patch does not apply to `root`, or ''.
export function whyNotApplied(root, file) {
  try {
    execFileSync('git', ['apply', '--check', '-p1', file], {cwd: root, stdio: 'pipe', encoding: 'utf8'});
    return '';
  } catch (error) {
    return error.stderr.trim() || error.message;
  }
}

/// What is wrong with the patches under `root`, without building anything, as sentences.
export function findPatchBreaches(root) {
  const breaches = [];
  const patches = readPatches(root);
  for (const patch of patches) {
    const say = (what) => breaches.push(`${patch.file} ${what}`);
    if (!patch.rule) say('has no line Rule:');
    for (const line of patch.unknown) say(`has a line nobody reads: ${line}`);
    if (patch.guarantee && !/^[123]$/.test(patch.guarantee)) say(`carries guarantee ${patch.guarantee}: there are 1, 2 and 3`);
    const test = patch.test && parseTest(patch.test);
    if (!test) say(patch.test ? `names no test that can be run: ${patch.test}` : 'has no line Test:');
    else if (!testExists(root, test)) say(`names a test that does not exist: ${patch.test}`);
    if (test && (test.kind === 'build') !== Boolean(patch.saying)) say('has a line Saying: exactly when its test is a build');
    const why = whyNotApplied(root, path.join(root, patch.file));
    if (why) say(`does not apply: ${why}`);
  }
  for (const guarantee of ['1', '2', '3']) {
    if (!patches.some((patch) => patch.guarantee === guarantee)) breaches.push(`no mutant carries guarantee ${guarantee}`);
  }
  return breaches;
}
