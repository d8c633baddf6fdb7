// The words of a call: its status at the carrier, the role of the number called, its outcome.
#pragma once

#include <array>
#include <cstdint>

#include "base/names.hpp"

namespace jobrun {

/// The carrier's statuses of a call; the last five are final. `unrecognised` stands for a word that the
/// carrier added after this was written: recorded, never final.
enum class CallStatus { queued, ringing, in_progress, completed, busy, failed, no_answer, canceled, unrecognised };

template <>
struct NamesOf<CallStatus> {
  static constexpr std::array<Named<CallStatus>, 9> rows = {{{CallStatus::queued, "queued"},
                                                             {CallStatus::ringing, "ringing"},
                                                             {CallStatus::in_progress, "in-progress"},
                                                             {CallStatus::completed, "completed"},
                                                             {CallStatus::busy, "busy"},
                                                             {CallStatus::failed, "failed"},
                                                             {CallStatus::no_answer, "no-answer"},
                                                             {CallStatus::canceled, "canceled"},
                                                             {CallStatus::unrecognised, "unrecognised"}}};
};

/// Every final status means "the call is over, look at what the caller got": also `canceled`.
inline constexpr std::array final_call_statuses = {CallStatus::completed, CallStatus::busy, CallStatus::failed,
                                                   CallStatus::no_answer, CallStatus::canceled};

constexpr bool is_final(CallStatus status) {
  switch (status) {
    case CallStatus::completed:
    case CallStatus::busy:
    case CallStatus::failed:
    case CallStatus::no_answer:
    case CallStatus::canceled:
      return true;
    case CallStatus::queued:
    case CallStatus::ringing:
    case CallStatus::in_progress:
    case CallStatus::unrecognised:
      return false;
  }
  return false;
}

/// What the carriers say about the caller's number (STIR/SHAKEN): a hint for a person, never a reason for silence.
enum class CallerVerification : std::uint8_t {
  unknown,
  verified,         ///< the caller's carrier vouches that the number is his
  partly_verified,  ///< it vouches for where the call came from, not for the number
  not_verified,     ///< what it says does not hold: the number may be somebody else's
};

template <>
struct NamesOf<CallerVerification> {
  static constexpr std::array<Named<CallerVerification>, 4> rows = {
      {{CallerVerification::unknown, "unknown"},
       {CallerVerification::verified, "verified"},
       {CallerVerification::partly_verified, "partly_verified"},
       {CallerVerification::not_verified, "not_verified"}}};
};

/// What a number is for. Resolved once, at a call's first event, and frozen.
enum class NumberRole : std::uint8_t { operational, onboarding, system };

template <>
struct NamesOf<NumberRole> {
  static constexpr std::array<Named<NumberRole>, 3> rows = {{{NumberRole::operational, "operational"},
                                                             {NumberRole::onboarding, "onboarding"},
                                                             {NumberRole::system, "system"}}};
};

/// Which step of the resolution order gave a number its role.
enum class RoleSource : std::uint8_t { pool, client_number, setting, unknown };

template <>
struct NamesOf<RoleSource> {
  static constexpr std::array<Named<RoleSource>, 4> rows = {{{RoleSource::pool, "pool"},
                                                             {RoleSource::client_number, "client_number"},
                                                             {RoleSource::setting, "setting"},
                                                             {RoleSource::unknown, "unknown"}}};
};

/// The kind of event that made us do something. Every outgoing text carries it to the exit policy.
enum class Origin { voice, status, text, sweep, canary, command, alert, time };

template <>
struct NamesOf<Origin> {
  static constexpr std::array<Named<Origin>, 8> rows = {{{Origin::voice, "voice"},
                                                         {Origin::status, "status"},
                                                         {Origin::text, "text"},
                                                         {Origin::sweep, "sweep"},
                                                         {Origin::canary, "canary"},
                                                         {Origin::command, "command"},
                                                         {Origin::alert, "alert"},
                                                         {Origin::time, "time"}}};
};

/// How a call ended for the caller. There is no "nothing": until one of these, the outcome is pending.
enum class Outcome { answered, texted, spoken, suppressed, escalated };

template <>
struct NamesOf<Outcome> {
  static constexpr std::array<Named<Outcome>, 5> rows = {{{Outcome::answered, "answered"},
                                                          {Outcome::texted, "texted"},
                                                          {Outcome::spoken, "spoken"},
                                                          {Outcome::suppressed, "suppressed"},
                                                          {Outcome::escalated, "escalated"}}};
};

/// Which row of the after-call table held: why a call got what it got. Kept with the call as its reason.
enum class AfterCallRow {
  answered,
  caller_is_ours,
  short_code,
  forwarding_hides_caller,
  blocked,
  do_not_text,
  withheld,
  no_sender,
  facts_unknown,
  landline,
  opted_out,
  country_not_allowed,
  paused,
  cost_guard,
  loop_breaker,
  cool_down,
  too_late,
  intake,
  failsafe,
  onboarding_number,
};

template <>
struct NamesOf<AfterCallRow> {
  static constexpr std::array<Named<AfterCallRow>, 20> rows = {
      {{AfterCallRow::answered, "answered"},
       {AfterCallRow::caller_is_ours, "caller_is_ours"},
       {AfterCallRow::short_code, "short_code"},
       {AfterCallRow::forwarding_hides_caller, "forwarding_hides_caller"},
       {AfterCallRow::blocked, "blocked"},
       {AfterCallRow::do_not_text, "do_not_text"},
       {AfterCallRow::withheld, "withheld"},
       {AfterCallRow::no_sender, "no_sender"},
       {AfterCallRow::facts_unknown, "facts_unknown"},
       {AfterCallRow::landline, "landline"},
       {AfterCallRow::opted_out, "opted_out"},
       {AfterCallRow::country_not_allowed, "country_not_allowed"},
       {AfterCallRow::paused, "paused"},
       {AfterCallRow::cost_guard, "cost_guard"},
       {AfterCallRow::loop_breaker, "loop_breaker"},
       {AfterCallRow::cool_down, "cool_down"},
       {AfterCallRow::too_late, "too_late"},
       {AfterCallRow::intake, "intake"},
       {AfterCallRow::failsafe, "failsafe"},
       {AfterCallRow::onboarding_number, "onboarding_number"}}};
};

}  // namespace jobrun
