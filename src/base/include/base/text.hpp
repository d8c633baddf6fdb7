// The words of an outgoing text: its purpose, its state, and the ordered ways out when it cannot leave.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun {

/// Why a text is sent. With its Origin it is what the exit policy judges.
enum class Purpose {
  customer_intake,
  failsafe,
  customer_reply,
  owner_reply,
  onboarding,
  triage_reply,
  canary,
  alert,  ///< to an owner or the operator; belongs to no call
};

template <>
struct NamesOf<Purpose> {
  static constexpr std::array<Named<Purpose>, 8> rows = {{{Purpose::customer_intake, "customer_intake"},
                                                          {Purpose::failsafe, "failsafe"},
                                                          {Purpose::customer_reply, "customer_reply"},
                                                          {Purpose::owner_reply, "owner_reply"},
                                                          {Purpose::onboarding, "onboarding"},
                                                          {Purpose::triage_reply, "triage_reply"},
                                                          {Purpose::canary, "canary"},
                                                          {Purpose::alert, "alert"}}};
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

/// What the carrier says became of a message. `unrecognised` stands for a word that the carrier added after this
/// was written: recorded, never acted upon.
enum class MessageStatus {
  accepted,
  scheduled,
  queued,
  sending,
  sent,
  canceled,
  failed,
  undelivered,
  delivered,
  read,
  unrecognised
};

template <>
struct NamesOf<MessageStatus> {
  static constexpr std::array<Named<MessageStatus>, 11> rows = {{{MessageStatus::accepted, "accepted"},
                                                                 {MessageStatus::scheduled, "scheduled"},
                                                                 {MessageStatus::queued, "queued"},
                                                                 {MessageStatus::sending, "sending"},
                                                                 {MessageStatus::sent, "sent"},
                                                                 {MessageStatus::canceled, "canceled"},
                                                                 {MessageStatus::failed, "failed"},
                                                                 {MessageStatus::undelivered, "undelivered"},
                                                                 {MessageStatus::delivered, "delivered"},
                                                                 {MessageStatus::read, "read"},
                                                                 {MessageStatus::unrecognised, "unrecognised"}}};
};

/// The message will not reach anybody any more.
constexpr bool is_lost(MessageStatus status) {
  return status == MessageStatus::canceled || status == MessageStatus::failed ||
         status == MessageStatus::undelivered;
}

/// The message has reached its phone.
constexpr bool is_delivered(MessageStatus status) {
  return status == MessageStatus::delivered || status == MessageStatus::read;
}

/// Statuses come late, twice and in any order: what is known of a message only ever advances, along the order of
/// the enumerators. Of ends that contradict each other the better one stands, in whatever order they were told.
constexpr bool advances(std::optional<MessageStatus> known, MessageStatus told) {
  return told != MessageStatus::unrecognised && (!known || *known < told);
}

/// A first text: what a caller gets because of a call, once in a cool-down.
constexpr bool is_first_text(Purpose purpose) {
  switch (purpose) {
    case Purpose::customer_intake:
    case Purpose::failsafe:
      return true;
    case Purpose::customer_reply:
    case Purpose::owner_reply:
    case Purpose::onboarding:
    case Purpose::triage_reply:
    case Purpose::canary:
    case Purpose::alert:
      return false;
  }
  return false;
}

/// Whether a text counts towards the limits of the day: those keep what strangers can make us spend. Owners are
/// answered whatever their customers have cost.
constexpr bool counts_by_the_day(Purpose purpose) {
  switch (purpose) {
    case Purpose::customer_intake:
    case Purpose::failsafe:
    case Purpose::customer_reply:
    case Purpose::triage_reply:
      return true;
    case Purpose::owner_reply:
    case Purpose::onboarding:
    case Purpose::canary:
    case Purpose::alert:
      return false;
  }
  return false;
}

/// A text's id: a function of (cause, purpose), so the same promise made twice is one promise. Spelt
/// `<cause>.<purpose>`.
struct TextId {
  /// What it answers: a CallSid, the MessageSid of an inbound text, or an id of ours for a text that answers
  /// nothing (`signup-447700900123-3`, a reminder). 2 to 64 letters, digits, `-` and `_`.
  std::string cause;
  Purpose purpose = Purpose::customer_intake;

  static Result<TextId> parse(std::string_view text);

