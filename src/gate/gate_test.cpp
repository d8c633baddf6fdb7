#include "gate/gate.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "gate/canary.hpp"
#include "gate_test_support.hpp"

namespace jobrun::gate {
namespace {

// Goal: a voice webhook becomes an IncomingCall with everything it said.
// Method: a full webhook; every field of the event.
TEST_F(GateTest, TurnsAVoiceWebhookIntoAnIncomingCall) {
  ask(signed_post("/twilio/voice", with(voice_parameters, "ForwardedFrom", "+14155550150")));
  const CallDetails call = only_event<IncomingCall>().call;
  EXPECT_EQ(call.call_sid.text(), "CA0123456789abcdef0123456789abcdef");
  EXPECT_EQ(call.caller.number(), E164::from_digits(14155550123));
  EXPECT_EQ(call.number, E164::from_digits(14155550100));
  EXPECT_EQ(call.number_text, "+14155550100");
  EXPECT_EQ(call.forwarded_from, E164::from_digits(14155550150));
  EXPECT_TRUE(call.is_inbound_parent);
  EXPECT_EQ(call.parent, std::nullopt);
  EXPECT_EQ(call.origin, Origin::voice);
}

// Goal: a status webhook becomes a CallStatusChange, for every status there is and for one there is not yet.
// Method: each status' word, and an invented longer one.
TEST_F(GateTest, TurnsAStatusWebhookIntoAStatusChange) {
  for (const auto& [status, word] : NamesOf<CallStatus>::rows) {
    sink.events.clear();
    ask(signed_post("/twilio/status", with(voice_parameters, "CallStatus", std::string(word))));
    const auto change = only_event<CallStatusChange>();
    EXPECT_EQ(change.status, status);
    EXPECT_EQ(change.status_text, word);
    EXPECT_EQ(change.call.origin, Origin::status);
  }
  sink.events.clear();
  ask(signed_post("/twilio/status", with(voice_parameters, "CallStatus", std::string(40, 'x'))));
  EXPECT_EQ(only_event<CallStatusChange>().status, CallStatus::unrecognised);
  EXPECT_EQ(only_event<CallStatusChange>().status_text, std::string(32, 'x'));
}

// Goal: only the CallSid is needed: whatever else is missing or odd must not lose a call.
// Method: the CallSid alone; then words where numbers are expected.
TEST_F(GateTest, NeedsNothingButTheCallSid) {
  ask(signed_post("/twilio/voice", {{"CallSid", "CA1"}}));
  const CallDetails bare = only_event<IncomingCall>().call;
  EXPECT_EQ(bare.caller.kind(), CallerKind::withheld);
  EXPECT_EQ(bare.number, std::nullopt);
  EXPECT_EQ(bare.number_text, "");
  EXPECT_TRUE(bare.is_inbound_parent);
  sink.events.clear();
  const std::string long_sip = "sip:" + std::string(59, 'a') + "é@example.com";
  ask(signed_post("/twilio/voice",
                  {{"CallSid", "CA1"}, {"From", "anonymous"}, {"To", long_sip}, {"ForwardedFrom", "x"}}));
  const CallDetails odd = only_event<IncomingCall>().call;
  EXPECT_EQ(odd.caller.kind(), CallerKind::withheld);
  EXPECT_EQ(odd.number, std::nullopt);
  EXPECT_EQ(odd.number_text, "sip:" + std::string(59, 'a')) << "at most 64 bytes, no half character";
  EXPECT_EQ(odd.forwarded_from, std::nullopt);
}

// Goal: a leg that we or a dial placed is told apart from a call to us.
// Method: rows of Direction and ParentCallSid.
TEST_F(GateTest, TellsAnInboundParentLegFromTheOthers) {
  struct Row {
    std::string direction, parent;
    bool is_inbound_parent;
  };
  for (const Row& row :
       {Row{"inbound", "", true}, Row{"", "", true}, Row{"outbound-api", "", false},
        Row{"outbound-dial", "", false}, Row{"inbound", "CA2", false}, Row{"inbound", "?", false}}) {
    sink.events.clear();
    ask(signed_post("/twilio/status",
                    with(with(voice_parameters, "Direction", row.direction), "ParentCallSid", row.parent)));
    const CallDetails call = only_event<CallStatusChange>().call;
    EXPECT_EQ(call.is_inbound_parent, row.is_inbound_parent) << row.direction << "," << row.parent;
    EXPECT_EQ(call.parent.has_value(), row.parent == "CA2");
  }
}

// Goal: a webhook is answered when its event is durable, and not before.
// Method: nothing is answered until the sink finishes; then the text is spoken, escaped, and counted.
TEST_F(GateTest, AnswersOnceTheEventIsDurable) {
  EXPECT_FALSE(ask(signed_post("/twilio/voice", voice_parameters)).has_value());
  EXPECT_EQ(meter.sum(Metric::webhooks), 0);
  sink.finish(Receipt{VoiceAnswer{Greeting::will_text, "Smith & Sons"}});
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/xml");
  EXPECT_NE(response->body.find("<Response><Say>Smith &amp; Sons</Say><Hangup/></Response>"), std::string::npos);
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/voice", "200"), 1);

  EXPECT_FALSE(ask(signed_post("/twilio/status", voice_parameters)).has_value());
  sink.finish(Receipt{});
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/xml");
  EXPECT_EQ(response->body, "<Response/>");
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/status", "200"), 1);
  EXPECT_EQ(meter.sum(Metric::webhook_refusals), 0);
  EXPECT_TRUE(log.lines.empty());
}

// Goal: an event that is not durable is never acknowledged.
// Method: the sink fails in both ways; 5xx, counted and logged once, on the call's line.
TEST_F(GateTest, AnswersAnErrorWhenTheEventIsNotDurable) {
  ask(signed_post("/twilio/status", voice_parameters));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 503);
  EXPECT_TRUE(response->body.starts_with(R"({"error":{"code":"unavailable")"));
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0].correlation_id, "CA0123456789abcdef0123456789abcdef");
  EXPECT_EQ(log.lines[0].level, LogLevel::error);

  ask(signed_post("/twilio/voice", voice_parameters));
  sink.finish(failure(ErrorKind::internal, "a broken invariant"));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(meter.of(Metric::webhook_refusals, "unavailable"), 1);
  EXPECT_EQ(meter.of(Metric::webhook_refusals, "internal"), 1);
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/status", "503"), 1);
  EXPECT_EQ(meter.of(Metric::webhooks, "/twilio/voice", "500"), 1);
}

