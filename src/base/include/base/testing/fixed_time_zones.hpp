// The clocks of a world without summer time, for tests.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/ports/time_zones.hpp"

namespace jobrun::testing_support {

/// Every zone is so many minutes ahead of UTC; those that are not given are UTC.
class FixedTimeZones final : public TimeZones {
 public:
  FixedTimeZones() = default;
  explicit FixedTimeZones(std::map<std::string, int, std::less<>> minutes_ahead)
      : minutes_ahead_(std::move(minutes_ahead)) {}

  bool knows(std::string_view zone) override { return zone == "UTC" || minutes_ahead_.contains(zone); }

  LocalTime local_time(Instant instant, std::string_view zone) override {
    const Instant there = instant + ahead(zone);
    const auto day = std::chrono::floor<std::chrono::days>(there);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(there - day).count();
    return {.date = CivilDate{day}, .time = {static_cast<int>(minutes)}};
  }

  Instant next(TimeOfDay time, Instant after, std::string_view zone) override {
    const auto day = std::chrono::floor<std::chrono::days>(after + ahead(zone));
    const Instant today = Instant{day} + std::chrono::minutes{time.minutes} - ahead(zone);
    return today >= after ? today : today + std::chrono::days{1};
  }

 private:
  Duration ahead(std::string_view zone) const {
    const auto found = minutes_ahead_.find(zone);
    return found == minutes_ahead_.end() ? Duration{0} : Duration{std::chrono::minutes{found->second}};
  }

  std::map<std::string, int, std::less<>> minutes_ahead_;
};

}  // namespace jobrun::testing_support
