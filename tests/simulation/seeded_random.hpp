#pragma once

#include <cstdint>
#include <span>

#include "base/ports/random.hpp"
#include "base/time.hpp"

namespace jobrun::simulation {

/// All chance in a world comes from one seed (splitmix64), so that a world can be repeated.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t bound) override {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return (z ^ (z >> 31U)) % bound;
  }

  bool chance(unsigned percent) { return below(100) < percent; }
  /// Uniform in [least, most].
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  Duration between(Duration least, Duration most) { return Duration{between(least.count(), most.count())}; }
  template <class Range>
  const auto& pick(const Range& range) {
    return range[below(range.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace jobrun::simulation
