#!/usr/bin/env bash
# Formatting (clang-format-19, nothing is changed) and lint (clang-tidy-19 with the checks of .clang-tidy).
#
# TIDY=0 looks at the formatting only; arguments are source files to lint instead of all.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build check

say "Formatting: clang-format-19 --dry-run"
mapfile -t formatted < <(git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp')
clang-format-19 --dry-run --Werror "${formatted[@]}" || fail "Not formatted: run 'make format'."

[ "${TIDY:-1}" = 1 ] || exit 0
say "Configuring build/clang for its list of compile commands"
cmake --preset clang >/dev/null
mapfile -t sources < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else
  git ls-files --cached --others --exclude-standard -- 'src/*.cpp' 'simulator/*.cpp'
fi)
say "Lint: clang-tidy-19 over ${#sources[@]} files, $parallel at a time"
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$parallel" clang-tidy-19 -p build/clang --quiet ||
  fail "clang-tidy found something: see above."
say "Formatting and lint are clean"
