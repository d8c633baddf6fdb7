#include "carrier/twilio.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "answer_table.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::carrier {
namespace {

using Kind = net::ClientResult::Kind;
using Because = Refused::Because;

TwilioCarrier::Options an_account() {
  TwilioCarrier::Options options;
  options.account_sid = "AC0123456789abcdef0123456789abcdef";
  options.auth_token = "secret";
  return options;
}

OutgoingText a_text(std::string body = "Sorry we missed your call.") {
  return {{"CA77", Purpose::customer_intake},
          Account::first,
          E164::from_digits(15550001111),
          E164::from_digits(14155550101),
          std::move(body)};
}

net::ClientResult answered(int status, std::string body) {
  net::ClientResult result;
  result.kind = Kind::answered;
  result.response.status = status;
  result.response.body = std::move(body);
  return result;
}

std::string error_body(int code) {
  return nlohmann::json{{"code", code}, {"message", "no"}, {"status", 400}, {"more_info", "https://x"}}.dump();
}

// Goal: the request is exactly what Twilio's Messages resource asks for.
// Method: bodies with every kind of character in, the whole request out.
TEST(TwilioRequest, IsExactlyThis) {
  struct Row {
    std::string body;
    std::string encoded;
  };
  const std::array rows = {
      Row{"Sorry we missed your call.", "Sorry+we+missed+your+call."},
      Row{"Smith & Sons: 100% + \"tax\"?", "Smith+%26+Sons%3A+100%25+%2B+%22tax%22%3F"},
      Row{"a=b&To=+1", "a%3Db%26To%3D%2B1"},
      Row{"line\nbreak", "line%0Abreak"},
      Row{"caf\xC3\xA9 \xF0\x9F\x98\x80", "caf%C3%A9+%F0%9F%98%80"},
      Row{"-._~*", "-._~%2A"},
      Row{"", ""},
  };
  for (const Row& row : rows) {
    const net::ClientRequest request = twilio_message_request(an_account(), "secret", a_text(row.body));
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url,
              "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json");
    EXPECT_EQ(request.user, "AC0123456789abcdef0123456789abcdef");
    EXPECT_EQ(request.password, "secret");
    EXPECT_EQ(request.body, "To=%2B14155550101&From=%2B15550001111&Body=" + row.encoded);
    const std::vector<std::pair<std::string, std::string>> headers = {
        {"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    EXPECT_EQ(request.headers, headers);
  }
}

// Goal: with an address for statuses each text asks for them under our own id, and says which of its requests it
// is; without one it does not ask.
// Method: both options, one text, and its second request.
TEST(TwilioRequest, AsksForStatusesUnderOurOwnId) {
  TwilioCarrier::Options options = an_account();
  EXPECT_EQ(twilio_message_request(options, "t", a_text("x")).body.find("StatusCallback"), std::string::npos);
  options.status_callback_base = "https://jobrun.example";
  EXPECT_EQ(twilio_message_request(options, "t", a_text("x")).body,
            "To=%2B14155550101&From=%2B15550001111&Body=x&StatusCallback="
            "https%3A%2F%2Fjobrun.example%2Ftwilio%2Fmessage-status%2FCA77.customer_intake");
  OutgoingText second = a_text("x");
  second.attempt = {2, 1};
  EXPECT_EQ(
      twilio_message_request(options, "t", second).body,
      "To=%2B14155550101&From=%2B15550001111&Body=x&StatusCallback="
      "https%3A%2F%2Fjobrun.example%2Ftwilio%2Fmessage-status%2FCA77.customer_intake%3Fattempt%3D2%26way%3D1");
}

// Goal: whatever is in a text, the form says it back unchanged.
// Method: random bytes, encoded by us, decoded by a decoder written here from the format's definition.
RC_GTEST_PROP(TwilioRequest, FormSaysBackAnyBytes, (const std::string& text)) {
  const std::string encoded = net::form_encoded({{"Body", text}});
  std::string decoded;
  for (std::size_t at = 5; at < encoded.size(); ++at) {
    const char c = encoded[at];
    RC_ASSERT((c != '&' && c != '=' && c != ' '));
    if (c == '%') {
      decoded += static_cast<char>(std::stoi(encoded.substr(at + 1, 2), nullptr, 16));
      at += 2;
    } else {
      decoded += c == '+' ? ' ' : c;
    }
  }
  RC_ASSERT(decoded == text);
}

struct RefusalRow {
  int status;
  int code;
  Because because;
  AlertTo alert;
  std::optional<PhoneFact> learned = std::nullopt;
  bool blocks_sender = false;
};

void expect_as_in(const RefusalRow& row, const Refused& refused) {
  EXPECT_EQ(refused.because, row.because) << row.status << " " << row.code;
  EXPECT_EQ(refused.alert, row.alert) << row.status << " " << row.code;
  EXPECT_EQ(refused.code, row.code);
  EXPECT_EQ(refused.http_status, row.status);
  EXPECT_EQ(refused.learned, row.learned) << row.code;
  EXPECT_EQ(refused.blocks_sender, row.blocks_sender) << row.code;
}

using enum AlertTo;
constexpr bool blocks_sender = true;

constexpr std::array refusals = {
    RefusalRow{429, 20429, Because::later, nobody},
    RefusalRow{429, 0, Because::later, nobody},
    RefusalRow{503, 20503, Because::later, nobody},
    RefusalRow{400, 20429, Because::later, nobody},
    RefusalRow{401, 20003, Because::credentials, page},
    RefusalRow{401, 0, Because::credentials, page},
    RefusalRow{403, 20003, Because::credentials, page},
    RefusalRow{403, 20005, Because::suspended, page},
    RefusalRow{403, 30002, Because::suspended, page},
    RefusalRow{400, 21211, Because::recipient, owner},
    RefusalRow{400, 21610, Because::recipient, owner, PhoneFact::opted_out},
    RefusalRow{400, 21614, Because::recipient, owner, PhoneFact::landline},
    RefusalRow{400, 21635, Because::recipient, owner, PhoneFact::landline},
    RefusalRow{400, 30006, Because::recipient, owner, PhoneFact::landline},
    RefusalRow{400, 30004, Because::recipient, owner},
    RefusalRow{400, 30005, Because::recipient, owner},
    RefusalRow{400, 21212, Because::sender, operator_},
    RefusalRow{400, 21606, Because::sender, operator_},
    RefusalRow{400, 21612, Because::sender, operator_},
    RefusalRow{400, 21266, Because::sender, operator_},
    RefusalRow{400, 21659, Because::sender, operator_},
    RefusalRow{400, 21660, Because::sender, operator_},
    RefusalRow{400, 30032, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{400, 30034, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{400, 21408, Because::account, operator_},
    RefusalRow{400, 21608, Because::account, operator_},
    RefusalRow{429, 21611, Because::later, nobody},
    RefusalRow{429, 30001, Because::later, nobody},
    RefusalRow{400, 30001, Because::later, nobody},
    RefusalRow{429, 30022, Because::later, nobody},
    RefusalRow{429, 30023, Because::next_day, operator_},
    RefusalRow{400, 30003, Because::once_more, nobody},
    RefusalRow{400, 30008, Because::once_more, nobody},
    RefusalRow{400, 30007, Because::filtered, operator_},
    RefusalRow{400, 14107, Because::loop, operator_},
    RefusalRow{400, 21617, Because::our_mistake, operator_},
    RefusalRow{400, 21602, Because::our_mistake, operator_},
    RefusalRow{400, 21603, Because::our_mistake, operator_},
    RefusalRow{400, 21604, Because::our_mistake, operator_},
    RefusalRow{400, 21609, Because::our_mistake, operator_},
    RefusalRow{408, 0, Because::later, nobody},
    RefusalRow{404, 20404, Because::other, operator_},
    RefusalRow{400, 29999, Because::other, operator_},
    RefusalRow{302, 0, Because::other, operator_},
    RefusalRow{400, 0, Because::other, operator_},
};

// Goal: each refusal of a request says what to do next, what it teaches, and who has to know.
// Method: one row per status and code of the carrier's documentation.
TEST(TwilioAnswer, RefusalsAreClassifiedByCode) {
  std::set<int> codes_tested;
  for (const RefusalRow& row : refusals) {
    codes_tested.insert(row.code);
    const SendAnswer answer =
        classify_twilio_answer(answered(row.status, row.code != 0 ? error_body(row.code) : ""));
    const auto* refused = std::get_if<Refused>(&answer);
    ASSERT_NE(refused, nullptr) << row.status << " " << row.code;
    expect_as_in(row, *refused);
  }
  for (const AnswerRow& row : twilio::answer_table) {
    EXPECT_TRUE(row.code == any_code || codes_tested.contains(row.code)) << row.code << " has no row here";
  }
}

// Goal: what is said of a text that was taken and lost means what the same code means in an answer, and codes that
// only refuse requests mean nothing there.
// Method: the ErrorCodes of message statuses; codes of requests; none; one nobody knows.
TEST(TwilioStatus, ErrorCodesAreClassifiedByTheSameTable) {
  constexpr int told_by_a_status = 0;
  const std::array rows = {
      RefusalRow{told_by_a_status, 30001, Because::later, nobody},
      RefusalRow{told_by_a_status, 30002, Because::suspended, page},
      RefusalRow{told_by_a_status, 30003, Because::once_more, nobody},
      RefusalRow{told_by_a_status, 30004, Because::recipient, owner},
      RefusalRow{told_by_a_status, 30005, Because::recipient, owner},
      RefusalRow{told_by_a_status, 30006, Because::recipient, owner, PhoneFact::landline},
      RefusalRow{told_by_a_status, 30007, Because::filtered, operator_},
      RefusalRow{told_by_a_status, 30008, Because::once_more, nobody},
      RefusalRow{told_by_a_status, 30022, Because::later, nobody},
      RefusalRow{told_by_a_status, 30023, Because::next_day, operator_},
      RefusalRow{told_by_a_status, 30032, Because::sender, page, std::nullopt, blocks_sender},
      RefusalRow{told_by_a_status, 30034, Because::sender, page, std::nullopt, blocks_sender},
      RefusalRow{told_by_a_status, 21610, Because::recipient, owner, PhoneFact::opted_out},
      RefusalRow{told_by_a_status, 21614, Because::recipient, owner, PhoneFact::landline},
      RefusalRow{told_by_a_status, 21612, Because::sender, operator_},
      RefusalRow{told_by_a_status, 20003, Because::other, operator_},
      RefusalRow{told_by_a_status, 20429, Because::other, operator_},
      RefusalRow{told_by_a_status, 21617, Because::other, operator_},
      RefusalRow{told_by_a_status, 29999, Because::other, operator_},
      RefusalRow{told_by_a_status, 0, Because::other, operator_},
  };
  for (const RefusalRow& row : rows) expect_as_in(row, refused_by_twilio_status(row.code, "lost"));
  EXPECT_EQ(refused_by_twilio_status(30003, "no\nanswer").detail, "no?answer");
  EXPECT_FALSE(refused_by_twilio_status(30003, "").detail.empty());
}

// Goal: what may have been taken is unknown, never a refusal and never not sent.
// Method: server errors, with and without codes of refusals; unfinished requests; garbled successes.
TEST(TwilioAnswer, IsUnknownWhenTheTextMayHaveBeenTaken) {
  const std::array results = {
      answered(500, error_body(20500)),
      answered(500, ""),
      answered(502, "<html>"),
      answered(503, ""),
      answered(504, ""),
      answered(500, error_body(21211)),
      answered(201, ""),
      answered(201, "{\"si"),
      answered(201, "[]"),
      answered(200, "null"),
      answered(201, "{}"),
      answered(201, "{\"sid\":7}"),
      answered(201, "{\"sid\":\"\"}"),
      answered(101, ""),
      answered(0, ""),
      answered(201, "{\"sid\":\"SM\\n\"}"),
      net::ClientResult{Kind::unknown, {}, "timed out"},
  };
  for (const net::ClientResult& result : results) {
    EXPECT_TRUE(std::holds_alternative<Unknown>(classify_twilio_answer(result)))
        << result.response.status << " " << result.response.body;
  }
}

// Goal: a request of which nothing was written may be made again.
// Method: the client's own words for it.
TEST(TwilioAnswer, IsNotSentWhenNothingWasWritten) {
  const SendAnswer answer = classify_twilio_answer({Kind::not_written, {}, "could not connect"});
  ASSERT_TRUE(std::holds_alternative<NotSent>(answer));
  EXPECT_EQ(std::get<NotSent>(answer).reason, "could not connect");
}

// Goal: an accepted text is known by its sid; one taken and failed at once counts as refused.
// Method: a created message; a created message whose status is failed.
TEST(TwilioAnswer, AcceptedCarriesTheSid) {
  const std::string sid = "SM0123456789abcdef0123456789abcdef";
  SendAnswer answer = classify_twilio_answer(
      answered(201, R"({"sid":")" + sid + R"(","status":"queued","error_code":null,"error_message":null})"));
  ASSERT_TRUE(std::holds_alternative<Accepted>(answer));
  EXPECT_EQ(std::get<Accepted>(answer).message_sid, sid);
  answer =
      classify_twilio_answer(answered(201, R"({"sid":")" + sid + R"(","status":"failed","error_code":30006})"));
  ASSERT_TRUE(std::holds_alternative<Refused>(answer));
  EXPECT_EQ(std::get<Refused>(answer).learned, PhoneFact::landline);
}

// Goal: Retry-After in seconds is understood; anything else is left out, and nothing overflows.
// Method: good, absent, a date, negative, enormous.
TEST(TwilioAnswer, ReadsRetryAfter) {
  const auto retry_after = [](std::string value) {
    net::ClientResult result = answered(429, error_body(20429));
    if (!value.empty()) result.response.headers = {{"retry-after", std::move(value)}};
    return std::get<Refused>(classify_twilio_answer(result)).retry_after;
  };
  EXPECT_EQ(retry_after("7"), Duration{7'000});
  EXPECT_EQ(retry_after(""), std::nullopt);
  EXPECT_EQ(retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), std::nullopt);
  EXPECT_EQ(retry_after("-7"), std::nullopt);
  EXPECT_EQ(retry_after("99999999999999999999999"), std::nullopt);
  constexpr std::chrono::hours a_week{24 * 7};
  for (const char* too_long : {"604801", "9223372036854775807"})
    EXPECT_EQ(retry_after(too_long), a_week) << too_long;
}

// Goal: no response body can break us, or reach a log with control characters or without a bound.
// Method: random bytes, random JSON-like text and hostile examples, with every kind of status.
RC_GTEST_PROP(TwilioAnswer, SurvivesAnyBody, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "{", "}", "[", "]", "\"sid\"", "\"code\"", "\"message\"", ":", ",", "1e999", "-1", "99999999999999999999",
      "\"\\ud800\"", "\"SM1\"", "\xFF\xFE", "\"\\u0000\"", "null", "true", " "));
  std::string body = *rc::gen::arbitrary<std::string>();
  for (const std::string& piece : pieces) body += piece;
  for (const int status : {200, 302, 400, 429, 500, 999, -1}) {
    const SendAnswer answer = classify_twilio_answer(answered(status, body));
    if (const auto* refused = std::get_if<Refused>(&answer)) {
      RC_ASSERT(refused->detail.size() <= 200U);
      RC_ASSERT(std::ranges::all_of(refused->detail, [](char c) { return c >= 0x20 && c <= 0x7E; }));
    }
  }
}

// Goal: a body of nothing but brackets neither overflows the stack nor counts as an answer.
// Method: 60,000 of them, as many as a response may hold.
TEST(TwilioAnswer, SurvivesDeepNesting) {
  EXPECT_TRUE(std::holds_alternative<Unknown>(classify_twilio_answer(answered(201, std::string(60'000, '[')))));
  const std::string closed = std::string(30'000, '[') + std::string(30'000, ']');
  EXPECT_TRUE(std::holds_alternative<Unknown>(classify_twilio_answer(answered(201, closed))));
}

// Goal: a canary's text is swallowed only where a caller's would be taken: with credentials that work.
// Method: the one request that is made; answers of every kind.
TEST(TwilioCanary, IsSwallowedOnceTheAccountIsOpen) {
  const TextId id{"CA77", Purpose::canary};
  const net::ClientRequest request = twilio_account_request(an_account(), "secret");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef.json");
  EXPECT_EQ(request.user, "AC0123456789abcdef0123456789abcdef");
  EXPECT_EQ(request.password, "secret");
  EXPECT_TRUE(request.body.empty());

  const auto told = [&](int status, const std::string& body) {
    return classify_twilio_account(answered(status, body), id);
  };
  const SendAnswer open = told(200, R"({"sid": "AC1", "status": "active"})");
  ASSERT_TRUE(std::holds_alternative<Accepted>(open));
  EXPECT_EQ(std::get<Accepted>(open).message_sid, "canary-CA77");
  EXPECT_TRUE(std::holds_alternative<NotSent>(told(200, R"({"sid": "AC1", "status": "closed"})")));
  EXPECT_TRUE(std::holds_alternative<NotSent>(told(200, "<html>")));
  EXPECT_TRUE(std::holds_alternative<NotSent>(told(502, "<html>"))) << "nothing was to be sent";
  net::ClientResult hung;
  hung.kind = Kind::unknown;
  EXPECT_TRUE(std::holds_alternative<NotSent>(classify_twilio_account(hung, id)));
  const SendAnswer refused = told(401, error_body(20003));
  ASSERT_TRUE(std::holds_alternative<Refused>(refused));
  EXPECT_EQ(std::get<Refused>(refused).because, Because::credentials);
}

// Goal: no message is made of a canary's text, nor looked for.
// Method: one sent, and one looked for, over a transport that remembers.
TEST(TwilioCanary, MakesNoMessage) {
  std::vector<std::string> asked;
  TwilioCarrier carrier(
      [&](const net::ClientRequest& request, const net::HttpClient::Done& done) {
        asked.push_back(request.method + " " + request.url);
        done(answered(200, R"({"sid": "AC1", "status": "active"})"));
      },
      an_account());
  FindQuery query{.id = {"CA77", Purpose::canary},
                  .sender = E164::from_digits(1),
                  .recipient = E164::from_digits(2),
                  .body = "Sorry"};
  std::optional<FindAnswer> found;
  carrier.find(query, [&](FindAnswer answer) { found = std::move(answer); });
  EXPECT_TRUE(asked.empty());
  ASSERT_TRUE(found && std::holds_alternative<Found>(*found));
  EXPECT_EQ(std::get<Found>(*found).messages.at(0).message_sid, "canary-CA77");
}

}  // namespace
}  // namespace jobrun::carrier
