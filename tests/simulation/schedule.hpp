// Virtual time: what happens next, and when. Nothing waits, so an hour passes in milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/time.hpp"

namespace jobrun::simulation {

class Schedule final : public Clock {
 public:
  using Action = std::function<void()>;

  /// The wall clock of the simulated machine: it may be wrong, and be corrected.
  Instant now() const override { return start_ + at_ + wall_error_; }
  std::chrono::nanoseconds monotonic() const override { return std::chrono::seconds{1} + at_; }

  /// What a right clock shows at a moment of the world.
  Instant true_time(Duration at) const { return start_ + at; }

  /// Time since the world began, which no error of a clock changes.
  Duration elapsed() const { return at_; }

  /// Runs `action` after `delay`; of the same moment, in the order asked for.
  void after(Duration delay, Action action) { waiting_.push({at_ + delay, ++order_, std::move(action)}); }

  /// Runs what comes next; false when nothing comes until `until`, which it then is.
  bool run_next(Duration until) {
    if (waiting_.empty() || waiting_.top().at > until) {
      at_ = std::max(at_, until);
      return false;
    }
    // The queue only shows its top as const, and what is popped is not looked at again.
    Item next = std::move(const_cast<Item&>(waiting_.top()));
    waiting_.pop();
    at_ = std::max(at_, next.at);
    digest_ = (digest_ ^ static_cast<std::uint64_t>(at_.count()) ^ (next.order << 32U)) * 0x100000001B3ULL;
    next.action();
    return true;
  }

  /// Time passes while somebody is kept waiting in the middle of a step.
  void stall(Duration by) { at_ += by; }
  void set_wall_error(Duration error) { wall_error_ = error; }

  /// Of everything that has been run: equal worlds have equal ones.
  std::uint64_t digest() const { return digest_; }

 private:
  struct Item {
    Duration at;
    std::uint64_t order = 0;
    Action action;
    friend bool operator<(const Item& a, const Item& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  };

  Instant start_ = from_unix_ms(1'767'434'400'000);  // 2026-01-03T10:00:00Z
  Duration at_{0};
  Duration wall_error_{0};
  std::uint64_t order_ = 0;
  std::uint64_t digest_ = 0xCBF29CE484222325ULL;
  std::priority_queue<Item> waiting_;
};

}  // namespace jobrun::simulation
