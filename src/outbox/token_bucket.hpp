#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace jobrun::outbox {

/// The account's rate. At most `burst` tokens are taken at once, and at most `per_second` in any second: what a
/// carrier counts is the second, so a burst on top of the rate would be refused.
///
/// A bucket alone lets rate + burst through in the first second after a pause, so the times of the last
/// `per_second` tokens are remembered as well: the next may be taken a second after the oldest of them.
class TokenBucket {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  /// `per_second` 0: no limit. `burst` 0: a tenth of the rate. Starts full.
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

  bool is_unlimited() const { return taken_at_.empty(); }
  /// When the `nth` oldest of the remembered tokens was taken; from 0.
  Nanoseconds taken_at(std::size_t nth) const { return taken_at_[(oldest_ + nth) % taken_at_.size()]; }

  Nanoseconds interval_;  ///< per token; 0: no limit
  std::int64_t burst_;
  Nanoseconds empty_at_ = long_ago;    ///< when the bucket held nothing; it has filled since
  std::vector<Nanoseconds> taken_at_;  ///< of the last `per_second` tokens, a ring; empty: no limit
  std::size_t oldest_ = 0;             ///< index into taken_at_
};

}  // namespace jobrun::outbox
