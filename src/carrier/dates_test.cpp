#include "dates.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace jobrun::carrier {
namespace {

constexpr Instant morning = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3} + std::chrono::hours{10} +
                            std::chrono::minutes{15} + std::chrono::seconds{30};

// Goal: moments are read as they are written, in every zone.
// Method: one moment in several spellings.
TEST(Dates, AreReadInEverySpelling) {
  for (const char* text : {"Sat, 03 Jan 2026 10:15:30 +0000", "Sat, 03 Jan 2026 10:15:30 GMT",
                           "Sat, 03 Jan 2026 05:45:30 -0430", "Sun, 04 Jan 2026 00:15:30 +1400"}) {
    EXPECT_EQ(parse_rfc2822(text), morning) << text;
  }
  for (const char* text : {"2026-01-03T10:15:30Z", "2026-01-03T10:15:30+00:00", "2026-01-03T05:45:30-04:30",
                           "2026-01-03T10:15:30.0Z"}) {
    EXPECT_EQ(parse_iso8601(text), morning) << text;
  }
  EXPECT_EQ(parse_iso8601("2026-01-03T10:15:30.4Z"), morning + Duration{400});
  EXPECT_EQ(parse_iso8601("2026-01-03T10:15:30.401999+00:00"), morning + Duration{401});
  EXPECT_EQ(utc_date(morning), "2026-01-03");
  EXPECT_EQ(utc_date(morning + std::chrono::hours{14}), "2026-01-04");
}

// Goal: what is not exactly a moment is none.
// Method: everything nearly right.
TEST(Dates, ThatAreNotWholeAreNone) {
  for (const char* text :
       {"", "Sat", "Sat, 03 Jan 2026 10:15:30", "Sat, 3 Jan 2026 10:15:30 +0000",
        "Sat, 03 Jan 2026 10:15:30 +0000 ", "Sat, 03 Jan 2026 10:15:30 +000", "Sat, 30 Feb 2026 10:15:30 +0000",
        "Sat, 00 Jan 2026 10:15:30 +0000", "Sat, 03 Jnn 2026 10:15:30 +0000", "Sat, 03 Jan 2026 24:00:00 +0000",
        "Sat, 03 Jan 2026 10:60:00 +0000", "Sat, 03 Jan 2026 10:15:61 +0000", "Sat, 03 Jan 2026 10:15:30 +2400",
        "Sat, 03 Jan 2026 10:15:30 CET", "03 Jan 2026 10:15:30 +0000"}) {
    EXPECT_EQ(parse_rfc2822(text), std::nullopt) << text;
  }
  for (const char* text :
       {"", "2026-01-03", "2026-01-03T10:15:30", "2026-01-03 10:15:30Z", "2026-13-03T10:15:30Z",
        "2026-01-32T10:15:30Z", "2026-01-03T10:15Z", "2026-01-03T10:15:30.Z", "2026-01-03T10:15:30+0000",
        "2026-01-03T25:15:30Z", "2026-01-03T10:15:30Zx", "x2026-01-03T10:15:30Z"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

// Goal: every moment that we write we read back, and no text breaks the reader.
// Method: random moments through to_iso8601; random texts.
RC_GTEST_PROP(Dates, SurviveAnyText, (std::int64_t ms, const std::string& text)) {
  constexpr std::int64_t ms_in_a_century = 3'155'760'000'000;
  const Instant instant = from_unix_ms(
      static_cast<std::int64_t>(static_cast<std::uint64_t>(ms) % static_cast<std::uint64_t>(ms_in_a_century)));
  RC_ASSERT(parse_iso8601(to_iso8601(instant)) == std::optional(instant));
  (void)parse_rfc2822(text);
  (void)parse_iso8601(text);
}

}  // namespace
}  // namespace jobrun::carrier