// Goal: each wrong request gets its own status and cause, and changes nothing.
// Method: a valid request with one thing wrong, for each thing.
TEST_F(GateTest, RefusesEachWrongRequestByItsCause) {
  const auto valid = [] { return signed_post("/twilio/status", voice_parameters); };
  const auto changed = [&](auto change) {
    net::HttpRequest request = valid();
    change(request);
    return request;
  };
  for (const std::string path :
       {"/", "/twilio", "/twilio/status/", "/twilio/Status", "/twilio/voice/x", "/metrics"}) {
    expect_refused(signed_post(path, voice_parameters), 404, "unknown_path");
  }
  for (const std::string method : {"GET", "HEAD", "PUT", "post", "DELETE"}) {
    expect_refused(changed([&](auto& request) { request.method = method; }), 405, "wrong_method");
    EXPECT_EQ(response->headers, (decltype(response->headers){{"Allow", "POST"}}));
  }
  for (const std::string type : {"", "application/json", "text/plain", "application/x-www-form-urlencoded2"}) {
    expect_refused(changed([&](auto& request) { request.headers[0].second = type; }), 415, "wrong_content_type");
  }
  expect_refused(changed([](auto& request) { request.body.resize(Form::body_bytes_max + 1, '&'); }), 413,
                 "body_too_large");
  expect_refused(changed([](auto& request) { request.body += "&a=%"; }), 400, "malformed_form");
  expect_refused(changed([](auto& request) { request.headers.pop_back(); }), 403, "missing_signature");
  expect_refused(changed([](auto& request) { request.headers.back().second = ""; }), 403, "missing_signature");
  expect_refused(changed([](auto& request) { request.body += "&a=b"; }), 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.target += "?a=b"; }), 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.target = "/twilio/voice"; }), 403, "wrong_signature");
  expect_refused(changed([](auto& request) { request.headers.back().second[3] ^= 1; }), 403, "wrong_signature");
}

// Goal: a signed request without what it takes is refused too.
// Method: parameters missing, malformed, or given twice.
TEST_F(GateTest, RefusesParametersThatDecideAmbiguously) {
  for (const std::string path : {"/twilio/voice", "/twilio/status"}) {
    expect_refused(signed_post(path, without(voice_parameters, "CallSid")), 400, "missing_call_sid");
    expect_refused(signed_post(path, with(voice_parameters, "CallSid", "")), 400, "missing_call_sid");
    expect_refused(signed_post(path, with(voice_parameters, "CallSid", "CA 1")), 400, "malformed_call_sid");
    expect_refused(signed_post(path, with(voice_parameters, "CallSid", std::string(65, 'a'))), 400,
                   "malformed_call_sid");
    for (const std::string name :
         {"CallSid", "From", "To", "CallStatus", "Direction", "ParentCallSid", "ForwardedFrom"}) {
      Parameters twice = without(voice_parameters, name);
      twice.emplace_back(name, "CA1");
      twice.emplace_back(name, "CA1");
      expect_refused(signed_post(path, twice), 400, "repeated_parameter");
    }
  }
  expect_refused(signed_post("/twilio/status", without(voice_parameters, "CallStatus")), 400,
                 "missing_call_status");
  expect_refused(signed_post("/twilio/status", with(voice_parameters, "CallStatus", "")), 400,
                 "missing_call_status");
}

