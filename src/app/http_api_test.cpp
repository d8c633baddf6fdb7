#include "http_api.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace jobrun::app {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds patience{20};
const std::string token = "a-token-of-the-operator";

struct SteppedClock : Clock {
  Instant now() const override { return {}; }
  std::chrono::nanoseconds monotonic() const override { return at; }
  std::chrono::nanoseconds at{0};
};

struct CountingMeter : Meter {
  void count(Metric, std::string_view reason, std::string_view, double) override { ++counts[std::string(reason)]; }
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
  std::map<std::string, int> counts;
};

struct KeepingLog : Log {
  void write(const LogLine& line) override { messages.push_back(line.message); }
  std::vector<std::string> messages;
};

class HttpApiTest : public testing::Test {
 protected:
  HttpApiTest() { open(token); }
  void open(const std::string& with_token) {
    api.reset();
    api = std::make_unique<HttpApi>(with_token, HttpApi::Ports{.ask =
                                                                   [this](const json& request) {
                                                                     if (before_answer) before_answer();
                                                                     asked.push_back(request);
                                                                     return answer;
                                                                   },
                                                               .meter = meter,
                                                               .log = log,
                                                               .clock = clock});
  }

  std::future<net::HttpResponse> send(net::HttpRequest request) {
    auto promise = std::make_shared<std::promise<net::HttpResponse>>();
    std::future<net::HttpResponse> answered = promise->get_future();
    api->handle(std::move(request),
                [promise](net::HttpResponse response) { promise->set_value(std::move(response)); });
    return answered;
  }
  net::HttpResponse ask(const std::string& target, const std::string& with_token = token,
                        const std::string& method = "GET", const std::string& body = "") {
    net::HttpRequest request{.method = method, .target = target, .headers = {}, .body = body};
    if (!with_token.empty()) request.headers = {{"Authorization", "Bearer " + with_token}};
    std::future<net::HttpResponse> answered = send(std::move(request));
    if (answered.wait_for(patience) != std::future_status::ready) throw std::runtime_error("never answered");
    return answered.get();
  }

  SteppedClock clock;
  CountingMeter meter;
  KeepingLog log;
  json answer = {
      {"result",
       {{"incidents", json::array()}, {"calls", json::array()}, {"numbers", json::array()}, {"next", nullptr}}}};
  std::vector<json> asked;
  std::function<void()> before_answer;
  std::unique_ptr<HttpApi> api;
};

// Goal: without a token there is no API, and the operator can know why.
// Method: every path, with and without a bearer token, of an API that was given none.
TEST_F(HttpApiTest, IsOffWithoutAToken) {
  EXPECT_TRUE(log.messages.empty());
  open("");
  ASSERT_EQ(log.messages.size(), 1U);
  EXPECT_TRUE(log.messages[0].contains("JOBRUN_ADMIN_TOKEN"));
  for (const char* target : {"/api/v1/incidents", "/api/v1/openapi.json", "/api/v1/"}) {
    EXPECT_EQ(ask(target).status, 404) << target;
    EXPECT_EQ(ask(target, "").status, 404) << target;
  }
  EXPECT_TRUE(asked.empty());
}

// Goal: only the whole token opens; a refusal says nothing else and is counted.
// Method: no token, another scheme, the token too short, too long, with one letter changed, and right.
TEST_F(HttpApiTest, IsOpenedByTheTokenAlone) {
  const std::string incidents = "/api/v1/incidents";
  EXPECT_EQ(ask(incidents, "").status, 401);
  net::HttpRequest basic{.method = "GET", .target = incidents, .headers = {{"Authorization", "Basic " + token}}};
  EXPECT_EQ(send(std::move(basic)).get().status, 401);
  std::string changed = token;
  changed.back() = 'R';
  for (const std::string& wrong : {token.substr(1), token + "x", changed, std::string("x")}) {
    const net::HttpResponse response = ask(incidents, wrong);
    EXPECT_EQ(response.status, 401) << wrong;
    EXPECT_FALSE(response.body.contains("result"));
  }
  EXPECT_TRUE(asked.empty());
  EXPECT_EQ(ask(incidents).status, 200);
  EXPECT_EQ(meter.counts["missing_token"], 2);
  EXPECT_EQ(meter.counts["wrong_token"], 4);
}

// Goal: nobody goes through tokens at the speed of a network.
// Method: wrong tokens until none is compared any more, the right one neither; then the clock.
TEST_F(HttpApiTest, LimitsGuessing) {
  for (int i = 0; i < wrong_tokens_max; ++i) EXPECT_EQ(ask("/api/v1/calls", "wrong").status, 401);
  for (const std::string& any : {std::string("wrong"), token}) {
    const net::HttpResponse response = ask("/api/v1/calls", any);
    EXPECT_EQ(response.status, 429);
    EXPECT_TRUE(asked.empty());
  }
  EXPECT_EQ(ask("/api/v1/calls", "").status, 401) << "no token is no guess";
  EXPECT_EQ(meter.counts["too_many_wrong_tokens"], 2);
  clock.at += wrong_token_every;
  EXPECT_EQ(ask("/api/v1/calls").status, 200);
  EXPECT_EQ(ask("/api/v1/calls").status, 200) << "the right one uses nothing up";
  EXPECT_EQ(ask("/api/v1/calls", "wrong").status, 401);
  EXPECT_EQ(ask("/api/v1/calls", "wrong").status, 429);
}

