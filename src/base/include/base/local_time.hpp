// Days and hours as people on the spot have them. What they are at an instant, TimeZones says.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobrun {

using CivilDate = std::chrono::year_month_day;

/// `2026-12-25`, of the years 1970 to 2999.
Result<CivilDate> parse_date(std::string_view text);
std::string to_text(CivilDate date);

/// Minutes since midnight, 0 to 1,440; the last is the end of the day.
struct TimeOfDay {
  int minutes = 0;
  friend constexpr auto operator<=>(TimeOfDay, TimeOfDay) = default;
};

inline constexpr int minutes_of_day = 1'440;

/// `8`, `08:00`, `8.30`, `5pm`, `5:30 pm`, `24:00`, `noon`, `midnight`: as people write a time of day.
Result<TimeOfDay> parse_time_of_day(std::string_view text);
/// `17:30`.
std::string to_text(TimeOfDay time);

/// What the clock on the wall shows.
struct LocalTime {
  CivilDate date{std::chrono::year{1970}, std::chrono::January, std::chrono::day{1}};
  TimeOfDay time{};

  std::chrono::weekday weekday() const { return std::chrono::weekday{std::chrono::sys_days{date}}; }
  friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

}  // namespace jobrun
