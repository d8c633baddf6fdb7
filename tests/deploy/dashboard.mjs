// The queries of deploy/grafana/jobrun.json, as Grafana would send them.
import {readDeployed} from './alert_rules.mjs';

export const dashboard = () => JSON.parse(readDeployed('grafana/jobrun.json'));

/// Each query: {title, expr}, with what Grafana fills in.
export function dashboardQueries() {
  const {panels, annotations} = dashboard();
  const filled = (expr) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
  return [...panels.flatMap(({title, targets = []}) => targets.map(({expr}) => ({title, expr: filled(expr)}))),
    ...annotations.list.map(({name, expr}) => ({title: name, expr: filled(expr)}))];
}
