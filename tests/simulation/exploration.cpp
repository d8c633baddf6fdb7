#include "exploration.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "exploration_memo.hpp"
#include "exploration_rules.hpp"
#include "next_step.hpp"
#include "outbox/policy.hpp"
#include "voice/decide.hpp"

namespace jobrun::exploration {
namespace {

struct EverybodyInTheUs final : NumberingPlan {
  std::string country_of(E164) override { return "US"; }
  bool is_landline(E164) override { return false; }
};

struct AlwaysLeast final : Random {
  std::uint64_t below(std::uint64_t) override { return 0; }
};

struct NamedAnswer {
  std::string name;
  SendAnswer answer;
};

Refused refused(Refused::Because because, int http_status, int code) {
  Refused answer;
  answer.because = because;
  answer.http_status = http_status;
  answer.code = code;
  return answer;
}

std::vector<NamedAnswer> all_answers() {
  using Because = Refused::Because;
  Refused opted_out = refused(Because::recipient, 400, 21610);
  opted_out.learned = PhoneFact::opted_out;
  return {{"accepted", Accepted{"SM00000000000000000000000000000001"}},
          {"refused, later", refused(Because::later, 429, 20429)},
          {"refused, sender", refused(Because::sender, 400, 21606)},
          {"refused, recipient", opted_out},
          {"refused, credentials", refused(Because::credentials, 401, 20003)},
          {"refused, other", refused(Because::other, 400, 21617)},
          {"not sent", NotSent{"connection refused"}},
          {"unknown", Unknown{"reset after the request was written"}}};
}

/// The text may be with the caller once it was answered so.
struct MayHaveArrived {
  bool operator()(const Accepted&) const { return true; }
  bool operator()(const Unknown&) const { return true; }
  bool operator()(const Refused&) const { return false; }
  bool operator()(const NotSent&) const { return false; }
};

struct Step {
  enum class Kind : std::uint8_t {
    deliver,
    change_directory,
    mark_started,
    give_up_as_too_late,
    record_answer,
    crash,
    accept_alert,
    pass_deadline,
    // These leave the journal alone:
    write_request,
    answer,
  };
  Kind kind = Kind::deliver;
  Place which = 0;  ///< letter, directory, answer, alert or call
};

constexpr std::size_t kinds_that_change_journals = 8;
constexpr std::size_t steps_of_a_kind_max = 10;
constexpr std::uint32_t not_worked_out = 0xFFFFFFFF;

/// A second text is a broken rule, so the text under way is the only one.
constexpr Place only_text = 0;

/// The dispatcher's memory of the text under way; lost in a crash.
enum class Sending : std::uint8_t { nothing, started, requested, answered };

struct State {
  std::uint32_t journal = 0;
  std::uint8_t webhooks = 0;
  std::uint8_t crashes = 0;
  std::uint8_t answers = 0;
  Sending sending = Sending::nothing;
  Place answer = 0;  ///< when answered
  /// What no part of the service knows.
  std::uint8_t may_have_arrived = 0;

  std::uint64_t packed() const {
    std::uint64_t all = journal;
    for (const std::uint64_t part :
         {std::uint64_t{webhooks}, std::uint64_t{crashes}, std::uint64_t{answers},
          static_cast<std::uint64_t>(sending), std::uint64_t{answer}, std::uint64_t{may_have_arrived}}) {
      all = all << 4U | part;
    }
    return all;
  }
};

class Explorer {
 public:
  Explorer(const World& world, const Limits& limits, const Sabotage& sabotage)
      : world_(world), limits_(limits), sabotage_(sabotage) {}

  Findings explore();

 private:
  struct Node {
    State state;
    std::uint32_t parent = 0;
    Step step;
  };

  void expand(std::uint32_t node);
  bool work_on_texts(const State& state);
  bool accept_alerts(const State& state);
  void let_time_pass(const State& state);

  void take(Step step, State to);
  void take_on_journal(Step step, State to);
  std::uint32_t changed(std::uint32_t journal, Step step);
  void change(Journal& journal, Step step);
  void deliver(Journal& journal, const Letter& letter);
  outbox::NextStep next_step(const Journal& journal, Place answer);
  std::uint32_t keep(const Journal& journal);
  void note(const Journal& journal);

