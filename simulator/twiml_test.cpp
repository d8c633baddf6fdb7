// The TwiML player without a network: documents in, what the caller hears and what happens next out.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "call_script.hpp"
#include "twiml_document.hpp"

namespace jobrun::simulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int problem_code(std::string_view type, std::string_view body) {
  const auto document = read_twiml(type, body);
  return document ? 0 : document.error().code;
}

Element document(std::string_view inside) {
  const auto read = read_twiml("text/xml", "<Response>" + std::string(inside) + "</Response>");
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().text());
  return read.value_or(Element{});
}

// Goal: ill-formed TwiML is refused, never guessed at.
// Method: one document a way of being wrong.
TEST(Twiml, RefusesWhatIsNotWellFormed) {
  for (const std::string_view bad : {
           std::string_view{"<Response><Say>Smith & Sons</Say></Response>"},
           std::string_view{"<Response><Say>a < b</Say></Response>"},
           std::string_view{"<Response><Say voice=\"a\"b\">x</Say></Response>"},
           std::string_view{"<Response><Say>x</Response>"},
           std::string_view{"<Response/><Response/>"},
           std::string_view{"<Response><Say>\x01</Say></Response>"},
           std::string_view{"<Response><Say>\xFF\xFE</Say></Response>"},
           std::string_view{"<Response><Say>&nbsp;</Say></Response>"},
           std::string_view{"<!DOCTYPE a [<!ENTITY b \"c\">]><Response><Say>&b;</Say></Response>"},
           std::string_view{"<Other/>"},
           std::string_view{""},
           std::string_view{"Hello"},
           std::string_view{" <?xml version=\"1.0\"?><Response/>"},
       }) {
    EXPECT_EQ(problem_code("text/xml", bad), 12100) << bad;
  }
}

// Goal: the content type decides how an answer is read.
TEST(Twiml, ReadsByContentType) {
  EXPECT_EQ(problem_code("text/xml; charset=utf-8", "<Response/>"), 0);
  EXPECT_EQ(problem_code("Application/XML", "<Response/>"), 0);
  EXPECT_EQ(problem_code("application/json", "<Response/>"), 12300);
  EXPECT_EQ(problem_code("", "<Response/>"), 12300);
  const auto aloud = read_twiml("text/plain", "<Response/>");
  ASSERT_TRUE(aloud.has_value());
  EXPECT_EQ(aloud->children[0].text, "<Response/>");
}

// Goal: documents are bounded in bytes, elements and depth.
TEST(Twiml, IsBounded) {
  EXPECT_EQ(problem_code("text/xml", "<Response>" + std::string(twiml_bytes_max, ' ') + "</Response>"), 11750);
  std::string many = "<Response>";
  for (std::size_t i = 0; i < twiml_elements_max; ++i) many += "<Pause/>";
  EXPECT_EQ(problem_code("text/xml", many + "</Response>"), 12100);
  std::string deep = "<Response>";
  for (std::size_t i = 0; i < twiml_depth_max; ++i) deep += "<Say>";
  EXPECT_EQ(problem_code("text/xml", deep), 12100);
  EXPECT_EQ(problem_code("text/xml", deep + "<a/><b/>"), 12100);
}

// Goal: no bytes whatever upset the reader.
RC_GTEST_PROP(Twiml, SurvivesAnyBytes, (const std::string& bytes)) {
  static_cast<void>(read_twiml("text/xml", bytes));
  static_cast<void>(read_twiml("text/xml", "<Response>" + bytes + "</Response>"));
}

// Goal: a business name with any characters is heard as it was written, if it was escaped.
TEST(Twiml, IsHeardAsWritten) {
  CallScript script({}, CallStatus::no_answer);
  script.played(document("<Say>Smith &amp; Sons &lt;\xC3\xBC&gt; \"&apos;</Say>"), "http://s/v");
  EXPECT_THAT(script.heard(), ElementsAre("Smith & Sons <\xC3\xBC> \"'"));
}

