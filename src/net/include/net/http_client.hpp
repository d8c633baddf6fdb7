// HTTP out: many requests in flight on one thread, connections reused, TLS verified, and for each an exact
// answer to the one question that matters here: can the other side have seen it?
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobrun::net {

struct ClientRequest {
  std::string method = "POST";
  std::string url{};  ///< http or https, nothing else
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::string user{};  ///< HTTP basic; empty: none
  std::string password{};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{15'000};  ///< the whole request, waiting for its turn included
  std::size_t response_bytes_max = 1 << 20;   ///< headers and body together
  bool wants_certificate_end = false;         ///< of an https peer: see ClientResult
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::string_view header(std::string_view name) const;  ///< the first, without case; or empty
};

/// What became of a request.
struct ClientResult {
  enum class Kind {
    answered,     ///< a complete response arrived
    not_written,  ///< not one byte of the request left: resolve, connect or TLS failed, or it never had its turn
    unknown,      ///< bytes were written and no complete response came: time-out, reset, truncation, too large
  };
  Kind kind = Kind::not_written;
  ClientResponse response{};  ///< when answered
  std::string reason{};       ///< otherwise, for a person
  bool is_too_large = false;  ///< the response, beyond response_bytes_max: it will not be smaller next time
  bool is_untrusted = false;  ///< the peer could not prove to be whom the URL names
  /// When the peer's certificate ends, if that was wanted and it was answered over TLS.
  std::optional<std::chrono::sys_seconds> certificate_end{};
};

/// One thread, one connection pool. A request is written at most once: the library never repeats one of which
/// a byte has left, follows no redirect, and takes nothing (proxy, credentials) from the environment.
class HttpClient {
 public:
  struct Options {
    std::size_t connections_per_host_max = 64;
    std::size_t in_flight_max = 1024;  ///< further ones wait in order
    std::size_t waiting_max = 16'384;  ///< further ones end as `not_written`
    /// A connection idle for longer is not used again: the peer may be closing it, and a request written to
    /// a closing connection ends as `unknown`.
    std::chrono::seconds idle_connection_max{4};
    std::string ca_file{};  ///< empty: the system's
    /// Every connection goes to this address and port, as `127.0.0.1:8443`, whatever the URL says; the peer must
    /// prove to be the URL's host all the same. Empty: where the URL says.
    std::string connect_to{};
  };
  using Done = std::function<void(ClientResult)>;

  explicit HttpClient(Options options);
  /// Requests not finished end as `unknown`, or `not_written` if not one byte of them had left.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Any thread; never blocks. `done` runs on the client's thread, exactly once; it may send again. While the
  /// client is being destroyed it runs at once, on the caller's thread, with `not_written`.
  void send(ClientRequest request, Done done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::net
