#include "numbers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "practice_test_support.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::uint64_t first_number = 15550000000;

std::string why_not(const NumbersAnswer& answer) {
  if (const auto* unknown = std::get_if<CannotTell>(&answer)) return "cannot tell: " + unknown->reason;
  if (const auto* refused = std::get_if<CredentialsRefused>(&answer)) return "refused: " + refused->reason;
  return "(it could tell)";
}

/// Every address and what takes its place, in one line.
std::string told_of(const CarrierNumber& number) {
  return number.voice.url + " " + number.voice.method + "; " + number.voice_fallback_url + "; " +
         number.status_callback.url + " " + number.status_callback.method + "; " + number.sms_url + " " + number.sms_method +
         "; " + number.sms_fallback_url + "; " +
         number.voice_overridden_by + "; " + number.sms_overridden_by;
}

/// The practice carrier with numbers, and our listing of them.
class TwilioNumbers : public PracticeAccount {
 protected:
  void open_with(std::uint64_t numbers) {
    simulator::Options options;
    options.service_url = "https://jobrun.example";
    for (std::uint64_t at = 0; at < numbers; ++at) {
      options.numbers.push_back({E164::from_digits(first_number + at), ""});
    }
    practice = open<simulator::PracticeCarrier>(options);
  }
  void configure(const CarrierNumber& number, const std::string& form) {
    net::ClientRequest request;
    request.url = practice->url() + "/2010-04-01/Accounts/" + account.account_sid + "/IncomingPhoneNumbers/" +
                  number.sid + ".json";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.user = account.account_sid;
    request.password = account.auth_token;
    request.body = form;
    ASSERT_EQ(ask(std::move(request)).response.status, 200);
  }
  NumbersAnswer list() {
    TwilioCarrier carrier(http, account);
    return told<NumbersAnswer>([&](auto done) { carrier.list_numbers(done); });
  }

  std::unique_ptr<simulator::PracticeCarrier> practice;
};

// Goal: a number comes with every address that the carrier asks about its calls and texts.
// Method: a number as it was bought; then the same with everything changed.
TEST_F(TwilioNumbers, ComeWithTheirWebhooks) {
  open_with(1);
  NumbersAnswer answer = list();
  ASSERT_TRUE(std::holds_alternative<CarrierNumberList>(answer)) << why_not(answer);
  EXPECT_TRUE(std::get<CarrierNumberList>(answer).carrier_time.has_value());
  const CarrierNumber bought = std::get<CarrierNumberList>(answer).numbers.at(0);
  EXPECT_EQ(bought.number, E164::from_digits(first_number));
  EXPECT_EQ(told_of(bought),
            "https://jobrun.example/twilio/voice POST; ; https://jobrun.example/twilio/status POST; "
            "https://jobrun.example/twilio/sms POST; ; ; ");

  configure(bought,
            "VoiceUrl=https://a.example/v&VoiceMethod=GET&VoiceFallbackUrl=https://b.example/f.xml&StatusCallback="
            "&StatusCallbackMethod=GET&SmsUrl=https://c.example/s&SmsMethod=GET&SmsFallbackUrl=https://d.example/t&TrunkSid=TK1&VoiceApplicationSid=AP1"
            "&SmsApplicationSid=AP2");
  answer = list();
  ASSERT_TRUE(std::holds_alternative<CarrierNumberList>(answer)) << why_not(answer);
  const CarrierNumber changed = std::get<CarrierNumberList>(answer).numbers.at(0);
  EXPECT_EQ(changed.sid, bought.sid);
  EXPECT_EQ(told_of(changed),
            "https://a.example/v GET; https://b.example/f.xml;  GET; https://c.example/s GET; https://d.example/t; TK1; AP2");
}

// Goal: of an account with many numbers all are listed, in order, each once.
// Method: two pages and a bit of a third; both spellings of the next page.
TEST_F(TwilioNumbers, AreListedPageByPage) {
  constexpr std::uint64_t count = 2 * twilio::numbers_per_page + 1;
  open_with(count);
  for (const char* page_uris : {"relative", "absolute"}) {
    turn({{"page_uris", page_uris}});
    const NumbersAnswer answer = list();
    ASSERT_TRUE(std::holds_alternative<CarrierNumberList>(answer)) << why_not(answer);
    const std::vector<CarrierNumber>& numbers = std::get<CarrierNumberList>(answer).numbers;
    ASSERT_EQ(numbers.size(), count);
    for (std::uint64_t at = 0; at < count; ++at) {
      ASSERT_EQ(numbers[at].number, E164::from_digits(first_number + at)) << page_uris;
    }
  }
}

// Goal: a listing that fails anywhere on its way is never a short or an empty list.
// Method: each fault on the first page and on the second; refused credentials; nobody there.
TEST_F(TwilioNumbers, CannotBeToldWhenTheListFails) {
  open_with(twilio::numbers_per_page + 1);
  account.timeout = std::chrono::milliseconds{300};
  for (const int page : {1, 2}) {
    for (json fault : faults_of_a_list()) {
      fault["on"] = "numbers";
      fault["next"] = 1;
      json in_order = json::array({fault});
      // A page that is only slow stands before the one that fails.
      const json slow = {{"on", "numbers"}, {"do", "slow"}, {"ms", 1}, {"next", 1}};
      if (page == 2) in_order = json::array({slow, fault});
      turn({{"api_faults", in_order}});
      EXPECT_THAT(why_not(list()), HasSubstr("cannot tell: ")) << fault;
    }
  }
  EXPECT_EQ(why_not(list()), "(it could tell)");
  account.auth_token = "old";
  EXPECT_THAT(why_not(list()), HasSubstr("refused: "));
  practice->stop();
  EXPECT_THAT(why_not(list()), HasSubstr("cannot tell: "));
}

