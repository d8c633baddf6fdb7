#include "outbox/dispatcher.hpp"

#include <gtest/gtest.h>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using testing::Fate;
using testing::phone;
using testing::World;

constexpr std::uint64_t anna = 14155550101;
constexpr std::uint64_t bert = 14155550102;
constexpr std::uint64_t carl = 14155550103;

Refused refused_because(Refused::Because because, int code = 0) {
  Refused refused;
  refused.because = because;
  refused.http_status = 400;
  refused.code = code;
  refused.detail = "no";
  refused.alert = AlertTo::nobody;
  return refused;
}

// Goal: a request is written only after `started` is durable.
// Method: let the journal wait; nothing may reach the carrier before its work is done.
TEST(Dispatcher, SendsNothingBeforeStartedIsDurable) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.dispatcher->pump();
  world.dispatcher->pump();
  EXPECT_TRUE(world.carrier.sent.empty());
  world.journal.run_one();
  EXPECT_EQ(world.state_of(text), TextState::started);
  world.dispatcher->pump();
  ASSERT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.carrier.sent[0].recipient, phone(anna));
  EXPECT_EQ(world.carrier.sent[0].sender, phone(15550001111));
}

// Goal: the three answers end as the three states, counted by purpose and result.
// Method: one text each; accepted, refused for good, unknown.
TEST(Dispatcher, RecordsAcceptedRefusedAndUnknown) {
  World world;
  const TextRecord accepted = world.promise(world.intake(anna));
  const TextRecord refused = world.promise(world.intake(bert));
  const TextRecord unknown = world.promise(world.intake(carl));
  world.settle();
  ASSERT_EQ(world.carrier.waiting.size(), 3U);
  world.carrier.answer_one(Accepted{"SM1"});
  world.carrier.answer_one(refused_because(Refused::Because::other, 21617));
  world.carrier.answer_one(Unknown{"time-out"});
  world.settle();
  EXPECT_EQ(world.state_of(accepted), TextState::accepted);
  EXPECT_EQ(world.state_of(refused), TextState::refused);
  EXPECT_EQ(world.state_of(unknown), TextState::unknown);
  for (const char* result : {"accepted", "refused", "unknown"}) {
    EXPECT_EQ(world.meter.of(Metric::texts_answered, "customer_intake", result), 1) << result;
  }
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
}

// Goal: how the carrier answers is counted by what it means and by its code; a code that no table knows is
// `other`. Method: one answer of each kind.
TEST(Dispatcher, CountsAnswersByMeaningAndCode) {
  World world;
  for (const std::uint64_t who : {anna, bert, carl, anna + 10, anna + 11}) world.promise(world.intake(who));
  world.settle();
  ASSERT_EQ(world.carrier.waiting.size(), 5U);
  world.carrier.answer_one(Accepted{"SM1"});
  world.carrier.answer_one(refused_because(Refused::Because::filtered, 30007));
  world.carrier.answer_one(refused_because(Refused::Because::other, 63038));
  world.carrier.answer_one(refused_because(Refused::Because::later, 0));
  world.carrier.answer_one(Unknown{"time-out"});
  world.settle();
  const auto counted = [&](const char* meaning, const char* code) {
    return world.meter.of(Metric::carrier_answers, meaning, code);
  };
  EXPECT_EQ(counted("accepted", "none"), 1);
  EXPECT_EQ(counted("filtered", "30007"), 1);
  EXPECT_EQ(counted("other", "other"), 1);
  EXPECT_EQ(counted("later", "none"), 1);
  EXPECT_EQ(counted("unknown", "none"), 1);
}

