// Plain blocking sockets for tests: what goes over the wire is exactly what the test writes. Every wait is
// bounded, so that a broken server fails a test instead of hanging it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace jobrun::net {

constexpr int test_wait_seconds = 20;

class TestSocket {
 public:
  explicit TestSocket(int descriptor) : descriptor_(descriptor) {
    if (descriptor_ < 0) throw std::runtime_error("no socket");
    const timeval wait{test_wait_seconds, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  }
  TestSocket(TestSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}
  ~TestSocket() { close(); }

  static TestSocket connect(std::uint16_t port) {
    TestSocket socket(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(port);
    if (::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    return socket;
  }

  static TestSocket listen() {
    TestSocket socket(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(0);
    if (::bind(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.descriptor_, 64) != 0) {
      throw std::runtime_error("cannot listen");
    }
    return socket;
  }

  TestSocket accept() { return TestSocket(::accept(descriptor_, nullptr, nullptr)); }

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  /// False when the peer is gone.
  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// One HTTP message, header and body of its Content-Length; empty when the peer closed before a whole one.
  std::string read_message(bool has_body = true) {
    std::size_t header_end = 0;
    while ((header_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return {};
    }
    std::size_t size = header_end + 4;
    if (const std::size_t at = buffer_.find("Content-Length: "); has_body && at < header_end) {
      size += std::stoul(buffer_.substr(at + 16));
    }
    while (buffer_.size() < size) {
      if (!read_more()) return {};
    }
    std::string message = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return message;
  }

  /// One line without its end; empty when the peer closed before a whole one.
  std::optional<std::string> read_line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

  /// Everything until the peer closes; throws when it does not.
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(buffer_, {});
  }

  bool is_closed_by_peer() { return buffer_.empty() && !read_more(); }

  /// The stream ended, as far as it was read, by a reset: outside this machine that can destroy what was sent
  /// before it.
  bool was_reset() const { return was_reset_; }

  /// Ends our side with a reset instead of an orderly close.
  void reset() {
    const linger hard{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }

  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

  /// Wakes a thread that waits in accept().
  void shut_down() { ::shutdown(descriptor_, SHUT_RDWR); }

  int descriptor() const { return descriptor_; }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  /// False at the end of the stream or a reset.
  bool read_more() {
    char bytes[16384];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("nothing came in time");
    if (count < 0) was_reset_ = true;
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int descriptor_;
  bool was_reset_ = false;
  std::string buffer_;
};

}  // namespace jobrun::net
