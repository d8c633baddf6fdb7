#include "admin_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

namespace jobrun::app {

using nlohmann::json;

namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::size_t answer_bytes_max = 64u << 20;
constexpr int backlog = 16;
constexpr mode_t owner_only = 0600;

Deadline after(Duration wait) {
  return std::chrono::steady_clock::now() + wait;
}

int milliseconds_until(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left);
}

std::string system_says() {
  return std::strerror(errno);
}

json refusal(std::string_view code, std::string_view message) {
  return {{"error", {{"code", code}, {"message", message}}}};
}

std::string as_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// A Unix address holds 107 bytes of path. Longer ones are reached through the open directory, and a name too
/// long even for that is replaced by its hash, the same on both sides.
class SocketAddress {
 public:
  explicit SocketAddress(const std::filesystem::path& socket) {
    address_.sun_family = AF_UNIX;
    std::string path = socket.string();
    if (path.size() >= sizeof address_.sun_path) {
      directory_ = store::FileDescriptor(open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      path = "/proc/self/fd/" + std::to_string(directory_.number()) + "/" + short_name(socket.filename().string());
    }
    path.copy(address_.sun_path, sizeof address_.sun_path - 1);
    path_ = std::move(path);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }
  const std::string& path() const { return path_; }

 private:
  static std::string short_name(const std::string& name) {
    constexpr std::size_t name_max = 64;
    if (name.size() <= name_max) return name;
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a: the same in every process and version
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return "jobrun-" + std::to_string(hash) + ".admin.sock";
  }

  sockaddr_un address_{};
  store::FileDescriptor directory_;
  std::string path_;
};

}  // namespace

/// One connection: bounded reads and writes that end at a deadline, or when `stop` becomes readable.
class Conversation {
 public:
  enum class Ended { no, closed, timed_out, too_long, stopped };

  Conversation(int connection, int stop) : connection_(connection), stop_(stop) {}

  bool is_over = false;  ///< nothing more may be read as a request

  /// The next line without its end. The first byte must come within `first`, the last within `rest` of it.
  Ended read_line(std::string& line, std::size_t bytes_max, Duration first, Duration rest) {
    Deadline deadline = after(buffer_.empty() ? first : rest);
    bool has_begun = !buffer_.empty();
    std::size_t searched = 0;
    while (true) {
      const std::size_t end = buffer_.find('\n', searched);
      if (end != std::string::npos && end <= bytes_max) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return Ended::no;
      }
      if (buffer_.size() > bytes_max) return Ended::too_long;
      searched = buffer_.size();
      if (const Ended ended = receive(deadline); ended != Ended::no) return ended;
      if (!has_begun) deadline = after(rest);
      has_begun = true;
    }
  }

  Ended read_bytes(std::string& bytes, std::size_t count, Duration wait) {
    const Deadline deadline = after(wait);
    while (buffer_.size() < count) {
      if (const Ended ended = receive(deadline); ended != Ended::no) return ended;
    }
    if (buffer_.size() == count) {
      bytes = std::move(buffer_);
      buffer_.clear();
    } else {
      bytes = buffer_.substr(0, count);
      buffer_.erase(0, count);
    }
    return Ended::no;
  }

  Ended discard_bytes(std::size_t count, Duration wait) {
    const Deadline deadline = after(wait);
    while (buffer_.size() < count) {
      count -= buffer_.size();
      buffer_.clear();
      if (const Ended ended = receive(deadline); ended != Ended::no) return ended;
    }
    buffer_.erase(0, count);
    return Ended::no;
  }

  bool write_all(std::string_view bytes, Duration wait) {
    const Deadline deadline = after(wait);
    while (!bytes.empty()) {
      const ssize_t sent = send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      if (errno != EAGAIN && errno != EINTR) return false;
      pollfd ready{.fd = connection_, .events = POLLOUT, .revents = 0};
      if (poll(&ready, 1, milliseconds_until(deadline)) == 0) return false;
    }
    return true;
  }

 private:
  Ended receive(Deadline deadline) {
    while (true) {
      pollfd ready[2] = {{.fd = connection_, .events = POLLIN, .revents = 0},
                         {.fd = stop_, .events = POLLIN, .revents = 0}};
      const int count = poll(ready, stop_ >= 0 ? 2 : 1, milliseconds_until(deadline));
      if (count == 0) return Ended::timed_out;
      if (count < 0) continue;  // interrupted: the deadline is kept
      if (ready[1].revents != 0) return Ended::stopped;
      char chunk[64 * 1024];
      const ssize_t length = recv(connection_, chunk, sizeof chunk, MSG_DONTWAIT);
      if (length > 0) {
        buffer_.append(chunk, static_cast<std::size_t>(length));
        return Ended::no;
      }
      if (length == 0 || (errno != EAGAIN && errno != EINTR)) return Ended::closed;
    }
  }

  int connection_;
  int stop_;
  std::string buffer_;
};

AdminServer::AdminServer(std::filesystem::path socket, Handler handler, AdminLimits limits)
    : socket_(std::move(socket)), handler_(std::move(handler)), limits_(limits) {}

Result<std::unique_ptr<AdminServer>> AdminServer::start(const std::filesystem::path& socket, Handler handler,
                                                        AdminLimits limits) {
  std::unique_ptr<AdminServer> server(new AdminServer(socket, std::move(handler), limits));
  if (const Result<void> listening = server->listen(); !listening) return std::unexpected(listening.error());
  for (std::size_t each = 0; each < limits.threads; ++each) {
    server->threads_.emplace_back([self = server.get()] { self->serve_connections(); });
  }
  return server;
}

