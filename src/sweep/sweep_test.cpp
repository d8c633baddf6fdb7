#include "sweep/sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "outbox/testing/fake_world.hpp"
#include "sweep_test_support.hpp"

namespace jobrun::sweep {
namespace {

namespace fake = outbox::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::unexpected<Error> no_answer() {
  return failure(ErrorKind::unavailable, "no answer came within the time that it may take");
}

/// The carrier, which answers when told to.
struct FakeCalls final : CarrierCalls {
  void list_calls(CallWindow window, Listed done) override {
    windows.push_back(window);
    lists.push_back(std::move(done));
  }
  void list_children(CallSid parent, Listed done) override {
    parents.push_back(parent.text());
    done(are_children_told ? Result<std::vector<ListedCall>>(children) : no_answer());
  }
  void find_call(CallSid call_sid, FoundCall done) override {
    asked_about.push_back(call_sid.text());
    const auto found = calls.find(call_sid.text());
    done(found == calls.end() ? Result<ListedCall>(no_answer()) : Result<ListedCall>(found->second));
  }
  void tell(Result<std::vector<ListedCall>> list) {
    const Listed done = std::move(lists.at(0));
    lists.pop_front();
    done(std::move(list));
  }
  std::vector<CallWindow> windows;
  std::deque<Listed> lists;
  std::vector<std::string> asked_about, parents;
  std::map<std::string, ListedCall> calls;
  std::vector<ListedCall> children;
  bool are_children_told = true;
};

struct FakeTexts final : CarrierTexts {
  void list_texts(TextsWindow window, ListedTexts done) override {
    windows.push_back(window);
    done(is_told ? Result<TextsList>(list) : no_answer());
  }
  std::vector<TextsWindow> windows;
  TextsList list;
  bool is_told = true;
};

struct FakeNumbers final : CarrierNumbers {
  void list_numbers(Done done) override {
    ++asked;
    done(answer);
  }
  NumbersAnswer answer = CannotTell{"not asked for"};
  int asked = 0;
};

/// The door for events; keeps what comes in, or refuses it.
struct FakeSink final : EventSink {
  void submit(Event event, Done done) override {
    if (refuses) return done(no_answer());
    if (const auto* text = std::get_if<InboundText>(&event)) {
      texts.push_back(*text);
    } else {
      ends.push_back(std::get<CallStatusChange>(event));
    }
    done(Receipt{});
  }
  std::vector<std::string> sids() const {
    std::vector<std::string> found;
    for (const CallStatusChange& end : ends) found.push_back(end.call.call_sid.text());
    return found;
  }
  bool has_text(const std::string& sid) const {
    return std::ranges::count(texts, sid, &InboundText::message_sid) > 0;
  }
  std::vector<CallStatusChange> ends;
  std::vector<InboundText> texts;
  bool refuses = false;
};

/// A sweep whose carrier and ledger are in the test's hands.
class SweepTest : public ::testing::Test {
 protected:
  SweepTest() { start(); }

  void start() {
    sweep = std::make_unique<Sweep>(
        Sweep::Ports{
            .calls = calls,
            .texts = sweeps_texts ? &texts : nullptr,
            .numbers = numbers,
            .events = sink,
            .journal = journal,
            .known = {.mark =
                          [this](SweptList list) {
                            if (is_store_away) throw StoreFailure("gone");
                            const auto mark = contents.sweep_marks.find(list);
                            return mark == contents.sweep_marks.end() ? std::nullopt : std::optional(mark->second);
                          },
                      .installed_at = [this] { return installed_at; },
                      .has_ended =
                          [this](const CallSid& call) { return std::ranges::count(sink.sids(), call.text()) > 0; },
                      .calls_without_end =
                          [this](Instant before, std::int64_t) {
                            asked_before = before;
                            return without_end;
                          },
                      .has_text = [this](const std::string& sid) { return sink.has_text(sid); },
                      .number = [](E164 number) { return number == called; },
                      .can_be_kept = [this] { return !is_spooling; }},
            .meter = meter,
            .log = log,
            .clock = clock,
            .random = random},
        options);
  }

  ListedCall a_call(const std::string& call_sid, CallStatus status = CallStatus::no_answer) {
    return a_listed_call(call_sid, status, clock.now() - 2 * minute, clock.now() - minute);
  }
  /// Pumps until nothing is left to do at this moment.
  void settle() {
    for (int i = 0; i < 6; ++i) {
      sweep->pump();
      journal.run_all(journal_fate);
    }
  }
  /// A sweep that the carrier answers so.
  void run(Result<std::vector<ListedCall>> list) {
    settle();
    ASSERT_EQ(calls.lists.size(), 1U);
    calls.tell(std::move(list));
    settle();
  }

