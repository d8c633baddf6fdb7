// The service's signature code, and its whole gate, behind standard input and output, so that a judge in another
// language can ask it. One JSON object a line in, one a line out, in order:
//
//   {"do": "sign", "token": T, "url": U, "parameters": [[NAME, VALUE], ...]}        -> {"signature": S}
//   {"do": "add_body_hash", "url": U, "body": B}                                    -> {"url": U}
//   {"do": "check_form", "public_url": P, "tokens": [T], "target": PATH_AND_QUERY,
//    "body": FORM, "signature": S}                                                  -> {"accepted": true}
//   {"do": "check_get" | "check_body", ...}                                         -> {"accepted": true}
//   {"do": "take", "public_url": P, "tokens": [T], "telnyx_public_key": K, "now": SECONDS, "target":
//   PATH_AND_QUERY,
//    "headers": {NAME: VALUE}, "body": B}          -> {"status": 200, "message": {"text": ID, "account": "first",
//                                                      "sid": S, "status": W, "word": W, "code": 0}}, or no
//                                                      message
#include <chrono>
#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gate/form.hpp"
#include "gate/gate.hpp"
#include "gate/signature.hpp"

namespace {

using nlohmann::json;

json check(const json& request) {
  jobrun::gate::SignatureCheck check(request.at("public_url").get<std::string>(),
                                     request.at("tokens").get<std::vector<std::string>>());
  const auto target = request.at("target").get<std::string>();
  const auto signature = request.at("signature").get<std::string>();
  const auto body = request.value("body", std::string());
  const auto what = request.at("do").get<std::string>();
  if (what == "check_get") return {{"accepted", check.accepts_get(target, signature)}};
  if (what == "check_body") return {{"accepted", check.accepts_body(target, body, signature)}};
  const jobrun::Result<jobrun::gate::Form> form = jobrun::gate::Form::parse(body);
  if (!form) return {{"accepted", false}, {"problem", form.error().message}};
  return {{"accepted", check.accepts_form(target, *form, signature)}};
}

struct Silence final : jobrun::Meter, jobrun::Log {
  void count(jobrun::Metric, std::string_view, std::string_view, double) override {}
  void set(jobrun::Metric, double, std::string_view) override {}
  void observe(jobrun::Metric, double) override {}
  void write(const jobrun::LogLine&) override {}
};

struct StoppedClock final : jobrun::Clock {
  explicit StoppedClock(std::chrono::seconds since_epoch) : at(since_epoch) {}
  jobrun::Instant now() const override { return at; }
  std::chrono::nanoseconds monotonic() const override { return {}; }
  jobrun::Instant at;
};

/// Tells what it is given, and says that it is durable.
struct TellingSink final : jobrun::EventSink {
  explicit TellingSink(json& told_given) : told(told_given) {}
  void submit(jobrun::Event event, Done done) override {
    const auto& change = std::get<jobrun::MessageStatusChange>(event);
    told["message"] = {{"text", change.text.text()}, {"account", jobrun::name_of(change.account)},
                       {"sid", change.message_sid},  {"status", jobrun::name_of(change.status)},
                       {"word", change.status_text}, {"code", change.code}};
    done(jobrun::Receipt{});
  }
  json& told;
};

/// A webhook about a message through a gate of its own.
json take(const json& request) {
  json told;
  TellingSink sink(told);
  Silence silence;
  const StoppedClock clock(std::chrono::seconds{request.value("now", std::int64_t{0})});
  jobrun::gate::Gate gate({.public_url = request.at("public_url").get<std::string>(),
                           .auth_tokens = request.at("tokens").get<std::vector<std::string>>(),
                           .telnyx_public_key = request.value("telnyx_public_key", std::string())},
                          sink, silence, silence, clock);
  jobrun::net::HttpRequest http{.method = "POST", .target = request.at("target").get<std::string>()};
  for (const auto& [name, value] : request.at("headers").items()) {
    http.headers.emplace_back(name, value.get<std::string>());
  }
  http.body = request.at("body").get<std::string>();
  gate.handle(std::move(http),
              [&told](const jobrun::net::HttpResponse& response) { told["status"] = response.status; });
  return told;
}

json answer(const json& request) {
  const auto what = request.at("do").get<std::string>();
  if (what == "sign") {
    const auto parameters = request.at("parameters").get<jobrun::gate::Parameters>();
    return {{"signature", jobrun::gate::sign_form(request.at("token").get<std::string>(),
                                                  request.at("url").get<std::string>(), parameters)}};
  }
  if (what == "add_body_hash") {
    return {{"url", jobrun::gate::with_body_hash(request.at("url").get<std::string>(),
                                                 request.at("body").get<std::string>())}};
  }
  if (what == "take") return take(request);
  return check(request);
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << answer(json::parse(line)).dump() << "\n";
  return 0;
}
