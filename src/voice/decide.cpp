#include "voice/decide.hpp"

#include <utility>

#include "base/rare_path.hpp"
#include "flow/facts.hpp"

namespace jobrun::voice {
namespace {

/// The call's frozen role, source and client: those of its record, or of the directory at its first event.
struct FrozenRole {
  flow::Role role;
  RoleSource source = RoleSource::unknown;
};

bool is_canary(const CallDetails& call) {
  return call.origin == Origin::canary;
}

/// A canary's number is nobody's, whatever the directory says of it.
FrozenRole role_from_directory(const CallDetails& call, const directory::Snapshot& directory) {
  if (is_canary(call)) return {flow::System{.is_known = false}, RoleSource::unknown};
  const directory::Resolution found = directory.resolve(call.number);
  switch (found.role) {
    case NumberRole::operational:
      return {flow::Operational{found.client}, found.source};
    case NumberRole::onboarding:
      return {flow::Onboarding{}, found.source};
    case NumberRole::system:
      break;
  }
  return {flow::System{.is_known = found.source != RoleSource::unknown}, found.source};
}

FrozenRole role_from_record(const CallRecord& record, const directory::Snapshot& directory) {
  switch (record.role) {
    case NumberRole::operational:
      return {flow::Operational{record.client ? directory.client(*record.client) : nullptr}, record.role_source};
    case NumberRole::onboarding:
      return {flow::Onboarding{}, record.role_source};
    case NumberRole::system:
      break;
  }
  return {flow::System{.is_known = record.role_source != RoleSource::unknown}, record.role_source};
}

struct RoleName {
  NumberRole operator()(const flow::Operational&) const { return NumberRole::operational; }
  NumberRole operator()(const flow::Onboarding&) const { return NumberRole::onboarding; }
  NumberRole operator()(const flow::System&) const { return NumberRole::system; }
};

NumberRole name_of_role(const flow::Role& role) {
  return std::visit(RoleName{}, role);
}

/// Everything about one event that both kinds of webhook need, gathered once.
struct Case {
  CallDetails call;
  std::optional<CallRecord> record;  ///< the call, when it was known before
  FrozenRole frozen;
};

/// Any parameter of a webhook may be missing: caller and number are then those of the call's first event, or a
/// caller who was promised a text would end up as one who withholds his number.
CallDetails completed_by(CallDetails call, const CallRecord& record) {
  if (call.caller.text().empty()) call.caller = record.caller;
  if (call.number_text.empty()) call.number = record.number;
  return call;
}

Case open_case(const CallDetails& call, const Surroundings& around, FactReader& facts) {
  std::optional<CallRecord> record = facts.find_call(call.call_sid);
  if (!record) return {call, std::nullopt, role_from_directory(call, around.directory)};
  FrozenRole frozen = role_from_record(*record, around.directory);
  return {completed_by(call, *record), std::move(record), std::move(frozen)};
}

LogLine log_line(LogLevel level, std::string message, const CallDetails& call) {
  LogLine line{level, std::move(message), call.call_sid.text(), {}};
  line.fields.push_back({"to", call.number ? call.number->text() : call.number_text});
  line.fields.push_back({"from", call.caller.text(), LogField::Privacy::customer});
  return line;
}

/// The part of a Commit that both webhooks share: the event, and the call if this is its first.
Commit begin_commit(const Case& c, std::string event_key, const Surroundings& around, Instant now) {
  Commit commit;
  commit.event_key = std::move(event_key);
  commit.origin = c.call.origin;
  if (c.record) {
    commit.call = c.record->id;
    return commit;
  }
  const ClientProfile* client = flow::client_of(c.frozen.role);
  commit.new_call = NewCall{.call_sid = c.call.call_sid,
                            .caller = c.call.caller,
                            .number_text = c.call.number ? c.call.number->text() : c.call.number_text,
                            .role = name_of_role(c.frozen.role),
                            .role_source = c.frozen.source,
                            .client = client ? std::optional(client->id) : std::nullopt,
                            .origin = c.call.origin,
                            .forwarded_from = c.call.forwarded_from};
  commit.deadline = now + around.policy.call_length_max + around.policy.outcome_deadline;
  if (std::holds_alternative<flow::Onboarding>(c.frozen.role)) {
    commit.counts.push_back({Metric::voice_onboarding_number_called, {}});
    commit.logs.push_back(log_line(LogLevel::error, "ONBOARDING NUMBER CALLED", c.call));
  }
  return commit;
}

flow::Situation situation_of(const Case& c, const Surroundings& around, FactReader& facts, Instant now) {
  const std::optional<E164> caller = c.call.caller.number();
  flow::Situation s{.cause = c.call.call_sid.text(),
                    .caller = c.call.caller,
                    .number = c.call.number,
                    .forwarded_from = c.call.forwarded_from,
                    .origin = c.call.origin,
                    .is_inbound_parent = c.call.is_inbound_parent,
                    .heard = c.record ? c.record->greeting : Greeting::none,
                    .now = now};
  if (!caller || is_canary(c.call) || std::holds_alternative<flow::Onboarding>(c.frozen.role)) return s;

  s.caller_is_ours = around.directory.is_ours(*caller);
  flow::gather_facts(s, c.frozen.role, {facts, around.numbering_plan, around.policy, around.time_zones}, now);
  return s;
}

/// A canary is stopped by nobody's limits, and leaves by the account that it is to prove.
const flow::Policy& policy_for(const CallDetails& call, const flow::Policy& policy, flow::Policy& free) {
  if (!is_canary(call)) return policy;
  free.failsafe_sender = policy.failsafe_sender;
  return free;
}

// --- the plan, written into the Commit ------------------------------------------------------------

struct WriteAfterCall {
  Commit& commit;

