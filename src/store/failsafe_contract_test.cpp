// What every store must tell of calls to nobody's numbers, and of what waits.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using FailsafeContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Stores, FailsafeContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

constexpr const char* nobodys = "+14155550500";
constexpr const char* others = "+14155550600";

/// A call to a number of nobody's.
Commit a_stray_call(const std::string& call_sid, E164 from, const std::string& to,
                    Origin origin = Origin::status) {
  Commit commit;
  commit.new_call = NewCall{.call_sid = sid(call_sid),
                            .caller = Caller::parse(from.text()),
                            .number_text = to,
                            .role = NumberRole::system,
                            .role_source = RoleSource::unknown,
                            .client = std::nullopt,
                            .origin = origin};
  commit.event_key = "status:no-answer";
  commit.ended = CallEnd{CallStatus::no_answer, AfterCallRow::failsafe};
  commit.outcome = OutcomeChange{Outcome::escalated, std::nullopt};
  return commit;
}

Commit a_stray_text(const std::string& message_sid, E164 from, const std::string& to, Instant at) {
  Commit commit = an_inbound_text(message_sid, TakenAs::triage, from);
  commit.inbound->text.number_text = to;
  commit.inbound->text.number = *E164::parse(to);
  commit.inbound->text.at = at;
  return commit;
}

std::vector<std::string> replies_of(const FailsafeNumber& number) {
  std::vector<std::string> sids;
  for (const InboundListing& reply : number.replies) sids.push_back(reply.inbound.text.message_sid);
  return sids;
}

// Goal: of each number of nobody's it is told how many calls came, by how many callers, when first and last; the
// last called comes first. Calls to businesses, canaries and what came before are not among them.
TEST_P(FailsafeContract, NumbersOfNobodysAreToldWithTheirCallers) {
  const ClientId client = add_client(store());
  write(a_stray_call("CA0", caller, nobodys), noon - 10 * minute);
  write(a_stray_call("CA1", caller, nobodys), noon);
  write(a_stray_call("CA2", caller, nobodys), noon + minute);
  write(a_stray_call("CA3", other_caller, nobodys), noon + 2 * minute);
  write(a_stray_call("CA4", caller, others), noon + 3 * minute);
  write(a_stray_call("CA5", caller, others, Origin::canary), noon + 4 * minute);
  write(an_ended_call("CA6", caller, client, noon), noon);
  const std::vector<FailsafeNumber> numbers = store().reader()->failsafe_numbers({.since = noon});
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers[0].number_text, others);
  EXPECT_EQ(numbers[0].calls, 1);
  EXPECT_EQ(numbers[1].number_text, nobodys);
  EXPECT_EQ(numbers[1].calls, 3);
  EXPECT_EQ(numbers[1].callers, 2);
  EXPECT_EQ(numbers[1].first_at, noon);
  EXPECT_EQ(numbers[1].last_at, noon + 2 * minute);
  EXPECT_EQ(store().reader()->failsafe_numbers({.since = noon, .limit = 1}).size(), 1U);
  EXPECT_THAT(store().reader()->failsafe_numbers({.since = noon + minute * 60}), IsEmpty());
}

// Goal: whoever called and replied is told, also where he had his text from another number and replied to that.
// Method: a reply to the number, one of a caller to another number, one of a stranger to another number, one from
// before the call; with a limit.
TEST_P(FailsafeContract, WhoRepliedIsToldWhateverNumberHeTexted) {
  write(a_stray_call("CA1", caller, nobodys), noon);
  write(a_stray_call("CA2", other_caller, nobodys), noon);
  write(a_stray_text("SM1", phone(14155550177), nobodys, noon + minute), noon + minute);
  write(a_stray_text("SM2", caller, "+14155550900", noon + 2 * minute), noon + 2 * minute);
  write(a_stray_text("SM3", phone(14155550178), "+14155550900", noon + 2 * minute), noon + 2 * minute);
  write(a_stray_text("SM4", caller, "+14155550900", noon - minute), noon + 3 * minute);
  Commit business = an_inbound_text("SM5", TakenAs::customer, caller);
  business.inbound->text.at = noon + minute;
  write(business, noon + minute);
  const auto told = [&](std::int64_t most) {
    return replies_of(store().reader()->failsafe_numbers({.since = noon, .replies_limit = most}).at(0));
  };
  EXPECT_THAT(told(20), ElementsAre("SM2", "SM1"));
  EXPECT_THAT(told(1), ElementsAre("SM2"));
}

