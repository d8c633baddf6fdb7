#include "voice/decide.hpp"

#include <utility>

#include "base/rare_path.hpp"
#include "flow/facts.hpp"
#include "flow/ring.hpp"

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
  if (!call.forwarded_from) call.forwarded_from = record.forwarded_from;
  if (call.verification == CallerVerification::unknown) call.verification = record.verification;
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
                            .forwarded_from = c.call.forwarded_from,
                            .verification = c.call.verification};
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
                    .has_rung = c.record && c.record->rung_at,
                    .message = c.record ? c.record->message : std::nullopt,
                    .verification = c.call.verification,
                    .heard = c.record ? c.record->greeting : Greeting::none,
                    .now = now};
  for (const E164 phone : flow::phones_to_ring(c.frozen.role)) {
    if (around.directory.is_ours(phone)) s.own_ring_phones.push_back(phone);
  }
  if (is_canary(c.call) || std::holds_alternative<flow::Onboarding>(c.frozen.role)) return s;

  s.caller_is_ours = caller && around.directory.is_ours(*caller);
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

/// Where we rang phones ourselves, a leg that was picked up says nothing: only who pressed 1 has taken the call.
/// He cannot have been connected to one that the carrier never took for answered.
bool is_taken(const Case& c, const CallStatusChange& event) {
  if (!c.record || !c.record->rung_at) return event.person_took_call || (c.record && c.record->taken_by);
  return c.record->taken_by.has_value() && event.status == CallStatus::completed;
}

void end_call(Commit& commit, const Case& c, const CallStatusChange& event, const Surroundings& around,
              FactReader& facts, Instant now) {
  const CallStatus status = event.status;
  flow::Situation situation = situation_of(c, around, facts, now);
  situation.person_took_call = is_taken(c, event);
  situation.ended_at = event.at;
  flow::Policy free;
  const flow::Policy& policy = policy_for(c.call, around.policy, free);
  const AfterCallRow row = flow::classify(c.frozen.role, situation, policy);
  commit.ended = CallEnd{status, row};
  commit.deadline = now + around.policy.outcome_deadline;
  std::visit(WriteAfterCall{commit}, flow::decide_after_call(status, c.frozen.role, situation, policy));
  commit.counts.push_back({Metric::calls_ended, {name_of(name_of_role(c.frozen.role)), name_of(row)}});
  std::visit(ReportFlow{commit, c.call, status, row}, c.frozen.role);
  if (commit.text) commit.logs.back().fields.push_back({"promised", commit.text->id.text()});
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

/// What the webhooks that follow are about.
VoiceAnswer about(const Case& c, VoiceAnswer answer) {
  answer.call_sid = c.call.call_sid.text();
  answer.number = c.call.number;
  return answer;
}

/// The phones that ring next or, where none does, the greeting: the one that was served, if one was.
struct NextAnswer {
  VoiceAnswer answer;
  std::optional<AlertRequest> alert{};
};

NextAnswer next_answer(const Case& c, std::size_t phones_behind, const Surroundings& around, FactReader& facts,
                       Instant now) {
  const flow::Role& role = c.frozen.role;
  flow::Situation situation = situation_of(c, around, facts, now);
  if (c.record && c.record->greeting != Greeting::none) {
    return {about(c, flow::repeat_greeting(role, c.record->greeting, situation))};
  }
  if (phones_behind == 0 && c.call.number && !flow::phones_to_ring(role).empty()) {
    situation.calls_rung_of_late =
        facts.calls_rung_since(c.call.caller, *c.call.number, now - around.policy.ring_loop_window);
  }
  flow::Ringing ringing = flow::ring_next(role, situation, phones_behind, around.policy);
  if (ringing.phones) return {about(c, VoiceAnswer{.then = std::move(*ringing.phones)})};
  flow::Policy free;
  NextAnswer next{about(c, flow::greet(role, situation, policy_for(c.call, around.policy, free)))};
  if (ringing.is_loop) next.alert = flow::ring_loop_alert(role, situation);
  return next;
}

/// What the answer does to the call. A greeting counts as served only to who is still there.
void write_answer(Commit& commit, const Case& c, NextAnswer next, bool caller_has_left) {
  commit.rings = std::holds_alternative<RingPhones>(next.answer.then);
  commit.longer = flow::longer_than_others(c.frozen.role, next.answer);
  if (next.answer.greeting != Greeting::none && !caller_has_left) commit.greeting = next.answer.greeting;
  if (next.alert) {
    commit.counts.push_back({Metric::alerts_raised, {name_of(next.alert->kind)}});
    commit.alerts.push_back(std::move(*next.alert));
  }
  commit.answer = std::move(next.answer);
}

Commit answered_again(VoiceAnswer answer) {
  Commit commit = duplicate();
  commit.answer = std::move(answer);
  return commit;
}

flow::Situation situation_of_message(const Case& c, Instant now) {
  return {.cause = c.call.call_sid.text(),
          .caller = c.call.caller,
          .number = c.call.number,
          .verification = c.call.verification,
          .now = now};
}

/// Told at once where the call has ended; else with its end.
void tell_of_recording(Commit& commit, const Case& c, const RecordingNews& event, Instant now) {
  const flow::Situation situation = situation_of_message(c, now);
  const bool has_ended = c.record && c.record->final_status;
  if (event.step == RecordingStep::transcribed) {
    if (event.transcription.empty()) return;
    commit.alerts.push_back(flow::tell_of_transcription(c.frozen.role, situation, event.transcription));
  } else if (has_ended) {
    commit.alerts.push_back(flow::tell_of_message(c.frozen.role, situation, {event.url, event.duration}));
  }
  for (const AlertRequest& alert : commit.alerts) {
    commit.counts.push_back({Metric::alerts_raised, {name_of(alert.kind)}});
  }
}

}  // namespace

