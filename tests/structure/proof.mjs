// docs/PROOF.md says what upholds each sentence. This reads it and finds every name in it that nothing bears.
//
// A row of a table whose last column is "upheld by", "noticed by" or "here" ends with names in backticks, each of
// one of the kinds below; or "not yet"; or "replaced, because ...".
//
//   test SUITE.NAME             a GoogleTest beside the module, or of the simulation
//   mutant NAME                 tests/mutants/NAME.patch
//   simulation: WORDS           the words with which tests/simulation/*.cpp tells the broken invariant
//   exploration: WORDS          the words of a rule in tests/simulation/exploration_*.cpp
//   must not compile: NAME      tests/must_not_compile/NAME.cpp
//   acceptance NAME: WORDS      tests/acceptance/NAME.test.mjs, and words of one of its tests' titles
//   judge NAME: WORDS           tests/judges/NAME.test.mjs
//   structure NAME: WORDS       tests/structure/NAME.test.mjs
//   deploy NAME: WORDS          tests/deploy/NAME.test.mjs
//   package NAME: WORDS         tests/package/NAME.test.mjs
//   fuzz NAME                   tests/fuzz/NAME_fuzz.cpp
//   metric NAME                 as Prometheus shows it, of the one list of metrics
//   alert KIND                  of the one list of alerts
//   playbook: WORDS             words of a heading of docs/OPERATIONS.md
//   setting NAME                a setting of docs/SETTINGS.md
import {existsSync} from 'node:fs';
import path from 'node:path';

import {readPatches} from '../mutants/patches.mjs';
import {listFiles, readText} from './sources.mjs';

export const document = 'docs/PROOF.md';

/// Cells of the rows of the tables that claim something: {line, cells}; heads and rules are left out.
function readRows(root) {
  const lines = readText(root, document).split('\n');
  const isRule = (line) => /^\|[ :|-]+\|$/.test(line ?? '');
  const rows = [];
  let claims = false;
  lines.forEach((line, at) => {
    if (isRule(lines[at + 1])) claims = /\| (upheld by|noticed by|here) \|$/.test(line);
    else if (claims && line.startsWith('|') && !isRule(line)) {
      rows.push({line: at + 1, cells: line.split('|').slice(1, -1).map((cell) => cell.trim())});
    }
  });
  return rows;
}

/// All text of the files that `wanted` lets through, with C++ strings that go on in the next line joined.
function textOf(root, wanted) {
  return listFiles(root).filter(wanted).map((file) => readText(root, file).replace(/"\s*\n\s*"/g, '')).join('\n');
}

/// Words may stand in a string or a title, where quotes carry a backslash.
const says = (text, words) => text.replace(/\\(['"`])/g, '$1').includes(words);

/// The titles of a test file, one a line.
function titlesOf(root, file) {
  const titles = readText(root, file).matchAll(/\b(?:test|it|forEveryEnd)\(\s*((['"`])(?:\\.|(?!\2)[^\\])*\2)/g);
  return [...titles].map((match) => match[1]).join('\n');
}

/// What makes a name of each kind exist: (root, name) => boolean.
function existing(root) {
  const sources = textOf(root, (file) => /^(src|simulator|tests\/simulation)\/.*_test\.cpp$/.test(file));
  const simulation = textOf(root, (file) => /^tests\/simulation\/(?!exploration|disk)\w+\.cpp$/.test(file));
  const exploration = textOf(root, (file) => /^tests\/simulation\/exploration\w*\.cpp$/.test(file));
  const metrics = textOf(root, (file) => file.endsWith('base/metric.hpp'));
  const alerts = textOf(root, (file) => file.endsWith('base/alert.hpp'));
  const headings = textOf(root, (file) => file === 'docs/OPERATIONS.md').split('\n').filter((line) => line.startsWith('#'));
  const settings = textOf(root, (file) => file === 'docs/SETTINGS.md');
  const isThere = (file) => existsSync(path.join(root, file));
  const inTestFile = (folder) => (name) => {
    const [, stem, words] = name.match(/^(\w+)(?:: (.+))?$/) ?? [];
    const file = `tests/${folder}/${stem}.test.mjs`;
    return Boolean(stem) && isThere(file) && (!words || says(titlesOf(root, file), words));
  };
  return {
    'test ': (name) => {
      const [suite, test, ...more] = name.split('.');
      return more.length === 0 && new RegExp(`\\b(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\\(\\s*${suite},\\s*${test}\\b`).test(sources);
    },
    'mutant ': (name) => isThere(`tests/mutants/${name}.patch`),
    'simulation: ': (words) => says(simulation, words),
    'exploration: ': (words) => says(exploration, words),
    'must not compile: ': (name) => isThere(`tests/must_not_compile/${name}.cpp`),
    'acceptance ': inTestFile('acceptance'),
    'judge ': inTestFile('judges'),
    'structure ': inTestFile('structure'),
    'deploy ': inTestFile('deploy'),
    'package ': inTestFile('package'),
    'fuzz ': (name) => isThere(`tests/fuzz/${name}_fuzz.cpp`),
    'metric ': (name) => metrics.includes(`"${name}"`),
    'alert ': (kind) => alerts.includes(`"${kind}"`),
    'playbook: ': (words) => headings.some((heading) => heading.includes(words)),
    'setting ': (name) => settings.includes(`\`${name}\``),
  };
}

/// What is wrong with the document, as sentences.
export function findProofBreaches(root) {
  const exists = existing(root);
  const breaches = [];
  const rows = readRows(root);
  for (const {line, cells} of rows) {
    const say = (what) => breaches.push(`${document}:${line} ${what}`);
    const upheld = cells.at(-1);
    if (cells.length < 2 || cells.some((cell) => cell === '')) say('has an empty cell');
    const names = [...upheld.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    const isSaid = /^not yet\b/.test(upheld) || /^replaced, because \S/.test(upheld);
    if (names.length === 0 && !isSaid) say('names nothing that upholds it, and says neither "not yet" nor "replaced, because"');
    for (const name of names) {
      const kind = Object.keys(exists).find((word) => name.startsWith(word));
      if (!kind) say(`names \`${name}\`, which is of no kind`);
      else if (!exists[kind](name.slice(kind.length))) say(`names \`${name}\`, which does not exist`);
    }
  }
  if (rows.length === 0) breaches.push(`${document} has no row`);
  const text = readText(root, document);
  for (const patch of readPatches(root)) {
    if (patch.test?.startsWith('simulation ') && !text.includes(`\`mutant ${patch.name}\``)) {
      breaches.push(`${document} does not tell of the mutant ${patch.name}, which the simulation must notice`);
    }
  }
  return breaches;
}
