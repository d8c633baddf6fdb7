#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/ports/time_zones.hpp"

namespace jobrun::app {

/// Zones of an offset each, which may change once.
class FakeTimeZones final : public TimeZones {
 public:
  struct Zone {
    Duration offset{0};
    Instant changes_at = Instant::max();
    Duration offset_then{0};
  };
  std::map<std::string, Zone, std::less<>> zones;

  bool knows(std::string_view zone) override { return zones.contains(zone); }
  LocalTime local_time(Instant instant, std::string_view zone) override {
    const Instant shown = instant + offset_at(instant, zone);
    const auto day = std::chrono::floor<std::chrono::days>(shown);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(shown - day);
    return {.date = CivilDate{day}, .time = TimeOfDay{static_cast<int>(minutes.count())}};
  }
  /// Minute by minute, so that it is plainly right.
  Instant next(TimeOfDay time, Instant after, std::string_view zone) override {
    Instant at = std::chrono::ceil<std::chrono::minutes>(after);
    while (local_time(at, zone).time != time) at += std::chrono::minutes{1};
    return at;
  }

 private:
  Duration offset_at(Instant instant, std::string_view zone) const {
    const auto found = zones.find(zone);
    if (found == zones.end()) return Duration{0};
    return instant < found->second.changes_at ? found->second.offset : found->second.offset_then;
  }
};

}  // namespace jobrun::app
