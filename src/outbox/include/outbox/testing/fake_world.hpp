// A small world around a dispatcher, for tests: a store whose contents survive a crash of everything else,
// a journal that does its work when told to and can fail in every way a ledger can, and a carrier whose
// answers the test gives.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/ports/carrier.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/random.hpp"
#include "base/ports/store.hpp"
#include "base/testing/no_facts.hpp"
#include "outbox/dispatcher.hpp"

namespace jobrun::outbox::testing {

struct ManualClock : Clock {
  Instant now() const override { return wall; }
  std::chrono::nanoseconds monotonic() const override { return steady; }
  void advance(Duration by) {
    wall += by;
    steady += by;
  }
  Instant wall = from_unix_ms(1'767'434'400'000);
  std::chrono::nanoseconds steady{1'000'000'000};
};

struct SeededRandom : Random {
  explicit SeededRandom(std::uint64_t seed = 1) : state(seed) {}
  std::uint64_t below(std::uint64_t bound) override {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33U) % bound;
  }
  std::uint64_t state;
};

struct RecordingMeter : Meter {
  void count(Metric metric, std::string_view label1, std::string_view label2, double by) override {
    counts[{metric, std::string(label1), std::string(label2)}] += by;
  }
  void set(Metric, double, std::string_view) override {}
  void observe(Metric metric, double value) override { observed[metric].push_back(value); }
  std::map<Metric, std::vector<double>> observed;
  double of(Metric metric, std::string label1 = {}, std::string label2 = {}) const {
    const auto found = counts.find({metric, std::move(label1), std::move(label2)});
    return found == counts.end() ? 0 : found->second;
  }
  std::map<std::tuple<Metric, std::string, std::string>, double> counts;
};

struct RecordingLog : Log {
  void write(const LogLine& line) override { lines.push_back(line); }
  std::vector<LogLine> lines;
};

struct FakePlan : NumberingPlan {
  std::string country_of(E164) override { return "US"; }
  bool is_landline(E164 number) override { return landlines.contains(number); }
  std::set<E164> landlines;
};

/// One text as the store keeps it.
struct StoredText {
  TextRecord text;
  std::string message_sid;
  int starts = 0;  ///< how often it was marked started
  int looks = 0;   ///< of an unknown text, as are the next two
  int absent = 0;
  std::optional<Instant> look_at{};        ///< empty: at once
  std::string told_message_sid{};          ///< a status told that it is this one, before it was unknown
  std::string told_message{};              ///< a status told of it, and not that it is lost
  std::map<std::string, int> told_lost{};  ///< codes by message: told by statuses
  std::set<std::string> lost{};            ///< messages that it was
};

/// What a batch may touch; copied to undo.
struct StoreContents {
  std::map<std::int64_t, StoredText> texts;
  std::vector<AlertRequest> alerts;
  std::vector<SetPhoneFact> facts;
  std::vector<std::string> refusal_reasons;
  std::map<SweptList, Instant> sweep_marks;
  std::vector<BlockedSender> blocked;
};

class FakeBatch : public testing_support::NoFacts<StoreBatch> {
 public:
  explicit FakeBatch(StoreContents& contents) : contents_(contents), alerts_before_(contents.alerts.size()) {}

