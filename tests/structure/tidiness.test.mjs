// Goal: what makes code untidy is found by a test and not by a reader.
// Method: each check runs over the project, where it must find nothing, and over a small project with
// planted untidiness, where it must find exactly that.
import assert from 'node:assert/strict';
import test from 'node:test';

import {projectRoot, run, withProject} from './sources.mjs';
import * as tidiness from './tidiness.mjs';

const {findBannedCalls, findBrokenLinks, findDoubleNames, findLeftovers, findLongFunctions, findSqlOutsideStore, findUnknownHosts} = tidiness;

const assertClean = (found) => assert.equal(found.join('\n'), '');
const assertFound = (check, files, ...patterns) => {
  const found = withProject(files, check);
  assert.equal(found.length, patterns.length, `found: ${found.join('\n')}`);
  patterns.forEach((pattern, at) => assert.match(found[at], pattern));
};

test('no banned call is made', () => assertClean(findBannedCalls(projectRoot)));

test('each banned call is found where it is planted, and not in comments and strings', () => {
  const calls = ['std::this_thread::sleep_for(1s);', 'usleep(3);', 'int a = rand();', 'std::mt19937 engine;',
    'auto now = std::chrono::system_clock::now();', 'strcpy(a, b);', 'int n = std::stoi(text);', 'assert(n > 1);',
    'std::cout << n;', 'printf("n");', 'getenv("HOME");', 'std::system("ls");', 'thread.detach();',
    'std::format("{}", n);', 'catch (...) {}', 'rc::check([] {});'];
  for (const call of calls) {
    assertFound(findBannedCalls, {'src/flow/a.cpp': `// rand()\nconst char* text = "rand() // sleep(1)";\n${call}\n`}, /^src\/flow\/a\.cpp:3 says/);
  }
  assertFound(findBannedCalls, {'tests/a_test.cpp': 'sleep(1);\n'}, /wait for the condition/);
});

test('names that only look like banned calls are left alone', () => {
  const code = 'static_assert(true); ctest_sleep(1); operand(2); snprintf(a, 2, "b"); std::chrono::steady_clock::now(); x.system_clock_; EXPECT_TRUE(rc::check([] {}));\n';
  assertFound(findBannedCalls, {'src/flow/a.cpp': code});
  assertFound(findBannedCalls, {'src/app/main.cpp': 'std::cout << std::getenv("HOME");\n'});
});

test('SQL stands in src/store only', () => {
  assertClean(findSqlOutsideStore(projectRoot));
  const sql = 'const char* find = "SELECT id FROM calls";\n';
  assertFound(findSqlOutsideStore, {'src/ledger/a.cpp': sql, 'src/store/a.cpp': sql}, /src\/ledger\/a\.cpp:1 holds SQL/);
  assertFound(findSqlOutsideStore, {'src/ledger/a.cpp': 'auto s = R"(INSERT INTO calls VALUES (1))";\n'}, /holds SQL/);
  assertFound(findSqlOutsideStore, {'src/ledger/a.cpp': '// SELECT id FROM calls\nauto help = "Select a number";\n'});
});

test('nothing is left to be done in comments', () => {
  assertClean(findLeftovers(projectRoot));
  assertFound(findLeftovers, {'docs/a.md': `one\n${'TO' + 'DO'}: two\n`, 'src/a/b.cpp': `// ${'FIX' + 'ME'}\n`}, /docs\/a\.md:2/, /src\/a\/b\.cpp:1/);
});

test('no function is longer than 70 lines', () => {
  assertClean(findLongFunctions(projectRoot));
  const lines = (count) => '  step();\n'.repeat(count);
  assertFound(findLongFunctions, {'src/a/b.cpp': `namespace jobrun {\nvoid walk(int a) {\n${lines(68)}}\nvoid run() {\n${lines(69)}}\n}\n`},
    /src\/a\/b\.cpp:72 has a function of 71 lines.*run/);
  assertFound(findLongFunctions, {'src/a/b.cpp': `class A {\n  explicit A(int b) : b_{b}, c_{b} {\n${lines(90)}}\n};\n`}, /function of 92 lines/);
  assertFound(findLongFunctions, {'src/a/b.cpp': `TEST(A, B) {\n if (x) {\n${lines(90)} }\n}\n`}, /function of 94 lines/);
  assertFound(findLongFunctions, {'src/a/b.cpp': `const char* text = "){";\nconstexpr std::array rows = {{\n${'  {1, 2},\n'.repeat(90)}}};\n`});
});

test('links in documents lead somewhere', () => {
  assertClean(findBrokenLinks(projectRoot));
  assertFound(findBrokenLinks, {'README.md': '[a](docs/A.md) [b](docs/B.md)\n[c](docs/A.md#the-end) [d](docs/A.md#no-end) [e](https://example.com/x)\n', 'docs/A.md': '# A\n## The end\n'},
    /README\.md:1 links docs\/B\.md/, /README\.md:2 links docs\/A\.md#no-end/);
});

test('only hosts reserved for examples, loopback and the carrier are named', () => {
  assertClean(findUnknownHosts(projectRoot));
  const unknown = 'https://' + 'somewhere-else.io/x';
  assertFound(findUnknownHosts, {'docs/a.md': `http://127.0.0.1:1 https://api.example.com/x https://api.twilio.com\n${unknown}\n`}, /docs\/a\.md:2 names the host somewhere-else\.io/);
});

test('every ctest entry has a name of its own', {skip: !process.env.JOBRUN_BUILD_DIR && 'no build folder is named'}, () => {
  const entries = run('ctest', ['--test-dir', process.env.JOBRUN_BUILD_DIR, '--show-only=json-v1']);
  assert.ok(JSON.parse(entries).tests.length > 0);
  assertClean(findDoubleNames(entries));
  assert.deepEqual(findDoubleNames('{"tests": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}'), ['a']);
});