  void operator()(flow::BelongsToParent&&) const { commit.is_ignored = true; }
  void operator()(flow::Answered&&) const { commit.outcome = OutcomeChange{Outcome::answered, std::nullopt}; }
  void operator()(flow::CustomerIntakeText&& after) const {
    commit.text = std::move(after.text);
    commit.contact = after.contact;
    commit.alerts = std::move(after.alerts);
  }
  void operator()(flow::FailSafeText&& after) const {
    commit.text = std::move(after.text);
    commit.alerts = std::move(after.alerts);
  }
  void operator()(flow::Suppressed&& after) const {
    commit.outcome = OutcomeChange{Outcome::suppressed, after.leans_on};
    commit.contact = after.contact;
    commit.alerts = std::move(after.alerts);
  }
  void operator()(flow::NoText&& after) const {
    if (after.spoken) commit.outcome = OutcomeChange{Outcome::spoken, std::nullopt};
    commit.contact = after.contact;
    commit.alerts = std::move(after.alerts);
  }
};

/// Counts and logs the flow that was taken, per role.
struct ReportFlow {
  Commit& commit;
  const CallDetails& call;
  CallStatus status;
  AfterCallRow row;

  void operator()(const flow::Operational& role) const {
    if (!role.client) {
      commit.counts.push_back({Metric::voice_operational_no_client, {}});
      report(LogLevel::critical, "OPERATIONAL WITHOUT CLIENT: served by the fail-safe text");
      return;
    }
    commit.counts.push_back({Metric::voice_customer_intake, {}});
    report(LogLevel::info, "customer intake");
  }
  void operator()(const flow::Onboarding&) const { report(LogLevel::info, "onboarding number: call ended"); }
  void operator()(const flow::System& role) const {
    commit.counts.push_back(
        {Metric::voice_system_failsafe_intake, {role.is_known ? "true" : "false", name_of(status)}});
    report(LogLevel::warning, "SYSTEM FAILSAFE");
  }

