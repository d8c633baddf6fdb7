#!/usr/bin/env bash
# Builds the fuzz preset and runs every fuzz target for FUZZ_SECONDS (60). A finding is left in
# build/fuzz/findings and fails the script; what a target learns is kept in build/fuzz/corpus.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build check
configure_and_build fuzz

seconds="${FUZZ_SECONDS:-60}"
mapfile -t targets < <(find build/fuzz -type f -name 'fuzz_*' -perm -u+x | sort)
[ ${#targets[@]} -gt 0 ] || fail "No fuzz target was built."
mkdir -p build/fuzz/findings
for target in "${targets[@]}"; do
  name="$(basename "$target")"
  mkdir -p "build/fuzz/corpus/$name"
  # Seeds kept with the sources, when there are any.
  seeds=()
  if [ -d "tests/fuzz/corpus/$name" ]; then seeds=("tests/fuzz/corpus/$name"); fi
  say "Fuzzing $name for $seconds s"
  "$target" -max_total_time="$seconds" -artifact_prefix="build/fuzz/findings/$name-" -print_final_stats=1 \
    -verbosity=0 "build/fuzz/corpus/$name" "${seeds[@]}"
done
say "${#targets[@]} fuzz targets, $seconds s each: nothing found"
