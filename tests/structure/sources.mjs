// Reading the project's sources: lists of files, and C++ with comments and strings blanked out.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

// Built, installed or left by running: never sources.
const neverSources = new Set(['.git', 'build', 'var', 'node_modules', '.cache']);

/// Every file under `root`, as sorted paths relative to it with forward slashes.
export function listFiles(root, under = '') {
  const found = [];
  const folder = path.join(root, under);
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder).sort()) {
    if (neverSources.has(name)) continue;
    const relative = under ? `${under}/${name}` : name;
    if (statSync(path.join(root, relative)).isDirectory()) found.push(...listFiles(root, relative));
    else found.push(relative);
  }
  return found;
}

export const isCpp = (file) => /\.(cpp|hpp)$/.test(file);
export const readText = (root, file) => readFileSync(path.join(root, file), 'utf8');

/// C++ with every comment, and if asked every string and character, replaced by spaces. Lines stay lines.
export function blankCpp(text, {strings = true} = {}) {
  const blank = (match) => match.replace(/[^\n]/g, ' ');
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^()\\\s]{0,16})\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'/g;
  return text.replace(pattern, (match) => {
    if (match.startsWith('/')) return blank(match);
    return strings ? match[0] === 'R' ? blank(match) : match[0] + blank(match.slice(1, -1)) + match.at(-1) : match;
  });
}

/// The number of the line that `offset` is on, from 1.
export function lineOf(text, offset) {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/// A throw-away project for planted violations: `files` maps relative paths to contents. Removed when
/// `use` returns.
export function withProject(files, use) {
  const root = mkdtempSync(path.join(tmpdir(), 'jobrun-structure-'));
  try {
    for (const [file, contents] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
      writeFileSync(path.join(root, file), contents);
    }
    return use(root);
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}

/// A program's standard output; throws when it fails.
export function run(program, args, options = {}) {
  return execFileSync(program, args, {encoding: 'utf8', maxBuffer: 256 << 20, ...options});
}
