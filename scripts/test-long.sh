#!/usr/bin/env bash
# What takes too long for every change: each test under the address, undefined-behaviour and thread
# sanitizers and with the second compiler, the release tests with many more rounds, the package installed in a Debian of
# its own, many more simulated worlds, every mutant, then fuzzing.
#
# JOBRUN_TEST_ROUNDS (200) is how often tests with rounds, such as the kills, repeat; SEEDS (10,000) are the worlds.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export JOBRUN_TEST_ROUNDS="${JOBRUN_TEST_ROUNDS:-200}"
run_ctest() {
  ctest --test-dir "build/$1" --parallel "$parallel" --output-on-failure --no-tests=error --no-label-summary "${@:2}"
}

scripts/install-dependencies.sh build test check
scripts/judges.sh

say "Release with $JOBRUN_TEST_ROUNDS rounds"
configure_and_build release
run_ctest release

SEEDS="${SEEDS:-10000}" scripts/sim.sh
scripts/mutants.sh

# Sanitizers look at our programs; the checks of sources and archives say the same in every build.
for preset in asan tsan clang; do
  configure_and_build "$preset"
  say "The tests of build/$preset"
  JOBRUN_TEST_ROUNDS="${SANITIZER_ROUNDS:-20}" run_ctest "$preset" --label-exclude source_only
done

scripts/fuzz.sh
say "Everything passed"
