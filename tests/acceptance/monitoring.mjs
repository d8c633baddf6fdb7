// Prometheus and Alertmanager as real processes, with what deploy/prometheus ships: the rules, but that nothing is held
// back (`for:` is 0s), and the settings, but for addresses and intervals.
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';

import {readProjectFile} from './document.mjs';
import {Child, eventually, freePort} from './world.mjs';

const shipped = (name) => readProjectFile(`deploy/prometheus/${name}`);

/// Replaces what must be there; a copy that is not changed as meant would prove nothing.
function replaced(text, pattern, by) {
  assert.match(text, pattern);
  return text.replace(pattern, by);
}

/// A server on a port of its own; when somebody else was faster, on another one.
async function startServer(make) {
  for (let attempt = 1; ; ++attempt) {
    const port = await freePort();
    const child = make(port);
    const isReady = await eventually('the server is ready, or has ended', async () => {
      if (child.exit) return 'ended';
      return (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null))?.ok && 'ready';
    }, 60);
    if (isReady === 'ready') return {child, port};
    if (attempt === 5) throw new Error(`did not start: ${child.err}`);
  }
}

export class Monitoring {
  /// Watches the services at these addresses.
  static async start(targets) {
    const watch = new Monitoring();
    watch.folder = mkdtempSync(path.join(tmpdir(), 'jobrun-monitoring-'));
    watch.told = [];
    await watch.#receive();
    await watch.#startAlertmanager();
    await watch.#startPrometheus(targets);
    return watch;
  }

  /// Takes what Alertmanager posts; the path is the receiver's name.
  #receive() {
    this.receiver = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      for (const alert of JSON.parse(body).alerts) this.told.push({...alert, receiver: request.url.slice(1), receivedAt: Date.now()});
      response.end();
    });
    return new Promise((resolve) => { this.receiver.listen(0, '127.0.0.1', resolve); });
  }

  async #startAlertmanager() {
    const url = `http://127.0.0.1:${this.receiver.address().port}`;
    let config = shipped('alertmanager.yml');
    for (const name of ['now', 'within_the_hour', 'within_a_day', 'watchdog']) {
      config = replaced(config, new RegExp(`(- name: ${name}\\n +webhook_configs:\\n +- url: )\\S+`), `$1${url}/${name}`);
    }
    config = replaced(config, /group_wait: \w+/g, 'group_wait: 0s');
    config = replaced(config, /group_interval: \w+/g, 'group_interval: 1s');
    const file = path.join(this.folder, 'alertmanager.yml');
    writeFileSync(file, config);
    const started = await startServer((port) => new Child([`--config.file=${file}`, `--storage.path=${this.folder}/alertmanager`,
      `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], {}, '/usr/bin/prometheus-alertmanager'));
    this.alertmanager = started.child;
    this.alertmanagerPort = started.port;
  }

  async #startPrometheus(targets) {
    mkdirSync(path.join(this.folder, 'prometheus'));
    writeFileSync(path.join(this.folder, 'alerts.yml'), replaced(shipped('alerts.yml'), /\bfor: \w+$/gm, 'for: 0s'));
    this.#configure(targets);
    const started = await startServer((port) => new Child([`--config.file=${this.folder}/prometheus.yml`,
      `--storage.tsdb.path=${this.folder}/prometheus`, `--web.listen-address=127.0.0.1:${port}`, '--web.enable-lifecycle',
      '--rules.alert.resend-delay=1s'],
    {}, '/usr/bin/prometheus'));
    this.prometheus = started.child;
    this.url = `http://127.0.0.1:${started.port}`;
  }

  #configure(targets) {
    let config = shipped('prometheus.yml');
    config = replaced(config, /scrape_interval: \w+/, 'scrape_interval: 1s');
    config = replaced(config, /evaluation_interval: \w+/, 'evaluation_interval: 1s');
    config = replaced(config, /127\.0\.0\.1:9093/, `127.0.0.1:${this.alertmanagerPort}`);
    config = replaced(config, /\["127\.0\.0\.1:8080"\]/, JSON.stringify(targets));
    writeFileSync(path.join(this.folder, 'prometheus.yml'), config);
  }

  /// From now on it has no target.
  async forgetTargets() {
    this.#configure([]);
    assert.ok((await fetch(`${this.url}/-/reload`, {method: 'POST'})).ok);
  }

  /// The answer to a query, a row for each series: {metric, value}.
  async query(expr) {
    const answer = await (await fetch(`${this.url}/api/v1/query?${new URLSearchParams({query: expr})}`)).json();
    assert.equal(answer.status, 'success', `${expr}: ${answer.error}`);
    return answer.data.result;
  }

  /// The rules as Prometheus has read them.
  async rules() {
    const {data} = await (await fetch(`${this.url}/api/v1/rules`)).json();
    return data.groups.flatMap((group) => group.rules);
  }

  /// The first alert that was brought to a receiver, of this name and, where given, of this target.
  arrived(name, instance, seconds = 30) {
    return eventually(`${name} arrives for ${instance}`, () => this.told.find((alert) => alert.status === 'firing' &&
      alert.labels.alertname === name && (!instance || alert.labels.instance === instance)), seconds);
  }

  async close() {
    await this.prometheus?.end('SIGKILL');
    await this.alertmanager?.end('SIGKILL');
    this.receiver?.closeAllConnections();
    this.receiver?.close();
    rmSync(this.folder, {recursive: true, force: true});
  }
}
