// Every knob, shown over real HTTP.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "carrier_fixture.hpp"
#include "gate/signature.hpp"
#include "knobs.hpp"

namespace jobrun::simulator {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Kind = net::ClientResult::Kind;

using Faults = CarrierTest;

json fault(const json& rule) {
  return {{"api_faults", json::array({rule})}};
}
json webhook_fault(const json& rule) {
  return {{"webhook_faults", json::array({rule})}};
}

// ---- The REST API -----------------------------------------------------------------------------------------

// Goal: a refusal hits the recipient or sender it names, as often as it says, and nothing else.
// Method: one rule by recipient for two texts, one by sender for all.
TEST_F(Faults, RefuseByRecipientOrSenderAndCount) {
  turn({{"api_faults", json::array({{{"do", "refuse"}, {"code", 21610}, {"to", a_caller}, {"next", 2}},
                                    {{"do", "refuse"}, {"code", 30034}, {"from", "+14155550198"}}})}});
  const net::ClientResult refused = send_text();
  EXPECT_EQ(refused.response.status, 400);
  EXPECT_EQ(code_of(refused), 21610);
  EXPECT_EQ(send_text({{"To", "+14155550124"}}).response.status, 201);
  EXPECT_EQ(code_of(send_text()), 21610);
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(code_of(send_text({{"From", "+14155550198"}})), 30034);
  EXPECT_EQ(code_of(send_text({{"From", "+14155550198"}})), 30034);
  EXPECT_EQ(get("/practice/knobs")["knobs"]["api_faults"].size(), 1U);
}

// Goal: a rate limit says 429, 20429 and when to come back, and accepts nothing.
TEST_F(Faults, RateLimitNamesRetryAfter) {
  turn(fault({{"do", "rate_limit"}, {"retry_after_s", 3}, {"next", 1}}));
  const net::ClientResult limited = send_text();
  EXPECT_EQ(limited.response.status, 429);
  EXPECT_EQ(code_of(limited), 20429);
  EXPECT_EQ(limited.response.header("Retry-After"), "3");
  EXPECT_EQ(texts_accepted(), 0);
  EXPECT_EQ(send_text().response.status, 201);
}

struct FaultRow {
  std::string kind;
  int http_status;  ///< asked for; 0: not asked
  Kind expected;
  int expected_status;  ///< when answered
  int texts_accepted;
};

class SendFaults : public CarrierTest, public testing::WithParamInterface<FaultRow> {};

// Goal: each fault looks as its name says to the sender, and the carrier has the text exactly when the name
// says "after"; the next request is well again.
// Method: one fault for one request, then a clean request.
TEST_P(SendFaults, LookAsNamed) {
  const FaultRow& row = GetParam();
  json rule = {{"do", row.kind}, {"next", 1}};
  if (row.http_status != 0) rule["http_status"] = row.http_status;
  turn(fault(rule));
  net::ClientRequest request = text_request();
  const bool hangs = row.kind.starts_with("hang");
  if (hangs) request.timeout = std::chrono::milliseconds{150};
  const net::ClientResult result = send(request);
  EXPECT_EQ(result.kind, row.expected) << result.reason;
  EXPECT_EQ(result.response.status, row.expected_status);
  EXPECT_EQ(texts_accepted(), row.texts_accepted);
  EXPECT_EQ(get("/practice/texts")["texts"].size(), static_cast<std::size_t>(row.texts_accepted));
  EXPECT_EQ(send_text().response.status, 201);
  const json requests = get("/practice/requests")["requests"];
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0]["answered"], row.expected == Kind::answered ? row.expected_status : 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, SendFaults,
                         testing::Values(FaultRow{"fail_before_accepting", 0, Kind::answered, 500, 0},
                                         FaultRow{"fail_before_accepting", 503, Kind::answered, 503, 0},
                                         FaultRow{"fail_after_accepting", 502, Kind::answered, 502, 1},
                                         FaultRow{"hang_before_accepting", 0, Kind::unknown, 0, 0},
                                         FaultRow{"hang_after_accepting", 0, Kind::unknown, 0, 1},
                                         FaultRow{"close_before_accepting", 0, Kind::unknown, 0, 0},
                                         FaultRow{"close_after_accepting", 0, Kind::unknown, 0, 1},
                                         FaultRow{"answer_after_statuses", 0, Kind::answered, 201, 1},
                                         FaultRow{"answer_garbage", 0, Kind::answered, 201, 1}),
                         [](const auto& row) {
                           return row.param.kind +
                                  (row.param.http_status == 0 ? "" : "_" + std::to_string(row.param.http_status));
                         });