  fake::ManualClock clock;
  fake::StoreContents contents;
  fake::FakeJournal journal{contents, clock};
  fake::Fate journal_fate = fake::Fate::durable;
  fake::RecordingMeter meter;
  fake::RecordingLog log;
  fake::SeededRandom random;
  FakeCalls calls;
  FakeTexts texts;
  bool sweeps_texts = false;
  FakeNumbers numbers;
  FakeSink sink;
  Instant installed_at = clock.now() - 48 * hour;
  Instant asked_before{};
  std::vector<CallSid> without_end;
  bool is_store_away = false;
  bool is_spooling = false;
  SweepOptions options{.public_url = "https://jobrun.example.com"};
  std::unique_ptr<Sweep> sweep;
};

// Goal: while events go to the spool nothing is swept: the ledger knows of none of them, and each would be found
// again and again. Once they reach the store it is made up for at once; meanwhile the age tells of it.
// Method: an hour of spooling, pumped every minute; then a list.
TEST_F(SweepTest, WaitsWhileEventsGoToTheSpool) {
  is_spooling = true;
  for (int minutes = 0; minutes < 60; ++minutes) {
    settle();
    clock.advance(minute);
  }
  EXPECT_TRUE(calls.windows.empty());
  settle();
  EXPECT_EQ(contents.alerts.size(), 1U) << "of the sweep that fails";
  is_spooling = false;
  run(std::vector{a_call("CA1")});
  EXPECT_THAT(sink.sids(), ElementsAre("CA1"));
}

// Goal: what no webhook told of is served at the start, once, and the mark then stands behind it.
// Method: two ended calls and one that goes on; then the same list again.
TEST_F(SweepTest, FeedsInWhatIsMissingAndAdvances) {
  const ListedCall going_on = a_call("CA3", CallStatus::in_progress);
  run(std::vector{a_call("CA1"), going_on, a_call("CA2", CallStatus::canceled)});
  EXPECT_THAT(sink.sids(), ElementsAre("CA1", "CA2"));
  EXPECT_EQ(contents.sweep_marks[SweptList::calls], going_on.started_at);
  EXPECT_EQ(calls.windows.at(0).from, clock.now() - options.reach.window_max);

  clock.advance(options.every - Duration{1});
  settle();
  EXPECT_THAT(calls.lists, IsEmpty()) << "not before its time";
  clock.advance(Duration{1});
  run(std::vector{a_call("CA1"), going_on});
  EXPECT_THAT(sink.sids(), ElementsAre("CA1", "CA2"));
  EXPECT_EQ(calls.windows.at(1).from, going_on.started_at - options.reach.overlap);
}

// Goal: texts that no webhook told of are fed in once, and the texts' own mark then stands behind them.
// Method: two texts, one of them only just sent, one of which the ledger knows, one to a number that brings
// its texts elsewhere; then the same list a minute later.
TEST_F(SweepTest, FeedsInTextsThatAreMissing) {
  sweeps_texts = true;
  start();
  CarrierNumberList ours;
  ours.numbers = {{.number = called, .sms_url = "https://jobrun.example.com/twilio/sms"},
                  {.number = elsewhere,
                   .voice = {"https://jobrun.example.com/twilio/voice", "POST"},
                   .sms_url = "https://elsewhere.example.com/sms"}};
  numbers.answer = ours;
  const Instant just_now = clock.now() - second;
  texts.list = {{a_listed_text("SM1", clock.now() - minute), a_listed_text("SM2", just_now),
                 a_listed_text("SM3", clock.now() - minute, elsewhere)},
                just_now};
  run(std::vector<ListedCall>{});
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_EQ(sink.texts[0].message_sid, "SM1");
  EXPECT_EQ(sink.texts[0].origin, Origin::sweep);
  EXPECT_EQ(contents.sweep_marks[SweptList::texts], just_now);
  EXPECT_FALSE(contents.sweep_marks.contains(SweptList::calls)) << "nothing was listed there";

  clock.advance(options.every);
  run(std::vector<ListedCall>{});
  ASSERT_EQ(sink.texts.size(), 2U);
  EXPECT_EQ(sink.texts[1].message_sid, "SM2");
  EXPECT_EQ(texts.windows.at(1).from, just_now - options.reach.overlap);
}

// Goal: one list that cannot be read keeps nothing of the other back, neither what is found nor its mark; but
// the sweep is not complete. Method: each of the two lists fails once.
TEST_F(SweepTest, OneListThatFailsDoesNotHoldTheOther) {
  sweeps_texts = true;
  start();
  texts.is_told = false;
  const ListedCall lost = a_call("CA1");
  run(std::vector{lost});
  EXPECT_THAT(sink.sids(), ElementsAre("CA1"));
  EXPECT_EQ(contents.sweep_marks[SweptList::calls], lost.started_at);
  EXPECT_THAT(log.lines, ::testing::SizeIs(1));

  texts.is_told = true;
  texts.list = {{a_listed_text("SM1", clock.now() - minute)}, clock.now() - minute};
  clock.advance(options.back_off_max);
  run(no_answer());
  EXPECT_EQ(sink.texts.size(), 1U);
  EXPECT_TRUE(contents.sweep_marks.contains(SweptList::texts));
  EXPECT_THAT(log.lines, ::testing::SizeIs(2));
}

// Goal: a sweep that finds nothing at all is complete, and leaves the mark where it is.
// Method: an empty list; the next sweep comes after the usual interval, and nothing is complained of.
TEST_F(SweepTest, AnEmptyListIsACompleteSweep) {
  contents.sweep_marks[SweptList::calls] = clock.now() - hour;
  run(std::vector<ListedCall>{});
  EXPECT_EQ(contents.sweep_marks[SweptList::calls], clock.now() - hour);
  EXPECT_EQ(journal.works, 0);
  clock.advance(options.every);
  run(std::vector<ListedCall>{});
  EXPECT_THAT(log.lines, IsEmpty());
}

// Goal: the carrier is asked for the numbers only when something is missing, and what calls numbers of others is
// left alone.
// Method: a list without anything missing; then calls to our number, to one that points elsewhere, and to none.
TEST_F(SweepTest, CallsToOthersNumbersAreLeftAlone) {
  run(std::vector{a_call("CA1", CallStatus::ringing)});
  EXPECT_EQ(numbers.asked, 0);
  CarrierNumberList list;
  list.numbers = {
      {.number = called, .voice = {"https://elsewhere.example.com/voice", "POST"}},
      {.number = E164::from_digits(15'550'002'222), .voice = {"https://jobrun.example.com/twilio/voice", "POST"}}};
  numbers.answer = list;
  ListedCall ours = a_call("CA2");
  ours.number = E164::from_digits(15'550'002'222);
  ListedCall nowhere = a_call("CA3");
  nowhere.number.reset();
  clock.advance(options.every);
  run(std::vector{a_call("CA1"), ours, nowhere});
  EXPECT_EQ(numbers.asked, 1);
  EXPECT_THAT(sink.sids(), ElementsAre("CA2"));
  EXPECT_TRUE(contents.sweep_marks.contains(SweptList::calls));
}

// Goal: nothing is passed over: the mark waits until a whole list was read and all of it is durable.
// Method: the carrier does not answer, the ledger is full, the mark's own batch fails, the store is away; each
// time the same call is looked for again, sooner than a whole interval later.
TEST_F(SweepTest, TheMarkDoesNotAdvanceOverAFailure) {
  const auto later = [&] {
    EXPECT_EQ(contents.sweep_marks.count(SweptList::calls), 0U);
    EXPECT_FALSE(log.lines.empty());
    log.lines.clear();
    clock.advance(options.every);
  };
  run(no_answer());
  EXPECT_EQ(log.lines.at(0).fields.at(0).value, no_answer().error().message);
  later();
  sink.refuses = true;
  run(std::vector{a_call("CA1")});
  later();
  sink.refuses = false;
  journal_fate = fake::Fate::lost;
  run(std::vector{a_call("CA1")});
  later();
  journal_fate = fake::Fate::durable;
  is_store_away = true;
  EXPECT_THROW(sweep->pump(), StoreFailure);
  is_store_away = false;
  later();
  run(std::vector{a_call("CA1")});
  EXPECT_EQ(contents.sweep_marks[SweptList::calls], clock.now() - 2 * minute);
  EXPECT_THAT(sink.sids(), ElementsAre("CA1"));
}

// Goal: a carrier that fails is not pressed, and is asked again before long.
// Method: it fails ten times; the waits between are compared.
TEST_F(SweepTest, AFailingCarrierIsAskedAgainEverMoreSlowly) {
  std::vector<Duration> waits;
  for (int i = 0; i < 10; ++i) {
    run(no_answer());
    Duration wait{0};
    while (calls.lists.empty()) {
      clock.advance(Duration{100});
      wait += Duration{100};
      sweep->pump();
    }
    waits.push_back(wait);
  }
  EXPECT_LE(waits.front(), second);
  EXPECT_GE(waits.back(), options.back_off_max / 2);
  EXPECT_LE(waits.back(), options.back_off_max + Duration{100});
}

// Goal: the operator is told, once, that lost webhooks go unnoticed, and again after it was well in between.
// Method: the carrier fails for longer than it may, twice.
TEST_F(SweepTest, TheOperatorIsToldWhenNoSweepIsCompleteForLong) {
  const auto fail_for = [&](Duration time) {
    for (const Instant until = clock.now() + time; clock.now() < until; clock.advance(options.back_off_max)) {
      settle();
      if (!calls.lists.empty()) calls.tell(no_answer());
      settle();
    }
  };
  const auto told = [&] {
    return std::ranges::count(contents.alerts, AlertKind::sweep_failing, &AlertRequest::kind);
  };
  fail_for(options.alert_after);
  EXPECT_EQ(told(), 0);
  fail_for(hour);
  EXPECT_EQ(told(), 1);
  EXPECT_EQ(contents.alerts.at(0).audience, Audience::operator_);
  EXPECT_EQ(contents.alerts.at(0).severity, Severity::critical);
  EXPECT_EQ(meter.of(Metric::alerts_raised, "sweep_failing"), 1);
  settle();
  if (calls.lists.empty()) clock.advance(options.back_off_max);
  run(std::vector<ListedCall>{});
  clock.advance(options.every);
  fail_for(hour);
  EXPECT_EQ(told(), 2);
}

// Goal: a call that never ends in the ledger is asked about by itself, and ends as the carrier says.
// Method: calls that the carrier says have ended, just ended and go on, and one that the list told of.
TEST_F(SweepTest, CallsWithoutAnEndAreAskedAbout) {
  without_end = {sid("CA1"), sid("CA2"), sid("CA3"), sid("CA4")};
  calls.calls.emplace("CA1", a_call("CA1", CallStatus::completed));
  calls.calls.emplace("CA2", a_call("CA2", CallStatus::in_progress));
  calls.calls.emplace("CA3", a_call("CA3"));
  calls.calls.at("CA3").ended_at = clock.now() - second;
  ListedCall leg = a_call("CA1-leg", CallStatus::completed);
  leg.duration = 20 * second;
  calls.children = {leg};
  run(std::vector{a_call("CA4", CallStatus::in_progress)});
  EXPECT_EQ(asked_before, clock.now() - options.call_length_max);
  EXPECT_THAT(calls.asked_about, ElementsAre("CA1", "CA2", "CA3"));
  EXPECT_THAT(calls.parents, ElementsAre("CA1"));
  ASSERT_THAT(sink.sids(), ElementsAre("CA1"));
  EXPECT_TRUE(sink.ends.at(0).person_took_call);
  EXPECT_EQ(sink.ends.at(0).status, CallStatus::completed);
}

// Goal: a call of which nobody can tell is taken for ended after ten minutes, and not before; its end is none
// of the carrier's words.
// Method: the carrier answers nothing; in a second world it answers once in between, in a third its legs stay
// untold.
TEST_F(SweepTest, ACallThatCannotBeAskedAboutEndsAfterAWhile) {
  without_end = {sid("CA1")};
  const auto sweep_for = [&](Duration time) {
    for (const Instant until = clock.now() + time; clock.now() < until; clock.advance(10 * second)) {
      settle();
      if (!calls.lists.empty()) calls.tell(no_answer());
      settle();
    }
  };
  sweep_for(5 * minute);
  calls.calls.emplace("CA1", a_call("CA1", CallStatus::in_progress));
  sweep_for(2 * minute);
  calls.calls.clear();
  sweep_for(options.taken_for_ended - minute);
  EXPECT_THAT(sink.sids(), IsEmpty());
  sweep_for(3 * minute);
  ASSERT_FALSE(sink.ends.empty());
  EXPECT_EQ(sink.ends.at(0).status, CallStatus::completed);
  EXPECT_EQ(sink.ends.at(0).status_text, "assumed");
  EXPECT_EQ(sink.ends.at(0).call.origin, Origin::sweep);
  EXPECT_EQ(sink.ends.at(0).at, std::nullopt);

  sink.ends.clear();
  calls.calls.emplace("CA1", a_call("CA1"));
  calls.are_children_told = false;
  sweep_for(options.taken_for_ended - minute);
  EXPECT_THAT(sink.sids(), IsEmpty());
  sweep_for(3 * minute);
  EXPECT_FALSE(sink.ends.empty());
}

// Goal: what an earlier sweep asked for and is answered late does no harm.
// Method: a sweep fails while its list is awaited; the list comes during the next.
TEST_F(SweepTest, AnAnswerToAnEarlierSweepIsNobodys) {
  settle();
  sweep.reset();
  calls.tell(std::vector{a_call("CA1")});
  start();
  run(std::vector<ListedCall>{});
  EXPECT_THAT(sink.sids(), IsEmpty());
}

}  // namespace
}  // namespace jobrun::sweep