  void check_start(const Journal& journal);
  void check_request(const State& state);
  std::string describe(Step step) const;
  void tell_story(const char* rule);

  const World& world_;
  const Limits& limits_;
  const Sabotage& sabotage_;
  const std::vector<NamedAnswer> answers_ = all_answers();
  EverybodyInTheUs plan_;
  AlwaysLeast random_;
  Library library_;
  std::deque<Journal> journals_;
  std::unordered_map<std::string, std::uint32_t> place_of_journal_;
  std::vector<std::uint32_t> changes_;  ///< journals, in rows by the journal and the step that led there
  std::vector<Node> nodes_;
  Memo known_;              ///< nodes by their packed states
  std::uint32_t from_ = 0;  ///< the node that is being expanded
  Step taking_;             ///< the step that is being taken
  Findings findings_;
};

Findings Explorer::explore() {
  try {
    nodes_.push_back({State{.journal = keep(an_empty_journal(world_.constants))}, 0, {}});
    known_.try_emplace(nodes_.front().state.packed(), 0);
    for (from_ = 0; from_ < nodes_.size(); ++from_) expand(from_);
  } catch (const RuleBroken& broken) {
    tell_story(broken.what());
  }
  findings_.states = nodes_.size();
  findings_.journals = journals_.size();
  return std::move(findings_);
}

void Explorer::expand(std::uint32_t node) {
  const State state = nodes_[node].state;
  const bool is_busy = work_on_texts(state);
  const bool is_telling = accept_alerts(state);
  if (!is_busy && !is_telling) check_rest(journals_[state.journal], state.answers == limits_.answers);
  let_time_pass(state);

  if (state.crashes < limits_.crashes) {
    State to = state;
    ++to.crashes;
    to.may_have_arrived |= state.sending == Sending::requested ? 1 : 0;
    to.sending = Sending::nothing;
    to.answer = 0;
    take_on_journal({Step::Kind::crash, 0}, to);
  }
  if (state.webhooks < limits_.webhooks) {
    State to = state;
    ++to.webhooks;
    for (Place letter = 0; letter < world_.letters.size(); ++letter) {
      take_on_journal({Step::Kind::deliver, letter}, to);
    }
  }
  // Before the first webhook it would be another world; after the second change nothing new would be frozen.
  const Journal& journal = journals_[state.journal];
  if (state.webhooks == 0 || journal.directory != 0) return;
  for (Place directory = 1; directory < world_.directories.size(); ++directory) {
    take_on_journal({Step::Kind::change_directory, directory}, state);
  }
}

/// What the dispatcher does next, and what the carrier may answer. False when there is nothing to do.
bool Explorer::work_on_texts(const State& state) {
  State to = state;
  switch (state.sending) {
    case Sending::nothing: {
      const Journal& journal = journals_[state.journal];
      const auto promised = std::ranges::find(journal.texts, TextState::promised, &TextInJournal::state);
      if (promised == journal.texts.end() || state.answers == limits_.answers) return false;
      to.sending = Sending::started;
      take_on_journal({Step::Kind::mark_started, 0}, to);
      return true;
    }
    case Sending::started:
      to.sending = Sending::requested;
      take({Step::Kind::write_request, 0}, to);
      return true;
    case Sending::requested:
      to.sending = Sending::answered;
      ++to.answers;
      for (to.answer = 0; to.answer < answers_.size(); ++to.answer) {
        const bool may = std::visit(MayHaveArrived{}, answers_[to.answer].answer);
        to.may_have_arrived = state.may_have_arrived | (may ? 1 : 0);
        take({Step::Kind::answer, to.answer}, to);
      }
      return true;
    case Sending::answered:
      to.sending = Sending::nothing;
      to.answer = 0;
      take_on_journal({Step::Kind::record_answer, state.answer}, to);
      return true;
  }
  return false;
}

/// An alert that escalates nothing changes nothing when a channel accepts it.
bool Explorer::accept_alerts(const State& state) {
  const Few<AlertInJournal, 8> alerts = journals_[state.journal].alerts;
  bool is_telling = false;
  for (Place alert = 0; alert < alerts.size(); ++alert) {
    if (!alerts[alert].escalates || alerts[alert].is_accepted) continue;
    is_telling = true;
    take_on_journal({Step::Kind::accept_alert, alert}, state);
  }
  return is_telling;
}

void Explorer::let_time_pass(const State& state) {
  const Few<CallInJournal, 2> calls = journals_[state.journal].calls;
  const Few<TextInJournal, 3> texts = journals_[state.journal].texts;
  for (Place call = 0; call < calls.size(); ++call) {
    if (calls[call].outcome || calls[call].deadline != Deadline::ahead) continue;
    take_on_journal({Step::Kind::pass_deadline, call}, state);
  }
  if (state.sending != Sending::nothing) return;
  if (texts.empty() || texts[only_text].state != TextState::promised) return;
  take_on_journal({Step::Kind::give_up_as_too_late, 0}, state);
}

// --- taking a step ------------------------------------------------------------------------------------

/// A state in which nothing but a counter differs from the one before allows nothing that the one before does
/// not allow: it is checked, not followed.
void Explorer::take(Step step, State to) {
  taking_ = step;
  ++findings_.transitions;
  const State& from = nodes_[from_].state;
  if (step.kind == Step::Kind::write_request) check_request(from);
  const bool is_same = to.journal == from.journal && to.sending == from.sending;
  if (is_same || !known_.try_emplace(to.packed(), static_cast<std::uint32_t>(nodes_.size())).second) return;
  require(nodes_.size() < limits_.states_max, "the exploration stays within its limit of states");
  nodes_.push_back({to, from_, step});
}

void Explorer::take_on_journal(Step step, State to) {
  taking_ = step;
  to.journal = changed(to.journal, step);
  take(step, to);
}

/// The journal after a step, worked out once for each journal and step.
std::uint32_t Explorer::changed(std::uint32_t journal, Step step) {
  require(step.which < steps_of_a_kind_max, "a world has few letters, directories, answers and alerts");
  const std::size_t kind = journal * kinds_that_change_journals + static_cast<std::size_t>(step.kind);
  const std::size_t at = kind * steps_of_a_kind_max + step.which;
  if (changes_[at] != not_worked_out) return changes_[at];
  const Journal before = journals_[journal];
  Journal after = before;
  change(after, step);
  check_change(before, after);
  const std::uint32_t place = keep(after);
  changes_[at] = place;
  return place;
}

void Explorer::change(Journal& journal, Step step) {
  switch (step.kind) {
    case Step::Kind::deliver:
      return deliver(journal, world_.letters[step.which]);
    case Step::Kind::change_directory:
      journal.directory = step.which;
      return;
    case Step::Kind::mark_started:
      check_start(journal);
      return mark_started(journal, only_text);
    case Step::Kind::give_up_as_too_late:
      return record(journal, only_text,
                    outbox::give_up_as_too_late(record_of(journal, only_text, world_.constants, library_)),
                    library_);
    case Step::Kind::record_answer:
      record(journal, only_text, next_step(journal, step.which), library_);
      return check_recorded(answers_[step.which].answer, journal.texts[only_text].state);
    case Step::Kind::crash:
      return started_become_unknown(journal);
    case Step::Kind::accept_alert:
      return accept_alert(journal, step.which);
    case Step::Kind::pass_deadline:
      return pass_deadline(journal, step.which);
    case Step::Kind::write_request:
    case Step::Kind::answer:
      return;
  }
}

void Explorer::deliver(Journal& journal, const Letter& letter) {
  const Journal before = journal;
  JournalFacts facts(before, world_.constants, library_);
  const voice::Surroundings around{world_.snapshot(before), plan_, world_.policy};
  Commit commit = std::visit(
      [&](const auto& event) { return voice::decide(event, around, facts, world_.constants.now); }, letter.event);
  if (sabotage_.decided) sabotage_.decided(commit, letter);
  write(journal, commit, world_.constants, library_);
  check_delivery({world_, library_, letter, before, commit, journal});
  if (commit.is_duplicate) ++findings_.seen["a webhook repeated"];
  if (commit.is_ignored) ++findings_.seen["a child leg"];
  const CallInJournal& was = before.calls[letter.call];
  if (was.final_status && commit.greeting) ++findings_.seen["a greeting after the end"];
  const auto* change = std::get_if<CallStatusChange>(&letter.event);
  if (change && is_final(change->status) && was.final_status && !commit.is_duplicate && !commit.is_ignored) {
    ++findings_.seen["a second final status"];
  }
}

outbox::NextStep Explorer::next_step(const Journal& journal, Place answer) {
  constexpr outbox::RetryRules rules{Duration{1'000}, Duration{60'000}, Duration{900'000}};
  const TextRecord record = record_of(journal, only_text, world_.constants, library_);
  outbox::NextStep step =
      outbox::decide_next_step(record, answers_[answer].answer, rules, world_.constants.now, random_);
  if (sabotage_.next_step) sabotage_.next_step(step, answers_[answer].answer);
  return step;
}

std::uint32_t Explorer::keep(const Journal& journal) {
  const auto place = static_cast<std::uint32_t>(journals_.size());
  const auto [kept, is_new] = place_of_journal_.try_emplace(key_of(journal), place);
  if (!is_new) return kept->second;
  check_journal(world_, library_, journal);
  journals_.push_back(journal);
  changes_.resize(changes_.size() + kinds_that_change_journals * steps_of_a_kind_max, not_worked_out);
  note(journal);
  return place;
}

void Explorer::note(const Journal& journal) {
  for (const CallInJournal& call : journal.calls) {
    if (call.outcome) ++findings_.seen["outcome " + std::string(name_of(*call.outcome))];
    if (call.deadline == Deadline::passed) ++findings_.seen["an incident"];
    if (call.leans_on && call.outcome == Outcome::escalated) ++findings_.seen["a fate shared"];
    if (call.final_status && journal.directory != 0) ++findings_.seen["a number that changed hands"];
  }
  for (const TextInJournal& text : journal.texts) {
    ++findings_.seen["text " + std::string(name_of(text.state))];
    if (text.way > 0) ++findings_.seen["a second way out"];
  }
}

// --- rules of sending -----------------------------------------------------------------------------------

void Explorer::check_start(const Journal& journal) {
  const PromisedText& promise = library_.text(journal.texts[only_text].promise);
  require(outbox::rule_on(promise.id.purpose, promise.origin) == outbox::Ruling::allowed,
          "the exit policy is only asked about pairs that it allows");
}

void Explorer::check_request(const State& state) {
  require(journals_[state.journal].texts[only_text].state == TextState::started,
          "a request is written only while `started` is durable");
  require(state.may_have_arrived == 0, "no text leaves when one may have arrived");
}

// --- the story ------------------------------------------------------------------------------------------

std::string Explorer::describe(Step step) const {
  switch (step.kind) {
    case Step::Kind::deliver:
      return "webhook: " + world_.letters[step.which].name;
    case Step::Kind::change_directory:
      return "the number becomes " +
             std::string(exploration::describe(world_.directories[step.which].registration));
    case Step::Kind::mark_started:
      return "the text is marked started";
    case Step::Kind::give_up_as_too_late:
      return "the text is too late to be of use";
    case Step::Kind::write_request:
      return "the request is written";
    case Step::Kind::answer:
      return "the carrier answers: " + answers_[step.which].name;
    case Step::Kind::record_answer:
      return "the answer is recorded: " + answers_[step.which].name;
    case Step::Kind::crash:
      return "crash, and a new process";
    case Step::Kind::accept_alert:
      return "a channel accepts alert " + std::to_string(step.which);
    case Step::Kind::pass_deadline:
      return "the deadline passes";
  }
  return "?";
}

void Explorer::tell_story(const char* rule) {
  findings_.broken_rule = rule;
  findings_.story = {describe(taking_)};
  for (std::uint32_t node = from_; node != 0; node = nodes_[node].parent) {
    findings_.story.push_back(describe(nodes_[node].step));
  }
  std::ranges::reverse(findings_.story);
}

}  // namespace

std::string Findings::report() const {
  std::string report = "broken after " + std::to_string(states) + " states: " + broken_rule;
  for (const std::string& step : story) report += "\n  " + step;
  return report;
}

Findings explore(const World& world, const Limits& limits, const Sabotage& sabotage) {
  return Explorer(world, limits, sabotage).explore();
}

}  // namespace jobrun::exploration