// Goal: 503 carries Twilio's 20503, other failures 20500.
TEST_F(Faults, FailuresCarryTwiliosCodes) {
  turn(fault({{"do", "fail_before_accepting"}, {"http_status", 503}, {"next", 1}}));
  EXPECT_EQ(code_of(send_text()), 20503);
  turn(fault({{"do", "fail_before_accepting"}, {"next", 1}}));
  EXPECT_EQ(code_of(send_text()), 20500);
}

// Goal: a slow answer comes late, and is good.
TEST_F(Faults, SlowAnswersComeLateAndAreGood) {
  turn(fault({{"do", "slow"}, {"ms", 120}, {"next", 1}}));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds{120});
}

// Goal: a text's statuses can all be told before the answer to its request, so that they name a message of which
// the sender knows nothing; an answer that waits for statuses comes also where none is told.
// Method: the requests that have been answered, seen from within the last status; then a lost status, one told
// backwards, no StatusCallback, no progress, and a look-up.
TEST_F(Faults, StatusesComeBeforeTheAnswer) {
  turn(fault({{"do", "answer_after_statuses"}, {"on", "any"}}));
  std::atomic<bool> is_answered = false;
  std::atomic<int> told_too_late = 0;
  service.answer_with([&](const net::HttpRequest&) {
    told_too_late += is_answered ? 1 : 0;
    return twiml_answer("<Response/>");
  });
  const Parameters with_callback = {{"StatusCallback", service.url() + "/twilio/message-status/CA77.failsafe"}};
  const net::ClientResult result = send_text(with_callback);
  is_answered = true;
  EXPECT_EQ(result.response.status, 201);
  EXPECT_EQ(service.count(), 3U);
  EXPECT_EQ(told_too_late.load(), 0);
  for (const net::HttpRequest& request : service.requests(3)) {
    EXPECT_EQ(parameter(request, "MessageSid"), json::parse(result.response.body)["sid"]);
  }
  for (const char* fault_on_statuses : {"drop", "reorder", "duplicate"}) {
    service.forget();
    is_answered = false;
    turn(webhook_fault({{"on", "text_status"}, {"do", fault_on_statuses}, {"next", 1}}));
    EXPECT_EQ(send_text(with_callback).response.status, 201) << fault_on_statuses;
    is_answered = true;
    EXPECT_EQ(told_too_late.load(), 0) << fault_on_statuses;
  }
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(send(get_request(api("Messages.json"))).response.status, 200);
  EXPECT_EQ(code_of(send_text({{"Body", ""}})), 21602);
  turn({{"text_progress", json::array()}});
  EXPECT_EQ(send_text(with_callback).response.status, 201);
}

// Goal: look-ups can fail apart from sends.
TEST_F(Faults, HitOnlyTheCallTheyAreOn) {
  turn(fault({{"on", "list_texts"}, {"do", "fail_before_accepting"}}));
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(get(api("Messages.json"))["code"], 20500);
  turn(fault({{"on", "any"}, {"do", "rate_limit"}}));
  EXPECT_EQ(send_text().response.status, 429);
  EXPECT_EQ(get(api("Calls.json"))["code"], 20429);
}

// Goal: during an outage nothing listens, so a client knows that nothing was written; afterwards all is well.
// Method: an outage; requests until one is not written, then until one is answered.
TEST_F(Faults, OutagesRefuseConnectionsAndEnd) {
  EXPECT_EQ(post_json("/practice/outage", {{"ms", 300}}).response.status, 202);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool was_away = false;
  bool is_back = false;
  while (!is_back && std::chrono::steady_clock::now() < deadline) {
    const Kind kind = send_text().kind;
    was_away = was_away || kind == Kind::not_written;
    is_back = was_away && kind == Kind::answered;
  }
  EXPECT_TRUE(was_away);
  EXPECT_TRUE(is_back);
}

