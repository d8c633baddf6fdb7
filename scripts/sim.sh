#!/usr/bin/env bash
# Runs the whole service in simulated worlds, one per seed: SEEDS (1000) of them from FROM (1) on, or with SEED=n
# that one alone, telling its story step by step.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build
configure_and_build release simulate_world
world=build/release/tests/simulation/simulate_world
if [ -n "${SEED:-}" ]; then exec "$world" --seed "$SEED"; fi

# A world is one thread: as many programs as processors share the seeds.
seeds="${SEEDS:-1000}" from="${FROM:-1}"
each=$(((seeds + parallel - 1) / parallel))
say "Living $seeds seeds from $from on, $parallel at a time"
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT
for ((part = 0; part < parallel; part++)); do
  first=$((from + part * each)) left=$((from + seeds - first))
  ((left > 0)) || break
  "$world" --from "$first" --seeds "$((left < each ? left : each))" &
  pids+=($!)
done
failed=0
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
[ "$failed" = 0 ] || fail "An invariant was broken: see above."
say "$seeds seeds: every invariant held"
