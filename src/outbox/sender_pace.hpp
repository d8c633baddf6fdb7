#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/phone_number.hpp"

namespace jobrun::outbox {

/// How fast one sender may text, in segments: carriers take more slowly from a number than from an account, and
/// what they queue for hours is of no use to a caller.
///
/// Gives out places in each sender's line, so that no text is looked at twice for it. Remembers only senders whose
/// line is not empty.
class SenderPace {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  /// 0: no limit. Toll-free numbers of the North American plan get three times as much.
  explicit SenderPace(std::int64_t segments_per_second) : segments_per_second_(segments_per_second) {}

  bool is_limited() const { return segments_per_second_ > 0; }
  /// When a text of so many segments may leave: not before `now`. Its place in the line is taken.
  Nanoseconds reserve(E164 sender, std::size_t segments, Nanoseconds now);
  /// Its line is empty again.
  void forget(E164 sender) { free_at_.erase(sender); }
  /// Segments a second; 0: no limit.
  std::int64_t rate_of(E164 sender) const;

 private:
  std::int64_t segments_per_second_;
  std::unordered_map<E164, Nanoseconds> free_at_;
};

}  // namespace jobrun::outbox
