// Prism, serving the carrier's own OpenAPI description of its API: the judge of requests and of answers.
import {existsSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {start} from './children.mjs';

const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules');
const descriptions = path.join(modules, '@twilio-alpha/mcp/twilio-oai/spec/json');
const description = path.join(descriptions, 'twilio_api_v2010.json');
/// Of the Messaging Services, which the carrier has at an address of their own.
export const messagingDescription = path.join(descriptions, 'twilio_messaging_v1.json');
const prism = path.join(modules, '@stoplight/prism-cli/dist/index.js');

async function startPrism(...args) {
  if (!existsSync(description)) throw new Error('The judges are not installed: run scripts/judges.sh');
  const program = start(process.execPath, [prism, ...args]);
  const url = (await program.said(/Prism is listening on (http:\/\/127\.0\.0\.1:\d+)/))[1];
  return {url, stop: program.stop, output: program.output};
}

/// Answers as the description says it would: 201 for a good request, 4xx naming what is wrong with a bad one. By the
/// carrier's description, unless told another.
export const startMock = (described = description) => startPrism('mock', '--host', '127.0.0.1', '--port', '0', described);

/// Passes requests on to `upstream`, and lists what breaks the description, in the request or in the answer,
/// in the header `sl-violations`. By the carrier's description, unless told another.
export const startProxy = (upstream, described = description) => startPrism('proxy', '--host', '127.0.0.1', '--port', '0', described, upstream);
