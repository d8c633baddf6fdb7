#include <gmock/gmock.h>

#include <set>

#include "carrier_fixture.hpp"

namespace jobrun::simulator {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using PracticeApi = CarrierTest;

// Goal: whoever places a call can learn what the caller heard and what the service answered.
TEST_F(PracticeApi, CallsTellWhatWasHeardAndAnswered) {
  service.answer_with([](const net::HttpRequest& request) {
    return twiml_answer(request.target == "/twilio/voice"
                            ? "<?xml version=\"1.0\"?><Response><Say>We will text you.</Say><Hangup/></Response>"
                            : "<Response/>");
  });
  const json done = call();
  EXPECT_EQ(done["status"], "completed");
  EXPECT_THAT(done["heard"].get<std::vector<std::string>>(), ElementsAre("We will text you."));
  ASSERT_EQ(done["webhooks"].size(), 2U);
  EXPECT_EQ(done["webhooks"][0]["kind"], "voice");
  EXPECT_EQ(done["webhooks"][0]["status"], 200);
  EXPECT_THAT(done["webhooks"][0]["answer"].get<std::string>(), HasSubstr("<Say>"));
  EXPECT_EQ(done["webhooks"][1]["kind"], "call_status");
}

// Goal: each final status can be asked for, with and without the voice webhook; nothing is heard in a call
// that nobody picked up.
TEST_F(PracticeApi, CallsEndAsAsked) {
  for (const std::string status : {"completed", "no-answer", "busy", "failed", "canceled"}) {
    for (const bool voice : {true, false}) {
      service.forget();
      const json done = call({{"scenario", status}, {"voice", voice}});
      EXPECT_EQ(done["status"], status);
      EXPECT_TRUE(done["heard"].empty());
      const std::vector<net::HttpRequest> requests = service.requests(voice ? 2 : 1);
      EXPECT_EQ(requests.size(), voice ? 2U : 1U) << status;
      EXPECT_EQ(parameter(requests.back(), "CallStatus"), status);
    }
  }
}

// Goal: an answer that is no TwiML, or no 2xx, is spoken of as the carrier does.
TEST_F(PracticeApi, CallersHearAnApplicationErrorForBadAnswers) {
  for (const net::HttpResponse& bad :
       {twiml_answer("<Response><Say>Smith & Sons</Say></Response>"), net::HttpResponse{.status = 500},
        net::HttpResponse{.status = 200, .content_type = "application/json", .body = "{}"},
        net::HttpResponse{.status = 204}}) {
    service.answer_with([bad](const net::HttpRequest&) { return bad; });
    const json done = call();
    ASSERT_EQ(done["heard"].size(), 1U) << bad.body;
    EXPECT_THAT(done["heard"][0].get<std::string>(), HasSubstr("application error"));
    EXPECT_EQ(done["problems"].size(), 1U);
  }
}

// Goal: many calls can be placed at once, from one phone or from as many.
TEST_F(PracticeApi, ManyCallsAtOnce) {
  const net::ClientResult result = post_json("/practice/calls", {{"from", a_caller},
                                                                 {"to", a_business},
                                                                 {"times", 200},
                                                                 {"vary_from", true},
                                                                 {"voice", false},
                                                                 {"wait", true}});
  const json done = json::parse(result.response.body);
  EXPECT_EQ(done["call_sids"].size(), 200U);
  EXPECT_EQ(done["calls"].size(), 200U);
  std::set<std::string> callers;
  std::set<std::string> sids;
  for (const net::HttpRequest& request : service.requests(200)) {
    callers.insert(parameter(request, "From"));
    sids.insert(parameter(request, "CallSid"));
  }
  EXPECT_EQ(callers.size(), 200U);
  EXPECT_EQ(sids.size(), 200U);
  EXPECT_EQ(post_json("/practice/calls", {{"from", "anonymous"}, {"to", a_business}, {"times", 3}, {"wait", true}})
                .response.status,
            200);
}

// Goal: a call can be placed without waiting, then looked at.
TEST_F(PracticeApi, CallsNeedNotBeWaitedFor) {
  const net::ClientResult placed = post_json("/practice/calls", {{"from", a_caller}, {"to", a_business}});
  EXPECT_EQ(placed.response.status, 202);
  const std::string sid = json::parse(placed.response.body)["call_sids"][0];
  service.requests(2);
  EXPECT_EQ(get("/practice/calls?call_sid=" + sid)["calls"].size(), 1U);
}

// Goal: a handset shows the calls it made, the calls that rang it, and its texts in both directions.
TEST_F(PracticeApi, HandsetsShowCallsAndTexts) {
  service.answer_with([](const net::HttpRequest& request) {
    return twiml_answer(request.target == "/twilio/voice" ? "<Response><Dial>+14155550111</Dial></Response>"
                                                          : "<Response/>");
  });
  call();
  send_text({{"Body", "Sorry \xE2\x80\x9Cwe\xE2\x80\x9D missed you"}});
  post_json("/practice/texts", {{"from", a_caller}, {"to", a_business}, {"body", "a leak"}, {"wait", true}});
  const json handset = get("/practice/handset?number=%2B14155550123");
  EXPECT_EQ(handset["calls"].size(), 1U);
  ASSERT_EQ(handset["texts"].size(), 2U);
  EXPECT_EQ(handset["texts"][0]["from"], a_business);
  EXPECT_EQ(handset["texts"][0]["body"], "Sorry \xE2\x80\x9Cwe\xE2\x80\x9D missed you");
  EXPECT_EQ(handset["texts"][0]["sent_by_handset"], false);
  EXPECT_EQ(handset["texts"][1]["sent_by_handset"], true);
  EXPECT_EQ(get("/practice/handset?number=+14155550111")["calls"][0]["heard"][0], "[rings]");
  EXPECT_EQ(get("/practice/handset?number=14155550199")["texts"].size(), 0U);
  EXPECT_EQ(get("/practice/texts")["texts"].size(), 1U);
  EXPECT_EQ(get("/practice/texts?direction=inbound")["texts"].size(), 1U);
}

// Goal: the requests the service made are kept as they were, their credentials aside.
TEST_F(PracticeApi, RequestsAreKeptWithoutCredentials) {
  send_text({{"Body", "x y"}});
  const json kept = get("/practice/requests")["requests"];
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0]["method"], "POST");
  EXPECT_EQ(kept[0]["target"], api("Messages.json"));
  EXPECT_EQ(kept[0]["body"], "To=%2B14155550123&From=%2B14155550199&Body=x+y");
  EXPECT_EQ(kept[0]["answered"], 201);
  EXPECT_EQ(kept[0]["headers"]["Authorization"], "(not kept)");
}

