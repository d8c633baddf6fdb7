// A mail server of the tests: speaks SMTP as far as a client of ours does, keeps what it takes, and can refuse, hang
// or hang up.
import {createServer} from 'node:net';

export class MailServer {
  /// Ends with the test `t`. `mode`: `accept`, `refuse` (554 after the message), `silent` (greets nobody).
  static async open(t, mode = 'accept') {
    const server = new MailServer();
    server.mode = mode;
    server.mails = [];
    server.connections = 0;
    server.sockets = new Set();
    server.listener = createServer((socket) => server.converse(socket));
    await new Promise((resolve) => server.listener.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return server;
  }

  get url() { return `smtp://127.0.0.1:${this.listener.address().port}`; }

  close() {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
  }

  converse(socket) {
    ++this.connections;
    this.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
    if (this.mode === 'silent') return;
    const conversation = {input: '', message: null, to: ''};
    socket.write('220 practice\r\n');
    socket.on('data', (data) => {
      conversation.input += data;
      for (let end; (end = conversation.input.indexOf('\r\n')) >= 0;) {
        const line = conversation.input.slice(0, end);
        conversation.input = conversation.input.slice(end + 2);
        const reply = this.hear(line, conversation);
        if (reply) socket.write(`${reply}\r\n`);
      }
    });
  }

  hear(line, conversation) {
    if (conversation.message !== null) {
      if (line !== '.') {
        conversation.message.push(line);
        return null;
      }
      const mail = read(conversation.message, conversation.to);
      conversation.message = null;
      if (this.mode === 'refuse') return '554 no';
      this.mails.push(mail);
      return '250 taken';
    }
    if (line.startsWith('RCPT TO:')) conversation.to = line.slice('RCPT TO:'.length);
    if (line === 'DATA') {
      conversation.message = [];
      return '354 go on';
    }
    return line === 'QUIT' ? '221 bye' : '250 fine';
  }
}

/// {to, headers, body} of a message as it came over the wire.
function read(lines, to) {
  const blank = lines.indexOf('');
  const headers = {};
  let name = '';
  for (const line of lines.slice(0, blank)) {
    const [, begun, value] = line.match(/^([A-Za-z-]+): (.*)$/) ?? [null, name, `${headers[name]}${line}`];
    name = begun;
    headers[name] = value;
  }
  return {to, headers, body: Buffer.from(lines.slice(blank + 1).join(''), 'base64').toString('utf8')};
}
