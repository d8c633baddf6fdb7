// How commands reach a running server: a socket beside the database that only its owner can open.
//
// A request is one line of JSON, its answer too. A request with `attachment_bytes` is followed by so many raw
// bytes, which its handler finds in the field `csv`: a file of a million numbers need not be spelt as JSON.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/file_descriptor.hpp"

namespace jobrun::app {

struct AdminLimits {
  std::size_t threads = 4;                       ///< connections served at once; further ones wait in the backlog
  std::size_t request_bytes_max = 64 * 1024;     ///< one line
  std::size_t attachment_bytes_max = 64u << 20;  ///< one at a time in the whole server
  Duration idle_timeout{5'000};                  ///< until a request's first byte
  Duration request_timeout{10'000};              ///< from a request's first byte to the end of its line
  Duration attachment_timeout{60'000};
  Duration answer_timeout{30'000};  ///< for the client to take the answer
};

/// Serves the socket on threads of its own.
class AdminServer {
 public:
  /// Called on the server's threads, several at once.
  using Handler = std::function<nlohmann::json(const nlohmann::json& request)>;

  /// Whoever starts one holds the database's lock: what is found at the path is stale and is removed. The
  /// socket is readable and writable for its owner only. Fails with what the system says.
  static Result<std::unique_ptr<AdminServer>> start(const std::filesystem::path& socket, Handler handler,
                                                    AdminLimits limits = {});
  /// Requests in progress are answered, then the socket is removed.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

 private:
  AdminServer(std::filesystem::path socket, Handler handler, AdminLimits limits);
  Result<void> listen();
  void serve_connections();
  void serve(int connection);
  nlohmann::json answer(std::string_view line, class Conversation& conversation);

  std::filesystem::path socket_;
  Handler handler_;
  AdminLimits limits_;
  store::FileDescriptor listener_;
  store::FileDescriptor stop_;  ///< readable once the server is to stop
  std::atomic<bool> is_attachment_held_ = false;
  std::vector<std::jthread> threads_;
};

/// True when somebody accepts connections there.
bool is_admin_served(const std::filesystem::path& socket);

/// Asks a running server. `attachment` goes as the request's `csv`. Fails with `unavailable` when nobody
/// listens, or no answer comes within `wait`; then the request may or may not have been carried out.
Result<nlohmann::json> ask_admin(const std::filesystem::path& socket, nlohmann::json request,
                                 std::optional<std::string_view> attachment, Duration wait);

}  // namespace jobrun::app
