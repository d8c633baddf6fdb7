// Goal: everything that docs/PROOF.md names as upholding a sentence exists.
// Method: the check runs over the project, where it must find nothing, and over small projects whose document has
// one bad row each, where it must find it. Whether what is named can fail is the business of `make mutants`.
import assert from 'node:assert/strict';
import test from 'node:test';

import {findProofBreaches} from './proof.mjs';
import {projectRoot, withProject} from './sources.mjs';

const head = ['| sentence | upheld by |', '|---|---|'];
const proofOf = (...cells) => [...head, ...cells.map((cell) => `| it is so | ${cell} |`), ''].join('\n');

const goodCells = [
  '`test Rules.AreKept`, `test Rules.HoldForAll`', '`mutant rule_dropped`', '`simulation: a rule that is broken: `',
  '`exploration: every order keeps it`', '`must not compile: a_mistake`', '`acceptance roles: a caller\'s call is texted`',
  '`judge twiml`', '`structure folders: no breach`', '`deploy rules: each fires`', '`fuzz form`', '`metric calls_total`', '`alert lead`', '`playbook: The fail-safe`',
  '`setting JOBRUN_LISTEN`', 'not yet: it needs the spool', 'replaced, because it is wrong: `test Rules.AreKept`',
];
const healthy = {
  'src/flow/rule_test.cpp': 'TEST_F(Rules, AreKept) {}\nRC_GTEST_PROP(Rules, HoldForAll, ()) {}\n',
  'src/base/include/base/metric.hpp': '{"calls_total"}',
  'src/base/include/base/alert.hpp': '{AlertKind::lead, "lead"}',
  'tests/simulation/judge.cpp': 'violate("a rule that "\n        "is broken: " + id);',
  'tests/simulation/exploration_rules.cpp': 'require(a, "every order keeps it");',
  'tests/must_not_compile/a_mistake.cpp': '',
  'tests/acceptance/roles.test.mjs': 'test(\'a caller\\\'s call is texted\', () => {});\n',
  'tests/judges/twiml.test.mjs': '',
  'tests/structure/folders.test.mjs': 'test("a healthy project has no breach", f);',
  'tests/deploy/rules.test.mjs': 'test("each fires", f);',
  'tests/fuzz/form_fuzz.cpp': '',
  'tests/mutants/rule_dropped.patch': 'Rule: a rule.\nTest: flow_test Rules.AreKept\ndiff --git a/a b/a\n',
  'docs/OPERATIONS.md': '## The fail-safe was used (P3)\n',
  'docs/SETTINGS.md': '| `JOBRUN_LISTEN` | where |\n',
  'docs/PROOF.md': proofOf(...goodCells),
};
const breachesWith = (changes) => withProject({...healthy, ...changes}, findProofBreaches);

test('everything that the proof names exists', () => {
  assert.equal(findProofBreaches(projectRoot).join('\n'), '');
});

test('a healthy small project has no breach', () => {
  assert.deepEqual(breachesWith({}), []);
});

for (const name of ['test Rules.AreKep', 'test Rules', 'test Rules.AreKept.Too', 'mutant rule_drop', 'simulation: another rule',
  'exploration: a rule that', 'must not compile: a_mistak', 'acceptance rules', 'acceptance roles: a call nobody texts', 'judge xml',
  'structure folders: a breach', 'deploy rules: none fires', 'fuzz forms', 'metric calls', 'alert leads', 'playbook: The failsafe', 'setting JOBRUN_LISTE']) {
  test(`a name that nothing bears is found: ${name}`, () => {
    const breaches = breachesWith({'docs/PROOF.md': proofOf(`\`${name}\``)});
    assert.deepEqual(breaches, [`docs/PROOF.md:3 names \`${name}\`, which does not exist`]);
  });
}

test('a name of no kind, a row that says nothing, and an empty document are found', () => {
  assert.match(breachesWith({'docs/PROOF.md': proofOf('`Rules.AreKept`')}).join('\n'), /PROOF\.md:3 names `Rules\.AreKept`, which is of no kind/);
  assert.match(breachesWith({'docs/PROOF.md': proofOf('see the tests')}).join('\n'), /PROOF\.md:3 names nothing/);
  assert.match(breachesWith({'docs/PROOF.md': proofOf('replaced, because')}).join('\n'), /names nothing/);
  assert.match(breachesWith({'docs/PROOF.md': proofOf('')}).join('\n'), /has an empty cell/);
  assert.deepEqual(breachesWith({'docs/PROOF.md': '# Proof\n'}), ['docs/PROOF.md has no row']);
});

test('a mutant for the simulation that the document leaves out is found', () => {
  const patch = 'Rule: a rule.\nTest: simulation seeds=500\ndiff --git a/a b/a\n';
  const breaches = breachesWith({'tests/mutants/world_ends.patch': patch});
  assert.match(breaches.join('\n'), /does not tell of the mutant world_ends/);
});