 private:
  void report(LogLevel level, std::string message) const {
    LogLine line = log_line(level, std::move(message), call);
    line.fields.push_back({"call_status", std::string(name_of(status))});
    line.fields.push_back({"row", std::string(name_of(row))});
    commit.logs.push_back(std::move(line));
  }
};

/// The operator is told that webhooks were lost: once for all that one sweep finds.
void report_found(Commit& commit, const Case& c) {
  constexpr Duration gathered_for{10'000};
  constexpr Duration told_at_most_every{10 * 60'000};
  AlertRequest alert = operator_alert(AlertKind::sweep_found, Severity::warning, "calls");
  alert.at_most_every = told_at_most_every;
  alert.delay = gathered_for;
  alert.call_sid = c.call.call_sid.text();
  alert.caller = c.call.caller.text();
  alert.number = c.call.number ? c.call.number->text() : c.call.number_text;
  alert.summary =
      "The sweep found ended calls of which no webhook had told, as that to " + alert.number +
      "; they are served now. Was the service down? Else see why webhooks are lost: the carrier's debugger, the "
      "numbers' webhook URLs.";
  commit.alerts.push_back(std::move(alert));
  commit.counts.push_back({Metric::sweep_calls_found, {}});
  commit.logs.push_back(log_line(LogLevel::warning, "the sweep found an ended call", c.call));
}

void end_call(Commit& commit, const Case& c, const CallStatusChange& event, const Surroundings& around,
              FactReader& facts, Instant now) {
  const CallStatus status = event.status;
  flow::Situation situation = situation_of(c, around, facts, now);
  situation.person_took_call = event.person_took_call;
  situation.ended_at = event.at;
  flow::Policy free;
  const flow::Policy& policy = policy_for(c.call, around.policy, free);
  const AfterCallRow row = flow::classify(c.frozen.role, situation, policy);
  commit.ended = CallEnd{status, row};
  commit.deadline = now + around.policy.outcome_deadline;
  std::visit(WriteAfterCall{commit}, flow::decide_after_call(status, c.frozen.role, situation, policy));
  commit.counts.push_back({Metric::calls_ended, {name_of(name_of_role(c.frozen.role)), name_of(row)}});
  std::visit(ReportFlow{commit, c.call, status, row}, c.frozen.role);
  if (c.call.origin == Origin::sweep) report_found(commit, c);
  for (const AlertRequest& alert : commit.alerts) {
    commit.counts.push_back({Metric::alerts_raised, {name_of(alert.kind)}});
  }
  if (commit.text) commit.counts.push_back({Metric::texts_promised, {name_of(commit.text->id.purpose)}});
}

/// A canary goes the way of a call to a number that nobody registered, and is nobody's business: no count, no
/// alert, no deadline.
void keep_out_of_business(Commit& commit, const Case& c) {
  if (!is_canary(c.call)) return;
  commit.deadline.reset();
  commit.alerts.clear();
  commit.counts.clear();
  commit.logs.clear();
  if (commit.text) commit.text->id.purpose = Purpose::canary;
}

Commit duplicate() {
  Commit commit;
  commit.is_duplicate = true;
  commit.counts.push_back({Metric::events_duplicate, {}});
  return commit;
}

Commit child_leg() {
  Commit commit;
  commit.is_ignored = true;
  commit.counts.push_back({Metric::events_ignored, {}});
  return commit;
}

}  // namespace

Commit decide(const IncomingCall& event, const Surroundings& around, FactReader& facts, Instant now) {
  if (!event.call.is_inbound_parent) return child_leg();
  const Case c = open_case(event.call, around, facts);
  if (c.record && c.record->greeting != Greeting::none) {
    seen(RarePath::voice_repeated);
    Commit commit = duplicate();
    commit.answer = flow::repeat_greeting(c.frozen.role, c.record->greeting);
    return commit;
  }
  if (c.record && c.record->final_status) seen(RarePath::voice_after_end);
  Commit commit = begin_commit(c, event_key(event), around, now);
  flow::Policy free;
  commit.answer =
      flow::greet(c.frozen.role, situation_of(c, around, facts, now), policy_for(c.call, around.policy, free));
  commit.greeting = commit.answer->greeting;
  commit.logs.push_back(log_line(LogLevel::info, "call came in", c.call));
  keep_out_of_business(commit, c);
  return commit;
}

std::optional<VoiceAnswer> answer_without_facts(const IncomingCall& event, const directory::Snapshot& directory) {
  if (!event.call.is_inbound_parent) return std::nullopt;
  return flow::greet_without_facts(role_from_directory(event.call, directory).role);
}

Commit decide(const CallStatusChange& event, const Surroundings& around, FactReader& facts, Instant now) {
  if (!event.call.is_inbound_parent) return child_leg();
  const Case c = open_case(event.call, around, facts);
  std::string key = event_key(event);
  if (c.record && facts.has_event(c.record->id, key)) return duplicate();

  Commit commit = begin_commit(c, std::move(key), around, now);
  const bool already_ended = c.record && c.record->final_status;
  if (is_final(event.status) && already_ended) seen(RarePath::second_final_status);
  if (is_final(event.status) && !already_ended) end_call(commit, c, event, around, facts, now);
  keep_out_of_business(commit, c);
  return commit;
}

}  // namespace jobrun::voice