Commit decide(const IncomingCall& event, const Surroundings& around, FactReader& facts, Instant now) {
  if (!event.call.is_inbound_parent) return child_leg();
  const Case c = open_case(event.call, around, facts);
  const bool was_rung = c.record && c.record->rung_at && facts.has_event(c.record->id, event_key(event));
  if (c.record && (c.record->greeting != Greeting::none || was_rung)) {
    seen(RarePath::voice_repeated);
    return answered_again(next_answer(c, 0, around, facts, now).answer);
  }
  if (c.record && c.record->final_status) seen(RarePath::voice_after_end);
  Commit commit = begin_commit(c, event_key(event), around, now);
  write_answer(commit, c, next_answer(c, 0, around, facts, now), false);
  const bool has_ended = c.record && c.record->final_status;
  if (commit.longer > Duration{0} && !has_ended) {
    commit.deadline = now + around.policy.call_length_max + commit.longer + around.policy.outcome_deadline;
  }
  commit.logs.push_back(
      log_line(LogLevel::info, commit.rings ? "call came in: phones ring" : "call came in", c.call));
  keep_out_of_business(commit, c);
  return commit;
}

Commit decide(const PhonePickedUp& event, const Surroundings& around, FactReader& facts, Instant now) {
  const Case c = open_case(event.call, around, facts);
  std::string key = event_key(event);
  VoiceAnswer answer = about(c, flow::ask_to_accept(c.frozen.role));
  if (c.record && facts.has_event(c.record->id, key)) return answered_again(std::move(answer));
  Commit commit = begin_commit(c, std::move(key), around, now);
  commit.rings = true;
  commit.answer = std::move(answer);
  return commit;
}

Commit decide(const PhoneAnswered& event, const Surroundings& around, FactReader& facts, Instant now) {
  const Case c = open_case(event.call, around, facts);
  std::string key = event_key(event);
  VoiceAnswer answer =
      event.is_accepted ? about(c, VoiceAnswer{.then = Connect{}}) : flow::say_goodbye(c.frozen.role);
  if (c.record && facts.has_event(c.record->id, key)) return answered_again(std::move(answer));
  Commit commit = begin_commit(c, std::move(key), around, now);
  commit.rings = true;
  commit.answer = std::move(answer);
  if (!event.is_accepted) return commit;
  commit.acceptance = Acceptance{event.leg};
  commit.logs.push_back(log_line(LogLevel::info, "a person takes the call", c.call));
  return commit;
}

Commit decide(const RingEnd& event, const Surroundings& around, FactReader& facts, Instant now) {
  if (!event.call.is_inbound_parent) return child_leg();
  const Case c = open_case(event.call, around, facts);
  std::string key = event_key(event);
  const bool was_accepted = c.record && c.record->taken_by;
  const bool is_answered = was_accepted && event.status == RingStatus::completed && event.is_bridged;
  const auto next = [&]() -> NextAnswer {
    if (is_answered) return {about(c, VoiceAnswer{})};
    return next_answer(c, event.phones_behind, around, facts, now);
  };
  if (c.record && facts.has_event(c.record->id, key)) return answered_again(next().answer);
  Commit commit = begin_commit(c, std::move(key), around, now);
  const bool has_ended = c.record && c.record->final_status;
  if (was_accepted && !is_answered && !has_ended) {
    commit.acceptance = Acceptance{};
    commit.deadline =
        now + around.policy.call_length_max + flow::longest_of_all() + around.policy.outcome_deadline;
  }
  write_answer(commit, c, next(), event.caller_has_left);
  commit.rings = true;
  return commit;
}

Commit decide(const RecordingNews& event, const Surroundings& around, FactReader& facts, Instant now) {
  if (!event.call.is_inbound_parent) return child_leg();
  const Case c = open_case(event.call, around, facts);
  std::string key = event_key(event);
  std::optional<VoiceAnswer> answer;
  if (event.step == RecordingStep::left) answer = flow::thank_for_message(c.frozen.role);
  Commit commit;
  if (c.record && facts.has_event(c.record->id, key)) {
    commit = duplicate();
  } else if (!c.record && !facts.are_records_known()) {
    // The call came in before the store was lost, and only the store knows whose it is.
    commit.is_ignored = true;
    commit.is_left_open = true;
  } else {
    commit = begin_commit(c, std::move(key), around, now);
    if (event.step != RecordingStep::failed) {
      commit.recording = Recording{event.recording_sid, event.url, event.duration, event.transcription};
      tell_of_recording(commit, c, event, now);
    }
  }
  commit.answer = std::move(answer);
  return commit;
}

std::optional<VoiceAnswer> answer_without_facts(const Event& event, const directory::Snapshot& directory) {
  const CallDetails* call = find_call_details(event);
  if (call == nullptr || !call->is_inbound_parent) return std::nullopt;
  const Case c{*call, std::nullopt, role_from_directory(*call, directory)};
  const flow::Role& role = c.frozen.role;
  if (std::holds_alternative<IncomingCall>(event) || std::holds_alternative<RingEnd>(event)) {
    return flow::greet_without_facts(role);
  }
  if (std::holds_alternative<PhonePickedUp>(event)) return about(c, flow::ask_to_accept(role));
  if (const auto* answered = std::get_if<PhoneAnswered>(&event)) {
    return answered->is_accepted ? VoiceAnswer{.then = Connect{}} : flow::say_goodbye(role);
  }
  const auto* news = std::get_if<RecordingNews>(&event);
  if (news != nullptr && news->step == RecordingStep::left) return flow::thank_for_message(role);
  return std::nullopt;
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
