// What the store keeps and hands back, in the domain's own types.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/call.hpp"
#include "base/client_settings.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun {

/// How an owner wants to hear of leads.
enum class AlertBy { text, email, both };

template <>
struct NamesOf<AlertBy> {
  static constexpr std::array<Named<AlertBy>, 3> rows = {
      {{AlertBy::text, "text"}, {AlertBy::email, "email"}, {AlertBy::both, "both"}}};
};

inline constexpr std::size_t email_bytes_max = 120;

/// A business: its name as customers read it, its owner's phone, and what it set for itself.
struct ClientProfile {
  ClientId id;
  std::string name;  ///< 1 to 80 characters of valid UTF-8, no control characters
  E164 owner_phone = E164::from_digits(0);
  std::optional<E164> own_number;             ///< a number the client brought, outside the pool
  bool paused = false;                        ///< no texts; callers are told so by voice, the owner is alerted
  std::optional<Duration> cool_down;          ///< instead of the service's
  std::vector<std::string> countries;         ///< ISO 3166 codes that may be texted; empty: the number's own
  std::optional<std::int64_t> texts_per_day;  ///< instead of the service's
  AlertBy alert_by = AlertBy::text;           ///< its owner
  std::string owner_email{};                  ///< at most email_bytes_max; empty: none, and alert_by is text
  bool awaits_test_call = false;              ///< its owner is setting up the forwarding of his phone
  ClientSettings settings{};
  friend bool operator==(const ClientProfile&, const ClientProfile&) = default;
};

/// Whether it is one of the phones that belong to the business's people, who command it by text.
inline bool is_owners(const ClientProfile& client, E164 phone) {
  const std::vector<E164>& more = client.settings.more_owner_phones;
  return phone == client.owner_phone || std::find(more.begin(), more.end(), phone) != more.end();
}

/// A row of the number pool.
struct PoolNumber {
  E164 number = E164::from_digits(0);
  NumberRole role = NumberRole::operational;
  std::optional<ClientId> client{};
  bool is_available = false;  ///< waits for an owner who signs up; its role is SYSTEM until then
  friend bool operator==(const PoolNumber&, const PoolNumber&) = default;
};

/// What a caller heard. `none` until `/twilio/voice` has been served.
enum class Greeting {
  none,
  will_text,
  already_texted,
  no_text,
  texts_only,
  voicemail_no_text,    ///< he may leave a message, and is promised nothing else
  voicemail_will_text,  ///< he may leave a message, and is texted
};

template <>
struct NamesOf<Greeting> {
  static constexpr std::array<Named<Greeting>, 7> rows = {
      {{Greeting::none, "none"},
       {Greeting::will_text, "will_text"},
       {Greeting::already_texted, "already_texted"},
       {Greeting::no_text, "no_text"},
       {Greeting::texts_only, "texts_only"},
       {Greeting::voicemail_no_text, "voicemail_no_text"},
       {Greeting::voicemail_will_text, "voicemail_will_text"}}};
};

/// A message that a caller has left, as far as decisions want it.
struct MessageLeft {
  std::string url{};  ///< empty: not known
  std::optional<std::chrono::seconds> duration{};
};

/// A call as the ledger knows it. Role, source and client are frozen at its first event.
struct CallRecord {
  CallId id;
  CallSid call_sid;
  Caller caller;
  std::optional<E164> number;  ///< the number called
  NumberRole role = NumberRole::system;
  RoleSource role_source = RoleSource::unknown;
  std::optional<ClientId> client;
  Greeting greeting = Greeting::none;
  Instant first_event_at{};
  std::optional<CallStatus> final_status;
  std::optional<Instant> ended_at;
  std::optional<Outcome> outcome;  ///< empty: pending
  std::optional<E164> forwarded_from{};
  CallerVerification verification = CallerVerification::unknown;
  std::optional<Instant> rung_at{};   ///< phones were rung for it, from then on
  std::optional<CallSid> taken_by{};  ///< the leg by which a person took it
  std::optional<MessageLeft> message{};
};

/// What a span of time brought a client.
struct ClientWeek {
  std::int64_t missed_calls = 0;
  std::int64_t texted = 0;   ///< of these, how many callers had a text of ours: for this call, or shortly before
  std::int64_t replied = 0;  ///< callers who texted after a missed call of theirs
  std::int64_t jobs_accepted = 0;  ///< by whoever works for the client
  std::optional<Duration>
      median_reply{};            ///< from a caller's first missed call to his reply; empty: nobody replied
  std::optional<E164> number{};  ///< of the client, that was called last
  friend bool operator==(const ClientWeek&, const ClientWeek&) = default;
};

/// What is remembered of a phone: never derived twice.
enum class PhoneFact { opted_out, blocked, do_not_text, landline };

template <>
struct NamesOf<PhoneFact> {
  static constexpr std::array<Named<PhoneFact>, 4> rows = {{{PhoneFact::opted_out, "opted_out"},
                                                            {PhoneFact::blocked, "blocked"},
                                                            {PhoneFact::do_not_text, "do_not_text"},
                                                            {PhoneFact::landline, "landline"}}};
};

/// Whose fact it is. Opt-outs, blocks and do-not-text belong to a client; fail-safe senders share the scope
/// `failsafe`; a line type is true for everybody.
struct FactScope {
  enum class Kind { client, failsafe, everybody } kind = Kind::everybody;
  std::optional<ClientId> client;

  static FactScope of(std::optional<ClientId> client) {
    return client ? FactScope{Kind::client, client} : FactScope{Kind::failsafe, std::nullopt};
  }
  friend bool operator==(const FactScope&, const FactScope&) = default;
};

/// A fact about a phone begins or ceases to hold.
struct SetPhoneFact {
  FactScope scope;
  E164 phone;
  PhoneFact fact;
  bool holds = true;
};

/// What an inbound text was taken for. `set_aside`: kept, and nothing else.
enum class TakenAs { opt_out, opt_in, customer, owner, triage, onboarding, set_aside };

template <>
struct NamesOf<TakenAs> {
  static constexpr std::array<Named<TakenAs>, 7> rows = {{{TakenAs::opt_out, "opt_out"},
                                                          {TakenAs::opt_in, "opt_in"},
                                                          {TakenAs::customer, "customer"},
                                                          {TakenAs::owner, "owner"},
                                                          {TakenAs::triage, "triage"},
                                                          {TakenAs::onboarding, "onboarding"},
                                                          {TakenAs::set_aside, "set_aside"}}};
};

/// The newest word of a phone by which it opted out or in.
struct LastChoice {
  bool is_out = false;
  Instant at{};  ///< when it was sent
};

/// A sender that the carrier lets nothing leave from, until it is registered.
struct BlockedSender {
  Way way;
  int code = 0;  ///< why, in the carrier's code
  Instant since{};
};

/// The facts about one caller that hold in a scope, those of everybody included.
struct PhoneFacts {
  bool opted_out = false;
  bool blocked = false;
  bool do_not_text = false;
  bool landline = false;
};

inline bool& field_of(PhoneFacts& facts, PhoneFact fact) {
  switch (fact) {
    case PhoneFact::opted_out:
      return facts.opted_out;
    case PhoneFact::blocked:
      return facts.blocked;
    case PhoneFact::do_not_text:
      return facts.do_not_text;
    case PhoneFact::landline:
      break;
  }
  return facts.landline;
}

/// The newest first text (customer intake or fail-safe) promised to a pair, whatever became of it: an
/// unknown send still counts, or the caller could be texted twice.
struct LastText {
  TextRow row;
  Instant promised_at{};
  TextState state = TextState::promised;
};

}  // namespace jobrun
