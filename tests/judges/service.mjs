// The real program as a child: the service, the practice carrier, commands.
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

import twilioWebhooks from 'twilio/lib/webhooks/webhooks.js';

import {eventually, start, temporaryFolder} from './children.mjs';

const jobrun = process.env.JOBRUN;
const runFile = promisify(execFile);
export const accountSid = 'AC0123456789abcdef0123456789abcdef';
export const authToken = 'judge-token';
const publicUrl = 'https://jobrun.example';

/// The URL that a program said it listens on.
const listening = async (program) => `http://${(await program.said(/listening on (\S+:\d+)/))[1]}`;

/// `jobrun serve` on a fresh database, sending its texts to `apiUrl`.
export async function startService(apiUrl, settings = {}) {
  const env = {
    JOBRUN_LISTEN: '127.0.0.1:0', JOBRUN_PUBLIC_URL: publicUrl,
    JOBRUN_DATABASE_URL: `sqlite://${temporaryFolder()}/jobrun.db`,
    JOBRUN_TWILIO_ACCOUNT_SID: accountSid, JOBRUN_TWILIO_AUTH_TOKEN: authToken, JOBRUN_TWILIO_API_URL: apiUrl, JOBRUN_CANARY_EVERY: '0s', ...settings,
  };
  const program = start(jobrun, ['serve'], env);
  const url = await listening(program);
  await eventually('the service is ready', async () => (await fetch(`${url}/readyz`)).ok);

  /// A command; resolves with its JSON.
  const command = async (...args) => JSON.parse((await runFile(jobrun, [...args, '--json'], {env: {...process.env, ...env}})).stdout);
  /// `jobrun doctor`; resolves with its rows, whatever they say.
  const doctor = async (more = {}, options = []) => {
    const {stdout} = await runFile(jobrun, ['doctor', '--json', ...options], {env: {...process.env, ...env, ...more}}).catch((failed) => failed);
    return JSON.parse(stdout).checks;
  };
  /// A webhook as the carrier would send it, signed by the carrier's own library.
  const webhook = async (path, parameters) => {
    const signature = twilioWebhooks.getExpectedTwilioSignature(authToken, `${publicUrl}${path}`, parameters);
    return fetch(`${url}${path}`, {method: 'POST', body: new URLSearchParams(parameters), headers: {'X-Twilio-Signature': signature}});
  };
  /// Until the service, which notices changes within a second, greets callers of `number` with `pattern`.
  let looks = 0;
  const untilGreeting = (number, pattern) => eventually(`${number} greets with ${pattern}`, async () => {
    looks += 1;
    const parameters = callParameters(`CA${'f'.repeat(26)}${String(looks).padStart(6, '0')}`, '+14155550198', number, {CallStatus: 'ringing'});
    return pattern.test(await (await webhook('/twilio/voice', parameters)).text());
  });
  /// Has a client's phones rung at once before its callers are greeted.
  const ringFirst = (client, phones) => runFile('sqlite3', ['-cmd', '.timeout 5000', env.JOBRUN_DATABASE_URL.slice('sqlite://'.length),
    `UPDATE clients SET settings = 'voice_mode ring_first\nring_order at_once\nring_phones ${phones.join(',')}\n' WHERE id = ${client}; UPDATE directory_version SET version = version + 1`]);
  return {url, command, doctor, webhook, untilGreeting, ringFirst, stop: program.stop, output: program.output};
}

/// A command that needs no service; resolves with what it printed.
export const printed = async (...args) => (await runFile(jobrun, args)).stdout;

/// `jobrun simulate`.
export async function startPracticeCarrier(args = []) {
  const program = start(jobrun, ['simulate', '--listen', '127.0.0.1:0', '--account-sid', accountSid, '--auth-token', authToken, ...args]);
  const url = await listening(program);
  return {url, stop: program.stop, output: program.output};
}

/// What the carrier says of a call that came in.
export const callParameters = (callSid, from, to, more = {}) => ({
  CallSid: callSid, AccountSid: accountSid, From: from, To: to, Direction: 'inbound', ApiVersion: '2010-04-01', ...more,
});
