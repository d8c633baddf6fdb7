#include "ledger/ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/ports/forwarding_batch.hpp"
#include "base/testing/no_facts.hpp"

namespace jobrun::ledger {
namespace {

struct StillClock final : Clock {
  Instant now() const override { return from_unix_ms(1'767'441'600'000); }
  std::chrono::nanoseconds monotonic() const override { return {}; }
};
struct NoMeter final : Meter {
  std::map<Metric, int> counted;
  void count(Metric counter, std::string_view, std::string_view, double by) override {
    counted[counter] += static_cast<int>(by);
  }
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
};
struct NoLog final : Log {
  void write(const LogLine&) override {}
};

/// What a fake store has made durable, and how it fails.
struct Disk {
  std::vector<std::string> durable;  ///< event keys, in order
  std::vector<std::string> durable_work;
  int batches = 0;
  bool commit_fails = false;
  std::string poison;           ///< the CallSid whose write throws
  bool promises_texts = false;  ///< every event written promises a text
  OverdueLook look;             ///< what a look for overdue calls finds
  std::vector<AlertRequest> raised;
  std::map<std::string, Greeting> greetings;  ///< as written
  std::atomic<bool> holds_commits = false;    ///< a commit waits for let_go()
  std::atomic<bool> is_held = false;
  void wait_until_held() { is_held.wait(false); }
  void let_go() {
    holds_commits = false;
    holds_commits.notify_all();
  }
};

TextRecord a_text_of(const std::string& sid) {
  constexpr CallerPair pair{E164::from_digits(14155550123), E164::from_digits(14155550100)};
  return {.row = {1},
          .call = CallId{1},
          .promise = {.id = {sid, Purpose::failsafe},
                      .origin = Origin::status,
                      .pair = pair,
                      .ways = {{Account::first, pair.number}},
                      .body = "Sorry",
                      .client = {}},
          .state = TextState::promised,
          .way = 0,
          .attempts = 0,
          .promised_at = {},
          .due_at = {}};
}

class FakeBatch final : public testing_support::NoFacts<StoreBatch> {
 public:
  explicit FakeBatch(Disk& disk) : disk_(disk) {}
  bool has_event(CallId, std::string_view key) override {
    return std::ranges::find(disk_.durable, key) != disk_.durable.end() ||
           std::ranges::find(written_, key) != written_.end();
  }
  std::optional<TextRecord> record_lost(TextRow, const TextLoss&, Instant) override { return std::nullopt; }
  void block_sender(const BlockedSender&) override {}
  std::optional<TextRecord> write(const Commit& commit, Instant) override {
    if (commit.event_key == disk_.poison)
      throw StoreFailure("this one cannot be written", StoreFailure::Because::input);
    written_.push_back(commit.event_key);
    if (commit.greeting) disk_.greetings[commit.event_key] = *commit.greeting;
    has_raised_ = has_raised_ || !commit.alerts.empty();
    return disk_.promises_texts ? std::optional(a_text_of(commit.event_key)) : std::nullopt;
  }
  bool mark_started(TextRow, SendAttempt, ClosedWays, Instant) override { return true; }
  bool record_accepted(TextRow, std::string_view message_sid, Instant) override {
    work_.emplace_back(message_sid);
    return true;
  }
  bool record_unknown(TextRow, std::string_view, Instant) override { return true; }
  bool record_not_sent(TextRow, std::string_view, ClosedWays, Instant, Instant) override { return true; }
  bool record_refused(TextRow, int, std::string_view, const AlertRequest&, Instant) override { return true; }
  bool belongs_to_another(TextRow, std::string_view) override { return false; }
  bool has_rival(TextRow) override { return false; }
  bool record_found(TextRow, std::string_view, Instant) override { return false; }
  bool record_look(TextRow, int, int, Instant) override { return false; }
  std::optional<TextRecord> promise_again(TextRow, std::string_view, Instant) override { return std::nullopt; }
  std::int64_t started_become_unknown(Instant) override { return 0; }
  void raise(const AlertRequest& alert, Instant) override {
    has_raised_ = true;
    disk_.raised.push_back(alert);
  }
  bool has_raised_due_alerts() const override { return has_raised_; }
  bool record_alert_accepted(AlertId, AlertWay, std::span<const AlertWay>, Instant) override { return true; }
  void record_alert_failed(AlertId, AlertWay, std::string_view, std::optional<Instant>) override {}
  void postpone_alert(AlertId, AlertWay, Instant) override {}
  bool claim_week(ClientId, CivilDate) override { return false; }
  void record_telling(AlertWay, std::string_view, Instant) override {}
  OverdueLook look_for_overdue_calls(Instant, std::int64_t) override { return disk_.look; }
  void mend_dates(const LongestWaits&, Instant) override {}
  Result<void> close_incident(IncidentId, std::string_view, Instant) override { return {}; }
  Result<void> approve_onboarding(E164, Instant) override { return {}; }
  Result<void> settle_text(InboundTextId, const Settlement&, Instant) override { return {}; }
  std::int64_t empty_words(WordsIn, std::span<const OldWords>) override { return 0; }
  Result<void> erase_person(const Person&, const PersonRows&) override { return {}; }
  void set_sweep_mark(SweptList, Instant) override {}
  Result<std::optional<ClientId>> change_directory(const DirectoryChange&, Instant) override { return {}; }
  void begin_item() override { mark_ = work_.size(); }
  void keep_item() override {}
  void undo_item() override { work_.resize(mark_); }
  Result<void> commit() override {
    if (disk_.holds_commits) {
      disk_.is_held = true;
      disk_.is_held.notify_all();
      disk_.holds_commits.wait(true);
    }
    if (disk_.commit_fails) return failure(ErrorKind::unavailable, "disk full");
    std::ranges::move(written_, std::back_inserter(disk_.durable));
    std::ranges::move(work_, std::back_inserter(disk_.durable_work));
    ++disk_.batches;
    return {};
  }

