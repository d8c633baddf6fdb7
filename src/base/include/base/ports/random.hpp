#pragma once

#include <cstdint>

namespace jobrun {

/// Randomness, passed in, so that a run can be repeated from a seed. Callable on any thread.
class Random {
 public:
  virtual ~Random() = default;
  /// Uniform in [0, bound). Precondition: bound > 0.
  virtual std::uint64_t below(std::uint64_t bound) = 0;
};

}  // namespace jobrun
