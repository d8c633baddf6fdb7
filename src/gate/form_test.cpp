#include "gate/form.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/utf8.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::gate {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs_of(const Form& form) {
  Pairs pairs;
  for (std::size_t i = 0; i < form.size(); ++i) pairs.emplace_back(form[i].name, form[i].value);
  return pairs;
}

Pairs parsed(const std::string& body) {
  const Result<Form> form = Form::parse(body);
  EXPECT_TRUE(form.has_value()) << body << ": " << (form ? "" : form.error().message);
  return form ? pairs_of(*form) : Pairs{};
}

std::string refusal_of(const std::string& body) {
  const Result<Form> form = Form::parse(body);
  return form ? "accepted" : form.error().message;
}

/// Any code point a form may hold, the awkward ones often.
rc::Gen<std::string> any_text() {
  const auto character = rc::gen::weightedOneOf<std::string>(
      {{5, rc::gen::map(rc::gen::inRange(1, 128), [](int c) { return std::string(1, static_cast<char>(c)); })},
       {2, rc::gen::elementOf(std::vector<std::string>{"&", "=", "%", "+", " ", "\r", "\n", "%41", "é", "ß"})},
       {1, rc::gen::elementOf(std::vector<std::string>{"\u0800", "\uFFFD", "\U00010000", "\U0010FFFF", "📞"})}});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                      [](const std::vector<std::string>& all) {
                        std::string text;
                        for (const std::string& one : all) text += one;
                        return text;
                      });
}

// Goal: what the carrier really sends is read as it was meant.
// Method: a redacted status callback; order, escapes, plus signs and an empty value.
TEST(Form, ReadsAStatusCallback) {
  EXPECT_EQ(parsed("CallSid=CA01&From=%2B14155550123&CallerName=&FromCity=SAN+FRANCISCO&Timestamp=Sat%2C+03+Jan"),
            (Pairs{{"CallSid", "CA01"},
                   {"From", "+14155550123"},
                   {"CallerName", ""},
                   {"FromCity", "SAN FRANCISCO"},
                   {"Timestamp", "Sat, 03 Jan"}}));
}

// Goal: repeats and order survive, because the signature covers them.
// Method: one name three times; every look-up.
TEST(Form, KeepsOrderAndRepeats) {
  const Result<Form> form = Form::parse("a=2&b=&a=1&a=2");
  ASSERT_TRUE(form.has_value());
  EXPECT_EQ(pairs_of(*form), (Pairs{{"a", "2"}, {"b", ""}, {"a", "1"}, {"a", "2"}}));
  EXPECT_EQ(form->find("a"), "2");
  EXPECT_EQ(form->find("A"), std::nullopt);
  EXPECT_EQ(form->count("a"), 3U);
}

