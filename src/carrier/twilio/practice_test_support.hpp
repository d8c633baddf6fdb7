// What the tests of Twilio's lists share: an account at a practice carrier, its knobs, and answers made by hand.
#pragma once

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <chrono>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/ports/clock.hpp"
#include "carrier/twilio.hpp"
#include "net/http_client.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::carrier {

inline constexpr std::chrono::seconds patience{20};
inline constexpr Duration minute{60'000};
inline constexpr Instant evening = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3} + std::chrono::hours{22};

struct SteppedClock : Clock {
  Instant now() const override { return at; }
  std::chrono::nanoseconds monotonic() const override { return std::chrono::nanoseconds{0}; }
  Instant at = evening;
};

inline net::ClientResult answered_with(std::string body, int status = 200) {
  net::ClientResult result{net::ClientResult::Kind::answered, {}, {}};
  result.response.status = status;
  result.response.body = std::move(body);
  return result;
}

inline TwilioCarrier::Options account_one() {
  TwilioCarrier::Options options;
  options.account_sid = "AC1";
  return options;
}

/// A server that answers every request with the same page, and counts them.
inline TwilioCarrier::Transport server_of(std::string page, int& asked) {
  return [page = std::move(page), &asked](const net::ClientRequest&, const net::HttpClient::Done& done) {
    ++asked;
    done(answered_with(page));
  };
}

/// What may happen to a request for a page, as the practice carrier's knobs spell it.
inline std::vector<nlohmann::json> faults_of_a_list() {
  return {{{"do", "rate_limit"}},
          {{"do", "fail_before_accepting"}},
          {{"do", "hang_before_accepting"}},
          {{"do", "answer_garbage"}, {"http_status", 200}},
          {{"do", "close_before_accepting"}}};
}

/// Text that is nearly a list of `member`: pieces of one, and `more` of them, in any order.
inline std::string a_list_gone_wrong(const std::string& member, std::vector<std::string> more) {
  std::vector<std::string> pieces = {"{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     "\"" + member + "\":",
                                     "\"next_page_uri\":",
                                     "\"http://\"",
                                     "\"/2010\"",
                                     "1e999",
                                     "\"\\ud800\"",
                                     "\xFF",
                                     "null"};
  pieces.insert(pieces.end(), more.begin(), more.end());
  std::string text =
      *rc::gen::element<std::string>("", "{\"" + member + "\":[{", "{\"" + member + "\":[],\"next_page_uri\":");
  for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
    text += piece;
  }
  return text;
}

/// An account at a practice carrier, which the test holds.
class PracticeAccount : public testing::Test {
 protected:
  /// Starts one. Once for each test, before anything is asked.
  template <class PracticeCarrier, class Options>
  std::unique_ptr<PracticeCarrier> open(Options options) {
    options.seed = 1;
    auto practice = std::make_unique<PracticeCarrier>(options);
    const Result<void> started = practice->start();
    if (!started) throw std::runtime_error(started.error().message);
    account.api_url = practice->url();
    account.account_sid = options.account_sid;
    account.auth_token = options.auth_token;
    account.timeout = std::chrono::milliseconds{10'000};
    return practice;
  }
  net::ClientResult ask(net::ClientRequest request) {
    std::promise<net::ClientResult> promise;
    http.send(std::move(request), [&](net::ClientResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  nlohmann::json practise(const std::string& method, const std::string& path, const nlohmann::json& body) {
    net::ClientRequest request;
    request.method = method;
    request.url = account.api_url + "/practice/" + path;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body.dump();
    const net::ClientResult result = ask(std::move(request));
    EXPECT_EQ(result.response.status, 200) << result.response.body;
    return nlohmann::json::parse(result.response.body, nullptr, false);
  }
  void turn(const nlohmann::json& knobs) { practise("PUT", "knobs", knobs); }
  /// What `ask_for` is told, which it gets a callback for.
  template <class Value, class Ask>
  Value told(Ask ask_for) {
    std::promise<Value> promise;
    std::future<Value> answer = promise.get_future();
    ask_for([&](Value value) { promise.set_value(std::move(value)); });
    if (answer.wait_for(patience) != std::future_status::ready) throw std::runtime_error("never answered");
    return answer.get();
  }

  SteppedClock clock;
  net::HttpClient http{{}};
  TwilioCarrier::Options account;
};

/// At a practice carrier whose webhooks nobody answers.
class UnheardAccount : public PracticeAccount {
 protected:
  UnheardAccount() {
    simulator::Options options;
    options.clock = &clock;
    options.service_url = "http://127.0.0.1:9";
    practice = open<simulator::PracticeCarrier>(options);
  }
  std::unique_ptr<simulator::PracticeCarrier> practice;
};

}  // namespace jobrun::carrier