 private:
  Disk& disk_;
  std::vector<std::string> written_;
  std::vector<std::string> work_;
  std::size_t mark_ = 0;
  bool has_raised_ = false;
};

class FakeStore final : public Store {
 public:
  explicit FakeStore(Disk& disk) : disk_(disk) {}
  std::unique_ptr<StoreBatch> begin(std::span<const Event* const>) override {
    return std::make_unique<FakeBatch>(disk_);
  }
  std::unique_ptr<StoreReader> reader() override { return nullptr; }
  void tidy() override {}
  Result<void> probe() override {
    if (disk_.commit_fails) return failure(ErrorKind::unavailable, "disk full");
    return {};
  }

 private:
  Disk& disk_;
};

/// Names each event after its call, so that a test can see what was written; a name the store knows is a
/// duplicate.
struct NamingDecider final : Decider {
  Metric counted_as = Metric::calls_ended;     ///< an event that is new
  std::map<std::string, Instant> happened_at;  ///< as statuses of calls say
  std::map<std::string, Instant> decided_at;   ///< the last time
  Commit decide(const Event& event, FactReader& facts, Instant now) override {
    Commit commit;
    decided_at[correlation_id(event)] = now;
    commit.is_left_open = correlation_id(event) == "CAopen" && !facts.are_records_known();
    commit.greeting = Greeting::will_text;
    if (const auto* change = std::get_if<CallStatusChange>(&event); change && change->at) {
      happened_at[change->call.call_sid.text()] = *change->at;
    }
    commit.event_key = correlation_id(event);
    commit.is_duplicate = facts.has_event({}, commit.event_key);
    commit.counts.push_back({commit.is_duplicate ? Metric::events_duplicate : counted_as, {}});
    if (commit.event_key == "CAbug") throw std::logic_error("a bug");
    if (commit.event_key == "CAalert") commit.alerts.emplace_back();
    if (const auto* text = std::get_if<InboundText>(&event)) {
      commit.learned.push_back({{}, *text->sender.number(), PhoneFact::opted_out, true});
    }
    // Its number has become another's: only the store knows what it was when the call began.
    if (commit.event_key == "CAmoved") {
      const Purpose purpose = facts.are_records_known() ? Purpose::failsafe : Purpose::customer_intake;
      commit.text = a_text_of(commit.event_key).promise;
      commit.text->id.purpose = purpose;
    }
    return commit;
  }
  std::optional<VoiceAnswer> answer_without_facts(const Event&) override {
    return VoiceAnswer{Greeting::no_text, "Sorry."};
  }
};

Event an_event(const std::string& sid) {
  return IncomingCall{{.call_sid = *CallSid::parse(sid),
                       .caller = Caller::parse("+14155550123"),
                       .number = {},
                       .number_text = {},
                       .forwarded_from = {},
                       .parent = {}}};
}

class LedgerTest : public testing::Test {
 protected:
  /// Submits an event; its answer appears in `answers` under its name: "durable" or the error.
  void submit(const std::string& sid) {
    ledger.submit(an_event(sid), [this, sid](const Result<Receipt>& receipt) {
      answers[sid] = receipt ? "durable" : receipt.error().message;
      const bool is_durable = std::ranges::find(disk.durable, sid) != disk.durable.end();
      EXPECT_EQ(receipt.has_value(), is_durable) << "answered before durable";
    });
  }
  void submit_work(const std::string& name, bool fails) {
    ledger.submit(JournalWork{[name, fails](StoreBatch& batch, Instant now) -> Result<void> {
                                batch.record_accepted({}, name, now);
                                if (fails) return invalid("no");
                                return {};
                              },
                              [this, name](const Result<void>& result) {
                                answers[name] = result ? "durable" : result.error().message;
                              }});
  }

