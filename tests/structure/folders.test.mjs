// Goal: each folder includes and links only what its row in docs/ARCHITECTURE.md allows, voice cannot reach
// onboarding, and only the outbox makes send permits.
// Method: the checks run over the project, where they must find nothing, and over small projects with one
// planted breach each, where they must find it.
import assert from 'node:assert/strict';
import test from 'node:test';

import {findFolderBreaches} from './folders.mjs';
import {projectRoot, withProject} from './sources.mjs';

const healthy = {
  'docs/ARCHITECTURE.md': [
    '| folder | holds | may use |', '|---|---|---|',
    '| `base` | words | - |', '| `flow` | rules | base |', '| `voice` | decides | base, flow |',
    '| `onboarding` | sign-up | base |', '| `outbox` | exit | base |', '| `app` | wiring | all |', ''].join('\n'),
  'src/base/CMakeLists.txt': 'jobrun_folder(base)\n',
  'src/base/include/base/send_permit.hpp':
    'namespace jobrun::outbox {\nclass Dispatcher;\n}\nclass SendPermit {\n  friend class outbox::Dispatcher;\n  SendPermit() {}\n};\n',
  'src/flow/CMakeLists.txt': 'jobrun_folder(flow USES base)\n',
  'src/flow/include/flow/rule.hpp': '#include "base/send_permit.hpp"\n',
  'src/voice/CMakeLists.txt': 'jobrun_folder(voice USES base flow)\n',
  'src/voice/decide.cpp': '#include "flow/rule.hpp"\n// #include "onboarding/step.hpp"\n',
  'src/onboarding/CMakeLists.txt': 'jobrun_folder(onboarding USES base)\n',
  'src/onboarding/include/onboarding/step.hpp': '#pragma once\n',
  'src/outbox/CMakeLists.txt': 'jobrun_folder(outbox USES base)\n',
  'src/outbox/dispatcher.cpp': 'namespace jobrun::outbox { auto make() { return SendPermit{}; } }\n',
  'src/app/CMakeLists.txt': 'add_executable(jobrun main.cpp)\ntarget_link_libraries(jobrun PRIVATE jobrun_voice jobrun_onboarding)\n',
  'src/app/main.cpp': '#include "voice/decide.hpp"\n#include "onboarding/step.hpp"\n',
};
const breachesWith = (changes) => withProject({...healthy, ...changes}, findFolderBreaches);
const assertFound = (changes, pattern) => {
  const breaches = breachesWith(changes);
  assert.equal(breaches.length, 1, breaches.join('\n'));
  assert.match(breaches[0], pattern);
};

test('the project keeps to its table of folders', () => {
  assert.deepEqual(findFolderBreaches(projectRoot), []);
});

test('a healthy small project has no breach', () => {
  assert.deepEqual(breachesWith({}), []);
});

test('an include beyond the row is found', () => {
  assertFound({'src/flow/plan.cpp': 'int a;\n#include "voice/decide.hpp"\n'}, /src\/flow\/plan\.cpp:2 includes voice\/decide\.hpp/);
});

test('an include in angle brackets beyond the row is found', () => {
  assertFound({'src/voice/greet.cpp': '#  include <onboarding/step.hpp>\n'}, /includes onboarding\/step\.hpp/);
});

test('an include that climbs out of its folder is found', () => {
  assertFound({'src/voice/greet.cpp': '#include "../onboarding/include/onboarding/step.hpp"\n'}, /climbs out/);
});

test("a test of voice that includes onboarding is found, though tests may include more", () => {
  assertFound({'src/voice/decide_test.cpp': '#include "onboarding/step.hpp"\n'}, /decide_test/);
  assert.deepEqual(breachesWith({'src/flow/rule_test.cpp': '#include "outbox/dispatcher.hpp"\n'}), []);
});

test('a link beyond the row is found, by USES and by hand', () => {
  assertFound({'src/flow/CMakeLists.txt': 'jobrun_folder(flow USES base outbox)\n'}, /links outbox/);
  assertFound({'src/outbox/CMakeLists.txt': 'jobrun_folder(outbox USES base)\ntarget_link_libraries(jobrun_outbox PUBLIC jobrun_flow)\n'}, /links flow/);
});

test('voice that reaches onboarding through another folder is found, even if the rows allow it', () => {
  assertFound({
    'docs/ARCHITECTURE.md': healthy['docs/ARCHITECTURE.md'].replace('| rules | base |', '| rules | base, onboarding |'),
    'src/flow/CMakeLists.txt': 'jobrun_folder(flow USES base onboarding)\n',
  }, /voice -> flow -> onboarding/);
});

test('tests of voice that link onboarding are found', () => {
  assertFound({'src/voice/CMakeLists.txt': 'jobrun_folder(voice USES base flow TEST_USES onboarding)\n'}, /tests of voice link onboarding/);
});

test('a folder without a row and a row without a folder are found', () => {
  assertFound({'src/extra/CMakeLists.txt': 'jobrun_folder(extra USES base)\n'}, /src\/extra has no row/);
  assertFound({'docs/ARCHITECTURE.md': `${healthy['docs/ARCHITECTURE.md']}| \`sweep\` | later | base |\n`}, /row for sweep/);
});

test('a permit made outside the outbox is found', () => {
  assertFound({'src/app/cheat.cpp': 'auto permit = SendPermit{};\n'}, /only src\/outbox makes permits/);
  assertFound({'src/app/cheat.cpp': 'namespace jobrun::outbox {\nint other;\n}\n'}, /only src\/outbox makes permits/);
});
