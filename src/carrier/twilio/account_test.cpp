#include "account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "practice_test_support.hpp"
#include "simulator/practice_carrier.hpp"
#include "webhooks.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class TwilioAccount : public UnheardAccount {
 protected:
  TwilioAccount() { account.messaging_url = account.api_url; }
  AccountFacts look() {
    TwilioCarrier carrier(http, account);
    return told<AccountFacts>([&](auto done) { carrier.look_at_account(done); });
  }
};

constexpr const char* first_number = "+15550000001";
constexpr const char* second_number = "+15550000002";

// Goal: what the carrier tells of the account arrives whole: its state, its money, its services with their
// numbers. Method: an account as it begins, and one with everything changed.
TEST_F(TwilioAccount, IsToldWhole) {
  AccountFacts facts = look();
  ASSERT_TRUE(facts.state && facts.balance && facts.services);
  EXPECT_EQ(facts.state->status, AccountStatus::active);
  EXPECT_FALSE(facts.state->is_trial);
  EXPECT_EQ(facts.balance->amount, 100.0);
  EXPECT_EQ(facts.balance->currency, "USD");
  EXPECT_TRUE(facts.services->empty());

  turn({{"account_status", "suspended"},
        {"account_type", "Trial"},
        {"balance", "-3.5"},
        {"messaging_services",
         {{{"name", "drops"}, {"numbers", {second_number, first_number}}},
          {{"inbound_request_url", "https://jobrun.example/twilio/sms"},
           {"use_inbound_webhook_on_number", true},
           {"campaign_status", "FAILED"}}}}});
  facts = look();
  ASSERT_TRUE(facts.state && facts.balance && facts.services);
  EXPECT_EQ(facts.state->status, AccountStatus::suspended);
  EXPECT_TRUE(facts.state->is_trial);
  EXPECT_EQ(facts.balance->amount, -3.5);
  ASSERT_EQ(facts.services->size(), 2U);
  const MessagingService& drops = facts.services->at(0);
  EXPECT_EQ(drops.name, "drops");
  EXPECT_EQ(drops.inbound_url, "");
  EXPECT_FALSE(drops.uses_numbers_urls);
  EXPECT_THAT(drops.numbers, ElementsAre(*E164::parse(first_number), *E164::parse(second_number)));
  EXPECT_TRUE(drops.campaigns && drops.campaigns->empty());
  const MessagingService& other = facts.services->at(1);
  EXPECT_TRUE(other.uses_numbers_urls);
  EXPECT_EQ(other.inbound_url, "https://jobrun.example/twilio/sms");
  ASSERT_TRUE(other.campaigns.has_value());
  EXPECT_THAT(*other.campaigns, ElementsAre("FAILED"));
}

// Goal: lists are read to their end, page by page.
// Method: more services than fit a page, one of them with more numbers than fit one.
TEST_F(TwilioAccount, HasItsServicesReadPageByPage) {
  constexpr std::uint64_t many = 1'001;
  json numbers = json::array();
  for (std::uint64_t at = 0; at < many; ++at) numbers.push_back(E164::from_digits(15550000000 + at).text());
  json services = json::array({{{"numbers", numbers}}});
  for (int at = 0; at < 50; ++at) services.push_back({{"name", "more"}});
  turn({{"messaging_services", services}});
  const AccountFacts facts = look();
  ASSERT_TRUE(facts.services.has_value()) << facts.services.error().message;
  EXPECT_EQ(facts.services->size(), 51U);
  EXPECT_EQ(facts.services->at(0).numbers.size(), many);
}

