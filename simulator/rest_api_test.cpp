#include <gmock/gmock.h>

#include <set>

#include "carrier_fixture.hpp"

namespace jobrun::simulator {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;

using RestApi = CarrierTest;

// Goal: an accepted text is answered as Twilio answers it, member by member.
// Method: one good request; the shape is spelt out here.
TEST_F(RestApi, AnswersAnAcceptedTextInTwiliosShape) {
  turn({{"text_progress", json::array()}});
  const net::ClientResult result = send_text();
  ASSERT_EQ(result.response.status, 201);
  EXPECT_EQ(result.response.header("Content-Type"), "application/json");
  const json text = json::parse(result.response.body);
  const std::string sid = text["sid"];
  EXPECT_THAT(sid, ContainsRegex("^SM[0-9a-f]{32}$"));
  EXPECT_EQ(text["status"], "queued");
  EXPECT_EQ(text["to"], a_caller);
  EXPECT_EQ(text["from"], a_business);
  EXPECT_EQ(text["body"], "Sorry we missed you");
  EXPECT_EQ(text["num_segments"], "1");
  EXPECT_EQ(text["num_media"], "0");
  EXPECT_EQ(text["direction"], "outbound-api");
  EXPECT_EQ(text["account_sid"], account_sid_);
  EXPECT_EQ(text["api_version"], "2010-04-01");
  EXPECT_EQ(text["uri"], api("Messages/" + sid + ".json"));
  EXPECT_EQ(text["subresource_uris"]["media"], api("Messages/" + sid + "/Media.json"));
  for (const char* absent : {"price", "error_code", "error_message", "messaging_service_sid", "date_sent"}) {
    EXPECT_TRUE(text.contains(absent) && text[absent].is_null()) << absent;
  }
  EXPECT_THAT(text["date_created"].get<std::string>(),
              ContainsRegex("^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \\+0000$"));
}

struct RefusalRow {
  std::string name;
  Parameters changes;
  int http_status;
  int code;
};

class TextRefusals : public CarrierTest, public testing::WithParamInterface<RefusalRow> {};

// Goal: a text that Twilio refuses is refused with Twilio's code, status and error shape, and not kept.
// Method: one row a reason; each changes one parameter of a good request.
TEST_P(TextRefusals, HaveTwiliosCode) {
  const RefusalRow& row = GetParam();
  const net::ClientResult result = send_text(row.changes);
  EXPECT_EQ(result.response.status, row.http_status);
  const json error = json::parse(result.response.body);
  EXPECT_EQ(error["code"], row.code);
  EXPECT_EQ(error["status"], row.http_status);
  EXPECT_EQ(error["more_info"], "https://www.twilio.com/docs/errors/" + std::to_string(row.code));
  EXPECT_FALSE(error["message"].get<std::string>().empty());
  EXPECT_EQ(error.size(), 4U);
  EXPECT_EQ(texts_accepted(), 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, TextRefusals,
                         testing::Values(RefusalRow{"NoTo", {{"To", ""}}, 400, 21604},
                                         RefusalRow{"NoFrom", {{"From", ""}}, 400, 21603},
                                         RefusalRow{"NoBody", {{"Body", ""}}, 400, 21602},
                                         RefusalRow{"BadTo", {{"To", "anonymous"}}, 400, 21211},
                                         RefusalRow{"BadFrom", {{"From", "hello"}}, 400, 21212},
                                         RefusalRow{"SameNumber", {{"To", std::string(a_business)}}, 400, 21266},
                                         RefusalRow{"TooLong", {{"Body", std::string(1'601, 'x')}}, 400, 21617},
                                         RefusalRow{"BadCallback", {{"StatusCallback", "ftp://x"}}, 400, 21609}),
                         [](const auto& row) { return row.param.name; });

// Goal: 1,600 characters are allowed whatever their size in bytes, one more is not.
// Method: umlauts, two bytes each.
TEST_F(RestApi, CountsCharactersNotBytes) {
  std::string umlauts;
  for (int i = 0; i < 1'600; ++i) umlauts += "\xC3\xBC";
  EXPECT_EQ(send_text({{"Body", umlauts}}).response.status, 201);
  EXPECT_EQ(code_of(send_text({{"Body", umlauts + "x"}})), 21617);
}

// Goal: wrong credentials are refused with 20003, whatever is asked.
// Method: wrong password, wrong user, none.
TEST_F(RestApi, RefusesWrongCredentials) {
  for (const auto& [user, password] : std::vector<std::pair<std::string, std::string>>{
           {account_sid_, "guess"}, {"AC00000000000000000000000000000000", auth_token_}, {"", ""}}) {
    net::ClientRequest request = text_request();
    request.user = user;
    request.password = password;
    const net::ClientResult result = send(request);
    EXPECT_EQ(result.response.status, 401) << user;
    EXPECT_EQ(code_of(result), 20003) << user;
  }
  EXPECT_EQ(texts_accepted(), 0);
}

// Goal: what is not served has a definite error.
// Method: paths and methods outside of what JobRun uses.
TEST_F(RestApi, RefusesUnknownPathsAndMethods) {
  EXPECT_EQ(get(api("Messages/SM00000000000000000000000000000000.json"))["code"], 20404);
  EXPECT_EQ(get(api("Calls/CA00000000000000000000000000000000.json"))["code"], 20404);
  EXPECT_EQ(get(api("IncomingPhoneNumbers/PN00000000000000000000000000000000.json"))["code"], 20404);
  EXPECT_EQ(get(api("Conferences.json"))["code"], 20404);
  EXPECT_EQ(get("/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json")["code"], 20404);
  EXPECT_EQ(code_of(send(form_request(api("Calls.json"), {{"To", "x"}}))), 20004);
  net::ClientRequest bad_form = text_request();
  bad_form.body = "To=%zz";
  EXPECT_EQ(send(bad_form).response.status, 400);
  net::ClientRequest wrong_type = text_request();
  wrong_type.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(send(wrong_type).response.status, 415);
}

// Goal: the list of texts can be walked page by page without losing or repeating one, though new ones arrive.
// Method: 7 texts, pages of 3, and a further text sent between two pages.
TEST_F(RestApi, PagesTextsWithoutLossWhileNewOnesArrive) {
  std::set<std::string> sent;
  for (int i = 0; i < 7; ++i) {
    sent.insert(json::parse(send_text({{"Body", "text " + std::to_string(i)}}).response.body)["sid"]);
  }
  std::vector<std::string> seen;
  std::string next = api("Messages.json") + "?PageSize=3&To=" + percent_encoded(a_caller);
  int pages = 0;
  while (!next.empty() && pages < 10) {
    const json page = get(next);
    EXPECT_EQ(page["page"], pages++);
    EXPECT_EQ(page["page_size"], 3);
    for (const json& text : page["messages"]) seen.push_back(text["sid"]);
    next = page["next_page_uri"].is_null() ? "" : page["next_page_uri"].get<std::string>();
    send_text({{"Body", "latecomer"}});
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), sent);
  EXPECT_EQ(seen.size(), sent.size());
}

// Goal: To, From and DateSent filter as Twilio documents.
// Method: three texts that differ in one thing each; days before, on and after today.
TEST_F(RestApi, FiltersTexts) {
  turn({{"queued_text_date_sent", "present"}, {"text_progress", json::array()}});
  send_text();
  send_text({{"To", "+14155550124"}});
  send_text({{"From", "+14155550198"}});
  const auto count = [&](const std::string& query) {
    return get(api("Messages.json?" + query))["messages"].size();
  };
  EXPECT_EQ(count(""), 3U);
  EXPECT_EQ(count("To=%2B14155550124"), 1U);
  EXPECT_EQ(count("From=%2B14155550199"), 2U);
  EXPECT_EQ(count("To=%2B14155550123&From=%2B14155550199"), 1U);
  const std::string today = get("/practice/health")["at"].get<std::string>().substr(0, 10);
  EXPECT_EQ(count("DateSent=" + today), 3U);
  EXPECT_EQ(count("DateSent=2001-01-01"), 0U);
  EXPECT_EQ(count("DateSent%3E=2001-01-01"), 3U);
  EXPECT_EQ(count("DateSent%3C=2001-01-01"), 0U);
  EXPECT_EQ(count("DateSent%3E=2001-01-01&DateSent%3C=2999-01-01"), 3U);
  EXPECT_EQ(count("DateSent%3E=2999-01-01T00:00:00Z"), 0U);
  EXPECT_EQ(get(api("Messages.json?DateSent=yesterday"))["status"], 400);
}

// Goal: calls are listed with their filters, children with their parent.
// Method: one call that rings a phone, one canceled.
TEST_F(RestApi, ListsCallsAndTheirLegs) {
  service.answer_with([](const net::HttpRequest& request) {
    return twiml_answer(request.target == "/twilio/voice" ? "<Response><Dial>+14155550111</Dial></Response>"
                                                          : "<Response/>");
  });
  const std::string parent = call({{"dial", "busy"}})["call_sid"];
  call({{"scenario", "canceled"}, {"from", "+14155550124"}});
  const auto calls = [&](const std::string& query) { return get(api("Calls.json?" + query))["calls"]; };
  EXPECT_EQ(calls("").size(), 3U);
  const json child = calls("ParentCallSid=" + parent);
  ASSERT_EQ(child.size(), 1U);
  EXPECT_EQ(child[0]["to"], "+14155550111");
  EXPECT_EQ(child[0]["status"], "busy");
  EXPECT_EQ(child[0]["direction"], "outbound-dial");
  EXPECT_EQ(calls("Status=canceled").size(), 1U);
  EXPECT_EQ(calls("From=%2B14155550124").size(), 1U);
  EXPECT_EQ(calls("To=%2B14155550199").size(), 2U);
  EXPECT_EQ(calls("StartTime%3E=2001-01-01").size(), 3U);
  EXPECT_EQ(calls("EndTime%3C=2001-01-01").size(), 0U);
  const json one = get(api("Calls/" + parent + ".json"));
  EXPECT_EQ(one["status"], "completed");
  EXPECT_EQ(one["direction"], "inbound");
  EXPECT_TRUE(one["duration"].is_string());
  EXPECT_TRUE(one["parent_call_sid"].is_null());
}

// Goal: a number's webhooks can be read and changed, and calls follow the change.
// Method: list, update by sid, place a call.
TEST_F(RestApi, UpdatesANumbersWebhooks) {
  const json listed = get(api("IncomingPhoneNumbers.json?PhoneNumber=%2B14155550199"));
  ASSERT_EQ(listed["incoming_phone_numbers"].size(), 1U);
  const json number = listed["incoming_phone_numbers"][0];
  EXPECT_EQ(number["voice_url"], service.url() + "/twilio/voice");
  EXPECT_EQ(number["status_callback"], service.url() + "/twilio/status");
  EXPECT_EQ(number["sms_url"], service.url() + "/twilio/sms");
  const std::string path = api("IncomingPhoneNumbers/" + number["sid"].get<std::string>() + ".json");
  const net::ClientResult updated = send(form_request(path, {{"VoiceUrl", service.url() + "/other"}}));
  EXPECT_EQ(updated.response.status, 200);
  EXPECT_EQ(get(path)["voice_url"], service.url() + "/other");
  call();
  EXPECT_EQ(service.requests(1)[0].target, "/other");
  EXPECT_EQ(code_of(send(form_request(path, {{"VoiceUrl", "http://under_score.example/"}}))), 21402);
  EXPECT_EQ(code_of(send(form_request(path, {{"VoiceMethod", "PATCH"}}))), 21403);
}

// Goal: a text to a number in a Messaging Service goes where the service says, and nowhere where that says
// nothing: then no list has it either. Method: a service without an address, one with one, and one that leaves it
// to the number.
TEST_F(RestApi, BringsTextsWhereTheirServiceSays) {
  const auto text_with = [&](json rule) {
    rule["numbers"] = {a_business};
    turn({{"messaging_services", json::array({rule})}});
    const json order = {{"from", a_caller}, {"to", a_business}, {"body", "hello"}, {"wait", true}};
    EXPECT_EQ(post_json("/practice/texts", order).response.status, 200);
  };
  text_with({{"name", "drops"}});
  EXPECT_EQ(get(api("Messages.json"))["messages"].size(), 0U);
  text_with({{"inbound_request_url", service.url() + "/elsewhere"}});
  EXPECT_EQ(service.requests(1)[0].target, "/elsewhere");
  text_with({{"use_inbound_webhook_on_number", true}});
  EXPECT_EQ(service.requests(2)[1].target, "/twilio/sms");
  EXPECT_EQ(get(api("Messages.json"))["messages"].size(), 2U);
}

class WithNumbers : public CarrierTest {
 protected:
  WithNumbers() : CarrierTest(options()) {}
  static Options options() {
    Options options;
    options.numbers.push_back({*E164::parse(a_business), ""});
    return options;
  }
};

// Goal: with a list of numbers, only these can be called and sent from.
// Method: the listed number and another one.
TEST_F(WithNumbers, OthersAreNotOurs) {
  EXPECT_EQ(send_text().response.status, 201);
  EXPECT_EQ(code_of(send_text({{"From", "+14155550198"}})), 21606);
  EXPECT_EQ(call()["status"], "completed");
  EXPECT_EQ(post_json("/practice/calls", {{"from", a_caller}, {"to", "+14155550198"}}).response.status, 404);
  EXPECT_EQ(get(api("IncomingPhoneNumbers.json"))["incoming_phone_numbers"].size(), 1U);
}

}  // namespace
}  // namespace jobrun::simulator
