#include "base/back_off.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace jobrun {
namespace {

/// Always the least, or always the most.
struct Extreme final : Random {
  explicit Extreme(bool is_most_given) : is_most(is_most_given) {}
  std::uint64_t below(std::uint64_t bound) override { return is_most ? bound - 1 : 0; }
  bool is_most;
};

Duration waited(int attempt, Duration min, Duration max, bool is_most) {
  Extreme random(is_most);
  return back_off(attempt, min, max, random);
}

// Goal: the wait doubles from attempt to attempt up to its limit, and half of it is left to chance.
// Method: the least and the most of each attempt.
TEST(BackOff, DoublesUpToItsLimit) {
  const Duration min{1'000};
  const Duration max{5'000};
  const std::vector<std::int64_t> whole = {1'000, 2'000, 4'000, 5'000, 5'000};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const int attempt = static_cast<int>(i) + 1;
    EXPECT_EQ(waited(attempt, min, max, true), Duration{whole[i]});
    EXPECT_EQ(waited(attempt, min, max, false), Duration{whole[i] / 2});
  }
}

// Goal: no attempt's number overflows, and none waits for longer than the limit.
// Method: any attempts and limits.
RC_GTEST_PROP(BackOff, StaysWithinItsLimit, ()) {
  const int attempt = *rc::gen::inRange(0, 2'000'000'000);
  const Duration min{*rc::gen::inRange<std::int64_t>(0, 100'000)};
  const Duration max{*rc::gen::inRange<std::int64_t>(1, 1'000'000)};
  RC_PRE(min > Duration{0});
  RC_ASSERT(waited(attempt, min, max, true) <= max);
  RC_ASSERT(waited(attempt, min, max, false) >= std::min(min, max) / 2);
}

}  // namespace
}  // namespace jobrun
