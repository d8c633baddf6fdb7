#include "texting/sign_up.hpp"

#include <utility>

#include "answering.hpp"
#include "base/rare_path.hpp"
#include "sign_up_codec.hpp"
#include "sign_up_text.hpp"

namespace jobrun::texting {
namespace {

using onboarding::Attention;
using onboarding::State;
using onboarding::Step;
using onboarding::Turn;

constexpr Duration attention_at_most_every = std::chrono::minutes{10};
constexpr Duration stuck_at_most_every = std::chrono::hours{20};

/// One owner, where his replies leave from, and what may be asked.
struct Owner {
  E164 phone;
  E164 number;  ///< the sign-up number
  const Surroundings& around;
  FactReader& facts;
  Instant now;
  /// The operator has let him in, and whoever looks after that has not come to it yet: then it is still to be
  /// done.
  std::optional<Instant> approved_at;
};

AlertRequest alert_about(const Owner& owner, AlertKind kind, Severity severity, std::string group,
                         std::string words) {
  AlertRequest alert = operator_alert(kind, severity, std::move(group),
                                      std::move(words) + " See: jobrun onboarding show " + owner.phone.text());
  alert.caller = owner.phone.text();
  alert.number = owner.number.text();
  alert.at_most_every = attention_at_most_every;
  return alert;
}

AlertRequest alert_about(const Owner& owner, const State& state, Attention attention) {
  std::string words = words_for_operator(state, attention);
  if (attention == Attention::pool_empty) {
    words += " Run: jobrun numbers add NUMBER --available";
    return alert_about(owner, AlertKind::number_pool_empty, Severity::critical, "pool", std::move(words));
  }
  if (attention == Attention::approval_needed) words += " Run: jobrun onboarding approve " + owner.phone.text();
  return alert_about(owner, AlertKind::onboarding_attention, Severity::warning,
                     owner.phone.text() + " " + std::string(name_of(attention)), std::move(words));
}

AlertRequest stuck_alert(const Owner& owner, const State& state) {
  const std::string step(name_of(state.step));
  AlertRequest alert =
      alert_about(owner, AlertKind::onboarding_stuck, Severity::warning, owner.phone.text() + " " + step,
                  "An owner has not come further than " + step + " in signing up, since " +
                      to_iso8601(state.step_since) + ".");
  alert.at_most_every = stuck_at_most_every;
  return alert;
}

onboarding::Facts facts_for(const Owner& owner, const std::optional<State>& state) {
  onboarding::Facts known{
      .now = owner.now,
      .activation = owner.around.sign_up.activation,
      .is_invite_code = [&codes = owner.around.sign_up.invite_codes](
                            std::string_view code) { return codes.contains(std::string(code)); },
      .test_call = {}};
  if (!state || !state->number) return known;
  const Instant since = state->number_since.value_or(state->step_since);
  if (const std::optional<CallToNumber> call = owner.facts.call_to_number(*state->number, since)) {
    using Kind = onboarding::TestCall::Kind;
    known.test_call = {call->was_forwarded ? Kind::forwarded : Kind::direct, call->at};
  }
  return known;
}

/// A business as its owner has described it.
ClientProfile profile_of(const State& state) {
  ClientProfile profile;
  profile.name = state.answers.business_name;
  profile.owner_phone = state.owner;
  profile.alert_by = state.answers.alert_by.value_or(AlertBy::text);
  profile.owner_email = state.answers.email;
  if (profile.owner_email.empty()) profile.alert_by = AlertBy::text;
  profile.awaits_test_call = state.step != Step::live;
  return profile;
}

/// What an operator has set for a client stays as it is.
ClientProfile profile_of(const State& state, const directory::Snapshot& directory) {
  const ClientProfile told = profile_of(state);
  const ClientProfile* known = state.client ? directory.client(*state.client) : nullptr;
  if (known == nullptr) return told;
  ClientProfile profile = *known;
  profile.name = told.name;
  profile.alert_by = told.alert_by;
  profile.owner_email = told.owner_email;
  profile.awaits_test_call = told.awaits_test_call;
  return profile;
}

/// Fulfils the turn's wishes in the same transaction. Returns what the owner is told.
std::string keep(Commit& commit, const Owner& owner, const std::optional<State>& before, Turn turn) {
  if (turn.wants.number) {
    const std::optional<E164> number = owner.facts.available_number(*turn.wants.number);
    if (!number) seen(RarePath::pool_is_empty);
    const std::optional<Attention> attention = turn.wants.attention;
    turn = onboarding::number_found(turn.next, number, owner.now);
    if (attention && !turn.wants.attention) turn.wants.attention = attention;
  }
  const State& next = turn.next;
  OnboardingChange change{.record = record_of({next, owner.number}, owner.now), .profile = {}, .takes = {}};
  if (owner.approved_at) change.record.approved_at = change.record.due_at = owner.approved_at;
  if (next.number && (!before || !before->number)) change.takes = next.number;
  const bool is_described_anew = next.client && (turn.wants.profile || turn.wants.go_live);
  if (change.takes || is_described_anew) change.profile = profile_of(next, owner.around.directory);
  commit.onboarding = std::move(change);
  if (turn.wants.attention) commit.alerts.push_back(alert_about(owner, next, *turn.wants.attention));
  if (turn.wants.go_live) commit.counts.push_back({Metric::onboarding_live, {}});
  return std::move(turn.reply);
}

void say(Commit& commit, const Answering& to, std::string words) {
  if (words.empty()) return;
  commit.text = to.text(Purpose::onboarding, std::move(words));
  commit.counts.push_back({Metric::texts_promised, {name_of(Purpose::onboarding)}});
}

void tell_unreadable(Commit& commit, const Owner& owner) {
  commit.alerts.push_back(
      alert_about(owner, AlertKind::onboarding_attention, Severity::critical, owner.phone.text() + " unreadable",
                  "What is kept of an owner who is signing up cannot be read: he is answered nothing."));
}

/// Somebody has to know that he waits for an answer which he does not get.
void tell_unanswered(Commit& commit, const Owner& owner, AfterCallRow row) {
  const std::string why(name_of(row));
  commit.alerts.push_back(alert_about(owner, AlertKind::onboarding_attention, Severity::warning,
                                      owner.phone.text() + " " + why,
                                      "An owner who is signing up cannot be answered: " + why + "."));
}

/// What his text makes of the sign-up: a word by which he leaves or returns, or an answer.
Turn turn_of(const InboundText& text, TakenAs taken_as, const Owner& owner, const std::optional<State>& before) {
  if (taken_as == TakenAs::opt_in && before) return onboarding::start(*before, owner.now);
  return onboarding::take(before, owner.phone, text.body, facts_for(owner, before));
}

/// The nudge's turn; empty: it has come to nothing meanwhile.
std::optional<Turn> turn_of(Nudge nudge, const State& state, const Owner& owner) {
  switch (nudge) {
    case Nudge::number_arrived: {
      if (!onboarding::is_waiting_for_number(state)) return std::nullopt;
      const std::optional<E164> number = owner.facts.available_number(onboarding::preferred_area(state));
      if (!number) return std::nullopt;
      return onboarding::number_found(state, number, owner.now);
    }
    case Nudge::approved:
      return onboarding::approve(state, owner.now);
    case Nudge::time_passed:
      return onboarding::remind(state, owner.now).value_or(Turn{state, {}, {}});
  }
  return std::nullopt;
}

}  // namespace

void take_sign_up_text(Commit& commit, const InboundText& text, E164 phone, const Surroundings& around,
                       FactReader& facts, Instant now) {
  if (!facts.are_records_known()) {
    commit.is_left_open = true;
    return;
  }
  const std::optional<OnboardingRecord> record = facts.find_onboarding(phone);
  const Owner owner{phone, *text.number, around, facts, now, record ? record->approved_at : std::nullopt};
  const std::optional<SignUp> known = record ? sign_up_of(*record) : std::nullopt;
  if (record && !known) return tell_unreadable(commit, owner);
  const std::optional<State> before = known ? std::optional(known->state) : std::nullopt;
  const TakenAs taken_as = commit.inbound->taken_as;
  if (taken_as == TakenAs::opt_out) {
    if (before) keep(commit, owner, before, {onboarding::stop(*before, now), {}, {}});
    return;
  }
  Answering to = answering({text.message_sid, text.sender, text.number, {}}, true, around, facts, now);
  // That he wants texts again is written by this very commit.
  if (taken_as == TakenAs::opt_in) to.situation.facts.opted_out = false;
  const AfterCallRow row = to.row();
  if (row == AfterCallRow::opted_out) return;
  if (row != AfterCallRow::failsafe) return tell_unanswered(commit, owner, row);
  say(commit, to, keep(commit, owner, before, turn_of(text, taken_as, owner, before)));
}

std::optional<Commit> move_on(E164 owner_phone, Nudge nudge, const Surroundings& around, FactReader& facts,
                              Instant now) {
  const std::optional<OnboardingRecord> record = facts.find_onboarding(owner_phone);
  const std::optional<SignUp> known = record ? sign_up_of(*record) : std::nullopt;
  if (!known) return std::nullopt;
  const auto approved_at = nudge == Nudge::approved ? std::nullopt : record->approved_at;
  const Owner owner{owner_phone, known->number, around, facts, now, approved_at};
  std::optional<Turn> turn = turn_of(nudge, known->state, owner);
  if (!turn) return std::nullopt;
  const std::string cause =
      "signup-" + std::to_string(owner_phone.digits()) + "-" + std::to_string(to_unix_ms(now));
  Answering to =
      answering({cause, Caller::parse(owner_phone.text()), known->number, {}}, true, around, facts, now);
  Commit commit;
  commit.origin = nudge == Nudge::time_passed ? Origin::time : Origin::command;
  if (nudge == Nudge::time_passed && is_stuck(known->state, now) && !needs_person(known->state)) {
    commit.alerts.push_back(stuck_alert(owner, known->state));
  }
  const AfterCallRow row = to.row();
  std::string words = keep(commit, owner, known->state, *std::move(turn));
  // Who cannot be texted keeps what he has got.
  if (row == AfterCallRow::failsafe) {
    say(commit, to, std::move(words));
    if (commit.text) commit.text->origin = commit.origin;
  } else if (!words.empty() && row != AfterCallRow::opted_out) {
    tell_unanswered(commit, owner, row);
  }
  return commit;
}

std::optional<SignUpView> view_of(const OnboardingRecord& record, Instant now) {
  const std::optional<SignUp> known = sign_up_of(record);
  if (!known) return std::nullopt;
  const State& state = known->state;
  return SignUpView{.owner_phone = state.owner.text(),
                    .step = record.step,
                    .step_since = to_iso8601(state.step_since),
                    .last_text_at = to_iso8601(state.last_text_at),
                    .business_name = state.answers.business_name,
                    .owner_name = state.answers.owner_name,
                    .place = state.answers.place,
                    .number = state.number ? state.number->text() : "",
                    .client = state.client,
                    .is_waiting_for_number = is_waiting_for_number(state),
                    .is_waiting_for_approval = is_waiting_for_approval(state),
                    .is_handed_over = state.is_handed_over,
                    .is_stopped = state.is_stopped,
                    .is_stuck = is_stuck(state, now)};
}

}  // namespace jobrun::texting