// Goal: each request reaches the operations as the command of the same name would ask.
// Method: one row a request; what was asked is compared whole.
TEST_F(HttpApiTest, AsksAsTheCommandsDo) {
  const std::vector<std::pair<std::string, json>> rows = {
      {"/api/v1/incidents", {{"op", "incidents.list"}, {"open_only", true}}},
      {"/api/v1/incidents?all=true&limit=7", {{"op", "incidents.list"}, {"open_only", false}, {"limit", 7}}},
      {"/api/v1/incidents?all=false", {{"op", "incidents.list"}, {"open_only", true}}},
      {"/api/v1/calls", {{"op", "calls.list"}}},
      {"/api/v1/failsafe", {{"op", "failsafe.report"}}},
      {"/api/v1/failsafe?since=2026-01-03&limit=7",
       {{"op", "failsafe.report"}, {"since", "2026-01-03"}, {"limit", 7}}},
      {"/api/v1/calls?open=true&before=9", {{"op", "calls.list"}, {"open_only", true}, {"before", 9}}},
  };
  for (const auto& [target, request] : rows) {
    const net::HttpResponse response = ask(target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(json::parse(response.body), json::array()) << target;
    EXPECT_EQ(asked.back(), request) << target;
  }
  answer = {{"result", {{"id", 3}}}};
  EXPECT_EQ(json::parse(ask("/api/v1/incidents/3/close", token, "POST", R"({"reason":"called back"})").body),
            (json{{"id", 3}}));
  EXPECT_EQ(asked.back(), (json{{"op", "incidents.close"}, {"id", 3}, {"reason", "called back"}}));
}

struct WrongRow {
  std::string method;
  std::string target;
  std::string body;
  int status;
};

// Goal: what is asked wrongly is refused and asks nothing of the operations.
// Method: one row a mistake.
TEST_F(HttpApiTest, RefusesWhatIsAskedWrongly) {
  const std::vector<WrongRow> rows = {
      {"GET", "/api/v1/", "", 404},
      {"GET", "/api/v1/clients", "", 404},
      {"POST", "/api/v1/incidents", "{}", 405},
      {"GET", "/api/v1/incidents/3/close", "", 405},
      {"POST", "/api/v1/incidents//close", "{}", 404},
      {"POST", "/api/v1/incidents/x/close", "{}", 404},
      {"POST", "/api/v1/incidents/3/4/close", "{}", 404},
      {"POST", "/api/v1/incidents/99999999999999999999/close", "{}", 404},
      {"POST", "/api/v1/incidents/3/close", "", 400},
      {"POST", "/api/v1/incidents/3/close", "[]", 400},
      {"POST", "/api/v1/incidents/3/close", R"({"id":4,"reason":"x"})", 400},
      {"POST", "/api/v1/incidents/3/close", R"({"op":"clients.remove","reason":"x"})", 400},
      {"GET", "/api/v1/calls?open=yes", "", 400},
      {"GET", "/api/v1/calls?limit=many", "", 400},
      {"GET", "/api/v1/calls?op=clients.remove", "", 400},
  };
  for (const WrongRow& row : rows) {
    EXPECT_EQ(ask(row.target, token, row.method, row.body).status, row.status) << row.method << " " << row.target;
  }
  EXPECT_TRUE(asked.empty());
}

// Goal: what the operations refuse has the status that says whose fault it is, and their words.
// Method: each code; operations that throw.
TEST_F(HttpApiTest, TellsWhatTheOperationsRefuse) {
  const std::vector<std::pair<std::string, int>> rows = {
      {"invalid", 400}, {"not_found", 404}, {"conflict", 409}, {"unavailable", 503}, {"internal", 500}};
  for (const auto& [code, status] : rows) {
    answer = {{"error", {{"code", code}, {"message", "because"}}}};
    const net::HttpResponse response = ask("/api/v1/incidents");
    EXPECT_EQ(response.status, status) << code;
    EXPECT_EQ(json::parse(response.body), answer);
  }
  before_answer = [] { throw std::runtime_error("broken"); };
  EXPECT_EQ(ask("/api/v1/incidents").status, 500);
  before_answer = {};
  answer = {{"result", {{"incidents", json::array()}}}};
  EXPECT_EQ(ask("/api/v1/incidents").status, 200) << "and goes on";
}

// Goal: requests that pile up are bounded, and none is left without an answer when the service stops.
// Method: operations that hang until the test lets them go; more requests than may wait.
TEST_F(HttpApiTest, BoundsWhatWaits) {
  std::promise<void> begun;
  std::promise<void> go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  before_answer = [&, is_first = true]() mutable {
    if (std::exchange(is_first, false)) begun.set_value();
    may_go_on.wait();
  };
  const auto request = [] {
    return net::HttpRequest{.method = "GET",
                            .target = "/api/v1/incidents",
                            .headers = {{"Authorization", "Bearer " + token}},
                            .body = ""};
  };
  std::vector<std::future<net::HttpResponse>> answers;
  answers.push_back(send(request()));
  begun.get_future().wait();
  for (std::size_t i = 0; i < api_requests_waiting_max; ++i) answers.push_back(send(request()));
  EXPECT_EQ(send(request()).get().status, 503) << "one too many";
  std::future<void> gone = std::async(std::launch::async, [this] { api.reset(); });
  go_on.set_value();
  gone.wait();
  EXPECT_EQ(answers.front().get().status, 200) << "it was being worked on";
  for (std::size_t i = 1; i < answers.size(); ++i)
    EXPECT_EQ(answers[i].wait_for(patience), std::future_status::ready);
}

}  // namespace
}  // namespace jobrun::app