// Goal: a part that cannot be told fails by itself and is never taken for nothing.
// Method: each fault at each part; what the account itself does not tell is not asked for.
TEST_F(TwilioAccount, FailsPartByPart) {
  account.timeout = std::chrono::milliseconds{300};
  turn({{"messaging_services", {{{"numbers", {first_number}}}}}});
  const json forbidden = {{"do", "refuse"}, {"code", 20003}, {"http_status", 403}};
  std::vector<json> faults = faults_of_a_list();
  faults.push_back(forbidden);
  for (json fault : faults) {
    fault["next"] = 1;
    fault["on"] = "account";
    turn({{"api_faults", {fault}}});
    AccountFacts facts = look();
    EXPECT_FALSE(facts.state || facts.balance || facts.services) << fault;
    fault["on"] = "balance";
    turn({{"api_faults", {fault}}});
    facts = look();
    EXPECT_TRUE(facts.state && facts.services) << fault;
    EXPECT_FALSE(facts.balance) << fault;
    fault["on"] = "messaging";
    turn({{"api_faults", {fault}}});
    facts = look();
    EXPECT_TRUE(facts.state && facts.balance) << fault;
    EXPECT_FALSE(facts.services) << fault;
    const json slow = {{"on", "messaging"}, {"do", "slow"}, {"ms", 1}, {"next", 2}};
    turn({{"api_faults", {slow, fault}}});
    facts = look();
    ASSERT_TRUE(facts.services) << fault;
    EXPECT_FALSE(facts.services->at(0).campaigns) << fault;
  }
}

/// Answers by path; the first entry that the URL contains.
TwilioCarrier::Transport account_with(std::vector<std::pair<std::string, std::string>> answers,
                                      std::vector<std::string>& asked) {
  return [answers = std::move(answers), &asked](net::ClientRequest request, const net::HttpClient::Done& done) {
    asked.push_back(request.url);
    for (const auto& [part, body] : answers) {
      if (request.url.find(part) != std::string::npos) return done(answered_with(body));
    }
    done(answered_with("{}", 404));
  };
}

const std::string an_account = R"({"sid":"AC1","status":"active","type":"Full"})";
const std::string a_balance = R"({"balance":"1","currency":"USD"})";
const std::string a_service =
    R"({"sid":"MG1","friendly_name":"x","inbound_request_url":null,"inbound_method":"POST","use_inbound_webhook_on_number":false})";
const std::string an_end = R"("meta":{"next_page_url":null}})";

// Goal: the messaging lists are asked for at their own address, and signed in nowhere else: where a page says that
// it goes on elsewhere, nothing is told.
// Method: lists over a transport that remembers; an endless list; a next page at another path.
TEST(TwilioAccountLook, AsksAtItsOwnAddressesAndEnds) {
  std::vector<std::string> asked;
  AccountFacts facts;
  const auto keep = [&facts](AccountFacts told) { facts = std::move(told); };
  const std::string no_numbers = R"({"phone_numbers":[],)" + an_end;
  twilio::look_at_account(account_with({{"/Balance.json", a_balance},
                                        {"/PhoneNumbers", no_numbers},
                                        {"/Usa2p", R"({"compliance":[],)" + an_end},
                                        {"/v1/Services?", R"({"services":[)" + a_service + "]," + an_end},
                                        {"/Accounts/AC1.json", an_account}},
                                       asked),
                          account_one(), "secret", keep);
  EXPECT_TRUE(facts.services.has_value());
  EXPECT_THAT(asked, ElementsAre("https://api.twilio.com/2010-04-01/Accounts/AC1.json",
                                 "https://api.twilio.com/2010-04-01/Accounts/AC1/Balance.json",
                                 "https://messaging.twilio.com/v1/Services?PageSize=50",
                                 "https://messaging.twilio.com/v1/Services/MG1/PhoneNumbers?PageSize=1000",
                                 "https://messaging.twilio.com/v1/Services/MG1/Compliance/Usa2p?PageSize=50"));
  for (const std::string next :
       {"https://messaging.twilio.com/v1/Services?Page=1", "https://x.invalid/elsewhere"}) {
    asked.clear();
    twilio::look_at_account(
        account_with({{"/Balance.json", a_balance},
                      {"/v1/Services?",
                       R"({"services":[)" + a_service + R"(],"meta":{"next_page_url":")" + next + R"("}})"},
                      {"/Accounts/AC1.json", an_account}},
                     asked),
        account_one(), "secret", keep);
    EXPECT_FALSE(facts.services.has_value()) << next;
    EXPECT_LE(asked.size(), twilio::services_max + 2) << next;
  }
}

