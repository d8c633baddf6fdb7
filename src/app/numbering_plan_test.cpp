#include "numbering_plan.hpp"

#include <gtest/gtest.h>

namespace jobrun::app {
namespace {

E164 number(const char* text) {
  return *E164::parse(text);
}

// Goal: a number's country is that of its calling code, and in the North American plan of its area code;
// what is not known there counts as US.
TEST(NumberingPlan, KnowsCountries) {
  const auto plan = make_numbering_plan();
  EXPECT_EQ(plan->country_of(number("+14155550123")), "US");
  EXPECT_EQ(plan->country_of(number("+14165550123")), "CA");
  EXPECT_EQ(plan->country_of(number("+18765550123")), "JM");
  EXPECT_EQ(plan->country_of(number("+15550101234")), "US") << "an area code that does not exist";
  EXPECT_EQ(plan->country_of(number("+447700900123")), "GB");
  EXPECT_EQ(plan->country_of(number("+4915112345678")), "DE");
  EXPECT_EQ(plan->country_of(number("+353861234567")), "IE");
  EXPECT_EQ(plan->country_of(number("+9991234567")), "");
}

// Goal: only a positive fixed line is a landline; test ranges and shared ranges are not.
TEST(NumberingPlan, OnlyAPositiveFixedLineIsALandline) {
  const auto plan = make_numbering_plan();
  EXPECT_TRUE(plan->is_landline(number("+442079460000")));
  EXPECT_FALSE(plan->is_landline(number("+447700900123"))) << "a test range that counts as invalid";
  EXPECT_FALSE(plan->is_landline(number("+14155552671"))) << "fixed or mobile: cannot be told";
}

}  // namespace
}  // namespace jobrun::app
