#include "exploration.hpp"
#include "base/testing/fixed_time_zones.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "exploration_ends.hpp"
#include "exploration_memo.hpp"
#include "exploration_rules.hpp"
#include "loss.hpp"
#include "next_step.hpp"
#include "outbox/message_status.hpp"
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
    give_up_without_sender,
    record_answer,
    take_told,
    look_finds,
    look_misses,
    crash,
    accept_alert,
    pass_deadline,
    // These leave the journal alone:
    write_request,
    answer,
  };
  Kind kind = Kind::deliver;
  Place which = 0;  ///< letter, directory, way, answer, alert or call
};

constexpr std::size_t kinds_that_change_journals = 12;
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
  /// What no part of the service knows: a bit for each request.
  std::uint8_t may_have_arrived = 0;
  std::uint16_t past = 0;  ///< see Ends; 0 where ends are not compared

  std::uint64_t packed() const {
    std::uint64_t all = 0;
    const auto add = [&all](std::uint64_t part, unsigned bits) {
      require(part >> bits == 0, "the exploration stays within what its states can say");
      all = all << bits | part;
    };
    add(journal, 23);
    add(webhooks, 3);
    add(crashes, 2);
    add(answers, 3);
    add(static_cast<std::uint64_t>(sending), 2);
    add(answer, 5);
    add(may_have_arrived, messages_max);
    add(past, 16);
    return all;
  }
};

std::uint8_t bit_of_message(Place number) {
  return static_cast<std::uint8_t>(1U << (number - 1U));
}

class Explorer {
 public:
  Explorer(const World& world, const Limits& limits, const Sabotage& sabotage)
      : world_(world), limits_(limits), sabotage_(sabotage) {
    lay_out_changes();
  }

  Findings explore();

 private:
  struct Node {
    State state;
    std::uint32_t parent = 0;
    Step step;
  };

  void lay_out_changes();

  void expand(std::uint32_t node);
  void deliver_all(const State& state);
  bool may_be_delivered(const Letter& letter, const State& state) const;
  bool work_on_texts(const State& state);
  bool start_text(const State& state);
  void answer_request(const State& state);
  bool look_for_text(const State& state);
  /// Not where lists lag: whether a look or a status comes first decides whether the text leaves again.
  bool are_ends_compared() const { return world_.are_messages_told && !world_.do_lists_lag; }
  bool accept_alerts(const State& state);
  void let_time_pass(const State& state);

  void take(Step step, State to);
  void take_on_journal(Step step, State to);
  std::uint32_t changed(std::uint32_t journal, Step step);
  void change(Journal& journal, Step step);
  void deliver(Journal& journal, const Letter& letter);
  Commit decide(const Letter& letter, JournalFacts& facts);
  Letter addressed(Letter letter, const Journal& journal) const;
  void start(Journal& journal, Place way);
  void record_answer(Journal& journal, Place which);
  void act_on_told_loss(Journal& journal);
  State with_past(State state, Step step);
  std::uint32_t keep(const Journal& journal);
  void note(const Journal& journal);

  void check_start(const Journal& journal);
  void check_end();
  void check_request(const State& state);
  std::string describe(Step step) const;
  std::vector<std::string> story_of(std::uint32_t node) const;
  void tell_story(const char* rule);

  const World& world_;
  const Limits& limits_;
  const Sabotage& sabotage_;
  const std::vector<NamedAnswer>& answers_ = world_.answers;
  const outbox::RetryRules retry_rules_;
  SilentCarrier carrier_;
  EverybodyInTheUs plan_;
  testing_support::FixedTimeZones zones_;
  AlwaysLeast random_;
  Library library_;
  std::deque<Journal> journals_;
  std::unordered_map<std::string, std::uint32_t> place_of_journal_;
  std::vector<std::uint32_t> changes_;  ///< journals, in rows by the journal and the step that led there
  std::array<std::size_t, kinds_that_change_journals + 1> columns_{};  ///< of changes_: the first of each kind
  std::vector<Node> nodes_;
  Memo known_;              ///< nodes by their packed states
  std::uint32_t from_ = 0;  ///< the node that is being expanded
  Step taking_;             ///< the step that is being taken
  Ends ends_;
  std::vector<std::string> otherwise_;  ///< the story that a broken rule is compared with
  Findings findings_;
};