// Goal: how long a caller waited for his text is measured from the end of his call; of other texts nothing is.
// Method: a text whose call ended before its promise, one that was promised with it, and one to an owner.
TEST(Dispatcher, MeasuresTheResponseFromTheEndOfTheCall) {
  World world;
  PromisedText late = world.intake(anna);
  late.caused_at = world.clock.now() - Duration{90'000};
  world.promise(late);
  world.promise(world.intake(bert));
  PromisedText to_owner = world.intake(carl);
  to_owner.id.purpose = Purpose::owner_reply;
  to_owner.origin = Origin::text;
  world.promise(to_owner);
  world.settle();
  ASSERT_EQ(world.carrier.waiting.size(), 3U);
  for (const char* sid : {"SM1", "SM2", "SM3"}) world.carrier.answer_one(Accepted{sid});
  world.settle();
  std::vector<double> waited = world.meter.observed[Metric::response_seconds];
  ASSERT_EQ(waited.size(), 2U);
  std::ranges::sort(waited);
  EXPECT_LT(waited[0], 60);
  EXPECT_GE(waited[1], 90);
}

// Goal: the carrier's own words reach the log as such, because they may repeat the customer's number.
// Method: an answer of each kind that has a reason; each line's reason must be marked.
TEST(Dispatcher, LogsTheCarriersWordsAsForeign) {
  Refused refused;
  refused.because = Refused::Because::recipient;
  refused.detail = "Invalid 'To' Phone Number: +14155550123";
  for (const SendAnswer& answer :
       {SendAnswer{NotSent{"refused"}}, SendAnswer{Unknown{"reset"}}, SendAnswer{refused}}) {
    World world;
    world.promise(world.intake(anna));
    world.settle();
    world.carrier.answer_one(answer);
    world.settle();
    int reasons = 0;
    for (const LogLine& line : world.log.lines) {
      for (const LogField& field : line.fields) {
        if (field.key != "reason") continue;
        ++reasons;
        EXPECT_EQ(field.privacy, LogField::Privacy::foreign) << line.message;
      }
    }
    EXPECT_EQ(reasons, 1);
  }
}

// Goal: an unknown text is never resent by the dispatcher, nor by the next one.
// Method: answer unknown, let three hours pass, restart, let three hours pass. Minute by minute: after a leap
// over all of the text's useful time it would not be sent anyway.
TEST(Dispatcher, NeverResendsAnUnknownText) {
  World world;
  const auto let_three_hours_pass = [&world] {
    for (int minute = 0; minute < 180; ++minute) world.advance(Duration{60'000});
  };
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(Unknown{"reset"});
  world.settle();
  let_three_hours_pass();
  world.start();
  world.settle();
  let_three_hours_pass();
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.state_of(text), TextState::unknown);
}

// Goal: answers that arrive together are recorded as one piece of work.
// Method: five texts answered before the next pump; one more work for all.
TEST(Dispatcher, RecordsAnswersThatArriveTogetherAsOneWork) {
  World world;
  for (std::uint64_t i = 0; i < 5; ++i) world.promise(world.intake(anna + i));
  world.settle();
  EXPECT_EQ(world.journal.works, 1);
  while (!world.carrier.waiting.empty()) world.carrier.answer_one(Accepted{"SM"});
  world.settle();
  EXPECT_EQ(world.journal.works, 2);
}

// Goal: a text that was not sent is tried again after a growing wait, never at once, until it is accepted.
// Method: refuse the connection four times; each wait is between half and all of 1, 2, 4, 8 s.
TEST(Dispatcher, TriesAgainWithGrowingWaits) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  Duration whole{1'000};
  for (int attempt = 1; attempt <= 4; ++attempt) {
    ASSERT_EQ(world.carrier.waiting.size(), 1U) << attempt;
    world.carrier.answer_one(NotSent{"connection refused"});
    world.settle();
    EXPECT_EQ(world.state_of(text), TextState::promised);
    world.advance(whole / 2 - Duration{1});
    EXPECT_TRUE(world.carrier.waiting.empty()) << attempt;
    world.advance(whole / 2 + Duration{1});
    whole *= 2;
  }
  world.carrier.answer_one(Accepted{"SM1"});
  world.settle();
  EXPECT_EQ(world.state_of(text), TextState::accepted);
  EXPECT_EQ(world.meter.of(Metric::texts_retried), 4);
}

// Goal: a carrier that says when to come back is heeded, within a bound.
// Method: Retry-After of 30 s, then of a year.
TEST(Dispatcher, HonoursRetryAfter) {
  World world;
  world.options.useful_for = std::chrono::hours{24 * 400};
  world.start();
  world.promise(world.intake(anna));
  world.settle();
  Refused later = refused_because(Refused::Because::later, 20429);
  later.retry_after = Duration{30'000};
  world.carrier.answer_one(later);
  world.settle();
  world.advance(Duration{29'900});
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  world.advance(Duration{200});
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  later.retry_after = std::chrono::hours{24 * 365};
  world.carrier.answer_one(later);
  world.settle();
  world.advance(world.options.retry_after_max + Duration{1});
  EXPECT_EQ(world.carrier.sent.size(), 3U);
}

// Goal: a sender the carrier refuses makes way for the next, and after the last a person is alerted.
// Method: two senders, both refused as senders.
TEST(Dispatcher, TriesTheNextSenderThenAlerts) {
  World world;
  PromisedText promise = world.intake(anna);
  promise.ways = {{Account::first, phone(15550001111)}, {Account::first, phone(15550002222)}};
  const TextRecord text = world.promise(promise);
  world.settle();
  world.carrier.answer_one(refused_because(Refused::Because::sender, 21606));
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  EXPECT_EQ(world.carrier.sent[1].sender, phone(15550002222));
  EXPECT_EQ(world.kept(text).way, 1U);
  world.carrier.answer_one(refused_because(Refused::Because::sender, 21606));
  world.settle();
  EXPECT_EQ(world.carrier.sent.size(), 2U);
  EXPECT_EQ(world.state_of(text), TextState::refused);
  ASSERT_EQ(world.contents.alerts.size(), 1U);
  const AlertRequest& alert = world.contents.alerts[0];
  EXPECT_EQ(alert.kind, AlertKind::text_refused);
  EXPECT_EQ(alert.audience, Audience::owner);
  EXPECT_TRUE(alert.escalates);
  EXPECT_NE(alert.summary.find("Call +14155550101 back"), std::string::npos) << alert.summary;
}

// Goal: a refused recipient is not tried from another sender, and what was learned of him is remembered in
// its scope.
// Method: opted out, with and without a client; landline.
TEST(Dispatcher, RemembersWhatARefusalTeachesOfTheRecipient) {
  World world;
  PromisedText of_client = world.intake(anna);
  of_client.ways = {{Account::first, phone(15550001111)}, {Account::first, phone(15550002222)}};
  world.promise(of_client);
  PromisedText failsafe = world.intake(bert);
  failsafe.client.reset();
  failsafe.id.purpose = Purpose::failsafe;
  world.promise(failsafe);
  world.promise(world.intake(carl));
  world.settle();
  Refused refused = refused_because(Refused::Because::recipient, 21610);
  refused.learned = PhoneFact::opted_out;
  world.carrier.answer_one(refused);
  world.carrier.answer_one(refused);
  refused.learned = PhoneFact::landline;
  world.carrier.answer_one(refused);
  world.settle();
  EXPECT_EQ(world.carrier.sent.size(), 3U);
  ASSERT_EQ(world.contents.facts.size(), 3U);
  EXPECT_EQ(world.contents.facts[0].scope, FactScope::of(ClientId{7}));
  EXPECT_EQ(world.contents.facts[0].fact, PhoneFact::opted_out);
  EXPECT_EQ(world.contents.facts[0].phone, phone(anna));
  EXPECT_EQ(world.contents.facts[1].scope, FactScope::of(std::nullopt));
  EXPECT_EQ(world.contents.facts[2].scope.kind, FactScope::Kind::everybody);
  EXPECT_EQ(world.contents.alerts.size(), 3U);
  EXPECT_EQ(world.contents.alerts[1].audience, Audience::operator_);
  EXPECT_EQ(world.meter.of(Metric::opt_outs, "carrier"), 2);
}

// Goal: a fixed line is not texted; a person is alerted and the line type is remembered.
// Method: the numbering plan knows the recipient as a landline.
TEST(Dispatcher, DoesNotTextALandline) {
  World world;
  world.plan.landlines.insert(phone(anna));
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  EXPECT_TRUE(world.carrier.sent.empty());
  EXPECT_EQ(world.state_of(text), TextState::refused);
  ASSERT_EQ(world.contents.facts.size(), 1U);
  EXPECT_EQ(world.contents.facts[0].fact, PhoneFact::landline);
  EXPECT_EQ(world.contents.facts[0].scope.kind, FactScope::Kind::everybody);
  ASSERT_EQ(world.contents.alerts.size(), 1U);
  EXPECT_EQ(world.contents.alerts[0].kind, AlertKind::text_refused);
}

// Goal: a text the exit policy forbids never reaches the carrier, is logged with its stack trace, counted,
// paged - and the caller is not forgotten.
// Method: an onboarding text promised because of a call's end.
TEST(Dispatcher, StopsAForbiddenTextAndPages) {
  World world;
  PromisedText promise = world.intake(anna);
  promise.id.purpose = Purpose::onboarding;
  promise.client.reset();
  const TextRecord text = world.promise(promise);
  world.settle();
  EXPECT_TRUE(world.carrier.sent.empty());
  EXPECT_EQ(world.state_of(text), TextState::refused);
  EXPECT_EQ(world.contents.texts.at(text.row.value).starts, 0);
  EXPECT_EQ(world.meter.of(Metric::exit_policy_refusals, "onboarding", "status"), 1);
  EXPECT_EQ(world.meter.of(Metric::onboarding_isolation_violations), 1);
  ASSERT_FALSE(world.log.lines.empty());
  const LogLine& line = world.log.lines[0];
  EXPECT_EQ(line.level, LogLevel::critical);
  EXPECT_EQ(line.message, "CRITICAL INVARIANT VIOLATION");
  EXPECT_EQ(line.correlation_id, promise.id.cause);
  const auto trace = std::ranges::find(line.fields, std::string_view("stack_trace"), &LogField::key);
  ASSERT_NE(trace, line.fields.end());
  EXPECT_NE(trace->value.find("0#"), std::string::npos) << trace->value;
  ASSERT_EQ(world.contents.alerts.size(), 2U);
  EXPECT_TRUE(world.contents.alerts[0].escalates);
  EXPECT_EQ(world.contents.alerts[1].kind, AlertKind::isolation_violation);
  EXPECT_EQ(world.contents.alerts[1].severity, Severity::critical);
  EXPECT_EQ(world.contents.alerts[1].audience, Audience::operator_);
}

// Goal: a pair nobody has listed leaves with a warning.
// Method: a customer reply promised because of a call's end.
TEST(Dispatcher, SendsAnUnlistedPairWithAWarning) {
  World world;
  PromisedText promise = world.intake(anna);
  promise.id.purpose = Purpose::customer_reply;
  world.promise(promise);
  world.settle();
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.meter.of(Metric::exit_policy_unlisted, "customer_reply", "status"), 1);
  ASSERT_FALSE(world.log.lines.empty());
  EXPECT_EQ(world.log.lines[0].level, LogLevel::warning);
}

// Goal: while the credentials are refused, texts wait, one probe leaves every 30 s, a person is alerted
// once, and once accepted everything leaves.
// Method: three texts; the first is answered 401 thrice, then accepted.
TEST(Dispatcher, HoldsTheQueueWhileCredentialsAreRefused) {
  World world;
  world.options.in_flight_max = 1;
  world.start();
  for (const std::uint64_t caller : {anna, bert, carl}) world.promise(world.intake(caller));
  world.settle();
  for (int probe = 1; probe <= 3; ++probe) {
    ASSERT_EQ(world.carrier.waiting.size(), 1U) << probe;
    world.carrier.answer_one(refused_because(Refused::Because::credentials, 20003));
    world.settle();
    world.advance(world.options.credentials_probe_every - Duration{1});
    EXPECT_TRUE(world.carrier.waiting.empty()) << probe;
    world.advance(Duration{1});
  }
  EXPECT_TRUE(world.dispatcher->levels().credentials_refused);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(world.carrier.waiting.size(), 1U);
    world.carrier.answer_one(Accepted{"SM"});
    world.settle();
  }
  for (const auto& [row, stored] : world.contents.texts) EXPECT_EQ(stored.text.state, TextState::accepted) << row;
  ASSERT_EQ(world.contents.alerts.size(), 1U);
  EXPECT_EQ(world.contents.alerts[0].kind, AlertKind::credentials_refused);
}

// Goal: replaced credentials are tried at once, not at the next probe.
// Method: refuse the credentials, say that they were replaced.
TEST(Dispatcher, TriesReplacedCredentialsAtOnce) {
  World world;
  world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(refused_because(Refused::Because::credentials, 20003));
  world.settle();
  ASSERT_TRUE(world.carrier.waiting.empty());
  world.dispatcher->credentials_replaced();
  world.settle();
  EXPECT_EQ(world.carrier.waiting.size(), 1U);
}

// Goal: a dead carrier is tried by one text at a time, and when it is back the others leave at once.
// Method: 50 texts that cannot be sent; the next minutes see single probes; then one is accepted.
TEST(Dispatcher, ProbesADeadCarrierWithOneTextAtATime) {
  World world;
  world.options.texts_per_second = 0;
  world.start();
  for (std::uint64_t i = 0; i < 50; ++i) world.promise(world.intake(anna + i));
  world.settle();
  while (!world.carrier.waiting.empty()) world.carrier.answer_one(NotSent{"connection refused"});
  world.settle();
  EXPECT_TRUE(world.dispatcher->levels().probing);
  const std::size_t before = world.carrier.sent.size();
  for (int minute = 0; minute < 60; ++minute) {
    world.advance(Duration{1'000});
    ASSERT_LE(world.carrier.waiting.size(), 1U);
    if (!world.carrier.waiting.empty()) world.carrier.answer_one(NotSent{"connection refused"});
    world.settle();
  }
  EXPECT_LE(world.carrier.sent.size() - before, 12U);
  EXPECT_GE(world.carrier.sent.size() - before, 4U);
  for (int wait = 0; world.carrier.waiting.empty() && wait < 60; ++wait) world.advance(Duration{1'000});
  ASSERT_EQ(world.carrier.waiting.size(), 1U);
  world.carrier.answer_one(Accepted{"SM"});
  world.settle();
  EXPECT_FALSE(world.dispatcher->levels().probing);
  EXPECT_EQ(world.carrier.waiting.size(), 49U);
}

// Goal: a carrier that answers everything with 5xx cannot turn the whole queue into unknowns.
// Method: 100 texts, four in flight at a time, every answer unknown for a minute.
TEST(Dispatcher, HoldsTheQueueWhileEveryAnswerIsUnknown) {
  World world;
  world.options.in_flight_max = 4;
  world.start();
  for (std::uint64_t i = 0; i < 100; ++i) world.promise(world.intake(anna + i));
  world.settle();
  for (int second = 0; second < 60; ++second) {
    while (!world.carrier.waiting.empty()) world.carrier.answer_one(Unknown{"HTTP 500"});
    world.advance(Duration{1'000});
  }
  EXPECT_LE(world.carrier.sent.size(), 25U);
}

// Goal: a text too old to be of use is not sent; a person is alerted.
// Method: a carrier that cannot be reached for two hours.
TEST(Dispatcher, GivesUpATextThatIsTooOldToBeOfUse) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  const Instant promised_at = world.clock.now();
  while (world.clock.now() < promised_at + world.options.useful_for + Duration{1'000}) {
    if (!world.carrier.waiting.empty()) world.carrier.answer_one(NotSent{"no route"});
    world.settle();
    world.advance_to_wanted();
  }
  EXPECT_EQ(world.state_of(text), TextState::refused);
  ASSERT_EQ(world.contents.alerts.size(), 1U);
  EXPECT_TRUE(world.contents.alerts[0].escalates);
  // 1 s to 60 s apart: about 120 to 240 attempts in two hours.
  EXPECT_LT(world.carrier.sent.size(), 260U);
}

/// A text that waits because the carrier refuses our credentials is given up `time` from now, and not before, with
/// a restart in between.
void expect_given_up_after(World& world, const PromisedText& promise, Duration time) {
  const auto refuse = [&world] {
    world.settle();
    world.carrier.answer_one(refused_because(Refused::Because::credentials));
    world.settle();
  };
  const TextRecord text = world.promise(promise);
  refuse();
  world.dispatcher.reset();
  world.clock.advance(time - Duration{1'000});
  world.start();
  refuse();
  EXPECT_EQ(world.state_of(text), TextState::promised);
  world.advance(Duration{1'000});
  EXPECT_EQ(world.state_of(text), TextState::refused);
}

// Goal: a text is also given up when the queue is held, and a restart does not make it young again.
// Method: credentials refused; restart; two hours after the promise it is refused.
TEST(Dispatcher, GivesUpOldTextsOfAHeldQueueAfterARestartToo) {
  World world;
  expect_given_up_after(world, world.intake(anna), world.options.useful_for);
}

// Goal: a text promised long after its call ended is given up when it is two hours since that end.
// Method: the carrier takes none; a call that ended an hour before the promise, and a restart in between.
TEST(Dispatcher, CountsUsefulnessFromTheCallsEnd) {
  World world;
  PromisedText late = world.intake(anna);
  late.caused_at = world.clock.now() - std::chrono::hours{1};
  expect_given_up_after(world, late, world.options.useful_for - std::chrono::hours{1});
}

// Goal: texts leave at most at the account's rate in any second, also in the first, and not slower than that.
// Method: 1,000 texts at 100/s; count every window of one second, and the time all of them take.
TEST(Dispatcher, KeepsToTheAccountsRate) {
  World world;
  world.options.in_flight_max = 10'000;
  world.start();
  std::vector<std::int64_t> sent_ms;
  world.carrier.on_send = [&](const OutgoingText&) { sent_ms.push_back(to_unix_ms(world.clock.now())); };
  for (std::uint64_t i = 0; i < 1'000; ++i) world.promise(world.intake(anna + i));
  world.settle();
  for (int turn = 0; turn < 20'000 && sent_ms.size() < 1'000; ++turn) world.advance_to_wanted();
  ASSERT_EQ(sent_ms.size(), 1'000U);
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < sent_ms.size(); ++last) {
    while (sent_ms[last] - sent_ms[first] >= 1'000) ++first;
    most = std::max(most, last - first + 1);
  }
  EXPECT_LE(most, 100U);
  EXPECT_NEAR(static_cast<double>(sent_ms.back() - sent_ms.front()), 9'900, 100);
}

// Goal: slow commits must not bunch texts up beyond the rate.
// Method: the journal becomes durable only every 700 ms.
TEST(Dispatcher, KeepsToTheRateWhenCommitsAreSlow) {
  World world;
  std::vector<std::int64_t> sent_ms;
  world.carrier.on_send = [&](const OutgoingText&) { sent_ms.push_back(to_unix_ms(world.clock.now())); };
  for (std::uint64_t i = 0; i < 200; ++i) world.promise(world.intake(anna + i));
  for (int ms = 0; ms < 30'000; ms += 10) {
    world.dispatcher->pump();
    if (ms % 700 == 0) {
      world.journal.run_all();
    }
    world.clock.advance(Duration{10});
    while (!world.carrier.waiting.empty()) world.carrier.answer_one(Accepted{"SM"});
  }
  ASSERT_EQ(sent_ms.size(), 200U);
  for (std::size_t first = 0; first + 100 < sent_ms.size(); ++first) {
    EXPECT_GE(sent_ms[first + 100] - sent_ms[first], 1'000) << first;
  }
}

// Goal: at most `in_flight_max` texts can be left in doubt by a crash.
// Method: 100 texts, no answers.
TEST(Dispatcher, BoundsTheTextsInFlight) {
  World world;
  world.options.in_flight_max = 7;
  world.options.texts_per_second = 0;
  world.start();
  for (std::uint64_t i = 0; i < 100; ++i) world.promise(world.intake(anna + i));
  world.settle();
  EXPECT_EQ(world.carrier.waiting.size(), 7U);
}

// Goal: texts of one caller and number leave in the order promised; another caller does not wait for them.
// Method: two texts to Anna, one to Bert; Anna's first must be tried again.
TEST(Dispatcher, KeepsTheOrderOfOnePair) {
  World world;
  const TextRecord first = world.promise(world.intake(anna));
  const TextRecord second = world.promise(world.intake(anna));
  world.promise(world.intake(bert));
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  EXPECT_EQ(world.carrier.sent[1].recipient, phone(bert));
  world.carrier.answer_one(NotSent{"refused"});
  world.settle();
  EXPECT_EQ(world.carrier.sent.size(), 2U);
  world.advance(Duration{1'000});
  ASSERT_EQ(world.carrier.sent.size(), 3U);
  EXPECT_EQ(world.carrier.sent[2].id, first.promise.id);
  world.carrier.answer_one(Accepted{"SM"}, 1);
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 4U);
  EXPECT_EQ(world.carrier.sent[3].id, second.promise.id);
}

// Goal: what does not fit in memory is read from the store when there is room, all of it, in order.
// Method: 100 texts through a window of 8, promised to a running dispatcher faster than it pumps.
TEST(Dispatcher, TakesTextsBeyondTheWindowFromTheStore) {
  World world;
  world.options.window = 8;
  world.options.texts_per_second = 0;
  world.options.rescan_every = std::chrono::hours{24};
  world.start();
  world.settle();
  for (std::uint64_t i = 0; i < 100; ++i) world.promise(world.intake(anna + i));
  world.settle();
  EXPECT_LE(world.dispatcher->levels().in_memory, 8U);
  EXPECT_TRUE(world.dispatcher->levels().more_in_store);
  for (int turn = 0; turn < 200; ++turn) {
    while (!world.carrier.waiting.empty()) world.carrier.answer_one(Accepted{"SM"});
    world.settle();
  }
  ASSERT_EQ(world.carrier.sent.size(), 100U);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(world.carrier.sent[i].recipient, phone(anna + i));
  EXPECT_FALSE(world.dispatcher->levels().more_in_store);
  const TextRecord next = world.promise(world.intake(bert));
  world.settle();
  EXPECT_EQ(world.state_of(next), TextState::started);
}

// Goal: a full window leaves what comes later in the store, and takes it from there.
// Method: one text per pump, nothing answered, until the window of 8 is full; then everything is answered.
TEST(Dispatcher, LeavesInTheStoreWhatAFullWindowCannotTake) {
  World world;
  world.options.window = 8;
  world.options.rescan_every = std::chrono::hours{24};
  world.start();
  world.settle();
  for (std::uint64_t i = 0; i < 20; ++i) {
    world.promise(world.intake(anna + i));
    world.settle();
  }
  EXPECT_EQ(world.dispatcher->levels().in_memory, 8U);
  for (int turn = 0; turn < 100; ++turn) {
    while (!world.carrier.waiting.empty()) world.carrier.answer_one(Accepted{"SM"});
    world.advance(Duration{100});
  }
  EXPECT_EQ(world.carrier.sent.size(), 20U);
}

// Goal: a text whose state somebody else changed before it was started is not sent, and not thought of again.
// Method: it is refused in the store while its mark waits in the journal.
TEST(Dispatcher, DoesNotSendWhatIsNoLongerPromised) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.dispatcher->pump();
  world.contents.texts.at(text.row.value).text.state = TextState::refused;
  world.settle();
  world.advance(std::chrono::hours{3});
  EXPECT_TRUE(world.carrier.sent.empty());
  EXPECT_EQ(world.dispatcher->levels().in_memory, 0U);
  EXPECT_EQ(world.state_of(text), TextState::refused);
}

// Goal: a restart takes up every text that is still promised, and none that had been started.
// Method: one text in flight, one promised too late to be started; then a new process on what is durable.
TEST(Dispatcher, TakesUpAfterARestartWhatIsStillPromised) {
  World world;
  const TextRecord in_flight = world.promise(world.intake(anna));
  world.settle();
  const TextRecord promised = world.promise(world.intake(bert));
  world.dispatcher.reset();
  world.journal.crash(0);
  world.carrier.waiting.clear();
  world.start();
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  EXPECT_EQ(world.carrier.sent[1].id, promised.promise.id);
  EXPECT_EQ(world.state_of(promised), TextState::started);
  EXPECT_EQ(world.state_of(in_flight), TextState::unknown);
}

// Goal: no log line shows a recipient's number in clear.
// Method: a text's way through retry, acceptance, refusal, and a forbidden one's; the number appears in fields
// marked as a customer's and nowhere else.
TEST(Dispatcher, MarksTheRecipientAsPrivateInEveryLine) {
  World world;
  PromisedText forbidden = world.intake(anna);
  forbidden.id.purpose = Purpose::onboarding;
  world.promise(forbidden);
  world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(NotSent{"refused"});
  world.settle();
  world.advance(Duration{1'000});
  world.carrier.answer_one(Accepted{"SM1"});
  world.settle();
  world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(refused_because(Refused::Because::recipient, 21610));
  world.settle();
  ASSERT_GE(world.log.lines.size(), 5U);
  for (const LogLine& line : world.log.lines) {
    EXPECT_EQ(line.message.find("14155550101"), std::string::npos) << line.message;
    for (const LogField& field : line.fields) {
      const bool shows_recipient = field.value.find("14155550101") != std::string::npos;
      EXPECT_TRUE(!shows_recipient || field.privacy == LogField::Privacy::customer) << field.key;
    }
  }
}

// Goal: a promise nobody told the dispatcher of is found in the store.
// Method: keep a promise without a word, let a minute pass.
TEST(Dispatcher, FindsPromisesNobodyToldItOf) {
  World world;
  world.settle();
  const TextRecord text = world.keep_promise(world.intake(anna));
  world.settle();
  EXPECT_EQ(world.state_of(text), TextState::promised);
  world.advance(world.options.rescan_every);
  EXPECT_EQ(world.state_of(text), TextState::started);
}

// Goal: a store that cannot be read is asked again, and says so.
// Method: the first refill throws.
TEST(Dispatcher, ReadsAgainAfterTheStoreFailed) {
  World world;
  world.store_fails = true;
  const TextRecord text = world.keep_promise(world.intake(anna));
  world.settle();
  EXPECT_EQ(world.log.lines.at(0).level, LogLevel::error);
  world.store_fails = false;
  world.advance(world.options.journal_retry);
  EXPECT_EQ(world.state_of(text), TextState::started);
}

// Goal: a `started` that may or may not be durable neither loses the text nor sends it twice.
// Method: the mark is lost, in doubt, or refused because the queue is full; then all is well.
TEST(Dispatcher, StartsAgainWhatTheJournalCouldNotMark) {
  for (const Fate fate : {Fate::lost, Fate::in_doubt}) {
    World world;
    const TextRecord text = world.promise(world.intake(anna));
    world.dispatcher->pump();
    world.journal.run_one(fate);
    world.settle();
    EXPECT_TRUE(world.carrier.sent.empty());
    world.advance(world.options.journal_retry);
    ASSERT_EQ(world.carrier.sent.size(), 1U);
    world.carrier.answer_one(Accepted{"SM"});
    world.settle();
    EXPECT_EQ(world.state_of(text), TextState::accepted);
  }
  World world;
  world.journal.is_full = true;
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  world.journal.is_full = false;
  world.advance(world.options.journal_retry);
  EXPECT_EQ(world.state_of(text), TextState::started);
}

// Goal: an answer is recorded until it is durable; the text is not sent again meanwhile.
// Method: the record is lost twice and in doubt once.
TEST(Dispatcher, RecordsAnAnswerUntilItIsDurable) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(Accepted{"SM1"});
  for (const Fate fate : {Fate::lost, Fate::lost, Fate::in_doubt}) {
    world.dispatcher->pump();
    ASSERT_EQ(world.journal.waiting.size(), 1U);
    world.journal.run_one(fate);
    world.dispatcher->pump();
    world.clock.advance(world.options.journal_retry);
  }
  world.settle();
  EXPECT_EQ(world.state_of(text), TextState::accepted);
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 1);
}

// Goal: a refusal in doubt raises its alerts once.
// Method: a landline's refusal is durable but reported as failed, and recorded again.
TEST(Dispatcher, RaisesTheAlertsOfARefusalOnce) {
  World world;
  world.plan.landlines.insert(phone(anna));
  world.promise(world.intake(anna));
  world.dispatcher->pump();
  world.journal.run_one(Fate::in_doubt);
  world.dispatcher->pump();
  world.advance(world.options.journal_retry);
  EXPECT_EQ(world.contents.alerts.size(), 1U);
  EXPECT_EQ(world.contents.facts.size(), 1U);
}

// Goal: a step of the wall clock strands no text.
// Method: the clock is set back a day after the promise; and a day between attempt and retry.
TEST(Dispatcher, IsNotStrandedByASteppingClock) {
  World world;
  world.promise(world.intake(anna));
  world.clock.wall -= std::chrono::hours{24};
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 1U);
  world.carrier.answer_one(NotSent{"refused"});
  world.settle();
  world.clock.wall -= std::chrono::hours{24};
  world.advance(Duration{1'000});
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  world.carrier.answer_one(NotSent{"refused"});
  world.settle();
  world.clock.wall -= std::chrono::hours{24};
  world.start();
  world.settle();
  world.advance(world.options.retry_after_max);
  EXPECT_EQ(world.carrier.sent.size(), 3U);
}

// Goal: stopping starts nothing new but records what is answered.
// Method: one text in flight, one promised after the stop.
TEST(Dispatcher, StartsNothingAfterStop) {
  World world;
  const TextRecord first = world.promise(world.intake(anna));
  world.settle();
  world.dispatcher->stop_starting();
  const TextRecord second = world.promise(world.intake(bert));
  world.settle();
  EXPECT_FALSE(world.dispatcher->levels().is_idle());
  world.carrier.answer_one(Accepted{"SM"});
  world.settle();
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
  EXPECT_EQ(world.state_of(first), TextState::accepted);
  EXPECT_EQ(world.state_of(second), TextState::promised);
}

// Goal: callbacks that come after the dispatcher is gone do nothing.
// Method: destroy it with a mark and a send under way, then let both be answered.
TEST(Dispatcher, IgnoresCallbacksAfterItsEnd) {
  World world;
  world.promise(world.intake(anna));
  world.settle();
  world.promise(world.intake(bert));
  world.dispatcher->pump();
  world.dispatcher.reset();
  world.carrier.answer_one(Accepted{"SM"});
  world.journal.run_one();
  EXPECT_EQ(world.carrier.sent.size(), 1U);
}

}  // namespace
}  // namespace jobrun::outbox
