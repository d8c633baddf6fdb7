// Goal: every mutant in tests/mutants can be tried: it says its rule, names a test that exists, and applies.
// Method: the checks run over the project, where they must find nothing, and over small projects with one
// planted fault each, where they must find it. That the tests notice their mutants is shown by `make mutants`.
import assert from 'node:assert/strict';
import test from 'node:test';

import {findPatchBreaches, parseTest} from '../mutants/patches.mjs';
import {projectRoot, withProject} from './sources.mjs';

const diff = ['diff --git a/src/flow/rule.cpp b/src/flow/rule.cpp', '--- a/src/flow/rule.cpp', '+++ b/src/flow/rule.cpp',
  '@@ -1,3 +1,3 @@', ' int a;', '-int b;', '+int c;', ' int d;', ''].join('\n');
const patchWith = (...lines) => [...lines, diff].join('\n');
const rule = 'Rule: b is b.';
const named = 'Test: flow_test Rules.AreKept';

const healthy = {
  'src/flow/rule.cpp': 'int a;\nint b;\nint d;\n',
  'src/flow/rule_test.cpp': 'TEST_F(Rules, AreKept) {}\n',
  'tests/mutants/one.patch': patchWith(rule, named, 'Guarantee: 1'),
  'tests/mutants/two.patch': patchWith(rule, named, 'Guarantee: 2'),
  'tests/mutants/three.patch': patchWith(rule, named, 'Guarantee: 3'),
};
const breachesWith = (changes) => withProject({...healthy, ...changes}, findPatchBreaches);
const assertFound = (patch, pattern) => {
  const breaches = breachesWith({'tests/mutants/planted.patch': patch});
  assert.equal(breaches.length, 1, breaches.join('\n'));
  assert.match(breaches[0], pattern);
};

test('every mutant of the project can be tried', () => {
  assert.equal(findPatchBreaches(projectRoot).join('\n'), '');
});

test('a healthy small project has no breach', () => {
  assert.deepEqual(breachesWith({}), []);
});

test('a mutant without a rule or without a test is found', () => {
  assertFound(patchWith(named), /planted\.patch has no line Rule:/);
  assertFound(patchWith(rule), /has no line Test:/);
  assertFound(patchWith(rule, named, 'Tset: a'), /a line nobody reads: Tset: a/);
});

test('a test that does not exist is found', () => {
  assertFound(patchWith(rule, 'Test: flow_test Rules.AreKep'), /does not exist: flow_test Rules\.AreKep/);
  assertFound(patchWith(rule, 'Test: voice_test Rules.AreKept'), /does not exist/);
  assertFound(patchWith(rule, 'Test: structure folders'), /does not exist/);
  assertFound(patchWith(rule, 'Test: must_not_compile a_mistake'), /does not exist/);
  assertFound(patchWith(rule, 'Test: everything'), /names no test that can be run/);
});

test('a patch that does not apply any more is found', () => {
  assertFound(patchWith(rule, named).replace('-int b;', '-int bb;'), /does not apply: .*rule\.cpp/s);
});

test('a build says what the compiler must say, and nothing else does', () => {
  assertFound(patchWith(rule, 'Test: build jobrun_flow'), /Saying: exactly when/);
  assertFound(patchWith(rule, named, 'Saying: error'), /Saying: exactly when/);
  assert.deepEqual(breachesWith({'tests/mutants/planted.patch': patchWith(rule, 'Test: build jobrun_flow', 'Saying: b')}), []);
});

test('a guarantee that no mutant carries is found', () => {
  assert.deepEqual(breachesWith({'tests/mutants/two.patch': patchWith(rule, named)}), ['no mutant carries guarantee 2']);
  assertFound(patchWith(rule, named, 'Guarantee: 4'), /there are 1, 2 and 3/);
});

test('the ways to name a test', () => {
  assert.equal(parseTest('simulation seeds=500').seeds, '500');
  assert.equal(parseTest('simulation seeds=0'), null);
  assert.equal(parseTest('simulator_test Rings.KeepTheNewestByCount').program, 'simulator/simulator_test');
  assert.equal(parseTest('flow_test Rules.*'), null);
  assert.equal(parseTest('flow_test Rules.AreKept more'), null);
});