// Goal: hostile or mistaken input is refused with a sentence that helps, and places nothing.
TEST_F(PracticeApi, RefusesBadOrders) {
  const auto refused = [&](const json& order, const std::string& hint) {
    const net::ClientResult result = post_json("/practice/calls", order);
    EXPECT_EQ(result.response.status, 400) << order;
    EXPECT_THAT(result.response.body, HasSubstr(hint)) << order;
  };
  refused(json::array(), "JSON object");
  refused({{"from", a_caller}}, "needs `from` and `to`");
  refused({{"from", a_caller}, {"to", a_business}, {"scenaro", "busy"}}, "scenario");
  refused({{"from", a_caller}, {"to", a_business}, {"scenario", "lost"}}, "no-answer");
  refused({{"from", a_caller}, {"to", a_business}, {"times", 0}}, "from 1 to 10000");
  refused({{"from", a_caller}, {"to", a_business}, {"times", 1e300}}, "from 1 to 10000");
  refused({{"from", a_caller}, {"to", a_business}, {"statuses", {"gone"}}}, "in-progress");
  refused({{"from", "anonymous"}, {"to", a_business}, {"vary_from", true}}, "vary_from");
  refused({{"from", std::string(200, '1')}, {"to", a_business}}, "at most 100 bytes");
  for (const char* body : {"", "{", "[[[[", "\xFF", "{\"from\":1}"}) {
    net::ClientRequest request = get_request("/practice/calls");
    request.method = "POST";
    request.body = body;
    EXPECT_EQ(send(request).response.status, 400) << body;
  }
  EXPECT_EQ(send(get_request("/practice/nothing")).response.status, 404);
  EXPECT_EQ(send(get_request("/elsewhere")).response.status, 404);
  EXPECT_EQ(send(get_request("/practice/handset")).response.status, 400);
  EXPECT_EQ(send(get_request("/practice/texts?to=%zz")).response.status, 400);
  net::ClientRequest removal = get_request("/practice/calls");
  removal.method = "DELETE";
  EXPECT_EQ(send(removal).response.status, 405);
  EXPECT_EQ(get("/practice/health")["calls_placed"], 0);
  EXPECT_EQ(service.count(), 0U);
}