/// How many steps of each kind there may be.
void Explorer::lay_out_changes() {
  const std::array<std::size_t, kinds_that_change_journals> steps = {world_.letters.size(),
                                                                     world_.directories.size(),
                                                                     world_.constants.senders.size(),
                                                                     1,
                                                                     1,
                                                                     answers_.size(),
                                                                     1,
                                                                     1,
                                                                     1,
                                                                     1,
                                                                     alerts_max,
                                                                     calls_max};
  std::partial_sum(steps.begin(), steps.end(), columns_.begin() + 1);
}

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
  findings_.ends_compared = ends_.compared();
  return std::move(findings_);
}

void Explorer::expand(std::uint32_t node) {
  const State state = nodes_[node].state;
  const bool is_busy = work_on_texts(state);
  const bool is_telling = accept_alerts(state);
  if (!is_busy && !is_telling) {
    check_rest(journals_[state.journal], state.answers == limits_.answers);
    if (are_ends_compared()) check_end();
  }
  let_time_pass(state);

  if (state.crashes < limits_.crashes) {
    State to = state;
    ++to.crashes;
    to.sending = Sending::nothing;
    to.answer = 0;
    const Step crash{Step::Kind::crash, static_cast<Place>(state.sending)};
    take_on_journal({crash.kind, 0}, state.sending == Sending::nothing ? to : with_past(to, crash));
  }
  deliver_all(state);
  // Before the first webhook it would be another world; after the second change nothing new would be frozen.
  const Journal& journal = journals_[state.journal];
  if (state.webhooks == 0 || journal.directory != 0) return;
  for (Place directory = 1; directory < world_.directories.size(); ++directory) {
    take_on_journal({Step::Kind::change_directory, directory}, state);
  }
}

void Explorer::deliver_all(const State& state) {
  for (Place letter = 0; letter < world_.letters.size(); ++letter) {
    if (!may_be_delivered(world_.letters[letter], state)) continue;
    State to = state;
    if (world_.letters[letter].message == 0) ++to.webhooks;
    take_on_journal({Step::Kind::deliver, letter}, to);
  }
}

bool Explorer::may_be_delivered(const Letter& letter, const State& state) const {
  if (letter.message == 0) return state.webhooks < limits_.webhooks;
  return (state.may_have_arrived & bit_of_message(letter.message)) != 0;
}

/// What the dispatcher does next, and what the carrier may answer. False when there is nothing to do.
bool Explorer::work_on_texts(const State& state) {
  State to = state;
  switch (state.sending) {
    case Sending::nothing:
      return look_for_text(state) || start_text(state);
    case Sending::started:
      to.sending = Sending::requested;
      to.may_have_arrived |= bit_of_message(journals_[state.journal].texts[only_text].attempts);
      take({Step::Kind::write_request, 0}, to);
      return true;
    case Sending::requested:
      answer_request(state);
      return true;
    case Sending::answered:
      to.sending = Sending::nothing;
      to.answer = 0;
      take_on_journal({Step::Kind::record_answer, state.answer}, to);
      return true;
  }
  return false;
}

/// By the first way that is open; when its account is away, by one of another account.
bool Explorer::start_text(const State& state) {
  const Journal& journal = journals_[state.journal];
  if (journal.texts.empty() || journal.texts[only_text].state != TextState::promised) return false;
  const TextInJournal text = journal.texts[only_text];
  const std::vector<Way>& ways = library_.text(text.promise).ways;
  if (outbox::barred_by(journal.facts) && !sabotage_.is_exit_blind) {
    const Step barred{Step::Kind::give_up_without_sender, 0};
    take_on_journal(barred, with_past(state, barred));
    return true;
  }
  std::optional<Account> preferred;
  State to = state;
  to.sending = Sending::started;
  for (Place way = 0; way < ways.size(); ++way) {
    if (text.closed_ways.contains(way) || is_blocked(journals_[state.journal], ways[way], world_.constants)) {
      continue;
    }
    if (preferred && (!world_.are_messages_told || ways[way].account == preferred)) continue;
    if (!preferred) preferred = ways[way].account;
    if (state.answers == limits_.answers) return false;
    const Step step{Step::Kind::mark_started, way};
    take_on_journal(step, with_past(to, step));
  }
  if (preferred) return true;
  const Step step{Step::Kind::give_up_without_sender, 0};
  take_on_journal(step, with_past(state, step));
  return true;
}