// Goal: how long a text has waited is told of the one that waits longest; of one that is put off on purpose only
// once that is over. Method: two promises; the older one leaves, is not sent for a moment, then is put off for ten
// minutes.
TEST_P(FailsafeContract, TheOldestTextThatWaitsIsTold) {
  const ClientId client = add_client(store());
  const auto since = [&] { return store().reader()->levels().texts_waiting_since; };
  EXPECT_EQ(since(), std::nullopt);
  const TextRow older = promise("CA1", caller, client, noon);
  promise("CA2", other_caller, client, noon + minute);
  EXPECT_EQ(since(), noon);
  in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(older, {1, 0}, {}, noon + minute); });
  EXPECT_EQ(since(), noon);
  EXPECT_EQ(store().reader()->levels().texts_started, 1);
  EXPECT_EQ(store().reader()->levels().texts_promised, 1);
  EXPECT_EQ(store().reader()->levels().texts_waiting(), 2);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_not_sent(older, "rate limit", {}, noon + 2 * minute + second, noon + 2 * minute);
  });
  EXPECT_EQ(since(), noon);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(older, {2, 0}, {}, noon + 3 * minute);
    batch.record_not_sent(older, "handset off", {}, noon + 13 * minute, noon + 3 * minute);
  });
  EXPECT_EQ(since(), noon + minute);
  in_batch(store(), [&](StoreBatch& batch) {
    const TextRow younger = store().reader()->promised_texts({}, 10).back().row;
    batch.mark_started(younger, {1, 0}, {}, noon + 3 * minute);
    batch.record_accepted(younger, "SM1", noon + 3 * minute);
  });
  EXPECT_EQ(since(), noon + 13 * minute);
}

// Goal: owners who sign up are counted by their steps, and so are the numbers that wait for them.
TEST_P(FailsafeContract, OwnersAndNumbersForThemAreCounted) {
  EXPECT_THAT(store().reader()->levels().owners, IsEmpty());
  int next = 0;
  for (const char* step : {"confirm", "live", "confirm"}) {
    Commit commit = an_inbound_text("SM" + std::to_string(next), TakenAs::onboarding, phone(14155550300 + next));
    OnboardingRecord record;
    record.owner_phone = phone(14155550300 + next++);
    record.step = step;
    record.state = "{}";
    record.step_since = noon;
    record.last_text_at = noon;
    commit.onboarding = OnboardingChange{.record = record};
    write(commit);
  }
  EXPECT_THAT(store().reader()->levels().owners, ElementsAre(OwnersAtStep{"confirm", 2}, OwnersAtStep{"live", 1}));
  EXPECT_EQ(store().reader()->levels().numbers_available, 0);
  ASSERT_TRUE(change(AddNumber{
      {.number = phone(14155550400), .role = NumberRole::system, .client = std::nullopt, .is_available = true}}));
  EXPECT_EQ(store().reader()->levels().numbers_available, 1);
}

// Goal: a call's timeline tells what was decided and why, its incident and how that ended, and what the caller has
// texted since; not what others have, nor what he said before.
TEST_P(FailsafeContract, ATimelineTellsDecisionIncidentAndReplies) {
  const ClientId client = add_client(store());
  promise("CA1", caller, client, noon);
  EXPECT_THAT(details(store(), "CA1", "decided"), ElementsAre(HasSubstr("intake")));
  EXPECT_THAT(details(store(), "CA1", "incident"), IsEmpty());
  IncidentId incident;
  in_batch(store(), [&](StoreBatch& batch) {
    incident = batch.look_for_overdue_calls(noon + 10 * minute, 10).opened.value();
  });
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.close_incident(incident, "called back by hand", noon + 11 * minute));
  });
  EXPECT_THAT(details(store(), "CA1", "incident"),
              ElementsAre(HasSubstr("opened"), HasSubstr("closed: called back by hand")));
  const auto reply = [&](const char* message_sid, E164 from, Instant at) {
    Commit commit = an_inbound_text(message_sid, TakenAs::customer, from, client);
    commit.inbound->text.at = at;
    write(commit, at);
  };
  reply("SM1", caller, noon - minute);
  reply("SM2", caller, noon + minute);
  reply("SM3", other_caller, noon + minute);
  EXPECT_THAT(details(store(), "CA1", "reply"), ElementsAre(HasSubstr("SM2")));
}

}  // namespace
}  // namespace jobrun::store
