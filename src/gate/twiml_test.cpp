#include "gate/twiml.hpp"

#include <expat.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <memory>
#include <vector>

#include "base/utf8.hpp"

namespace jobrun::gate {
namespace {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;
};

/// What expat, which is not ours, makes of a document; `well_formed` is its verdict.
struct Reading {
  bool well_formed = false;
  std::vector<Element> elements;
};

Reading read_xml(const std::string& document) {
  Reading reading;
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), &XML_ParserFree);
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(
      parser.get(),
      [](void* context, const char* name, const char** attributes) {
        Element element;
        element.name = name;
        for (; *attributes != nullptr; attributes += 2) element.attributes[attributes[0]] = attributes[1];
        static_cast<Reading*>(context)->elements.push_back(element);
      },
      nullptr);
  XML_SetCharacterDataHandler(parser.get(), [](void* context, const char* text, int size) {
    static_cast<Reading*>(context)->elements.back().text.append(text, static_cast<std::size_t>(size));
  });
  reading.well_formed =
      XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), 1) == XML_STATUS_OK;
  return reading;
}

std::string spoken(const std::string& say) {
  const Reading reading = read_xml(write_voice_answer(VoiceAnswer{.say = say}));
  EXPECT_TRUE(reading.well_formed);
  return reading.elements.size() > 1 ? reading.elements[1].text : "";
}

// Goal: the answer to a call is what the carrier's pages show.
// Method: the whole document, once.
TEST(Twiml, SaysAndHangsUp) {
  EXPECT_EQ(write_voice_answer(VoiceAnswer{.say = "Hello"}),
            R"(<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello</Say><Hangup/></Response>)");
  EXPECT_EQ(write_voice_answer(std::nullopt),
            R"(<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>)");
}

// Goal: every verb is spelt as the carrier spells it.
// Method: one of each, read back by an XML parser.
TEST(Twiml, SpellsEveryVerbAsTheCarrierDoes) {
  const std::vector<Verb> verbs = {Reject{},
                                   Reject{Reject::Reason::busy},
                                   Pause{std::chrono::seconds{3}},
                                   Say{.text = "a", .voice = "alice", .language = "en-GB"},
                                   Redirect{"https://a.example/?x=1&y=2"},
                                   Hangup{}};
  const Reading reading = read_xml(write_twiml(verbs));
  ASSERT_TRUE(reading.well_formed);
  ASSERT_EQ(reading.elements.size(), 7U);
  EXPECT_EQ(reading.elements[0].name, "Response");
  EXPECT_EQ(reading.elements[1].name, "Reject");
  EXPECT_EQ(reading.elements[1].attributes.at("reason"), "rejected");
  EXPECT_EQ(reading.elements[2].attributes.at("reason"), "busy");
  EXPECT_EQ(reading.elements[3].name, "Pause");
  EXPECT_EQ(reading.elements[3].attributes.at("length"), "3");
  EXPECT_EQ(reading.elements[4].attributes,
            (std::map<std::string, std::string>{{"voice", "alice"}, {"language", "en-GB"}}));
  EXPECT_EQ(reading.elements[5].text, "https://a.example/?x=1&y=2");
  EXPECT_EQ(reading.elements[6].name, "Hangup");
}

// Goal: a business may call itself what it likes.
// Method: names that break careless XML.
TEST(Twiml, SurvivesAnyBusinessName) {
  for (const std::string name : {"Smith & Sons", "</Say><Hangup/>", "<![CDATA[x]]>", "]]>", "\"quoted\" 'name'",
                                 "&amp;", "tab\tline\nreturn\r\nend", "Café 📞 \u2028"}) {
    EXPECT_EQ(spoken(name), name);
  }
}

// Goal: what XML cannot hold is dropped, and what is not UTF-8 is replaced, both without a trace on the rest.
// Method: one character each.
TEST(Twiml, DropsWhatXmlForbids) {
  EXPECT_EQ(spoken(std::string("a\0b\x01\x1F\x7Fz", 7)), "ab\x7Fz");
  EXPECT_EQ(spoken("a\uFFFE\uFFFFz"), "az");
  EXPECT_EQ(spoken("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(spoken("a\xC3"), "a\uFFFD");
  EXPECT_EQ(spoken("a\xED\xA0\x80z"), "a\uFFFD\uFFFD\uFFFDz");
}

/// A text as it must come out: the rule, written a second time and naively.
std::string as_spoken(const std::string& text) {
  std::string expected;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = first_code_point(rest);
    const std::uint32_t c = point.value;
    const bool is_control = c < 0x20 && c != 9 && c != 10 && c != 13;
    if (!point.is_valid) {
      expected += "\uFFFD";
    } else if (!is_control && c != 0xFFFE && c != 0xFFFF) {
      expected += rest.substr(0, point.size);
    }
    rest.remove_prefix(point.size);
  }
  return expected;
}

// Goal: no bytes at all make ill-formed XML, and what is speakable arrives unchanged.
// Method: random bytes and random text as spoken text, attribute and URL, judged by expat.
TEST(Twiml, IsAlwaysWellFormed) {
  EXPECT_TRUE(rc::check("any bytes", [] {
    const auto byte = rc::gen::weightedOneOf<char>(
        {{1, rc::gen::arbitrary<char>()}, {2, rc::gen::elementOf(std::string("<>&\"']-\t\r\n!\xC3\xA9"))}});
    const std::string text = *rc::gen::container<std::string>(byte);
    const std::vector<Verb> verbs = {Say{.text = text, .voice = text, .language = "en"}, Redirect{text}, Hangup{}};
    const Reading reading = read_xml(write_twiml(verbs));
    RC_ASSERT(reading.well_formed);
    RC_ASSERT(reading.elements.size() == 4U);
    RC_ASSERT(reading.elements[1].text == as_spoken(text));
    if (!text.empty()) RC_ASSERT(reading.elements[1].attributes.at("voice") == as_spoken(text));
    RC_ASSERT(reading.elements[2].text == as_spoken(text));
  }));
}

// Goal: a document never gets longer than the carrier accepts, and is still one.
// Method: texts around and far beyond the limit, of characters that grow when escaped or take several bytes.
TEST(Twiml, StaysWithinTheCarriersLimit) {
  for (const std::string unit : {"a", "&", "\"", "é", "📞", "\xFF"}) {
    std::string text;
    while (text.size() < twiml_bytes_max + 100) text += unit;
    const std::vector<Verb> verbs = {Say{.text = text}, Say{.text = "b"}, Say{.text = "c", .voice = text},
                                     Redirect{text},    Pause{},          Hangup{}};
    const std::string document = write_twiml(verbs);
    EXPECT_LE(document.size(), twiml_bytes_max);
    const Reading reading = read_xml(document);
    EXPECT_TRUE(reading.well_formed) << unit;
    ASSERT_GE(reading.elements.size(), 2U);
    EXPECT_GT(reading.elements[1].text.size(), 10'000U);
    for (const Element& element : reading.elements) EXPECT_NE(element.name, "Redirect") << "half a URL";
  }
}

}  // namespace
}  // namespace jobrun::gate
