// Applies each mutant to a copy of the project, builds what its test needs, and demands that the test fails.
//
//   node tests/mutants/run.mjs TREE BUILD SIMULATION_BUILD [NAME...]
//
// TREE is a work tree of the project that is this program's to change; BUILD is its build folder, kept from
// run to run, and SIMULATION_BUILD another one, optimised, for the simulated world alone, which is compiled
// once and lives through hundreds of seeds. A table row of it tells the seed that noticed. Without names: every patch, or with MUTANTS=guarantees those with a line Guarantee:. Before
// anything is broken, each named test must pass. Goes on after an error; ends non-zero if there was one.
import {execFileSync, spawnSync} from 'node:child_process';
import path from 'node:path';

import {projectRoot} from '../structure/sources.mjs';
import {parseTest, readPatches, whyNotApplied} from './patches.mjs';

const testSecondsMax = 120;
const simulationSecondsMax = 300;
const buildSecondsMax = 900;
const jobs = process.env.JOBS || String(Number(execFileSync('nproc', {encoding: 'utf8'})));

const [tree, build, simulationBuild, ...wanted] = process.argv.slice(2).map((word, at) => (at < 3 ? path.resolve(word) : word));

const say = (words) => console.log(`==> ${words}`);
const tail = (text, lines) => text.trimEnd().split('\n').slice(-lines).map((line) => `    ${line}`).join('\n');

