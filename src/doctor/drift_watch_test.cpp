#include "doctor/drift_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::doctor {
namespace {

using outbox::testing::Fate;
using testing::HasSubstr;

constexpr std::chrono::hours an_hour{1};
constexpr std::chrono::minutes a_minute{1};
const E164 ours = E164::from_digits(14155550100);

/// Answers when the test says so.
struct FakeNumbers : CarrierNumbers {
  void list_numbers(Done done) override {
    ++asked;
    waiting = std::move(done);
  }
  int asked = 0;
  Done waiting;
};

/// The same of the account.
struct FakeAccount : CarrierAccount {
  void look_at_account(LookedAt done) override { waiting = std::move(done); }
  LookedAt waiting;
};

struct GaugeMeter : outbox::testing::RecordingMeter {
  void set(Metric metric, double value, std::string_view) override { gauges[metric] = value; }
  std::map<Metric, double> gauges;
};

class DriftWatchTest : public testing::Test {
 protected:
  DriftWatchTest() : journal(contents, clock) { watch_over(nullptr); }

  void watch_over(CarrierAccount* account_or_none) {
    watch.emplace(DriftWatch::Ports{.numbers = numbers,
                                    .journal = journal,
                                    .meter = meter,
                                    .log = log,
                                    .clock = clock,
                                    .expected =
                                        [this] {
                                          if (is_store_away) throw StoreFailure("away");
                                          return Expected{"https://jobrun.example",
                                                          {{ours, "a number of the pool"}}};
                                        },
                                    .account = account_or_none,
                                    .rules = {.balance_low = 20}},
                  DriftWatch::Options{.every = an_hour});
  }

  void pass(Duration time) {
    clock.advance(time);
    watch->pump();
  }
  /// The next question, `after` from now, is answered so.
  void answered(NumbersAnswer answer, Duration after = an_hour) {
    const int before = numbers.asked;
    pass(after);
    ASSERT_EQ(numbers.asked, before + 1);
    std::exchange(numbers.waiting, {})(std::move(answer));
    watch->pump();
    journal.run_all(fate);
  }
  static CarrierNumberList without_numbers() { return {}; }
  static CarrierNumberList pointing_elsewhere() {
    CarrierNumberList list;
    list.numbers.push_back({.number = ours, .sid = "PN1"});
    return list;
  }
  static CarrierNumberList as_it_should_be() {
    CarrierNumberList list;
    list.numbers.push_back({.number = ours,
                            .sid = "PN1",
                            .voice = {"https://jobrun.example/twilio/voice", "POST"},
                            .voice_fallback_url = "https://static.example/f.xml",
                            .status_callback = {"https://jobrun.example/twilio/status", "POST"},
                            .sms_url = "https://jobrun.example/twilio/sms"});
    return list;
  }

  outbox::testing::ManualClock clock;
  outbox::testing::StoreContents contents;
  outbox::testing::FakeJournal journal;
  GaugeMeter meter;
  outbox::testing::RecordingLog log;
  FakeNumbers numbers;
  FakeAccount account;
  bool is_store_away = false;
  Fate fate = Fate::durable;
  std::optional<DriftWatch> watch;
};

// Goal: the first comparison is a minute after the start, and one an hour from then on; one at a time.
// Method: the clock, step by step; an answer that keeps waiting.
TEST_F(DriftWatchTest, AsksEveryHour) {
  watch->pump();
  pass(a_minute - Duration{1});
  EXPECT_EQ(numbers.asked, 0);
  answered(as_it_should_be(), Duration{1});
  pass(an_hour - Duration{1});
  EXPECT_EQ(numbers.asked, 1);
  pass(Duration{1});
  EXPECT_EQ(numbers.asked, 2);
  pass(an_hour * 3);
  EXPECT_EQ(numbers.asked, 2) << "nobody has answered yet";
}

// Goal: the operator is told once of the same drift, again when it is another one, again after a day, and again
// when it comes back; the gauge says how many numbers.
// Method: the same list hour by hour; then another; then none; then the first.
TEST_F(DriftWatchTest, TellsOnceOfWhatIsWrong) {
  answered(pointing_elsewhere(), a_minute);
  ASSERT_EQ(contents.alerts.size(), 1U);
  EXPECT_EQ(contents.alerts[0].kind, AlertKind::configuration_drift);
  EXPECT_EQ(contents.alerts[0].audience, Audience::operator_);
  EXPECT_FALSE(contents.alerts[0].group.empty());
  EXPECT_THAT(contents.alerts[0].summary, HasSubstr("jobrun doctor"));
  EXPECT_LE(contents.alerts[0].summary.size(), 300U);
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 1);
  for (int hour = 1; hour < 24; ++hour) answered(pointing_elsewhere());
  EXPECT_EQ(contents.alerts.size(), 1U);
  answered(without_numbers());
  ASSERT_EQ(contents.alerts.size(), 2U);
  EXPECT_NE(contents.alerts[1].group, contents.alerts[0].group);
  answered(as_it_should_be());
  EXPECT_EQ(contents.alerts.size(), 2U);
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 0);
  answered(without_numbers());
  EXPECT_EQ(contents.alerts.size(), 3U) << "it came back";
  for (int hour = 0; hour < 24; ++hour) answered(without_numbers());
  EXPECT_EQ(contents.alerts.size(), 4U) << "a day later";
  EXPECT_EQ(meter.of(Metric::alerts_raised, "configuration_drift"), 4);
}

