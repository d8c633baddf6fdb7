#include "exploration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <iostream>

namespace jobrun::exploration {
namespace {

/// Explores worlds, says how much was explored, and expects every rule to have held.
class Exploration : public testing::Test {
 protected:
  Findings explore_all_of(const World& world) {
    const auto began = std::chrono::steady_clock::now();
    Findings found = explore(world);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    EXPECT_TRUE(found.broken_rule.empty()) << world.name << ": " << found.report();
    std::cout << "explored " << world.name << ": " << found.states << " states, " << found.transitions
              << " transitions, " << found.journals << " journals in " << took.count() << " s\n";
    record(world.name, found);
    states_ += found.states;
    transitions_ += found.transitions;
    return found;
  }

  void TearDown() override {
    std::cout << "explored in total: " << states_ << " states, " << transitions_ << " transitions\n";
    RecordProperty("total_states", std::to_string(states_));
    RecordProperty("total_transitions", std::to_string(transitions_));
  }

 private:
  static void record(std::string name, const Findings& found) {
    std::ranges::replace_if(name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    RecordProperty(name + "_states", std::to_string(found.states));
    RecordProperty(name + "_transitions", std::to_string(found.transitions));
  }

  std::size_t states_ = 0;
  std::size_t transitions_ = 0;
};

/// A rule that nothing met has not been tested. A broken rule ends an exploration early.
void expect_seen(const Findings& found, const std::vector<std::string>& kinds) {
  if (!found.broken_rule.empty()) return;
  for (const std::string& kind : kinds) EXPECT_TRUE(found.seen.contains(kind)) << "never met: " << kind;
}

bool has_seen_a_text(const Findings& found) {
  return std::ranges::any_of(found.seen, [](const auto& kind) { return kind.first.starts_with("text "); });
}

const std::vector<std::string> met_by_every_call = {
    "a webhook repeated",          "a child leg", "a second final status", "a greeting after the end",
    "a number that changed hands", "an incident", "outcome escalated"};
const std::vector<std::string> met_by_every_text = {"text promised", "text started", "text accepted",
                                                    "text refused",  "text unknown", "outcome texted"};

// Goal: whatever order one call's webhooks, crashes and carrier answers come in, its outcome, text, records,
// greeting and role are what its number's role promises, and nothing is texted twice.
// Method: every interleaving of up to 6 webhooks, 2 crashes and 2 answers, for a number of each role.
TEST_F(Exploration, EveryOrderOfOneCallKeepsTheRules) {
  for (const Registration registration : all_registrations) {
    const Findings found = explore_all_of(one_call_to(registration));
    SCOPED_TRACE(describe(registration));
    expect_seen(found, met_by_every_call);
    if (registration == Registration::sign_up) {
      expect_seen(found, {"outcome spoken"});
      EXPECT_FALSE(has_seen_a_text(found));
      continue;
    }
    expect_seen(found, met_by_every_text);
    expect_seen(found, {"a second way out"});
  }
}

// Goal: a caller who cannot be texted is spoken to or brought to a person, in every order, and never texted.
// Method: the same for a caller who withholds his number.
TEST_F(Exploration, EveryOrderOfAWithheldCallKeepsTheRules) {
  for (const Registration registration : {Registration::business, Registration::unregistered}) {
    const Findings found = explore_all_of(one_withheld_call_to(registration));
    SCOPED_TRACE(describe(registration));
    expect_seen(found, met_by_every_call);
    expect_seen(found, {"outcome spoken"});
    EXPECT_FALSE(has_seen_a_text(found));
  }
}

// Goal: two calls of one caller in a row get one text between them, and the call that leans on it shares its fate.
// Method: the same for two calls at a time, whose webhooks mix.
TEST_F(Exploration, EveryOrderOfTwoCallsSharesOneText) {
  for (const Registration registration : {Registration::business, Registration::unregistered}) {
    const Findings found = explore_all_of(two_calls_to(registration));
    SCOPED_TRACE(describe(registration));
    expect_seen(found, met_by_every_text);
    expect_seen(found, {"outcome suppressed", "outcome escalated", "a fate shared", "a greeting after the end"});
  }
}

// Goal: an exploration that outgrows its limit fails instead of passing on what it had room for.
// Method: a limit far below what one call needs.
TEST(ExplorationLimit, OutgrowingItIsAFailure) {
  const Findings found = explore(one_call_to(Registration::business), {.states_max = 1'000});
  EXPECT_EQ(found.broken_rule, "the exploration stays within its limit of states");
}

}  // namespace
}  // namespace jobrun::exploration
