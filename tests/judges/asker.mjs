// A program of ours that answers a line of JSON with a line of JSON, for as long as a file of tests runs.
import {createInterface} from 'node:readline';
import {after, before} from 'node:test';

import {start} from './children.mjs';

/// Starts the program before the file's tests and stops it after them. Returns how to ask it; answers come in order,
/// and say what it printed when it has ended.
export const asker = (program) => {
  let tool;
  let waiting = [];
  before(() => {
    tool = start(program, []);
    createInterface({input: tool.child.stdout}).on('line', (line) => waiting.shift()(JSON.parse(line)));
    tool.ended.then(() => waiting.forEach((resolve) => resolve({ended: tool.output()})));
    waiting = [];
  });
  after(() => tool.stop());
  return (request) => new Promise((resolve) => {
    waiting.push(resolve);
    tool.child.stdin.write(`${JSON.stringify(request)}\n`);
  });
};
