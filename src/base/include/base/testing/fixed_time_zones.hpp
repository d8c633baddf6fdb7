// Clocks that never change, for tests: each zone is as far from UTC as it was told.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/ports/time_zones.hpp"

namespace jobrun::testing_support {

/// Pure: asks neither the system nor the disk. May be asked by any number of threads.
class FixedTimeZones final : public TimeZones {
 public:
  using Offsets = std::map<std::string, std::chrono::minutes, std::less<>>;  ///< east of UTC is positive

  explicit FixedTimeZones(Offsets offsets = {}) : offsets_(std::move(offsets)) {}

  bool knows(std::string_view zone) override { return offsets_.contains(zone); }

  LocalTime local_time(Instant instant, std::string_view zone) override {
    const auto shown = std::chrono::floor<std::chrono::minutes>(instant + offset_of(zone));
    const auto day = std::chrono::floor<std::chrono::days>(shown);
    return {CivilDate{day}, TimeOfDay{static_cast<int>((shown - day).count())}};
  }

  Instant next(TimeOfDay time, Instant after, std::string_view zone) override {
    const Instant shown = after + offset_of(zone);
    Instant wanted = std::chrono::floor<std::chrono::days>(shown) + std::chrono::minutes{time.minutes};
    // The end of a day is the midnight that the next one begins with.
    if (wanted - shown >= std::chrono::days{1}) wanted -= std::chrono::days{1};
    if (wanted < shown) wanted += std::chrono::days{1};
    return wanted - offset_of(zone);
  }

 private:
  std::chrono::minutes offset_of(std::string_view zone) const {
    const auto found = offsets_.find(zone);
    return found == offsets_.end() ? std::chrono::minutes{0} : found->second;
  }

  Offsets offsets_;
};

}  // namespace jobrun::testing_support
