#include "owner_time.hpp"

#include <gtest/gtest.h>

#include "time_zones_test_support.hpp"

namespace jobrun::app {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr std::chrono::year_month_day monday{std::chrono::year{2026}, std::chrono::March, std::chrono::day{2}};
constexpr std::chrono::year_month_day week_before{std::chrono::year{2026}, std::chrono::February,
                                                  std::chrono::day{23}};

struct Owners {
  FakeTimeZones zones;
  OwnerTime time{zones, "Home"};
  ClientProfile owner;
  Owners() {
    zones.zones["Home"] = {.offset = 1h};
    zones.zones["East"] = {.offset = 14h};
    zones.zones["West"] = {.offset = -12h};
    // On the Monday itself, at three in the morning, the clocks go on by an hour.
    zones.zones["Summer"] = {.offset = 0h, .changes_at = Instant{sys_days{monday}} + 3h, .offset_then = 1h};
  }
  void sleeps(const char* hours) { owner.settings.quiet_hours = *QuietHours::parse(hours); }
  /// By the clocks of the zone before they change.
  Instant at(const std::string& zone, Duration after_monday) {
    owner.settings.time_zone = zone == "Home" ? "" : zone;
    return Instant{sys_days{monday}} - zones.zones[zone].offset + after_monday;
  }
};

// Goal: quiet hours are those of the owner's clocks, across midnight too, and of the service's where he has none.
// Method: the edges of 22:00 to 07:00 in several zones; who has no such hours.
TEST(OwnerTime, KnowsTheEndOfQuietHours) {
  Owners owners;
  EXPECT_FALSE(owners.time.quiet_until(owners.owner, owners.at("Home", 23h)));
  owners.sleeps("22:00-07:00");
  for (const char* zone : {"Home", "East", "West"}) {
    const auto until = [&](Duration after_monday) {
      return owners.time.quiet_until(owners.owner, owners.at(zone, after_monday));
    };
    EXPECT_FALSE(until(22h - 1min)) << zone;
    EXPECT_EQ(until(22h), owners.at(zone, 31h)) << zone;
    EXPECT_EQ(until(31h - 1min), owners.at(zone, 31h)) << zone;
    EXPECT_FALSE(until(31h)) << zone;
  }
}

// Goal: where the clocks change at night, the hours end when the clocks say so. Method: the night of the change.
TEST(OwnerTime, EndsQuietHoursByTheClocks) {
  Owners owners;
  owners.sleeps("22:00-07:00");
  EXPECT_EQ(owners.time.quiet_until(owners.owner, owners.at("Summer", 1h)), owners.at("Summer", 6h));
}

// Goal: a week is told from Monday at eight until the end of Wednesday, by the owner's clocks.
// Method: every hour of two weeks, in several zones.
TEST(OwnerTime, TellsAWeekFromMondayAtEightUntilTheEndOfWednesday) {
  Owners owners;
  for (const char* zone : {"Home", "East", "West"}) {
    for (int hour = 0; hour < 14 * 24; ++hour) {
      const std::optional<OwnersWeek> week =
          owners.time.week_to_tell(owners.owner, owners.at(zone, std::chrono::hours{hour}));
      const int of_week = hour % (7 * 24);
      ASSERT_EQ(week.has_value(), of_week >= 8 && of_week < 3 * 24) << zone << " " << hour;
    }
    EXPECT_FALSE(owners.time.week_to_tell(owners.owner, owners.at(zone, 8h - 1min)));
    EXPECT_TRUE(owners.time.week_to_tell(owners.owner, owners.at(zone, 8h)));
  }
}

// Goal: the week told is the one before, from midnight to midnight by the owner's clocks, whatever they did
// meanwhile. Method: its bounds in zones far ahead and behind; a week in which the clocks change.
TEST(OwnerTime, BoundsAWeekByTheOwnersMidnights) {
  Owners owners;
  for (const char* zone : {"Home", "East", "West", "Summer"}) {
    const Instant now = owners.at(zone, 60h);
    const std::optional<OwnersWeek> week = owners.time.week_to_tell(owners.owner, now);
    ASSERT_TRUE(week) << zone;
    EXPECT_EQ(week->monday, week_before) << zone;
    EXPECT_EQ(week->from, owners.at(zone, -7 * 24h)) << zone;
    EXPECT_EQ(week->to, owners.at(zone, 0h)) << zone;
  }
  const std::optional<OwnersWeek> next =
      owners.time.week_to_tell(owners.owner, owners.at("Summer", 7 * 24h + 60h));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->monday, monday);
  EXPECT_EQ(next->to - next->from, 7 * 24h - 1h);
}

}  // namespace
}  // namespace jobrun::app
