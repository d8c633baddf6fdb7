// Tidiness as a test: what a reviewer should not have to look for.
import {existsSync} from 'node:fs';
import path from 'node:path';

import {blankCpp, isCpp, lineOf, listFiles, readText} from './sources.mjs';

const isTest = (file) => /_test\.cpp$|\/test_\w+\.hpp$|_fixture\.hpp$|\/testing\//.test(file) || file.startsWith('tests/');
const isTool = (file) => isTest(file) || file.startsWith('bench/');
const within = (...places) => (file) => places.some((place) => file.startsWith(place));

/// Banned calls: pattern, what to use instead, and where they are allowed all the same.
export const bannedCalls = [
  [/\b(std::this_thread::)?sleep_(for|until)\s*\(|\b(usleep|nanosleep|sleep)\s*\(/g, 'a wait for the condition, with a bound',
    // Another process holds what is waited for, and nothing tells when it lets go: bounded polls.
    within('src/app/database_lock.cpp', 'src/app/doctor.cpp', 'src/app/service_access.cpp', 'bench/')],
  [/\b(std::)?s?rand\s*\(/g, 'the Random port', () => false],
  [/\b(std::random_device|std::mt19937(_64)?|std::default_random_engine)\b/g, 'the Random port',
    (file) => isTool(file) || within('src/app/', 'simulator/')(file)],
  [/\bsystem_clock\s*::\s*now\b/g, 'the Clock port',
    (file) => isTool(file) || within('src/app/', 'src/ops/', 'src/net/', 'simulator/')(file)],
  [/\b(std::)?(gets|strcpy|strcat|strncpy|sprintf|vsprintf|strtok)\s*\(/g, 'std::string and std::string_view', () => false],
  [/\b(std::)?(atoi|atol|atof|strtol|strtoul|strtod|stoi|stol|stoul|stoull|stoll|stod)\s*\(/g, 'std::from_chars, which says what was wrong', isTool],
  [/(?<!static_)\bassert\s*\(/g, 'a Result, an exception for a broken invariant, or EXPECT in tests', () => false],
  [/\bstd::(cout|cerr|clog|printf|puts)\b|(?<![\w:])(printf|puts)\s*\(/g, 'a LogLine; only commands talk to the terminal',
    (file) => isTool(file) || within('src/app/')(file)],
  [/\b(std::)?(getenv|setenv|putenv)\s*\(/g, 'a setting', (file) => isTool(file) || within('src/app/')(file)],
  [/\b(std::)?system\s*\(/g, 'posix_spawn with arguments', isTest],
  [/\.\s*detach\s*\(\s*\)/g, 'std::jthread that is joined', () => false],
  [/\bstd::format\b/g, 'string concatenation: g++ 12 has no std::format', () => false],
  [/(?<!EXPECT_TRUE\(|ASSERT_TRUE\(|return )\brc::check\s*\(/g, 'EXPECT_TRUE around it: by itself it fails no test', () => false],
  [/\bcatch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}/g, 'a named exception, dealt with', () => false],
];

/// Statements of SQL inside string literals.
const sqlInString = /["(]\s*(SELECT\s+[\w*(].*|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX|UNIQUE|TRIGGER|VIEW)\s|ALTER\s+TABLE\s|PRAGMA\s+\w|BEGIN\s+IMMEDIATE)/g;

// Spelt in two halves, so that this file does not find itself.
const leftover = new RegExp(`\\b(${'TO' + 'DO'}|${'FIX' + 'ME'}|${'X' + 'XX'}|${'HA' + 'CK'})\\b`, 'g');

/// Hosts that sources and documents may name: loopback, names reserved for examples, the carriers, the
/// licence's and standards' own.
const hostsAllowed = [
  /^localhost$/, /^127\.\d+\.\d+\.\d+$/, /^\[::1\]$/, /^0\.0\.0\.0$/, /(^|\.)example(\.(com|org|net))?$/, /\.(test|invalid)$/,
  /^(api|messaging|www)\.twilio\.com$/, /^api\.telnyx\.com$/, /^mycompany\.com$/, /^www\.apache\.org$/, /^www\.w3\.org$/, /^json-schema\.org$/,
];

const textFile = /(\.(cpp|hpp|md|mjs|sh|cmake|json|toml|yml|yaml|html|css|js)|(^|\/)(Makefile|CMakeLists\.txt|run|\.clang-tidy|\.clang-format|\.gitignore|NOTICE))$/;
const generated = /(^|\/)package-lock\.json$/;

const matches = (text, pattern, say) => [...text.matchAll(pattern)].map((match) => say(lineOf(text, match.index), match));

export function findBannedCalls(root) {
  return listFiles(root).filter(isCpp).flatMap((file) => {
    const text = blankCpp(readText(root, file));
    return bannedCalls.flatMap(([pattern, instead, isAllowed]) => isAllowed(file) ? [] :
      matches(text, pattern, (line, match) => `${file}:${line} says '${match[0].trim()}': use ${instead}`));
  });
}

export function findSqlOutsideStore(root) {
  return listFiles(root).filter((file) => isCpp(file) && within('src/', 'simulator/')(file) && !file.startsWith('src/store/'))
    .filter((file) => !isTest(file)).flatMap((file) => {
      const text = blankCpp(readText(root, file), {strings: false});
      return matches(text, sqlInString, (line) => `${file}:${line} holds SQL: it belongs into src/store`);
    });
}

export function findLeftovers(root) {
  return listFiles(root).filter((file) => textFile.test(file) && !generated.test(file)).flatMap((file) => {
    const text = readText(root, file);
    return matches(text, leftover, (line, match) => `${file}:${line} has a leftover ${match[0]}`);
  });
}

/// Function bodies over `linesMax` lines. A body is a brace block after `)`, outside of every other body;
/// blocks of namespaces, classes and enumerations are looked into, and initialisers are not bodies.
export function findLongFunctions(root, linesMax = 70) {
  const found = [];
  for (const file of listFiles(root).filter(isCpp)) {
    const text = blankCpp(readText(root, file)).replace(/^[ \t]*#(\\\n|[^\n])*/gm, (match) => match.replace(/[^\n]/g, ' '));
    const open = [];  // for each open brace: is it a body, and where does it begin
    let head = 0;     // where the text that leads to the next brace begins
    for (const {0: mark, index} of text.matchAll(/[{};]/g)) {
      if (mark === '{') {
        const before = text.slice(head, index);
        const isContainer = /\b(namespace|class|struct|union|enum|extern)\b[^()=]*$/.test(before) || /\b(class|struct)\b[^{;=]*:[^()]*$/.test(before);
        const isInside = open.some((block) => block.kind === 'body' || block.kind === 'data');
        const isBody = !isContainer && !/=\s*$|=\s*\{*\s*$/.test(before) && (before.includes(')') || /^\s*(,[^;]*)?$/.test(before));
        open.push({kind: isInside ? 'inner' : isContainer ? 'container' : isBody ? 'body' : 'data', line: lineOf(text, index), before});
      } else if (mark === '}') {
        const block = open.pop();
        const lines = lineOf(text, index) - (block?.line ?? 0) + 1;
        if (block?.kind === 'body' && lines > linesMax) {
          const name = block.before.trim().replace(/\s+/g, ' ').slice(-60);
          found.push(`${file}:${block.line} has a function of ${lines} lines (at most ${linesMax}): ${name}`);
        }
      }
      head = index + 1;
    }
  }
  return found;
}

/// The anchor that a heading gets in rendered Markdown.
const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-');

export function findBrokenLinks(root) {
  return listFiles(root).filter((file) => file.endsWith('.md')).flatMap((file) => {
    const text = readText(root, file).replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ' '));
    return matches(text, /\]\(([^)\s]+)\)/g, (line, match) => ({line, target: match[1]}))
      .filter(({target}) => !/^[a-z]+:/.test(target)).flatMap(({line, target}) => {
        const [to, anchor] = target.split('#');
        const goal = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
        if (!existsSync(path.join(root, goal))) return [`${file}:${line} links ${target}, which does not exist`];
        if (!anchor || !goal.endsWith('.md')) return [];
        const anchors = [...readText(root, goal).matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1]));
        return anchors.includes(anchor) ? [] : [`${file}:${line} links ${target}: there is no such heading`];
      });
  });
}

export function findUnknownHosts(root) {
  return listFiles(root).filter((file) => textFile.test(file) && !generated.test(file)).flatMap((file) => {
    const text = readText(root, file);
    return matches(text, /\bhttps?:\/\/((?:[\w.-]*@)?[\w.-]+|\[[0-9a-f:]+\])/g, (line, match) => ({line, host: match[1].replace(/^.*@/, '').replace(/\.$/, '')}))
      .filter(({host}) => /\.[a-z]{2,}$|^\d+(\.\d+){3}$/.test(host) && !hostsAllowed.some((pattern) => pattern.test(host)))
      .map(({line, host}) => `${file}:${line} names the host ${host}: use one reserved for examples`);
  });
}

/// Names that ctest has twice. `entries` is what `ctest --show-only=json-v1` prints.
export function findDoubleNames(entries) {
  const seen = new Set();
  return JSON.parse(entries).tests.map((entry) => entry.name).filter((name) => seen.has(name) || !seen.add(name));
}
