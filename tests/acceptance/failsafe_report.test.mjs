// Goal: an operator whom the fail-safe's alert has woken sees in one page which numbers need registering, who called and
// who replied, and mends each with the command that stands there.
// Method: calls to two numbers of nobody's, a reply; then the commands of the report are run as it prints them.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, newCaller} from './world.mjs';

const [first, second] = ['+14155550500', '+14155550600'];
const business = '+14155550100';

test('the report names each number with its callers and replies, and its commands mend it', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_ADMIN_TOKEN: 'acceptance-admin-token'}});
  const client = await world.business(business);
  assert.deepEqual((await world.run('failsafe', 'report')).numbers, []);
  assert.match((await world.cli('failsafe', 'report')).out, /^Nobody has called a number of nobody's since /);

  const replies = newCaller();
  for (const order of [{to: first, from: replies}, {to: first, from: replies}, {to: first}, {to: second}, {to: business}]) {
    await world.outcome((await world.place(order)).call_sid);
  }
  await world.ask('POST', '/practice/texts', {from: replies, to: first, body: 'Do you fix roofs?', wait: true});
  const {numbers} = await world.run('failsafe', 'report', '--since', '1h');
  assert.deepEqual(numbers.map(({number, calls, callers, replies: texts}) => [number, calls, callers, texts.length]), [[second, 1, 1, 0], [first, 3, 2, 1]]);
  assert.ok(!JSON.stringify(numbers).includes(replies.slice(1)) && !JSON.stringify(numbers).includes('roofs'), 'who replied is masked');
  const page = (await world.cli('failsafe', 'report', '--show')).out;
  for (const words of ['3 calls by 2 callers', 'Do you fix roofs?', replies, 'nobody']) assert.ok(page.includes(words), `${words} is not in ${page}`);
  assert.deepEqual((await world.run('failsafe', 'report', '--since', '2100-01-01')).numbers, []);
  assert.equal((await world.cli('failsafe', 'report', '--since', 'lately')).code, 2);

  const answer = await fetch(`${world.url}/api/v1/failsafe?since=2020-01-01`, {headers: {Authorization: 'Bearer acceptance-admin-token'}});
  assert.deepEqual(await answer.json(), numbers);

  /// As a person would run it, with the client's id and a reason.
  const mend = (command) => world.run(...command.replace(/\bID$/, String(client.id)).replace(/\bWHY$/, 'advertising').split(' ').slice(1));
  await mend(numbers[1].register);
  await mend(numbers[1].replies[0].adopt);
  await mend(numbers[0].dismiss);
  const mended = (await world.run('failsafe', 'report')).numbers;
  assert.deepEqual(mended.map(({pool, register, dismiss}) => [pool.role, register, dismiss]), [
    ['system', `jobrun numbers assign ${second} --role operational --client ID`, `jobrun numbers remove ${second}`], ['operational', null, null]]);
  assert.deepEqual([mended[1].replies[0].settled_as, mended[1].replies[0].dismiss], ['adopted', null]);
  await mend(mended[0].dismiss);
  assert.equal((await world.run('failsafe', 'report')).numbers[0].pool, null);
});
