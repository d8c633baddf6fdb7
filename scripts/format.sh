#!/usr/bin/env bash
# Formats every C++ file of the project in place.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh check
mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp')
say "Formatting ${#files[@]} files with clang-format-19"
clang-format-19 -i "${files[@]}"
