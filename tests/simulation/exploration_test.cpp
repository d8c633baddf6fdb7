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
  Findings explore_all_of(const World& world, const Limits& limits = {}) {
    const auto began = std::chrono::steady_clock::now();
    Findings found = explore(world, limits);
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

const std::vector<std::string> met_by_every_message = {"a message lost",           "a loss told before the answer",
                                                       "a lost message delivered", "an earlier message's text",
                                                       "a sender blocked",         "a second way out"};

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
    if (registration != Registration::business) expect_seen(found, {"a second way out"});
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

// Goal: whatever the carrier answers, a text leaves by the ways that are left, or a person is told.
// Method: every interleaving of a call's webhooks and 2 answers of every kind.
TEST_F(Exploration, EveryAnswerKeepsTheRules) {
  for (const Registration registration : {Registration::business, Registration::unregistered}) {
    const Findings found = explore_all_of(one_refused_call_to(registration));
    SCOPED_TRACE(describe(registration));
    expect_seen(found, met_by_every_text);
    expect_seen(found, {"a second way out", "a sender blocked"});
  }
}

// Goal: whatever the carrier tells of the messages of a text, before its answer or after, in whatever order and
// how often, the text and its call end as the same events end in any other order; what is lost leaves another way
// or reaches a person.
// Method: every interleaving of a call's end, two requests, their answers and all that may be told of their
// messages, with look-ups and detours.
TEST_F(Exploration, EveryOrderOfMessageStatusesEndsTheSame) {
  for (const Registration registration : {Registration::business, Registration::unregistered}) {
    const Findings found = explore_all_of(one_texted_call_to(registration), {.crashes = 1});
    SCOPED_TRACE(describe(registration));
    expect_seen(found, met_by_every_text);
    expect_seen(found, met_by_every_message);
    EXPECT_GT(found.ends_compared, 1'000U);
  }
}

// Goal: where look-ups missed a message that is there all the same, what is told of it settles its text, and but
// for the order of events every rule holds.
// Method: the same with a carrier whose lists lag, and with fewer reasons to be lost.
TEST_F(Exploration, EveryOrderOfMessageStatusesAfterLooksThatMissed) {
  const Findings found =
      explore_all_of(one_texted_call_with_lagging_lists_to(Registration::business), {.crashes = 1});
  expect_seen(found, met_by_every_text);
  expect_seen(found, met_by_every_message);
}

// Goal: a call that leans on a text which is lost shares its fate, whatever is told of the text's messages.
// Method: the same for two calls at a time, with fewer reasons to be lost.
TEST_F(Exploration, EveryOrderOfMessageStatusesServesTwoCalls) {
  const Findings found = explore_all_of(two_texted_calls_to(Registration::business), {.crashes = 1});
  expect_seen(found, met_by_every_text);
  expect_seen(found, met_by_every_message);
  expect_seen(found, {"outcome suppressed", "a fate shared"});
  EXPECT_GT(found.ends_compared, 1'000U);
}

// Goal: an exploration that outgrows its limit fails instead of passing on what it had room for.
// Method: a limit far below what one call needs.
TEST(ExplorationLimit, OutgrowingItIsAFailure) {
  const Findings found = explore(one_call_to(Registration::business), {.states_max = 1'000});
  EXPECT_EQ(found.broken_rule, "the exploration stays within its limit of states");
}

}  // namespace
}  // namespace jobrun::exploration
