// The words of an outgoing text: its purpose, its state, and the ordered ways out when it cannot leave.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/call.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/time.hpp"

namespace jobrun {

/// Why a text is sent. With its Origin it is what the exit policy judges.
enum class Purpose { customer_intake, failsafe, customer_reply, owner_reply, onboarding, triage_reply, canary };

template <>
struct NamesOf<Purpose> {
  static constexpr std::array<Named<Purpose>, 7> rows = {{{Purpose::customer_intake, "customer_intake"},
                                                          {Purpose::failsafe, "failsafe"},
                                                          {Purpose::customer_reply, "customer_reply"},
                                                          {Purpose::owner_reply, "owner_reply"},
                                                          {Purpose::onboarding, "onboarding"},
                                                          {Purpose::triage_reply, "triage_reply"},
                                                          {Purpose::canary, "canary"}}};
};

/// promised -> started (durable before the request is written) -> accepted, refused or unknown.
enum class TextState { promised, started, accepted, refused, unknown };

template <>
struct NamesOf<TextState> {
  static constexpr std::array<Named<TextState>, 5> rows = {{{TextState::promised, "promised"},
                                                            {TextState::started, "started"},
                                                            {TextState::accepted, "accepted"},
                                                            {TextState::refused, "refused"},
                                                            {TextState::unknown, "unknown"}}};
};

/// A text's id: a function of (CallSid, purpose), so the same promise made twice is one promise. Spelt
/// `<CallSid>.<purpose>`.
struct TextId {
  std::string call_sid;
  Purpose purpose = Purpose::customer_intake;

  std::string text() const { return call_sid + "." + std::string(name_of(purpose)); }
  friend bool operator==(const TextId&, const TextId&) = default;
};

/// The pair a cool-down, an opt-out look-up and a loop breaker are about. `number` is the number called.
struct CallerPair {
  E164 caller;
  E164 number;
  friend bool operator==(CallerPair, CallerPair) = default;
};

/// A text as `flow` planned it. `senders` are the ordered ways out: the first is tried first, the next
/// only when the carrier refuses the one before *as a sender*. After the last a person is alerted.
struct PromisedText {
  TextId id;
  Origin origin = Origin::status;
  CallerPair pair;
  std::vector<E164> senders;  ///< at least one
  std::string body;           ///< at most 1,600 characters
  std::optional<ClientId> client;
};

/// A text as the journal holds it and the outbox carries it.
struct TextRecord {
  TextRow row;
  CallId call;
  PromisedText promise;
  TextState state = TextState::promised;
  std::size_t way = 0;  ///< index into promise.senders
  int attempts = 0;     ///< requests written or tried so far
  Instant promised_at{};
  Instant due_at{};  ///< not to be sent before this
};

/// A text of which nobody knows whether it left, and how far looking for it at the carrier has come.
struct UnknownText {
  TextRecord text;
  int looks = 0;         ///< how often the carrier was asked
  int absent = 0;        ///< how often in a row it did not list the text
  Instant started_at{};  ///< when the request of which nothing is known was about to be written
};

}  // namespace jobrun
