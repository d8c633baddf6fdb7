#!/usr/bin/env bash
# Removes what was built and what running left behind. Sources and settings stay.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

say "Removing build/, var/ and tests/judges/node_modules/"
rm -rf build var tests/judges/node_modules
