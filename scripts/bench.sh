#!/usr/bin/env bash
# Builds the release preset and measures it; what is measured and how stands in bench/.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build bench
say "Adding the benchmarks to build/release"
cmake --preset release -DJOBRUN_BENCH=ON >/dev/null
configure_and_build release
exec node bench/run.mjs "$@"
