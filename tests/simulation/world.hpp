// A world: one seed's worth of callers, faults and deaths around the whole service, on one thread, in virtual
// time.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>

#include "truth.hpp"
#include "weather.hpp"

namespace jobrun::simulation {

struct WorldResult {
  std::string violation;     ///< empty: every invariant held
  std::uint64_t digest = 0;  ///< of all steps, and of the disk at the end
  int calls = 0;
  int crashes = 0;
  int kinds_of_fault = 0;
  int texts_accepted = 0;
};

/// One thing goes wrong, as told, and nothing else: people call, each once, and all of them can be texted.
struct Scenario {
  std::map<Fault, Weather::Forecast> forecast;
  bool has_second_account = false;
  int calls = 100;                    ///< at most 1,000
  Duration calls_within{60'000};      ///< from the beginning
  Duration length{3 * 60'000};        ///< until the faults are over
  std::int64_t texts_per_second = 5;  ///< of an account
  bool sweeps = false;                ///< the carrier's list of calls
  Duration off_for{0};                ///< the service, from a second after its first start
};

struct ScenarioResult {
  WorldResult world;
  Truth truth;
  double possible_duplicates = 0;  ///< as the service counted them
};

/// The options of the outbox are those of the service; the judge is as strict as ever.
ScenarioResult run_scenario(const Scenario& scenario, std::uint64_t seed, std::ostream* reader = nullptr);

/// In the worlds of the first seeds the carrier has no list of calls, so that nothing makes up for a webhook that
/// we acknowledged and lost. All others sweep it.
inline constexpr std::uint64_t seeds_without_sweep = 500;
/// In these worlds alerts are told by one way alone.
inline constexpr std::uint64_t seeds_without_mail = 750;

/// In the worlds of the first seeds nobody texts.
inline constexpr std::uint64_t seeds_without_texts = 400;

/// Beyond those, in every third world people sign up; the others stay what they were.
constexpr bool has_owners(std::uint64_t seed) {
  return seed > seeds_without_texts && seed % 3 == 2;
}

/// Lives the seed through: a busy time of some ten minutes with faults, then a calm. Tells its story to `reader`,
/// if there is one.
WorldResult run_world(std::uint64_t seed, std::ostream* reader = nullptr);

}  // namespace jobrun::simulation
