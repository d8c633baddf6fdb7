// A gate whose sink, meter, log and clock are the test's.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gate/gate.hpp"
#include "gate/signature.hpp"
#include "gate/testing/telnyx_signer.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::gate {

inline const std::string public_url = "https://calls.example.com";
inline const std::string token = "12345";
inline const std::string form_type = "application/x-www-form-urlencoded";

/// Keeps what it is given until the test decides what became of it.
class FakeSink : public EventSink {
 public:
  void submit(Event event, Done done) override {
    events.push_back(std::move(event));
    waiting.push_back(std::move(done));
  }
  void finish(Result<Receipt> receipt) {
    Done done = std::move(waiting.at(0));
    waiting.erase(waiting.begin());
    done(std::move(receipt));
  }
  std::vector<Event> events;
  std::vector<Done> waiting;
};

class FakeMeter : public Meter {
 public:
  void count(Metric counter, std::string_view label1, std::string_view label2, double by) override {
    counts[{counter, std::string(label1), std::string(label2)}] += by;
    if (counter != Metric::webhooks) return;
    EXPECT_NE(std::ranges::find(webhook_statuses, label2), webhook_statuses.end())
        << label2 << " does not stand at zero from the start";
  }
  void set(Metric, double, std::string_view) override {}
  void observe(Metric histogram, double value) override { observed[histogram].push_back(value); }
  std::map<Metric, std::vector<double>> observed;
  double of(Metric counter, const std::string& label1, const std::string& label2 = "") const {
    const auto found = counts.find({counter, label1, label2});
    return found == counts.end() ? 0 : found->second;
  }
  double sum(Metric counter) const {
    double sum = 0;
    for (const auto& [key, value] : counts) sum += std::get<0>(key) == counter ? value : 0;
    return sum;
  }
  std::map<std::tuple<Metric, std::string, std::string>, double> counts;
};

class FakeLog : public Log {
 public:
  void write(const LogLine& line) override { lines.push_back(line); }
  std::string text() const {
    std::string all;
    for (const LogLine& line : lines) {
      all += line.message + line.correlation_id;
      for (const LogField& field : line.fields) all += std::string(field.key) + "=" + field.value + ";";
    }
    return all;
  }
  std::vector<LogLine> lines;
};

inline const Parameters voice_parameters = {{"CallSid", "CA0123456789abcdef0123456789abcdef"},
                                            {"From", "+14155550123"},
                                            {"To", "+14155550100"},
                                            {"CallStatus", "ringing"},
                                            {"Direction", "inbound"},
                                            {"FromCity", "SAN FRANCISCO"}};

inline Parameters with(Parameters parameters, const std::string& name, const std::string& value) {
  for (auto& [key, old] : parameters) {
    if (key == name) {
      old = value;
      return parameters;
    }
  }
  parameters.emplace_back(name, value);
  return parameters;
}

inline Parameters without(Parameters parameters, const std::string& name) {
  std::erase_if(parameters, [&](const auto& pair) { return pair.first == name; });
  return parameters;
}

inline net::HttpRequest signed_post(const std::string& target, const Parameters& parameters) {
  net::HttpRequest request{.method = "POST", .target = target};
  request.headers = {{"content-type", form_type},
                     {"x-twilio-signature", sign_form(token, public_url + target, parameters)}};
  request.body = net::form_encoded(parameters);
  return request;
}

class SteppedClock : public Clock {
 public:
  Instant now() const override { return at; }
  std::chrono::nanoseconds monotonic() const override { return {}; }
  Instant at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3};
};

class GateTest : public ::testing::Test {
 protected:
  /// What was answered, if anything was.
  std::optional<net::HttpResponse> ask(net::HttpRequest request) {
    response.reset();
    gate.handle(std::move(request), [this](net::HttpResponse given) {
      EXPECT_FALSE(response.has_value()) << "answered twice";
      response = std::move(given);
    });
    return response;
  }

  /// One row of refusals: the status, counted once by its cause, logged once, and nothing submitted.
  void expect_refused(net::HttpRequest request, int status, const std::string& cause) {
    SCOPED_TRACE(cause + " " + request.method + " " + request.target + " " + request.body);
    const double before = meter.of(Metric::webhook_refusals, cause);
    const double sum_before = meter.sum(Metric::webhook_refusals);
    const std::size_t lines_before = log.lines.size();
    const std::optional<net::HttpResponse> answer = ask(std::move(request));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_TRUE(answer->body.starts_with(R"({"error":{"code":")" + cause + R"(","message":")")) << answer->body;
    EXPECT_EQ(meter.of(Metric::webhook_refusals, cause), before + 1);
    EXPECT_EQ(meter.sum(Metric::webhook_refusals), sum_before + 1);
    EXPECT_EQ(log.lines.size(), lines_before + 1);
    EXPECT_TRUE(sink.events.empty());
  }

  template <class E>
  E only_event() {
    if (sink.events.size() != 1 || !std::holds_alternative<E>(sink.events[0])) {
      throw std::logic_error("not the one event that was expected");
    }
    return std::get<E>(sink.events[0]);
  }

  FakeSink sink;
  FakeMeter meter;
  FakeLog log;
  SteppedClock clock;
  testing::TelnyxSigner telnyx{1};
  Gate gate{{.public_url = public_url,
             .auth_tokens = {token},
             .telnyx_public_key = telnyx.public_key(),
             .canary_number = E164::from_digits(18005550199)},
            sink,
            meter,
            log,
            clock};
  std::optional<net::HttpResponse> response;
};

}  // namespace jobrun::gate
