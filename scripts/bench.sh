#!/usr/bin/env bash
# Builds the release preset and measures it; what is measured and how stands in bench/.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build bench
configure_and_build release
say "Measuring (bench/run)"
exec bench/run "$@"