// Goal: parameters that decide nothing may repeat, and new ones may appear: the carrier adds them unannounced.
// Method: a repeated and an unknown one.
TEST_F(GateTest, AcceptsParametersItDoesNotKnow) {
  Parameters parameters = voice_parameters;
  parameters.emplace_back("StirVerstat", "TN-Validation-Passed-A");
  parameters.emplace_back("New", "1");
  parameters.emplace_back("New", "2");
  ask(signed_post("/twilio/voice", parameters));
  EXPECT_EQ(sink.events.size(), 1U);
}

// Goal: a query on the webhook's path is signed with it, and a content type may carry its charset.
// Method: a path with a query; a content type in other letters with a parameter.
TEST_F(GateTest, AcceptsAQueryAndACharset) {
  net::HttpRequest request = signed_post("/twilio/status?line=%201&b", voice_parameters);
  request.headers[0].second = "Application/X-WWW-Form-URLencoded ; charset=UTF-8";
  ask(std::move(request));
  EXPECT_EQ(sink.events.size(), 1U);
}

// Goal: no refusal writes a caller's number or words to the log.
// Method: every kind of refusal of a request that holds them; the log's whole text.
TEST_F(GateTest, LogsRefusalsWithoutCustomerData) {
  const Parameters parameters = with(voice_parameters, "Body", "my secret words");
  net::HttpRequest tampered = signed_post("/twilio/status", parameters);
  tampered.body += "&a=b";
  ask(std::move(tampered));
  EXPECT_EQ(log.lines.back().correlation_id, "CA0123456789abcdef0123456789abcdef");
  ask(signed_post("/twilio/status", with(parameters, "CallSid", "my secret words")));
  ask(signed_post("/my-secret-words", parameters));
  net::HttpRequest damaged = signed_post("/twilio/status", parameters);
  damaged.body += "%";
  ask(std::move(damaged));
  ask(signed_post("/twilio/status", parameters));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  EXPECT_EQ(log.lines.size(), 5U);
  for (const std::string word : {"4155550123", "secret", "SAN"}) {
    EXPECT_EQ(log.text().find(word), std::string::npos) << word;
  }
}

// Goal: other parts of the service can answer GET on a path of their own, and on no other.
// Method: a mounted path asked in several ways.
TEST_F(GateTest, ServesMountedPaths) {
  gate.mount("/healthz", [](const net::HttpRequest& request, net::Respond respond) {
    respond({.status = 200, .content_type = "text/plain", .body = request.method});
  });
  for (const std::string method : {"GET", "HEAD"}) {
    const auto answer = ask({.method = method, .target = "/healthz?verbose"});
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, method);
  }
  expect_refused({.method = "POST", .target = "/healthz"}, 405, "wrong_method");
  EXPECT_EQ(response->headers, (decltype(response->headers){{"Allow", "GET, HEAD"}}));
  expect_refused({.method = "GET", .target = "/healthz/"}, 404, "unknown_path");
  EXPECT_EQ(meter.sum(Metric::webhooks), 0);
}

// Goal: what the server refused by itself is counted by cause like everything else.
// Method: each of the server's refusals, reported once.
TEST_F(GateTest, CountsWhatTheServerRefused) {
  for (const auto& [refusal, name] : NamesOf<net::ServerRefusal>::rows) gate.count_refusal_by_server(refusal);
  for (const std::string cause : {"header_too_large", "body_too_large", "malformed_request", "timed_out",
                                  "too_many_connections", "unanswered"}) {
    EXPECT_EQ(meter.of(Metric::webhook_refusals, cause), 1) << cause;
  }
  EXPECT_EQ(meter.sum(Metric::webhook_refusals), 6);
  EXPECT_EQ(log.lines.size(), 6U);
}

