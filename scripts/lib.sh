# What every script here begins with: strict mode, the project's root as current folder, and `say`.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One line about what happens next, apart from the output of what happens.
say() { printf '==> %s\n' "$*"; }

# The last words of a script that cannot go on: what is wrong, and what to do.
fail() {
  printf '==> %s\n' "$*" >&2
  exit 1
}

# How many things to do at once; JOBS overrides.
parallel="${JOBS:-$(nproc)}"

# configure_and_build PRESET [TARGET...]
# Builds one preset of CMakePresets.json into build/PRESET; without targets, all of it.
configure_and_build() {
  local preset="$1" started=$SECONDS output
  shift
  say "Configuring build/$preset (cmake --preset $preset)"
  # Some forty lines of what was found where: of interest only when it fails.
  output="$(cmake --preset "$preset" 2>&1)" || {
    printf '%s\n' "$output"
    fail "Configuring build/$preset failed."
  }
  say "Building ${*:-everything} in build/$preset, $parallel at a time (a first build takes minutes)"
  cmake --build --preset "$preset" --parallel "$parallel" ${1:+--target "$@"}
  say "Built build/$preset in $((SECONDS - started)) s"
}
