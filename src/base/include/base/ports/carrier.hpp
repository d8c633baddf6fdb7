// The carrier, as the outbox sees it. Each carrier classifies its own answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/send_permit.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun {

struct OutgoingText {
  TextId id;
  E164 sender;
  E164 recipient;
  std::string body;
};

/// The carrier has the text.
struct Accepted {
  std::string message_sid;
};

/// The carrier said no: the text was certainly not sent.
struct Refused {
  enum class Because {
    later,        ///< rate limit, queue full, unavailable: the same request may succeed later
    sender,       ///< this sender may not or cannot text: another sender may
    recipient,    ///< this recipient cannot be texted: no sender helps
    credentials,  ///< nothing leaves until they are mended
    other,        ///< not known to us, or our own mistake: not retried
  };
  Because because = Because::other;
  int http_status = 0;
  int code = 0;                         ///< the carrier's error code; 0 without one
  std::string detail;                   ///< the carrier's words, at most 200 characters
  std::optional<Duration> retry_after;  ///< as the carrier asked
  std::optional<PhoneFact> learned;     ///< what this says of the recipient: opted_out, landline
};

/// Nothing was written to the carrier: connection refused, name or TLS failure. Safe to try again.
struct NotSent {
  std::string reason;
};

/// The request was written, and no answer says what became of it. Never blindly retried.
struct Unknown {
  std::string reason;
};

using SendAnswer = std::variant<Accepted, Refused, NotSent, Unknown>;

class Carrier {
 public:
  using Done = std::function<void(SendAnswer)>;
  virtual ~Carrier() = default;
  /// Sends one text; any thread, never blocks. `done` is called exactly once, on a thread of the carrier's.
  virtual void send(SendPermit permit, OutgoingText text, Done done) = 0;
};

}  // namespace jobrun
