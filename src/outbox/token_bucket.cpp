#include "token_bucket.hpp"

#include <algorithm>

namespace jobrun::outbox {
namespace {

constexpr std::chrono::nanoseconds second = std::chrono::seconds{1};
constexpr std::int64_t burst_divisor = 10;

}  // namespace

TokenBucket::TokenBucket(std::int64_t per_second, std::int64_t burst)
    : interval_(per_second > 0 ? second / per_second : Nanoseconds{0}),
      burst_(std::clamp<std::int64_t>(burst > 0 ? burst : per_second / burst_divisor, 1,
                                      std::max<std::int64_t>(per_second, 1))),
      taken_at_(static_cast<std::size_t>(std::max<std::int64_t>(per_second, 0)), long_ago) {}

std::size_t TokenBucket::size() const {
  return is_unlimited() ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(burst_);
}

std::size_t TokenBucket::available(Nanoseconds now) const {
  if (is_unlimited()) return size();
  const auto filled = static_cast<std::size_t>(std::clamp<std::int64_t>((now - empty_at_) / interval_, 0, burst_));
  std::size_t count = 0;
  while (count < filled && taken_at(count) + second <= now) ++count;
  return count;
}

void TokenBucket::take(std::size_t count, Nanoseconds now) {
  if (is_unlimited()) return;
  empty_at_ = std::max(empty_at_, now - burst_ * interval_) + static_cast<std::int64_t>(count) * interval_;
  for (; count > 0; --count) {
    taken_at_[oldest_] = now;
    oldest_ = (oldest_ + 1) % taken_at_.size();
  }
}

TokenBucket::Nanoseconds TokenBucket::time_of(std::size_t count) const {
  if (is_unlimited()) return long_ago;
  const Nanoseconds filled_at = empty_at_ + static_cast<std::int64_t>(count) * interval_;
  return count == 0 ? filled_at : std::max(filled_at, taken_at(count - 1) + second);
}

}  // namespace jobrun::outbox