// Goal: an error inside the gate is counted and logged, with its words, before it reaches the server.
// Method: a sink that throws.
TEST_F(GateTest, CountsItsOwnFailures) {
  class BrokenSink : public EventSink {
    void submit(Event, Done) override { throw std::runtime_error("broken"); }
  } broken;
  Gate gate_to_nowhere({.public_url = public_url, .auth_tokens = {token}}, broken, meter, log, clock);
  EXPECT_THROW(gate_to_nowhere.handle(signed_post("/twilio/voice", voice_parameters), [](net::HttpResponse) {}),
               std::runtime_error);
  EXPECT_EQ(meter.of(Metric::webhook_refusals, "internal"), 1);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0].level, LogLevel::error);
  EXPECT_NE(log.text().find("detail=broken"), std::string::npos);
}

// Goal: nobody has his text swallowed by calling the canary's number, or from it: only we can make a canary.
// Method: signed webhooks to that number under our CallSid, a carrier's, another token's, ours changed by a
// digit; and under ours to another number.
TEST_F(GateTest, KnowsACanaryByItsSecretAlone) {
  const std::string ours = canary_call_sid(token, 77).text();
  std::string changed = ours;
  changed.back() = changed.back() == '0' ? '1' : '0';
  struct Row {
    std::string call_sid, number;
    bool is_canary;
  };
  const std::string number = "+18005550199";
  for (const Row& row : {Row{ours, number, true}, Row{ours, "+14155550100", false}, Row{changed, number, false},
                         Row{"CA0123456789abcdef0123456789abcdef", number, false},
                         Row{canary_call_sid("another", 77).text(), number, false}, Row{"CA1", number, false}}) {
    SCOPED_TRACE(row.call_sid + " to " + row.number);
    const Parameters parameters = with(with(voice_parameters, "CallSid", row.call_sid), "To", row.number);
    sink.events.clear();
    ask(signed_post("/twilio/voice", parameters));
    EXPECT_EQ(only_event<IncomingCall>().call.origin, row.is_canary ? Origin::canary : Origin::voice);
    sink.events.clear();
    ask(signed_post("/twilio/status", with(parameters, "CallStatus", "completed")));
    EXPECT_EQ(only_event<CallStatusChange>().call.origin, row.is_canary ? Origin::canary : Origin::status);
  }
  EXPECT_NE(canary_call_sid(token, 78).text(), ours);
}

struct CountingRandom final : Random {
  std::uint64_t below(std::uint64_t bound) override { return next++ % bound; }
  std::uint64_t next = 0;
};

// Goal: what happens because of a webhook belongs to the trace that it names, or to one of its own; what a
// stranger sends changes nothing of that, and its trace stands in the line of its refusal alone. Method: a signed
// webhook with a trace, one with rubbish, one without; then one with a forged signature.
TEST_F(GateTest, TakesTheTraceOfSignedWebhooks) {
  CountingRandom random;
  Traces traces(random);
  Gate traced({.public_url = public_url, .auth_tokens = {token}, .traces = &traces}, sink, meter, log, clock);
  const std::string call = voice_parameters[0].second;
  const auto post = [&](const std::string& traceparent, bool is_signed = true) {
    net::HttpRequest request = signed_post("/twilio/voice", voice_parameters);
    if (!traceparent.empty()) request.headers.emplace_back("traceparent", traceparent);
    if (!is_signed) request.headers[1].second = "forged";
    traced.handle(std::move(request), [](const net::HttpResponse&) {});
  };
  post("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(traces.of(call), (Trace{"4bf92f3577b34da6a3ce929d0e0e4736", true}));
  post("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01", false);
  EXPECT_EQ(traces.of(call), (Trace{"4bf92f3577b34da6a3ce929d0e0e4736", true}));
  EXPECT_NE(log.text().find("trace_id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), std::string::npos);
  post("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01");
  const std::optional<Trace> own = traces.of(call);
  ASSERT_TRUE(own);
  EXPECT_NE(own->id, "4bf92f3577b34da6a3ce929d0e0e4736");
  post("");
  EXPECT_NE(traces.of(call)->id, own->id);
}

// Goal: how long a webhook waits for its acknowledgement is measured, of those alone that are acknowledged.
TEST_F(GateTest, MeasuresAcknowledgements) {
  const auto measured = [&] { return meter.observed[Metric::webhook_acknowledgement_seconds].size(); };
  ask(signed_post("/twilio/status", with(voice_parameters, "CallStatus", "completed")));
  EXPECT_EQ(measured(), 0U);
  sink.finish(Receipt{});
  EXPECT_EQ(measured(), 1U);
  ask(signed_post("/twilio/status", with(voice_parameters, "CallStatus", "busy")));
  sink.finish(failure(ErrorKind::unavailable, "the disk is full"));
  ask(signed_post("/twilio/status", without(voice_parameters, "CallSid")));
  EXPECT_EQ(measured(), 1U);
}

}  // namespace
}  // namespace jobrun::gate
