#include "alert/owner_ways.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jobrun::alert {
namespace {

ClientProfile an_owner(AlertBy chosen, std::string email = "joe@example.com") {
  ClientProfile owner;
  owner.alert_by = chosen;
  owner.owner_email = std::move(email);
  return owner;
}

constexpr WaysSetUp everything{.email = true, .text = true};
constexpr WaysSetUp only_email{.email = true, .text = false};
constexpr WaysSetUp only_text{.email = false, .text = true};

/// `email`, `text`, `email+text` or `nobody`.
std::string ways(const ClientProfile& owner, const WaysSetUp& set_up) {
  const OwnerWays told = ways_of_owner(owner, set_up);
  if (told.by_email && told.by_text) return "email+text";
  if (told.by_email) return "email";
  return told.by_text ? "text" : "nobody";
}

// Goal: an owner is told as he chose; where that way is not set up, by the other; never by none while one reaches
// him. Method: each choice, with and without an address, and each of what may be set up.
TEST(OwnerWays, AreThoseHeChoseOrTheOther) {
  const std::string none;
  EXPECT_EQ(ways(an_owner(AlertBy::text), everything), "text");
  EXPECT_EQ(ways(an_owner(AlertBy::email), everything), "email");
  EXPECT_EQ(ways(an_owner(AlertBy::both), everything), "email+text");
  for (const AlertBy chosen : {AlertBy::text, AlertBy::email, AlertBy::both}) {
    EXPECT_EQ(ways(an_owner(chosen), only_text), "text") << name_of(chosen);
    EXPECT_EQ(ways(an_owner(chosen), only_email), "email") << name_of(chosen);
    EXPECT_EQ(ways(an_owner(chosen), {}), "nobody") << name_of(chosen);
    EXPECT_EQ(ways(an_owner(chosen, none), everything), "text") << name_of(chosen);
    EXPECT_EQ(ways(an_owner(chosen, none), only_email), "nobody") << name_of(chosen);
  }
}

// Goal: it is known how many owners are not told as they chose; who never gave an address has chosen nothing.
// Method: owners of each choice, and each of what may be set up.
TEST(OwnerWays, AreCountedWhereTheyAreNotAsChosen) {
  const std::vector<ClientProfile> owners = {an_owner(AlertBy::text), an_owner(AlertBy::text, ""),
                                             an_owner(AlertBy::email), an_owner(AlertBy::email),
                                             an_owner(AlertBy::both)};
  const auto counts = [&](const WaysSetUp& set_up) {
    const UnkeptChoices unkept = unkept_choices(owners, set_up);
    return std::pair(unkept.email, unkept.text);
  };
  EXPECT_EQ(counts(everything), std::pair(std::size_t{0}, std::size_t{0}));
  EXPECT_EQ(counts(only_text), std::pair(std::size_t{3}, std::size_t{0}));
  EXPECT_EQ(counts(only_email), std::pair(std::size_t{0}, std::size_t{2}));
}

// Goal: a weekly summary is told as it was asked for, however the rest is; where that is not set up, by the other.
// Method: each choice of both, of a summary and of another alert.
TEST(OwnerWays, OfSummariesAreChosenApart) {
  for (const AlertBy chosen : {AlertBy::text, AlertBy::email, AlertBy::both}) {
    ClientProfile owner = an_owner(chosen);
    const auto told = [&](AlertKind kind, const WaysSetUp& set_up) {
      const OwnerWays ways = ways_of_owner(owner, kind, set_up);
      return std::pair(ways.by_email, ways.by_text);
    };
    const OwnerWays rest = ways_of_owner(owner, everything);
    owner.settings.weekly_summary = SummaryBy::email;
    EXPECT_EQ(told(AlertKind::weekly_summary, everything), std::pair(true, false)) << name_of(chosen);
    EXPECT_EQ(told(AlertKind::weekly_summary, only_text), std::pair(false, true)) << name_of(chosen);
    EXPECT_EQ(told(AlertKind::lead, everything), std::pair(rest.by_email, rest.by_text)) << name_of(chosen);
    owner.settings.weekly_summary = SummaryBy::text;
    EXPECT_EQ(told(AlertKind::weekly_summary, everything), std::pair(false, true)) << name_of(chosen);
    EXPECT_EQ(told(AlertKind::weekly_summary, only_email), std::pair(true, false)) << name_of(chosen);
  }
}

}  // namespace
}  // namespace jobrun::alert
