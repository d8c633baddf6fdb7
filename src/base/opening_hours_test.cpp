#include "base/opening_hours.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

OpeningHours hours(std::string_view text) {
  return OpeningHours::parse(text).value();
}

/// In the week from Monday, 2026-11-23.
LocalTime at(unsigned day, const char* time) {
  return {CivilDate{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23 + day}},
          parse_time_of_day(time).value()};
}

// Goal: hours are read as people write them, and written in one form.
TEST(OpeningHours, AreReadAndWritten) {
  struct Row {
    std::string_view read;
    std::string_view written;
  };
  for (const Row& row : {Row{"", ""},
                         {"always", ""},
                         {" Always ", ""},
                         {"Mon-Fri 08:00-17:30, Sat 9-12", "Mon-Fri 08:00-17:30, Sat 09:00-12:00"},
                         {"monday-FRIDAY 8am-5.30pm,sat 9 - noon", "Mon-Fri 08:00-17:30, Sat 09:00-12:00"},
                         {"Mon noon-midnight", "Mon 12:00-24:00"},
                         {"Tues 8-12+13-17", "Tue 08:00-12:00+13:00-17:00"},
                         {"Tue 13-17, Tue 8-12", "Tue 08:00-12:00+13:00-17:00"},
                         {"Sat-Mon 9-12", "Mon 09:00-12:00, Sat-Sun 09:00-12:00"},
                         {"Fri-Fri 9-12", "Fri 09:00-12:00"},
                         {"Mon-Sun 0-24", "Mon-Sun 00:00-24:00"},
                         {"Sun-Sat 9-10", "Mon-Sun 09:00-10:00"},
                         {"Mon 8-12+12-17", "Mon 08:00-12:00+12:00-17:00"}}) {
    const Result<OpeningHours> read = OpeningHours::parse(row.read);
    ASSERT_TRUE(read) << row.read << ": " << read.error().message;
    EXPECT_EQ(read->text(), row.written) << row.read;
    EXPECT_EQ(read->is_always(), row.written.empty()) << row.read;
  }
}

// Goal: what is not hours is refused, with an example.
TEST(OpeningHours, AreRefusedOtherwise) {
  for (const char* text : {"never",
                           "9-17",
                           "Mon",
                           "Mon 9",
                           "Mon 17-9",
                           "Mon 9-9",
                           "Mo 9-17",
                           "Mont 9-17",
                           "Mon-Tue-Wed 9-17",
                           "Mon 9-17,",
                           ",Mon 9-17",
                           "Mon 9-17+",
                           "Mon 9-17+16-18",
                           "Mon 9-17, Mon 9-17",
                           "Mon-Fri 9-17, Tue 10-11",
                           "Mon, Tue 9-17",
                           "Mon 9-25",
                           "Mon 1-2+3-4+5-6+7-8+9-10",
                           "Mon 9-17; Tue 9-17",
                           "\xFF\xFE 9-17",
                           "Lun 9-17"}) {
    const Result<OpeningHours> read = OpeningHours::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().message.contains("Mon-Fri 08:00-17:30")) << text;
  }
  EXPECT_FALSE(OpeningHours::parse("Mon 9-17" + std::string(600, ' ') + ",Tue 9-17")) << "bounded";
}

// Goal: the first minute belongs to the hours and the end does not; a day that is not named is closed.
TEST(OpeningHours, ContainTheirStartAndNotTheirEnd) {
  const OpeningHours week = hours("Mon-Fri 8-12+13-17, Sat 22-24");
  EXPECT_FALSE(week.contains(at(0, "7:59")));
  EXPECT_TRUE(week.contains(at(0, "8:00")));
  EXPECT_TRUE(week.contains(at(4, "11:59")));
  EXPECT_FALSE(week.contains(at(4, "12:00")));
  EXPECT_TRUE(week.contains(at(4, "13:00")));
  EXPECT_FALSE(week.contains(at(4, "17:00")));
  EXPECT_TRUE(week.contains(at(5, "23:59")));
  EXPECT_FALSE(week.contains(at(6, "0:00")));
  EXPECT_FALSE(week.contains(at(6, "10:00")));
  EXPECT_TRUE(OpeningHours{}.contains(at(6, "3:00"))) << "no hours: always open";
}

/// Any week: each day with up to four spans, in any order of days.
std::string any_week() {
  constexpr std::array<std::string_view, 7> days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text;
  for (const std::string_view day : days) {
    const std::vector<int> ends = *rc::gen::container<std::vector<int>>(2 * *rc::gen::inRange<std::size_t>(0, 5),
                                                                        rc::gen::inRange(0, minutes_of_day + 1));
    std::set<int> sorted(ends.begin(), ends.end());
    if (sorted.size() % 2 == 1) sorted.erase(sorted.begin());
    if (sorted.empty()) continue;
    text += (text.empty() ? "" : ",") + std::string(day) + " ";
    bool is_start = true;
    for (const int end : sorted) {
      text += (is_start ? (text.back() == ' ' ? "" : "+") : "-") + to_text(TimeOfDay{end});
      is_start = !is_start;
    }
  }
  return text;
}