  Disk disk;
  FakeStore store{disk};
  NamingDecider decider;
  StillClock clock;
  NoMeter meter;
  NoLog log;
  std::map<std::string, std::string> answers;
  std::vector<std::string> handed_on;  ///< the calls of the promised texts, as the outbox gets them
  std::vector<MadeDue> made_due;
  Ledger ledger{{store, decider, nullptr, nullptr, clock, meter, log},
                [this](MadeDue due) {
                  for (const TextRecord& text : due.texts) handed_on.push_back(text.promise.id.cause);
                  made_due.push_back(std::move(due));
                },
                {.batch_events_max = 8, .batch_work_max = 8, .events_waiting_max = 16, .work_waiting_max = 4}};
};

// Goal: waiting events share one transaction, and nobody is answered before it is durable.
TEST_F(LedgerTest, EventsThatWaitTogetherAreCommittedTogether) {
  for (const char* sid : {"CA1", "CA2", "CA3"}) submit(sid);
  EXPECT_TRUE(answers.empty());
  EXPECT_TRUE(ledger.commit_waiting());
  EXPECT_EQ(disk.batches, 1);
  EXPECT_EQ(answers.size(), 3U);
  EXPECT_FALSE(ledger.commit_waiting()) << "nothing waits any more";
}

// Goal: two callbacks about one call in one batch see each other, so a caller is not texted twice.
// Method: the same event twice in a batch, and once more in the next; it is written once, and all are answered.
TEST_F(LedgerTest, EventsOfOneBatchSeeEachOther) {
  submit("CA1");
  submit("CA1");
  ledger.commit_waiting();
  EXPECT_EQ(disk.durable, std::vector<std::string>{"CA1"});
  EXPECT_EQ(disk.batches, 1);
  submit("CA1");
  ledger.commit_waiting();
  EXPECT_EQ(disk.durable, std::vector<std::string>{"CA1"});
  EXPECT_EQ(answers["CA1"], "durable");
}

// Goal: the outbox is handed what is durable, in order, and nothing else: a text for a call that nobody
// remembers could be sent twice.
// Method: a batch whose commit fails, then one that is durable.
TEST_F(LedgerTest, HandsOnPromisedTextsOnlyWhenTheyAreDurable) {
  disk.promises_texts = true;
  disk.commit_fails = true;
  submit("CA1");
  ledger.commit_waiting();
  EXPECT_TRUE(handed_on.empty());
  disk.commit_fails = false;
  submit("CA2");
  submit("CA3");
  ledger.commit_waiting();
  EXPECT_EQ(handed_on, (std::vector<std::string>{"CA2", "CA3"}));
}

// Goal: an incident pages the operator when it opens, once, with the command that lists its calls.
// Method: a look that opens an incident, then one that adds calls to it.
TEST_F(LedgerTest, AnIncidentThatOpensPages) {
  disk.look = {.calls_added = 2, .opened = IncidentId{4}, .closed = {}};
  look_for_overdue_calls(ledger, log, LongestWaits{});
  ledger.commit_waiting();
  ASSERT_EQ(disk.raised.size(), 1U);
  EXPECT_EQ(disk.raised[0].kind, AlertKind::incident_open);
  EXPECT_EQ(disk.raised[0].severity, Severity::critical);
  EXPECT_EQ(disk.raised[0].audience, Audience::operator_);
  EXPECT_NE(disk.raised[0].summary.find("jobrun calls list --open"), std::string::npos);
  disk.look = {.calls_added = 1, .opened = {}, .closed = {}};
  look_for_overdue_calls(ledger, log, LongestWaits{});
  ledger.commit_waiting();
  EXPECT_EQ(disk.raised.size(), 1U);
}

// Goal: when the batch cannot be made durable nothing is acknowledged, and the ledger serves again later.
TEST_F(LedgerTest, AFailedCommitAcknowledgesNothing) {
  disk.commit_fails = true;
  submit("CA1");
  submit_work("work", false);
  ledger.commit_waiting();
  EXPECT_EQ(answers["CA1"], "disk full");
  EXPECT_EQ(answers["work"], "disk full");
  EXPECT_TRUE(disk.durable.empty());
  EXPECT_FALSE(ledger.is_healthy());

  disk.commit_fails = false;
  submit("CA2");
  ledger.commit_waiting();
  EXPECT_EQ(answers["CA2"], "durable");
  EXPECT_TRUE(ledger.is_healthy());
}

// Goal: one event that cannot be written, or decided, does not take its batch down.
TEST_F(LedgerTest, OneBadEventDoesNotSilenceTheOthers) {
  disk.poison = "CA2";
  for (const char* sid : {"CA1", "CA2", "CAbug", "CA3"}) submit(sid);
  submit_work("work", false);
  ledger.commit_waiting();
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA3"}));
  EXPECT_EQ(answers["CA1"], "durable");
  EXPECT_EQ(answers["CA3"], "durable");
  EXPECT_EQ(answers["CA2"], "this one cannot be written");
  EXPECT_EQ(answers["CAbug"], "a bug");
  EXPECT_EQ(answers["work"], "durable");
}

// Goal: a piece of work that fails is undone alone.
TEST_F(LedgerTest, FailedWorkIsUndoneAlone) {
  submit_work("kept", false);
  submit_work("refused", true);
  ledger.commit_waiting();
  EXPECT_EQ(disk.durable_work, std::vector<std::string>{"kept"});
  EXPECT_EQ(answers["refused"], "no");
}

// Goal: whoever sends alerts is told at once of a durable batch that raised some, and of no other.
// Method: batches with an alert of an event, an alert of work, neither, and one that is not made durable.
TEST_F(LedgerTest, TellsOfRaisedAlertsOnceTheyAreDurable) {
  const auto raise = [this] {
    ledger.submit(JournalWork{[](StoreBatch& batch, Instant now) -> Result<void> {
                                batch.raise({}, now);
                                return {};
                              },
                              [](const Result<void>&) {}});
  };
  submit("CA1");
  submit_work("work", false);
  ledger.commit_waiting();
  EXPECT_TRUE(made_due.empty());

  disk.commit_fails = true;
  raise();
  ledger.commit_waiting();
  EXPECT_TRUE(made_due.empty()) << "told before it was durable";

  disk.commit_fails = false;
  raise();
  ledger.commit_waiting();
  ASSERT_EQ(made_due.size(), 1U);
  EXPECT_TRUE(made_due[0].alerts);

  submit("CAalert");
  ledger.commit_waiting();
  ASSERT_EQ(made_due.size(), 2U);
  EXPECT_TRUE(made_due[1].alerts);
}

// Goal: the queues are bounded; what does not fit is refused at once and said so.
TEST_F(LedgerTest, AFullQueueRefusesAtOnce) {
  for (int i = 0; i < 17; ++i) submit("CA" + std::to_string(100 + i));
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_NE(answers["CA116"].find("too many"), std::string::npos);
  for (int i = 0; i < 5; ++i) submit_work("work" + std::to_string(i), false);
  EXPECT_EQ(answers.size(), 2U);
  while (ledger.commit_waiting()) {
  }
  EXPECT_EQ(disk.durable.size(), 16U);
  EXPECT_EQ(disk.batches, 2) << "at most 8 events a batch";
}

// Goal: after stop() nothing new is taken, and what waited is still committed and answered.
TEST_F(LedgerTest, StoppingDrainsWhatWaits) {
  submit("CA1");
  ledger.stop();
  submit("CA2");
  EXPECT_NE(answers["CA2"], "durable");
  {
    const WriterThread writer(ledger);
  }
  EXPECT_EQ(answers["CA1"], "durable");
}

// Goal: many threads submitting at once are each answered exactly once, durably.
TEST_F(LedgerTest, AnswersEverySubmitterOnceUnderConcurrency) {
  Disk many;
  FakeStore big(many);
  Ledger shared({big, decider, nullptr, nullptr, clock, meter, log}, [](MadeDue) {});
  std::atomic<int> answered = 0;
  constexpr int threads = 4;
  constexpr int each = 500;
  {
    const WriterThread writer(shared);
    std::vector<std::jthread> callers;
    for (int t = 0; t < threads; ++t) {
      callers.emplace_back([&shared, &answered, t] {
        for (int i = 0; i < each; ++i) {
          shared.submit(an_event("CA" + std::to_string(t) + "-" + std::to_string(i)),
                        [&answered](const Result<Receipt>& receipt) { answered += receipt ? 1 : 0; });
        }
      });
    }
  }
  EXPECT_EQ(answered, threads * each);
  EXPECT_EQ(std::set<std::string>(many.durable.begin(), many.durable.end()).size(), std::size_t{threads * each});
}

// --- with a spool ---------------------------------------------------------------------------------

struct MovingClock final : Clock {
  std::atomic<std::int64_t> passed_ms = 0;
  Instant now() const override { return from_unix_ms(1'767'441'600'000 + passed_ms); }
  std::chrono::nanoseconds monotonic() const override { return std::chrono::milliseconds(passed_ms.load()); }
};

std::string sid_of(const SpoolRecord& record) {
  return call_details(std::get<SpooledEvent>(record).event).call_sid.text();
}

/// A spool in memory.
struct FakeSpool final : Spool {
  std::vector<SpoolRecord> events;
  std::vector<std::string> aside;
  std::size_t forgotten = 0;
  bool fails = false;
  Result<void> append(std::span<const SpoolRecord> added) override {
    if (fails) return failure(ErrorKind::unavailable, "the spool fails");
    events.insert(events.end(), added.begin(), added.end());
    return {};
  }
  Result<std::vector<SpoolRecord>> oldest(std::size_t most) override {
    if (fails) return failure(ErrorKind::unavailable, "the spool fails");
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, events.size()));
    return std::vector(events.begin(), events.begin() + count);
  }
  void forget_oldest(std::size_t count) override {
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(count));
    forgotten += count;
  }
  Result<std::vector<SpoolRecord>> all() override { return events; }
  Result<void> set_aside(const SpoolRecord& record) override {
    aside.push_back(sid_of(record));
    return {};
  }
  bool is_empty() const override { return events.empty(); }
  std::int64_t damaged() const override { return 0; }
};

