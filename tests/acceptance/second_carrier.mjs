// The second account's carrier, as a small server: takes every message, and signs what it tells of one as that
// carrier documents it.
import {generateKeyPairSync, randomUUID, sign} from 'node:crypto';
import {createServer} from 'node:http';

export const secondSender = '+14155550180';

export class SecondCarrier {
  /// Ends with the test `t`.
  static async open(t) {
    const carrier = new SecondCarrier();
    /// {path, authorization, message, id}: what was asked, and the id that the message was given.
    carrier.requests = [];
    const {publicKey, privateKey} = generateKeyPairSync('ed25519');
    carrier.privateKey = privateKey;
    carrier.publicKey = Buffer.from(publicKey.export({format: 'jwk'}).x, 'base64url').toString('base64');
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      const id = randomUUID();
      carrier.requests.push({path: request.url, authorization: request.headers.authorization, message: JSON.parse(body), id});
      response.writeHead(200, {'Content-Type': 'application/json'});
      response.end(JSON.stringify({data: {id, to: [{status: 'queued'}], errors: []}}));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    carrier.url = `http://127.0.0.1:${server.address().port}`;
    return carrier;
  }

  /// What the service is told of this account, without the key that proves its statuses.
  get settings() {
    return {JOBRUN_TELNYX_API_KEY: 'KEY0123', JOBRUN_TELNYX_API_URL: this.url, JOBRUN_TELNYX_SENDER: secondSender};
  }
  get settingsWithStatuses() { return {...this.settings, JOBRUN_TELNYX_PUBLIC_KEY: this.publicKey}; }

  /// The messages to one phone.
  to(number) { return this.requests.filter((request) => request.message.to === number); }

  /// Tells what became of a message of `requests`; returns the service's HTTP status.
  async tell({id, message}, status, key = this.privateKey) {
    const body = JSON.stringify({data: {event_type: 'message.finalized',
      payload: {id, to: [{phone_number: message.to, status}], errors: []}}});
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await fetch(message.webhook_url, {method: 'POST', body, headers: {'Content-Type': 'application/json',
      'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64')}});
    return answer.status;
  }
}
