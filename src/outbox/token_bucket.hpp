#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace jobrun::outbox {

/// The account's rate. In any span of t seconds at most rate * t + burst tokens are taken.
class TokenBucket {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  /// `per_second` 0: no limit. Starts full.
  TokenBucket(std::int64_t per_second, std::int64_t burst);

  /// The most it ever holds.
  std::size_t size() const;
  /// Tokens that may be taken at `now`.
  std::size_t available(Nanoseconds now) const;
  /// Precondition: count <= available(now).
  void take(std::size_t count, Nanoseconds now);
  /// The earliest time at which `count` tokens are available. Precondition: count <= size().
  Nanoseconds time_of(std::size_t count) const;

 private:
  static constexpr Nanoseconds long_ago{std::numeric_limits<std::int64_t>::min() / 4};
  Nanoseconds interval_;  ///< per token; 0: no limit
  std::int64_t burst_;
  Nanoseconds empty_at_ = long_ago;  ///< when the bucket held nothing; it has filled since
};

}  // namespace jobrun::outbox
