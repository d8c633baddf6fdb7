// What every store must count of a week.
#include <gtest/gtest.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using WeekContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Stores, WeekContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

constexpr Duration hour = 60 * minute;
constexpr Duration week = 7 * 24 * hour;
constexpr CivilDate a_monday{std::chrono::year{2026}, std::chrono::January, std::chrono::day{5}};
constexpr CivilDate next_monday{std::chrono::year{2026}, std::chrono::January, std::chrono::day{12}};

Commit a_call_that_ended(const std::string& call_sid, E164 from, ClientId client, AfterCallRow row,
                         std::optional<Outcome> outcome) {
  Commit commit;
  commit.new_call = a_call(call_sid, from, client);
  commit.event_key = "no-answer";
  commit.ended = CallEnd{CallStatus::no_answer, row};
  if (outcome) commit.outcome = OutcomeChange{*outcome, std::nullopt};
  return commit;
}

Commit a_reply(const std::string& message_sid, E164 from, ClientId client, Instant sent_at) {
  Commit commit = an_inbound_text(message_sid, TakenAs::customer, from, client);
  commit.inbound->text.at = sent_at;
  return commit;
}

Commit a_decision(ClientId client, bool is_accepted, Instant at) {
  Commit commit;
  commit.decision = JobDecision{{client, business_number, caller}, is_accepted, at};
  return commit;
}

// Goal: a week counts each missed call of the client, those whose callers have a text of ours, and nothing that is
// not missed. Method: an ended call for each row and outcome that matters; another client's; one that goes on.
TEST_P(WeekContract, CountsMissedCallsAndThoseTexted) {
  const ClientId client = add_client(store(), "Bay Plumbing");
  const ClientId other = add_client(store(), "Hill Roofing");
  int calls = 0;
  const auto end = [&](ClientId whose, AfterCallRow row, std::optional<Outcome> outcome) {
    write(a_call_that_ended("CA" + std::to_string(++calls), caller, whose, row, outcome));
  };
  end(client, AfterCallRow::intake, Outcome::texted);
  end(client, AfterCallRow::intake, Outcome::escalated);
  end(client, AfterCallRow::intake, std::nullopt);
  end(client, AfterCallRow::cool_down, Outcome::suppressed);
  end(client, AfterCallRow::withheld, Outcome::spoken);
  end(client, AfterCallRow::answered, Outcome::answered);
  end(client, AfterCallRow::blocked, Outcome::suppressed);
  end(client, AfterCallRow::do_not_text, Outcome::suppressed);
  end(other, AfterCallRow::intake, Outcome::texted);
  write(a_pending_call("CAgoing", caller, std::nullopt));
  const ClientWeek counted = store().reader()->week_of(client, noon, noon + week);
  EXPECT_EQ(counted, (ClientWeek{.missed_calls = 5, .texted = 2, .number = business_number}));
  EXPECT_EQ(store().reader()->week_of(other, noon, noon + week).missed_calls, 1);
}

// Goal: a week begins with its first instant and ends before its last: no call is in two weeks, and none in
// neither. Method: calls and decisions at both edges, a millisecond before and after; among many older ones.
TEST_P(WeekContract, BelongsToOneWeek) {
  const ClientId client = add_client(store(), "Bay Plumbing");
  int calls = 0;
  const auto write_at = [&](Instant at) {
    write(a_call_that_ended("CA" + std::to_string(++calls), caller, client, AfterCallRow::intake, std::nullopt),
          at);
    write(a_decision(client, true, at));
  };
  for (int older = 0; older < 40; ++older) write_at(noon - week + older * 3 * hour);
  write_at(noon - Duration{1});
  write_at(noon);
  write_at(noon + week - Duration{1});
  write_at(noon + week);
  const auto count = [&](Instant from) {
    const ClientWeek counted = store().reader()->week_of(client, from, from + week);
    EXPECT_EQ(counted.missed_calls, counted.jobs_accepted);
    return counted.missed_calls;
  };
  EXPECT_EQ(count(noon - week), 41);
  EXPECT_EQ(count(noon), 2);
  EXPECT_EQ(count(noon + week), 1);
  EXPECT_EQ(count(noon + 2 * week), 0);
}

