#!/usr/bin/env bash
# Breaks each rule of tests/mutants in a copy of the project and demands that the test it names fails.
#
# Arguments are names of mutants (default: all); MUTANTS=guarantees tries only those that carry one of the
# three guarantees. The copy is a git work tree in build/mutants/tree of HEAD with your uncommitted and new
# files; it is gone afterwards. The build folders beside it stay, so that the next run is quicker.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build test
tree="$PWD/build/mutants/tree" build="$PWD/build/mutants/build" simulation="$PWD/build/mutants/simulation"
mkdir -p build/mutants
exec 9>build/mutants/lock
flock --nonblock 9 || fail "Another 'make mutants' runs in this folder: wait for it."

remove_tree() {
  git worktree remove --force "$tree" 2>/dev/null || rm -rf "$tree"
  git worktree prune
}
trap remove_tree EXIT
remove_tree
say "Copying the project to build/mutants/tree"
git worktree add --quiet --detach "$tree" HEAD
git diff --binary HEAD | git -C "$tree" apply --allow-empty
git ls-files -z --others --exclude-standard | tar --null --files-from=- --create |
  tar --extract --directory "$tree"

# configure FOLDER FLAGS: a build folder of the copy.
configure() {
  local output
  output="$(cmake -S "$tree" --preset dev -B "$1" "-DCMAKE_CXX_FLAGS_DEBUG=$2" 2>&1)" || {
    printf '%s\n' "$output"
    fail "Configuring $1 failed."
  }
}

# Not optimised and without debug information: a mutant is compiled once and run for a moment. The simulated
# world is the exception: it lives through hundreds of seeds before a mutant has survived.
configure "$build" "-O0 -g0"
configure "$simulation" "-O1 -g0"
node tests/mutants/run.mjs "$tree" "$build" "$simulation" "$@"