// Goal: nothing that a network sends can break us or be taken for an answer.
// Method: answers that are nearly right; then random pieces.
TEST(TwilioAccountLook, CannotBeReadInPart) {
  for (const char* body : {"", "[]", "{}", R"({"status":"open","type":"Full"})", R"({"status":"active"})",
                           R"({"status":7,"type":"Full"})"}) {
    EXPECT_FALSE(twilio::read_account(answered_with(body)).has_value()) << body;
  }
  for (const char* body : {"", "{}", R"({"balance":"1"})", R"({"balance":1,"currency":"USD"})",
                           R"({"balance":"1,5","currency":"USD"})", R"({"balance":"nan","currency":"USD"})",
                           R"({"balance":"1","currency":"$"})", R"({"balance":"","currency":"USD"})"}) {
    EXPECT_FALSE(twilio::read_balance(answered_with(body)).has_value()) << body;
  }
}

RC_GTEST_PROP(TwilioAccountLook, SurvivesAnyBody, ()) {
  const std::string body = a_list_gone_wrong("services", {a_service, "\"meta\":{\"next_page_url\":null}"});
  std::vector<std::string> asked;
  bool is_told = false;
  twilio::look_at_account(account_with({{"/v1/", body}, {"", an_account}}, asked), account_one(), "t",
                          [&](const AccountFacts&) { is_told = true; });
  RC_ASSERT(is_told);
}

std::string what_of(const WebhooksAnswer& answer) {
  if (const auto* refused = std::get_if<WebhooksNotSet>(&answer)) return "not set: " + refused->reason;
  if (const auto* unknown = std::get_if<Unknown>(&answer)) return "unknown: " + unknown->reason;
  return "set";
}

// Goal: what was set is exactly what was asked for, by one request; what else the number has stays.
// Method: the request itself; then each end of a request.
TEST(TwilioWebhookRequest, NamesTheFieldsAndEndsOnce) {
  const net::ClientRequest request =
      twilio::webhooks_request(account_one(), "secret", "PN1",
                               {{WebhookField::voice_url, "https://jobrun.example/twilio/voice#ct=2000&rp=all"},
                                {WebhookField::sms_method, "POST"}});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json");
  EXPECT_EQ(request.body,
            "VoiceUrl=https%3A%2F%2Fjobrun.example%2Ftwilio%2Fvoice%23ct%3D2000%26rp%3Dall&SmsMethod=POST");
  EXPECT_EQ(request.user, "AC1");

  using Kind = net::ClientResult::Kind;
  EXPECT_EQ(what_of(twilio::read_webhooks(answered_with(R"({"sid":"PN1"})"))), "set");
  EXPECT_THAT(what_of(twilio::read_webhooks(answered_with("<html>"))), HasSubstr("unknown: "));
  EXPECT_THAT(what_of(twilio::read_webhooks(answered_with(R"({"code":21402,"message":"no"})", 400))),
              HasSubstr("not set: HTTP 400: no"));
  EXPECT_THAT(what_of(twilio::read_webhooks(answered_with("", 503))), HasSubstr("unknown: "));
  EXPECT_THAT(what_of(twilio::read_webhooks({Kind::not_written, {}, "refused"})), HasSubstr("not set: refused"));
  EXPECT_THAT(what_of(twilio::read_webhooks({Kind::unknown, {}, "reset"})), HasSubstr("unknown: reset"));
}

}  // namespace
}  // namespace jobrun::carrier
