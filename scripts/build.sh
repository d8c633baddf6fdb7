#!/usr/bin/env bash
# Builds a preset (release unless named) of CMakePresets.json: the program and its tests.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

preset="${1:-release}"
groups=(build)
case "$preset" in clang | fuzz | tidy) groups+=(check) ;; esac
scripts/install-dependencies.sh "${groups[@]}"
configure_and_build "$preset"
say "The program is build/$preset/jobrun; see it work with: make run"
