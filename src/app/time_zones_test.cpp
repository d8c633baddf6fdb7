#include "time_zones.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"

namespace jobrun::app {
namespace {

using std::chrono::minutes;
using std::chrono::sys_days;

Instant utc(const char* date, const char* time) {
  return Instant{sys_days{parse_date(date).value()}} + minutes{parse_time_of_day(time).value().minutes};
}

/// As `2026-03-29 02:00`.
std::string shown(TimeZones& zones, Instant instant, std::string_view zone) {
  const LocalTime time = zones.local_time(instant, zone);
  return to_text(time.date) + " " + to_text(time.time);
}

std::string next_utc(TimeZones& zones, const char* time, Instant after, std::string_view zone) {
  return to_iso8601(zones.next(parse_time_of_day(time).value(), after, zone)).substr(0, 16);
}

// Goal: zones of the world are known by their names, and what is none is UTC.
// Method: names of zones, misspelt ones, paths and any bytes.
TEST(TimeZones, KnowsTheZonesOfTheWorld) {
  const auto zones = make_time_zones();
  for (const char* zone : {"Europe/London", "America/New_York", "America/Mexico_City", "Europe/Warsaw", "Etc/UTC",
                           "America/Argentina/Buenos_Aires"}) {
    EXPECT_TRUE(zones->knows(zone)) << zone;
  }
  const std::string noon = "2026-07-01 12:00";
  for (const char* zone : {"", "Europe/Londno", "europe/london", "Mars/Base", "/etc/passwd", "../../etc/passwd",
                           "Europe/", "Europe", ".", "zone.tab", "tzdata.zi", "\xFF", "Europe/London "}) {
    EXPECT_FALSE(zones->knows(zone)) << zone;
    EXPECT_EQ(shown(*zones, utc("2026-07-01", "12:00"), zone), noon) << zone;
    EXPECT_EQ(next_utc(*zones, "9:00", utc("2026-07-01", "12:00"), zone), "2026-07-02T09:00") << zone;
  }
  EXPECT_FALSE(zones->knows(std::string_view("Europe/London\0", 14)));
}

// Goal: clocks are shown as they are where summer time begins and ends.
TEST(TimeZones, ShowsClocksThatChange) {
  const auto zones = make_time_zones();
  const auto london = [&](const char* date, const char* time) {
    return shown(*zones, utc(date, time), "Europe/London");
  };
  EXPECT_EQ(london("2026-03-29", "0:59"), "2026-03-29 00:59");
  EXPECT_EQ(london("2026-03-29", "1:00"), "2026-03-29 02:00");
  EXPECT_EQ(london("2026-06-30", "23:30"), "2026-07-01 00:30");
  EXPECT_EQ(london("2026-10-25", "0:59"), "2026-10-25 01:59");
  EXPECT_EQ(london("2026-10-25", "1:00"), "2026-10-25 01:00");
  const auto new_york = [&](const char* date, const char* time) {
    return shown(*zones, utc(date, time), "America/New_York");
  };
  EXPECT_EQ(new_york("2026-11-01", "5:59"), "2026-11-01 01:59");
  EXPECT_EQ(new_york("2026-11-01", "6:00"), "2026-11-01 01:00");
  EXPECT_EQ(new_york("2026-11-01", "3:59"), "2026-10-31 23:59");
  EXPECT_EQ(shown(*zones, utc("2026-01-01", "0:00") - Duration{1}, "Asia/Kathmandu"), "2026-01-01 05:44");
}

// Goal: the next time of day is that of the clocks there, at once where they show it now.
TEST(TimeZones, FindsTheNextTimeOfDay) {
  const auto zones = make_time_zones();
  const Instant summer = utc("2026-07-01", "12:00");  // 13:00 in London
  EXPECT_EQ(next_utc(*zones, "13:00", summer, "Europe/London"), "2026-07-01T12:00");
  EXPECT_EQ(next_utc(*zones, "13:00", summer + Duration{1}, "Europe/London"), "2026-07-02T12:00");
  EXPECT_EQ(next_utc(*zones, "13:01", summer, "Europe/London"), "2026-07-01T12:01");
  EXPECT_EQ(next_utc(*zones, "12:59", summer, "Europe/London"), "2026-07-02T11:59");
  EXPECT_EQ(next_utc(*zones, "24:00", summer, "Europe/London"), "2026-07-01T23:00");
  EXPECT_EQ(next_utc(*zones, "24:00", utc("2026-07-01", "23:00"), "Europe/London"), "2026-07-01T23:00")
      << "midnight ends one day and begins the next";
  EXPECT_EQ(next_utc(*zones, "0:00", utc("2026-07-01", "23:00"), "Europe/London"), "2026-07-01T23:00");
}

// Goal: a time that clocks skip is when they skip it; one that they repeat is the next of the two.
TEST(TimeZones, FindsSkippedAndRepeatedTimes) {
  const auto zones = make_time_zones();
  const auto london = [&](const char* time, const char* date, const char* after) {
    return next_utc(*zones, time, utc(date, after), "Europe/London");
  };
  EXPECT_EQ(london("1:30", "2026-03-29", "0:10"), "2026-03-29T01:00") << "clocks show 02:00 then";
  EXPECT_EQ(london("1:30", "2026-03-29", "1:00"), "2026-03-29T01:00");
  EXPECT_EQ(london("1:30", "2026-03-29", "1:01"), "2026-03-30T00:30") << "over for that day";
  EXPECT_EQ(london("2:30", "2026-03-29", "0:10"), "2026-03-29T01:30");
  const auto new_york = [&](const char* time, const char* after) {
    return next_utc(*zones, time, utc("2026-11-01", after), "America/New_York");
  };
  EXPECT_EQ(new_york("1:30", "4:00"), "2026-11-01T05:30");
  EXPECT_EQ(new_york("1:30", "5:31"), "2026-11-01T06:30") << "clocks show it once more";
  EXPECT_EQ(new_york("1:30", "6:31"), "2026-11-02T06:30");
  EXPECT_EQ(new_york("2:30", "5:00"), "2026-11-01T07:30");
  EXPECT_EQ(next_utc(*zones, "12:00", utc("2011-12-30", "0:00"), "Pacific/Apia"), "2011-12-30T10:00")
      << "a day that was skipped";
}

/// Minutes since 1970-01-01 00:00 on the clocks there.
std::int64_t minutes_shown(TimeZones& zones, Instant instant, std::string_view zone) {
  const LocalTime time = zones.local_time(instant, zone);
  return sys_days{time.date}.time_since_epoch().count() * minutes_of_day + time.time.minutes;
}

/// By watching the clock minute after minute: when it comes to that time, or jumps over it.
std::optional<Instant> watched_next(TimeZones& zones, TimeOfDay time, Instant after, std::string_view zone) {
  const auto is_at = [&](std::int64_t minute) { return (minute - time.minutes) % minutes_of_day == 0; };
  Instant now = std::chrono::ceil<minutes>(after);
  std::int64_t before = minutes_shown(zones, now - minutes{1}, zone);
  for (int watched = 0; watched < 3 * minutes_of_day; ++watched, now += minutes{1}) {
    const std::int64_t shows = minutes_shown(zones, now, zone);
    for (std::int64_t minute = shows > before ? before + 1 : shows; minute <= shows; ++minute) {
      if (is_at(minute)) return now;
    }
    before = shows;
  }
  return std::nullopt;
}

// Goal: the next time of day is what somebody would see who watched the clock, wherever and whenever.
// Method: random instants near the changes of zones with one hour and with half an hour of summer time, and any
// day; the fixed clocks of other folders' tests alike.
TEST(TimeZones, AgreesWithWatchingTheClock) {
  const auto real = make_time_zones();
  testing_support::FixedTimeZones fixed({{"Europe/London", minutes{60}}, {"Australia/Lord_Howe", minutes{630}}});
  EXPECT_TRUE(rc::check([&] {
    constexpr std::array zones = {"Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                                  ""};
    constexpr std::array dates = {"2026-03-28", "2026-10-24", "2026-10-31",
                                  "2026-04-04", "2026-10-03", "2026-07-01"};
    const char* zone = *rc::gen::elementOf(zones);
    const TimeOfDay time{*rc::gen::inRange(0, minutes_of_day + 1)};
    const Instant after = utc(*rc::gen::elementOf(dates), "0:00") + Duration{*rc::gen::inRange(0, 2 * 86'400'000)};
    for (TimeZones* each : {real.get(), static_cast<TimeZones*>(&fixed)}) {
      const std::optional<Instant> watched = watched_next(*each, time, after, zone);
      RC_ASSERT(watched.has_value());
      RC_ASSERT(to_iso8601(each->next(time, after, zone)) == to_iso8601(*watched));
    }
  }));
}

// Goal: many threads may ask at once, of zones that nobody has asked of before.
TEST(TimeZones, MayBeAskedByManyThreads) {
  const auto zones = make_time_zones();
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3'000; ++i) {
        const std::string unknown = "No/Zone" + std::to_string(i);
        if (zones->knows(unknown) || !zones->knows("Asia/Tokyo")) ++wrong;
        if (zones->local_time(utc("2026-07-01", "12:00"), "Asia/Tokyo").time.minutes != 21 * 60) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace jobrun::app
