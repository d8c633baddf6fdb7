#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using testing::FakeBatch;
using testing::Fate;
using testing::phone;
using testing::StoredText;
using testing::World;

/// What the handsets saw, and what must never be.
struct Judge {
  std::map<std::string, int> sends;
  std::map<std::string, int> may_have_arrived;
  int crashes = 0;
  std::string broken;

  void check(bool holds, const std::string& rule) {
    if (!holds && broken.empty()) broken = rule;
  }
};

DispatcherOptions small_options() {
  DispatcherOptions options;
  options.texts_per_second = 0;
  options.in_flight_max = 5;
  options.window = 6;
  options.group_max = 3;
  options.works_max = 2;
  return options;
}

const StoredText& stored_of(const World& world, const OutgoingText& text) {
  return world.contents.texts.at(std::stoll(text.id.cause.substr(2)));
}

void watch(World& world, Judge& judge) {
  world.carrier.on_send = [&](const OutgoingText& text) {
    const StoredText& stored = stored_of(world, text);
    const int sends = ++judge.sends[text.id.cause];
    judge.check(stored.text.state == TextState::started, "sent without a durable `started`");
    judge.check(sends <= stored.starts, "sent more often than started");
    judge.check(judge.may_have_arrived[text.id.cause] == 0, "sent although it may have arrived");
    judge.check(stored.text.promise.id.purpose != Purpose::onboarding, "a forbidden text was sent");
    judge.check(!world.plan.landlines.contains(text.recipient), "a landline was texted");
  };
}

Refused refused_at(std::uint64_t choice) {
  using Because = Refused::Because;
  constexpr std::array reasons = {Because::later,     Because::sender,   Because::recipient, Because::credentials,
                                  Because::other,     Because::next_day, Because::once_more, Because::account,
                                  Because::suspended, Because::filtered, Because::loop,      Because::our_mistake};
  Refused refused;
  refused.because = reasons[choice % reasons.size()];
  if (refused.because == Because::recipient) refused.learned = PhoneFact::opted_out;
  if (choice % 7 == 0) refused.retry_after = Duration{5'000};
  return refused;
}

void answer_any(World& world, Judge& judge, std::uint64_t choice) {
  if (world.carrier.waiting.empty()) return;
  const std::size_t index = choice % world.carrier.waiting.size();
  int& arrived = judge.may_have_arrived[world.carrier.waiting[index].text.id.cause];
  switch ((choice / 16) % 4) {
    case 0:
      ++arrived;
      return world.carrier.answer_one(Accepted{"SM"}, index);
    case 1:
      ++arrived;
      return world.carrier.answer_one(Unknown{"reset"}, index);
    case 2:
      return world.carrier.answer_one(NotSent{"refused"}, index);
    default:
      return world.carrier.answer_one(refused_at(choice / 64), index);
  }
}

void crash(World& world, Judge& judge, std::uint64_t choice) {
  ++judge.crashes;
  for (const auto& sent : world.carrier.waiting) ++judge.may_have_arrived[sent.text.id.cause];
  world.dispatcher.reset();
  world.journal.crash(choice % (world.journal.waiting.size() + 1));
  world.carrier.waiting.clear();
  world.start();
}

void promise_any(World& world, std::uint64_t choice) {
  PromisedText promise = world.intake(14155550100 + choice % 5);
  promise.ways.push_back({Account::first, phone(15550002222)});
  if (choice % 11 == 0) promise.id.purpose = Purpose::onboarding;
  if (choice % 13 == 0) {
    (void)world.keep_promise(promise);
  } else {
    world.promise(promise);
  }
}

void step(World& world, Judge& judge, std::uint64_t choice) {
  const std::uint64_t detail = choice / 16;
  switch (choice % 16) {
    case 0:
    case 1:
    case 2:
      return promise_any(world, detail);
    case 3:
    case 4:
    case 5:
    case 6:
      (void)world.dispatcher->pump();
      return;
    case 7:
    case 8:
    case 9:
      if (!world.journal.waiting.empty()) world.journal.run_one();
      return;
    case 10:
      if (!world.journal.waiting.empty()) world.journal.run_one(detail % 2 == 0 ? Fate::lost : Fate::in_doubt);
      return;
    case 11:
    case 12:
      return answer_any(world, judge, detail);
    case 13:
      return world.clock.advance(Duration{static_cast<std::int64_t>(detail % 20'000)});
    case 14:
      world.journal.is_full = detail % 3 == 0;
      world.store_fails = detail % 5 == 0;
      return;
    default:
      if (detail % 4 == 0) crash(world, judge, detail / 4);
      return;
  }
}

// From now on nothing fails: everything must come to an end.
void calm(World& world, Judge& judge) {
  world.journal.is_full = false;
  world.store_fails = false;
  const auto is_open = [](const auto& entry) {
    return entry.second.text.state == TextState::promised || entry.second.text.state == TextState::started;
  };
  for (int turn = 0; turn < 2'000; ++turn) {
    world.settle();
    while (!world.carrier.waiting.empty()) {
      ++judge.may_have_arrived[world.carrier.waiting[0].text.id.cause];
      world.carrier.answer_one(Accepted{"SM"});
    }
    world.settle();
    const bool is_empty = world.dispatcher->levels().in_memory == 0;
    if (is_empty && std::ranges::none_of(world.contents.texts, is_open)) return;
    world.advance_to_wanted();
  }
  judge.check(false, "a promised text never came to an end");
}

// Goal: whatever fails and whenever the process dies, a text is sent at most once per durable `started`,
// never without one, never after it may have arrived, and every promised text comes to an end.
// Method: random promises, pumps, commits (good, lost, in doubt, queue full), answers, waits and crashes,
// judged at every send; then a calm phase in which everything must finish.
RC_GTEST_PROP(OutboxUnderFaults, SendsAtMostOnceAndFinishesEverything, ()) {
  const auto choices = *rc::gen::container<std::vector<std::uint32_t>>(*rc::gen::inRange<std::size_t>(0, 400),
                                                                       rc::gen::arbitrary<std::uint32_t>());
  World world(small_options());
  world.plan.landlines.insert(phone(14155550104));
  Judge judge;
  watch(world, judge);
  std::uint64_t mixed = 0x9E3779B97F4A7C15ULL;
  for (const std::uint32_t choice : choices) {
    mixed = (mixed ^ choice) * 0xBF58476D1CE4E5B9ULL;
    step(world, judge, (mixed >> 20U) & 0xFFFFFFFFU);
  }
  calm(world, judge);
  if (!judge.broken.empty()) RC_FAIL(judge.broken);
  for (const auto& [call, arrived] : judge.may_have_arrived) RC_ASSERT(arrived <= 1);
  RC_CLASSIFY(judge.crashes > 0, "crashed");
  RC_CLASSIFY(judge.sends.size() > 10, "many sends");
}

}  // namespace
}  // namespace jobrun::outbox
