// HTTP in: a keep-alive server whose callers see requests and responses, never the library behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace jobrun::net {

/// One complete request. Header names compare without case.
struct HttpRequest {
  std::string method;   ///< as sent
  std::string target;   ///< raw path and query, neither decoded nor reordered
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first header of that name, or empty.
  std::string_view header(std::string_view name) const;
  /// The target up to the first '?'.
  std::string_view path() const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  ///< empty: no body type is sent
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answers a request: exactly once, from any thread. Answers of one batch are written in one wake-up.
using Respond = std::function<void(HttpResponse)>;
using Handler = std::function<void(HttpRequest&&, Respond)>;

/// Why the server itself refused a request, before any handler saw it.
enum class ServerRefusal { header_too_large, body_too_large, malformed, timed_out, too_many_connections };
std::string_view name_of(ServerRefusal refusal);

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: picked by the system
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 64 * 1024;
    std::size_t connections_max = 4096;
    std::chrono::milliseconds idle_timeout{75'000};     ///< between requests
    std::chrono::milliseconds request_timeout{10'000};  ///< from a request's first byte to its last
    std::chrono::milliseconds write_timeout{10'000};
    /// Called for each refusal, for counters; the refusal's response (431, 413, 400, 408, 503) is JSON.
    std::function<void(ServerRefusal)> on_refusal;
  };

  HttpServer(Options options, Handler handler);
  ~HttpServer();  ///< stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds, and serves on a thread of its own. Fails when the address is taken or malformed.
  Result<void> start();
  /// The bound port; 0 before start().
  std::uint16_t port() const;
  /// Stops accepting, lets requests in progress be answered for at most `grace`, closes. Idempotent.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds{2'000});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::net
