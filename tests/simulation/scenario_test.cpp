// What happens when one thing goes wrong for a while: the carrier, its answers, its lists, its statuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "world.hpp"

namespace jobrun::simulation {
namespace {

constexpr Duration second{1'000};
constexpr Duration minute{60'000};

std::vector<RequestTruth> requests_of(const Truth& truth) {
  std::vector<RequestTruth> all;
  for (const auto& [text, requests] : truth.requests) all.insert(all.end(), requests.begin(), requests.end());
  std::ranges::sort(all, {}, &RequestTruth::made_at);
  return all;
}

/// The most requests that were made within any such time.
std::size_t most_within(const std::vector<RequestTruth>& requests, Duration time) {
  std::size_t most = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    while (requests[i].made_at - requests[from].made_at >= time) ++from;
    most = std::max(most, i - from + 1);
  }
  return most;
}

void expect_everybody_texted_once(const ScenarioResult& result, int calls) {
  EXPECT_EQ(result.world.violation, "");
  EXPECT_EQ(static_cast<int>(result.truth.requests.size()), calls);
  for (const auto& [text, requests] : result.truth.requests) {
    const auto arrived = std::ranges::count_if(requests, &RequestTruth::carrier_has_it);
    EXPECT_EQ(arrived, 1) << text;
  }
}

class CarrierDown : public testing::TestWithParam<Duration> {};

// Goal: however long the carrier cannot be reached, all texts arrive, once, and neither while it is away nor when
// it returns is it stormed.
// Method: a hundred people call within a minute; the carrier is away for 30 s, ten minutes, an hour.
TEST_P(CarrierDown, AllTextsArriveOnceAndWithoutAStorm) {
  const Duration away = GetParam();
  const Scenario scenario{.forecast = {{Fault::carrier_down, {.spell = {Duration{0}, away}}},
                                       {Fault::statuses_lost, {.spell = {Duration{0}, 2 * away + minute}}}},
                          .calls = 100,
                          .calls_within = minute,
                          .length = away + minute,
                          .texts_per_second = 5};
  const ScenarioResult result = run_scenario(scenario, 1);
  expect_everybody_texted_once(result, scenario.calls);
  const std::vector<RequestTruth> all = requests_of(result.truth);
  EXPECT_LE(most_within(all, second), 5U) << "the account's rate";
  const auto is_in_vain = [](const RequestTruth& request) { return !request.carrier_has_it; };
  const auto in_vain = std::ranges::count_if(all, is_in_vain);
  // Five before it is noticed, those in flight then, and a probe each time the wait, halved by jitter, is over.
  const auto probes = 2 * (away / (15 * second)) + 8;
  EXPECT_LE(in_vain, 5 + probes) << "requests to a carrier that is away";
  for (const RequestTruth& request : all) EXPECT_EQ(request.carrier_has_it, request.made_at >= away);
}

INSTANTIATE_TEST_SUITE_P(For, CarrierDown, testing::Values(30 * second, 10 * minute, 60 * minute),
                         [](const auto& tested) { return std::to_string(tested.param / second) + "s"; });

// Goal: an account that is dead is gone round: texts leave by the second within 30 s of their promise.
// Method: the first account cannot be reached for an hour; a hundred people call within ten minutes.
TEST(Scenario, ADeadAccountIsGoneRound) {
  const Scenario scenario{.forecast = {{Fault::carrier_down, {.spell = {Duration{0}, 60 * minute}}}},
                          .has_second_account = true,
                          .calls = 100,
                          .calls_within = 10 * minute,
                          .length = 61 * minute,
                          .texts_per_second = 5};
  const ScenarioResult result = run_scenario(scenario, 2);
  expect_everybody_texted_once(result, scenario.calls);
  for (const auto& [text, requests] : result.truth.requests) {
    const Duration ended_at = *result.truth.calls.at(text.substr(0, text.rfind('.'))).end_acknowledged_at;
    EXPECT_EQ(requests.back().account, Account::second) << text;
    EXPECT_LE(requests.back().made_at, ended_at + 30 * second) << text;
  }
}

// Goal: nobody is texted twice because an answer was cut off, as long as the carrier's list tells what it has.
// Method: one request in five is taken and its answer cut off; no statuses; several worlds.
TEST(Scenario, CutAnswersAreSettledByTheList) {
  std::size_t cut = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Duration long_enough{20 * 60'000};
    const ScenarioResult result =
        run_scenario({.forecast = {{Fault::answers_cut, {.spell = {Duration{0}, 2 * minute}, .percent = 20}},
                                   {Fault::statuses_lost, {.spell = {Duration{0}, long_enough}}}},
                      .calls = 100},
                     seed);
    expect_everybody_texted_once(result, 100);
    EXPECT_EQ(result.possible_duplicates, 0);
    for (const RequestTruth& request : requests_of(result.truth)) {
      cut += request.answer == RequestTruth::Answer::unknown ? 1 : 0;
    }
  }
  EXPECT_GT(cut, 50U);
}

// Goal: statuses settle what the list does not tell, so that nobody is texted twice.
// Method: as above, and the carrier lists nothing; statuses come.
TEST(Scenario, CutAnswersAreSettledByStatuses) {
  const ScenarioResult result =
      run_scenario({.forecast = {{Fault::answers_cut, {.spell = {Duration{0}, 2 * minute}, .percent = 20}},
                                 {Fault::lists_blind, {.spell = {Duration{0}, 20 * minute}}}},
                    .calls = 100},
                   1);
  expect_everybody_texted_once(result, 100);
}

// Goal: when neither the list nor a status tells, a text may be sent twice, and every such text is counted.
// Method: as above, and no statuses; the count is held against what the carrier has.
TEST(Scenario, WhatNothingTellsIsCounted) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Duration long_enough{20 * 60'000};
    const ScenarioResult result =
        run_scenario({.forecast = {{Fault::answers_cut, {.spell = {Duration{0}, 2 * minute}, .percent = 20}},
                                   {Fault::lists_blind, {.spell = {Duration{0}, 20 * minute}}},
                                   {Fault::statuses_lost, {.spell = {Duration{0}, long_enough}}}},
                      .calls = 100},
                     seed);
    EXPECT_EQ(result.world.violation, "") << "seed " << seed;
    EXPECT_GT(result.truth.texted_twice, 0) << "seed " << seed;
    EXPECT_EQ(result.possible_duplicates, result.truth.texted_twice) << "seed " << seed;
  }
}

// Goal: refused credentials lose nothing: every text waits, and leaves once they are accepted.
// Method: refused for ten minutes in the middle of a burst of calls.
TEST(Scenario, RefusedCredentialsLoseNothing) {
  const Scenario scenario{.forecast = {{Fault::credentials_refused, {.spell = {20 * second, 10 * minute}}}},
                          .calls = 100,
                          .calls_within = minute,
                          .length = 11 * minute};
  const ScenarioResult result = run_scenario(scenario, 3);
  expect_everybody_texted_once(result, scenario.calls);
  const std::vector<RequestTruth> all = requests_of(result.truth);
  const auto in_vain = std::ranges::count_if(all, [](const RequestTruth& r) { return !r.carrier_has_it; });
  EXPECT_LE(in_vain, 5 + (10 * minute) / (30 * second)) << "one probe every 30 s";
}

// Goal: webhooks are only a hint: whatever share of them is lost, every caller is texted, once.
// Method: one in ten, half and all of them are lost, for as long as people call; the carrier's list is swept.
TEST(Scenario, WhoeverCalledIsTextedHoweverManyWebhooksAreLost) {
  for (const unsigned percent : {10U, 50U, 100U}) {
    const ScenarioResult result = run_scenario(
        {.forecast = {{Fault::webhooks_lost, {.spell = {Duration{0}, 30 * minute}, .percent = percent}}},
         .calls = 100,
         .sweeps = true},
        percent);
    expect_everybody_texted_once(result, 100);
  }
}

// Goal: an hour without the service costs nobody his text, and texts nobody twice.
// Method: a thousand people call within the hour in which it is off.
TEST(Scenario, WhoeverCalledWhileTheServiceWasOffIsTextedOnItsReturn) {
  const Duration hour = 60 * minute;
  const ScenarioResult result = run_scenario({.forecast = {},
                                              .calls = 1'000,
                                              .calls_within = hour,
                                              .length = hour,
                                              .texts_per_second = 100,
                                              .sweeps = true,
                                              .off_for = hour},
                                             1);
  expect_everybody_texted_once(result, 1'000);
  for (const RequestTruth& request : requests_of(result.truth)) EXPECT_GE(request.made_at, hour);
}

// Goal: the sweep waits out a carrier that fails, and then finds what was lost meanwhile.
// Method: no webhook comes, and the carrier cannot be reached for ten minutes.
TEST(Scenario, ASweepThatFailsIsMadeUpFor) {
  const ScenarioResult result =
      run_scenario({.forecast = {{Fault::webhooks_lost, {.spell = {Duration{0}, 30 * minute}}},
                                 {Fault::carrier_down, {.spell = {Duration{0}, 10 * minute}}}},
                    .calls = 100,
                    .length = 11 * minute,
                    .sweeps = true},
                   1);
  expect_everybody_texted_once(result, 100);
}

}  // namespace
}  // namespace jobrun::simulation