Result<void> AdminServer::listen() {
  const auto failed = [this] {
    return failure(ErrorKind::unavailable, "cannot listen at " + socket_.string() + ": " + system_says());
  };
  stop_ = store::FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  store::FileDescriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!stop_.is_open() || !listener.is_open()) return failed();
  const SocketAddress address(socket_);
  unlink(address.path().c_str());
  // Before bind(): the path gets the socket's own mode, so that it is never open to others, not for a moment.
  if (fchmod(listener.number(), owner_only) != 0) return failed();
  if (bind(listener.number(), address.get(), SocketAddress::size()) != 0) return failed();
  listener_ = std::move(listener);
  if (chmod(address.path().c_str(), owner_only) != 0) return failed();
  if (::listen(listener_.number(), backlog) != 0) return failed();
  return {};
}

AdminServer::~AdminServer() {
  const std::uint64_t one = 1;
  if (stop_.is_open() && write(stop_.number(), &one, sizeof one) != sizeof one) return;
  threads_.clear();
  if (listener_.is_open()) unlink(SocketAddress(socket_).path().c_str());
}

void AdminServer::serve_connections() {
  constexpr int forever = -1;
  while (true) {
    pollfd ready[2] = {{.fd = listener_.number(), .events = POLLIN, .revents = 0},
                       {.fd = stop_.number(), .events = POLLIN, .revents = 0}};
    if (poll(ready, 2, forever) < 0) continue;
    if (ready[1].revents != 0) return;
    const store::FileDescriptor connection(
        accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection.is_open()) serve(connection.number());
  }
}

void AdminServer::serve(int connection) {
  Conversation conversation(connection, stop_.number());
  std::string line;
  while (true) {
    const auto ended =
        conversation.read_line(line, limits_.request_bytes_max, limits_.idle_timeout, limits_.request_timeout);
    if (ended == Conversation::Ended::too_long) {
      conversation.write_all(as_line(refusal("invalid", "the request is too long")), limits_.answer_timeout);
    }
    if (ended != Conversation::Ended::no) return;
    if (!conversation.write_all(as_line(answer(line, conversation)), limits_.answer_timeout)) return;
    if (conversation.is_over) return;
  }
}

json AdminServer::answer(std::string_view line, Conversation& conversation) {
  json request = json::parse(line, nullptr, false);
  if (!request.is_object()) return refusal("invalid", "a request is one line with a JSON object");
  bool is_holding = false;
  if (request.contains("attachment_bytes")) {
    const json size = request.at("attachment_bytes");
    request.erase("attachment_bytes");
    if (!size.is_number_unsigned() || size.get<std::uint64_t>() > limits_.attachment_bytes_max) {
      conversation.is_over = true;  // what follows cannot be told from a request
      return refusal("invalid", "an attachment may have at most " + std::to_string(limits_.attachment_bytes_max) +
                                    " bytes: split the file");
    }
    const std::size_t count = size.get<std::size_t>();
    is_holding = !is_attachment_held_.exchange(true);
    std::string bytes;
    const auto ended = is_holding ? conversation.read_bytes(bytes, count, limits_.attachment_timeout)
                                  : conversation.discard_bytes(count, limits_.attachment_timeout);
    if (ended != Conversation::Ended::no) {
      if (is_holding) is_attachment_held_ = false;
      conversation.is_over = true;
      return refusal("invalid", "the attachment did not arrive whole");
    }
    if (!is_holding) return refusal("conflict", "another import is running: wait until it has ended");
    request["csv"] = std::move(bytes);
  }
  json answered;
  try {
    answered = handler_(request);
  } catch (const std::exception& failed) {
    answered = refusal("internal", std::string("the server could not answer: ") + failed.what());
  }
  if (is_holding) is_attachment_held_ = false;
  return answered;
}

namespace {

store::FileDescriptor connect_to(const std::filesystem::path& path) {
  store::FileDescriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // A server whose backlog is full must not hold us up for ever.
  constexpr timeval connect_wait{.tv_sec = 5, .tv_usec = 0};
  setsockopt(connection.number(), SOL_SOCKET, SO_SNDTIMEO, &connect_wait, sizeof connect_wait);
  const SocketAddress address(path);
  if (connect(connection.number(), address.get(), SocketAddress::size()) != 0) return {};
  return connection;
}

}  // namespace

bool is_admin_served(const std::filesystem::path& socket) {
  return connect_to(socket).is_open();
}

Result<json> ask_admin(const std::filesystem::path& socket, json request,
                       std::optional<std::string_view> attachment, Duration wait) {
  const store::FileDescriptor connection = connect_to(socket);
  if (!connection.is_open()) {
    return failure(ErrorKind::unavailable,
                   "the server does not listen at " + socket.string() + ": " + system_says());
  }
  Conversation conversation(connection.number(), -1);
  if (attachment) request["attachment_bytes"] = attachment->size();
  // A server that refuses the attachment answers without reading it: the answer is read even then.
  if (conversation.write_all(as_line(request), wait) && attachment) conversation.write_all(*attachment, wait);
  std::string line;
  const auto ended = conversation.read_line(line, answer_bytes_max, wait, wait);
  const json answer = ended == Conversation::Ended::no ? json::parse(line, nullptr, false) : json();
  if (!answer.is_object()) {
    return failure(ErrorKind::unavailable,
                   "the server gave no answer in time; the change may still be made: look before you repeat it");
  }
  return answer;
}

}  // namespace jobrun::app
