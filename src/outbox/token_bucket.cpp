#include "token_bucket.hpp"

#include <algorithm>

namespace jobrun::outbox {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t burst_divisor = 10;

}  // namespace

TokenBucket::TokenBucket(std::int64_t per_second, std::int64_t burst)
    : interval_(per_second > 0 ? (nanoseconds_per_second + per_second - 1) / per_second : 0),
      burst_(burst > 0 ? burst : std::max<std::int64_t>(1, per_second / burst_divisor)) {}

std::size_t TokenBucket::size() const {
  if (interval_.count() == 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(burst_);
}

std::size_t TokenBucket::available(Nanoseconds now) const {
  if (interval_.count() == 0) return size();
  return static_cast<std::size_t>(std::clamp<std::int64_t>((now - empty_at_) / interval_, 0, burst_));
}

void TokenBucket::take(std::size_t count, Nanoseconds now) {
  if (interval_.count() == 0) return;
  empty_at_ = std::max(empty_at_, now - burst_ * interval_) + static_cast<std::int64_t>(count) * interval_;
}

TokenBucket::Nanoseconds TokenBucket::time_of(std::size_t count) const {
  if (interval_.count() == 0) return long_ago;
  return empty_at_ + static_cast<std::int64_t>(count) * interval_;
}

}  // namespace jobrun::outbox
