#include "onboarding/step.hpp"

#include <gtest/gtest.h>

#include <set>

namespace jobrun::onboarding {
namespace {

// Goal: an owner who answers every question ends up live, having seen every step.
// Method: follow step_after from the first step; count the steps passed.
TEST(OnboardingSteps, LeadThroughEveryStepToLive) {
  std::set<Step> passed;
  Step step = Step::business_type_and_place;
  passed.insert(step);
  while (const std::optional<Step> next = step_after(step)) {
    ASSERT_TRUE(passed.insert(*next).second) << "twice: " << name_of(*next);
    step = *next;
  }
  EXPECT_EQ(step, Step::live);
  EXPECT_EQ(passed.size(), NamesOf<Step>::rows.size());
}

// Goal: BACK undoes exactly one answer, and never gives back a number or a life.
// Method: for every step, going back and then on again leads to the same step; the steps with no way back
// are listed.
TEST(OnboardingSteps, GoBackOneStepAtATimeButNeverAcrossTheAllocationOfANumber) {
  const std::set<Step> no_way_back = {Step::business_type_and_place, Step::number_allocation, Step::phone_type,
                                      Step::live};
  for (const Named<Step>& row : NamesOf<Step>::rows) {
    const std::optional<Step> before = step_before(row.value);
    EXPECT_EQ(!before.has_value(), no_way_back.contains(row.value)) << row.name;
    if (before) {
      EXPECT_EQ(step_after(*before), row.value) << row.name;
    }
  }
}

}  // namespace
}  // namespace jobrun::onboarding