// Goal: a list that lags does not show what was just accepted.
TEST_F(Faults, ListsLag) {
  turn({{"list_lag_ms", 600'000}});
  const std::string sid = json::parse(send_text().response.body)["sid"];
  EXPECT_EQ(get(api("Messages.json"))["messages"].size(), 0U);
  EXPECT_EQ(get(api("Messages/" + sid + ".json"))["sid"], sid);
  turn({{"list_lag_ms", 0}});
  EXPECT_EQ(get(api("Messages.json"))["messages"].size(), 1U);
}

// Goal: both variants of a queued text's date_sent can be played, and what follows for a DateSent filter.
TEST_F(Faults, QueuedTextsHaveADateSentOrNot) {
  const std::string filter = api("Messages.json?DateSent%3E=2001-01-01");
  turn({{"text_progress", json::array()}});
  EXPECT_TRUE(json::parse(send_text().response.body)["date_sent"].is_null());
  EXPECT_EQ(get(filter)["messages"].size(), 0U);
  EXPECT_EQ(get(api("Messages.json"))["messages"].size(), 1U);
  turn({{"queued_text_date_sent", "present"}});
  EXPECT_TRUE(json::parse(send_text().response.body)["date_sent"].is_string());
  EXPECT_EQ(get(filter)["messages"].size(), 1U);
}

// Goal: the next page is named relatively, as Twilio does, or absolutely, as its OpenAPI file has it.
TEST_F(Faults, PageUrisAreRelativeOrAbsolute) {
  turn({{"text_progress", json::array()}});
  send_text();
  send_text();
  const auto next_page = [&] { return get(api("Messages.json?PageSize=1"))["next_page_uri"].get<std::string>(); };
  EXPECT_THAT(next_page(), testing::StartsWith(api("Messages.json?")));
  turn({{"page_uris", "absolute"}});
  EXPECT_THAT(next_page(), testing::StartsWith(carrier->url() + api("Messages.json?")));
}

// Goal: fast mode accepts, calls nobody back and keeps nothing but counts and, if asked, receipts.
TEST_F(Faults, FastModeKeepsNothing) {
  turn({{"fast", true}, {"receipts_kept", 3}});
  for (int i = 0; i < 5; ++i) {
    const net::ClientResult result =
        send_text({{"To", "+1415555010" + std::to_string(i)}, {"StatusCallback", service.url() + "/cb"}});
    EXPECT_EQ(result.response.status, 201);
  }
  EXPECT_EQ(code_of(send_text({{"Body", ""}})), 21602);
  const json health = get("/practice/health");
  EXPECT_EQ(health["texts_accepted"], 5);
  EXPECT_EQ(health["texts_kept"], 0);
  EXPECT_EQ(health["requests_kept"], 0);
  EXPECT_EQ(health["timers_waiting"], 0);
  EXPECT_EQ(service.count(), 0U);
  const std::string receipts = send(get_request("/practice/receipts")).response.body;
  EXPECT_THAT(receipts, testing::ContainsRegex("^to,unix_us\n\\+14155550102,[0-9]+\n\\+14155550103,[0-9]+\n"
                                               "\\+14155550104,[0-9]+\n$"));
}

// ---- Webhooks ---------------------------------------------------------------------------------------------

// Goal: a webhook can arrive several times, at once or one after the other.
// Method: status callbacks duplicated; the service's answers are all noted.
TEST_F(Faults, WebhooksAreDuplicated) {
  for (const char* spacing : {"at_once", "in_a_row"}) {
    service.forget();
    turn(webhook_fault(
        {{"on", "call_status"}, {"do", "duplicate"}, {"times", 50}, {"spacing", spacing}, {"next", 1}}));
    const json done = call({{"voice", false}});
    EXPECT_EQ(done["webhooks"].size(), 50U) << spacing;
    const std::vector<net::HttpRequest> requests = service.requests(50);
    EXPECT_EQ(requests.size(), 50U);
    EXPECT_TRUE(
        std::ranges::all_of(requests, [&](const auto& request) { return request.body == requests[0].body; }));
    call({{"voice", false}});
    EXPECT_EQ(service.requests(51).size(), 51U);
  }
}

// Goal: a webhook can be lost.
TEST_F(Faults, WebhooksAreDropped) {
  turn(webhook_fault({{"on", "call_status"}, {"do", "drop"}, {"next", 1}}));
  EXPECT_EQ(call({{"voice", false}})["status"], "completed");
  EXPECT_EQ(service.count(), 0U);
  call({{"voice", false}});
  EXPECT_EQ(service.requests(1).size(), 1U);
}

// Goal: a webhook can be late.
TEST_F(Faults, WebhooksAreDelayed) {
  turn(webhook_fault({{"on", "call_status"}, {"do", "delay"}, {"ms", 120}, {"next", 1}}));
  const auto before = std::chrono::steady_clock::now();
  call({{"voice", false}});
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds{120});
  EXPECT_EQ(service.count(), 1U);
}

// Goal: statuses can arrive in the opposite order, the text itself being delivered all the same, and the
// sequence numbers still say what came first.
// Method: reordered statuses are sent each after the answer to the one before, so arrival tells.
TEST_F(Faults, StatusesAreReordered) {
  turn(webhook_fault({{"on", "text_status"}, {"do", "reorder"}, {"next", 1}}));
  const std::string sid = json::parse(send_text({{"StatusCallback", service.url() + "/cb"}}).response.body)["sid"];
  std::vector<std::string> seen;
  for (const net::HttpRequest& request : service.requests(3)) seen.push_back(parameter(request, "MessageStatus"));
  EXPECT_THAT(seen, ElementsAre("delivered", "sent", "queued"));
  EXPECT_EQ(get(api("Messages/" + sid + ".json"))["status"], "delivered");

  service.forget();
  turn(webhook_fault({{"on", "call_status"}, {"do", "reorder"}, {"next", 1}}));
  call({{"voice", false}, {"statuses", {"ringing", "in-progress", "completed"}}});
  seen.clear();
  for (const net::HttpRequest& request : service.requests(3)) {
    seen.push_back(parameter(request, "CallStatus") + " " + parameter(request, "SequenceNumber"));
  }
  EXPECT_THAT(seen, ElementsAre("completed 2", "in-progress 1", "ringing 0"));
}

// Goal: a text's statuses can be lost, late, repeated, and wrongly signed, each apart from those of calls; and a
// text can fail with a code, or have ends that contradict each other.
// Method: a text for each; what arrived at its StatusCallback, judged by the service's own signature check.
TEST_F(Faults, TextStatusesGoWrong) {
  const std::string callback = service.url() + "/twilio/message-status/CA77.customer_intake";
  gate::SignatureCheck check(service.url(), {auth_token_});
  const auto arrived = [&](const json& knobs, std::size_t count) {
    service.forget();
    turn(knobs);
    turn({{"api_faults", json::array({{{"do", "answer_after_statuses"}, {"next", 1}}})}});
    EXPECT_EQ(send_text({{"StatusCallback", callback}}).response.status, 201);
    const std::vector<net::HttpRequest> requests = service.requests(count);
    EXPECT_EQ(requests.size(), count) << knobs;
    turn({{"text_progress", nullptr}, {"webhook_faults", nullptr}});
    std::vector<std::string> seen;
    for (const net::HttpRequest& request : requests) {
      EXPECT_EQ(request.target, "/twilio/message-status/CA77.customer_intake");
      const bool is_signed = check.accepts_form(request.target, *gate::Form::parse(request.body),
                                                request.header("X-Twilio-Signature"));
      seen.push_back(parameter(request, "MessageStatus") + parameter(request, "ErrorCode") +
                     (is_signed ? "" : "?"));
    }
    return seen;
  };
  const auto all_statuses = [](json rule) {
    rule["on"] = "text_status";
    return webhook_fault(rule);
  };
  EXPECT_THAT(arrived(all_statuses({{"do", "drop"}, {"next", 3}}), 0), ElementsAre());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(arrived(all_statuses({{"do", "delay"}, {"ms", 120}}), 3),
              UnorderedElementsAre("queued", "sent", "delivered"));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds{120});
  EXPECT_THAT(arrived(all_statuses({{"do", "duplicate"}, {"times", 2}, {"spacing", "in_a_row"}}), 6),
              UnorderedElementsAre("queued", "queued", "sent", "sent", "delivered", "delivered"));
  EXPECT_THAT(arrived(all_statuses({{"do", "wrong_signature"}}), 3),
              UnorderedElementsAre("queued?", "sent?", "delivered?"));
  EXPECT_THAT(arrived({{"text_fates", json::array({{{"fate", "failed"}, {"code", 30032}, {"next", 1}}})}}, 3),
              UnorderedElementsAre("queued", "sent", "failed30032"));
  EXPECT_THAT(arrived({{"text_progress", {"undelivered", "delivered"}}}, 2),
              UnorderedElementsAre("undelivered30008", "delivered"));
}

// Goal: a webhook can come with a wrong signature or with none.
TEST_F(Faults, SignaturesAreWrongOrMissing) {
  gate::SignatureCheck check(service.url(), {auth_token_});
  turn({{"webhook_faults", json::array({{{"do", "wrong_signature"}, {"next", 1}}})}});
  call({{"voice", false}});
  turn({{"webhook_faults", json::array({{{"do", "no_signature"}, {"next", 1}}})}});
  call({{"voice", false}});
  call({{"voice", false}});
  const std::vector<net::HttpRequest> requests = service.requests(3);
  const auto accepts = [&](const net::HttpRequest& request) {
    return check.accepts_form(request.target, *gate::Form::parse(request.body),
                              request.header("X-Twilio-Signature"));
  };
  EXPECT_NE(requests[0].header("X-Twilio-Signature"), "");
  EXPECT_FALSE(accepts(requests[0]));
  EXPECT_EQ(requests[1].header("X-Twilio-Signature"), "");
  EXPECT_TRUE(accepts(requests[2]));
}

// Goal: parameters can be missing and new ones can appear.
TEST_F(Faults, ParametersGoMissingAndAppear) {
  turn({{"omit_parameters", {"From", "Direction"}}, {"extra_parameters", {{"Newness", "1 2"}}}});
  call({{"voice", false}});
  const std::string body = service.requests(1)[0].body;
  EXPECT_THAT(body, testing::Not(HasSubstr("&From=")));
  EXPECT_THAT(body, testing::Not(HasSubstr("Direction=")));
  EXPECT_THAT(body, HasSubstr("Newness=1+2"));
}

// Goal: a text's end can be bad, with its code; then no phone shows it.
TEST_F(Faults, TextsMeetTheirFate) {
  turn({{"text_fates", json::array({{{"to", a_caller}, {"fate", "undelivered"}, {"code", 30034}, {"next", 1}}})},
        {"text_progress_ms", 0}});
  const std::string sid = json::parse(send_text({{"StatusCallback", service.url() + "/cb"}}).response.body)["sid"];
  std::vector<std::string> seen;
  std::string code;
  for (const net::HttpRequest& request : service.requests(3)) {
    seen.push_back(parameter(request, "MessageStatus"));
    if (seen.back() == "undelivered") code = parameter(request, "ErrorCode");
  }
  EXPECT_THAT(seen, UnorderedElementsAre("queued", "sent", "undelivered"));
  EXPECT_EQ(code, "30034");
  const json text = get(api("Messages/" + sid + ".json"));
  EXPECT_EQ(text["status"], "undelivered");
  EXPECT_EQ(text["error_code"], 30034);
  EXPECT_EQ(get("/practice/handset?number=%2B14155550123")["texts"].size(), 0U);
  send_text();
  EXPECT_EQ(get("/practice/handset?number=%2B14155550123")["texts"].size(), 1U);
}

// ---- What sources disagree about --------------------------------------------------------------------------

// Goal: each final status that sources name for a caller who hangs up while it rings can be played.
TEST_F(Faults, CallersWhoHangUpEndAsTheKnobSays) {
  for (const char* status : {"completed", "no-answer", "canceled"}) {
    turn({{"caller_hangs_up_status", status}});
    const json ended = call({{"scenario", "caller-hangs-up"}});
    EXPECT_EQ(ended["status"], status);
    EXPECT_TRUE(ended["heard"].empty());
    EXPECT_EQ(ended["webhooks"].size(), 2U);
  }
}

// Goal: a caller who hangs up while a dialled phone rings: the action URL hears canceled, no-answer, or nothing.
TEST_F(Faults, HangingUpWhileDiallingIsToldAsTheKnobSays) {
  service.answer_with([](const net::HttpRequest& request) {
    return twiml_answer(request.target == "/twilio/voice"
                            ? "<Response><Dial action=\"/twilio/dial-result\">+14155550111</Dial></Response>"
                            : "<Response/>");
  });
  for (const std::string said : {"canceled", "no-answer", "not_called"}) {
    service.forget();
    turn({{"caller_hangs_up_dial_result", said}, {"caller_hangs_up_status", "no-answer"}});
    EXPECT_EQ(call({{"dial", "caller-hangs-up"}})["status"], "no-answer");
    const bool is_called = said != "not_called";
    const std::vector<net::HttpRequest> requests = service.requests(is_called ? 3 : 2);
    EXPECT_EQ(requests.size(), is_called ? 3U : 2U) << said;
    if (is_called) {
      EXPECT_EQ(requests[1].target, "/twilio/dial-result");
      EXPECT_EQ(parameter(requests[1], "DialCallStatus"), said);
    }
  }
}

// Goal: an unanswered Dial with answerOnBridge ends as either source says.
TEST_F(Faults, UnansweredBridgesEndAsTheKnobSays) {
  service.answer_with([](const net::HttpRequest&) {
    return twiml_answer("<Response><Dial answerOnBridge=\"true\">+14155550111</Dial></Response>");
  });
  for (const char* status : {"no-answer", "completed"}) {
    turn({{"answer_on_bridge_unanswered", status}});
    EXPECT_EQ(call({{"dial", "no-answer"}})["status"], status);
  }
}

// Goal: a call whose webhook fails, with no fallback, ends as either source says.
TEST_F(Faults, UnreachableVoiceEndsAsTheKnobSays) {
  service.answer_with([](const net::HttpRequest&) { return net::HttpResponse{.status = 503}; });
  for (const char* status : {"failed", "completed"}) {
    turn({{"voice_unreachable_status", status}});
    EXPECT_EQ(call()["status"], status);
  }
}

// Goal: a forwarded call shows the caller, or the phone that forwards.
TEST_F(Faults, ForwardingShowsAsTheKnobSays) {
  const json order = {{"forwarded_from", "+14155550177"}, {"voice", false}};
  call(order);
  turn({{"forwarding_shows", "forwarding_phone"}});
  call(order);
  const std::vector<net::HttpRequest> requests = service.requests(2);
  EXPECT_EQ(parameter(requests[0], "From"), a_caller);
  EXPECT_EQ(parameter(requests[1], "From"), "+14155550177");
  EXPECT_EQ(parameter(requests[1], "ForwardedFrom"), "+14155550177");
}

// Goal: sequence numbers count, or are 0 on all, final ones too.
TEST_F(Faults, SequenceNumbersCountOrAreZero) {
  const json order = {{"voice", false}, {"statuses", {"ringing", "in-progress", "completed"}}};
  std::multiset<std::string> numbers;
  call(order);
  for (const net::HttpRequest& request : service.requests(3)) numbers.insert(parameter(request, "SequenceNumber"));
  EXPECT_THAT(numbers, ElementsAre("0", "1", "2"));
  service.forget();
  numbers.clear();
  turn({{"sequence_numbers", "always_zero"}});
  call(order);
  for (const net::HttpRequest& request : service.requests(3)) numbers.insert(parameter(request, "SequenceNumber"));
  EXPECT_THAT(numbers, ElementsAre("0", "0", "0"));
}

// Goal: a person dialled who answers without accepting is told as either source says.
TEST_F(Faults, ScreenedOutCallsAreToldAsTheKnobSays) {
  service.answer_with([](const net::HttpRequest& request) {
    if (request.target == "/twilio/voice") {
      return twiml_answer(
          "<Response><Dial action=\"/done\"><Number url=\"/screen\">+14155550111</Number></Dial>"
          "</Response>");
    }
    if (request.target == "/screen") {
      return twiml_answer(
          "<Response><Gather numDigits=\"1\" action=\"/ok\"><Say>Press 1</Say></Gather><Hangup/>"
          "</Response>");
    }
    return twiml_answer("<Response/>");
  });
  const auto dial_status = [&] {
    for (const net::HttpRequest& request : service.requests(4)) {
      if (request.target == "/done") return parameter(request, "DialCallStatus");
    }
    return std::string("(not told)");
  };
  for (const char* status : {"no-answer", "completed"}) {
    service.forget();
    turn({{"screened_out_dial_result", status}});
    call({{"dial", "voicemail"}});
    EXPECT_EQ(dial_status(), status);
  }
  service.forget();
  call({{"dial", "answered"}, {"callee_digits", "1"}});
  EXPECT_EQ(dial_status(), "completed");
}

// Goal: phones that ring at once do as each one's order says; the webhooks of a leg name it, and the call it is
// for.
TEST_F(Faults, EachPhoneDoesAsItsOrderSays) {
  service.answer_with([](const net::HttpRequest& request) {
    if (request.target == "/twilio/voice") {
      return twiml_answer(
          "<Response><Dial action=\"/done\"><Number url=\"/screen\">+14155550111</Number>"
          "<Number url=\"/screen\">+14155550112</Number><Number url=\"/screen\">+14155550113</Number></Dial>"
          "</Response>");
    }
    if (request.target == "/screen") {
      return twiml_answer(
          "<Response><Gather numDigits=\"1\" action=\"/ok\"><Say>Press 1</Say></Gather><Hangup/></Response>");
    }
    return twiml_answer("<Response/>");
  });
  const json phones = {{{"number", "+14155550111"}, {"dial", "voicemail"}},
                       {{"number", "+14155550112"}, {"dial", "answered"}, {"digits", "1"}}};
  const json ended = call({{"phones", phones}});
  EXPECT_THAT(ended["heard"].get<std::vector<std::string>>(), ElementsAre("[rings]", "[talks]"));
  const std::vector<net::HttpRequest> requests = service.requests(6);
  ASSERT_EQ(requests.size(), 6U) << "the third phone rings no more";
  EXPECT_EQ(parameter(requests[1], "To"), "+14155550111");
  for (const std::size_t of_second : {2U, 3U}) {
    EXPECT_EQ(parameter(requests[of_second], "To"), "+14155550112");
    EXPECT_EQ(parameter(requests[of_second], "Direction"), "outbound-dial");
    EXPECT_EQ(parameter(requests[of_second], "ParentCallSid"), ended["call_sid"].get<std::string>());
  }
  EXPECT_EQ(parameter(requests[3], "Digits"), "1");
  EXPECT_EQ(requests[4].target, "/done");
  EXPECT_EQ(parameter(requests[4], "DialCallSid"), parameter(requests[3], "CallSid"));
  EXPECT_EQ(parameter(requests[4], "DialBridged"), "true");
  EXPECT_EQ(requests[5].target, "/twilio/status") << "of legs nobody is told there";
}

// Goal: messages of different calls have different ids; what is told when one is there names nobody.
TEST_F(Faults, MessagesHaveIdsOfTheirOwn) {
  service.answer_with([](const net::HttpRequest& request) {
    return twiml_answer(request.target == "/twilio/voice"
                            ? "<Response><Record action=\"/done\" recordingStatusCallback=\"/kept\"/></Response>"
                            : "<Response/>");
  });
  std::set<std::string> ids;
  for (int calls = 0; calls < 3; ++calls) {
    service.forget();
    call({{"voicemail", "my tap leaks"}});
    const std::vector<net::HttpRequest> requests = service.requests(4);
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[1].target, "/kept");
    EXPECT_EQ(parameter(requests[1], "From"), "");
    EXPECT_EQ(parameter(requests[1], "CallSid"), parameter(requests[0], "CallSid"));
    EXPECT_EQ(parameter(requests[1], "RecordingSid"), parameter(requests[2], "RecordingSid"));
    EXPECT_EQ(parameter(requests[1], "RecordingSid").size(), 34U);
    ids.insert(parameter(requests[1], "RecordingSid"));
  }
  EXPECT_EQ(ids.size(), 3U);
}