class LedgerWithSpool : public testing::Test {
 protected:
  void submit(const std::string& sid) {
    ledger.submit(an_event(sid), [this, sid](const Result<Receipt>& receipt) {
      ++answered[sid];
      answers[sid] = !receipt                            ? receipt.error().message
                     : receipt->kept_by == KeptBy::spool ? "spooled"
                                                         : "durable";
      if (receipt && receipt->kept_by == KeptBy::spool) {
        EXPECT_EQ(receipt->answer->greeting, Greeting::no_text);
        const auto is_it = [&sid](const SpoolRecord& kept) { return sid_of(kept) == sid; };
        EXPECT_TRUE(std::ranges::any_of(spool.events, is_it)) << "answered before it was in the spool";
      }
    });
  }
  void run() {
    while (ledger.commit_waiting()) {
    }
  }

  Disk disk;
  FakeStore store{disk};
  FakeSpool spool;
  NamingDecider decider;
  MovingClock clock;
  NoMeter meter;
  NoLog log;
  std::map<std::string, std::string> answers;
  std::map<std::string, int> answered;
  std::vector<std::string> handed_on;
  Ledger ledger{{store, decider, &spool, nullptr, clock, meter, log},
                [this](MadeDue due) {
                  for (const TextRecord& text : due.texts) handed_on.push_back(text.promise.id.cause);
                },
                {.batch_events_max = 8, .replay_max = 3}};
};