// Goal: verbs and attributes that Twilio does not know are named.
TEST(Twiml, NamesUnknownVerbsAndAttributes) {
  CallScript script({}, CallStatus::no_answer);
  script.played(
      document("<Speak>x</Speak><Say speed=\"2\">y</Say><Dial><Number colour=\"red\">+1</Number></Dial>"),
      "http://s/v");
  ASSERT_EQ(script.problems().size(), 3U);
  EXPECT_THAT(script.problems()[0], HasSubstr("<Speak>"));
  EXPECT_THAT(script.problems()[1], HasSubstr("`speed`"));
  EXPECT_THAT(script.problems()[2], HasSubstr("`colour`"));
}

/// Plays until something other than the passing of time is asked for.
Step play(CallScript& script, Step step) {
  while (std::holds_alternative<Pass>(step)) step = script.next();
  return step;
}

Step play(CallScript& script, std::string_view inside) {
  return play(script, script.played(document(inside), "http://s/twilio/voice"));
}

// Goal: a call's status follows from its first verbs.
TEST(CallScripts, EndAsTheirVerbsSay) {
  struct Row {
    std::string_view inside;
    CallStatus status;
  };
  for (const Row& row : {Row{"", CallStatus::completed}, Row{"<Say>x</Say>", CallStatus::completed},
                         Row{"<Hangup/>", CallStatus::completed}, Row{"<Reject/>", CallStatus::no_answer},
                         Row{"<Reject reason=\"rejected\"/>", CallStatus::no_answer},
                         Row{"<Reject reason=\"busy\"/>", CallStatus::busy},
                         Row{"<Say>x</Say><Reject reason=\"busy\"/>", CallStatus::completed}}) {
    CallScript script({}, CallStatus::no_answer);
    EXPECT_TRUE(std::holds_alternative<Ended>(play(script, row.inside))) << row.inside;
    EXPECT_EQ(script.status(), row.status) << row.inside;
  }
}

// Goal: nothing is heard after a Hangup or a Reject.
TEST(CallScripts, StopAtHangupAndReject) {
  for (const std::string_view verb : {"<Hangup/>", "<Reject reason=\"busy\"/>"}) {
    CallScript script({}, CallStatus::no_answer);
    play(script, std::string(verb) + "<Say>never</Say>");
    EXPECT_THAT(script.heard(), testing::Not(testing::Contains("never")));
  }
}

// Goal: a redirect is followed relative to its document, at most ten times a call.
TEST(CallScripts, FollowAtMostTenRedirects) {
  CallScript script({}, CallStatus::no_answer);
  Step step = play(script, "<Redirect method=\"GET\">next?a=1&amp;b=2</Redirect>");
  for (int i = 1; i <= redirects_max; ++i) {
    const auto* fetch = std::get_if<Fetch>(&step);
    ASSERT_NE(fetch, nullptr) << i;
    EXPECT_EQ(fetch->url, "http://s/twilio/next?a=1&b=2");
    EXPECT_EQ(fetch->method, "GET");
    step = play(script, "<Redirect method=\"GET\">next?a=1&amp;b=2</Redirect>");
  }
  EXPECT_TRUE(std::holds_alternative<Ended>(step));
  EXPECT_THAT(script.heard().back(), HasSubstr("application error"));
}

// Goal: a Gather goes on when no key is pressed, and to its action when one is.
TEST(CallScripts, GatherWhatTheCallerPresses) {
  CallScript silent({}, CallStatus::no_answer);
  EXPECT_TRUE(std::holds_alternative<Ended>(
      play(silent, "<Gather action=\"/a\"><Say>press</Say></Gather><Say>after</Say>")));
  EXPECT_THAT(silent.heard(), ElementsAre("press", "after"));
  CallScript pressing({.digits = "1"}, CallStatus::no_answer);
  const Step step = play(pressing, "<Gather action=\"/a\"><Say>press</Say></Gather><Say>after</Say>");
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_EQ(value_of(std::get<Fetch>(step).extra, "Digits"), "1");
  EXPECT_THAT(pressing.heard(), ElementsAre("press"));
}