// Goal: STOP makes the carrier refuse texts until START, or does nothing.
TEST_F(Faults, OptOutWordsAreHonouredOrIgnored) {
  const auto say = [&](const char* word) {
    post_json("/practice/texts", {{"from", a_caller}, {"to", a_business}, {"body", word}, {"wait", true}});
  };
  turn({{"advanced_opt_out", true}});
  say(" stop. ");
  EXPECT_EQ(code_of(send_text()), 21610);
  EXPECT_EQ(send_text({{"From", "+14155550198"}}).response.status, 201);
  say("START");
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(parameter(service.requests(2)[0], "OptOutType"), "STOP");
  turn({{"opt_out_words", "ignored"}, {"advanced_opt_out", false}});
  say("STOP");
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(parameter(service.requests(3)[2], "OptOutType"), "");
}

// Goal: alerts are kept with their headers; refused when asked.
TEST_F(Faults, AlertsAreAcceptedOrRefused) {
  net::ClientRequest alert = get_request("/practice/alerts");
  alert.method = "POST";
  alert.headers = {{"Content-Type", "application/json"}, {"X-JobRun-Signature", "abc"}};
  alert.body = R"({"id":7,"summary":"call back"})";
  EXPECT_EQ(send(alert).response.status, 204);
  turn({{"alert_status", 503}});
  EXPECT_EQ(send(alert).response.status, 503);
  const json kept = get("/practice/alerts");
  ASSERT_EQ(kept["alerts"].size(), 2U);
  EXPECT_EQ(kept["alerts"][0]["alert"]["summary"], "call back");
  EXPECT_EQ(kept["alerts"][0]["headers"]["X-JobRun-Signature"], "abc");
  EXPECT_EQ(kept["alerts"][1]["answered"], 503);
}