void Explorer::answer_request(const State& state) {
  const TextInJournal text = journals_[state.journal].texts[only_text];
  State to = state;
  to.sending = Sending::answered;
  ++to.answers;
  for (to.answer = 0; to.answer < answers_.size(); ++to.answer) {
    const bool may = std::visit(MayHaveArrived{}, answers_[to.answer].answer);
    if (!may && text.message_of(text.attempts).told != 0) continue;
    const std::uint8_t bit = bit_of_message(text.attempts);
    to.may_have_arrived = static_cast<std::uint8_t>(may ? state.may_have_arrived : state.may_have_arrived & ~bit);
    const Step step{Step::Kind::answer, to.answer};
    take(step, with_past(to, step));
  }
}

/// What was told of needs no look. Else the carrier lists it, if there may be such a message, or twice in a row
/// does not; where lists lag it may be there all the same.
bool Explorer::look_for_text(const State& state) {
  const Journal& journal = journals_[state.journal];
  if (!world_.are_messages_told || journal.texts.empty()) return false;
  const TextInJournal text = journal.texts[only_text];
  if (text.state != TextState::unknown) return false;
  if (text.told_message() != 0) {
    take_on_journal({Step::Kind::take_told, 0}, state);
    return true;
  }
  if ((state.may_have_arrived & bit_of_message(text.attempts)) != 0) {
    const Step step{Step::Kind::look_finds, 0};
    take_on_journal(step, with_past(state, step));
  }
  const Step step{Step::Kind::look_misses, 0};
  State to = with_past(state, step);
  if (!world_.do_lists_lag) to.may_have_arrived &= static_cast<std::uint8_t>(~bit_of_message(text.attempts));
  take_on_journal(step, to);
  return true;
}

/// An alert that escalates nothing changes nothing when a channel accepts it.
bool Explorer::accept_alerts(const State& state) {
  const Few<AlertInJournal, alerts_max> alerts = journals_[state.journal].alerts;
  bool is_telling = false;
  for (Place alert = 0; alert < alerts.size(); ++alert) {
    if (!alerts[alert].escalates || alerts[alert].is_accepted) continue;
    is_telling = true;
    take_on_journal({Step::Kind::accept_alert, alert}, state);
  }
  return is_telling;
}

void Explorer::let_time_pass(const State& state) {
  const Few<CallInJournal, calls_max> calls = journals_[state.journal].calls;
  const Few<TextInJournal, 3> texts = journals_[state.journal].texts;
  for (Place call = 0; call < calls.size(); ++call) {
    if (calls[call].outcome || calls[call].deadline != Deadline::ahead) continue;
    take_on_journal({Step::Kind::pass_deadline, call}, state);
  }
  if (state.sending != Sending::nothing) return;
  if (texts.empty() || texts[only_text].state != TextState::promised) return;
  const Step step{Step::Kind::give_up_as_too_late, 0};
  take_on_journal(step, with_past(state, step));
}

State Explorer::with_past(State state, Step step) {
  if (!are_ends_compared()) return state;
  const auto what = static_cast<std::uint8_t>(static_cast<unsigned>(step.kind) << 4U | step.which);
  state.past = ends_.past_after(state.past, what);
  return state;
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
  const auto kind = static_cast<std::size_t>(step.kind);
  const std::size_t at = journal * columns_.back() + columns_[kind] + step.which;
  if (changes_[at] != not_worked_out) return changes_[at];
  const Journal before = journals_[journal];
  Journal after = before;
  change(after, step);
  if (sabotage_.changed) sabotage_.changed(before, after);
  check_change(before, after);
  const std::uint32_t place = keep(after);
  changes_[at] = place;
  return place;
}

