// Goal: a program sees open incidents and calls over HTTP as a person sees them by command, closes an incident with a
// reason, and nobody does so without the token.
// Method: the real service with a token, a carrier that does not take texts, so that a call stays open; the same
// questions by command and over HTTP.
import assert from 'node:assert/strict';
import test from 'node:test';

import {World, eventually} from './world.mjs';

const business = '+14155550100';
const token = 'acceptance-admin-token';

async function ask(world, path, {method = 'GET', bearer = token, body} = {}) {
  const headers = bearer ? {Authorization: `Bearer ${bearer}`} : {};
  const answer = await fetch(`${world.url}/api/v1/${path}`, {method, headers, body: body && JSON.stringify(body)});
  return {status: answer.status, json: await answer.json(), headers: answer.headers};
}

test('incidents and calls are the documents of the commands, and an incident is closed with a reason', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_ADMIN_TOKEN: token, JOBRUN_OUTCOME_DEADLINE: '1s'}});
  await world.business(business);
  await world.knobs({api_faults: [{on: 'send_text', do: 'rate_limit'}]});
  const sid = await world.ended(business);
  const [incident] = await eventually('an incident over HTTP', async () => {
    const {json} = await ask(world, 'incidents');
    return json.length > 0 ? json : null;
  });
  assert.equal(incident.is_open, true);
  assert.deepEqual((await ask(world, 'incidents')).json, await world.run('incidents'));
  const open = await ask(world, 'calls?open=true');
  assert.equal(open.headers.get('cache-control'), 'no-store');
  assert.deepEqual(open.json.map((call) => call.call_sid), [sid]);
  assert.deepEqual(open.json, await world.run('calls', 'list', '--open'));

  assert.equal((await ask(world, `incidents/${incident.id}/close`, {method: 'POST', body: {}})).status, 400, 'a reason is needed');
  const closed = await ask(world, `incidents/${incident.id}/close`, {method: 'POST', body: {reason: 'called back by hand'}});
  assert.deepEqual([closed.status, closed.json], [200, {id: incident.id}]);
  assert.deepEqual((await ask(world, 'incidents')).json, []);
  assert.equal((await ask(world, 'incidents?all=true')).json[0].closed_reason, 'called back by hand');
  assert.equal((await ask(world, 'incidents/4711/close', {method: 'POST', body: {reason: 'x'}})).status, 404);
});

test('without the right token nothing is told, guessing is limited, and no token is logged', async (t) => {
  const world = await World.open(t, {settings: {JOBRUN_ADMIN_TOKEN: token}});
  assert.equal((await ask(world, 'incidents', {bearer: ''})).status, 401);
  assert.equal((await ask(world, 'incidents')).status, 200);
  for (let i = 0; i < 30; ++i) {
    const {status, json} = await ask(world, 'openapi.json', {bearer: `a-wrong-token-${i}`});
    assert.ok([401, 429].includes(status));
    assert.deepEqual(Object.keys(json), ['error']);
  }
  assert.equal((await ask(world, 'incidents')).status, 429, 'the right one is not compared either');
  assert.ok(await world.metric('api_refusals_total{reason="too_many_wrong_tokens"}') >= 1);
  await world.line({level: 'warning', message: 'API request refused', reason: 'wrong_token'});
  const logged = JSON.stringify(world.lines());
  assert.ok(!logged.includes(token) && !logged.includes('a-wrong-token'));
  assert.deepEqual(await world.run('incidents'), [], 'commands still work');
});

test('without a token in the settings the API is not there, and the log says how to have it', async (t) => {
  const world = await World.open(t);
  for (const bearer of ['', token]) assert.equal((await ask(world, 'incidents', {bearer})).status, 404);
  await world.line({level: 'info', message: /API is off.*JOBRUN_ADMIN_TOKEN/});
  const short = await World.open(t, {serve: false, settings: {JOBRUN_ADMIN_TOKEN: 'short'}});
  const refused = await short.cli('serve');
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /admin_token must be 16 to 256/);
});
