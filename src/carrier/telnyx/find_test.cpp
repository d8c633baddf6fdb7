#include "find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "net/http_client.hpp"
#include "net/http_server.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::chrono::seconds patience{20};
constexpr Instant evening = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3} + std::chrono::hours{22};

FindQuery a_query() {
  return {.id = {"CA77", Purpose::customer_intake},
          .sender = E164::from_digits(15550001111),
          .recipient = E164::from_digits(14155550101),
          .body = "Sorry we missed your call.",
          .from = evening - Duration{60'000},
          .to = evening + Duration{60'000}};
}

json a_record() {
  return {{"record_type", "message_detail_record"},
          {"uuid", "3ca7bd3d-7d82-4e07-9df4-009123068320"},
          {"created_at", to_iso8601(evening)},
          {"cli", "+15550001111"},
          {"cld", "+14155550101"},
          {"status", "failed"},
          {"errors", {"40001"}},
          {"delivery_status_webhook_url", "https://jobrun.example/telnyx/message-status/CA77.customer_intake"}};
}

json with(json record, const char* name, const json& value) {
  record[name] = value;
  return record;
}

using Pages = std::vector<json>;

/// A server in Telnyx's place whose pages of records the test gives.
struct Records {
  explicit Records(Pages pages_given) : pages(std::move(pages_given)) {
    const Result<void> started = server.start();
    if (!started) throw std::runtime_error(started.error().message);
    options.api_url = "http://127.0.0.1:" + std::to_string(server.port());
    options.api_key = "KEY1";
    options.status_callback_base = "https://jobrun.example";
    options.timeout = std::chrono::milliseconds{5'000};
  }
  void answer(net::HttpRequest&& request, const net::Respond& respond) {
    const std::lock_guard lock(mutex);
    seen.push_back(std::move(request));
    net::HttpResponse response;
    response.status = status;
    response.content_type = "application/json";
    const std::size_t page = std::min(seen.size(), pages.size());
    response.body = body.empty() ? json{{"data", pages[page - 1]},
                                        {"meta", {{"page_number", seen.size()}, {"total_pages", pages.size()}}}}
                                       .dump()
                                 : body;
    respond(response);
  }
  FindAnswer find() {
    TelnyxCarrier carrier(http, options);
    std::promise<FindAnswer> promise;
    std::future<FindAnswer> answer = promise.get_future();
    carrier.find(a_query(), [&](FindAnswer found) { promise.set_value(std::move(found)); });
    if (answer.wait_for(patience) != std::future_status::ready) throw std::runtime_error("never answered");
    return answer.get();
  }
  std::string why_not() {
    const FindAnswer answer = find();
    const auto* reason = std::get_if<CannotTell>(&answer);
    return reason != nullptr ? reason->reason : "(it could tell)";
  }

  Pages pages;
  int status = 200;
  std::string body;
  std::mutex mutex;
  std::vector<net::HttpRequest> seen;
  net::HttpServer server{{}, [this](net::HttpRequest&& request, const net::Respond& respond) {
                           answer(std::move(request), respond);
                         }};
  net::HttpClient http{{}};
  TelnyxCarrier::Options options;
};

// Goal: a text is found by the address that its statuses went to, with what settles it.
// Method: its record among others; the request, whole.
TEST(TelnyxFind, FindsATextByItsOwnAddressForStatuses) {
  const json another = with(a_record(), "delivery_status_webhook_url", "https://other.example/x");
  Records records(Pages{json::array({another, 7, a_record()})});
  const FindAnswer answer = records.find();
  ASSERT_TRUE(std::holds_alternative<Found>(answer));
  ASSERT_EQ(std::get<Found>(answer).messages.size(), 1U);
  const FoundMessage& message = std::get<Found>(answer).messages[0];
  EXPECT_EQ(message.message_sid, "3ca7bd3d-7d82-4e07-9df4-009123068320");
  EXPECT_EQ(message.status, "failed");
  EXPECT_EQ(message.error_code, 40001);
  EXPECT_EQ(message.created_at, evening);
  EXPECT_EQ(message.body, "");
  ASSERT_EQ(records.seen.size(), 1U);
  EXPECT_EQ(records.seen[0].method, "GET");
  EXPECT_EQ(records.seen[0].header("Authorization"), "Bearer KEY1");
  EXPECT_EQ(records.seen[0].target,
            "/v2/detail_records?filter%5Brecord_type%5D=messaging&filter%5Bdirection%5D=outbound"
            "&filter%5Bcli%5D=%2B15550001111&filter%5Bcld%5D=%2B14155550101"
            "&filter%5Bcreated_at%5D%5Bgte%5D=2026-01-03&filter%5Bcreated_at%5D%5Blt%5D=2026-01-04"
            "&sort=-created_at&page%5Bsize%5D=50&page%5Bnumber%5D=1");
}

// Goal: further pages are read, up to a bound, and no further than needed.
// Method: the record on the third page; on none of many.
TEST(TelnyxFind, ReadsPagesUpToABound) {
  const json other = json::array({with(a_record(), "delivery_status_webhook_url", "")});
  Records three(Pages{other, other, json::array({a_record()}), other});
  EXPECT_TRUE(std::holds_alternative<Found>(three.find()));
  EXPECT_EQ(three.seen.size(), 3U);
  Records many(Pages(telnyx::pages_max + 5, other));
  EXPECT_THAT(many.why_not(), HasSubstr("no record"));
  EXPECT_EQ(many.seen.size(), static_cast<std::size_t>(telnyx::pages_max));
}

// Goal: a record that may be another text's is not taken for this one, and absence is never told: records appear
// late, and a resend on the word of this list could text a caller twice.
// Method: each field a little wrong; no records at all.
TEST(TelnyxFind, CannotTellThatATextIsAbsent) {
  const std::vector<json> wrong = {
      with(a_record(), "cli", "+15550002222"),
      with(a_record(), "cld", "+14155550102"),
      with(a_record(), "created_at", to_iso8601(evening - Duration{61'000})),
      with(a_record(), "created_at", to_iso8601(evening + Duration{61'000})),
      with(a_record(), "created_at", nullptr),
      with(a_record(), "uuid", ""),
      with(a_record(), "delivery_status_webhook_url", "https://jobrun.example/telnyx/message-status/CA77"),
  };
  for (const json& record : wrong) {
    EXPECT_THAT(Records(Pages{json::array({record})}).why_not(), HasSubstr("no record")) << record;
  }
  EXPECT_THAT(Records(Pages{json::array()}).why_not(), HasSubstr("no record"));
}

// Goal: no list can break us, whatever a network puts into it.
// Method: random JSON-like text around what records are made of.
RC_GTEST_PROP(TelnyxFind, SurvivesAnyBody, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "{", "}", "[", "]", "\"data\":", "\"uuid\":\"3c\"", "\"meta\":", "\"page_number\":", "\"total_pages\":", ",",
      "\"errors\":[\"1\"]", "1e999", "-1", "\"\\ud800\"", "\xFF", "null",
      "\"delivery_status_webhook_url\":\"x\""));
  std::string body = *rc::gen::element<std::string>("", R"({"data":[{)", R"({"data":[],"meta":)");
  for (const std::string& piece : pieces) body += piece;
  net::ClientResult result{net::ClientResult::Kind::answered, {}, {}};
  result.response.status = 200;
  result.response.body = body;
  const Result<telnyx::RecordsPage> page = telnyx::read_records(result, a_query(), "x");
  RC_ASSERT(!page || !page->found);
}

// Goal: a look-up that fails cannot tell, and says why.
// Method: refusals, garbage, nobody there; no address to know the text by, where nothing is asked.
TEST(TelnyxFind, CannotTellWhenTheRecordsFail) {
  for (const int status : {401, 404, 429, 500, 302}) {
    Records records(Pages{json::array({a_record()})});
    records.status = status;
    EXPECT_THAT(records.why_not(), HasSubstr("HTTP " + std::to_string(status)));
  }
  for (const char* body : {"<html>", "[]", "{}", "{\"data\":{}}", "{\"data\":["}) {
    Records records(Pages{json::array({a_record()})});
    records.body = body;
    EXPECT_THAT(records.why_not(), HasSubstr("cannot be read")) << body;
  }
  Records gone(Pages{json::array()});
  gone.server.stop();
  EXPECT_THAT(gone.why_not(), HasSubstr("no records"));
  Records unaddressed(Pages{json::array({a_record()})});
  unaddressed.options.status_callback_base = "";
  EXPECT_THAT(unaddressed.why_not(), HasSubstr("no address"));
  EXPECT_TRUE(unaddressed.seen.empty());
}

}  // namespace
}  // namespace jobrun::carrier