  std::string text() const { return cause + "." + std::string(name_of(purpose)); }
  friend bool operator==(const TextId&, const TextId&) = default;
};

/// The pair a cool-down, an opt-out look-up and a loop breaker are about. `number` is the number called.
struct CallerPair {
  E164 caller;
  E164 number;
  friend bool operator==(CallerPair, CallerPair) = default;
};

/// The carrier accounts that texts may leave by, in the order in which they are preferred.
enum class Account : std::uint8_t { first, second };

template <>
struct NamesOf<Account> {
  static constexpr std::array<Named<Account>, 2> rows = {{{Account::first, "first"}, {Account::second, "second"}}};
};

/// One way out of a text: the account it leaves by and the number it leaves from.
struct Way {
  Account account = Account::first;
  E164 sender;
  friend bool operator==(Way, Way) = default;
};

/// The ways of one text that are not tried any more: the carrier said no to them, or lost the text. A set of
/// places in PromisedText::ways.
class ClosedWays {
 public:
  static constexpr std::size_t ways_max = 16;
  ClosedWays() = default;
  explicit ClosedWays(std::uint32_t bits) : bits_(bits) {}
  bool contains(std::size_t way) const { return way >= ways_max || ((bits_ >> way) & 1U) != 0; }
  void add(std::size_t way) { bits_ |= way < ways_max ? 1U << way : 0U; }
  std::uint32_t bits() const { return bits_; }
  friend bool operator==(ClosedWays, ClosedWays) = default;

 private:
  std::uint32_t bits_ = 0;
};

/// Which request of a text. Travels with it, and returns with the statuses of the message that it became.
struct SendAttempt {
  int number = 0;       ///< counted from 1; 0: not told
  std::size_t way = 0;  ///< place in PromisedText::ways
  friend bool operator==(SendAttempt, SendAttempt) = default;
};

/// A text as `flow` planned it. `ways` are the ordered ways out: the first that is not closed is taken, unless its
/// account fails and another's does not. After the last a person is alerted.
struct PromisedText {
  TextId id;
  Origin origin = Origin::status;
  CallerPair pair;
  std::vector<Way> ways;  ///< 1 to ClosedWays::ways_max
  std::string body;       ///< at most 1,600 characters
  std::string
      second_body{};  ///< instead of it by the second account, whose replies do not reach us; empty: the same
  std::optional<ClientId> client{};
  std::string country{};               ///< the recipient's, ISO 3166, as the cost guard counts; empty: unknown
  std::optional<Instant> caused_at{};  ///< where the call's end, or the inbound text, is older than the promise

  const std::string& body_by(Account account) const {
    return account == Account::second && !second_body.empty() ? second_body : body;
  }
};

/// Rows from here on are of texts that were promised while the store was away: see StandIn.
inline constexpr TextRow first_stand_in_row{std::int64_t{1} << 40};

/// A text as the journal holds it and the outbox carries it.
struct TextRecord {
  TextRow row;
  std::optional<CallId> call{};  ///< empty: it answers an inbound text, or nothing
  PromisedText promise;
  TextState state = TextState::promised;
  std::size_t way = 0;  ///< place in promise.ways: the last one taken
  ClosedWays closed_ways{};
  int attempts = 0;  ///< requests written or tried so far
  Instant promised_at{};
  Instant due_at{};  ///< not to be sent before this
  Duration wait{0};  ///< how long that was ahead when it was decided: a clock may have been set since

  /// From when on its usefulness is counted: the end of its call, or when the text that it answers was sent.
  Instant useful_from() const { return promise.caused_at.value_or(promised_at); }
};

/// A text of which nobody knows whether it left, and how far looking for it at the carrier has come.
struct UnknownText {
  TextRecord text;
  int looks = 0;         ///< how often the carrier was asked
  int absent = 0;        ///< how often in a row it did not list the text
  Instant started_at{};  ///< when the request of which nothing is known was about to be written
  /// The message that a status with our id has told of: it is this text, and need not be looked for.
  std::string told_message_sid{};
};

/// A text, and what the carrier has told of the message that it became.
struct TextOnRecord {
  TextRecord text;
  std::string message_sid;              ///< empty: none
  std::optional<MessageStatus> status;  ///< the furthest told of it
};

}  // namespace jobrun
