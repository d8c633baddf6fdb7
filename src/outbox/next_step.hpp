// What an answer of the carrier means for its text. Pure.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/alert.hpp"
#include "base/commit.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/random.hpp"
#include "base/records.hpp"
#include "base/text.hpp"
#include "outbox/retry_rules.hpp"
#include "send_gate.hpp"

namespace jobrun::outbox {

struct KeepAccepted {
  std::string message_sid;
};

/// Nobody knows whether it left. Waits visibly; not resent.
struct KeepUnknown {
  std::string reason;
};

/// Certainly not sent: promised again.
struct TryAgain {
  std::string reason;
  ClosedWays closed_ways{};
  Duration delay{0};
  bool may_hurry = false;  ///< may go as soon as the carrier is well again
};

/// No way is left: a person is alerted, and the call is escalated once a channel has accepted that.
struct GiveUp {
  int code = 0;
  std::string reason;
  AlertRequest alert;
  std::optional<PhoneFact> learned;
};

using NextStep = std::variant<KeepAccepted, KeepUnknown, TryAgain, GiveUp>;

/// What a refusal means beyond its text, to be written with it.
struct Consequences {
  std::optional<AlertRequest> alert;  ///< for the operator: something is to be set right
  std::optional<BlockedSender> blocked;
};

Consequences consequences_of(const TextRecord& text, const Refused& refused, Instant now);

/// The first way that is not closed; empty: none.
std::optional<std::size_t> first_open_way(const PromisedText& promise, ClosedWays closed);

/// `text.way` is the one that was taken, and `text.attempts` counts this attempt. A wait for the next UTC day is
/// not begun when the text would be of no use by then: the caller's person is alerted now and not tomorrow. One
/// more try is given to the first attempt only, so that no sequence of answers makes it two.
NextStep decide_next_step(const TextRecord& text, const SendAnswer& answer, const RetryRules& rules, Instant now,
                          Random& random);

CarrierHealth health_told_by(const SendAnswer& answer);

/// Before sending: the recipient is a fixed line.
GiveUp give_up_on_landline(const TextRecord& text);
/// Why a recipient may not be texted, if that is so: he opted out, or his phone is a fixed line.
std::optional<PhoneFact> barred_by(const PhoneFacts& facts);
/// Before sending: that has been learned since the text was promised.
GiveUp give_up_on_barred(const TextRecord& text, PhoneFact fact);
/// Before sending: it is too late for the text to be of use.
GiveUp give_up_as_too_late(const TextRecord& text);
/// Before sending: every way has been tried.
GiveUp give_up_without_sender(const TextRecord& text);
/// Of a text without a call, whose incident would tell: it may have left, and is of no use any more.
GiveUp give_up_as_unknown(const TextRecord& text);
/// Before sending: the exit policy forbids it.
GiveUp give_up_as_forbidden(const TextRecord& text);

/// What becomes of a text that was taken and then lost.
TextLoss decide_loss(const TextRecord& text, const Refused& refused, const RetryRules& rules, Instant now,
                     Random& random);

/// The same as the outbox carries it on.
NextStep step_after(const TextLoss& loss, Instant now);

/// For the operator: code of ours tried to send a text that must never leave.
AlertRequest isolation_alert(const TextRecord& text);

/// What the caller of that text's call gets in place of a text that was stopped at the exit: the fail-safe text,
/// by the same ways. Empty where there is no call, or the text was a first text itself.
std::optional<PromisedText> failsafe_instead_of(const TextRecord& stopped);
/// For the operator: nothing leaves until the credentials are mended.
AlertRequest credentials_alert(Account account, const Refused& answer);

/// Whose fact it is that was learned of a text's recipient; `own`: of whoever the text was for.
FactScope scope_of_learned(PhoneFact fact, const FactScope& own);

}  // namespace jobrun::outbox
