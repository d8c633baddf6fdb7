#include "outbox/look_ups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using ::testing::ElementsAre;
using testing::Fate;
using ::testing::IsEmpty;
using testing::phone;

using Kind = LookStep::Kind;

constexpr Instant noon = from_unix_ms(1'767'434'400'000);
constexpr Duration tick{1};
constexpr LookUpOptions rules{};

// --- what a look means --------------------------------------------------------------------------------------

/// A text requested at `at`, of which nobody knows whether it left.
TextRecord a_lost_text(std::int64_t row, Instant at) {
  PromisedText promise{.id = {"CA" + std::to_string(row), Purpose::customer_intake},
                       .origin = Origin::status,
                       .pair = {phone(14155550100 + static_cast<std::uint64_t>(row)), phone(15550001111)},
                       .ways = {{Account::first, phone(15550001111)}, {Account::second, phone(15550002222)}},
                       .body = "Sorry we missed your call.",
                       .second_body = "Sorry we missed your call. Text us at +15550001111.",
                       .client = ClientId{7}};
  return {.row = TextRow{row},
          .call = CallId{row},
          .promise = std::move(promise),
          .state = TextState::unknown,
          .attempts = 1,
          .promised_at = at,
          .due_at = at};
}

FoundMessage a_message(const std::string& sid, Instant created_at) {
  return {.message_sid = sid, .status = "sent", .error_code = 0, .created_at = created_at, .body = "hello"};
}

const FindAnswer nothing = Found{};
const FindAnswer no_answer = CannotTell{"503"};
const FindAnswer of_another_time = Found{{a_message("SM1", noon - rules.same_time - tick)}};