  bool mark_started(TextRow row, SendAttempt attempt, ClosedWays closed_ways, Instant) override {
    StoredText* stored = in_state(row, {TextState::promised});
    if (!stored || (stored->text.closed_ways.bits() & ~closed_ways.bits()) != 0) return false;
    stored->text.state = TextState::started;
    stored->text.way = attempt.way;
    stored->text.closed_ways = closed_ways;
    stored->text.attempts = attempt.number;
    ++stored->starts;
    return true;
  }
  bool record_accepted(TextRow row, std::string_view message_sid, Instant) override {
    StoredText* stored = in_state(row, {TextState::started});
    if (!stored) return false;
    stored->text.state = TextState::accepted;
    stored->message_sid = message_sid;
    return true;
  }
  bool record_unknown(TextRow row, std::string_view, Instant) override {
    StoredText* stored = in_state(row, {TextState::started});
    if (!stored) return false;
    stored->text.state = TextState::unknown;
    return true;
  }
  bool record_not_sent(TextRow row, std::string_view, ClosedWays closed_ways, Instant due_at,
                       Instant now) override {
    StoredText* stored = in_state(row, {TextState::started});
    if (!stored) return false;
    stored->text.state = TextState::promised;
    stored->text.closed_ways = closed_ways;
    stored->text.due_at = due_at;
    stored->text.wait = due_at - now;
    return true;
  }
  std::optional<TextRecord> record_lost(TextRow row, const TextLoss& loss, Instant now) override {
    StoredText* stored = in_state(row, {TextState::accepted});
    if (!stored) return std::nullopt;
    stored->lost.insert(std::exchange(stored->message_sid, ""));
    if (loss.gives_up) {
      stored->text.state = TextState::refused;
      contents_.alerts.push_back(*loss.gives_up);
      contents_.refusal_reasons.push_back(loss.reason);
      return std::nullopt;
    }
    stored->text.state = TextState::promised;
    stored->text.closed_ways = loss.closed_ways;
    stored->text.due_at = loss.due_at;
    stored->text.wait = loss.due_at - now;
    return stored->text;
  }
  std::optional<ToldLoss> told_lost(TextRow row, std::string_view message_sid) override {
    const std::map<std::string, int>& told = contents_.texts.at(row.value).told_lost;
    const auto found = told.find(std::string(message_sid));
    return found == told.end() ? std::nullopt : std::optional(ToldLoss{found->second, {}});
  }
  std::optional<std::string> told_message(TextRow row) override {
    const std::string& sid = contents_.texts.at(row.value).told_message;
    return sid.empty() ? std::nullopt : std::optional(sid);
  }
  bool was_lost(TextRow row, std::string_view message_sid) override {
    return contents_.texts.at(row.value).lost.contains(std::string(message_sid));
  }
  bool is_sender_blocked(const Way& way) override {
    return std::ranges::any_of(contents_.blocked, [&](const BlockedSender& sender) { return sender.way == way; });
  }
  void block_sender(const BlockedSender& sender) override { contents_.blocked.push_back(sender); }
  bool record_refused(TextRow row, int, std::string_view reason, const AlertRequest& alert, Instant) override {
    StoredText* stored = in_state(row, {TextState::started, TextState::promised});
    if (!stored) return false;
    stored->text.state = TextState::refused;
    contents_.alerts.push_back(alert);
    contents_.refusal_reasons.emplace_back(reason);
    return true;
  }
  bool belongs_to_another(TextRow row, std::string_view message_sid) override {
    return std::ranges::any_of(contents_.texts, [&](const auto& entry) {
      const bool is_anothers = entry.first != row.value && entry.second.message_sid == message_sid;
      return is_anothers || entry.second.lost.contains(std::string(message_sid));
    });
  }
  bool has_rival(TextRow row) override {
    const PromisedText& own = contents_.texts.at(row.value).text.promise;
    return std::ranges::any_of(contents_.texts, [&](const auto& entry) {
      const TextRecord& other = entry.second.text;
      return entry.first != row.value && other.promise.pair.caller == own.pair.caller &&
             other.promise.body == own.body &&
             (other.state == TextState::started || other.state == TextState::unknown);
    });
  }
  bool record_found(TextRow row, std::string_view message_sid, Instant) override {
    StoredText* stored = in_state(row, {TextState::unknown, TextState::accepted});
    if (!stored) return false;
    if (stored->text.state == TextState::accepted) return stored->message_sid == message_sid;
    stored->text.state = TextState::accepted;
    stored->message_sid = message_sid;
    return true;
  }
  bool record_look(TextRow row, int looks, int absent, Instant due_at) override {
    StoredText* stored = in_state(row, {TextState::unknown});
    if (!stored) return false;
    stored->looks = looks;
    stored->absent = absent;
    stored->look_at = due_at;
    return true;
  }
  std::optional<TextRecord> promise_again(TextRow row, std::string_view, Instant now) override {
    StoredText* stored = in_state(row, {TextState::unknown});
    if (!stored) return std::nullopt;
    stored->text.state = TextState::promised;
    stored->text.due_at = now;
    return stored->text;
  }
  std::int64_t started_become_unknown(Instant) override {
    std::int64_t changed = 0;
    for (auto& [row, stored] : contents_.texts) {
      if (stored.text.state != TextState::started) continue;
      stored.text.state = TextState::unknown;
      ++changed;
    }
    return changed;
  }
  void raise(const AlertRequest& alert, Instant) override { contents_.alerts.push_back(alert); }
  bool has_raised_due_alerts() const override { return contents_.alerts.size() > alerts_before_; }
  Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant) override {
    contents_.facts.push_back(std::get<SetPhoneFact>(change));
    return std::optional<ClientId>{};
  }