// Goal: hours come back from their text, also the longest; and their text from them.
TEST(OpeningHours, ComeBackFromTheirText) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = any_week();
    const Result<OpeningHours> read = OpeningHours::parse(text);
    RC_ASSERT(read.has_value());
    const Result<OpeningHours> again = OpeningHours::parse(read->text());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == *read);
    RC_ASSERT(again->text() == read->text());
  }));
  std::string longest;
  for (const char* day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
    // Each day another one, so that no two are written together.
    const std::string minute = std::to_string(10 + longest.size() % 49);
    longest += (longest.empty() ? "" : ",") + std::string(day) + " 1-2+3-4+5-6+7-8:" + minute;
  }
  EXPECT_EQ(hours(hours(longest).text()), hours(longest));
}

// Goal: quiet hours are read, written, and last across midnight.
TEST(QuietHours, LastAcrossMidnight) {
  const QuietHours night = QuietHours::parse(" 10pm - 7 ").value();
  EXPECT_EQ(night.text(), "22:00-07:00");
  const auto left = [](const QuietHours& quiet, const char* time) {
    const TimeOfDay now = parse_time_of_day(time).value();
    EXPECT_EQ(quiet.contains(now), quiet.minutes_left(now) > 0) << time;
    return quiet.minutes_left(now);
  };
  EXPECT_EQ(left(night, "21:59"), 0);
  EXPECT_EQ(left(night, "22:00"), 540);
  EXPECT_EQ(left(night, "0:00"), 420);
  EXPECT_EQ(left(night, "6:59"), 1);
  EXPECT_EQ(left(night, "7:00"), 0);
  const QuietHours noon = QuietHours::parse("12:00-13:30").value();
  EXPECT_EQ(left(noon, "11:59"), 0);
  EXPECT_EQ(left(noon, "12:00"), 90);
  EXPECT_EQ(left(noon, "13:30"), 0);
  const QuietHours evening = QuietHours::parse("20:00-24:00").value();
  EXPECT_EQ(left(evening, "23:59"), 1);
  EXPECT_EQ(left(evening, "0:00"), 0);
  for (const char* none : {"", " ", "none", "None"}) {
    const QuietHours quiet = QuietHours::parse(none).value();
    EXPECT_TRUE(quiet.is_none());
    EXPECT_EQ(quiet.text(), "");
    EXPECT_EQ(left(quiet, "0:00"), 0);
  }
  for (const char* wrong : {"22:00", "22-22", "22-7-9", "-", "22:00-", "always", "\xFF-7", "22-25", "0-24, 3-4"}) {
    const Result<QuietHours> quiet = QuietHours::parse(wrong);
    ASSERT_FALSE(quiet) << wrong;
    EXPECT_TRUE(quiet.error().message.contains("22:00-07:00")) << wrong;
  }
}

// Goal: every span of quiet hours comes back from its text, and is over when it says.
TEST(QuietHours, ComeBackFromTheirText) {
  EXPECT_TRUE(rc::check([] {
    const int from = *rc::gen::inRange(0, minutes_of_day);
    const int to = *rc::gen::inRange(0, minutes_of_day);
    RC_PRE(from != to);
    const QuietHours quiet = QuietHours::parse(to_text(TimeOfDay{from}) + "-" + to_text(TimeOfDay{to})).value();
    RC_ASSERT(QuietHours::parse(quiet.text()).value() == quiet);
    const int now = *rc::gen::inRange(0, minutes_of_day);
    const int left = quiet.minutes_left(TimeOfDay{now});
    RC_ASSERT((left == 0 || (now + left) % minutes_of_day == to));
    RC_ASSERT(quiet.contains(TimeOfDay{now}) == (left > 0));
    RC_ASSERT(quiet.contains(TimeOfDay{from}));
    RC_ASSERT(!quiet.contains(TimeOfDay{to}));
  }));
}

// Goal: any bytes are read or refused; what was read comes back, and an error can be shown.
TEST(OpeningHours, TakeAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& picks, const std::string& bytes) {
    constexpr std::array<std::string_view, 12> pieces = {"Mon", "-", "Fri", " ",    "8",  ":30",
                                                         ",",   "+", "12",  "noon", "pm", "\xC3"};
    std::string text;
    for (const std::uint8_t pick : picks) text += pieces.at(pick % pieces.size());
    for (const std::string& words : {text, bytes, "Mon 8-9" + bytes, text + bytes}) {
      const Result<OpeningHours> week = OpeningHours::parse(words);
      const Result<QuietHours> quiet = QuietHours::parse(words);
      RC_ASSERT((!week || OpeningHours::parse(week->text()).value() == *week));
      RC_ASSERT((!quiet || QuietHours::parse(quiet->text()).value() == *quiet));
      for (const std::string& message : {week ? "" : week.error().message, quiet ? "" : quiet.error().message}) {
        RC_ASSERT((is_clean_utf8(message) && message.size() < 160U));
      }
    }
  }));
}

}  // namespace
}  // namespace jobrun
