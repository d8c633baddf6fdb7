// Alerts: what a person has to be told, as data.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/time.hpp"

namespace jobrun {

enum class Audience { owner, operator_ };

template <>
struct NamesOf<Audience> {
  static constexpr std::array<Named<Audience>, 2> rows = {
      {{Audience::owner, "owner"}, {Audience::operator_, "operator"}}};
};

enum class Severity { info, warning, critical };

template <>
struct NamesOf<Severity> {
  static constexpr std::array<Named<Severity>, 3> rows = {
      {{Severity::info, "info"}, {Severity::warning, "warning"}, {Severity::critical, "critical"}}};
};

enum class AlertKind {
  lead,                      ///< a missed call that was promised a text: the reply, or that there is none yet
  cannot_text_caller,        ///< withheld, landline, opted out, country: call back or lose the job
  texts_stopped,             ///< paused, cost guard, loop breaker: callers get speech only
  repeated_call,             ///< the caller called again within the cool-down
  forwarding_hides_callers,  ///< the phone forwards its own number instead of the caller's
  operational_no_client,     ///< a business number belongs to nobody
  onboarding_call_unheard,   ///< somebody called the sign-up number and heard nothing
  service_number_calls,      ///< one of our numbers, or a short code, called and heard nothing
  text_refused,              ///< no way out worked: the caller got no text
  incident_open,             ///< calls are past their deadline without an outcome
  isolation_violation,       ///< a forbidden text was stopped at the exit
  credentials_refused,       ///< the carrier does not accept our credentials
  carrier_refusal,           ///< the carrier refuses texts for a reason that somebody has to set right
  sender_blocked,            ///< a sender of ours is not registered: nothing leaves from it
  queue_too_long,            ///< more texts wait than should
  spool_used,                ///< the database cannot be written: events go to the spool
  spool_damaged,             ///< a part of the spool cannot be read
  sweep_found,               ///< calls or texts that no webhook had told of, or calls whose end none had
  sweep_failing,             ///< the carrier's lists of calls and texts could not be swept for too long
  configuration_drift,       ///< numbers at the carrier are not set up as they should be
  customer_texted,           ///< a customer has texted, and no lead waited for it
  danger,                    ///< a customer's words tell of danger: told at any hour
  job_decided,               ///< one of the phones of a business has accepted or declined a job
  voicemail,                 ///< a caller has left a message
  weekly_summary,            ///< what the week brought a business
  text_to_nobody,            ///< somebody has texted a number that is nobody's
  alert_text_lost,           ///< the carrier took a text that told somebody of an alert, and lost it
  canary_silent,             ///< no canary has come through for too long
  onboarding_attention,      ///< an owner who signs up needs a person
  onboarding_stuck,          ///< an owner has been in a step of the sign-up for too long
  number_pool_empty,         ///< an owner waits for a number, and the pool has none
  ring_loop,                 ///< a client's phones send the calls back that would ring them
};

template <>
struct NamesOf<AlertKind> {
  static constexpr std::array<Named<AlertKind>, 32> rows = {
      {{AlertKind::lead, "lead"},
       {AlertKind::cannot_text_caller, "cannot_text_caller"},
       {AlertKind::texts_stopped, "texts_stopped"},
       {AlertKind::repeated_call, "repeated_call"},
       {AlertKind::forwarding_hides_callers, "forwarding_hides_callers"},
       {AlertKind::operational_no_client, "operational_no_client"},
       {AlertKind::onboarding_call_unheard, "onboarding_call_unheard"},
       {AlertKind::service_number_calls, "service_number_calls"},
       {AlertKind::text_refused, "text_refused"},
       {AlertKind::incident_open, "incident_open"},
       {AlertKind::isolation_violation, "isolation_violation"},
       {AlertKind::credentials_refused, "credentials_refused"},
       {AlertKind::carrier_refusal, "carrier_refusal"},
       {AlertKind::sender_blocked, "sender_blocked"},
       {AlertKind::queue_too_long, "queue_too_long"},
       {AlertKind::spool_used, "spool_used"},
       {AlertKind::spool_damaged, "spool_damaged"},
       {AlertKind::sweep_found, "sweep_found"},
       {AlertKind::sweep_failing, "sweep_failing"},
       {AlertKind::configuration_drift, "configuration_drift"},
       {AlertKind::customer_texted, "customer_texted"},
       {AlertKind::danger, "danger"},
       {AlertKind::job_decided, "job_decided"},
       {AlertKind::voicemail, "voicemail"},
       {AlertKind::weekly_summary, "weekly_summary"},
       {AlertKind::text_to_nobody, "text_to_nobody"},
       {AlertKind::alert_text_lost, "alert_text_lost"},
       {AlertKind::canary_silent, "canary_silent"},
       {AlertKind::onboarding_attention, "onboarding_attention"},
       {AlertKind::onboarding_stuck, "onboarding_stuck"},
       {AlertKind::number_pool_empty, "number_pool_empty"},
       {AlertKind::ring_loop, "ring_loop"}}};
};

/// By what people are told.
enum class AlertWay { webhook, email, text };

template <>
struct NamesOf<AlertWay> {
  static constexpr std::array<Named<AlertWay>, 3> rows = {
      {{AlertWay::webhook, "webhook"}, {AlertWay::email, "email"}, {AlertWay::text, "text"}}};
};

/// How an attempt to tell somebody ended.
enum class AlertAnswer {
  accepted,
  refused,      ///< certainly not told, and this alert or this recipient is the reason
  not_reached,  ///< certainly not told, and the way is the reason
  unknown,      ///< perhaps told
};

template <>
struct NamesOf<AlertAnswer> {
  static constexpr std::array<Named<AlertAnswer>, 4> rows = {{{AlertAnswer::accepted, "accepted"},
                                                              {AlertAnswer::refused, "refused"},
                                                              {AlertAnswer::not_reached, "not_reached"},
                                                              {AlertAnswer::unknown, "unknown"}}};
};

/// Something to tell a person.
///
/// `group`: alerts of one kind, audience and group (a pair, a client, or empty for all) are one: while one
/// waits, the next only raises its count; `at_most_every` after one left, the next waits.
/// `escalates`: when one of its ways has accepted this alert, its call becomes `escalated`, and so does every call
/// that leans on its text.
struct AlertRequest {
  AlertKind kind = AlertKind::lead;
  Audience audience = Audience::owner;
  Severity severity = Severity::info;
  std::optional<ClientId> client;
  std::string group;  ///< empty: never grouped
  Duration at_most_every{0};
  Duration delay{0};  ///< counted from the commit
  bool escalates = false;
  std::string call_sid;  ///< empty when it is about no call
  std::string caller;
  std::string number;
  std::string summary;  ///< a sentence for a person, at most 300 characters
};

/// To the operator, about one thing: those of the same kind and `group` are one while they wait.
inline AlertRequest operator_alert(AlertKind kind, Severity severity, std::string group,
                                   std::string summary = {}) {
  AlertRequest alert;
  alert.kind = kind;
  alert.audience = Audience::operator_;
  alert.severity = severity;
  alert.group = std::move(group);
  alert.summary = std::move(summary);
  return alert;
}

/// An alert as the journal holds it, and one of the ways has to tell it.
struct AlertRecord {
  AlertId id;
  AlertRequest request;
  std::int64_t count = 1;    ///< how many times it was raised
  int attempts = 0;          ///< by that way
  bool is_accepted = false;  ///< by another way
  Instant created_at{};
  Instant due_at{};
};

}  // namespace jobrun
