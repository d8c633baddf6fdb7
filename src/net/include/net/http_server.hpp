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

#include "base/names.hpp"
#include "base/result.hpp"
#include "net/tls.hpp"

namespace jobrun::net {

/// One complete request. Header names compare without case.
struct HttpRequest {
  std::string method{};  ///< as sent
  std::string target{};  ///< raw path and query, neither decoded nor reordered; starts with '/', or is `*`
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};

  /// The first header of that name, or empty.
  std::string_view header(std::string_view name) const;
  /// The target up to the first '?'.
  std::string_view path() const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type{};  ///< empty: no body type is sent
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Write nothing and reset the connection: for a practice server that plays a broken one.
  bool resets_connection = false;
};

/// `{"error":{"code":...,"message":...}}` with that status: how every refusal of this service looks.
HttpResponse json_error(int status, std::string_view code, std::string_view message);

/// Answers a request: exactly once, from any thread; a second answer is ignored, and so is one that comes
/// after the server has gone. Answers that come while the server is busy are written in one wake-up.
using Respond = std::function<void(HttpResponse)>;

/// Runs on the server's thread, so it must not block. What it throws becomes a 500.
using Handler = std::function<void(HttpRequest&&, Respond)>;

/// Why the server itself refused a request. No handler saw it, except that `unanswered` ones were never
/// answered by theirs.
enum class ServerRefusal {
  header_too_large,
  body_too_large,
  malformed,
  timed_out,
  too_many_connections,
  unanswered
};
std::string_view name_of(ServerRefusal refusal);

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: picked by the system
    std::size_t header_bytes_max = std::size_t{16} * 1024;
    std::size_t body_bytes_max = std::size_t{64} * 1024;
    std::size_t connections_max = 4096;
    std::chrono::milliseconds idle_timeout{75'000};     ///< between requests; then closed without a word
    std::chrono::milliseconds request_timeout{10'000};  ///< from a request's first byte to its last
    std::chrono::milliseconds answer_timeout{20'000};   ///< from there to the handler's answer
    std::chrono::milliseconds write_timeout{10'000};
    /// TLS with this identity; null: none, and every byte is HTTP.
    std::shared_ptr<const TlsIdentity> tls{};
    /// From the connection to the end of TLS's handshake; then it is closed, and counted as timed out. One that
    /// breaks the protocol counts as malformed. Neither, nor one over the limit, is told in HTTP.
    std::chrono::milliseconds handshake_timeout{10'000};
    /// Called for each refusal, for counters, on the server's thread; the refusal's response (431, 413, 400,
    /// 408, 503, 503) is JSON and closes the connection.
    std::function<void(ServerRefusal)> on_refusal{};
  };

  HttpServer(Options options, Handler handler);
  ~HttpServer();  ///< stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds, and serves on a thread of its own. Fails when the address is taken or malformed.
  Result<void> start();
  /// The bound port; 0 before start().
  std::uint16_t port() const;
  /// Connections that come from now on are served by this identity; those that are open stay as they are. Only for
  /// a server that began with one. Any thread.
  void renew_tls(std::shared_ptr<const TlsIdentity> identity);
  /// Stops accepting, lets requests in progress be answered for at most `grace`, closes. Idempotent. Not to
  /// be called from a handler.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds{2'000});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::net

template <>
struct jobrun::NamesOf<jobrun::net::ServerRefusal> {
  using ServerRefusal = jobrun::net::ServerRefusal;
  static constexpr std::array<Named<ServerRefusal>, 6> rows = {
      {{ServerRefusal::header_too_large, "header_too_large"},
       {ServerRefusal::body_too_large, "body_too_large"},
       {ServerRefusal::malformed, "malformed"},
       {ServerRefusal::timed_out, "timed_out"},
       {ServerRefusal::too_many_connections, "too_many_connections"},
       {ServerRefusal::unanswered, "unanswered"}}};
};
