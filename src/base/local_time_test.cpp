#include "base/local_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

// Goal: a time of day is read as people write it.
TEST(TimeOfDay, IsReadAsPeopleWriteIt) {
  struct Row {
    const char* text;
    int hour;
    int minute;
  };
  for (const Row& row :
       {Row{"8", 8, 0},      {"08:00", 8, 0},     {"8.30", 8, 30},    {"8:05", 8, 5},    {"5pm", 17, 0},
        {"5:30 pm", 17, 30}, {"5.30PM", 17, 30},  {" 5 p.m.", 17, 0}, {"12am", 0, 0},    {"12:01 a.m.", 0, 1},
        {"12pm", 12, 0},     {"11:59pm", 23, 59}, {"noon", 12, 0},    {"Midday", 12, 0}, {"midnight", 24, 0},
        {"24:00", 24, 0},    {"0:00", 0, 0},      {"23:59", 23, 59},  {"0", 0, 0},       {"1 7:3 0", 17, 30}}) {
    const Result<TimeOfDay> time = parse_time_of_day(row.text);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(time->minutes, row.hour * 60 + row.minute) << row.text;
  }
}

// Goal: what is no time of day is refused, and the error shows how to write one.
TEST(TimeOfDay, IsRefusedOtherwise) {
  for (const char* text : {"",
                           " ",
                           "25",
                           "24:01",
                           "24:30",
                           "12:60",
                           "5:3pm",
                           "5:3",
                           "5:",
                           "5:pm",
                           "13pm",
                           "0am",
                           "0:30pm",
                           "800",
                           "08:000",
                           "8:00:00",
                           "-1",
                           "+8",
                           "8h",
                           "8 o'clock",
                           "pm",
                           "noonish",
                           "8am9",
                           "8:00-9:00",
                           "\xFF"
                           "8",
                           "8\xC3\xA9",
                           "00000008"}) {
    const Result<TimeOfDay> time = parse_time_of_day(text);
    ASSERT_FALSE(time) << text;
    EXPECT_TRUE(time.error().message.contains("17:30")) << text;
  }
}

// Goal: every time of day is written so that it is read again.
TEST(TimeOfDay, ComesBackFromItsText) {
  for (int minutes = 0; minutes <= minutes_of_day; ++minutes) {
    const Result<TimeOfDay> time = parse_time_of_day(to_text(TimeOfDay{minutes}));
    ASSERT_TRUE(time) << minutes;
    EXPECT_EQ(time->minutes, minutes);
  }
}

// Goal: a date is read in one form only, of days that there are.
TEST(CivilDate, IsReadInOneForm) {
  EXPECT_EQ(to_text(parse_date("2028-02-29").value()), "2028-02-29");
  EXPECT_EQ(to_text(parse_date("1970-01-01").value()), "1970-01-01");
  EXPECT_EQ(to_text(parse_date("2999-12-31").value()), "2999-12-31");
  for (const char* text :
       {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "1969-12-31", "3000-01-01",
        "2026-1-01", "26-12-25", "2026/12/25", "2026-12-25 ", " 2026-12-25", "25-12-2026", "2026-12-2x",
        "2a26-12-25", "2026--1-25", "20 6-12-25", "\xFF\xFF\xFF\xFF-12-25"}) {
    const Result<CivilDate> date = parse_date(text);
    ASSERT_FALSE(date) << text;
    EXPECT_TRUE(date.error().message.contains("2026-12-25")) << text;
  }
}

// Goal: every date that is allowed is written so that it is read again.
TEST(CivilDate, ComesBackFromItsText) {
  using std::chrono::sys_days;
  const sys_days last = sys_days{parse_date("2999-12-31").value()};
  for (sys_days day{}; day <= last; day += std::chrono::days{13}) {
    const CivilDate date{day};
    ASSERT_EQ(parse_date(to_text(date)).value(), date) << to_text(date);
  }
}

// Goal: a weekday is that of the date.
TEST(LocalTime, KnowsItsWeekday) {
  EXPECT_EQ(LocalTime{}.weekday(), std::chrono::Thursday);
  EXPECT_EQ((LocalTime{parse_date("2026-11-29").value(), {}}.weekday()), std::chrono::Sunday);
}

// Goal: any bytes are read or refused, and the error can be shown: one line of UTF-8 of bounded length.
TEST(LocalTime, TakesAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& start, const std::string& more) {
    for (const std::string& bytes :
         {start, start + more, "8" + more, "2026-12-25" + more, std::string(19, '8') + "é"}) {
      const Result<TimeOfDay> time = parse_time_of_day(bytes);
      const Result<CivilDate> date = parse_date(bytes);
      RC_ASSERT((!time || (time->minutes >= 0 && time->minutes <= minutes_of_day)));
      for (const std::string& message : {time ? "" : time.error().message, date ? "" : date.error().message}) {
        RC_ASSERT((is_clean_utf8(message) && message.find('\n') == std::string::npos && message.size() < 120U));
      }
    }
  }));
}

}  // namespace
}  // namespace jobrun
