// Goal: the dashboard shows what /metrics has: all of it, of our service alone, and nothing that is not there.
// Method: its queries are compared with the list of metrics; Prometheus itself answers them in prometheus.test.mjs.
import assert from 'node:assert/strict';
import test from 'node:test';

import {bareNamesOf, knownMetrics, selectorsOf, shownNames} from './alert_rules.mjs';
import {dashboard, dashboardQueries} from './dashboard.mjs';

const queries = dashboardQueries();

test('its queries ask for metrics that there are, of the job jobrun alone', () => {
  const known = [...shownNames(), 'up', 'ALERTS'];
  for (const {title, expr} of queries) {
    const asked = [...selectorsOf(expr), ...[...expr.matchAll(/\b(ALERTS)\{([^}]*)\}/g)].map(([, metric, labels]) => ({metric, labels}))];
    assert.ok(asked.length > 0, `${title}: ${expr}`);
    for (const {metric, labels} of asked) {
      assert.ok(known.includes(metric), `${title} asks for ${metric}, which /metrics has not`);
      assert.match(labels, /job="jobrun"/, `${title}: ${expr}`);
    }
    assert.deepEqual(bareNamesOf(expr), [], `${title}: ${expr}`);
  }
});

test('every metric is on it, or told why not', () => {
  const left = {
    alerts_sent_total: 'alert_attempts_total says more', configuration_compared_age_seconds: 'an alert tells of it',
    events_duplicate_total: 'healthy at any value', events_ignored_total: 'healthy at any value',
    exit_policy_unlisted_total: 'an alert tells of it', onboarding_isolation_violation_total: 'a part of exit_policy_refusals_total',
    texts_promised_total: 'those that were answered say more', triage_open: '`jobrun triage list` says more',
  };
  const shown = queries.flatMap(({expr}) => selectorsOf(expr)).map(({metric}) => metric.replace(/_(bucket|sum|count)$/, ''));
  for (const {name} of knownMetrics()) assert.notEqual(shown.includes(name), name in left, name);
});

test('its panels have names and numbers of their own, and lie beside each other', () => {
  const {panels} = dashboard();
  assert.equal(new Set(panels.map(({id}) => id)).size, panels.length);
  assert.equal(new Set(panels.map(({title}) => title)).size, panels.length);
  const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  for (const [i, one] of panels.entries()) {
    assert.ok(one.gridPos.x + one.gridPos.w <= 24, one.title);
    for (const other of panels.slice(i + 1)) assert.ok(!overlap(one.gridPos, other.gridPos), `${one.title} and ${other.title}`);
  }
});
