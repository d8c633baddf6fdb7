#!/usr/bin/env bash
# Builds the release preset and runs every test that a change must pass.
#
# What has the label `long` is left to scripts/test-long.sh.
#
# The last thing printed is ctest's own summary, and the exit code is ctest's. Arguments go to ctest:
# `scripts/test.sh -R judges` runs the tests with that in their names.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build test
scripts/judges.sh
configure_and_build release
say "Running the tests, $parallel at a time (ctest --test-dir build/release)"
exec ctest --test-dir build/release --parallel "$parallel" --output-on-failure --no-tests=error --no-label-summary \
  --label-exclude '^long$' "$@"