/// In memory, and all that it keeps goes to the spool.
class FakeStandIn final : public StandIn {
 public:
  FakeStandIn(Disk& memory, FakeSpool& spool) : memory_(memory), spool_(spool) {}
  std::unique_ptr<StandInBatch> begin() override { return std::make_unique<Batch>(memory_, spool_); }
  std::unique_ptr<StandInBatch> begin_restoring() override { return begin(); }
  std::vector<TextRecord> promised_texts(TextRow, std::int64_t) override { return {}; }
  void clear() override {}

 private:
  class Batch final : public ForwardingBatch<StandInBatch> {
   public:
    Batch(Disk& memory, FakeSpool& spool) : ForwardingBatch(std::make_unique<FakeBatch>(memory)), spool_(spool) {}
    bool are_records_known() override { return false; }
    void keep(SpoolRecord record) override { kept_.push_back(std::move(record)); }
    Result<void> commit() override { return spool_.append(kept_); }
    Result<void> hold() override { return failure(ErrorKind::unavailable, "nothing is held here"); }

   private:
    FakeSpool& spool_;
    std::vector<SpoolRecord> kept_;
  };
  Disk& memory_;
  FakeSpool& spool_;
};

// Goal: what nobody could decide while the store was away is decided once it is back, by its facts and as of then;
// what was decided is built upon, and stays as of when it was.
// Method: one of each, an hour before the store is back.
TEST_F(LedgerWithSpool, WhatWasLeftOpenIsDecidedOnceMore) {
  Disk memory;
  FakeStandIn stand_in(memory, spool);
  Ledger with_stand_in{{store, decider, &spool, &stand_in, clock, meter, log}, [](MadeDue) {}, {}};
  const auto run_it = [&] {
    while (with_stand_in.commit_waiting()) {
    }
  };
  disk.commit_fails = true;
  for (const char* sid : {"CAopen", "CA1"}) {
    with_stand_in.submit(an_event(sid), [](const Result<Receipt>& receipt) { EXPECT_TRUE(receipt); });
  }
  run_it();
  ASSERT_EQ(spool.events.size(), 2U);
  EXPECT_FALSE(std::get<SpooledEvent>(spool.events[0]).is_decided);
  EXPECT_TRUE(std::get<SpooledEvent>(spool.events[1]).is_decided);
  const Instant then = clock.now();
  clock.passed_ms += 3'600'000;
  disk.commit_fails = false;
  with_stand_in.store_is_well();
  run_it();
  EXPECT_TRUE(spool.is_empty());
  EXPECT_EQ(decider.decided_at["CAopen"], clock.now());
  EXPECT_EQ(decider.decided_at["CA1"], then);
}

