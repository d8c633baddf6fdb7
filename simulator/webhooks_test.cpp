#include <gmock/gmock.h>

#include "carrier_fixture.hpp"
#include "gate/signature.hpp"
#include "signing.hpp"

namespace jobrun::simulator {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class Webhooks : public CarrierTest {
 protected:
  bool is_signed(const net::HttpRequest& request) {
    gate::SignatureCheck check(service.url(), {auth_token_});
    const std::string_view signature = request.header("X-Twilio-Signature");
    if (request.method == "GET") return check.accepts_get(request.target, signature);
    return check.accepts_form(request.target, *gate::Form::parse(request.body), signature);
  }

  /// The service's number with other webhooks.
  void point(const Parameters& urls) {
    const json listed = get(api("IncomingPhoneNumbers.json?PhoneNumber=" + percent_encoded(a_business)));
    const std::string sid = listed["incoming_phone_numbers"][0]["sid"];
    const net::ClientResult result = send(form_request(api("IncomingPhoneNumbers/" + sid + ".json"), urls));
    EXPECT_EQ(result.response.status, 200) << result.response.body;
  }
};

// Goal: our signatures are Twilio's.
// Method: the published vectors, which no code of ours made.
TEST(Signing, AgreesWithThePublishedVectors) {
  const Parameters parameters = {{"CallSid", "CA1234567890ABCDE"},
                                 {"Caller", "+14158675309"},
                                 {"Digits", "1234"},
                                 {"From", "+14158675309"},
                                 {"To", "+18005551212"}};
  EXPECT_EQ(twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", parameters),
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
  EXPECT_EQ(twilio_signature("12345", "https://mycompany.com:443/myapp.php?foo=1&bar=2", parameters),
            "kvajT1Ptam85bY51eRf/AJRuM3w=");
  EXPECT_EQ(
      twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
                       {{"MessagingServiceSid", "b"}, {"MessagingServiceSid", "a"}, {"MessagingServiceSid", "a"}}),
      "9HFcBMNMvahMEcbtFvhGiZIeh6s=");
}

// Goal: every kind of webhook is signed over exactly what is sent.
// Method: a call, a text and a text's statuses, with characters that need encoding; the service's own checker
// judges.
TEST_F(Webhooks, AreSigned) {
  call({{"caller_name", "Smith & Sons \xC3\xBC +%"}});
  post_json("/practice/texts",
            {{"from", a_caller}, {"to", a_business}, {"body", "hi there\n=&+% \xE2\x80\x9C"}, {"wait", true}});
  send_text({{"StatusCallback", service.url() + "/cb/id?x=1%202"}});
  const std::vector<net::HttpRequest> requests = service.requests(6);
  ASSERT_EQ(requests.size(), 6U);
  for (const net::HttpRequest& request : requests) {
    EXPECT_TRUE(is_signed(request)) << request.target;
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded; charset=UTF-8");
  }
  EXPECT_EQ(parameter(requests[0], "CallerName"), "Smith & Sons \xC3\xBC +%");
}

// Goal: voice, status, text and text status webhooks carry Twilio's parameters.
// Method: one of each, looked at by name.
TEST_F(Webhooks, CarryTwiliosParameters) {
  call({{"forwarded_from", "+14155550177"}});
  std::vector<net::HttpRequest> requests = service.requests(2);
  const net::HttpRequest& voice = requests[0];
  EXPECT_EQ(voice.target, "/twilio/voice");
  EXPECT_THAT(parameter(voice, "CallSid"), testing::ContainsRegex("^CA[0-9a-f]{32}$"));
  EXPECT_EQ(parameter(voice, "AccountSid"), account_sid_);
  EXPECT_EQ(parameter(voice, "From"), a_caller);
  EXPECT_EQ(parameter(voice, "To"), a_business);
  EXPECT_EQ(parameter(voice, "CallStatus"), "ringing");
  EXPECT_EQ(parameter(voice, "Direction"), "inbound");
  EXPECT_EQ(parameter(voice, "ApiVersion"), "2010-04-01");
  EXPECT_EQ(parameter(voice, "FromCountry"), "US");
  EXPECT_EQ(parameter(voice, "ForwardedFrom"), "+14155550177");
  const net::HttpRequest& status = requests[1];
  EXPECT_EQ(status.target, "/twilio/status");
  EXPECT_EQ(parameter(status, "CallSid"), parameter(voice, "CallSid"));
  EXPECT_EQ(parameter(status, "CallStatus"), "completed");
  EXPECT_EQ(parameter(status, "SequenceNumber"), "0");
  EXPECT_EQ(parameter(status, "CallbackSource"), "call-progress-events");
  EXPECT_EQ(parameter(status, "CallDuration"), "1");
  EXPECT_THAT(parameter(status, "Timestamp"), testing::EndsWith("+0000"));
  service.forget();
  post_json("/practice/texts", {{"from", a_caller}, {"to", a_business}, {"body", "hi"}});
  const net::HttpRequest sms = service.requests(1)[0];
  EXPECT_EQ(sms.target, "/twilio/sms");
  EXPECT_EQ(parameter(sms, "Body"), "hi");
  EXPECT_EQ(parameter(sms, "NumMedia"), "0");
  EXPECT_EQ(parameter(sms, "NumSegments"), "1");
  EXPECT_EQ(parameter(sms, "MessageSid"), parameter(sms, "SmsSid"));
}

// Goal: an accepted text's statuses reach its StatusCallback in order, and look-ups agree.
// Method: one text; its callbacks and its resource.
TEST_F(Webhooks, TextsReportQueuedSentDelivered) {
  const std::string sid =
      json::parse(send_text({{"StatusCallback", service.url() + "/cb/7"}}).response.body)["sid"];
  const std::vector<net::HttpRequest> requests = service.requests(3);
  std::vector<std::string> statuses;
  for (const net::HttpRequest& request : requests) {
    EXPECT_EQ(request.target, "/cb/7");
    EXPECT_EQ(parameter(request, "MessageSid"), sid);
    EXPECT_EQ(parameter(request, "ErrorCode"), "");
    statuses.push_back(parameter(request, "MessageStatus"));
  }
  EXPECT_THAT(statuses, UnorderedElementsAre("queued", "sent", "delivered"));
  const json text = get(api("Messages/" + sid + ".json"));
  EXPECT_EQ(text["status"], "delivered");
  EXPECT_TRUE(text["date_sent"].is_string());
}

// Goal: a webhook whose connection fails is repeated once; then the call goes to the
// fallback, and only with that failing too does the caller hear the carrier's apology.
// Method: a port nobody listens on, first with a fallback that answers, then with none.
TEST_F(Webhooks, ConnectFailuresAreRepeatedOnceThenFallBack) {
  const std::string nobody = "http://127.0.0.1:9";
  point({{"VoiceUrl", nobody + "/voice"}, {"VoiceFallbackUrl", service.url() + "/fallback"}});
  service.answer_with(
      [](const net::HttpRequest&) { return twiml_answer("<Response><Say>fallback</Say></Response>"); });
  const std::int64_t before = get("/practice/health")["webhooks_sent"];
  const json rescued = call();
  EXPECT_THAT(rescued["heard"].get<std::vector<std::string>>(), ElementsAre("fallback"));
  EXPECT_EQ(rescued["status"], "completed");
  EXPECT_EQ(parameter(service.requests(1)[0], "ErrorCode"), "11205");
  // Two attempts at the URL, one at the fallback, one status callback.
  EXPECT_EQ(get("/practice/health")["webhooks_sent"].get<std::int64_t>() - before, 4);
  point({{"VoiceFallbackUrl", ""}});
  const json lost = call();
  EXPECT_THAT(lost["heard"][0].get<std::string>(), HasSubstr("application error"));
  EXPECT_EQ(lost["status"], "failed");
}

// Goal: the overrides in a URL's fragment rule retries, and are neither sent nor signed.
// Method: a working URL with a fragment, then a dead one that asks for no retry.
TEST_F(Webhooks, FragmentsOverrideRetriesAndAreNotSigned) {
  point({{"VoiceUrl", service.url() + "/voice?a=1#rc=3&ct=2000"}});
  call();
  const net::HttpRequest voice = service.requests(1)[0];
  EXPECT_EQ(voice.target, "/voice?a=1");
  EXPECT_TRUE(is_signed(voice));
  point({{"VoiceUrl", "http://127.0.0.1:9/voice#rc=0"}});
  const std::int64_t before = get("/practice/health")["webhooks_sent"];
  call();
  EXPECT_EQ(get("/practice/health")["webhooks_sent"].get<std::int64_t>() - before, 2);
}

// Goal: a repeated webhook says that it is one.
// Method: a URL that wants retries also when no answer came, and a service that resets the first connection.
TEST_F(Webhooks, RepeatsAreMarked) {
  point({{"VoiceUrl", service.url() + "/twilio/voice#rp=all&rc=1"}});
  service.answer_with([is_first = true](const net::HttpRequest&) mutable {
    net::HttpResponse answer = twiml_answer("<Response/>");
    answer.resets_connection = std::exchange(is_first, false);
    return answer;
  });
  call();
  const std::vector<net::HttpRequest> requests = service.requests(2);
  EXPECT_EQ(requests[0].header("I-Twilio-Idempotency-Token"), "");
  EXPECT_EQ(requests[1].target, "/twilio/voice");
  EXPECT_NE(requests[1].header("I-Twilio-Idempotency-Token"), "");
  EXPECT_EQ(requests[0].body, requests[1].body);
}

// Goal: a redirect turns the POST into a GET and loses the parameters.
// Method: a voice URL that answers 302.
TEST_F(Webhooks, RedirectsLoseTheParameters) {
  service.answer_with([](const net::HttpRequest& request) {
    if (request.target != "/twilio/voice") return twiml_answer("<Response><Say>moved</Say></Response>");
    net::HttpResponse moved{.status = 302};
    moved.headers = {{"Location", "/moved?x=1"}};
    return moved;
  });
  EXPECT_EQ(call()["heard"][0], "moved");
  const net::HttpRequest request = service.requests(2)[1];
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/moved?x=1");
  EXPECT_EQ(request.body, "");
  EXPECT_TRUE(is_signed(request));
}

// Goal: a GET webhook carries its parameters in the query and signs the URL alone.
// Method: a number whose voice method is GET.
TEST_F(Webhooks, GetPutsParametersInTheQuery) {
  point({{"VoiceMethod", "GET"}});
  call();
  const net::HttpRequest voice = service.requests(1)[0];
  EXPECT_EQ(voice.method, "GET");
  EXPECT_THAT(voice.target, HasSubstr("&To=%2B14155550199"));
  EXPECT_TRUE(is_signed(voice));
}

// Goal: a service that never answers costs a webhook its whole time and no more.
// Method: a silent service and a short time-out; the note says so.
TEST_F(Webhooks, TimeOut) {
  turn({{"webhook_timeout_ms", 100}});
  service.fall_silent();
  const json lost = call();
  EXPECT_EQ(lost["webhooks"][0]["status"], 0);
  EXPECT_THAT(lost["webhooks"][0]["problem"].get<std::string>(), HasSubstr("11205"));
  EXPECT_EQ(lost["webhooks"].size(), 2U);
}

}  // namespace
}  // namespace jobrun::simulator