// Goal: the grammar's edges mean one thing each.
// Method: rows.
TEST(Form, GivesEachEdgeOneMeaning) {
  EXPECT_EQ(parsed(""), Pairs{});
  EXPECT_EQ(parsed("&&a=1&&"), (Pairs{{"a", "1"}}));
  EXPECT_EQ(parsed("a"), (Pairs{{"a", ""}}));
  EXPECT_EQ(parsed("a=b=c"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parsed("a=%3d%26%2B%25"), (Pairs{{"a", "=&+%"}}));
  EXPECT_EQ(parsed("a%20b=+c+"), (Pairs{{"a b", " c "}}));
}

// Goal: a damaged body is refused, whichever way it is damaged.
// Method: one damage per row; the message names it.
TEST(Form, RefusesDamage) {
  for (const std::string body : {"a=%", "a=%4", "a=%4G", "a=%G4", "%=a", "a=b%&c=d", "a=%+1"}) {
    EXPECT_EQ(refusal_of(body), "the form has a '%' without two hexadecimal digits behind it") << body;
  }
  EXPECT_EQ(refusal_of("a=%00"), "the form has a NUL character");
  EXPECT_EQ(refusal_of(std::string("a=\0b", 4)), "the form has a NUL character");
  EXPECT_EQ(refusal_of("=b"), "the form has a parameter without a name");
  for (const std::string body :
       {"a=%FF", "%C3=b", "a=%C3%28", "a=%C0%AF", "a=%ED%A0%80", "a=%F4%90%80%80", "a=\x80",
        // A code point may not be split over two values.
        "a=%C3&%A9=b"}) {
    EXPECT_EQ(refusal_of(body), "the form has a name or value that is not UTF-8") << body;
  }
}

// Goal: every limit holds exactly.
// Method: the largest that is accepted and the smallest that is not.
TEST(Form, HoldsItsLimits) {
  const auto parameters = [](std::size_t count) {
    std::string body;
    for (std::size_t i = 0; i < count; ++i) body += "a=1&";
    return body;
  };
  EXPECT_EQ(parsed(parameters(Form::parameters_max)).size(), Form::parameters_max);
  EXPECT_EQ(refusal_of(parameters(Form::parameters_max + 1)), "the form has more than 200 parameters");
  EXPECT_EQ(parsed(std::string(Form::name_bytes_max, 'n')).size(), 1U);
  EXPECT_EQ(refusal_of(std::string(Form::name_bytes_max + 1, 'n')), "the form has a name longer than 128 bytes");
  EXPECT_EQ(parsed("a=" + std::string(Form::value_bytes_max, 'v')).size(), 1U);
  EXPECT_EQ(refusal_of("a=" + std::string(Form::value_bytes_max + 1, 'v')),
            "the form has a value longer than 16384 bytes");
  EXPECT_EQ(parsed(std::string(Form::body_bytes_max, '&')), Pairs{});
  EXPECT_EQ(refusal_of(std::string(Form::body_bytes_max + 1, '&')), "the form is larger than 65536 bytes");
}

// Goal: nothing a sender can write is changed on the way.
// Method: arbitrary texts are encoded, parsed, compared.
TEST(Form, ReturnsWhatWasEncoded) {
  EXPECT_TRUE(rc::check("encode, then parse", [] {
    Pairs pairs;
    for (int count = *rc::gen::inRange(0, 12); count > 0; --count) {
      std::string name = *any_text();
      if (name.empty()) name = "n";
      pairs.emplace_back(std::string(utf8_prefix(name, Form::name_bytes_max)), *any_text());
    }
    const Result<Form> form = Form::parse(net::form_encoded(pairs));
    RC_ASSERT(form.has_value());
    RC_ASSERT(pairs_of(*form) == pairs);
  }));
}

// Goal: no body, however wild, is misread: what is accepted is UTF-8 without NUL and within the limits.
// Method: random bytes rich in the grammar's own characters.
TEST(Form, AcceptsOnlyWhatItPromises) {
  EXPECT_TRUE(rc::check("any bytes", [] {
    const auto byte = rc::gen::weightedOneOf<char>(
        {{3, rc::gen::elementOf(std::string("&=%+0aF1"))}, {1, rc::gen::arbitrary<char>()}});
    const Result<Form> form = Form::parse(*rc::gen::container<std::string>(byte));
    if (!form) return;
    for (const auto& [name, value] : pairs_of(*form)) {
      RC_ASSERT(!name.empty());
      RC_ASSERT((is_utf8(name) && is_utf8(value)));
      RC_ASSERT((name + value).find('\0') == std::string::npos);
    }
  }));
}

// Goal: a form may be handed on.
// Method: a form short enough for the small-string buffer is moved, then read.
TEST(Form, SurvivesBeingMoved) {
  Result<Form> form = Form::parse("a=b");
  ASSERT_TRUE(form.has_value());
  const Form moved = std::move(*form);
  EXPECT_EQ(pairs_of(moved), (Pairs{{"a", "b"}}));
}

}  // namespace
}  // namespace jobrun::gate
