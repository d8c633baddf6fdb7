#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace jobrun {
namespace {

// Goal: what is written is read back, and a day alone is its beginning.
TEST(Iso8601, IsReadAsItIsWritten) {
  EXPECT_TRUE(rc::check([] {
    const Instant instant = from_unix_ms(*rc::gen::inRange<std::int64_t>(0, 4'102'444'800'000));
    const Result<Instant> read = parse_iso8601(to_iso8601(instant));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == instant);
  }));
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-03")), "2026-01-03T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(*parse_iso8601("2026-01-03T10:15:30Z")), "2026-01-03T10:15:30.000Z");
}

// Goal: what is no instant is refused, whatever bytes it is.
TEST(Iso8601, RefusesWhatIsNone) {
  for (const char* wrong :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-01-03T", "2026-01-03TZ", "2026-01-03T24:00:00Z",
        "2026-01-03T10:60:00Z", "2026-01-03T10:15:30", "2026-01-03T10:15:30.2Z", "2026-01-03 10:15:30Z",
        "2026-01-03T10:15:30.250+01:00", "2026/01/03", "-026-01-03", "2026-01-03T1a:15:30Z"}) {
    EXPECT_FALSE(parse_iso8601(wrong).has_value()) << wrong;
  }
  EXPECT_TRUE(rc::check([](const std::string& any) { static_cast<void>(parse_iso8601("2026-01-03" + any)); }));
}

}  // namespace
}  // namespace jobrun