  // Not asked for by the outbox.
  std::optional<TextRecord> write(const Commit&, Instant) override { return std::nullopt; }
  bool record_alert_accepted(AlertId, AlertWay, std::span<const AlertWay>, Instant) override { return true; }
  void record_alert_failed(AlertId, AlertWay, std::string_view, std::optional<Instant>) override {}
  void postpone_alert(AlertId, AlertWay, Instant) override {}
  bool claim_week(ClientId, CivilDate) override { return false; }
  void record_telling(AlertWay, std::string_view, Instant) override {}
  OverdueLook look_for_overdue_calls(Instant, std::int64_t) override { return {}; }
  void mend_dates(const LongestWaits&, Instant) override {}
  void set_sweep_mark(SweptList list, Instant mark) override { contents_.sweep_marks[list] = mark; }
  Result<void> approve_onboarding(E164, Instant) override { return {}; }
  Result<void> settle_text(InboundTextId, const Settlement&, Instant) override { return {}; }
  std::int64_t empty_words(WordsIn, std::span<const OldWords>) override { return 0; }
  Result<void> erase_person(const Person&, const PersonRows&) override { return {}; }
  Result<void> close_incident(IncidentId, std::string_view, Instant) override { return {}; }
  void begin_item() override {}
  void keep_item() override {}
  void undo_item() override {}
  Result<void> commit() override { return {}; }
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override {
    PhoneFacts facts;
    for (const SetPhoneFact& fact : contents_.facts) {
      const bool applies = fact.phone == phone && (fact.scope == scope || fact.scope == FactScope{});
      if (applies && fact.fact == PhoneFact::opted_out) facts.opted_out = true;
      if (applies && fact.fact == PhoneFact::landline) facts.landline = true;
    }
    return facts;
  }
  std::optional<TextOnRecord> find_text(const TextId& id) override {
    for (const auto& [row, stored] : contents_.texts) {
      if (stored.text.promise.id == id) return TextOnRecord{stored.text, stored.message_sid, std::nullopt};
    }
    return std::nullopt;
  }

 private:
  StoredText* in_state(TextRow row, std::initializer_list<TextState> states) {
    const auto found = contents_.texts.find(row.value);
    if (found == contents_.texts.end()) return nullptr;
    const bool matches = std::ranges::find(states, found->second.text.state) != states.end();
    return matches ? &found->second : nullptr;
  }
  StoreContents& contents_;
  std::size_t alerts_before_;
};

/// How a piece of journal work ends.
enum class Fate {
  durable,
  lost,      ///< undone, and the submitter is told so
  in_doubt,  ///< durable, but the submitter is told that it failed
};

class FakeJournal : public Journal {
 public:
  FakeJournal(StoreContents& contents, Clock& clock) : contents_(contents), clock_(clock) {}

  void submit(JournalWork work) override {
    if (is_full) return work.done(failure(ErrorKind::unavailable, "the queue is full"));
    waiting.push_back(std::move(work));
  }
  void run_one(Fate fate = Fate::durable) {
    JournalWork work = std::move(waiting.front());
    waiting.pop_front();
    ++works;
    StoreContents undo;
    if (fate == Fate::lost) undo = contents_;
    {
      FakeBatch batch(contents_);
      (void)work.write(batch, clock_.now());
    }
    if (fate == Fate::lost) contents_ = std::move(undo);
    work.done(fate == Fate::durable ? Result<void>{} : failure(ErrorKind::unavailable, "the disk is slow"));
  }
  void run_all(Fate fate = Fate::durable) {
    while (!waiting.empty()) run_one(fate);
  }
  /// The process dies: some of the work was durable already, nobody hears of it.
  void crash(std::size_t durable) {
    while (!waiting.empty() && durable-- > 0) {
      FakeBatch batch(contents_);
      (void)waiting.front().write(batch, clock_.now());
      waiting.pop_front();
    }
    waiting.clear();
  }
  std::deque<JournalWork> waiting;
  bool is_full = false;
  int works = 0;

 private:
  StoreContents& contents_;
  Clock& clock_;
};

struct SentText {
  OutgoingText text;
  Carrier::Done done;
};