// Goal: what is kept is bounded, whatever comes.
// Method: more texts than are kept, many at a time; the newest are there, the count is of all.
TEST_F(PracticeApi, KeepsTheNewestTenThousand) {
  turn({{"text_progress", json::array()}});
  const net::ClientResult placed = post_json("/practice/calls", {{"from", a_caller},
                                                                 {"to", a_business},
                                                                 {"times", 10'000},
                                                                 {"voice", false},
                                                                 {"status", false},
                                                                 {"wait", true}});
  EXPECT_EQ(placed.response.status, 200);
  post_json("/practice/calls", {{"from", a_caller},
                                {"to", a_business},
                                {"times", 50},
                                {"voice", false},
                                {"status", false},
                                {"wait", true}});
  const json health = get("/practice/health");
  EXPECT_EQ(health["calls_placed"], 10'050);
  EXPECT_EQ(health["calls_kept"], records_max);
}

// Goal: reset forgets everything that happened.
TEST_F(PracticeApi, ResetForgets) {
  call();
  send_text();
  post_json("/practice/reset", json::object());
  const json health = get("/practice/health");
  for (const char* count : {"calls_placed", "calls_kept", "texts_accepted", "texts_kept", "requests_kept"}) {
    EXPECT_EQ(health[count], 0) << count;
  }
}

// Goal: the page is one document that asks nobody else for anything.
TEST_F(PracticeApi, ThePageIsCompleteInItself) {
  const net::ClientResult page = send(get_request("/"));
  EXPECT_EQ(page.response.status, 200);
  EXPECT_EQ(page.response.header("Content-Type"), "text/html; charset=utf-8");
  const std::string& html = page.response.body;
  EXPECT_THAT(html, HasSubstr("</html>"));
  for (const char* outside : {"src=", "<link", "@import", "http://", "https://", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
}

// Goal: unusable options are refused at start, with what is wrong.
TEST(Starting, RefusesUnusableOptions) {
  const auto refusal = [](const Options& options) {
    PracticeCarrier carrier(options);
    const Result<void> started = carrier.start();
    return started ? std::string("(started)") : started.error().message;
  };
  EXPECT_THAT(refusal({.account_sid = "AC1"}), HasSubstr("account SID"));
  EXPECT_THAT(refusal({.auth_token = ""}), HasSubstr("auth token"));
  EXPECT_THAT(refusal({.service_url = "localhost:1"}), HasSubstr("http(s)://"));
  PracticeCarrier first(Options{});
  ASSERT_TRUE(first.start().has_value());
  EXPECT_NE(refusal({.port = first.port()}), "(started)");
}

// Goal: stopping ends whatever is under way, quickly, and is harmless twice.
// Method: a hanging request, a call whose webhook is not answered, and waiting timers.
TEST_F(PracticeApi, StopEndsWhatIsUnderWay) {
  service.fall_silent();
  turn({{"api_faults", json::array({{{"do", "hang_before_accepting"}}})}});
  std::future<net::ClientResult> hanging = std::async(std::launch::async, [&] { return send_text(); });
  std::future<net::ClientResult> waiting = std::async(std::launch::async, [&] {
    return post_json("/practice/calls", {{"from", a_caller}, {"to", a_business}, {"wait", true}});
  });
  service.requests(1);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (get("/practice/requests")["seen"] != 1 && std::chrono::steady_clock::now() < deadline) {
  }
  carrier->stop();
  EXPECT_EQ(hanging.get().kind, net::ClientResult::Kind::unknown);
  waiting.get();
  carrier->stop();
}

}  // namespace
}  // namespace jobrun::simulator
