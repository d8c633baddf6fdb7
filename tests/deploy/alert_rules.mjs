// Reads deploy/prometheus/alerts.yml as it is written there, one key a line. Prometheus itself judges whether it is YAML.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const deployFile = (name) => path.join(projectRoot, 'deploy', name);
export const readDeployed = (name) => readFileSync(deployFile(name), 'utf8');

/// Each rule: {name, expr, hold, severity, kind, runbook, summary, description}; what a rule has not is ''.
export function alertRules(text = readDeployed('prometheus/alerts.yml')) {
  return text.split(/^ {6}- alert: /m).slice(1).map((block) => {
    // A value goes on in the lines that stand further in than its key.
    const value = (key) => block.match(new RegExp(`^( +)${key}:(.*(?:\\n\\1 .*)*)`, 'm'))?.[2].replace(/^ *(>-)?\s*/, '')
      .replace(/\n\s+/g, ' ').replace(/^"(.*)"$/, '$1') ?? '';
    return {name: block.match(/^\w+/)[0], expr: value('expr'), hold: value('for'), severity: value('severity'), kind: value('kind'),
      runbook: value('runbook'), summary: value('summary'), description: value('description')};
  });
}

/// Every metric that an expression asks for, with its selector.
export function selectorsOf(expr) {
  return [...expr.matchAll(/\b([a-z_]+)\{([^}]*)\}/g)].map(([, metric, labels]) => ({metric, labels}));
}

/// What is written where a metric's name could stand and is none: functions, aggregations, words of the language.
const words = /^(sum|by|on|and|or|count|rate|increase|changes|absent|vector|time|max_over_time|min_over_time|histogram_quantile|round|max|min|label_replace|unless|topk|avg)$/;

/// The metrics that an expression names without a selector.
export function bareNamesOf(expr) {
  const plain = expr.replace(/"[^"]*"/g, '').replace(/\{[^}]*\}/g, '{}').replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|on|ignoring)\s*\([^)]*\)/g, ' ');
  return [...plain.matchAll(/\b[a-z][a-z_]*\b(?!\s*\{)/g)].map(([name]) => name).filter((name) => !words.test(name));
}

/// The metrics of src/base/include/base/metric.hpp: {name, kind}.
export function knownMetrics() {
  const text = readFileSync(path.join(projectRoot, 'src/base/include/base/metric.hpp'), 'utf8');
  return [...text.matchAll(/MetricKind::(counter|gauge|histogram),\s*"(\w+)"/g)].map(([, kind, name]) => ({kind, name}));
}

/// The names under which /metrics shows them.
export const shownNames = () => knownMetrics().flatMap(({kind, name}) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]));