class FakeCarrier : public Carrier {
 public:
  void send(SendPermit, OutgoingText text, Done done) override {
    if (on_send) on_send(text);
    sent.push_back(text);
    waiting.push_back({std::move(text), std::move(done)});
  }
  void find(FindQuery query, FoundDone done) override {
    sought.push_back(std::move(query));
    searches.push_back(std::move(done));
  }
  void answer_one(SendAnswer answer, std::size_t index = 0) {
    SentText text = std::move(waiting[index]);
    waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(index));
    text.done(std::move(answer));
  }
  /// As the test has said; else for a reason nobody knows.
  Refused why_lost(Account, int code) const override {
    const auto known = reasons_lost.find(code);
    Refused refused;
    if (known != reasons_lost.end()) refused = known->second;
    refused.code = code;
    return refused;
  }
  void tell_one(FindAnswer answer) {
    const FoundDone done = std::move(searches.at(0));
    searches.pop_front();
    done(std::move(answer));
  }
  std::function<void(const OutgoingText&)> on_send;
  std::map<int, Refused> reasons_lost;
  std::vector<OutgoingText> sent;
  std::vector<FindQuery> sought;
  std::deque<SentText> waiting;
  std::deque<FoundDone> searches;
};

inline E164 phone(std::uint64_t digits) {
  return E164::from_digits(digits);
}

class World {
 public:
  explicit World(DispatcherOptions options_given = {}) : options(options_given), journal(contents, clock) {
    start();
  }

  /// A new process on what is durable.
  void start() {
    FakeBatch batch(contents);
    batch.started_become_unknown(clock.now());
    dispatcher = std::make_unique<Dispatcher>(
        Dispatcher::Ports{journal, carrier, plan, meter, log, clock, random,
                          [this](TextRow after, std::int64_t limit) { return promised_after(after, limit); }},
        options);
    dispatcher->set_wake([this] { is_woken = true; });
  }

  std::vector<TextRecord> promised_after(TextRow after, std::int64_t limit) {
    ++refills;
    if (store_fails) throw StoreFailure("no such file");
    std::vector<TextRecord> texts;
    for (auto found = contents.texts.upper_bound(after.value);
         found != contents.texts.end() && static_cast<std::int64_t>(texts.size()) < limit; ++found) {
      if (found->second.text.state == TextState::promised) texts.push_back(found->second.text);
    }
    return texts;
  }

  /// A text durably promised, not yet told to the dispatcher.
  TextRecord keep_promise(PromisedText promise) {
    const std::int64_t row = ++last_row;
    TextRecord text{.row = TextRow{row},
                    .call = CallId{row},
                    .promise = std::move(promise),
                    .promised_at = clock.now(),
                    .due_at = clock.now()};
    contents.texts.emplace(row, StoredText{text, ""});
    return text;
  }
  TextRecord promise(PromisedText text) {
    TextRecord kept = keep_promise(std::move(text));
    dispatcher->promised({kept});
    return kept;
  }
  /// A customer intake text of a new call by `caller`.
  PromisedText intake(std::uint64_t caller) {
    const std::string sid = "CA" + std::to_string(last_row + 1);
    return {.id = {sid, Purpose::customer_intake},
            .origin = Origin::status,
            .pair = {phone(caller), phone(15550001111)},
            .ways = {{Account::first, phone(15550001111)}},
            .body = "Sorry we missed your call.",
            .client = ClientId{7}};
  }

  TextState state_of(const TextRecord& text) const { return contents.texts.at(text.row.value).text.state; }
  const TextRecord& kept(const TextRecord& text) const { return contents.texts.at(text.row.value).text; }

  /// Pumps and does all journal work until neither asks for more now. Bounded.
  void settle() {
    for (int turn = 0; turn < 10'000; ++turn) {
      is_woken = false;
      wanted = dispatcher->pump();
      while (!journal.waiting.empty()) journal.run_one();
      if (!is_woken && (!wanted || *wanted > Duration{0})) return;
    }
    throw std::runtime_error("the dispatcher never rests");
  }
  /// Advances to when the dispatcher next wants to be called, and settles.
  void advance_to_wanted() {
    clock.advance(std::max(wanted.value_or(Duration{0}), Duration{1}));
    settle();
  }
  void advance(Duration by) {
    clock.advance(by);
    settle();
  }

  DispatcherOptions options;
  ManualClock clock;
  SeededRandom random;
  RecordingMeter meter;
  RecordingLog log;
  FakePlan plan;
  StoreContents contents;
  FakeJournal journal;
  FakeCarrier carrier;
  std::unique_ptr<Dispatcher> dispatcher;
  std::optional<Duration> wanted;
  std::int64_t last_row = 0;
  int refills = 0;
  bool store_fails = false;
  std::atomic<bool> is_woken{false};
};

}  // namespace jobrun::outbox::testing