// Goal: a voicemail reaches the recording callback and the action, silence neither.
TEST(CallScripts, RecordWhatTheCallerSays) {
  const std::string_view inside =
      "<Record action=\"/done\" recordingStatusCallback=\"/rec\" transcribeCallback=\"/text\"/><Say>after</Say>";
  CallScript silent({}, CallStatus::no_answer);
  EXPECT_TRUE(std::holds_alternative<Ended>(play(silent, inside)));
  EXPECT_THAT(silent.heard(), ElementsAre("[beep]", "after"));
  CallScript speaking({.voicemail = "my tap leaks"}, CallStatus::no_answer);
  Step step = play(speaking, inside);
  ASSERT_TRUE(std::holds_alternative<Tell>(step));
  EXPECT_EQ(std::get<Tell>(step).url, "http://s/rec");
  step = play(speaking, speaking.next());
  ASSERT_TRUE(std::holds_alternative<Tell>(step));
  EXPECT_EQ(value_of(std::get<Tell>(step).extra, "TranscriptionText"), "my tap leaks");
  step = play(speaking, speaking.next());
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_EQ(std::get<Fetch>(step).url, "http://s/done");
  EXPECT_EQ(value_of(std::get<Fetch>(step).extra, "RecordingDuration"), "1");
}

// Goal: a Dial tells its action how it went; without one, the next verb follows.
TEST(CallScripts, DialTellsItsAction) {
  CallScript with({}, CallStatus::no_answer);
  Step step =
      play(with, "<Dial action=\"/d\" timeout=\"18\" callerId=\"+1555\">+14155550111</Dial><Say>after</Say>");
  ASSERT_TRUE(std::holds_alternative<DialOut>(step));
  EXPECT_EQ(std::get<DialOut>(step).ring_time, std::chrono::seconds{18});
  EXPECT_EQ(std::get<DialOut>(step).caller_id, "+1555");
  EXPECT_EQ(std::get<DialOut>(step).targets.at(0).number, "+14155550111");
  step = play(with, with.dialled({.status = "busy", .child_sid = "CAx"}));
  ASSERT_TRUE(std::holds_alternative<Fetch>(step));
  EXPECT_EQ(value_of(std::get<Fetch>(step).extra, "DialCallStatus"), "busy");
  EXPECT_EQ(value_of(std::get<Fetch>(step).extra, "DialBridged"), "false");
  CallScript without({}, CallStatus::no_answer);
  play(without, "<Dial>+14155550111</Dial><Say>after</Say>");
  EXPECT_TRUE(std::holds_alternative<Ended>(play(without, without.dialled({.status = "no-answer"}))));
  EXPECT_THAT(without.heard(), ElementsAre("[rings]", "after"));
  EXPECT_EQ(without.status(), CallStatus::completed);
}

// Goal: relative URLs are resolved against the document they are in.
TEST(Urls, ResolveAgainstTheirDocument) {
  EXPECT_EQ(resolved_url("https://a.b/c/d?e#f", ""), "https://a.b/c/d?e#f");
  EXPECT_EQ(resolved_url("https://a.b/c/d?e", "/x?y"), "https://a.b/x?y");
  EXPECT_EQ(resolved_url("https://a.b/c/d?e=/", "x"), "https://a.b/c/x");
  EXPECT_EQ(resolved_url("https://a.b", "x"), "https://a.b/x");
  EXPECT_EQ(resolved_url("https://a.b", "/x"), "https://a.b/x");
  EXPECT_EQ(resolved_url("https://a.b/c", "http://z/"), "http://z/");
}

}  // namespace
}  // namespace jobrun::simulator
