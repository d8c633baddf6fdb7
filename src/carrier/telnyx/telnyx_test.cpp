#include "carrier/telnyx.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "answer_table.hpp"

namespace jobrun::carrier {
namespace {

using Kind = net::ClientResult::Kind;
using Because = Refused::Because;

OutgoingText a_text(std::string body) {
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
  return nlohmann::json{{"errors", {{{"code", std::to_string(code)}, {"title", "No"}, {"detail", "no"}}}}}.dump();
}

// Goal: the request is exactly what Telnyx's messages ask for.
// Method: bodies with every kind of character in, the whole request out.
TEST(TelnyxRequest, IsExactlyThis) {
  struct Row {
    std::string body;
    std::string encoded;
  };
  const std::array rows = {
      Row{"Sorry we missed your call.", "Sorry we missed your call."},
      Row{"Smith & Sons: 100% + \"tax\"?", "Smith & Sons: 100% + \\\"tax\\\"?"},
      Row{"\",\"to\":\"+1", "\\\",\\\"to\\\":\\\"+1"},
      Row{"line\nbreak\\", "line\\nbreak\\\\"},
      Row{"caf\xC3\xA9 \xF0\x9F\x98\x80", "caf\xC3\xA9 \xF0\x9F\x98\x80"},
      Row{"half \xC3", "half \xEF\xBF\xBD"},
      Row{"", ""},
  };
  for (const Row& row : rows) {
    const net::ClientRequest request = telnyx_message_request({}, "KEY1", a_text(row.body));
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://api.telnyx.com/v2/messages");
    EXPECT_EQ(request.user, "");
    EXPECT_EQ(request.body,
              R"({"from":"+15550001111","to":"+14155550101","text":")" + row.encoded + R"(","type":"SMS"})");
    const std::vector<std::pair<std::string, std::string>> headers = {
        {"Authorization", "Bearer KEY1"}, {"Content-Type", "application/json"}, {"Accept", "application/json"}};
    EXPECT_EQ(request.headers, headers);
  }
}

// Goal: with an address for statuses each text asks for them under our own id, there and nowhere else; without one
// it does not ask.
// Method: the option set; IsExactlyThis has it unset.
TEST(TelnyxRequest, AsksForStatusesUnderOurOwnId) {
  TelnyxCarrier::Options options;
  options.status_callback_base = "https://jobrun.example";
  EXPECT_EQ(telnyx_message_request(options, "k", a_text("x")).body,
            R"({"from":"+15550001111","to":"+14155550101","text":"x","type":"SMS",)"
            R"("webhook_url":"https://jobrun.example/telnyx/message-status/CA77.customer_intake",)"
            R"("use_profile_webhooks":false})");
  OutgoingText second = a_text("x");
  second.attempt = {2, 1};
  EXPECT_NE(telnyx_message_request(options, "k", second).body.find("CA77.customer_intake?attempt=2&way=1"),
            std::string::npos);
}

struct RefusalRow {
  int status;
  int code;
  Because because;
  AlertTo alert;
  std::optional<PhoneFact> learned = std::nullopt;
  bool blocks_sender = false;
};

using enum AlertTo;
constexpr bool blocks_sender = true;

constexpr std::array refusals = {
    RefusalRow{429, 10011, Because::later, nobody},
    RefusalRow{429, 0, Because::later, nobody},
    RefusalRow{503, 10011, Because::later, nobody},
    RefusalRow{401, 10009, Because::credentials, page},
    RefusalRow{401, 0, Because::credentials, page},
    RefusalRow{403, 10010, Because::credentials, page},
    RefusalRow{403, 0, Because::credentials, page},
    RefusalRow{401, 20002, Because::credentials, page},
    RefusalRow{401, 20006, Because::credentials, page},
    RefusalRow{402, 0, Because::suspended, page},
    RefusalRow{402, 20100, Because::suspended, page},
    RefusalRow{403, 20012, Because::suspended, page},
    RefusalRow{403, 20013, Because::suspended, page},
    RefusalRow{403, 20014, Because::suspended, page},
    RefusalRow{403, 20016, Because::suspended, page},
    RefusalRow{403, 40314, Because::suspended, page},
    RefusalRow{400, 40310, Because::recipient, owner},
    RefusalRow{400, 40012, Because::recipient, owner},
    RefusalRow{403, 40300, Because::recipient, owner, PhoneFact::opted_out},
    RefusalRow{400, 40001, Because::recipient, owner, PhoneFact::landline},
    RefusalRow{400, 40013, Because::sender, operator_},
    RefusalRow{400, 40100, Because::sender, operator_},
    RefusalRow{400, 40151, Because::sender, operator_},
    RefusalRow{400, 40301, Because::sender, operator_},
    RefusalRow{400, 40305, Because::sender, operator_},
    RefusalRow{400, 40306, Because::sender, operator_},
    RefusalRow{400, 40315, Because::sender, operator_},
    RefusalRow{400, 40319, Because::sender, operator_},
    RefusalRow{400, 40320, Because::sender, operator_},
    RefusalRow{400, 40003, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{400, 40010, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{400, 40150, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{400, 40329, Because::sender, page, std::nullopt, blocks_sender},
    RefusalRow{403, 20015, Because::account, operator_},
    RefusalRow{403, 20017, Because::account, operator_},
    RefusalRow{400, 40309, Because::account, operator_},
    RefusalRow{400, 40312, Because::account, operator_},
    RefusalRow{400, 40011, Because::later, nobody},
    RefusalRow{400, 40018, Because::later, nobody},
    RefusalRow{400, 40318, Because::later, nobody},
    RefusalRow{429, 40016, Because::next_day, operator_},
    RefusalRow{400, 40004, Because::once_more, nobody},
    RefusalRow{400, 40005, Because::once_more, nobody},
    RefusalRow{400, 40006, Because::once_more, nobody},
    RefusalRow{400, 40008, Because::once_more, nobody},
    RefusalRow{400, 40014, Because::once_more, nobody},
    RefusalRow{400, 40002, Because::filtered, operator_},
    RefusalRow{400, 40009, Because::filtered, operator_},
    RefusalRow{400, 40015, Because::filtered, operator_},
    RefusalRow{400, 40017, Because::filtered, operator_},
    RefusalRow{400, 40322, Because::filtered, operator_},
    RefusalRow{400, 10003, Because::our_mistake, operator_},
    RefusalRow{400, 10004, Because::our_mistake, operator_},
    RefusalRow{400, 10015, Because::our_mistake, operator_},
    RefusalRow{400, 10016, Because::our_mistake, operator_},
    RefusalRow{400, 40302, Because::our_mistake, operator_},
    RefusalRow{400, 40304, Because::our_mistake, operator_},
    RefusalRow{400, 40316, Because::our_mistake, operator_},
    RefusalRow{400, 40328, Because::our_mistake, operator_},
    RefusalRow{403, 49999, Because::other, operator_},
    RefusalRow{404, 10005, Because::other, operator_},
    RefusalRow{422, 0, Because::other, operator_},
    RefusalRow{302, 0, Because::other, operator_},
};

// Goal: each refusal says what to do next, what it teaches, and who has to know.
// Method: one row per code of Telnyx's error lists that matters here.
TEST(TelnyxAnswer, RefusalsAreClassifiedByCode) {
  constexpr int timed_out_at_telnyx = 10008;
  std::set<int> codes_tested = {timed_out_at_telnyx};
  for (const RefusalRow& row : refusals) {
    codes_tested.insert(row.code);
    const SendAnswer answer =
        classify_telnyx_answer(answered(row.status, row.code != 0 ? error_body(row.code) : ""));
    const auto* refused = std::get_if<Refused>(&answer);
    ASSERT_NE(refused, nullptr) << row.status << " " << row.code;
    EXPECT_EQ(refused->because, row.because) << row.status << " " << row.code;
    EXPECT_EQ(refused->alert, row.alert) << row.status << " " << row.code;
    EXPECT_EQ(refused->code, row.code);
    EXPECT_EQ(refused->http_status, row.status);
    EXPECT_EQ(refused->learned, row.learned) << row.code;
    EXPECT_EQ(refused->blocks_sender, row.blocks_sender) << row.code;
  }
  for (const AnswerRow& row : telnyx::answer_table) {
    EXPECT_TRUE(row.code == any_code || codes_tested.contains(row.code)) << row.code << " has no row here";
  }
  for (const int status : {400, 408, 504}) {
    EXPECT_TRUE(
        std::holds_alternative<Unknown>(classify_telnyx_answer(answered(status, error_body(timed_out_at_telnyx)))))
        << status;
  }
}

// Goal: what is said of a text that was taken and lost means what the same code means in an answer.
// Method: codes of the list of delivery errors; codes of requests; none.
TEST(TelnyxStatus, ErrorCodesAreClassifiedByTheSameTable) {
  EXPECT_EQ(refused_by_telnyx_status(40001, "x").learned, PhoneFact::landline);
  EXPECT_EQ(refused_by_telnyx_status(40300, "x").learned, PhoneFact::opted_out);
  EXPECT_TRUE(refused_by_telnyx_status(40010, "x").blocks_sender);
  EXPECT_EQ(refused_by_telnyx_status(40006, "x").because, Because::once_more);
  EXPECT_EQ(refused_by_telnyx_status(40016, "x").because, Because::next_day);
  for (const int code : {10009, 10011, 40302, 0}) {
    EXPECT_EQ(refused_by_telnyx_status(code, "x").because, Because::other) << code;
    EXPECT_EQ(refused_by_telnyx_status(code, "x").alert, AlertTo::operator_) << code;
  }
}

// Goal: the first error decides, spelt as text or as a number, and its words are kept.
// Method: both spellings; two errors; a title without a detail.
TEST(TelnyxAnswer, ReadsTheFirstError) {
  const auto refused = [](const char* body) {
    return std::get<Refused>(classify_telnyx_answer(answered(400, body)));
  };
  EXPECT_EQ(refused(R"({"errors":[{"code":"40305","detail":"a"},{"code":"40310"}]})").code, 40305);
  EXPECT_EQ(refused(R"({"errors":[{"code":40305}]})").code, 40305);
  EXPECT_EQ(refused(R"({"errors":[{"code":"40305","title":"t","detail":"d"}]})").detail, "d");
  EXPECT_EQ(refused(R"({"errors":[{"code":"40305","title":"t"}]})").detail, "t");
  for (const char* body : {R"({"errors":[{"code":"40305x"}]})", R"({"errors":[{"code":"-1"}]})",
                           R"({"errors":[{"code":"99999999999999999999"}]})", R"({"errors":["40305"]})",
                           R"({"errors":{"code":"40305"}})"}) {
    EXPECT_EQ(refused(body).code, 0) << body;
  }
}

// Goal: no response body can break us, or reach a log with control characters or without a bound.
// Method: random bytes, random JSON-like text and hostile examples, with every kind of status.
RC_GTEST_PROP(TelnyxAnswer, SurvivesAnyBody, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "{", "}", "[", "]", "\"data\"", "\"id\"", "\"errors\"", "\"code\"", "\"detail\"", ":", ",", "1e999", "-1",
      "\"40300\"", "\"\\ud800\"", "\xFF\xFE", "\"\\u0000\"", "null", "true", " "));
  std::string body = *rc::gen::arbitrary<std::string>();
  for (const std::string& piece : pieces) body += piece;
  for (const int status : {200, 302, 400, 429, 500, 999, -1}) {
    const SendAnswer answer = classify_telnyx_answer(answered(status, body));
    if (const auto* refused = std::get_if<Refused>(&answer)) {
      RC_ASSERT(refused->detail.size() <= 200U);
      RC_ASSERT(std::ranges::all_of(refused->detail, [](char c) { return c >= 0x20 && c <= 0x7E; }));
    }
  }
}

}  // namespace
}  // namespace jobrun::carrier
