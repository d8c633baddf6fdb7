#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace jobrun {
namespace {

// Goal: control characters, broken sequences, surrogates and overlong forms are not clean UTF-8.
TEST(Utf8, OfTextHasNoControlCharacters) {
  EXPECT_TRUE(is_clean_utf8("Smith & Sons \u00e9 \U0001F600\n"));
  EXPECT_TRUE(is_clean_utf8("\uFFFD"));
  using std::string_view_literals::operator""sv;
  for (const std::string_view bad :
       {"\x01"sv, "a\0b"sv, "\xff"sv, "\xc3"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv, "\x7f"sv, "\xc2\x85"sv}) {
    EXPECT_FALSE(is_clean_utf8(bad));
  }
}

// Goal: what RFC 3629 forbids is not UTF-8, so that no text can be spelt in two ways.
// Method: too long forms of '/', surrogates, what is beyond the last code point, and what stops halfway.
TEST(Utf8, HasOneSpellingForEachText) {
  for (const std::string_view bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
                                     "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xE2\x28\xA1", "\x80"}) {
    EXPECT_FALSE(is_utf8(bad)) << testing::PrintToString(bad);
  }
  for (const std::string_view good :
       {"/", "\u007F", "\u0080", "\u07FF", "\u0800", "\uFFFF", "\U00010000", "\U0010FFFF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
}

// Goal: any bytes can be read to their end; what is UTF-8 comes back as it was, every other byte as U+FFFD.
// Method: random bytes, by both ways through a text.
RC_GTEST_PROP(Utf8, IsReadToItsEnd, (const std::string& bytes)) {
  std::string_view rest = bytes;
  std::string_view taken = bytes;
  bool is_whole = true;
  while (!rest.empty()) {
    const CodePoint point = first_code_point(rest);
    RC_ASSERT(point.is_valid || point.size == 1U);
    RC_ASSERT(take_code_point(taken) == (point.is_valid ? point.value : U'\uFFFD'));
    rest.remove_prefix(point.size);
    RC_ASSERT(taken.size() == rest.size());
    is_whole = is_whole && point.is_valid;
  }
  RC_ASSERT(is_utf8(bytes) == is_whole);
  RC_ASSERT(is_whole || !is_clean_utf8(bytes));
}

// Goal: a text cut to fit a column stays UTF-8.
// Method: every length of a text with two-, three- and four-byte characters.
TEST(Utf8, IsNeverCutWithinACharacter) {
  const std::string text = "aé\u0800📞z";
  for (std::size_t size = 0; size <= text.size() + 1; ++size) {
    const std::string_view prefix = utf8_prefix(text, size);
    EXPECT_TRUE(is_utf8(prefix)) << size;
    EXPECT_LE(prefix.size(), size);
    EXPECT_TRUE(text.starts_with(prefix));
  }
}

// Goal: somebody's words can be quoted in an error, whatever they are: one line, UTF-8, bounded.
TEST(Utf8, IsQuotedInOneLine) {
  EXPECT_EQ(quotable("caf\u00e9 8", 20), "caf\u00e9 8");
  EXPECT_EQ(quotable("a\nb\x01\xFF\xC3", 20), "a?b???");
  EXPECT_EQ(quotable("a\u0085b", 20), "a?b");
  EXPECT_EQ(quotable("caf\u00e9", 4), "caf") << "no half of a character";
}

RC_GTEST_PROP(Utf8, OfAnyBytesCanBeQuoted, (const std::string& bytes)) {
  const std::string quoted = quotable(bytes, 20);
  RC_ASSERT(quoted.size() <= 20U);
  RC_ASSERT(is_clean_utf8(quoted));
  RC_ASSERT(quoted.find_first_of("\n\t") == std::string::npos);
}

}  // namespace
}  // namespace jobrun
