// A network of its own for a test file, in which a public address leads to this machine and a name to that address:
// seen by this process and its children alone, so that nothing of it is left behind however the test ends.
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import https from 'node:https';
import {tmpdir} from 'node:os';
import path from 'node:path';

/// Set aside for documentation: nobody's, and public for whoever looks at its digits.
export const publicAddress = '203.0.113.7';

const works = (...command) => spawnSync(command[0], command.slice(1), {stdio: 'ignore'}).status === 0;

function run(...command) {
  const done = spawnSync(command[0], command.slice(1), {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.error ?? done.stderr}`);
}

/// Runs the test file again where it may mount, and has a network of its own. True: it has run there, and its result is
/// this process's.
export function hasRunWithOwnNetwork(file) {
  if (process.env.JOBRUN_OWN_NETWORK) return false;
  const way = [['unshare', '--mount', '--net'], ['unshare', '--map-root-user', '--mount', '--net']]
    .find((each) => works(...each, 'sh', '-c', 'ip link set lo up && mount --bind /etc/hosts /etc/hosts'));
  if (!way || !works('which', 'openssl')) return false;
  const alive = existsSync('/usr/bin/setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
  const done = spawnSync(way[0], [...way.slice(1), ...alive, process.execPath, file],
    {stdio: 'inherit', env: {...process.env, JOBRUN_OWN_NETWORK: '1', JOBRUN_OWN_MOUNTS: '1'}});
  process.exitCode = done.status ?? 1;
  return true;
}

/// Why these tests cannot run here; false when they can.
export const whyNoNetwork = () => !process.env.JOBRUN_OWN_NETWORK && 'this machine gives nobody a network of his own';

/// The public side of `name`: its address on this machine, a certificate that this machine trusts, and a web server
/// that answers everything with `status`.
export class PublicSide {
  static async open(name, days) {
    const side = new PublicSide();
    side.name = name;
    side.folder = mkdtempSync(path.join(tmpdir(), 'jobrun-public-'));
    process.on('exit', () => rmSync(side.folder, {recursive: true, force: true}));
    run('ip', 'link', 'set', 'lo', 'up');
    run('ip', 'address', 'replace', `${publicAddress}/32`, 'dev', 'lo');
    side.setHosts(`${publicAddress} ${name}`);
    side.makeAuthority();
    await side.serve(days);
    return side;
  }

  file(name) { return path.join(this.folder, name); }

  /// Whom names lead to, besides this machine.
  setHosts(line) {
    writeFileSync(this.file('hosts'), `127.0.0.1 localhost\n${line}\n`);
    if (!this.hasHosts) run('mount', '--bind', this.file('hosts'), '/etc/hosts');
    this.hasHosts = true;
  }

  makeAuthority() {
    run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-subj', '/CN=A test',
      '-keyout', this.file('authority.key'), '-out', this.file('authority.pem'));
    const system = '/etc/ssl/certs/ca-certificates.crt';
    copyFileSync(system, this.file('trusted.pem'));
    writeFileSync(this.file('trusted.pem'), readFileSync(this.file('authority.pem')), {flag: 'a'});
    run('mount', '--bind', this.file('trusted.pem'), system);
  }

  /// Serves with a certificate that ends in so many days; `authority` false: one that nobody vouches for.
  async serve(days, {authority = true} = {}) {
    await this.close();
    writeFileSync(this.file('extensions'), `subjectAltName=DNS:${this.name}\n`);
    run('openssl', 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${this.name}`,
      '-keyout', this.file('key.pem'), '-out', this.file('request.pem'));
    const signer = authority ? ['-CA', this.file('authority.pem'), '-CAkey', this.file('authority.key'), '-CAcreateserial'] : ['-signkey', this.file('key.pem')];
    run('openssl', 'x509', '-req', '-in', this.file('request.pem'), ...signer, '-days', String(days), '-extfile', this.file('extensions'),
      '-out', this.file('certificate.pem'));
    this.server = https.createServer({key: readFileSync(this.file('key.pem')), cert: readFileSync(this.file('certificate.pem'))},
      (request, response) => {
        response.writeHead(this.status ?? 200);
        response.end();
      });
    await new Promise((resolve) => this.server.listen(443, publicAddress, resolve));
    this.server.unref();
  }

  async close() {
    if (!this.server) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.server = null;
  }
}