/// Runs a program to its end: {passed, how it ended, output}.
function run(program, args, seconds, options = {}) {
  const done = spawnSync(program, args, {
    encoding: 'utf8', maxBuffer: 64 << 20, timeout: seconds * 1000, killSignal: 'SIGKILL', ...options,
  });
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}`;
  if (done.error && done.error.code !== 'ETIMEDOUT') throw done.error;
  const how = done.error ? `no end after ${seconds} s` : done.signal ? `ended by ${done.signal}` : done.status === 0 ? 'passed' : 'failed';
  return {passed: how === 'passed', how, output};
}

const buildFolderOf = (test) => (test.kind === 'simulation' ? simulationBuild : build);

function buildTargets(folder, targets) {
  const env = {...process.env, CCACHE_BASEDIR: tree, CCACHE_NOHASHDIR: '1'};
  return run('cmake', ['--build', folder, '--parallel', jobs, '--target', ...targets], buildSecondsMax, {env});
}

const ctest = (pattern) => run('ctest', ['--test-dir', build, '--no-tests=error', '--output-on-failure', '-R', pattern], testSecondsMax);

/// A filter that finds nothing passes in GoogleTest; here it must not.
function runGoogleTest(test) {
  const done = run(path.join(build, test.program), [`--gtest_filter=${test.name}:*/${test.name}/*`, '--gtest_brief=1'], testSecondsMax);
  if (!done.passed || /PASSED\s+\] [1-9]/.test(done.output)) return done;
  return {passed: false, how: 'no such test', output: `${test.target} has no test ${test.name}`};
}

/// The first line of a failed run names the seed and the invariant that it broke.
function runSimulation(test) {
  const done = run(path.join(simulationBuild, test.program), ['--seeds', test.seeds], simulationSecondsMax);
  const [violation] = done.output.match(/^seed \d+: .+/m) ?? [];
  if (done.how !== 'failed') return done;
  return violation ? {...done, how: violation} : {...done, how: 'failed without a broken invariant', broken: true};
}

function runTest(test) {
  switch (test.kind) {
    case 'gtest': return runGoogleTest(test);
    case 'structure':
    case 'deploy': return run('node', ['--test', `tests/${test.kind}/${test.name}.test.mjs`], testSecondsMax, {cwd: tree});
    case 'must_not_compile': {
      const configured = run('cmake', ['-S', tree, '-B', build], testSecondsMax);
      return configured.passed ? ctest(`^must_not_compile\\.${test.name}(\\.twin)?$`) : configured;
    }
    case 'build': return {passed: true, how: 'built', output: ''};
    case 'acceptance': return ctest(`^acceptance\\.${test.name}$`);
    case 'simulation': return runSimulation(test);
    default: throw new Error(`no way to run ${test.kind}`);
  }
}

/// Tests that fail although nothing is broken, by their `Test:` line, with what they said.
function findFailingTests(patches) {
  const failing = new Map();
  const tests = new Map(patches.map((patch) => [patch.test, patch.parsed]));
  const targets = new Map([[build, new Set()], [simulationBuild, new Set()]]);
  for (const test of tests.values()) if (test.target) targets.get(buildFolderOf(test)).add(test.target);
  say(`Building ${[...targets.values()].reduce((sum, some) => sum + some.size, 0)} targets of the unbroken project, ${jobs} at a time`);
  for (const [folder, some] of targets) {
    const built = some.size === 0 ? {passed: true} : buildTargets(folder, [...some]);
    if (built.passed) continue;
    console.log(tail(built.output, 40));
    say('The unbroken project does not build: no mutant was tried.');
    process.exit(1);
  }
  say(`Running the ${tests.size} tests of the unbroken project: each must pass`);
  for (const [line, test] of tests) {
    const done = runTest(test);
    if (!done.passed) failing.set(line, `${done.how} although nothing is broken:\n${tail(done.output, 15)}`);
  }
  return failing;
}

/// What became of a mutant, applied: {noticed: how} or {error}.
function judge(patch) {
  const test = patch.parsed;
  if (test.target) {
    const built = buildTargets(buildFolderOf(test), [test.target]);
    if (test.kind === 'build') {
      if (built.passed) return {error: 'SURVIVED: it builds'};
      const says = built.output.split('\n').find((line) => /\berror\b/.test(line) && new RegExp(patch.saying).test(line));
      return says ? {noticed: 'refused by the compiler'} : {error: `builds not, but for another reason than ${patch.saying}:\n${tail(built.output, 15)}`};
    }
    if (!built.passed) return {error: `does not build:\n${tail(built.output, 15)}`};
  }
  const done = runTest(test);
  if (done.how === 'no such test') return {error: done.output};
  if (done.broken) return {error: `${done.how}:\n${tail(done.output, 15)}`};
  return done.passed ? {error: 'SURVIVED: the test still passes'} : {noticed: done.how};
}

function tryMutant(patch, failing) {
  if (failing.has(patch.test)) return {error: failing.get(patch.test)};
  const file = path.join(projectRoot, patch.file);
  const why = whyNotApplied(tree, file);
  if (why) return {error: `does not apply: ${why}`};
  execFileSync('git', ['apply', '-p1', file], {cwd: tree});
  try {
    return judge(patch);
  } finally {
    execFileSync('git', ['apply', '-p1', '-R', file], {cwd: tree});
  }
}

/// The patches that were asked for; an unknown name is an error.
function choosePatches() {
  const all = readPatches(projectRoot);
  if (process.env.MUTANTS && process.env.MUTANTS !== 'guarantees') throw new Error(`MUTANTS is ${process.env.MUTANTS}: 'guarantees' is all it can be`);
  if (wanted.length === 0) return all.filter((patch) => !process.env.MUTANTS || patch.guarantee);
  const names = wanted.map((word) => path.basename(word, '.patch'));
  const unknown = names.filter((name) => !all.some((patch) => patch.name === name));
  if (unknown.length > 0) throw new Error(`no such mutant: ${unknown.join(', ')}`);
  return all.filter((patch) => names.includes(patch.name));
}

function printRow(patch, result, seconds) {
  console.log(`${patch.name.padEnd(42)} ${seconds.toFixed(1).padStart(5)} s  ${result.noticed ? `${patch.test} (${result.noticed})` : 'ERROR'}`);
  console.log(`    ${patch.guarantee ? `[guarantee ${patch.guarantee}] ` : ''}${patch.rule}`);
  if (result.error) console.log(`    ${patch.test}: ${result.error}`);
}

function main() {
  const began = Date.now();
  const patches = choosePatches();
  for (const patch of patches) {
    patch.parsed = patch.test && patch.rule && parseTest(patch.test);
    if (!patch.parsed) throw new Error(`${patch.file} says no Rule: or no Test: that can be run`);
  }
  const failing = findFailingTests(patches);
  say(`The unbroken project was ready after ${Math.round((Date.now() - began) / 1000)} s; breaking it ${patches.length} times`);
  let errors = 0;
  for (const patch of patches) {
    const start = Date.now();
    const result = tryMutant(patch, failing);
    if (result.error) errors += 1;
    printRow(patch, result, (Date.now() - start) / 1000);
  }
  say(`${patches.length} mutants: ${patches.length - errors} noticed by their tests, ${errors} errors, ${Math.round((Date.now() - began) / 1000)} s`);
  return patches.length === 0 || errors > 0 ? 1 : 0;
}

process.exitCode = main();
