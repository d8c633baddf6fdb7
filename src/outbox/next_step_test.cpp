#include "next_step.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using testing::SeededRandom;
using testing::World;
using Because = Refused::Because;

constexpr RetryRules rules{
    .back_off_min = Duration{1'000}, .back_off_max = Duration{60'000}, .retry_after_max = Duration{900'000}};
constexpr Instant midnight{std::chrono::sys_days{std::chrono::year{2026} / 1 / 4}};
constexpr Duration minute{60'000};

constexpr std::array all_reasons = {Because::later,       Because::next_day,    Because::once_more,
                                    Because::sender,      Because::recipient,   Because::account,
                                    Because::credentials, Because::suspended,   Because::filtered,
                                    Because::loop,        Because::our_mistake, Because::other};

Refused refused(Because because) {
  Refused refused;
  refused.because = because;
  refused.http_status = 400;
  refused.code = 1;
  return refused;
}

/// A text promised at `promised_at`, of which `attempts` have been made.
TextRecord a_text(Instant promised_at, int attempts = 1) {
  World world;
  TextRecord text = world.keep_promise(world.intake(14155550101));
  text.promised_at = text.due_at = promised_at;
  text.attempts = attempts;
  return text;
}

NextStep step_after(const TextRecord& text, Because because, Instant now) {
  SeededRandom random;
  return decide_next_step(text, refused(because), rules, now, random);
}

// Goal: a sender whose day is used up sends again on the next UTC day, and not all its texts at midnight.
// Method: 40 minutes before midnight UTC, with the text useful for two hours; several seeds.
TEST(NextStep, WaitsForTheNextUtcDay) {
  const Instant now = midnight - 40 * minute;
  std::set<Duration> delays;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    SeededRandom random(seed);
    const NextStep step = decide_next_step(a_text(now), refused(Because::next_day), rules, now, random);
    const auto* again = std::get_if<TryAgain>(&step);
    ASSERT_NE(again, nullptr);
    EXPECT_GE(now + again->delay, midnight);
    EXPECT_LE(now + again->delay, midnight + rules.back_off_max);
    EXPECT_FALSE(again->may_hurry);
    delays.insert(again->delay);
  }
  EXPECT_GT(delays.size(), 1U);
  const NextStep at_midnight = step_after(a_text(midnight - minute), Because::next_day, midnight);
  EXPECT_TRUE(std::holds_alternative<GiveUp>(at_midnight)) << "the day that begins now is the one used up";
}

// Goal: a text that would be of no use on the next day is given up now, and a person is alerted.
// Method: the same refusal on either side of the last moment of use.
TEST(NextStep, DoesNotWaitForADayThatComesTooLate) {
  const Instant now = midnight - 90 * minute;
  EXPECT_TRUE(std::holds_alternative<TryAgain>(step_after(a_text(now), Because::next_day, now)));
  const NextStep step = step_after(a_text(now - 40 * minute), Because::next_day, now);
  const auto* given_up = std::get_if<GiveUp>(&step);
  ASSERT_NE(given_up, nullptr);
  EXPECT_EQ(given_up->alert.kind, AlertKind::text_refused);
  EXPECT_TRUE(given_up->alert.escalates);
}

// Goal: a moment's trouble is given one more try, later, and never a second.
// Method: the first, second and tenth attempt.
TEST(NextStep, TriesOnceMoreAndNoFurther) {
  const Instant now = midnight;
  const NextStep step = step_after(a_text(now, 1), Because::once_more, now);
  const auto* again = std::get_if<TryAgain>(&step);
  ASSERT_NE(again, nullptr);
  EXPECT_GE(again->delay, rules.once_more_after);
  EXPECT_FALSE(again->may_hurry);
  for (const int attempts : {2, 3, 10}) {
    EXPECT_TRUE(std::holds_alternative<GiveUp>(step_after(a_text(now, attempts), Because::once_more, now)));
  }
  const TextRecord old = a_text(now - rules.useful_for + minute, 1);
  EXPECT_TRUE(std::holds_alternative<GiveUp>(step_after(old, Because::once_more, now)));
}

// Goal: how long a text is of use is counted from the end of its call, and not from a promise made late.
// Method: a text just promised, of a call that ended almost two hours before; each refusal that would wait.
TEST(NextStep, UsefulnessCountsFromTheCallsEnd) {
  const Instant now = midnight - 2 * minute;  // the day's end is near
  TextRecord text = a_text(now);
  text.promise.caused_at = now - rules.useful_for + minute;
  for (const Because because : {Because::once_more, Because::next_day}) {
    EXPECT_TRUE(std::holds_alternative<TryAgain>(step_after(a_text(now), because, now)));
    EXPECT_TRUE(std::holds_alternative<GiveUp>(step_after(text, because, now)));
  }
}

// Goal: an account that is suspended holds texts and discards none, like refused credentials, and says so.
// Method: the step, the carrier's health and the alert.
TEST(NextStep, HoldsTextsWhileTheAccountIsSuspended) {
  for (const Because because : {Because::suspended, Because::credentials}) {
    EXPECT_TRUE(std::holds_alternative<TryAgain>(step_after(a_text(midnight, 50), because, midnight)));
    EXPECT_EQ(health_told_by(refused(because)), CarrierHealth::credentials_refused);
  }
  const auto alert = [](Because because) { return credentials_alert(Account::first, refused(because)).summary; };
  EXPECT_NE(alert(Because::suspended).find("suspended"), std::string::npos);
  EXPECT_EQ(alert(Because::credentials).find("suspended"), std::string::npos);
}

// Goal: what no further try can mend is given up at once, however many senders are left.
// Method: two senders, each such refusal.
TEST(NextStep, GivesUpWhatNoFurtherTryCanMend) {
  for (const Because because :
       {Because::recipient, Because::filtered, Because::loop, Because::our_mistake, Because::other}) {
    TextRecord text = a_text(midnight);
    text.promise.ways.push_back({Account::second, testing::phone(15550002222)});
    EXPECT_TRUE(std::holds_alternative<GiveUp>(step_after(text, because, midnight)));
    EXPECT_EQ(health_told_by(refused(because)), CarrierHealth::well);
  }
}

// Goal: whatever the carrier says, a text is tried again only on a sender that exists, never at once without a
// reason for it, and given up only with a person alerted.
// Method: random reasons, attempts and moments.
RC_GTEST_PROP(NextStep, IsAlwaysSensible, ()) {
  const Because because = *rc::gen::elementOf(std::vector<Because>(all_reasons.begin(), all_reasons.end()));
  const Duration age{*rc::gen::inRange(0, 3 * 3600 * 1000)};
  const Instant now = midnight - Duration{*rc::gen::inRange(0, 24 * 3600 * 1000)};
  const TextRecord text = a_text(now - age, *rc::gen::inRange(1, 100));
  const NextStep step = step_after(text, because, now);
  if (const auto* again = std::get_if<TryAgain>(&step)) {
    RC_ASSERT(first_open_way(text.promise, again->closed_ways).has_value());
    const bool is_held = health_told_by(refused(because)) == CarrierHealth::credentials_refused;
    RC_ASSERT(is_held || again->delay > Duration{0});
    RC_ASSERT(again->delay <= std::chrono::hours{24} + rules.back_off_max);
  } else {
    RC_ASSERT(std::get<GiveUp>(step).alert.escalates);
  }
}

// Goal: a canary's text that is given up is told as a canary's, and calls nobody back.
// Method: the same refusal for a caller's text and a canary's.
TEST(NextStep, ACanaryGivenUpIsToldAsOne) {
  TextRecord text = a_text(midnight);
  EXPECT_EQ(std::get<GiveUp>(step_after(text, Because::other, midnight)).alert.kind, AlertKind::text_refused);
  text.promise.id.purpose = Purpose::canary;
  const AlertRequest alert = std::get<GiveUp>(step_after(text, Because::other, midnight)).alert;
  EXPECT_EQ(alert.kind, AlertKind::canary_silent);
  EXPECT_EQ(alert.audience, Audience::operator_);
  EXPECT_TRUE(alert.caller.empty());
}

// Goal: a text without a call that is given up tells a person as what it is: a customer's reply the owner, all
// else the operator, together with others of its kind from its number; no call is escalated. Method: every purpose
// that may have no call, with a client and without.
TEST(NextStep, ATextWithoutACallGivenUpIsToldAsOne) {
  TextRecord text = a_text(midnight);
  text.call.reset();
  text.promise.id.cause = "SM1";
  for (const std::optional<ClientId> client : {std::optional(ClientId{7}), std::optional<ClientId>()}) {
    for (const Purpose purpose :
         {Purpose::customer_reply, Purpose::owner_reply, Purpose::onboarding, Purpose::triage_reply}) {
      text.promise.client = client;
      text.promise.id.purpose = purpose;
      const AlertRequest alert = std::get<GiveUp>(step_after(text, Because::other, midnight)).alert;
      const bool is_owners = client && purpose == Purpose::customer_reply;
      EXPECT_EQ(alert.kind, AlertKind::text_refused);
      EXPECT_EQ(alert.audience, is_owners ? Audience::owner : Audience::operator_) << name_of(purpose);
      EXPECT_EQ(alert.group, std::string(name_of(purpose)) + " +15550001111");
      EXPECT_GT(alert.at_most_every.count(), 0);
      EXPECT_FALSE(alert.escalates);
      EXPECT_TRUE(alert.call_sid.empty());
      EXPECT_NE(alert.summary.find("+14155550101"), std::string::npos);
    }
  }
  EXPECT_TRUE(isolation_alert(text).call_sid.empty());
}

}  // namespace
}  // namespace jobrun::outbox