/// A number as Twilio lists it; what is not set is an empty text here, null there.
json a_listed_number() {
  return {{"sid", "PN1"},
          {"phone_number", "+15550001111"},
          {"voice_url", "https://jobrun.example/twilio/voice"},
          {"voice_method", "POST"},
          {"voice_fallback_url", nullptr},
          {"status_callback", ""},
          {"status_callback_method", "POST"},
          {"sms_url", nullptr},
          {"sms_method", "POST"},
          {"sms_fallback_url", nullptr},
          {"voice_application_sid", ""},
          {"sms_application_sid", nullptr},
          {"trunk_sid", nullptr}};
}

std::string page_of(const json& number, const json& next = nullptr) {
  return json{{"incoming_phone_numbers", json::array({number})}, {"next_page_uri", next}}.dump();
}

// Goal: the requests are exactly what Twilio's list asks for, and signed in; a number listed twice is told once.
// Method: two pages with the same number, over a transport that remembers.
TEST(TwilioNumberLists, AreAskedForLikeThis) {
  std::vector<net::ClientRequest> requests;
  const TwilioCarrier::Transport transport = [&](net::ClientRequest request, const net::HttpClient::Done& done) {
    const bool is_first = requests.empty();
    requests.push_back(std::move(request));
    done(answered_with(page_of(
        a_listed_number(), is_first ? json("/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?A=b") : nullptr)));
  };
  twilio::list_numbers(transport, account_one(), "secret", [](const NumbersAnswer& answer) {
    ASSERT_TRUE(std::holds_alternative<CarrierNumberList>(answer)) << why_not(answer);
    EXPECT_EQ(std::get<CarrierNumberList>(answer).numbers.size(), 1U);
    EXPECT_FALSE(std::get<CarrierNumberList>(answer).carrier_time.has_value());
  });
  const std::string list = "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json";
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].url, list + "?PageSize=500");
  EXPECT_EQ(requests[1].url, list + "?A=b");
  for (const net::ClientRequest& request : requests) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.user, "AC1");
    EXPECT_EQ(request.password, "secret");
    EXPECT_EQ(request.response_bytes_max, twilio::number_page_bytes_max);
  }
}

// Goal: a list without an end ends, and is not told as if it were whole.
// Method: a server whose every page names a next one.
TEST(TwilioNumberLists, AreReadForAHundredPagesAtMost) {
  int asked = 0;
  const TwilioCarrier::Transport endless =
      server_of(page_of(a_listed_number(), "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?Page=1"), asked);
  std::string told;
  twilio::list_numbers(endless, account_one(), "t", [&](const NumbersAnswer& answer) { told = why_not(answer); });
  EXPECT_THAT(told, HasSubstr("longer than 50000 numbers"));
  EXPECT_EQ(asked, twilio::number_pages_max);
}

// Goal: a page of which anything that matters cannot be read says nothing: a number left out would look gone.
// Method: a good page; each member missing and of a wrong kind; pages that are nearly right.
TEST(TwilioNumberLists, CannotBeReadInPart) {
  const auto is_readable = [](const std::string& body) {
    return twilio::read_numbers_page(answered_with(body), "AC1").has_value();
  };
  EXPECT_TRUE(is_readable(page_of(a_listed_number())));
  const json whole = a_listed_number();
  for (const auto& [name, value] : whole.items()) {
    json number = whole;
    number.erase(name);
    EXPECT_FALSE(is_readable(page_of(number))) << name;
    number[name] = 7;
    EXPECT_FALSE(is_readable(page_of(number))) << name;
  }
  json number = a_listed_number();
  number["phone_number"] = "12345";
  EXPECT_FALSE(is_readable(page_of(number)));
  for (const char* body :
       {"", "<html>", "{}", R"({"incoming_phone_numbers":["PN1"],"next_page_uri":null})",
        R"({"incoming_phone_numbers":[]})", R"({"incoming_phone_numbers":[],"next_page_uri":7})",
        R"({"incoming_phone_numbers":{},"next_page_uri":null})"}) {
    EXPECT_FALSE(is_readable(body)) << body;
  }
  EXPECT_FALSE(
      is_readable(page_of(a_listed_number(), "/2010-04-01/Accounts/AC2/IncomingPhoneNumbers.json?Page=1")));
  EXPECT_FALSE(
      is_readable(page_of(a_listed_number(), "//x.invalid/2010-04-01/Accounts/AC1/Messages.json?Page=1")));
}

// Goal: no list can break us, whatever a network puts into it.
// Method: random JSON-like text around what a list is made of.
RC_GTEST_PROP(TwilioNumberLists, SurviveAnyBody, ()) {
  const std::string body =
      a_list_gone_wrong("incoming_phone_numbers", {"\"sid\":\"PN1\"", "\"phone_number\":\"+15550001111\""});
  const Result<twilio::NumbersPage> page = twilio::read_numbers_page(answered_with(body), "AC1");
  RC_ASSERT(page || !page.error().message.empty());
}

}  // namespace
}  // namespace jobrun::carrier