// ---- The knobs themselves ---------------------------------------------------------------------------------

struct BadKnobs {
  std::string name;
  json knobs;
  std::string hint;  ///< what the message has to mention
};

class KnobRefusals : public CarrierTest, public testing::WithParamInterface<BadKnobs> {};

// Goal: an unknown knob or value is refused with what is allowed, and changes nothing, not even the good
// knobs beside it.
TEST_P(KnobRefusals, SayWhatIsAllowed) {
  const json before = get("/practice/knobs")["knobs"];
  json knobs = GetParam().knobs;
  if (knobs.is_object()) knobs["advanced_opt_out"] = true;
  const net::ClientResult result = post_json("/practice/knobs", knobs, "PUT");
  EXPECT_EQ(result.response.status, 400);
  EXPECT_THAT(result.response.body, HasSubstr(GetParam().hint));
  EXPECT_EQ(get("/practice/knobs")["knobs"], before);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, KnobRefusals,
    testing::Values(
        BadKnobs{"UnknownName", {{"fats", true}}, "fast"}, BadKnobs{"WrongKind", {{"fast", 1}}, "true or false"},
        BadKnobs{"WrongChoice", {{"caller_hangs_up_status", "busy"}}, "completed, no-answer or canceled"},
        BadKnobs{"TooLarge", {{"second_ms", 1'001}}, "from 0 to 1000"},
        BadKnobs{"Negative", {{"second_ms", -1}}, "from 0 to 1000"},
        BadKnobs{"Huge", {{"second_ms", 18'446'744'073'709'551'615ULL}}, "from 0 to 1000"},
        BadKnobs{"RuleWithoutDo", {{"api_faults", json::array({json::object()})}}, "needs `do`"},
        BadKnobs{"RefuseWithoutCode", {{"api_faults", json::array({{{"do", "refuse"}}})}}, "needs `code`"},
        BadKnobs{"RuleWithTypo", {{"api_faults", json::array({{{"do", "slow"}, {"mss", 1}}})}}, "ms"},
        BadKnobs{"RuleNotAList", {{"webhook_faults", true}}, "must be a list"},
        BadKnobs{"UnknownStatus", {{"text_progress", {"lost"}}}, "delivered"},
        BadKnobs{"NotAnObject", json::array({1}), "JSON object"}),
    [](const auto& row) { return row.param.name; });

// Goal: null puts one knob back, reset all of them but the service's address.
TEST_F(Faults, KnobsGoBackToTheirDefaults) {
  const json before = get("/practice/knobs")["knobs"];
  turn({{"second_ms", 5}, {"fast", true}});
  turn({{"second_ms", nullptr}});
  EXPECT_EQ(get("/practice/knobs")["knobs"]["second_ms"], 0);
  EXPECT_EQ(get("/practice/knobs")["knobs"]["fast"], true);
  EXPECT_EQ(post_json("/practice/reset", json::object()).response.status, 200);
  EXPECT_EQ(get("/practice/knobs")["knobs"], before);
}

// Goal: what GET shows can be PUT back unchanged, and every knob says what it is for.
TEST_F(Faults, ShownKnobsCanBeSetAgain) {
  turn({{"api_faults",
         json::array({{{"on", "any"}, {"do", "rate_limit"}, {"to", "+1"}, {"next", 3}, {"retry_after_s", 9}}})},
        {"webhook_faults", json::array({{{"do", "duplicate"}, {"times", 4}, {"spacing", "in_a_row"}}})},
        {"text_fates", json::array({{{"fate", "failed"}, {"code", 30003}}})},
        {"extra_parameters", {{"A", "b"}}}});
  const json shown = get("/practice/knobs");
  turn(shown["knobs"]);
  EXPECT_EQ(get("/practice/knobs")["knobs"], shown["knobs"]);
  EXPECT_EQ(shown["about"].size(), shown["knobs"].size());
  for (const json& row : shown["about"]) EXPECT_GT(row["about"].get<std::string>().size(), 20U) << row["name"];
}

}  // namespace
}  // namespace jobrun::simulator
