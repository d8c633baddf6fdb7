// Stands between the service and the practice carrier's API, and can do what an account's first hour of trouble
// does: be gone, or refuse a token that was good a moment ago.
import {createServer} from 'node:http';

import {accountSid, authToken} from './world.mjs';

const basic = (token) => `Basic ${Buffer.from(`${accountSid}:${token}`).toString('base64')}`;

export class Turnstile {
  /// Listens, and ends with the test `t`. `world.practice` must run before anything passes.
  static async open(t, world) {
    const turnstile = new Turnstile();
    turnstile.world = world;
    turnstile.tokens = [authToken];  // those the account accepts
    turnstile.passed = [];           // the token of each request that passed, in order
    turnstile.refused = 0;
    turnstile.port = 0;
    await turnstile.listen();
    t.after(() => turnstile.close());
    return turnstile;
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  /// Listens, again on its port when it did before.
  async listen() {
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  /// Nobody listens on its port any more.
  async close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  async answer(request, response) {
    let body = '';
    for await (const piece of request) body += piece;
    const token = this.tokens.find((each) => request.headers.authorization === basic(each));
    if (!token) {
      ++this.refused;
      response.writeHead(401, {'Content-Type': 'application/json'});
      response.end(JSON.stringify({code: 20003, message: 'Authenticate', status: 401}));
      return;
    }
    this.passed.push(token);
    const headers = {Authorization: basic(authToken), 'Content-Type': request.headers['content-type'] ?? ''};
    const passed = await fetch(this.world.practiceUrl + request.url, {method: request.method, headers, body: request.method === 'GET' ? undefined : body});
    response.writeHead(passed.status, {'Content-Type': 'application/json'});
    response.end(await passed.text());
  }
}
