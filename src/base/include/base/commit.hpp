// What one Event means and promises: the value that `decide` returns and the ledger makes durable whole.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/alert.hpp"
#include "base/call.hpp"
#include "base/conversation_record.hpp"
#include "base/event.hpp"
#include "base/locale.hpp"
#include "base/log_line.hpp"
#include "base/metric.hpp"
#include "base/onboarding_record.hpp"
#include "base/records.hpp"
#include "base/text.hpp"

namespace jobrun {

// What follows the words of a voice answer.

/// The call ends.
struct EndCall {
  friend bool operator==(const EndCall&, const EndCall&) = default;
};
/// These phones ring, all at once; nothing is said before.
struct RingPhones {
  std::vector<E164> phones;
  Duration ring_time{};
  std::size_t phones_behind = 0;  ///< see RingEnd: once these have rung
  friend bool operator==(const RingPhones&, const RingPhones&) = default;
};
/// The caller may leave a message.
struct TakeMessage {
  friend bool operator==(const TakeMessage&, const TakeMessage&) = default;
};
/// Whoever has picked up is asked to press 1.
struct AskToAccept {
  friend bool operator==(const AskToAccept&, const AskToAccept&) = default;
};
/// He and the caller hear each other.
struct Connect {
  friend bool operator==(const Connect&, const Connect&) = default;
};

using VoiceStep = std::variant<EndCall, RingPhones, TakeMessage, AskToAccept, Connect>;

/// The longest message that a caller may leave.
inline constexpr std::chrono::seconds message_length_max{120};
/// How long whoever has picked up may take to press 1, after he has been asked.
inline constexpr std::chrono::seconds acceptance_time{8};

/// What the carrier is told about a call. The gate renders it; nobody else writes TwiML.
struct VoiceAnswer {
  Greeting greeting = Greeting::none;
  std::string say{};  ///< valid UTF-8 as the client named itself; escaping is the gate's business
  Locale locale = Locale::en_us;  ///< of these words
  VoiceStep then{};
  // What the webhooks that follow are about, so that they can be understood whatever is known of the call then.
  std::string call_sid{};
  std::optional<E164> number{};  ///< the number called
};

/// A call seen for the first time. Role, source and client are frozen here.
struct NewCall {
  CallSid call_sid;
  Caller caller;
  std::string number_text;  ///< the number called, as sent
  NumberRole role = NumberRole::system;
  RoleSource role_source = RoleSource::unknown;
  std::optional<ClientId> client;
  Origin origin = Origin::status;
  std::optional<E164> forwarded_from{};  ///< the phone that sent the call on
  CallerVerification verification = CallerVerification::unknown;
};

/// Whether a person has taken the call, and by which leg; empty: he has not after all.
struct Acceptance {
  std::optional<CallSid> leg;
};

/// A message that a caller has left, or what is learned of it later. What is not told leaves what is known.
struct Recording {
  std::string recording_sid;
  std::string url{};
  std::optional<std::chrono::seconds> duration{};
  std::string transcription{};
};

/// The call has ended: its first final status.
struct CallEnd {
  CallStatus status = CallStatus::completed;
  AfterCallRow row = AfterCallRow::intake;  ///< why the caller gets what he gets
};

struct OutcomeChange {
  Outcome outcome = Outcome::answered;
  std::optional<TextRow> leans_on;  ///< the text a call suppressed by the cool-down shares the fate of
};

/// A text that came in, as the journal keeps it. Role, source and client are frozen here.
struct NewInboundText {
  InboundText text;
  NumberRole role = NumberRole::system;
  RoleSource role_source = RoleSource::unknown;
  std::optional<ClientId> client{};
  TakenAs taken_as = TakenAs::set_aside;
  std::optional<CustomerContact> contact{};  ///< the customer whose conversation it belongs to
};

/// A lead that waited for a reply, which has come: in these words from now on.
struct RepliedLead {
  AlertId alert;
  std::string summary;
  bool is_due = true;      ///< at once; else when it would have been
  bool is_danger = false;  ///< it tells of danger
};

/// What becomes of a text that the carrier took and then lost.
struct TextLoss {
  int code = 0;  ///< the carrier's; 0: none
  std::string reason;
  ClosedWays closed_ways{};
  Instant due_at{};    ///< promised again, and not to be sent before this; without meaning when it is given up
  Instant deadline{};  ///< of its call, if it has one, which is pending again
  std::optional<AlertRequest> gives_up{};  ///< no way is left: this tells a person
};

/// What one message status says of a text.
struct MessageNews {
  TextRow text;
  std::string message_sid;
  MessageStatus status = MessageStatus::unrecognised;
  std::string status_text{};       ///< as sent
  int code = 0;                    ///< the carrier's; 0: none
  SendAttempt attempt{};           ///< the request that the message came from
  bool binds = false;              ///< the text's fate was open: it was accepted, as this message
  bool is_furthest = false;        ///< of what was told about the message that the text became
  std::optional<TextLoss> loss{};  ///< that message is lost
};

/// Everything one Event writes, as one transaction. A default Commit writes nothing.
struct Commit {
  bool is_duplicate = false;   ///< the event was known: nothing is written, the answer is repeated
  bool is_ignored = false;     ///< about a leg that is not ours to answer: acknowledged, counted
  std::optional<CallId> call;  ///< the call, when it was known before; else `new_call` says
  std::optional<NewCall> new_call;
  std::string event_key;  ///< see event_key(); empty: no event is written
  Origin origin = Origin::status;
  std::optional<Greeting> greeting;  ///< served with this event's answer
  std::optional<CallEnd> ended;
  bool rings = false;  ///< phones are rung for it
  Duration longer{0};  ///< than other calls this one may last
  /// While a person talks the call has no deadline.
  std::optional<Acceptance> acceptance;
  std::optional<Recording> recording;
  std::optional<OutcomeChange> outcome;
  std::optional<Instant> deadline;  ///< when a pending call becomes an incident; a new one without it: at once
  std::optional<CustomerContact> contact;
  /// Belongs to the call of this commit, else to its inbound text, else to whatever call or inbound text the store
  /// knows by the text's cause; to nothing, where there is none. A first text needs a call.
  std::optional<PromisedText> text;
  std::optional<MessageNews> message;
  std::optional<NewInboundText> inbound;
  std::optional<RepliedLead> replied_lead;
  std::optional<OnboardingChange> onboarding;  ///< never of a call's
  /// Its records are made where there are none; the promised text is a Message of it, if it goes to its customer.
  std::optional<ConversationRecord> conversation;
  std::optional<AvailabilityChange> availability;
  std::optional<JobDecision> decision;
  std::vector<SetPhoneFact> learned;
  std::vector<BlockedSender> blocked_senders;
  std::vector<AlertRequest> alerts;

  /// Without the store nobody could decide it: what the spool has of it is decided once more, later.
  bool is_left_open = false;
  std::optional<VoiceAnswer> answer;  ///< what the carrier is told, once durable
  std::vector<Count> counts;          ///< counted once durable
  std::vector<LogLine> logs;          ///< logged once durable
};

}  // namespace jobrun
