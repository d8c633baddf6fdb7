// Who may use whom. The truth is the table of docs/ARCHITECTURE.md; sources and CMake lines are held to it.
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';

import {blankCpp, isCpp, lineOf, listFiles, readText} from './sources.mjs';

/// The rows of the folders table: Map of folder to the Set of folders it may use.
///
/// A row reads: | `voice` | what it holds | base, directory, flow |, with `-` for none and `all` for all.
export function readFolderTable(root) {
  const rows = new Map();
  for (const line of readText(root, 'docs/ARCHITECTURE.md').split('\n')) {
    const cells = line.match(/^\| `([a-z_]+)` \|.*\| ([a-z_, ]+|-) \|$/);
    if (cells) rows.set(cells[1], cells[2]);
  }
  const all = new Set(rows.keys());
  for (const [folder, uses] of rows) {
    if (uses === 'all') rows.set(folder, all);
    else rows.set(folder, new Set(uses === '-' ? [] : uses.split(',').map((name) => name.trim())));
  }
  return rows;
}

/// Where a folder of the table lies.
const placeOf = (folder) => (folder === 'simulator' ? 'simulator' : `src/${folder}`);

/// What a folder's CMakeLists.txt links: {product: Set, test: Set}, by USES, TEST_USES and by hand.
export function readLinks(root, folder) {
  const file = `${placeOf(folder)}/CMakeLists.txt`;
  const links = {product: new Set(), test: new Set()};
  if (!existsSync(path.join(root, file))) return links;
  const text = readText(root, file).replace(/#[^\n]*/g, '');
  for (const [, words] of text.matchAll(/jobrun_folder\(([^)]*)\)/g)) {
    let into = null;
    for (const word of words.split(/\s+/).filter(Boolean)) {
      if (/^[A-Z_]+$/.test(word)) into = {USES: links.product, TEST_USES: links.test}[word] ?? null;
      else into?.add(word);
    }
  }
  for (const [, target, words] of text.matchAll(/target_link_libraries\(\s*(\S+)([^)]*)\)/g)) {
    for (const [, used] of words.matchAll(/\bjobrun_([a-z_]+)/g)) {
      (/_test$/.test(target) ? links.test : links.product).add(used);
    }
  }
  links.product.delete(folder);
  links.test.delete(folder);
  return links;
}

/// Everything `folder` links, however indirectly, as a Map from folder to the way there.
export function reach(folder, linksOf) {
  const ways = new Map();
  const visit = (at, way) => {
    for (const next of linksOf(at)) {
      if (ways.has(next)) continue;
      ways.set(next, [...way, next]);
      visit(next, [...way, next]);
    }
  };
  visit(folder, [folder]);
  return ways;
}

/// Every breach of the table, as sentences; none on a healthy project.
export function findFolderBreaches(root) {
  const table = readFolderTable(root);
  const breaches = [];
  const folders = existsSync(path.join(root, 'src')) ? readdirSync(path.join(root, 'src')) : [];
  if (existsSync(path.join(root, 'simulator'))) folders.push('simulator');

  for (const folder of folders) {
    if (!table.has(folder)) breaches.push(`${placeOf(folder)} has no row in docs/ARCHITECTURE.md`);
  }
  for (const folder of table.keys()) {
    if (!folders.includes(folder)) breaches.push(`docs/ARCHITECTURE.md has a row for ${folder}, which is no folder`);
  }

  const links = new Map(folders.map((folder) => [folder, readLinks(root, folder)]));
  for (const folder of folders.filter((name) => table.has(name))) {
    for (const used of links.get(folder).product) {
      if (!table.get(folder).has(used)) breaches.push(`${placeOf(folder)}/CMakeLists.txt links ${used}, which its row does not allow`);
    }
    breaches.push(...findIncludeBreaches(root, folder, table));
  }

  // The first lock of onboarding's isolation. Tests of voice are held to it as well.
  const product = (folder) => links.get(folder)?.product ?? new Set();
  const withTests = (folder) => new Set([...product(folder), ...(links.get(folder)?.test ?? [])]);
  const fromVoice = reach('voice', product);
  if (fromVoice.has('onboarding')) breaches.push(`voice reaches onboarding: ${fromVoice.get('onboarding').join(' -> ')}`);
  if (withTests('voice').has('onboarding')) breaches.push('the tests of voice link onboarding');

  breaches.push(...findPermitBreaches(root));
  return breaches;
}

/// `#include` lines of a folder that name a header of another folder beyond its row, or climb out of it.
function findIncludeBreaches(root, folder, table) {
  const breaches = [];
  const place = placeOf(folder);
  for (const file of listFiles(root, place).filter(isCpp)) {
    const text = blankCpp(readText(root, file), {strings: false});
    for (const match of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm)) {
      const header = match[1];
      const where = `${file}:${lineOf(text, match.index)}`;
      if (header.split('/').includes('..')) breaches.push(`${where} includes ${header}: climbs out of its folder`);
      const owner = header.split('/')[0];
      const isPrivate = existsSync(path.join(root, place, header));
      if (!header.includes('/') || !table.has(owner) || owner === folder || isPrivate) continue;
      // A test may bring in more, such as a store to run against; voice's tests may not bring in onboarding.
      const isTest = /_test(_support\.hpp|\.cpp)$/.test(file);
      if (!table.get(folder).has(owner) && (!isTest || (folder === 'voice' && owner === 'onboarding'))) {
        breaches.push(`${where} includes ${header}, which the row of ${folder} does not allow`);
      }
    }
  }
  return breaches;
}

/// Product code outside the outbox that could make itself a permit: by naming the dispatcher's namespace as
/// its own, or by constructing one.
function findPermitBreaches(root) {
  const breaches = [];
  const files = [...listFiles(root, 'src'), ...listFiles(root, 'simulator')];
  for (const file of files) {
    if (!isCpp(file) || /_test\.cpp$/.test(file) || file.startsWith('src/outbox/')) continue;
    const text = blankCpp(readText(root, file));
    const isDeclaration = file === 'src/base/include/base/send_permit.hpp';
    for (const match of text.matchAll(/namespace\s+(jobrun\s*::\s*)?outbox\b|SendPermit\s*[{(]\s*[})]|friend\s+class\s+(outbox\s*::\s*)?Dispatcher/g)) {
      if (match[0].startsWith('namespace') && /=\s*$/.test(text.slice(0, match.index))) continue;
      if (!isDeclaration) breaches.push(`${file}:${lineOf(text, match.index)} says '${match[0]}': only src/outbox makes permits`);
    }
  }
  return breaches;
}
