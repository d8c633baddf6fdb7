// Goal: our API is what its own description says.
// Method: Prism reads the description that the service gives and stands before it: it refuses a description that is
// none, and lists every breach, in requests and in answers. A description that says otherwise must be caught.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {after, before} from 'node:test';

import {eventually, temporaryFolder} from './children.mjs';
import {startProxy} from './prism.mjs';
import {callParameters, startService} from './service.mjs';

const token = 'judge-admin-token';
const headers = {Authorization: `Bearer ${token}`};
let service;
before(async () => {
  // Nothing is sent here: nobody listens at this address, so a call stays open.
  service = await startService('http://127.0.0.1:9', {JOBRUN_ADMIN_TOKEN: token, JOBRUN_OUTCOME_DEADLINE: '1s'});
  const missed = await service.webhook('/twilio/status', callParameters(`CA${'0'.repeat(32)}`, '+14155550123', '+14155550100', {CallStatus: 'busy'}));
  assert.equal(missed.status, 200);
  await eventually('an incident', async () => (await service.command('incidents')).length === 1);
});
after(() => service?.stop());

const described = async () => (await fetch(`${service.url}/api/v1/openapi.json`, {headers})).json();

/// A proxy that judges by `description`; stops with the test `t`.
async function judge(t, description) {
  const file = path.join(temporaryFolder(), 'openapi.json');
  writeFileSync(file, JSON.stringify(description));
  const proxy = await startProxy(service.url, file);
  t.after(() => proxy.stop());
  return async (target, options = {}) => {
    const answer = await fetch(`${proxy.url}/api/v1/${target}`, {headers, ...options});
    return {status: answer.status, json: await answer.json(), violations: JSON.parse(answer.headers.get('sl-violations') ?? '[]')};
  };
}

test('every answer, also of a refusal, is as described', async (t) => {
  const ask = await judge(t, await described());
  const post = (reason) => ({method: 'POST', body: JSON.stringify({reason}), headers: {...headers, 'Content-Type': 'application/json'}});
  const asked = [['incidents', {}, 200], ['incidents?all=true&limit=5', {}, 200], ['calls?open=true', {}, 200], ['failsafe', {}, 200], ['failsafe?since=2020-01-01&limit=5', {}, 200],
    ['openapi.json', {}, 200],
    ['incidents', {headers: {Authorization: 'Bearer wrong'}}, 401],
    ['incidents/4711/close', post('x'), 404], ['incidents/1/close', post('called back'), 200]];
  for (const [target, options, status] of asked) {
    const answer = await ask(target, options);
    assert.equal(answer.status, status, `${target}: ${JSON.stringify(answer)}`);
    assert.deepEqual(answer.violations, [], target);
  }
});

test('the judge catches an answer that is not as described', async (t) => {
  const description = await described();
  description.components.schemas.Incident.required.push('colour');
  const ask = await judge(t, description);
  assert.notDeepEqual((await ask('incidents?all=true')).violations, []);
});
