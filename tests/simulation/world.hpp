// A world: one seed's worth of callers, faults and deaths around the whole service, on one thread, in virtual
// time.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

namespace jobrun::simulation {

struct WorldResult {
  std::string violation;     ///< empty: every invariant held
  std::uint64_t digest = 0;  ///< of all steps, and of the disk at the end
  int calls = 0;
  int crashes = 0;
  int kinds_of_fault = 0;
  int texts_accepted = 0;
};

/// Lives the seed through: a busy time of some ten minutes with faults, then a calm. Tells its story to `reader`,
/// if there is one.
WorldResult run_world(std::uint64_t seed, std::ostream* reader = nullptr);

}  // namespace jobrun::simulation
