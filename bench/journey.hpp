#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace jobrun::bench {

/// Sorted milliseconds, and what lies below a share of them.
class Latencies {
 public:
  explicit Latencies(std::vector<double> all) : sorted_(std::move(all)) { std::ranges::sort(sorted_); }
  double percentile(double share) const {
    if (sorted_.empty()) return -1;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted_.size()));
    return sorted_[std::min(sorted_.size() - 1, at)];
  }

 private:
  std::vector<double> sorted_;
};

/// When each call was placed and acknowledged and its text arrived, by the caller's number. Any thread.
class Journey {
 public:
  void placed(const std::string& caller) { note(caller, &Times::placed); }
  void acknowledged(const std::string& caller) { note(caller, &Times::acknowledged); }
  void arrived(const std::string& caller) { note(caller, &Times::arrived); }

  Latencies webhooks() const { return between(&Times::placed, &Times::acknowledged); }
  /// A text that overtook its acknowledgement took 0.
  Latencies texts() const { return between(&Times::acknowledged, &Times::arrived); }

  /// What came until now was for warming up.
  void forget() {
    const std::lock_guard lock(mutex_);
    calls_.clear();
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Time = std::optional<Clock::time_point>;
  struct Times {
    Time placed, acknowledged, arrived;
  };

  void note(const std::string& caller, Time Times::* what) {
    const Clock::time_point now = Clock::now();
    const std::lock_guard lock(mutex_);
    calls_[caller].*what = now;
  }

  Latencies between(Time Times::* from, Time Times::* to) const {
    const std::lock_guard lock(mutex_);
    std::vector<double> all;
    for (const auto& [caller, times] : calls_) {
      if (!(times.*from) || !(times.*to)) continue;
      const std::chrono::duration<double, std::milli> took = *(times.*to) - *(times.*from);
      all.push_back(std::max(0.0, took.count()));
    }
    return Latencies(std::move(all));
  }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Times> calls_;
};

}  // namespace jobrun::bench
