// Runs seeds: `simulate_world --seeds 1000 [--from 1]`, or tells one: `simulate_world --seed 42`.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "base/rare_path.hpp"
#include "world.hpp"

namespace {

using jobrun::simulation::run_world;
using jobrun::simulation::WorldResult;

/// Every so many seeds one is run twice, and must end the same.
constexpr std::uint64_t twice_every = 20;

struct Totals {
  std::uint64_t seeds = 0, twice = 0;
  long calls = 0, crashes = 0, texts = 0;
};

int tell(std::uint64_t seed) {
  const WorldResult result = run_world(seed, &std::cout);
  std::cout << "\nseed " << seed << ": " << result.calls << " calls, " << result.crashes << " crashes, "
            << result.kinds_of_fault << " kinds of fault, " << result.texts_accepted << " texts, digest "
            << std::hex << result.digest << std::dec << '\n';
  if (result.violation.empty()) return 0;
  std::cout << "VIOLATION: " << result.violation << '\n';
  return 1;
}

bool is_clean(std::uint64_t seed, Totals& totals) {
  const WorldResult result = run_world(seed);
  std::string problem = result.violation;
  if (problem.empty() && seed % twice_every == 0) {
    ++totals.twice;
    if (run_world(seed).digest != result.digest) problem = "run twice, it ended differently";
  }
  const bool is_small = result.calls < 50 || result.crashes < 1 || result.kinds_of_fault < 3;
  if (problem.empty() && is_small) problem = "the world is too small to prove anything";
  ++totals.seeds;
  totals.calls += result.calls;
  totals.crashes += result.crashes;
  totals.texts += result.texts_accepted;
  if (problem.empty()) return true;
  std::cout << "seed " << seed << ": " << problem << "\n  replay: make sim SEED=" << seed << std::endl;
  return false;
}

/// Rare paths that no seed has reached, each told by name.
int unseen_paths() {
  int unseen = 0;
  for (const auto& row : jobrun::NamesOf<jobrun::RarePath>::rows) {
    if (jobrun::was_seen(row.value)) continue;
    ++unseen;
    std::cout << "never seen: " << row.name << '\n';
  }
  return unseen;
}

int run_many(std::uint64_t from, std::uint64_t seeds, std::uint64_t failures_max, bool needs_rare_paths) {
  Totals totals;
  std::uint64_t failures = 0;
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t seed = from; seed < from + seeds && failures < failures_max; ++seed) {
    if (!is_clean(seed, totals)) ++failures;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << totals.seeds << " seeds (" << totals.twice << " of them twice): " << totals.calls << " calls, "
            << totals.texts << " texts, " << totals.crashes << " crashes; " << failures << " violations; "
            << static_cast<double>(totals.seeds + totals.twice) / took.count() << " seeds a second" << std::endl;
  const int unseen = needs_rare_paths ? unseen_paths() : 0;
  return failures == 0 && unseen == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The whole service in a simulated world");
  std::uint64_t seeds = 100;
  std::uint64_t from = 1;
  std::uint64_t seed = 0;
  std::uint64_t failures_max = 1;
  bool needs_rare_paths = false;
  const auto* one = app.add_option("--seed", seed, "Tell the story of one seed");
  app.add_option("--seeds", seeds, "Run so many seeds");
  app.add_option("--from", from, "The first seed");
  app.add_option("--failures", failures_max, "Stop after so many violations");
  app.add_flag("--all-rare-paths", needs_rare_paths, "Fail when a rare path was not seen");
  CLI11_PARSE(app, argc, argv);
  return one->count() > 0 ? tell(seed) : run_many(from, seeds, failures_max, needs_rare_paths);
}
