// For the tests: a practice carrier, a service that it calls, and a client, all on loopback ports that the
// system picks.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/form.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "parameters.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::simulator {

/// Long enough for a loaded machine; no test waits for it unless it fails.
inline constexpr std::chrono::seconds patience{20};

inline constexpr std::string_view a_caller = "+14155550123";
inline constexpr std::string_view a_business = "+14155550199";

inline net::HttpResponse twiml_answer(std::string body) {
  return {.status = 200, .content_type = "text/xml", .body = std::move(body)};
}

/// What receives webhooks in place of JobRun: remembers each, answers as told.
class FakeService {
 public:
  using Answer = std::function<net::HttpResponse(const net::HttpRequest&)>;

  FakeService()
      : server_(net::HttpServer::Options{}, [this](net::HttpRequest&& request, const net::Respond& respond) {
          take(std::move(request), respond);
        }) {
    const Result<void> started = server_.start();
    EXPECT_TRUE(started.has_value());
  }
  ~FakeService() { server_.stop(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  void answer_with(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  /// Requests are received and never answered.
  void fall_silent() {
    const std::lock_guard lock(mutex_);
    is_silent_ = true;
  }

  /// The requests so far, once there are `count` of them; all there are when that does not come true.
  std::vector<net::HttpRequest> requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool arrived = changed_.wait_for(lock, patience, [&] { return requests_.size() >= count; });
    EXPECT_TRUE(arrived) << requests_.size() << " of " << count << " requests came";
    return requests_;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    requests_.clear();
  }

 private:
  void take(net::HttpRequest&& request, const net::Respond& respond) {
    net::HttpResponse response = twiml_answer("<Response/>");
    bool is_silent = false;
    {
      const std::lock_guard lock(mutex_);
      if (answer_) response = answer_(request);
      is_silent = is_silent_;
      requests_.push_back(std::move(request));
    }
    changed_.notify_all();
    if (!is_silent) respond(std::move(response));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<net::HttpRequest> requests_;
  Answer answer_;
  bool is_silent_ = false;
  net::HttpServer server_;
};

/// The value of a form parameter in a webhook.
inline std::string parameter(const net::HttpRequest& request, std::string_view name) {
  const Result<gate::Form> form = gate::Form::parse(request.body);
  return form ? std::string(form->find(name).value_or("")) : std::string("(no form)");
}

class CarrierTest : public testing::Test {
 protected:
  CarrierTest() : CarrierTest(Options{}) {}

  explicit CarrierTest(Options options) : client_(net::HttpClient::Options{}) {
    options.service_url = service.url();
    options.seed = 1;
    account_sid_ = options.account_sid;
    auth_token_ = options.auth_token;
    carrier = std::make_unique<PracticeCarrier>(options);
    const Result<void> started = carrier->start();
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().message);
  }

  net::ClientResult send(net::ClientRequest request) {
    auto promise = std::make_shared<std::promise<net::ClientResult>>();
    std::future<net::ClientResult> answered = promise->get_future();
    client_.send(std::move(request),
                 [promise](net::ClientResult result) { promise->set_value(std::move(result)); });
    if (answered.wait_for(patience * 2) != std::future_status::ready) {
      ADD_FAILURE() << "no result from the client";
      return {};
    }
    return answered.get();
  }

  net::ClientRequest get_request(const std::string& path) const {
    return {.method = "GET",
            .url = carrier->url() + path,
            .headers = {},
            .body = {},
            .user = account_sid_,
            .password = auth_token_};
  }

  net::ClientRequest form_request(const std::string& path, const Parameters& form) const {
    net::ClientRequest request = get_request(path);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = form_encoded(form);
    return request;
  }

  std::string api(std::string_view rest) const {
    return "/2010-04-01/Accounts/" + account_sid_ + "/" + std::string(rest);
  }

  net::ClientRequest text_request(Parameters changes = {}) const {
    Parameters form = {
        {"To", std::string(a_caller)}, {"From", std::string(a_business)}, {"Body", "Sorry we missed you"}};
    for (auto& [name, value] : changes) set_value(form, name, std::move(value));
    return form_request(api("Messages.json"), form);
  }

  net::ClientResult send_text(Parameters changes = {}) { return send(text_request(std::move(changes))); }

  nlohmann::json get(const std::string& path) {
    const net::ClientResult result = send(get_request(path));
    return nlohmann::json::parse(result.response.body, nullptr, false);
  }

  net::ClientResult post_json(const std::string& path, const nlohmann::json& body, std::string method = "POST") {
    net::ClientRequest request = get_request(path);
    request.method = std::move(method);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body.dump();
    return send(std::move(request));
  }

  void turn(const nlohmann::json& knobs) {
    const net::ClientResult result = post_json("/practice/knobs", knobs, "PUT");
    EXPECT_EQ(result.response.status, 200) << result.response.body;
  }

  /// Places a call, waits until it is through, and returns how it went.
  nlohmann::json call(nlohmann::json order = nlohmann::json::object()) {
    if (!order.contains("from")) order["from"] = a_caller;
    if (!order.contains("to")) order["to"] = a_business;
    order["wait"] = true;
    const net::ClientResult result = post_json("/practice/calls", order);
    EXPECT_EQ(result.response.status, 200) << result.response.body;
    const nlohmann::json answer = nlohmann::json::parse(result.response.body, nullptr, false);
    return answer.contains("calls") && !answer["calls"].empty() ? answer["calls"][0] : nlohmann::json::object();
  }

  std::int64_t texts_accepted() { return get("/practice/health")["texts_accepted"]; }

  FakeService service;
  std::unique_ptr<PracticeCarrier> carrier;
  std::string account_sid_;
  std::string auth_token_;

 private:
  net::HttpClient client_;
};

inline int code_of(const net::ClientResult& result) {
  const nlohmann::json body = nlohmann::json::parse(result.response.body, nullptr, false);
  return body.is_object() ? body.value("code", 0) : -1;
}

}  // namespace jobrun::simulator