// Goal: what the store cannot take is acknowledged from the spool; until a probe has succeeded the store is not
// tried again; then the spool is replayed, once, before what comes then.
// Method: a store that fails for three batches, and is well before anybody has probed it.
TEST_F(LedgerWithSpool, TakesWhatTheStoreCannot) {
  disk.commit_fails = true;
  for (const char* sid : {"CA1", "CA2"}) submit(sid);
  run();
  EXPECT_TRUE(ledger.is_spooling());
  EXPECT_TRUE(ledger.is_healthy());
  disk.commit_fails = false;
  for (const char* sid : {"CA3", "CA4", "CA5"}) submit(sid);
  run();
  EXPECT_EQ(disk.batches, 0);
  for (const char* sid : {"CA1", "CA2", "CA3", "CA4", "CA5"}) EXPECT_EQ(answers[sid], "spooled");
  EXPECT_EQ(meter.counted[Metric::events_spooled], 5);

  ledger.store_is_well();
  submit("CA6");
  run();
  submit("CA7");
  run();
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA2", "CA3", "CA4", "CA5", "CA6", "CA7"}));
  EXPECT_TRUE(spool.is_empty());
  EXPECT_EQ(answers["CA6"], "spooled") << "what is older goes first";
  EXPECT_EQ(answers["CA7"], "durable");
  for (const auto& [sid, times] : answered) EXPECT_EQ(times, 1) << sid;
}

// Goal: an opt-out that came while the store was away is counted when the store has it.
// Method: one text, spooled and replayed.
TEST_F(LedgerWithSpool, CountsTheOptOutsOfAnOutage) {
  disk.commit_fails = true;
  ledger.submit(InboundText{.message_sid = "SMstop",
                            .sender = Caller::parse("+14155550101"),
                            .number = std::nullopt,
                            .number_text = "+14155550100",
                            .body = "STOP"},
                [](const Result<Receipt>&) {});
  run();
  EXPECT_EQ(meter.counted[Metric::opt_outs], 0);
  disk.commit_fails = false;
  ledger.store_is_well();
  submit("CA1");
  run();
  EXPECT_EQ(meter.counted[Metric::opt_outs], 1);
}

// Goal: no text is started before all of the spool is in the store: in it may be who has opted out.
// Method: more events in the spool than one batch replays, and a piece of work that is there from the
// beginning.
TEST_F(LedgerWithSpool, WorkWaitsUntilTheSpoolIsReplayed) {
  disk.commit_fails = true;
  for (const char* sid : {"CA1", "CA2", "CA3", "CA4", "CA5", "CA6", "CA7"}) submit(sid);
  run();
  ASSERT_EQ(spool.events.size(), 7U);
  disk.commit_fails = false;
  std::optional<std::size_t> known;
  ledger.submit(JournalWork{[&](StoreBatch& batch, Instant) -> Result<void> {
                              known = 0;
                              for (const char* sid : {"CA1", "CA2", "CA3", "CA4", "CA5", "CA6", "CA7"}) {
                                *known += batch.has_event({}, sid) ? 1 : 0;
                              }
                              return {};
                            },
                            [](const Result<void>& done) { EXPECT_TRUE(done); }});
  ledger.store_is_well();
  run();
  EXPECT_EQ(known, 7U);
  EXPECT_TRUE(spool.is_empty());
}

// Goal: an inbound text that the spool takes is dated then: of what a phone says the last word holds.
TEST_F(LedgerWithSpool, AnInboundTextIsDatedWhenItComes) {
  disk.commit_fails = true;
  ledger.submit(InboundText{.message_sid = "SM1",
                            .sender = Caller::parse("+14155550123"),
                            .number = {},
                            .number_text = {},
                            .body = "STOP"},
                [](const Result<Receipt>& receipt) { EXPECT_TRUE(receipt && receipt->kept_by == KeptBy::spool); });
  run();
  ASSERT_EQ(spool.events.size(), 1U);
  EXPECT_EQ(std::get<InboundText>(std::get<SpooledEvent>(spool.events[0]).event).at, clock.now());
}

// Goal: that another store is used is told, and that the usual one is again once it has all of the spool: then its
// promised texts can be read there. Events that it had kept all the while are known.
// Method: a store that keeps a batch and says it failed.
TEST_F(LedgerWithSpool, TellsWhichStoreIsUsedAndKnowsWhatIsKept) {
  std::vector<bool> told;
  ledger.set_on_store_changed([&](bool is_standing_in) {
    told.push_back(is_standing_in);
    EXPECT_EQ(spool.is_empty(), told.size() == 1 || !is_standing_in);
  });
  disk.commit_fails = true;
  submit("CA1");
  submit("CA2");
  run();
  EXPECT_EQ(told, std::vector<bool>{true});
  disk.commit_fails = false;
  disk.durable.push_back("CA1");
  ledger.store_is_well();
  run();
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA2"}));
}

