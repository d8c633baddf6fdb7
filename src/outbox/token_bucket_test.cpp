#include "token_bucket.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace jobrun::outbox {
namespace {

using std::chrono::nanoseconds;
constexpr nanoseconds second = std::chrono::seconds{1};

/// The most of `times`, which ascend, that lie in one second.
std::size_t most_in_a_second(const std::vector<nanoseconds>& times) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= second) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

// Goal: in any second at most the rate is taken, at once at most the burst, whatever is asked for when.
// Method: random rates, bursts, pauses and wishes; every window of one second is counted.
RC_GTEST_PROP(TokenBucket, GivesAtMostTheRateInAnySecond, ()) {
  const auto rate = *rc::gen::inRange<std::int64_t>(1, 300);
  const auto burst = *rc::gen::inRange<std::int64_t>(0, 400);
  TokenBucket bucket(rate, burst);
  nanoseconds now{*rc::gen::inRange<std::int64_t>(0, 1'000'000'000)};
  std::vector<nanoseconds> taken;
  const auto steps = *rc::gen::container<std::vector<std::pair<std::int64_t, std::size_t>>>(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, 400'000'000), rc::gen::inRange<std::size_t>(0, 400)));
  for (const auto& [pause, wanted] : steps) {
    now += nanoseconds{pause};
    const std::size_t count = std::min(wanted, bucket.available(now));
    RC_ASSERT(count <= bucket.size());
    bucket.take(count, now);
    taken.insert(taken.end(), count, now);
  }
  RC_ASSERT(most_in_a_second(taken) <= static_cast<std::size_t>(rate));
}

// Goal: the time named for some tokens is the first at which they are available.
// Method: random takes; then the time named, and a nanosecond before it.
RC_GTEST_PROP(TokenBucket, NamesTheFirstTimeOfTokens, ()) {
  TokenBucket bucket(*rc::gen::inRange<std::int64_t>(1, 300), 0);
  nanoseconds now{};
  const auto steps = *rc::gen::container<std::vector<std::pair<std::int64_t, std::size_t>>>(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, 400'000'000), rc::gen::inRange<std::size_t>(0, 40)));
  for (const auto& [pause, wanted] : steps) {
    now += nanoseconds{pause};
    bucket.take(std::min(wanted, bucket.available(now)), now);
  }
  const std::size_t count = *rc::gen::inRange<std::size_t>(1, bucket.size() + 1);
  RC_ASSERT(bucket.available(bucket.time_of(count)) >= count);
  RC_ASSERT(bucket.available(bucket.time_of(count) - nanoseconds{1}) < count);
}

// Goal: whoever takes each token at its time gets the whole rate, second after second.
// Method: ten seconds of greedy taking, for slow and fast accounts and one whose interval is no whole number.
TEST(TokenBucket, GivesTheWholeRateToTheGreedy) {
  for (const std::int64_t rate : {1, 3, 7, 100, 1'000}) {
    TokenBucket bucket(rate, 0);
    std::int64_t taken = 0;
    for (nanoseconds now = std::max(nanoseconds{0}, bucket.time_of(1)); now < 10 * second;
         now = std::max(now, bucket.time_of(1))) {
      const std::size_t count = bucket.available(now);
      ASSERT_GT(count, 0U) << rate;
      bucket.take(count, now);
      taken += static_cast<std::int64_t>(count);
    }
    EXPECT_EQ(taken, 10 * rate);
  }
}

// Goal: an account without a limit is never held up.
// Method: a million tokens at one instant.
TEST(TokenBucket, WithoutALimitGivesEverything) {
  TokenBucket bucket(0, 0);
  bucket.take(1'000'000, nanoseconds{0});
  EXPECT_GE(bucket.available(nanoseconds{0}), 1'000'000U);
  EXPECT_LE(bucket.time_of(1'000'000), nanoseconds{0});
}

}  // namespace
}  // namespace jobrun::outbox
