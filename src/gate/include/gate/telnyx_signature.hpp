// `telnyx-signature-ed25519`: the only proof that a webhook comes from Telnyx.
//
// The signature is base64(Ed25519(`{telnyx-timestamp}|{raw body}`)). It covers neither path nor query. The
// timestamp is in seconds since 1970 and bounds how long a recorded request can be played again.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "base/time.hpp"

namespace jobrun::gate {

/// Not for several threads at once.
class TelnyxSignatureCheck {
 public:
  enum class Verdict { accepted, wrong, outdated };
  static constexpr std::chrono::minutes age_max{5};  ///< in either direction: clocks differ

  /// `public_key`: 32 bytes in base64, as Telnyx's portal shows it. Throws std::invalid_argument when it is not.
  explicit TelnyxSignatureCheck(std::string_view public_key);
  ~TelnyxSignatureCheck();
  TelnyxSignatureCheck(const TelnyxSignatureCheck&) = delete;
  TelnyxSignatureCheck& operator=(const TelnyxSignatureCheck&) = delete;
  TelnyxSignatureCheck(TelnyxSignatureCheck&&) noexcept;
  TelnyxSignatureCheck& operator=(TelnyxSignatureCheck&&) noexcept;

  /// `outdated` is said of a right signature only.
  Verdict check(std::string_view timestamp, std::string_view body, std::string_view signature, Instant now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::gate