/// Of a text requested at noon, looked for `looks` times since, at the last `absent` of them in vain.
LookStep after(int looks, int absent, const FindAnswer& answer, Instant now = noon + Duration{60'000}) {
  return decide_look({a_lost_text(1, noon), looks, absent, noon}, answer, rules, now);
}

// Goal: what the carrier lists from about the time of our request is ours.
// Method: one message, made at our request, then as far from it on either side as may be, then 1 ms further.
TEST(DecideLook, AMessageMadeNearOurRequestIsOurs) {
  for (const Duration apart : {Duration{0}, rules.same_time, -rules.same_time}) {
    const LookStep step = after(0, 0, Found{{a_message("SM1", noon + apart)}});
    EXPECT_EQ(step.kind, Kind::found) << apart.count();
    EXPECT_EQ(step.message_sid, "SM1") << apart.count();
  }
  for (const Duration apart : {rules.same_time + tick, -rules.same_time - tick}) {
    EXPECT_EQ(after(0, 0, Found{{a_message("SM1", noon + apart)}}).kind, Kind::look_again) << apart.count();
  }
}

// Goal: of several messages the one made nearest to our request is ours.
// Method: the nearest first, in the middle and last.
TEST(DecideLook, TheNearestOfSeveralMessagesIsOurs) {
  const FoundMessage near = a_message("near", noon - Duration{1'000});
  const FoundMessage far = a_message("far", noon + Duration{20'000});
  const FoundMessage farther = a_message("farther", noon - Duration{25'000});
  for (const auto& messages :
       std::vector<std::vector<FoundMessage>>{{near, far, farther}, {farther, near, far}, {far, farther, near}}) {
    EXPECT_EQ(after(0, 0, Found{messages}).message_sid, "near");
  }
}

// Goal: a text found late is found all the same; only sending again has its time.
// Method: found after it has ceased to be useful.
TEST(DecideLook, ATextIsFoundHoweverOldItIs) {
  EXPECT_EQ(after(9, 0, Found{{a_message("SM1", noon)}}, noon + 2 * rules.useful_for).kind, Kind::found);
}

// Goal: a text is sent again once three looks were made of which the last two in a row did not list it.
// Method: every count of looks and absences before one more look in vain.
TEST(DecideLook, AbsentTwiceInARowAndLookedForThreeTimesIsSentAgain) {
  struct Case {
    int looks, absent;
    Kind kind;
  };
  for (const Case& tested :
       {Case{0, 0, Kind::look_again}, Case{1, 0, Kind::look_again}, Case{2, 0, Kind::look_again},
        Case{7, 0, Kind::look_again}, Case{1, 1, Kind::look_again}, Case{2, 1, Kind::send_again},
        Case{2, 2, Kind::send_again}, Case{7, 1, Kind::send_again}}) {
    const LookStep step = after(tested.looks, tested.absent, nothing);
    EXPECT_EQ(step.kind, tested.kind) << tested.looks << " looks, absent " << tested.absent;
    EXPECT_EQ(step.looks, tested.looks + 1);
    EXPECT_EQ(step.absent, tested.absent + 1);
  }
}

// Goal: a look that tells nothing breaks the row of absences, and never sends again.
// Method: no answer, and a message of another time, where one more look in vain would have sent again.
TEST(DecideLook, ALookThatTellsNothingBreaksTheRow) {
  ASSERT_EQ(after(5, 4, nothing).kind, Kind::send_again);
  for (const FindAnswer& answer : {no_answer, of_another_time}) {
    const LookStep step = after(5, 4, answer);
    EXPECT_EQ(step.kind, Kind::look_again);
    EXPECT_EQ(step.looks, 6);
    EXPECT_EQ(step.absent, 0);
  }
}

// Goal: a text that came too late to be useful is never sent again.
// Method: absent often enough, 1 ms before its time is over, when it is over, and days later.
TEST(DecideLook, WhatIsTooOldIsNotSentAgain) {
  const Instant over = noon + rules.useful_for;
  EXPECT_EQ(after(2, 1, nothing, over - tick).kind, Kind::send_again);
  EXPECT_EQ(after(2, 1, nothing, over).kind, Kind::look_again);
  EXPECT_EQ(after(2, 1, nothing, over + std::chrono::hours{48}).kind, Kind::look_again);
}

// Goal: a text without a call is not looked for for ever, for no incident tells of it: once it is of no use, and
// has been looked for as often as any, it is given up. Method: around both limits, with every answer that tells
// nothing; found, it is found however late.
TEST(DecideLook, ATextWithoutACallIsGivenUpWhenItIsOfNoUse) {
  const Instant over = noon + rules.useful_for;
  const auto look = [&](int looks, const FindAnswer& answer, Instant now) {
    UnknownText unknown{a_lost_text(1, noon), looks, 0, noon};
    unknown.text.call.reset();
    return decide_look(unknown, answer, rules, now).kind;
  };
  for (const FindAnswer& answer : {nothing, no_answer, of_another_time}) {
    EXPECT_EQ(look(2, answer, over), Kind::give_up);
    EXPECT_EQ(look(1, answer, over), Kind::look_again);
    EXPECT_EQ(look(2, answer, over - tick), Kind::look_again);
  }
  EXPECT_EQ(look(2, Found{{a_message("SM1", noon)}}, over), Kind::found);
}

// Goal: how old a text is counts from the end of its call.
// Method: a text promised an hour after that.
TEST(DecideLook, AgeCountsFromTheCallsEnd) {
  UnknownText unknown{a_lost_text(1, noon), 2, 1, noon};
  unknown.text.promise.caused_at = noon - Duration{60 * 60'000};
  const Instant over = *unknown.text.promise.caused_at + rules.useful_for;
  EXPECT_EQ(decide_look(unknown, nothing, rules, over - tick).kind, Kind::send_again);
  EXPECT_EQ(decide_look(unknown, nothing, rules, over).kind, Kind::look_again);
}

// Goal: what stays untold is asked about ever less often, and never rarely; what was absent, soon again.
// Method: the waits after look after look without an answer; then one in vain.
TEST(DecideLook, WaitsDoubleUpToTheMost) {
  const auto seconds_after = [](int looks, const FindAnswer& answer, int absent) {
    return after(looks, absent, answer).delay / Duration{1'000};
  };
  std::vector<std::int64_t> waits;
  for (int looks = 0; looks < 9; ++looks) waits.push_back(seconds_after(looks, no_answer, 0));
  EXPECT_THAT(waits, ElementsAre(15, 15, 15, 30, 60, 120, 240, 300, 300));
  EXPECT_EQ(seconds_after(1'000'000, no_answer, 0), 300);
  EXPECT_EQ(seconds_after(8, nothing, 0), 15);
}

// --- asking -------------------------------------------------------------------------------------------------

/// Unknown texts in a store, and the look-ups that settle them.
struct Search {
  explicit Search(LookUpOptions options_given = {}) : options(options_given) {
    look_ups = std::make_unique<LookUps>(
        LookUps::Ports{journal, carrier, meter, log, clock, random,
                       [this](Instant, Duration, std::int64_t limit) { return due(limit); },
                       [this](std::vector<TextRecord> texts) {
                         for (const TextRecord& text : texts) handed_on.push_back(text.row.value);
                       }},
        options);
  }

  std::vector<UnknownText> due(std::int64_t limit) {
    if (store_fails) throw StoreFailure("no such file");
    std::vector<UnknownText> texts;
    for (const auto& [row, stored] : contents.texts) {
      if (static_cast<std::int64_t>(texts.size()) == limit) break;
      const bool is_due = !stored.look_at || *stored.look_at <= clock.now();
      if (stored.text.state != TextState::unknown || !is_due) continue;
      texts.push_back(
          {stored.text, stored.looks, stored.absent, stored.text.promised_at, stored.told_message_sid});
    }
    return texts;
  }

  /// A text requested now, of which nobody knows whether it left.
  TextRow lose(int looks = 0, int absent = 0) {
    const std::int64_t row = static_cast<std::int64_t>(contents.texts.size()) + 1;
    testing::StoredText stored{a_lost_text(row, clock.now()), ""};
    stored.looks = looks;
    stored.absent = absent;
    contents.texts.emplace(row, stored);
    return TextRow{row};
  }
  TextRow lose_in_the_same_words(TextRow as) {
    const TextRow row = lose();
    kept(row) = kept(as);
    kept(row).text.row = row;
    return row;
  }
  testing::StoredText& kept(TextRow row) { return contents.texts.at(row.value); }
  TextState state_of(TextRow row) { return kept(row).text.state; }

  /// The carrier answers its oldest question, and the answer is recorded.
  void tell(FindAnswer answer, Fate fate = Fate::durable) {
    carrier.tell_one(std::move(answer));
    look_ups->pump();
    ASSERT_EQ(journal.waiting.size(), 1U);
    journal.run_one(fate);
  }
  std::vector<std::string> asked_about() const {
    std::vector<std::string> calls;
    for (const FindQuery& query : carrier.sought) calls.push_back(query.id.cause);
    return calls;
  }
  double counted(const char* look) const { return meter.of(Metric::texts_looked_for, look); }

  LookUpOptions options;
  testing::ManualClock clock;
  testing::SeededRandom random;
  testing::RecordingMeter meter;
  testing::RecordingLog log;
  testing::StoreContents contents;
  testing::FakeJournal journal{contents, clock};
  testing::FakeCarrier carrier;
  std::vector<std::int64_t> handed_on;
  bool store_fails = false;
  std::unique_ptr<LookUps> look_ups;
};

Found listed(const std::string& sid, Instant created_at) {
  return {{a_message(sid, created_at)}};
}

// Goal: what is looked for is the text as it was sent, around the time when that may have been.
// Method: a text that went the second way, dated ahead of a clock that was set back since.
TEST(LookUps, AskForTheTextAsItWasSent) {
  Search search;
  const Instant promised_at = search.clock.now();
  search.kept(search.lose()).text.way = 1;
  search.clock.wall -= Duration{5'000};
  search.look_ups->pump();
  ASSERT_EQ(search.carrier.sought.size(), 1U);
  const FindQuery& query = search.carrier.sought[0];
  EXPECT_EQ(query.id.cause, "CA1");
  EXPECT_EQ(query.account, Account::second);
  EXPECT_EQ(query.sender, phone(15550002222));
  EXPECT_EQ(query.recipient, phone(14155550101));
  EXPECT_EQ(query.body, "Sorry we missed your call. Text us at +15550001111.");
  EXPECT_EQ(query.from, search.clock.now() - rules.query_margin);
  EXPECT_EQ(query.to, promised_at + rules.query_margin);
}

// Goal: a text of which a status has told needs no look, and is accepted as the message that it told of.
// Method: an unknown text with a told message; the journal fails once.
TEST(LookUps, WhatAStatusHasToldIsNotAskedFor) {
  Search search;
  const TextRow text = search.lose();
  search.kept(text).told_message_sid = "SM7";
  search.look_ups->pump();
  EXPECT_THAT(search.carrier.sought, IsEmpty());
  search.journal.run_one(Fate::lost);
  search.look_ups->pump();
  search.journal.run_one();
  search.look_ups->pump();
  EXPECT_EQ(search.state_of(text), TextState::accepted);
  EXPECT_EQ(search.kept(text).message_sid, "SM7");
  EXPECT_EQ(search.counted("told"), 1);
  EXPECT_EQ(search.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 1);
}

// Goal: a text that is found and is lost takes its next way at once; counted once, however often it is recorded.
// Method: statuses have told its message to be lost, or the carrier lists it so, with a code that closes its way.
// The journal succeeds, fails, and is in doubt.
TEST(LookUps, WhatIsFoundAndLostGoesAnotherWay) {
  for (const bool is_listed : {false, true}) {
    for (const Fate fate : {Fate::durable, Fate::lost, Fate::in_doubt}) {
      Search search;
      const TextRow text = search.lose();
      search.carrier.reasons_lost[30034].because = Refused::Because::sender;
      if (!is_listed) search.kept(text).told_lost["SM1"] = 30034;
      search.look_ups->pump();
      Found found = listed("SM1", search.clock.now());
      found.messages[0].is_lost = is_listed;
      found.messages[0].error_code = is_listed ? 30034 : 0;
      search.tell(found, fate);
      if (fate != Fate::durable) {
        search.look_ups->pump();
        search.journal.run_one();
      }
      EXPECT_EQ(search.state_of(text), TextState::promised);
      EXPECT_TRUE(search.kept(text).text.closed_ways.contains(0));
      EXPECT_EQ(search.meter.of(Metric::texts_lost, "customer_intake"), 1);
      EXPECT_EQ(search.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 1);
      const std::vector<std::int64_t> handed_on{text.value};
      EXPECT_EQ(search.handed_on, fate == Fate::in_doubt ? std::vector<std::int64_t>{} : handed_on);
    }
  }
}

// Goal: a carrier in trouble is not flooded, and every text has its turn.
// Method: five texts, two at once: nothing more is asked before an answer is durable; then the next is.
TEST(LookUps, AskAboutAtMostSoManyAtOnce) {
  Search search({.in_flight_max = 2});
  for (int text = 0; text < 5; ++text) search.lose();
  search.look_ups->pump();
  search.look_ups->pump();
  EXPECT_THAT(search.asked_about(), ElementsAre("CA1", "CA2"));
  search.carrier.tell_one(nothing);
  search.look_ups->pump();
  EXPECT_THAT(search.asked_about(), ElementsAre("CA1", "CA2")) << "the answer is not durable yet";
  search.journal.run_one();
  search.look_ups->pump();
  EXPECT_THAT(search.asked_about(), ElementsAre("CA1", "CA2", "CA3"));
  for (int answer = 0; answer < 3; ++answer) {
    search.tell(nothing);
    search.look_ups->pump();
  }
  EXPECT_THAT(search.asked_about(), ElementsAre("CA1", "CA2", "CA3", "CA4", "CA5"));
}

// Goal: one text is asked about once at a time, or two answers could both send it again.
// Method: pump while the question is open, and while its answer waits to be durable.
TEST(LookUps, NeverAskTwiceAboutOneTextAtATime) {
  Search search;
  search.lose();
  for (int pump = 0; pump < 3; ++pump) search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 1U);
  search.carrier.tell_one(nothing);
  for (int pump = 0; pump < 3; ++pump) search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 1U);
  EXPECT_EQ(search.journal.waiting.size(), 1U);
}

// Goal: a text that is found counts as accepted, by its message.
// Method: the carrier lists it; the same for a text that was settled while the carrier was asked.
TEST(LookUps, WhatIsFoundIsAccepted) {
  Search search;
  const TextRow text = search.lose();
  search.look_ups->pump();
  search.tell(listed("SM1", search.clock.now()));
  EXPECT_EQ(search.state_of(text), TextState::accepted);
  EXPECT_EQ(search.kept(text).message_sid, "SM1");
  EXPECT_EQ(search.counted("found"), 1);
  EXPECT_EQ(search.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 1);
  EXPECT_THAT(search.handed_on, IsEmpty());

  const TextRow settled = search.lose();
  search.look_ups->pump();
  search.kept(settled).text.state = TextState::refused;
  search.tell(listed("SM2", search.clock.now()));
  EXPECT_EQ(search.state_of(settled), TextState::refused);
  EXPECT_EQ(search.counted("found"), 1);
}

// Goal: one message is one text: what belongs to another text says nothing about this one.
// Method: a text to the same caller in the same words is accepted by the one message that the carrier lists.
TEST(LookUps, AMessageOfAnotherTextIsSetAside) {
  Search search;
  const TextRow text = search.lose();
  const TextRow other = search.lose_in_the_same_words(text);
  search.kept(other).text.state = TextState::accepted;
  search.kept(other).message_sid = "SM1";
  search.look_ups->pump();
  search.tell(listed("SM1", search.clock.now()));
  EXPECT_EQ(search.state_of(text), TextState::unknown);
  EXPECT_EQ(search.kept(text).absent, 1);
  EXPECT_EQ(search.counted("absent"), 1);
}

// Goal: a message that may be either of two texts' settles neither; the absence of both settles both.
// Method: two unknown texts to one caller in the same words; the carrier lists one message, later none.
TEST(LookUps, AMessageThatMayBeEitherOfTwoTextsSettlesNeither) {
  Search search;
  const TextRow first = search.lose(2, 1);
  const TextRow second = search.lose_in_the_same_words(first);
  search.look_ups->pump();
  for (const TextRow text : {first, second}) {
    search.tell(listed("SM1", search.clock.now()));
    EXPECT_EQ(search.state_of(text), TextState::unknown) << text.value;
    EXPECT_EQ(search.kept(text).absent, 0) << text.value;
  }
  EXPECT_EQ(search.counted("cannot_tell"), 2);
  for (int look = 0; look < 2; ++look) {
    search.clock.advance(rules.look_every);
    search.look_ups->pump();
    for (int text = 0; text < 2; ++text) search.tell(nothing);
  }
  EXPECT_THAT(search.handed_on, ElementsAre(first.value, second.value));
}

// Goal: what a look told is kept, and the next look comes when it is due, not before.
// Method: a look in vain; pump 1 ms before the wait is over, and when it is.
TEST(LookUps, LookAgainWhenItIsDue) {
  Search search;
  const TextRow text = search.lose();
  search.look_ups->pump();
  search.tell(nothing);
  EXPECT_EQ(search.kept(text).looks, 1);
  EXPECT_EQ(search.kept(text).absent, 1);
  EXPECT_TRUE(search.log.lines.empty()) << "absent once is nothing to tell";
  search.clock.advance(rules.look_every - tick);
  search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 1U);
  search.clock.advance(tick);
  search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 2U);
}

// Goal: a carrier that does not tell is visible, and its words are marked as such.
// Method: no answer; a list of another time. One warning each, with a reason; nothing is sent again.
TEST(LookUps, ACarrierThatDoesNotTellIsVisible) {
  for (const FindAnswer& answer : {no_answer, of_another_time}) {
    Search search;
    const TextRow text = search.lose(5, 4);
    search.look_ups->pump();
    search.tell(answer);
    EXPECT_EQ(search.state_of(text), TextState::unknown);
    EXPECT_EQ(search.counted("cannot_tell"), 1);
    EXPECT_THAT(search.handed_on, IsEmpty());
    ASSERT_EQ(search.log.lines.size(), 1U);
    EXPECT_EQ(search.log.lines[0].level, LogLevel::warning);
    ASSERT_FALSE(search.log.lines[0].fields.empty());
    EXPECT_EQ(search.log.lines[0].fields.back().key, "reason");
    EXPECT_EQ(search.log.lines[0].fields.back().privacy, LogField::Privacy::foreign);
  }
}

// Goal: what is given up is refused, a person is told, and it is counted once.
// Method: a text without a call, three hours old, of which the carrier does not tell.
TEST(LookUps, WhatIsGivenUpTellsAPerson) {
  Search search;
  const TextRow text = search.lose(5, 0);
  search.contents.texts.at(text.value).text.call.reset();
  search.contents.texts.at(text.value).text.promise.caused_at = search.clock.now() - std::chrono::hours{3};
  search.look_ups->pump();
  search.tell(no_answer);
  EXPECT_EQ(search.state_of(text), TextState::refused);
  EXPECT_THAT(search.handed_on, IsEmpty());
  ASSERT_EQ(search.contents.alerts.size(), 1U);
  EXPECT_EQ(search.contents.alerts[0].kind, AlertKind::text_refused);
  EXPECT_EQ(search.counted("given_up"), 1);
  EXPECT_EQ(search.meter.of(Metric::alerts_raised, "text_refused"), 1);
  search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 1U);
}

// Goal: a text leaves again only once that is durable: a crash in between could send it without a trace.
// Method: absent for the last time; see what is handed on before and after the journal's work.
TEST(LookUps, HandOnWhatIsPromisedAgainOnlyOnceDurable) {
  Search search;
  const TextRow text = search.lose(2, 1);
  search.look_ups->pump();
  search.carrier.tell_one(nothing);
  search.look_ups->pump();
  EXPECT_THAT(search.handed_on, IsEmpty());
  EXPECT_EQ(search.state_of(text), TextState::unknown);
  search.journal.run_one();
  EXPECT_THAT(search.handed_on, ElementsAre(text.value));
  EXPECT_EQ(search.state_of(text), TextState::promised);
  EXPECT_EQ(search.meter.of(Metric::outbox_possible_duplicates), 1);
  EXPECT_EQ(search.counted("absent"), 1);
  search.look_ups->pump();
  EXPECT_EQ(search.carrier.sought.size(), 1U);
}

// Goal: a look that could not be recorded counts for nothing, and is recorded as soon as the journal can; the
// carrier is not asked again for that.
// Method: the journal loses the work, then takes none at all, then keeps it.
TEST(LookUps, AJournalThatFailedIsAskedAgain) {
  Search search;
  const TextRow text = search.lose(2, 1);
  search.look_ups->pump();
  search.tell(nothing, Fate::lost);
  search.journal.is_full = true;
  for (int pump = 0; pump < 3; ++pump) search.look_ups->pump();
  EXPECT_EQ(search.state_of(text), TextState::unknown);
  EXPECT_THAT(search.handed_on, IsEmpty());
  EXPECT_THAT(search.meter.counts, IsEmpty());

  search.journal.is_full = false;
  search.look_ups->pump();
  ASSERT_EQ(search.journal.waiting.size(), 1U);
  search.journal.run_one();
  EXPECT_THAT(search.handed_on, ElementsAre(text.value));
  EXPECT_EQ(search.counted("absent"), 1);
  EXPECT_EQ(search.carrier.sought.size(), 1U);
}

// Goal: what became durable although the journal said that it failed is counted all the same, once.
// Method: a text that is found, and one absent for the first time: reported as failed, then recorded once more.
TEST(LookUps, WhatWasInDoubtIsCountedOnce) {
  Search search;
  const TextRow found = search.lose();
  const TextRow absent = search.lose();
  search.look_ups->pump();
  search.tell(listed("SM1", search.clock.now()), Fate::in_doubt);
  EXPECT_EQ(search.state_of(found), TextState::accepted);
  EXPECT_EQ(search.counted("found"), 0);
  search.look_ups->pump();
  search.journal.run_one();
  EXPECT_EQ(search.counted("found"), 1);
  EXPECT_EQ(search.kept(found).message_sid, "SM1");

  search.tell(nothing, Fate::in_doubt);
  search.look_ups->pump();
  search.journal.run_one();
  EXPECT_EQ(search.kept(absent).looks, 1);
  EXPECT_EQ(search.kept(absent).absent, 1);
  EXPECT_EQ(search.counted("absent"), 1);
  search.look_ups->pump();
  EXPECT_TRUE(search.journal.waiting.empty());
}

// Goal: a store that cannot be read is said to whoever drives the look-ups, and loses no answer.
// Method: the store fails when an answer has come; the answer is recorded all the same, and looks go on later.
TEST(LookUps, AStoreThatFailsIsThrownOnAndLosesNoAnswer) {
  Search search;
  const TextRow text = search.lose();
  search.look_ups->pump();
  search.carrier.tell_one(listed("SM1", search.clock.now()));
  search.store_fails = true;
  EXPECT_THROW(search.look_ups->pump(), StoreFailure);
  search.journal.run_one();
  EXPECT_EQ(search.state_of(text), TextState::accepted);
  search.store_fails = false;
  search.lose();
  search.look_ups->pump();
  EXPECT_THAT(search.asked_about(), ElementsAre("CA1", "CA2"));
}

// Goal: after their destruction nothing happens any more, whoever still calls back.
// Method: one text's answer, another's durable record come too late.
TEST(LookUps, NothingHappensAfterTheirDestruction) {
  Search search;
  search.lose(2, 1);
  search.lose(2, 1);
  search.look_ups->pump();
  search.carrier.tell_one(nothing);
  search.look_ups->pump();
  ASSERT_EQ(search.journal.waiting.size(), 1U);
  search.look_ups.reset();
  search.carrier.tell_one(nothing);
  search.journal.run_one();
  EXPECT_TRUE(search.journal.waiting.empty());
  EXPECT_THAT(search.handed_on, IsEmpty());
  EXPECT_THAT(search.meter.counts, IsEmpty());
  EXPECT_TRUE(search.log.lines.empty());
}

}  // namespace
}  // namespace jobrun::outbox
