// Webhooks about phones that ring and messages that callers leave, and the TwiML that asks for them.
#include <gtest/gtest.h>

#include "gate/twiml.hpp"
#include "gate_test_support.hpp"

namespace jobrun::gate {
namespace {

using std::chrono::seconds;

const std::string parent = "CA0123456789abcdef0123456789abcdef";
const std::string child = "CAfedcba9876543210fedcba9876543210";
const Parameters leg_parameters = {
    {"CallSid", child},     {"ParentCallSid", parent},     {"From", "+14155550123"},
    {"To", "+14155550150"}, {"CallStatus", "in-progress"}, {"Direction", "outbound-dial"}};

// Goal: what is told of the leg to a phone is about the customer's call, and names the number that he called.
// Method: both webhooks of a leg, with the parent in the form; without it, it is the one that our path names.
TEST_F(GateTest, ALegIsAboutItsCall) {
  ask(signed_post("/twilio/screen?call=CA9&number=14155550100", leg_parameters));
  const auto picked_up = only_event<PhonePickedUp>();
  EXPECT_EQ(picked_up.call.call_sid.text(), parent);
  EXPECT_EQ(picked_up.leg.text(), child);
  EXPECT_EQ(picked_up.call.caller.text(), "+14155550123");
  EXPECT_EQ(picked_up.call.number, E164::from_digits(14155550100));
  EXPECT_TRUE(picked_up.call.is_inbound_parent);
  sink.events.clear();
  ask(signed_post("/twilio/screen?call=CA9&number=14155550100", without(leg_parameters, "ParentCallSid")));
  EXPECT_EQ(only_event<PhonePickedUp>().call.call_sid.text(), "CA9");
  sink.events.clear();
  for (const std::string query : {"", "?", "?call=", "?call=%", "?number=x&call=../", "?a=1"}) {
    expect_refused(signed_post("/twilio/screen" + query, without(leg_parameters, "ParentCallSid")), 400,
                   "missing_call_sid");
  }
}

// Goal: only the key 1 takes a call.
TEST_F(GateTest, OnlyTheKeyOneAccepts) {
  for (const std::string digits : {"1", "2", "11", " 1", "", "1 "}) {
    sink.events.clear();
    ask(signed_post("/twilio/screen-result?call=CA9&number=", with(leg_parameters, "Digits", digits)));
    EXPECT_EQ(only_event<PhoneAnswered>().is_accepted, digits == "1") << digits;
    EXPECT_EQ(only_event<PhoneAnswered>().call.number, std::nullopt);
  }
  sink.events.clear();
  ask(signed_post("/twilio/screen-result?call=CA9", leg_parameters));
  EXPECT_FALSE(only_event<PhoneAnswered>().is_accepted);
}

// Goal: how ringing ended is read for every word there is, and for those there are not yet.
TEST_F(GateTest, ReadsHowRingingEnded) {
  struct Row {
    std::string said;
    RingStatus status;
    bool has_left;
  };
  for (const Row& row :
       {Row{"completed", RingStatus::completed, false}, Row{"answered", RingStatus::completed, false},
        Row{"busy", RingStatus::busy, false}, Row{"no-answer", RingStatus::no_answer, false},
        Row{"failed", RingStatus::failed, false}, Row{"canceled", RingStatus::canceled, true},
        Row{"", RingStatus::unrecognised, false}, Row{"resting", RingStatus::unrecognised, false}}) {
    sink.events.clear();
    const Parameters parameters = with(with(voice_parameters, "DialCallStatus", row.said), "DialCallSid", child);
    ask(signed_post("/twilio/dial-result?behind=2", with(parameters, "CallStatus", "in-progress")));
    const auto end = only_event<RingEnd>();
    EXPECT_EQ(end.status, row.status) << row.said;
    EXPECT_EQ(end.caller_has_left, row.has_left) << row.said;
    EXPECT_EQ(end.leg, child);
    EXPECT_EQ(end.phones_behind, 2U);
    EXPECT_TRUE(end.is_bridged);
    EXPECT_EQ(end.call.call_sid.text(), parent);
  }
  sink.events.clear();
  ask(signed_post("/twilio/dial-result?behind=2",
                  with(with(voice_parameters, "CallStatus", "no-answer"), "DialBridged", "false")));
  EXPECT_TRUE(only_event<RingEnd>().caller_has_left) << "his call is over";
  EXPECT_FALSE(only_event<RingEnd>().is_bridged);
}

// Goal: whatever stands behind our own path, no phone is rung for ever: what cannot be read says that all are
// done.
TEST_F(GateTest, AnUnreadableTurnIsTheLast) {
  for (const std::string query : {"", "?behind=", "?behind=-1", "?behind=100", "?behind=99999999999999999999",
                                  "?behind=1x", "?behind=%31%", "?other=1"}) {
    sink.events.clear();
    ask(signed_post("/twilio/dial-result" + query, voice_parameters));
    EXPECT_EQ(only_event<RingEnd>().phones_behind, 99U) << query;
  }
}

// Goal: a message is told of with all that is known, within bounds; it needs an id.
TEST_F(GateTest, ReadsMessagesThatCallersLeave) {
  Parameters parameters = with(voice_parameters, "RecordingSid", "RE0123456789abcdef0123456789abcdef");
  parameters = with(with(parameters, "RecordingUrl", "https://api.example.com/RE1"), "RecordingDuration", "23");
  ask(signed_post("/twilio/recording?number=14155550100", parameters));
  const auto left = only_event<RecordingNews>();
  EXPECT_EQ(left.step, RecordingStep::left);
  EXPECT_EQ(left.url, "https://api.example.com/RE1");
  EXPECT_EQ(left.duration, seconds{23});
  for (const auto& [status, step] : {std::pair{"completed", RecordingStep::kept},
                                     {"failed", RecordingStep::failed},
                                     {"absent", RecordingStep::failed}}) {
    sink.events.clear();
    ask(signed_post("/twilio/recording-status?number=14155550100", with(parameters, "RecordingStatus", status)));
    EXPECT_EQ(only_event<RecordingNews>().step, step) << status;
  }
  sink.events.clear();
  ask(signed_post("/twilio/transcription?number=14155550100", {{"CallSid", parent},
                                                               {"RecordingSid", "RE1"},
                                                               {"RecordingUrl", "javascript:alert(1)"},
                                                               {"RecordingDuration", "-5"},
                                                               {"TranscriptionText", std::string(5'000, 'x')}}));
  const auto words = only_event<RecordingNews>();
  EXPECT_EQ(words.step, RecordingStep::transcribed);
  EXPECT_EQ(words.transcription.size(), inbound_characters_max);
  EXPECT_EQ(words.url, "") << "no link is followed or shown that is none";
  EXPECT_EQ(words.duration, std::nullopt);
  EXPECT_EQ(words.call.number, E164::from_digits(14155550100)) << "which this webhook does not say itself";
  sink.events.clear();
  ask(signed_post("/twilio/transcription", {{"CallSid", parent},
                                            {"RecordingSid", "RE1"},
                                            {"TranscriptionStatus", "failed"},
                                            {"TranscriptionText", "half"}}));
  EXPECT_EQ(only_event<RecordingNews>().transcription, "");
  sink.events.clear();
  expect_refused(signed_post("/twilio/recording", voice_parameters), 400, "missing_recording_sid");
  expect_refused(signed_post("/twilio/recording", with(voice_parameters, "RecordingSid", "RE/1")), 400,
                 "malformed_recording_sid");
  Parameters twice = with(voice_parameters, "RecordingSid", "RE1");
  twice.emplace_back("RecordingSid", "RE2");
  expect_refused(signed_post("/twilio/recording", twice), 400, "repeated_parameter");
}

// Goal: nobody but the carrier says that a call was taken: the signature covers the query too.
TEST_F(GateTest, WebhooksOfRingingAreSigned) {
  for (const std::string path : {"/twilio/screen", "/twilio/screen-result", "/twilio/dial-result",
                                 "/twilio/recording", "/twilio/recording-status", "/twilio/transcription"}) {
    net::HttpRequest request = signed_post(path + "?call=CA1", leg_parameters);
    request.target = path + "?call=CA2";
    expect_refused(request, 403, "wrong_signature");
    request.headers.pop_back();
    expect_refused(request, 403, "missing_signature");
  }
}

// Goal: what the carriers say of the caller's number is read; what we do not know says nothing.
TEST_F(GateTest, ReadsWhetherTheCallersNumberHolds) {
  using enum CallerVerification;
  for (const auto& [said, verification] : {std::pair{"TN-Validation-Passed-A", verified},
                                           {"TN-Validation-Passed-A-Passthrough", verified},
                                           {"TN-Validation-Passed-B", partly_verified},
                                           {"TN-Validation-Passed-C", partly_verified},
                                           {"TN-Validation-Failed", not_verified},
                                           {"TN-Validation-Failed-A", not_verified},
                                           {"No-TN-Validation", unknown},
                                           {"", unknown},
                                           {"passed", unknown}}) {
    sink.events.clear();
    ask(signed_post("/twilio/voice", with(voice_parameters, "StirVerstat", said)));
    EXPECT_EQ(only_event<IncomingCall>().call.verification, verification) << said;
  }
}

const std::string start = R"(<?xml version="1.0" encoding="UTF-8"?><Response>)";

VoiceAnswer an_answer(VoiceStep then, std::string say = {}) {
  return {.greeting = Greeting::none,
          .say = std::move(say),
          .then = std::move(then),
          .call_sid = "CA1",
          .number = E164::from_digits(14155550100)};
}

// Goal: the answers that ring, ask, record and connect are what the carrier's pages show.
// Method: each document, whole; then with the path that our public address has.
TEST(Twiml, RingsAsksRecordsAndConnects) {
  const RingPhones ring{{E164::from_digits(14155550150), E164::from_digits(14155550151)}, seconds{18}, 2};
  const std::string number_start =
      R"(<Number url="/twilio/screen?call=CA1&amp;number=14155550100" method="POST">)";
  EXPECT_EQ(
      write_voice_answer(an_answer(ring)),
      start + R"(<Dial action="/twilio/dial-result?behind=2" method="POST" timeout="18" answerOnBridge="true">)" +
          number_start + "+14155550150</Number>" + number_start + "+14155550151</Number></Dial></Response>");
  EXPECT_EQ(write_voice_answer(an_answer(AskToAccept{}, "Press 1 & go")),
            start +
                R"(<Gather input="dtmf" numDigits="1" timeout="8" action="/twilio/screen-result?call=CA1&amp;)" +
                R"(number=14155550100" method="POST"><Say>Press 1 &amp; go</Say></Gather><Hangup/></Response>)");
  EXPECT_EQ(write_voice_answer(an_answer(Connect{})), start + "</Response>");
  EXPECT_EQ(write_voice_answer(an_answer(TakeMessage{}, "Speak")),
            start + R"(<Say>Speak</Say><Record action="/twilio/recording?number=14155550100" method="POST" )" +
                R"(maxLength="120" playBeep="true" )" +
                R"(recordingStatusCallback="/twilio/recording-status?number=14155550100" )" +
                R"(recordingStatusCallbackMethod="POST" transcribe="true" )" +
                R"(transcribeCallback="/twilio/transcription?number=14155550100"/><Hangup/></Response>)");
  EXPECT_NE(write_voice_answer(an_answer(ring), "/jobrun").find(R"(action="/jobrun/twilio/dial-result?)"),
            std::string::npos);
}

// Goal: a verb that does not fit is left out whole, its children with it.
TEST(Twiml, LeavesVerbsWithChildrenOutWhole) {
  const std::string long_text(twiml_bytes_max, 'x');
  const std::vector<Verb> verbs = {Dial{.numbers = {{"+14155550150", long_text}}},
                                   Gather{.say = {.text = "a"}, .action = long_text}, Record{.action = long_text},
                                   Gather{.say = {.text = long_text}}, Hangup{}};
  const std::string document = write_twiml(verbs);
  EXPECT_LE(document.size(), twiml_bytes_max);
  EXPECT_EQ(document.find("<Dial"), std::string::npos);
  EXPECT_EQ(document.find("<Record"), std::string::npos);
  EXPECT_NE(document.find("xxx</Say></Gather>"), std::string::npos) << "words are shortened";
}

// Goal: each of these webhooks is answered in the words that it needs once it is durable; callbacks in none.
TEST_F(GateTest, AnswersWebhooksOfRinging) {
  const Parameters recording = with(voice_parameters, "RecordingSid", "RE1");
  struct Row {
    std::string path;
    Parameters parameters;
    bool is_spoken_to;
  };
  for (const Row& row :
       {Row{"/twilio/screen", leg_parameters, true}, Row{"/twilio/screen-result", leg_parameters, true},
        Row{"/twilio/dial-result", voice_parameters, true}, Row{"/twilio/recording", recording, true},
        Row{"/twilio/recording-status", recording, false}, Row{"/twilio/transcription", recording, false}}) {
    EXPECT_FALSE(ask(signed_post(row.path, row.parameters))) << "not before it is durable";
    sink.finish(Receipt{VoiceAnswer{Greeting::none, "words"}});
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->content_type, twiml_content_type);
    EXPECT_EQ(response->body.find("words") != std::string::npos, row.is_spoken_to) << row.path;
    EXPECT_EQ(meter.of(Metric::webhooks, row.path, "200"), 1);
  }
}

}  // namespace
}  // namespace jobrun::gate
