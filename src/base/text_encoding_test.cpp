#include "base/text_encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace jobrun {
namespace {

// Goal: segments are counted as the carrier bills them.
TEST(TextSize, CountsSegmentsAsTheCarrierDoes) {
  EXPECT_EQ(measure_text("").segments, 0U);
  EXPECT_EQ(measure_text(std::string(160, 'a')).segments, 1U);
  EXPECT_EQ(measure_text(std::string(161, 'a')).segments, 2U);
  EXPECT_EQ(measure_text(std::string(306, 'a')).segments, 2U);
  EXPECT_EQ(measure_text(std::string(307, 'a')).segments, 3U);
  EXPECT_EQ(measure_text(std::string(80, '[')).units, 160U) << "extension characters count double";
  EXPECT_EQ(measure_text(std::string(81, '[')).segments, 2U);
}

// Goal: one character outside GSM-7 turns the whole text into UCS-2; an emoji is two units.
TEST(TextSize, OneForeignCharacterMakesTheWholeTextUcs2) {
  EXPECT_EQ(measure_text("caf\u00e9").encoding, TextEncoding::gsm7);
  EXPECT_EQ(measure_text("it\u2019s").encoding, TextEncoding::ucs2);
  EXPECT_EQ(measure_text("\U0001F600").units, 2U);
  const std::string seventy = std::string(69, 'a') + "\u2019";
  EXPECT_EQ(measure_text(seventy).segments, 1U);
  EXPECT_EQ(measure_text(seventy + "a").segments, 2U);
}

// Goal: what is offered instead of a character says the same, and is GSM-7 where the character is not.
// Method: examples; then every character of the basic plane.
TEST(TextSize, OffersGsm7InsteadOfForeignCharacters) {
  EXPECT_EQ(gsm7_instead_of(U'\u2019'), "'");
  EXPECT_EQ(gsm7_instead_of(U'\u201C'), "\"");
  EXPECT_EQ(gsm7_instead_of(U'\u2013'), "-");
  EXPECT_EQ(gsm7_instead_of(U'\u0142'), "l");
  EXPECT_EQ(gsm7_instead_of(U'\U0001F600'), "") << "nothing says the same as an emoji";
  EXPECT_TRUE(is_gsm7(U'\u00E9'));
  EXPECT_TRUE(is_gsm7(U'['));
  EXPECT_FALSE(is_gsm7(U'`'));
  for (char32_t c = 0; c <= 0xFFFF; ++c) {
    const std::string_view instead = gsm7_instead_of(c);
    if (instead.empty()) continue;
    EXPECT_FALSE(is_gsm7(c)) << static_cast<std::uint32_t>(c);
    EXPECT_EQ(measure_text(instead).encoding, TextEncoding::gsm7) << static_cast<std::uint32_t>(c);
  }
}

// Goal: any bytes can be measured; the end is always reached.
TEST(TextSize, TakesAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const TextSize size = measure_text(bytes);
    RC_ASSERT((size.segments == 0) == bytes.empty());
  }));
}

// Goal: instants are written in ISO 8601, before and after 1970.
TEST(Instant, IsWrittenInIso8601) {
  EXPECT_EQ(to_iso8601(from_unix_ms(1'767'435'330'250)), "2026-01-03T10:15:30.250Z");
  EXPECT_EQ(to_iso8601(from_unix_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(utc_day(from_unix_ms(-1)), -1);
}

// Goal: a CallSid is bounded and plain, and an unusual one is not lost.
TEST(CallSid, AcceptsPlainIdsOnly) {
  EXPECT_TRUE(CallSid::parse("CA1234567890ABCDE"));
  for (const std::string& text : {std::string(), std::string("C"), std::string(65, 'a'), std::string("CA 1"),
                                  std::string("CA\n1"), std::string("../x")}) {
    EXPECT_FALSE(CallSid::parse(text));
  }
}

}  // namespace
}  // namespace jobrun
