// Goal: base, flow and onboarding contain no clock, random, log, thread or I/O, so that what they decide
// depends on their arguments alone and can be replayed.
// Method: no undefined symbol of their archives is one of these. To show that such a symbol would be seen,
// small files that call one each are compiled with the same compiler and flags, and each must be found.
//
// The archives come as PURE_ARCHIVES (a list with ':'), the compiler as CXX, its flags as CXX_FLAGS.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';

import {run} from './sources.mjs';
import {countDefinedSymbols, findImpureSymbols} from './symbols.mjs';

const archives = (process.env.PURE_ARCHIVES ?? '').split(':').filter(Boolean);
const compiler = process.env.CXX ?? 'g++-12';
const flags = (process.env.CXX_FLAGS ?? '-O2').split(' ').filter(Boolean);

/// Compiles a function body and returns the impure symbols that are seen in it.
function impureSymbolsOf(headers, body) {
  const folder = mkdtempSync(path.join(tmpdir(), 'jobrun-symbols-'));
  try {
    const source = path.join(folder, 'planted.cpp');
    const object = path.join(folder, 'planted.o');
    const archive = path.join(folder, 'libplanted.a');
    writeFileSync(source, `${headers.map((name) => `#include <${name}>\n`).join('')}long planted() { ${body} }\n`);
    run(compiler, ['-std=c++23', ...flags, '-c', source, '-o', object]);
    run('ar', ['rcs', archive, object], {stdio: 'pipe'});
    return findImpureSymbols(archive);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

test('the archives of pure folders contain no impure symbol', () => {
  assert.ok(archives.length >= 3, `PURE_ARCHIVES names ${archives.length} archives`);
  for (const archive of archives) {
    assert.ok(countDefinedSymbols(archive) > 0, `${archive} defines nothing: is it the archive meant?`);
    assert.deepEqual(findImpureSymbols(archive), [], archive);
  }
});

const planted = [
  ['clock', ['chrono'], 'return std::chrono::system_clock::now().time_since_epoch().count();'],
  ['clock', ['chrono'], 'return std::chrono::steady_clock::now().time_since_epoch().count();'],
  ['clock', ['ctime'], 'return std::time(nullptr);'],
  ['clock', ['time.h'], 'timespec now{}; clock_gettime(CLOCK_REALTIME, &now); return now.tv_sec;'],
  ['random', ['cstdlib'], 'return std::rand();'],
  ['random', ['random'], 'return std::random_device{}();'],
  ['I/O', ['iostream'], 'std::cout << 1; return 0;'],
  ['I/O', ['cstdio'], 'return std::printf("%p", nullptr);'],
  ['I/O', ['cstdio'], 'return std::fputs("a", stderr);'],
  ['I/O', ['fstream'], 'return std::ifstream("/etc/hostname").get();'],
  ['I/O', ['fcntl.h'], 'return open("/etc/hostname", O_RDONLY);'],
  ['I/O', ['unistd.h'], 'return write(1, "a", 1);'],
  ['I/O', ['sys/socket.h'], 'return socket(AF_INET, SOCK_STREAM, 0);'],
  ['I/O', ['filesystem'], 'return std::filesystem::exists("/etc");'],
  ['environment', ['cstdlib'], 'return std::getenv("HOME") != nullptr;'],
  ['log', ['syslog.h'], 'syslog(LOG_INFO, "a"); return 0;'],
  ['thread', ['thread'], 'std::thread([] {}).join(); return 0;'],
  ['thread', ['unistd.h'], 'return usleep(1);'],
];

for (const [kind, headers, body] of planted) {
  test(`a planted ${kind} symbol is found: ${body}`, () => {
    const found = impureSymbolsOf(headers, body);
    assert.ok(found.some((symbol) => symbol.startsWith(`${kind}: `)), `found only: ${found.join(', ')}`);
  });
}

test('formatting a number, a string and memory are not held to be impure', () => {
  const body = 'char text[9]; std::snprintf(text, sizeof text, "%d", 7); return static_cast<long>(std::string(text).size());';
  assert.deepEqual(impureSymbolsOf(['cstdio', 'string'], body), []);
});