// Goal: a comparison that could not be made changes nothing that is known, is logged, and is made up for soon.
// Method: each reason why it cannot be made, after one that could.
TEST_F(DriftWatchTest, KnowsNothingNewWhenItCannotCompare) {
  answered(pointing_elsewhere(), a_minute);
  answered(CannotTell{"no list: HTTP 500"});
  answered(CredentialsRefused{"no"}, a_minute);
  is_store_away = true;
  answered(as_it_should_be(), a_minute);
  is_store_away = false;
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 1);
  EXPECT_EQ(contents.alerts.size(), 1U);
  watch->pump();
  EXPECT_EQ(meter.gauges[Metric::configuration_compared_age_seconds], 3'600 + 2 * 60);
  const auto is_logged = [](const LogLine& line) {
    return line.message == "our numbers could not be compared with the carrier's";
  };
  EXPECT_EQ(std::ranges::count_if(log.lines, is_logged), 3);
  answered(as_it_should_be(), a_minute);
  watch->pump();
  EXPECT_EQ(meter.gauges[Metric::configuration_compared_age_seconds], 0);
}

// Goal: an alert that the journal did not keep is raised at the next comparison.
// Method: a batch that is lost.
TEST_F(DriftWatchTest, TellsAgainWhatWasNotKept) {
  fate = Fate::lost;
  answered(pointing_elsewhere(), a_minute);
  EXPECT_TRUE(contents.alerts.empty());
  fate = Fate::durable;
  answered(pointing_elsewhere());
  EXPECT_EQ(contents.alerts.size(), 1U);
}

AccountFacts a_good_account() {
  AccountFacts facts;
  facts.state = AccountState{};
  facts.balance = AccountBalance{.amount = 100, .currency = "USD"};
  facts.services = std::vector<MessagingService>{};
  return facts;
}

// Goal: the operator is told when the account is closed, runs out of money or drops texts, once and not for each
// cent; what the account does not tell for a while is no news.
// Method: a world that is well, then each trouble, then an account that tells nothing.
TEST_F(DriftWatchTest, LooksAtTheAccountToo) {
  watch_over(&account);
  const auto told = [this](AccountFacts facts, Duration after = an_hour) {
    answered(as_it_should_be(), after);
    ASSERT_TRUE(account.waiting);
    std::exchange(account.waiting, {})(std::move(facts));
    watch->pump();
    journal.run_all(fate);
  };
  told(a_good_account(), a_minute);
  EXPECT_TRUE(contents.alerts.empty());
  AccountFacts facts = a_good_account();
  facts.balance->amount = 7;
  told(facts);
  ASSERT_EQ(contents.alerts.size(), 1U);
  EXPECT_THAT(contents.alerts[0].summary, HasSubstr("balance: USD 7.00 is left"));
  EXPECT_LE(contents.alerts[0].summary.size(), 300U);
  facts.balance->amount = 6;
  told(facts);
  EXPECT_EQ(contents.alerts.size(), 1U) << "the same trouble";
  AccountFacts silent;
  told(silent);
  EXPECT_EQ(contents.alerts.size(), 1U);
  facts.state->status = AccountStatus::suspended;
  told(facts);
  EXPECT_EQ(contents.alerts.size(), 2U);
  facts = a_good_account();
  facts.services->push_back({.sid = "MG1", .name = "", .numbers = {ours}});
  told(facts);
  ASSERT_EQ(contents.alerts.size(), 3U);
  EXPECT_THAT(contents.alerts[2].summary, HasSubstr("MG1 drops the texts"));
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 1);
  told(silent);
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 1) << "nothing new is known";
  told(a_good_account());
  EXPECT_EQ(meter.gauges[Metric::configuration_drift_numbers], 0);
}

// Goal: an answer that comes when the watch is gone harms nobody.
// Method: the watch is destroyed before its question is answered.
TEST_F(DriftWatchTest, MayGoBeforeItsAnswerComes) {
  pass(a_minute);
  watch.reset();
  numbers.waiting(pointing_elsewhere());
  EXPECT_TRUE(contents.alerts.empty());
}

}  // namespace
}  // namespace jobrun::doctor
