// An owner's week, from his customers' calls to the text or mail that tells it.
#include <algorithm>

#include "owner_alerts_test_support.hpp"

namespace jobrun::app {
namespace {

using namespace std::chrono_literals;

/// The clock begins on a Saturday, at eleven by the clocks at home.
class WeeklySummary : public OwnerAlerts {
 protected:
  void ask_for(SummaryBy chosen) {
    profile_.settings.weekly_summary = chosen;
    save();
  }
  void decide(bool is_accepted) {
    pipeline_->ledger().submit(JournalWork{
        [this, is_accepted](StoreBatch& batch, Instant now) -> Result<void> {
          Commit commit;
          commit.decision = JobDecision{{profile_.id, business, E164::from_digits(14155550101)}, is_accepted, now};
          batch.write(commit, now);
          return {};
        },
        [](const Result<void>&) {}});
    commit_all();
  }
  /// A call that is answered by text after three minutes, and the lead that tells of it.
  void live_through_saturday() {
    miss_a_call();
    jump(3min);
    text_in("My boiler leaks");
    decide(true);
    jump(10min);
    told();
  }
  void jump_to(Duration after_saturday_at_eleven) {
    while (clock_.now() < began_ + after_saturday_at_eleven)
      jump(std::min<Duration>(1h, began_ + after_saturday_at_eleven - clock_.now()));
  }
  /// What texts to the owner and mails to anybody have said of weeks since this was asked last.
  std::vector<std::string> summaries() {
    std::vector<std::string> found;
    for (const OutgoingText& text : std::exchange(carrier_.sent, {})) {
      if (text.body.find("Your week") != std::string::npos)
        found.push_back(text.recipient.text() + " " + text.body);
    }
    for (const net::Mail& mail : std::exchange(mails_, {})) {
      if (mail.subject.find("Your week") != std::string::npos) found.push_back(mail.to + " " + mail.subject);
    }
    return found;
  }
  static constexpr const char* week =
      "JobRun: Your week: 1 missed call, 1 texted, 1 replied, 1 job accepted; replies came after 3 min (median).";
  static constexpr Duration monday_at_eight = 45h;
  Instant began_ = clock_.now();
};

// Goal: an owner who asked for it is told his week on Monday at eight, by the way he chose for it, from his own
// number, and by no other way. Method: each choice, whatever the rest of his alerts goes by.
TEST_F(WeeklySummary, IsToldOnMondayByTheWayChosen) {
  for (const auto& [chosen, alert_by] :
       {std::pair(SummaryBy::text, AlertBy::email), std::pair(SummaryBy::email, AlertBy::text)}) {
    began_ = clock_.now();
    profile_.alert_by = alert_by;
    ask_for(chosen);
    start(true, true);
    live_through_saturday();
    jump_to(monday_at_eight - 1min);
    EXPECT_TRUE(summaries().empty());
    jump_to(monday_at_eight + 2min);
    if (chosen == SummaryBy::text) {
      EXPECT_EQ(carrier_.sent.back().sender, business);
    }
    EXPECT_EQ(summaries(), std::vector<std::string>{(chosen == SummaryBy::text ? joes_phone : joes_address) +
                                                    std::string(" ") + week});
    jump_to(7 * 24h);
    EXPECT_TRUE(summaries().empty());
    EXPECT_EQ(left(), 0U);
  }
}

// Goal: a week is told once, over restarts too, and the next one is told again.
// Method: restarts on Monday and Tuesday; another week with a call.
TEST_F(WeeklySummary, IsToldOnceOverRestarts) {
  ask_for(SummaryBy::text);
  start(false, true);
  live_through_saturday();
  jump_to(monday_at_eight + 2min);
  EXPECT_EQ(summaries().size(), 1U);
  for (const Duration later : {monday_at_eight + 3min, monday_at_eight + 24h}) {
    jump_to(later);
    start(false, true);
    jump_to(later + 2min);
    EXPECT_TRUE(summaries().empty());
  }
  miss_a_call(E164::from_digits(14155550102));
  jump_to(monday_at_eight + 7 * 24h + 2min);
  EXPECT_EQ(summaries().size(), 1U);
}

// Goal: a service that was away on Monday tells the week until Wednesday is over, and then no more.
// Method: started late on Wednesday; started on Thursday, in the week after.
TEST_F(WeeklySummary, IsToldLateUntilWednesdayIsOver) {
  ask_for(SummaryBy::text);
  start(false, true);
  live_through_saturday();
  pipeline_.reset();
  jump_only(began_ + monday_at_eight + 2 * 24h + 15h + 50min - clock_.now());
  start(false, true);
  jump(1min);
  EXPECT_EQ(summaries().size(), 1U);
  miss_a_call(E164::from_digits(14155550102));
  pipeline_.reset();
  jump_only(7 * 24h + 1h);
  start(false, true);
  jump(1min);
  EXPECT_TRUE(summaries().empty());
}

// Goal: a week without a missed call is not told, nor one to an owner who did not ask. Method: both.
TEST_F(WeeklySummary, IsNotToldWhereThereIsNothingOrNobodyAsked) {
  ask_for(SummaryBy::text);
  start(false, true);
  jump_to(monday_at_eight + 2min);
  EXPECT_TRUE(summaries().empty());
  ask_for(SummaryBy::none);
  miss_a_call();
  jump_to(monday_at_eight + 7 * 24h + 2min);
  EXPECT_TRUE(summaries().empty());
}

// Goal: an owner who sleeps late is told after his quiet hours. Method: they end at ten.
TEST_F(WeeklySummary, WaitsForTheEndOfQuietHours) {
  profile_.settings.quiet_hours = *QuietHours::parse("23:00-10:00");
  ask_for(SummaryBy::text);
  start(false, true);
  live_through_saturday();
  jump_to(monday_at_eight + 2h - 1min);
  EXPECT_TRUE(summaries().empty());
  jump_to(monday_at_eight + 2h + 2min);
  EXPECT_EQ(summaries().size(), 1U);
}

// Goal: more owners than are counted at once are all told. Method: a dozen more owners, each with a call.
TEST_F(WeeklySummary, IsToldToEveryOwner) {
  ask_for(SummaryBy::text);
  for (std::uint64_t other = 0; other < 12; ++other) {
    ClientProfile profile = profile_;
    profile.name = "Business " + std::to_string(other);
    profile.owner_phone = E164::from_digits(14155557000 + other);
    const ClientId id = change(AddClient{profile}).value();
    change(AddNumber{{E164::from_digits(14155556000 + other), NumberRole::operational, id}});
  }
  start(false, true);
  live_through_saturday();
  for (std::uint64_t other = 0; other < 12; ++other) {
    miss_a_call(E164::from_digits(14155550101), E164::from_digits(14155556000 + other));
  }
  jump_to(monday_at_eight);
  for (int turn = 0; turn < 10; ++turn) jump(1s);
  EXPECT_EQ(summaries().size(), 13U);
}

}  // namespace
}  // namespace jobrun::app
