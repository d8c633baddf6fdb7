#include "outbox/policy.hpp"

#include <gtest/gtest.h>

#include <set>

namespace jobrun::outbox {
namespace {

bool is_about_a_call(Origin origin) {
  switch (origin) {
    case Origin::voice:
    case Origin::status:
    case Origin::sweep:
    case Origin::canary:
      return true;
    case Origin::text:
    case Origin::command:
    case Origin::alert:
    case Origin::time:
      return false;
  }
  return true;
}

// Goal: no onboarding text may ever leave because of a voice event, alerts and customers' texts never take each
// other's way, and nothing else is forbidden.
// Method: walk every pair of the table; onboarding with an event that is, or may be, about a call is
// forbidden, and every pair of which just one half is an alert's; every other pair is not.
TEST(ExitPolicy, ForbidsOnboardingForEveryEventAboutACallAndNothingElse) {
  for (const auto& [purpose, purpose_name] : NamesOf<Purpose>::rows) {
    for (const auto& [origin, origin_name] : NamesOf<Origin>::rows) {
      const bool must_be_stopped = (purpose == Purpose::onboarding && is_about_a_call(origin)) ||
                                   (purpose == Purpose::alert) != (origin == Origin::alert);
      EXPECT_EQ(rule_on(purpose, origin) == Ruling::forbidden, must_be_stopped)
          << purpose_name << " x " << origin_name;
    }
  }
  EXPECT_EQ(rule_on(Purpose::alert, Origin::alert), Ruling::allowed);
}

// Goal: the texts of the main road leave without a warning, also when the sweep found the call.
// Method: the two first texts of a call, for each kind of event that can end one.
TEST(ExitPolicy, AllowsTheFirstTextsOfACall) {
  for (const Purpose purpose : {Purpose::customer_intake, Purpose::failsafe}) {
    for (const Origin origin : {Origin::voice, Origin::status, Origin::sweep}) {
      EXPECT_EQ(rule_on(purpose, origin), Ruling::allowed) << name_of(purpose) << " x " << name_of(origin);
    }
  }
  for (const Origin origin : {Origin::text, Origin::command, Origin::time}) {
    EXPECT_EQ(rule_on(Purpose::onboarding, origin), Ruling::allowed) << name_of(origin);
  }
}

// Goal: what answers a text leaves without a warning because of that text or a person's command, reminders because
// of time, and none because of a call. Method: every purpose that answers texts, by every kind of event.
TEST(ExitPolicy, AllowsRepliesBecauseOfTextsAlone) {
  for (const Purpose purpose :
       {Purpose::customer_reply, Purpose::owner_reply, Purpose::onboarding, Purpose::triage_reply}) {
    for (const auto& [origin, name] : NamesOf<Origin>::rows) {
      const bool is_reminder = purpose == Purpose::onboarding && origin == Origin::time;
      const bool is_allowed = origin == Origin::text || origin == Origin::command || is_reminder;
      EXPECT_EQ(rule_on(purpose, origin) == Ruling::allowed, is_allowed) << name_of(purpose) << " x " << name;
    }
  }
}

// Goal: every purpose has exactly one row, so a new purpose cannot slip past the table.
// Method: compare the table's purposes with the enumeration's; a value outside both is forbidden.
TEST(ExitPolicy, HasOneRowForEveryPurpose) {
  std::set<Purpose> seen;
  for (const PolicyRow& row : policy_table) EXPECT_TRUE(seen.insert(row.purpose).second) << name_of(row.purpose);
  for (const auto& [purpose, name] : NamesOf<Purpose>::rows) EXPECT_TRUE(seen.contains(purpose)) << name;
  EXPECT_EQ(rule_on(static_cast<Purpose>(99), Origin::text), Ruling::forbidden);
  EXPECT_EQ(rule_on(Purpose::customer_intake, static_cast<Origin>(99)), Ruling::forbidden);
}

}  // namespace
}  // namespace jobrun::outbox
