// What a document shows as commands, and what it says comes out of them.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const readProjectFile = (name) => readFileSync(path.join(projectRoot, name), 'utf8');

/// The fenced blocks of a document, in order: {language, text, line}.
export function fencedBlocks(markdown) {
  const blocks = [];
  let open = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = line.match(/^```(\w*)\s*$/);
    if (fence && open) {
      blocks.push({...open, text: open.lines.join('\n')});
      open = null;
    } else if (fence) {
      open = {language: fence[1], line: index + 1, lines: []};
    } else if (open) {
      open.lines.push(line);
    }
  }
  if (open) throw new Error(`the block in line ${open.line} is not closed`);
  return blocks;
}

/// Each ```sh block with the ```text block that follows it at once, if one does.
export function shownCommands(markdown) {
  const blocks = fencedBlocks(markdown);
  const lines = markdown.split('\n');
  return blocks.flatMap((block, i) => {
    if (block.language !== 'sh') return [];
    const next = blocks[i + 1];
    const follows = next?.language === 'text' && lines.slice(block.line + block.lines.length + 1, next.line - 1).every((line) => line === '');
    return [{command: block.text, line: block.line, expected: follows ? next.text : null}];
  });
}

/// Whether `output` is as shown, `...` standing for anything.
export function isAsShown(expected, output) {
  const trim = (text) => text.split('\n').map((line) => line.trimEnd()).join('\n').trim();
  const parts = trim(expected).split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(trim(output));
}

/// Every `jobrun ...` that a document names, in blocks or within a line, without what follows a pipe.
export function jobrunCommands(markdown) {
  const code = [...fencedBlocks(markdown).filter((block) => block.language === 'sh').map((block) => block.text),
    ...[...markdown.matchAll(/`([^`\n]+)`/g)].map((match) => match[1])].join('\n').replace(/\\\n\s*/g, ' ').replace(/sudo -u \S+/g, 'sudo');
  return [...code.matchAll(/(?:^|[\s;&|(])(jobrun [a-z][^|;&>\n)]*)/gm)].map((match) => match[1].trim());
}
