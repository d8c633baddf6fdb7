// By what the server proves who it is: a certificate with its chain, and its key.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun::net {

/// A certificate and its key that were checked: they belong together, and the certificate holds at `now`. Never
/// changes; connections that were made by it outlive its replacement. Any thread.
class TlsIdentity {
 public:
  /// Both in PEM; the certificate first, then what vouches for it. Fails with what is wrong with them. A key with
  /// a passphrase is refused: nobody is there to type it.
  static Result<std::shared_ptr<const TlsIdentity>> load(std::string_view certificate, std::string_view key,
                                                         Instant now);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  Instant ends_at() const { return ends_at_; }

 private:
  friend class TlsStream;
  struct Context;
  TlsIdentity(std::unique_ptr<Context> context, Instant ends_at);

  std::unique_ptr<Context> context_;
  Instant ends_at_;
};

}  // namespace jobrun::net