// Goal: who texts after a missed call of his has replied, once however often he called and texted, also when that
// was after the week; the median is of the first texts after the first calls. Method: repliers after 2, 4 and 60
// minutes, one of whom calls and texts again; texts before a call, of who never called, and by which nobody
// replies.
TEST_P(WeekContract, CountsWhoRepliedAndHowLongThatTook) {
  const ClientId client = add_client(store(), "Bay Plumbing");
  const ClientId other = add_client(store(), "Hill Roofing");
  const auto call_at = [&](const std::string& call_sid, E164 from, Instant at) {
    write(a_call_that_ended(call_sid, from, client, AfterCallRow::intake, Outcome::texted), at);
  };
  EXPECT_FALSE(store().reader()->week_of(client, noon, noon + week).median_reply);
  write(a_reply("MM0", phone(14155550125), client, noon), noon);
  call_at("CA1", caller, noon + minute);
  call_at("CA2", other_caller, noon + minute);
  call_at("CA3", phone(14155550125), noon + minute);
  call_at("CA4", phone(14155550126), noon + week - minute);
  write(a_reply("MM1", caller, client, noon + 3 * minute), noon + 3 * minute);
  call_at("CA5", caller, noon + 10 * minute);
  write(a_reply("MM2", caller, client, noon + 11 * minute), noon + 11 * minute);
  write(a_reply("MM3", other_caller, client, noon + 5 * minute), noon + 20 * minute);
  write(a_reply("MM4", phone(14155550125), other, noon + 6 * minute), noon + 20 * minute);
  write(a_reply("MM5", phone(14155550127), client, noon + 7 * minute), noon + 20 * minute);
  write(an_inbound_text("MM6", TakenAs::opt_out, phone(14155550125), client), noon + 20 * minute);
  write(a_reply("MM7", phone(14155550126), client, noon + week + 59 * minute), noon + week + 59 * minute);
  reopen();
  const ClientWeek counted = store().reader()->week_of(client, noon, noon + week);
  EXPECT_EQ(counted.missed_calls, 5);
  EXPECT_EQ(counted.replied, 3);
  EXPECT_EQ(counted.median_reply, 4 * minute);
}

// Goal: jobs are counted that were accepted, of this client alone. Method: both decisions, and another client's.
TEST_P(WeekContract, CountsAcceptedJobs) {
  const ClientId client = add_client(store(), "Bay Plumbing");
  const ClientId other = add_client(store(), "Hill Roofing");
  write(a_decision(client, true, noon));
  write(a_decision(client, false, noon));
  write(a_decision(client, true, noon + minute));
  write(a_decision(other, true, noon));
  EXPECT_EQ(store().reader()->week_of(client, noon, noon + week).jobs_accepted, 2);
}

// Goal: a week of a client is claimed once, over a restart too, and no older one after it; another client's is its
// own. Method: claims in several orders; one that is not committed.
TEST_P(WeekContract, IsClaimedOnce) {
  const ClientId client = add_client(store(), "Bay Plumbing");
  const ClientId other = add_client(store(), "Hill Roofing");
  EXPECT_TRUE(store().begin({})->claim_week(client, a_monday));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.claim_week(client, a_monday));
    EXPECT_FALSE(batch.claim_week(client, a_monday));
  });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.claim_week(client, a_monday));
    EXPECT_TRUE(batch.claim_week(other, a_monday));
    EXPECT_TRUE(batch.claim_week(client, next_monday));
    EXPECT_FALSE(batch.claim_week(client, a_monday));
  });
}

}  // namespace
}  // namespace jobrun::store
