// Every metric's name, kind, help and labels, in one list. `ops` makes Prometheus families of it; nothing
// else spells a metric's name. Prometheus writes counters with `_total`.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jobrun {

enum class Metric {
  voice_customer_intake,
  voice_onboarding_number_called,
  voice_system_failsafe_intake,
  voice_operational_no_client,
  calls_ended,
  events_duplicate,
  events_ignored,
  webhooks,
  webhook_refusals,
  texts_promised,
  texts_answered,
  texts_retried,
  texts_looked_for,
  outbox_possible_duplicates,
  exit_policy_refusals,
  exit_policy_unlisted,
  alerts_raised,
  alerts_sent,
  alerts_failed,
  store_failures,
  outbox_waiting,
  outbox_unknown,
  calls_pending,
  incidents_open,
  alerts_waiting,
  alert_channels,
  directory_numbers,
  directory_snapshot_age_seconds,
  ledger_batch_events,
  ledger_commit_seconds,
};

enum class MetricKind { counter, gauge, histogram };

struct MetricSpec {
  Metric metric;
  MetricKind kind;
  std::string_view name;  ///< as Prometheus shows it
  std::string_view help;
  std::array<std::string_view, 2> labels;  ///< empty: unused
};

inline constexpr std::array<MetricSpec, 30> metric_specs = {{
    {Metric::voice_customer_intake,
     MetricKind::counter,
     "voice_customer_intake_total",
     "Ended calls to a business's number that took the customer intake flow",
     {}},
    {Metric::voice_onboarding_number_called,
     MetricKind::counter,
     "voice_invariant_violation_onboarding_number_total",
     "Voice calls to an onboarding number",
     {}},
    {Metric::voice_system_failsafe_intake,
     MetricKind::counter,
     "voice_system_failsafe_intake_total",
     "Ended calls that took the fail-safe flow; healthy is no increase",
     {"is_known", "call_status"}},
    {Metric::voice_operational_no_client,
     MetricKind::counter,
     "voice_status_error_operational_no_client_total",
     "Ended calls to an operational number that has no client",
     {}},
    {Metric::calls_ended,
     MetricKind::counter,
     "calls_ended_total",
     "Ended calls by role and after-call row",
     {"role", "row"}},
    {Metric::events_duplicate,
     MetricKind::counter,
     "events_duplicate_total",
     "Events that were already known and changed nothing",
     {}},
    {Metric::events_ignored,
     MetricKind::counter,
     "events_ignored_total",
     "Events about a leg that belongs to another call: acknowledged, and nothing written",
     {}},
    {Metric::webhooks,
     MetricKind::counter,
     "webhooks_total",
     "Webhooks answered, by path and HTTP status",
     {"path", "status"}},
    {Metric::webhook_refusals,
     MetricKind::counter,
     "webhook_refusals_total",
     "Requests refused, by cause",
     {"cause", ""}},
    {Metric::texts_promised,
     MetricKind::counter,
     "texts_promised_total",
     "Texts promised, by purpose",
     {"purpose", ""}},
    {Metric::texts_answered,
     MetricKind::counter,
     "texts_answered_total",
     "Texts with a final answer of the carrier, by purpose and result",
     {"purpose", "result"}},
    {Metric::texts_retried,
     MetricKind::counter,
     "texts_retried_total",
     "Sends that certainly did not happen and are tried again",
     {}},
    {Metric::texts_looked_for,
     MetricKind::counter,
     "texts_looked_for_total",
     "Looks for unknown texts at the carrier, by what they told",
     {"look", ""}},
    {Metric::outbox_possible_duplicates,
     MetricKind::counter,
     "outbox_possible_duplicates_total",
     "Unknown texts sent again because the carrier did not list them",
     {}},
    {Metric::exit_policy_refusals,
     MetricKind::counter,
     "exit_policy_refusals_total",
     "Texts stopped at the exit because purpose and origin do not go together",
     {"purpose", "origin"}},
    {Metric::exit_policy_unlisted,
     MetricKind::counter,
     "exit_policy_unlisted_total",
     "Texts let through with a warning because the exit policy does not list the pair",
     {"purpose", "origin"}},
    {Metric::alerts_raised, MetricKind::counter, "alerts_raised_total", "Alerts raised, by kind", {"kind", ""}},
    {Metric::alerts_sent, MetricKind::counter, "alerts_sent_total", "Alerts accepted by a channel", {}},
    {Metric::alerts_failed, MetricKind::counter, "alerts_failed_total", "Attempts to alert that failed", {}},
    {Metric::store_failures,
     MetricKind::counter,
     "store_failures_total",
     "Batches that could not be made durable",
     {}},
    {Metric::outbox_waiting, MetricKind::gauge, "outbox_waiting", "Texts promised and not yet answered", {}},
    {Metric::outbox_unknown,
     MetricKind::gauge,
     "outbox_unknown",
     "Texts of which it is unknown whether they left, and whose calls nobody has closed by hand",
     {}},
    {Metric::calls_pending,
     MetricKind::gauge,
     "calls_pending",
     "Calls without an outcome, ended or in an open incident",
     {}},
    {Metric::incidents_open, MetricKind::gauge, "incidents_open", "Open incidents", {}},
    {Metric::alerts_waiting, MetricKind::gauge, "alerts_waiting", "Alerts not yet accepted by a channel", {}},
    {Metric::alert_channels,
     MetricKind::gauge,
     "alert_channels_configured",
     "Configured alert channels; 0 means nobody is told",
     {}},
    {Metric::directory_numbers, MetricKind::gauge, "directory_numbers", "Numbers in the directory", {}},
    {Metric::directory_snapshot_age_seconds,
     MetricKind::gauge,
     "directory_snapshot_age_seconds",
     "Seconds since the directory snapshot on disk was last known to be current",
     {}},
    {Metric::ledger_batch_events,
     MetricKind::histogram,
     "ledger_batch_events",
     "Items in one committed batch",
     {}},
    {Metric::ledger_commit_seconds,
     MetricKind::histogram,
     "ledger_commit_seconds",
     "Seconds from a batch's first statement to its durability",
     {}},
}};

constexpr const MetricSpec& spec_of(Metric metric) {
  return metric_specs[static_cast<std::size_t>(metric)];
}

/// Why a request was refused: the values of `webhook_refusals_total{cause}`.
inline constexpr std::array<std::string_view, 18> webhook_refusal_causes = {"unknown_path",
                                                                            "wrong_method",
                                                                            "wrong_content_type",
                                                                            "body_too_large",
                                                                            "malformed_form",
                                                                            "missing_signature",
                                                                            "wrong_signature",
                                                                            "missing_call_sid",
                                                                            "malformed_call_sid",
                                                                            "missing_call_status",
                                                                            "repeated_parameter",
                                                                            "unavailable",
                                                                            "internal",
                                                                            "header_too_large",
                                                                            "malformed_request",
                                                                            "timed_out",
                                                                            "too_many_connections",
                                                                            "unanswered"};

/// The webhooks there are and the statuses that they are answered with: the values of
/// `webhooks_total{path,status}`.
inline constexpr std::array<std::string_view, 2> webhook_paths = {"/twilio/voice", "/twilio/status"};
inline constexpr std::array<std::string_view, 8> webhook_statuses = {"200", "400", "403", "405",
                                                                     "413", "415", "500", "503"};

/// One increment, as data: what a commit counts once it is durable.
struct Count {
  Metric metric;
  std::array<std::string_view, 2> labels{};  ///< values of static storage: names of enumerators
};

}  // namespace jobrun