// Goal: each event is counted once, also one whose batch was durable although its commit said otherwise, and that
// comes back as a duplicate, from the spool or from the carrier; one that was not durable is counted when it is.
// Method: a store that fails a commit and keeps one of its two events; with a spool that takes them, and with one
// that fails; then both come again, and once more.
TEST_F(LedgerWithSpool, WhatWasDurableInSecretIsCountedWhenItComesBack) {
  for (const bool spool_fails : {false, true}) {
    const std::string kept = spool_fails ? "CA1" : "CA3";
    const std::string lost = spool_fails ? "CA2" : "CA4";
    meter.counted.clear();
    disk.commit_fails = true;
    spool.fails = spool_fails;
    submit(kept);
    submit(lost);
    run();
    disk.durable.push_back(kept);
    EXPECT_EQ(meter.counted[Metric::calls_ended], 0);
    disk.commit_fails = false;
    spool.fails = false;
    ledger.store_is_well();
    for (int times = 0; times < 2; ++times) {
      submit(kept);
      submit(lost);
      run();
      EXPECT_EQ(meter.counted[Metric::calls_ended], 2);
    }
  }
}

// Goal: of several tries that failed the one that was durable is counted.
// Method: an event decided anew at each try; its first try is not kept, its second one is, in secret.
TEST_F(LedgerWithSpool, TheTryThatWasDurableIsCounted) {
  disk.commit_fails = true;
  submit("CA1");
  run();
  decider.counted_as = Metric::texts_promised;
  ledger.store_is_well();
  run();
  disk.durable.push_back("CA1");
  disk.commit_fails = false;
  ledger.store_is_well();
  run();
  EXPECT_EQ(meter.counted[Metric::calls_ended], 0);
  EXPECT_EQ(meter.counted[Metric::texts_promised], 1);
}

