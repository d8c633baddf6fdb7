#include "base/phone_number.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace jobrun {
namespace {

std::string any_digits(std::size_t least, std::size_t most) {
  const auto length = *rc::gen::inRange<std::size_t>(least, most + 1);
  return *rc::gen::container<std::string>(length, rc::gen::inRange<char>('0', '9' + 1));
}

// Goal: what is parsed is what is written again.
TEST(E164, ParsesAndWritesTheSameText) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = "+" + std::string(1, *rc::gen::inRange<char>('1', '9' + 1)) + any_digits(6, 14);
    const Result<E164> number = E164::parse(text);
    RC_ASSERT(number.has_value());
    RC_ASSERT(number->text() == text);
    RC_ASSERT(E164::from_digits(number->digits()) == *number);
  }));
}

// Goal: nothing but a plus sign and 7 to 15 digits, the first not 0, is a number; and the error says so.
TEST(E164, RefusesEverythingElse) {
  for (const char* text :
       {"", "+", "+0123456789", "+123456", "+1234567890123456", "14155550123", "+1415555012a", " +14155550123",
        "+14155550123 ", "+1 415 555 0123", "++14155550123", "tel:+14155550123"}) {
    const Result<E164> number = E164::parse(text);
    ASSERT_FALSE(number.has_value()) << text;
    EXPECT_NE(number.error().message.find("+14155550123"), std::string::npos) << "an example of what is expected";
  }
}

// Goal: any bytes at all make a caller, and only well-formed numbers make one that can be texted.
TEST(Caller, TakesAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& from) {
    const Caller caller = Caller::parse(from);
    RC_ASSERT(caller.number().has_value() == (caller.kind() == CallerKind::phone));
    RC_ASSERT((!caller.number() || caller.number()->text() == from));
    RC_ASSERT(caller.text().size() <= 64U);
    for (const char c : caller.text()) RC_ASSERT((c >= 0x20 && c < 0x7F));
  }));
}

// Goal: withheld ids are told apart, as words and as keypad spellings, exactly and never by prefix.
TEST(Caller, TellsWithheldIdsApart) {
  for (const char* from : {"anonymous", "Anonymous", "restricted", "unavailable", "private", "blocked", "unknown",
                           "", "sip:alice@example.com", "client:alice", "+266696687", "+7378742833",
                           "+86282452253", "+8656696", "+2562533", "+7748283"}) {
    EXPECT_EQ(Caller::parse(from).kind(), CallerKind::withheld) << from;
  }
  for (const char* from : {"+2666966870", "+73787428330", "+862824522530", "+14155550123"}) {
    EXPECT_EQ(Caller::parse(from).kind(), CallerKind::phone) << from;
  }
}

// Goal: a short code is told apart from a number and from nothing.
TEST(Caller, TellsShortCodesApart) {
  EXPECT_EQ(Caller::parse("72345").kind(), CallerKind::short_code);
  EXPECT_EQ(Caller::parse("12").kind(), CallerKind::withheld);
  EXPECT_EQ(Caller::parse("1234567").kind(), CallerKind::withheld);
}

// Goal: a masked number cannot be called, whatever it is.
TEST(Masked, HidesTheMiddleOfAnyText) {
  EXPECT_EQ(masked("+14155550123"), "+1415*****23");
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const std::string hidden = masked(text);
    RC_ASSERT(hidden.size() == text.size());
    std::size_t shown = 0;
    for (std::size_t i = 0; i < text.size(); ++i) shown += hidden[i] != '*' ? 1 : 0;
    RC_ASSERT(shown <= 7U);
  }));
}

// Goal: no phone number is left in somebody else's words, and the rest of them stays readable.
// Method: a carrier's sentences; then any numbers between any words.
TEST(Masked, HidesTheNumbersWithinWords) {
  EXPECT_EQ(masked_within("HTTP 400, code 21211: Invalid 'To' Phone Number: +14155550123."),
            "HTTP 400, code 21211: Invalid 'To' Phone Number: +1415*****23.");
  EXPECT_EQ(masked_within("14155550123+14155550124"), "14155****23+1415*****24");
  EXPECT_EQ(masked_within("++1 123456 +"), "++1 123456 +");
  EXPECT_TRUE(rc::check([] {
    const E164 number = E164::from_digits(*rc::gen::inRange<std::uint64_t>(1'000'000'000, 1'000'000'000'000));
    const std::string before = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" +':.x")));
    const std::string words = masked_within(before + number.text() + before);
    RC_ASSERT(words.find(number.text().substr(1)) == std::string::npos);
    RC_ASSERT(words.size() == 2 * before.size() + number.text().size());
    RC_ASSERT(words.starts_with(before));
  }));
}

}  // namespace
}  // namespace jobrun
