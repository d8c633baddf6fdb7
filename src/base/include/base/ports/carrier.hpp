// The carrier, as the outbox sees it. Each carrier classifies its own answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/send_permit.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun {

struct OutgoingText {
  TextId id;
  Account account = Account::first;
  E164 sender;
  E164 recipient;
  std::string body;
  SendAttempt attempt{};
};

/// The carrier has the text.
struct Accepted {
  std::string message_sid;
};

/// Whom an answer concerns besides the caller it is about, and how loudly.
enum class AlertTo {
  nobody,     ///< it passes by itself, or something else looks after it
  owner,      ///< a customer of theirs cannot be texted
  operator_,  ///< something has to be set right, at working hours
  page,       ///< callers go without texts until it is set right
};

/// The carrier said no: the text was certainly not sent.
struct Refused {
  enum class Because {
    later,        ///< rate limit, queue full, unavailable: the same request may succeed later
    next_day,     ///< the sender's share of the day is used up: not before the next UTC day
    once_more,    ///< it may have been a moment's trouble (handset off): one more try, later, and no further
    sender,       ///< this sender may not or cannot text: another sender may
    recipient,    ///< this recipient cannot be texted: no sender helps
    account,      ///< this account may not do that, whatever the sender: another account may
    credentials,  ///< nothing leaves until they are mended
    suspended,    ///< nothing leaves until the account is opened again; in other ways like `credentials`
    filtered,     ///< held to be spam: the same words are not tried again
    loop,         ///< the two numbers answer each other too fast: no more replies between them
    our_mistake,  ///< the request can never be right: ours to mend
    other,        ///< not known to us: not retried
  };
  Because because = Because::other;
  int http_status = 0;                  ///< 0: told by a delivery status
  int code = 0;                         ///< the carrier's error code; 0 without one
  std::string detail;                   ///< the carrier's words, at most 200 characters
  std::optional<Duration> retry_after;  ///< as the carrier asked
  std::optional<PhoneFact> learned;     ///< what this says of the recipient: opted_out, landline
  bool blocks_sender = false;           ///< nothing of anybody's leaves from this sender until it is registered
  AlertTo alert = AlertTo::operator_;
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

/// What to look for at the carrier, to settle what became of a text.
struct FindQuery {
  TextId id;
  Account account = Account::first;
  E164 sender;
  E164 recipient;
  std::string body;
  /// Created within, both included, by the carrier's clock and to the second: leave a margin for the clocks.
  Instant from{};
  Instant to{};
  SendAttempt attempt{};
};

/// A message as the carrier lists it. That it is the text looked for is probable, not certain: the same words
/// may have been sent to the same phone twice, so one whose sid belongs to another text must be set aside.
struct FoundMessage {
  std::string message_sid;
  std::string status;  ///< in the carrier's words, at most 200 characters
  int error_code = 0;  ///< 0: none
  Instant created_at{};
  std::string body;      ///< empty where the carrier keeps none
  bool is_lost = false;  ///< the carrier took it and lost it: `error_code` says why
};

/// Every message that matches. None: the carrier has no such message *so far*; lists lag a little.
struct Found {
  std::vector<FoundMessage> messages;
};

/// Nothing is known: not asked, no answer, an answer that cannot be read whole, or a list that proves nothing.
struct CannotTell {
  std::string reason;
};

using FindAnswer = std::variant<Found, CannotTell>;

class Carrier {
 public:
  using Done = std::function<void(SendAnswer)>;
  using FoundDone = std::function<void(FindAnswer)>;
  virtual ~Carrier() = default;
  /// Sends one text; any thread, never blocks. `done` is called exactly once, on a thread of the carrier's.
  virtual void send(SendPermit permit, OutgoingText text, Done done) = 0;
  /// Looks for messages that may be one text; sends nothing. Any thread, never blocks. `done` is called exactly
  /// once, on a thread of the carrier's or, where nothing has to be asked, at once. Bounded in requests and bytes.
  virtual void find(FindQuery query, FoundDone done) = 0;
  /// What it means that a message which this account took was lost with that code; 0: none was told. Any thread.
  virtual Refused why_lost(Account account, int code) const = 0;
};

}  // namespace jobrun