// Goal: a status that is replayed says when it came, unless it said when it happened; and a caller has heard
// what he has heard.
// Method: a call's status, one from the carrier's list, and a voice webhook; replayed ten minutes later.
TEST_F(LedgerWithSpool, ReplayKnowsWhenTheEventCame) {
  disk.commit_fails = true;
  const Instant came = clock.now();
  const auto status_of = [](const std::string& sid, std::optional<Instant> at) {
    CallStatusChange change{
        .call = call_details(an_event(sid)), .status = CallStatus::completed, .status_text = {}};
    change.at = at;
    return change;
  };
  const auto nobody = [](const Result<Receipt>&) {};
  ledger.submit(status_of("CAtold", std::nullopt), nobody);
  ledger.submit(status_of("CAlisted", came - Duration{60'000}), nobody);
  submit("CAvoice");
  run();
  clock.passed_ms = 600'000;
  disk.commit_fails = false;
  ledger.store_is_well();
  run();
  EXPECT_EQ(decider.happened_at.at("CAtold"), came);
  EXPECT_EQ(decider.happened_at.at("CAlisted"), came - Duration{60'000});
  EXPECT_EQ(disk.greetings.at("CAvoice"), Greeting::no_text);
}

// Goal: all that waits is answered, however many batches that takes.
// Method: more events than a batch holds, while the store fails.
TEST_F(LedgerWithSpool, AnswersAllThatWaits) {
  disk.commit_fails = true;
  for (int i = 0; i < 20; ++i) submit("CA" + std::to_string(i));
  run();
  EXPECT_EQ(spool.events.size(), 20U);
  EXPECT_EQ(answers.size(), 20U);
}

// Goal: when the spool fails too, nobody is told that an event was kept.
TEST_F(LedgerWithSpool, WhatNeitherTakesIsRefused) {
  disk.commit_fails = true;
  spool.fails = true;
  submit("CA1");
  run();
  EXPECT_EQ(answers["CA1"], "the spool fails");
  EXPECT_FALSE(ledger.is_healthy());
  spool.fails = false;
  submit("CA2");
  run();
  EXPECT_EQ(answers["CA2"], "spooled");
  EXPECT_TRUE(ledger.is_healthy());
}

// Goal: an event that a healthy store does not take is refused, and takes no other to the spool; one that is in
// the spool is set aside, and keeps no other waiting.
TEST_F(LedgerWithSpool, OnePoisonousEventHoldsNobodyUp) {
  disk.poison = "CApoison";
  for (const char* sid : {"CA1", "CApoison", "CA2"}) submit(sid);
  run();
  EXPECT_FALSE(ledger.is_spooling());
  EXPECT_EQ(answers["CApoison"], "this one cannot be written");
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA2"}));

  disk.commit_fails = true;
  disk.poison.clear();
  for (const char* sid : {"CA3", "CAbad", "CA4"}) submit(sid);
  run();
  disk.poison = "CAbad";
  disk.commit_fails = false;
  ledger.store_is_well();
  run();
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA2", "CA3", "CA4"}));
  EXPECT_EQ(spool.aside, std::vector<std::string>{"CAbad"});
  EXPECT_TRUE(spool.is_empty());
  EXPECT_FALSE(ledger.is_spooling());
}

// Goal: a store that fails again while the spool is replayed loses nothing.
TEST_F(LedgerWithSpool, AReplayThatFailsIsRepeated) {
  disk.commit_fails = true;
  for (int i = 0; i < 5; ++i) submit("CA" + std::to_string(i));
  run();
  ledger.store_is_well();
  run();
  EXPECT_TRUE(ledger.is_spooling());
  EXPECT_EQ(spool.events.size(), 5U);
  EXPECT_FALSE(ledger.replay_all());
  disk.commit_fails = false;
  EXPECT_TRUE(ledger.replay_all());
  EXPECT_EQ(disk.durable.size(), 5U);
}

// Goal: while a commit is late, its events and those that come are acknowledged from the spool; when it succeeds
// after all, nobody is answered twice, its texts are left for when all is reconciled, and its events are known
// again.
// Method: a store that waits in its commit until told.
TEST_F(LedgerWithSpool, IsRelievedOfALateCommit) {
  disk.promises_texts = true;
  disk.holds_commits = true;
  submit("CA1");
  std::thread writer([this] { ledger.commit_waiting(); });
  disk.wait_until_held();
  EXPECT_FALSE(ledger.relieve_writer()) << "not late yet";
  clock.passed_ms = 1'000;
  submit("CA2");
  EXPECT_TRUE(ledger.relieve_writer());
  EXPECT_EQ(answers["CA1"], "spooled");
  EXPECT_EQ(answers["CA2"], "spooled");
  submit("CA3");
  EXPECT_TRUE(ledger.relieve_writer());
  EXPECT_FALSE(ledger.relieve_writer());
  EXPECT_EQ(answers["CA3"], "spooled");
  disk.let_go();
  writer.join();
  EXPECT_TRUE(handed_on.empty());
  ledger.store_is_well();
  run();
  EXPECT_EQ(disk.durable, (std::vector<std::string>{"CA1", "CA2", "CA3"}));
  for (const auto& [sid, times] : answered) EXPECT_EQ(times, 1) << sid;
}

// Goal: the same when the late commit fails; and the work in it is told so.
TEST_F(LedgerWithSpool, IsRelievedOfACommitThatFailsLate) {
  disk.holds_commits = true;
  submit("CA1");
  std::string work;
  ledger.submit(JournalWork{[](StoreBatch&, Instant) -> Result<void> { return {}; },
                            [&work](const Result<void>& result) { work = result ? "done" : "failed"; }});
  std::thread writer([this] { ledger.commit_waiting(); });
  disk.wait_until_held();
  clock.passed_ms = 1'000;
  EXPECT_TRUE(ledger.relieve_writer());
  disk.commit_fails = true;
  disk.let_go();
  writer.join();
  EXPECT_EQ(work, "failed");
  EXPECT_EQ(answered["CA1"], 1);
  EXPECT_EQ(spool.events.size(), 1U);
}

// Goal: what the store may have promised for an event is what stands in for it promises too, so that nobody is
// texted twice because of one call. Method: a call that is decided otherwise without the store; its commit is
// late, and another one fails at once.
TEST_F(LedgerWithSpool, WhatIsInDoubtIsNotDecidedOtherwise) {
  Disk memory;
  memory.promises_texts = true;
  FakeStandIn stand_in(memory, spool);
  for (const bool is_late : {true, false}) {
    Ledger with_stand_in{{store, decider, &spool, &stand_in, clock, meter, log}, [](MadeDue) {}, {}};
    with_stand_in.submit(an_event("CAmoved"), [](const Result<Receipt>& receipt) { EXPECT_TRUE(receipt); });
    disk.holds_commits = is_late;
    disk.commit_fails = !is_late;
    std::thread writer([&] { with_stand_in.commit_waiting(); });
    if (is_late) {
      disk.wait_until_held();
      clock.passed_ms += 1'000;
      EXPECT_TRUE(with_stand_in.relieve_writer());
      disk.let_go();
    }
    writer.join();
    ASSERT_FALSE(spool.events.empty());
    const std::optional<PromisedText> promised = std::get<SpooledEvent>(spool.events.back()).promised;
    ASSERT_TRUE(promised);
    EXPECT_EQ(promised->id.purpose, Purpose::failsafe);
    spool.events.clear();
  }
}

// Goal: whoever relieves the writer comes by himself, and both end.
TEST_F(LedgerWithSpool, TheWritersThreadIsRelieved) {
  disk.holds_commits = true;
  {
    const WriterThread threads(ledger);
    submit("CA1");
    disk.wait_until_held();
    clock.passed_ms = 1'000;
    while (!ledger.is_spooling()) std::this_thread::yield();
    disk.let_go();
  }
  EXPECT_EQ(answers["CA1"], "spooled");
}

}  // namespace
}  // namespace jobrun::ledger
