// One typed Event per webhook: what the rest of the house sees instead of form fields.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/call.hpp"
#include "base/ids.hpp"
#include "base/phone_number.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun {

/// What every webhook about a call says of it. Any field but the CallSid may have been missing.
struct CallDetails {
  CallSid call_sid;
  Caller caller;                       ///< `From`
  std::optional<E164> number;          ///< `To`; empty when missing or not E.164
  std::string number_text;             ///< `To` as sent, at most 64 bytes, for records
  std::optional<E164> forwarded_from;  ///< `ForwardedFrom`
  bool is_inbound_parent = true;       ///< Direction is inbound (or missing) and there is no ParentCallSid
  std::optional<CallSid> parent;       ///< `ParentCallSid`
  Origin origin = Origin::status;
};

/// `POST /twilio/voice`: a call has come in and the carrier asks what to say.
struct IncomingCall {
  CallDetails call;
};

/// `POST /twilio/status`: the call's status changed.
struct CallStatusChange {
  CallDetails call;
  CallStatus status = CallStatus::unrecognised;
  std::string status_text;  ///< `CallStatus` as sent, at most 32 bytes
  /// When it happened, where that is known to be earlier than now: told by the carrier's list, not by a webhook.
  std::optional<Instant> at{};
  bool person_took_call = false;  ///< a leg that the call dialled was answered
};

/// `POST /twilio/message-status/{text id}`: what became of a text that the carrier took.
struct MessageStatusChange {
  TextId text;
  Account account = Account::first;
  std::string message_sid;  ///< 2 to 64 letters, digits and `-`
  MessageStatus status = MessageStatus::unrecognised;
  std::string status_text;  ///< as sent, at most 32 bytes
  int code = 0;             ///< `ErrorCode`; 0: none
  SendAttempt attempt{};    ///< the request that the message came from
};

using Event = std::variant<IncomingCall, CallStatusChange, MessageStatusChange>;

/// Of a call's event; throws std::bad_variant_access for any other.
const CallDetails& call_details(const Event& event);

/// The CallSid that everything which happens because of the event is found by.
const std::string& correlation_id(const Event& event);

/// The deduplication key of an event within its call (`voice`, or the status as sent) or its text (the message and
/// its status).
std::string event_key(const Event& event);

}  // namespace jobrun
