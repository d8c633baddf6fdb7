// TLS over a socket that does not block: each step is tried, and says what it waits for.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/tls.hpp"

namespace jobrun::net {

enum class TlsStep {
  done,
  wants_read,   ///< again once the socket can be read
  wants_write,  ///< again once the socket can be written
  closed,       ///< the peer has ended the connection
  broken        ///< it broke the protocol, or the connection broke
};

/// The server's side of one connection. The socket is the owner's, who closes it after this is gone, and whose
/// thread blocks SIGPIPE. One thread.
class TlsStream {
 public:
  /// Throws std::bad_alloc when there is no memory for it.
  TlsStream(const TlsIdentity& identity, int descriptor);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  TlsStep shake_hands();
  /// `count` is what was read when it is done.
  TlsStep read(char* data, std::size_t size, std::size_t& count);
  /// `count` is what was taken when it is done, at least one byte; after wants_..., the same bytes are to be
  /// given.
  TlsStep write(std::string_view data, std::size_t& count);
  /// True when bytes were taken off the socket that no read has returned yet: the socket will not tell of them.
  bool holds_bytes() const;
  /// Tells the peer, if that can be done at once, that nothing more is written.
  void end_writing();

 private:
  struct State;
  TlsStep step_of(int result) const;
  std::unique_ptr<State> state_;
};

}  // namespace jobrun::net
