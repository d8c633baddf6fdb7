#include "sweep/canary.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::sweep {
namespace {

namespace fake = outbox::testing;

constexpr Duration every{5 * 60'000};
constexpr Duration second{1'000};

/// Canaries whose public URL, ledger and carrier are in the test's hands.
class CanaryTest : public ::testing::Test {
 protected:
  CanaryTest() {
    canary.emplace(
        Canary::Ports{
            .way = {.new_call_sid = [this] { return *CallSid::parse("CA" + std::to_string(++made)); },
                    .post =
                        [this](CanaryStep step, const CallSid&, std::function<void(Result<void>)> done) {
                          posts.push_back(step);
                          if (answer) done(*answer);
                        },
                    .is_texted =
                        [this](const CallSid&) { return is_store_away ? throw StoreFailure("gone") : is_texted; }},
            .can_be_kept = [this] { return !is_spooling; },
            .journal = journal,
            .meter = meter,
            .log = log,
            .clock = clock},
        CanaryOptions{.every = every});
  }

  /// Lets time pass, second by second.
  void live(Duration time) {
    for (Duration passed{0}; passed < time; passed += second) {
      clock.advance(second);
      canary->pump();
      journal.run_all(journal_fate);
    }
  }

  fake::ManualClock clock;
  fake::StoreContents contents;
  fake::FakeJournal journal{contents, clock};
  fake::Fate journal_fate = fake::Fate::durable;
  fake::RecordingMeter meter;
  fake::RecordingLog log;
  std::optional<Result<void>> answer = Result<void>{};  ///< empty: none comes
  bool is_texted = true;
  bool is_store_away = false;
  bool is_spooling = false;
  int made = 0;
  std::vector<CanaryStep> posts;
  std::optional<Canary> canary;
};

// Goal: a canary comes in, ends and is texted, every so often; then nobody is told anything.
// Method: an hour in which all is well.
TEST_F(CanaryTest, ComesThroughEverySoOften) {
  live(every);
  EXPECT_EQ(posts, (std::vector{CanaryStep::voice, CanaryStep::status}));
  live(12 * every - every);
  EXPECT_EQ(made, 12);
  EXPECT_TRUE(log.lines.empty());
  EXPECT_TRUE(contents.alerts.empty());
}

// Goal: whatever keeps canaries from coming through is told, once, with its reason; and again after one came
// through. Method: the URL refuses, does not answer, the text does not leave, the store cannot be read; each for
// an hour.
TEST_F(CanaryTest, ItsSilenceIsTold) {
  const auto tell_of = [&](const std::string& reason) {
    SCOPED_TRACE(reason);
    contents.alerts.clear();
    live(2 * every - 40 * second);
    EXPECT_TRUE(contents.alerts.empty()) << "not yet";
    live(9 * every);
    ASSERT_EQ(contents.alerts.size(), 1U);
    EXPECT_EQ(contents.alerts[0].kind, AlertKind::canary_silent);
    EXPECT_EQ(contents.alerts[0].severity, Severity::critical);
    EXPECT_TRUE(contents.alerts[0].summary.contains(reason)) << contents.alerts[0].summary;
    answer = Result<void>{};
    is_texted = true;
    is_store_away = false;
    live(every + 31 * second);
  };
  answer = failure(ErrorKind::unavailable, "HTTP 403");
  tell_of("/twilio/voice: HTTP 403");
  answer.reset();
  tell_of("not answered in time");
  is_texted = false;
  tell_of("its text did not get out");
  is_store_away = true;
  tell_of("gone");
}

// Goal: an alert that the journal did not keep is told again.
// Method: silence, while the journal loses the first one.
TEST_F(CanaryTest, IsToldAgainWhenTheAlertWasLost) {
  is_texted = false;
  journal_fate = fake::Fate::lost;
  live(3 * every + second);
  journal_fate = fake::Fate::durable;
  live(2 * second);
  EXPECT_EQ(contents.alerts.size(), 1U);
}

// Goal: while the database is away none is sent, and nobody is told twice of one trouble.
// Method: an hour in the spool.
TEST_F(CanaryTest, RestsWhileEventsGoToTheSpool) {
  is_spooling = true;
  live(12 * every);
  EXPECT_EQ(made, 0);
  EXPECT_TRUE(contents.alerts.empty());
  is_spooling = false;
  live(second);
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace jobrun::sweep
