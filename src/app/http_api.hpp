// The API over HTTP: what `jobrun incidents` and `jobrun calls` tell, for programs that cannot run a command. A
// thin front of console_api::Operations, which does the work and checks what is asked.
//
// It is opened by one token, the setting `admin_token`. Without it the API is off: its paths do not exist.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/trace.hpp"
#include "net/http_server.hpp"

namespace jobrun::app {

/// So many wrong tokens at once, and one more each `wrong_token_every`, are compared; beyond them no token is, the
/// right one neither, so that nobody can go through tokens at the speed of a network.
inline constexpr int wrong_tokens_max = 10;
inline constexpr std::chrono::seconds wrong_token_every{6};
/// Requests that wait for their turn; further ones are told to come later.
inline constexpr std::size_t api_requests_waiting_max = 64;

class HttpApi {
 public:
  struct Ports {
    /// Operations::handle, or what stands in for it; called on the API's thread, one request at a time.
    std::function<nlohmann::json(const nlohmann::json& request)> ask;
    Meter& meter;
    Log& log;
    const Clock& clock;
    Traces* traces = nullptr;  ///< null: `traceparent` is not looked at
  };

  /// An empty token: off.
  HttpApi(std::string token, Ports ports);
  /// Answers what it is working on; what waits is told to come later. Stop the server first.
  ~HttpApi();
  HttpApi(const HttpApi&) = delete;
  HttpApi& operator=(const HttpApi&) = delete;

  /// Whether the path is the API's.
  static bool is_for(std::string_view path);
  /// A net::Handler: the server's thread, does not block.
  void handle(net::HttpRequest&& request, net::Respond respond);

 private:
  struct Waiting {
    nlohmann::json request;
    std::string part;  ///< of the result that is shown; empty: all of it
    net::Respond respond;
  };

  /// Empty when the token is right.
  std::optional<net::HttpResponse> refusal_of(const net::HttpRequest& request);
  net::HttpResponse refuse(int status, std::string_view reason, std::string_view message,
                           const net::HttpRequest& request);
  bool may_compare();
  void route(const net::HttpRequest& request, const net::Respond& respond);
  void close_incident(const net::HttpRequest& request, std::string_view id, const net::Respond& respond);
  void enqueue(Waiting waiting);
  nlohmann::json answer_to(const nlohmann::json& request);
  void work();

  const std::string token_digest_;  ///< empty: off
  Ports ports_;
  double wrong_tokens_left_ = wrong_tokens_max;
  std::chrono::nanoseconds counted_at_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

/// The description that `GET /api/v1/openapi.json` gives: OpenAPI 3.0.
const nlohmann::ordered_json& api_description();

}  // namespace jobrun::app
