#include "alert/webhook_channel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <future>
#include <mutex>
#include <nlohmann/json.hpp>

#include "net/http_server.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::alert {
namespace {

constexpr std::chrono::seconds patience{20};

AlertRecord an_alert() {
  AlertRecord alert;
  alert.id = AlertId{17};
  alert.count = 3;
  alert.created_at = from_unix_ms(1'767'434'400'250);
  alert.request.kind = AlertKind::text_refused;
  alert.request.severity = Severity::warning;
  alert.request.audience = Audience::owner;
  alert.request.client = ClientId{7};
  alert.request.call_sid = "CA77";
  alert.request.caller = "+14155550101";
  alert.request.number = "+15550001111";
  alert.request.summary = "Call +14155550101 back.";
  return alert;
}

// Goal: the body is exactly as documented.
// Method: an alert with everything, and one about no client.
TEST(WebhookChannel, BodyIsExactlyThis) {
  AlertRecord alert = an_alert();
  EXPECT_EQ(webhook_body(alert),
            R"({"id":17,"kind":"text_refused","severity":"warning","audience":"owner","client_id":7,"count":3,)"
            R"("call_sid":"CA77","caller":"+14155550101","number":"+15550001111",)"
            R"("summary":"Call +14155550101 back.","created_at":"2026-01-03T10:00:00.250Z"})");
  alert.request.client.reset();
  EXPECT_TRUE(nlohmann::json::parse(webhook_body(alert)).at("client_id").is_null());
}

// Goal: the signature is HMAC-SHA256 over "{t}.{body}", in lower-case hexadecimal.
// Method: a value computed with `openssl dgst -sha256 -hmac`.
TEST(WebhookChannel, SignatureIsExactlyThis) {
  EXPECT_EQ(webhook_signature("secret", std::chrono::seconds{1767434400}, R"({"id":17})"),
            "t=1767434400,v1=5b902d2b16fdc428515dfa12a581350de885876f90c8af42df8f84e53446761b");
}

// Goal: the body is valid JSON whatever an alert's words are.
// Method: random bytes in every field of words.
RC_GTEST_PROP(WebhookChannel, BodyIsAlwaysJson, (const std::string& words)) {
  AlertRecord alert = an_alert();
  alert.request.summary = words;
  alert.request.caller = words;
  RC_ASSERT(nlohmann::json::parse(webhook_body(alert), nullptr, false).is_object());
}

// Goal: any 2xx accepts; every other end is a failure that says why.
// Method: statuses and the client's failures.
TEST(WebhookChannel, AcceptsOnlySuccess) {
  net::ClientResult result;
  const outbox::testing::ManualClock clock;
  WebhookChannel channel([&](net::ClientRequest, const net::HttpClient::Done& done) { done(result); }, clock, {});
  const auto verdict = [&] {
    std::optional<AlertWord> given;
    channel.send({.recipient = {}, .others = {}, .alerts = {an_alert()}},
                 [&](AlertWord said) { given = std::move(said); });
    return given.value();
  };
  result.kind = net::ClientResult::Kind::answered;
  for (const int status : {200, 202, 204, 299}) {
    result.response.status = status;
    EXPECT_EQ(verdict().answer, AlertAnswer::accepted) << status;
  }
  for (const int status : {0, 199, 300, 302, 400, 404, 429, 500}) {
    result.response.status = status;
    EXPECT_EQ(verdict().answer, AlertAnswer::refused) << status;
    EXPECT_EQ(verdict().reason, "HTTP " + std::to_string(status));
  }
  result.reason = "timed out";
  for (const auto& [kind, answer] : {std::pair{net::ClientResult::Kind::unknown, AlertAnswer::unknown},
                                     std::pair{net::ClientResult::Kind::not_written, AlertAnswer::not_reached}}) {
    result.kind = kind;
    EXPECT_EQ(verdict().answer, answer);
    EXPECT_EQ(verdict().reason, "timed out");
  }
}

struct CountingRandom final : Random {
  std::uint64_t below(std::uint64_t bound) override { return next++ % bound; }
  std::uint64_t next = 0;
};

// Goal: whoever is told of an alert sees in which trace it was raised, as far as that is still known.
TEST(WebhookChannel, PassesOnTheTraceOfTheCall) {
  const outbox::testing::ManualClock clock;
  CountingRandom random;
  Traces traces(random);
  std::optional<Trace> told;
  WebhookChannel channel(
      [&](const net::ClientRequest& request, const net::HttpClient::Done&) {
        for (const auto& [name, value] : request.headers) {
          if (name == "traceparent") told = read_traceparent(value);
        }
      },
      clock, {.traces = &traces});
  const auto send = [&] {
    channel.send({.recipient = {}, .others = {}, .alerts = {an_alert()}}, [](AlertWord) {});
  };
  send();
  EXPECT_EQ(told, std::nullopt);
  const Trace trace{"4bf92f3577b34da6a3ce929d0e0e4736", true};
  traces.keep("CA77", trace);
  send();
  EXPECT_EQ(told, trace);
}

// Goal: a real receiver gets the documented request and can check its signature over the bytes it got.
// Method: a real server that signs what it received with the shared secret.
TEST(WebhookChannel, TellsARealReceiver) {
  std::promise<net::HttpRequest> received;
  net::HttpServer server({}, [&](net::HttpRequest&& request, const net::Respond& respond) {
    received.set_value(std::move(request));
    net::HttpResponse response;
    response.status = 204;
    respond(response);
  });
  ASSERT_TRUE(server.start().has_value());
  const outbox::testing::ManualClock clock;
  net::HttpClient http({});
  WebhookChannel channel(http, clock,
                         {.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/alerts", .secret = "s3"});
  std::promise<AlertWord> verdict;
  channel.send({.recipient = {}, .others = {}, .alerts = {an_alert()}},
               [&](AlertWord said) { verdict.set_value(std::move(said)); });
  std::future<AlertWord> heard = verdict.get_future();
  ASSERT_EQ(heard.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(heard.get().answer, AlertAnswer::accepted);
  const net::HttpRequest request = received.get_future().get();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/alerts");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  const std::chrono::seconds now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch();
  EXPECT_EQ(request.header("JobRun-Signature"), webhook_signature("s3", now, request.body));
  EXPECT_EQ(request.body, webhook_body(an_alert()));
}

}  // namespace
}  // namespace jobrun::alert