void Explorer::change(Journal& journal, Step step) {
  switch (step.kind) {
    case Step::Kind::deliver:
      if (world_.letters[step.which].message == 0) return deliver(journal, world_.letters[step.which]);
      return deliver(journal, addressed(world_.letters[step.which], journal));
    case Step::Kind::change_directory:
      journal.directory = step.which;
      return;
    case Step::Kind::mark_started:
      return start(journal, step.which);
    case Step::Kind::give_up_as_too_late:
      return record(journal, only_text,
                    outbox::give_up_as_too_late(record_of(journal, only_text, world_.constants, library_)),
                    library_);
    case Step::Kind::give_up_without_sender: {
      const TextRecord text = record_of(journal, only_text, world_.constants, library_);
      const std::optional<PhoneFact> barred = outbox::barred_by(journal.facts);
      return record(journal, only_text,
                    barred ? outbox::give_up_on_barred(text, *barred) : outbox::give_up_without_sender(text),
                    library_);
    }
    case Step::Kind::record_answer:
      return record_answer(journal, step.which);
    case Step::Kind::take_told:
      record_found(journal, only_text, journal.texts[only_text].told_message());
      return act_on_told_loss(journal);
    case Step::Kind::look_finds:
      return record_found(journal, only_text, journal.texts[only_text].attempts);
    case Step::Kind::look_misses:
      return promise_again(journal, only_text);
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

/// The letter, with the text that its message is, and the account which that left by.
Letter Explorer::addressed(Letter letter, const Journal& journal) const {
  const TextInJournal& text = journal.texts[only_text];
  const PromisedText& promise = library_.text(text.promise);
  auto& change = std::get<MessageStatusChange>(letter.event);
  change.text = promise.id;
  const std::uint8_t way = text.message_of(letter.message).way;
  change.account = promise.ways[way].account;
  change.attempt = {letter.message, way};
  return letter;
}

Commit Explorer::decide(const Letter& letter, JournalFacts& facts) {
  if (const auto* change = std::get_if<MessageStatusChange>(&letter.event)) {
    return outbox::decide(*change, {carrier_, random_, retry_rules_}, facts, world_.constants.now);
  }
  const voice::Surroundings around{world_.snapshot(facts.journal()), plan_, world_.policy, zones_};
  if (const auto* incoming = std::get_if<IncomingCall>(&letter.event)) {
    return voice::decide(*incoming, around, facts, world_.constants.now);
  }
  return voice::decide(std::get<CallStatusChange>(letter.event), around, facts, world_.constants.now);
}

void Explorer::deliver(Journal& journal, const Letter& letter) {
  const Journal before = journal;
  JournalFacts facts(before, world_.constants, library_);
  Commit commit = decide(letter, facts);
  if (sabotage_.decided) sabotage_.decided(commit, letter);
  write(journal, commit, world_.constants, library_);
  const Delivery delivery{world_, library_, letter, before, commit, journal};
  if (letter.message != 0) return check_news(delivery, carrier_);
  check_delivery(delivery);
  if (commit.is_duplicate) ++findings_.seen["a webhook repeated"];
  if (commit.is_ignored) ++findings_.seen["a child leg"];
  const CallInJournal& was = before.calls[letter.call];
  if (was.final_status && commit.greeting) ++findings_.seen["a greeting after the end"];
  const auto* change = std::get_if<CallStatusChange>(&letter.event);
  if (change && is_final(change->status) && was.final_status && !commit.is_duplicate && !commit.is_ignored) {
    ++findings_.seen["a second final status"];
  }
}

/// A blocked sender is noticed when a start by it is tried, and closed by the start that follows.
void Explorer::start(Journal& journal, Place way) {
  check_start(journal);
  const TextInJournal& text = journal.texts[only_text];
  const std::vector<Way>& ways = library_.text(text.promise).ways;
  ClosedWays closed = text.closed_ways;
  for (Place earlier = 0; earlier < way; ++earlier) {
    if (is_blocked(journal, ways[earlier], world_.constants)) closed.add(earlier);
  }
  mark_started(journal, only_text, way, closed);
}

void Explorer::record_answer(Journal& journal, Place which) {
  const TextRecord text = record_of(journal, only_text, world_.constants, library_);
  const TextInJournal was = journal.texts[only_text];
  SendAnswer answer = answers_[which].answer;
  if (auto* accepted = std::get_if<Accepted>(&answer)) accepted->message_sid = sid_of_message(was.attempts);
  outbox::NextStep step = outbox::decide_next_step(text, answer, retry_rules_, world_.constants.now, random_);
  if (sabotage_.next_step) sabotage_.next_step(step, answer);
  record(journal, only_text, step, library_);
  check_recorded(answer, was, journal.texts[only_text], library_);
  if (const auto* refused = std::get_if<Refused>(&answer)) {
    write_consequences(journal, outbox::consequences_of(text, *refused, world_.constants.now), world_.constants,
                       library_);
  }
  act_on_told_loss(journal);
}

/// Of a text that has just been accepted, the carrier may have told before that it is lost.
void Explorer::act_on_told_loss(Journal& journal) {
  const TextInJournal was = journal.texts[only_text];
  if (was.state != TextState::accepted) return;
  const Journal before = journal;
  JournalFacts facts(before, world_.constants, library_);
  const std::optional<outbox::Loss> lost =
      outbox::told_loss(facts, record_of(before, only_text, world_.constants, library_),
                        sid_of_message(was.message), carrier_, retry_rules_, world_.constants.now, random_);
  if (!lost) return;
  write_consequences(journal, lost->consequences, world_.constants, library_);
  if (lost->learned) learn(journal, *lost->learned);
  record_lost(journal, only_text, lost->loss, library_);
  check_lost(carrier_.why_lost(Account::first, lost->loss.code), was, journal.texts[only_text], library_);
  ++findings_.seen["a loss told before the answer"];
}

std::uint32_t Explorer::keep(const Journal& journal) {
  const auto place = static_cast<std::uint32_t>(journals_.size());
  const auto [kept, is_new] = place_of_journal_.try_emplace(key_of(journal), place);
  if (!is_new) return kept->second;
  check_journal(world_, library_, journal);
  journals_.push_back(journal);
  changes_.resize(changes_.size() + columns_.back(), not_worked_out);
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
  if (journal.blocked != 0) ++findings_.seen["a sender blocked"];
  for (const TextInJournal& text : journal.texts) {
    ++findings_.seen["text " + std::string(name_of(text.state))];
    if (text.way > 0) ++findings_.seen["a second way out"];
    for (const MessageInJournal& message : text.messages) {
      if (message.is_lost) ++findings_.seen["a message lost"];
      if (message.is_lost && message.is_told_delivered()) ++findings_.seen["a lost message delivered"];
    }
    if (text.message > 0 && text.message < text.attempts) ++findings_.seen["an earlier message's text"];
  }
}

// --- rules of sending -----------------------------------------------------------------------------------

void Explorer::check_start(const Journal& journal) {
  const TextInJournal& text = journal.texts[only_text];
  const PromisedText& promise = library_.text(text.promise);
  require(outbox::rule_on(promise.id.purpose, promise.origin) == outbox::Ruling::allowed,
          "the exit policy is only asked about pairs that it allows");
  require(!journal.facts.opted_out && !journal.facts.landline,
          "no way is tried for who cannot or may not be texted");
}

/// A message that is lost did not arrive. Once look-ups have missed one a duplicate is possible, and counted.
void Explorer::check_request(const State& state) {
  const TextInJournal& text = journals_[state.journal].texts[only_text];
  require(text.state == TextState::started, "a request is written only while `started` is durable");
  if (world_.do_lists_lag && std::ranges::any_of(text.messages, &MessageInJournal::is_missing)) return;
  for (Place number = 1; number < text.attempts; ++number) {
    const bool may_have_arrived = (state.may_have_arrived & bit_of_message(number)) != 0;
    require(!may_have_arrived || text.message_of(number).is_lost, "no text leaves when one may have arrived");
  }
}

void Explorer::check_end() {
  const State& state = nodes_[from_].state;
  const std::optional<std::uint32_t> other = ends_.compare(state.past, journals_[state.journal], from_);
  if (!other) return;
  otherwise_ = story_of(*other);
  throw RuleBroken("the same events end the same, whatever their order");
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
      return "the text is marked started" + (step.which == 0 ? "" : ", by way " + std::to_string(step.which + 1));
    case Step::Kind::give_up_as_too_late:
      return "the text is too late to be of use";
    case Step::Kind::give_up_without_sender:
      return "no way is left, or none may be taken";
    case Step::Kind::take_told:
      return "what was told of an unknown text is taken";
    case Step::Kind::look_finds:
      return "a look finds the text";
    case Step::Kind::look_misses:
      return "looks do not find the text";
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

std::vector<std::string> Explorer::story_of(std::uint32_t node) const {
  std::vector<std::string> story;
  for (; node != 0; node = nodes_[node].parent) story.push_back(describe(nodes_[node].step));
  std::ranges::reverse(story);
  return story;
}

void Explorer::tell_story(const char* rule) {
  findings_.broken_rule = rule;
  findings_.story = story_of(from_);
  if (otherwise_.empty()) {
    findings_.story.push_back(describe(taking_));
    return;
  }
  findings_.story.emplace_back("and otherwise, where it was:");
  findings_.story.insert(findings_.story.end(), otherwise_.begin(), otherwise_.end());
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
