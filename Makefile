# The front door. Each target is one script of scripts/, which says what it does while doing it.
# `make` alone, or `make help`, lists them.

.DEFAULT_GOAL := help
.PHONY: build run test test-long mutants sim check bench fuzz package format clean help

build: ## build build/release/jobrun and all tests
	@scripts/build.sh

run: ## show it work: a practice carrier, the service, a call to each kind of number (ONCE=1: leave after)
	@scripts/run.sh

test: ## build and run every test that a change must pass (under 10 minutes)
	@scripts/test.sh

test-long: ## sanitizers, the second compiler, hundreds of kills, the package installed, fuzzing
	@scripts/test-long.sh

mutants: ## break each rule on purpose and see its test notice (MUTANTS=guarantees: only the three guarantees)
	@scripts/mutants.sh

sim: ## the whole service in simulated worlds (SEEDS=1000), or one world's story (SEED=n)
	@scripts/sim.sh

check: ## formatting and clang-tidy
	@scripts/check.sh

bench: ## measure speed and memory, and check the figures promised
	@scripts/bench.sh

fuzz: ## run every fuzz target, FUZZ_SECONDS (60) each
	@scripts/fuzz.sh

package: ## make the Debian package, in build/package
	@scripts/package.sh

format: ## format every C++ file in place
	@scripts/format.sh

clean: ## remove everything built (build/) and everything left by running (var/)
	@scripts/clean.sh

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+: ## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
