// The ways out of a text: which is taken when, by which account and from which sender.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outbox/dispatcher.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using testing::phone;
using testing::World;

constexpr std::uint64_t anna = 14155550101;
constexpr E164 called = E164::from_digits(15550001111);
constexpr E164 spare = E164::from_digits(15550002222);
constexpr E164 elsewhere = E164::from_digits(15550003333);
constexpr Duration second{1'000};

Refused refused_because(Refused::Because because, int code = 0) {
  Refused refused;
  refused.because = because;
  refused.http_status = 400;
  refused.code = code;
  return refused;
}

/// A text to `caller` with two senders of the first account, and one of the second.
PromisedText with_all_ways(World& world, std::uint64_t caller) {
  PromisedText promise = world.intake(caller);
  promise.ways = {{Account::first, called}, {Account::first, spare}, {Account::second, elsewhere}};
  promise.second_body = "Sorry we missed your call. Text us at +15550001111.";
  return promise;
}

PromisedText with_two_accounts(World& world, std::uint64_t caller) {
  PromisedText promise = with_all_ways(world, caller);
  promise.ways.erase(promise.ways.begin() + 1);
  return promise;
}

std::vector<E164> senders_of(const World& world) {
  std::vector<E164> senders;
  for (const OutgoingText& text : world.carrier.sent) senders.push_back(text.sender);
  return senders;
}

/// Answers every request until none is made within `time`.
void answer_all(World& world, const std::function<SendAnswer(const OutgoingText&)>& answer, Duration time) {
  for (Duration passed{0}; passed < time; passed += Duration{250}) {
    while (!world.carrier.waiting.empty()) {
      world.carrier.answer_one(answer(world.carrier.waiting.front().text));
      world.settle();
    }
    world.advance(Duration{250});
  }
}

// Goal: a refused sender is followed by the next one, and after those of the account by the other account, in
// whose words; a text that no way takes is given up with a person alerted.
// Method: every sender refused as a sender.
TEST(Ways, AreTriedInTheirOrder) {
  World world;
  const TextRecord text = world.promise(with_all_ways(world, anna));
  world.settle();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(world.carrier.waiting.size(), 1U);
    world.carrier.answer_one(refused_because(Refused::Because::sender, 21606));
    world.settle();
  }
  EXPECT_THAT(senders_of(world), ElementsAre(called, spare, elsewhere));
  EXPECT_EQ(world.carrier.sent[2].attempt, (SendAttempt{3, 2}));
  EXPECT_EQ(world.carrier.sent[0].body, "Sorry we missed your call.");
  EXPECT_EQ(world.carrier.sent[2].account, Account::second);
  EXPECT_EQ(world.carrier.sent[2].body, "Sorry we missed your call. Text us at +15550001111.");
  EXPECT_EQ(world.state_of(text), TextState::refused);
}

// Goal: what an account may not do, whatever the sender, its other senders are not asked to do.
// Method: the first sender refused because of the account.
TEST(Ways, ARefusedAccountClosesAllItsWays) {
  World world;
  world.promise(with_all_ways(world, anna));
  world.settle();
  world.carrier.answer_one(refused_because(Refused::Because::account, 21408));
  world.settle();
  EXPECT_THAT(senders_of(world), ElementsAre(called, elsewhere));
}

// Goal: who opted out is tried by no other sender and no other account.
// Method: the first way refused so.
TEST(Ways, NoneIsTriedForWhoOptedOut) {
  World world;
  const TextRecord text = world.promise(with_all_ways(world, anna));
  world.settle();
  world.carrier.answer_one(refused_because(Refused::Because::recipient, 21610));
  world.settle();
  world.advance(60 * second);
  EXPECT_THAT(senders_of(world), ElementsAre(called));
  EXPECT_EQ(world.state_of(text), TextState::refused);
}

// Goal: while an account is dead, texts leave by the other within 30 s, also the first one that found it dead; and
// by the first again once that is well.
// Method: requests to the first account fail after five seconds each, as when packets are dropped, then at once.
TEST(Ways, GoRoundAnAccountThatIsDead) {
  for (const Duration fails_after : {Duration{0}, Duration{5'000}}) {
    World world;
    const TextRecord text = world.promise(with_two_accounts(world, anna));
    world.settle();
    const Instant promised_at = world.clock.now();
    while (world.state_of(text) != TextState::accepted) {
      ASSERT_LT(world.clock.now(), promised_at + 30 * second);
      if (world.carrier.waiting.empty()) {
        world.advance_to_wanted();
      } else if (world.carrier.waiting.front().text.account == Account::first) {
        world.advance(fails_after);
        world.carrier.answer_one(NotSent{"connection refused"});
      } else {
        world.carrier.answer_one(Accepted{"m1"});
      }
      world.settle();
    }
    EXPECT_EQ(world.carrier.sent.back().account, Account::second);
    EXPECT_EQ(world.meter.of(Metric::texts_detoured), 1);
    answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"m2"}); }, 60 * second);
    for (std::uint64_t caller = anna + 1; caller < anna + 4; ++caller) {
      const TextRecord next = world.promise(with_two_accounts(world, caller));
      answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"m3"}); }, 20 * second);
      EXPECT_EQ(world.state_of(next), TextState::accepted);
    }
    EXPECT_EQ(world.carrier.sent.back().account, Account::first);
  }
}

// Goal: a moment's trouble drives nobody to the other account.
// Method: three failures within three seconds, then the account is well.
TEST(Ways, AMomentsTroubleIsWaitedFor) {
  World world;
  world.promise(with_two_accounts(world, anna));
  world.settle();
  for (int i = 0; i < 3; ++i) {
    world.carrier.answer_one(NotSent{"reset"});
    world.settle();
    while (world.carrier.waiting.empty()) world.advance_to_wanted();
  }
  world.carrier.answer_one(Accepted{"SM1"});
  world.settle();
  EXPECT_THAT(senders_of(world), Each(called));
}

// Goal: one account's refused credentials hold its texts and not those that may go by the other.
// Method: credentials refused on the first; a text with two accounts, one with the first alone; then replaced.
TEST(Ways, RefusedCredentialsHoldOneAccountOnly) {
  World world;
  const TextRecord held = world.promise(world.intake(anna));
  const TextRecord free = world.promise(with_two_accounts(world, anna + 1));
  const auto answer = [](const OutgoingText& text) {
    return text.account == Account::first ? SendAnswer(refused_because(Refused::Because::credentials, 20003))
                                          : SendAnswer(Accepted{"m1"});
  };
  world.settle();
  answer_all(world, answer, 28 * second);
  EXPECT_EQ(world.state_of(held), TextState::promised);
  EXPECT_EQ(world.state_of(free), TextState::accepted);
  world.dispatcher->credentials_replaced();
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); }, second);
  EXPECT_EQ(world.state_of(held), TextState::accepted);
}

// Goal: from a sender that the carrier has blocked nothing leaves, also what was promised before.
// Method: a refusal that blocks the sender; a text promised before with another sender, and one without.
TEST(Ways, NothingLeavesFromABlockedSender) {
  World world;
  Refused unregistered = refused_because(Refused::Because::sender, 30034);
  unregistered.blocks_sender = true;
  unregistered.alert = AlertTo::page;
  const TextRecord first = world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(unregistered);
  world.settle();
  EXPECT_EQ(world.state_of(first), TextState::refused);
  ASSERT_EQ(world.contents.blocked.size(), 1U);
  EXPECT_EQ(world.contents.blocked[0].way, (Way{Account::first, called}));
  const auto is_page = [](const AlertRequest& alert) {
    return alert.kind == AlertKind::sender_blocked && alert.severity == Severity::critical;
  };
  EXPECT_EQ(std::ranges::count_if(world.contents.alerts, is_page), 1);

  const TextRecord with_other = world.promise(with_all_ways(world, anna + 1));
  const TextRecord without = world.promise(world.intake(anna + 2));
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); }, second);
  EXPECT_THAT(senders_of(world), ElementsAre(called, spare));
  EXPECT_EQ(world.state_of(with_other), TextState::accepted);
  EXPECT_EQ(world.state_of(without), TextState::refused);
}

// Goal: a text known to be lost before its acceptance was recorded takes its next way; also when the journal is in
// doubt about it.
// Method: statuses told first; recorded durably, and in doubt.
TEST(Ways, ATextLostBeforeItWasRecordedGoesAnotherWay) {
  for (const testing::Fate fate : {testing::Fate::durable, testing::Fate::in_doubt}) {
    World world;
    world.carrier.reasons_lost[30034] = refused_because(Refused::Because::sender, 30034);
    const TextRecord text = world.promise(with_all_ways(world, anna));
    world.settle();
    world.contents.texts.at(text.row.value).told_lost["SM1"] = 30034;
    world.carrier.answer_one(Accepted{"SM1"});
    world.dispatcher->pump();
    world.journal.run_one(fate);
    world.settle();
    world.advance(2 * second);
    ASSERT_EQ(world.carrier.waiting.size(), 1U);
    EXPECT_THAT(senders_of(world), ElementsAre(called, spare));
    world.carrier.answer_one(Accepted{"SM2"});
    world.settle();
    EXPECT_EQ(world.state_of(text), TextState::accepted);
    EXPECT_EQ(world.meter.of(Metric::texts_lost, "customer_intake"), 1);
    EXPECT_EQ(world.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 2);
  }
}

// Goal: a text that a status has told to be with the carrier is not sent again because a later request was
// refused.
// Method: the last request refused for good, not sent, and refused as a sender, with such a status told before.
TEST(Ways, ATextThatIsThereAlreadyIsNotSentAgain) {
  for (const SendAnswer& answer :
       {SendAnswer(refused_because(Refused::Because::other)), SendAnswer(NotSent{"refused"}),
        SendAnswer(refused_because(Refused::Because::sender, 21606))}) {
    World world;
    const TextRecord text = world.promise(with_all_ways(world, anna));
    world.settle();
    world.contents.texts.at(text.row.value).told_message = "SM0";
    world.carrier.answer_one(answer);
    world.settle();
    world.advance(60 * second);
    EXPECT_EQ(world.carrier.sent.size(), 1U);
    EXPECT_EQ(world.state_of(text), TextState::accepted);
    EXPECT_EQ(world.contents.texts.at(text.row.value).message_sid, "SM0");
    EXPECT_EQ(world.meter.of(Metric::texts_answered, "customer_intake", "accepted"), 1);
  }
}

// Goal: who has opted out since the text was promised is not texted, whatever the way; nor is a phone that was
// found to be a fixed line. Another client's callers are not concerned.
// Method: each fact learned while the text waits.
TEST(Ways, WhatWasLearnedSinceThePromiseHoldsAtTheExit) {
  for (const PhoneFact fact : {PhoneFact::opted_out, PhoneFact::landline}) {
    World world;
    const bool is_everybodys = fact == PhoneFact::landline;
    const FactScope scope = is_everybodys ? FactScope{} : FactScope::of(ClientId{7});
    world.contents.facts.push_back({scope, phone(anna), fact, true});
    const TextRecord text = world.promise(with_all_ways(world, anna));
    PromisedText of_another = with_all_ways(world, anna);
    of_another.client = ClientId{8};
    of_another.pair.number = spare;
    const TextRecord other = world.promise(of_another);
    world.settle();
    EXPECT_EQ(world.state_of(text), TextState::refused);
    EXPECT_EQ(world.state_of(other), is_everybodys ? TextState::refused : TextState::started);
  }
}

// Goal: texts that wait for an account in trouble keep nobody busy, however many they are; and none of them stands
// in the way of a text that goes by an account that is well.
// Method: more ready texts than are ever looked at in one go, of an account that fails and is not yet away; behind
// them one that has only the other account. settle() throws when the dispatcher never rests.
TEST(Ways, ManyTextsThatWaitKeepNobodyBusyAndHoldNobodyUp) {
  DispatcherOptions options;
  options.texts_per_second = 0;
  World world(options);
  for (std::uint64_t i = 0; i < 2'000; ++i) world.promise(with_two_accounts(world, anna + i));
  world.settle();
  while (!world.carrier.waiting.empty()) world.carrier.answer_one(NotSent{"connection refused"});
  world.settle();
  PromisedText by_the_other = world.intake(anna + 5'000);
  by_the_other.ways = {{Account::second, elsewhere}};
  const TextRecord text = world.promise(by_the_other);
  world.settle();
  EXPECT_EQ(world.carrier.sent.back().account, Account::second);
  EXPECT_EQ(world.state_of(text), TextState::started);
}

// Goal: the same when every account refuses our credentials: it is waited for a probe, and nothing else done.
// Method: both accounts refuse; the time that the dispatcher asks for is that of a probe.
TEST(Ways, AccountsThatAllRefuseAreProbedAndLeftAlone) {
  DispatcherOptions options;
  options.texts_per_second = 0;
  World world(options);
  for (std::uint64_t i = 0; i < 2'000; ++i) world.promise(with_two_accounts(world, anna + i));
  for (int turn = 0; turn < 60; ++turn) {
    while (!world.carrier.waiting.empty()) {
      world.carrier.answer_one(refused_because(Refused::Because::credentials, 20003));
    }
    world.advance(second);
  }
  const std::size_t sent = world.carrier.sent.size();
  world.advance(second);
  EXPECT_GT(*world.wanted, Duration{0});
  EXPECT_LE(world.carrier.sent.size(), sent + 2);
}

// Goal: a text that is promised again while the store holds a backlog does not wait for all of that.
// Method: a small window, a slow account and many promises; the first text is lost when its answer is long
// recorded.
TEST(Ways, ATextPromisedAgainDoesNotWaitForTheBacklog) {
  DispatcherOptions options;
  options.texts_per_second = 1;
  options.window = 8;
  World world(options);
  const TextRecord text = world.promise(world.intake(anna));
  world.settle();
  world.carrier.answer_one(Accepted{"SM1"});
  world.settle();
  for (std::uint64_t i = 1; i < 200; ++i) world.promise(world.intake(anna + i));
  const auto accept = [](const OutgoingText&) { return SendAnswer(Accepted{"SM2"}); };
  answer_all(world, accept, 10 * second);
  testing::StoredText& stored = world.contents.texts.at(text.row.value);
  stored.text.state = TextState::promised;
  stored.text.due_at = world.clock.now();
  world.dispatcher->promised({stored.text});
  answer_all(world, accept, 30 * second);
  EXPECT_EQ(world.state_of(text), TextState::accepted);
}

// Goal: what a loss says of a text that waits here already holds: its way is closed, its wait is kept.
// Method: a text that waits for the account's rate; promised again with a closed way, and with a wait.
TEST(Ways, ATextThatWaitsHereIsRenewed) {
  DispatcherOptions options;
  options.texts_per_second = 1;
  World world(options);
  world.promise(world.intake(anna + 9));
  const TextRecord closed = world.promise(with_all_ways(world, anna));
  const TextRecord later = world.promise(with_all_ways(world, anna + 1));
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 1U);
  const auto renew = [&](const TextRecord& text, const std::function<void(TextRecord&)>& change) {
    TextRecord& stored = world.contents.texts.at(text.row.value).text;
    change(stored);
    world.dispatcher->promised({stored});
    world.dispatcher->pump();
  };
  renew(closed, [](TextRecord& text) { text.closed_ways.add(0); });
  renew(later, [&](TextRecord& text) {
    text.due_at = world.clock.now() + 60 * second;
    text.wait = 60 * second;
  });
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); }, 40 * second);
  EXPECT_THAT(senders_of(world), ElementsAre(called, spare));
  EXPECT_EQ(world.state_of(later), TextState::promised);
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"SM2"}); }, 30 * second);
  EXPECT_EQ(world.state_of(later), TextState::accepted);
}

// Goal: a wait that the text needs is kept, whichever account is well by then; only a wait for an account is not.
// Method: a detour answered with "once more, later", when the first account is well again.
TEST(Ways, AWaitForThePhoneIsKeptOnEveryAccount) {
  World world;
  PromisedText promise = with_two_accounts(world, anna);
  const TextRecord text = world.promise(promise);
  world.settle();
  while (world.carrier.sent.back().account == Account::first) {
    if (world.carrier.waiting.empty()) {
      world.advance_to_wanted();
    } else {
      world.carrier.answer_one(NotSent{"refused"});
    }
    world.settle();
  }
  world.promise(with_two_accounts(world, anna + 1));
  while (world.carrier.sent.back().account == Account::second) world.advance_to_wanted();
  world.carrier.answer_one(Accepted{"SM1"}, world.carrier.waiting.size() - 1);
  world.settle();
  world.contents.texts.at(text.row.value).text.attempts = 1;
  const std::size_t sent = world.carrier.sent.size();
  Refused once_more = refused_because(Refused::Because::later);
  once_more.retry_after = std::chrono::minutes{10};
  world.carrier.answer_one(once_more);
  world.settle();
  world.advance(60 * second);
  EXPECT_EQ(world.carrier.sent.size(), sent);
  EXPECT_EQ(world.state_of(text), TextState::promised);
}

// Goal: texts in a sender's line leave it when its account goes away: they do not wait for places that lead
// nowhere, nor does the probe; and once it is well again the line begins anew.
// Method: sixteen texts of three segments in line, the first account dies; the second's number takes three
// segments a second.
TEST(Ways, ALineThatLeadsNowhereIsLeft) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  options.texts_per_second = 0;
  World world(options);
  const auto answer = [](const OutgoingText& text) {
    return text.account == Account::first ? SendAnswer(NotSent{"refused"}) : SendAnswer(Accepted{"m1"});
  };
  std::vector<TextRecord> texts;
  for (std::uint64_t i = 0; i < 16; ++i) {
    PromisedText promise = with_two_accounts(world, anna + i);
    promise.ways[1].sender = phone(18005550000);
    promise.body = std::string(400, 'x');
    texts.push_back(world.promise(promise));
  }
  world.settle();
  answer_all(world, answer, 36 * second);
  for (const TextRecord& text : texts) EXPECT_EQ(world.state_of(text), TextState::accepted);
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"m2"}); }, 30 * second);
  const TextRecord probe = world.promise(with_two_accounts(world, anna + 100));
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"m3"}); }, 2 * second);
  EXPECT_EQ(world.state_of(probe), TextState::accepted);
  const TextRecord next = world.promise(with_two_accounts(world, anna + 101));
  answer_all(world, [](const OutgoingText&) { return SendAnswer(Accepted{"m4"}); }, 2 * second);
  EXPECT_EQ(world.state_of(next), TextState::accepted);
  EXPECT_EQ(world.carrier.sent.back().account, Account::first);
}

// Goal: slow senders hold nobody else up, be they several.
// Method: three numbers with a thousand texts each, at one a second; then a caller of another number.
TEST(Ways, SeveralSlowSendersHoldNobodyUp) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  options.texts_per_second = 0;
  World world(options);
  for (std::uint64_t i = 0; i < 3'300; ++i) {
    PromisedText promise = world.intake(anna + i);
    promise.ways = {{Account::first, phone(15550009000 + i % 3)}};
    world.promise(promise);
    if (i % 500 == 0) world.settle();
  }
  const auto accept = [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); };
  answer_all(world, accept, 10 * second);
  const TextRecord text = world.promise(world.intake(anna + 9'000));
  answer_all(world, accept, 10 * second);
  EXPECT_EQ(world.state_of(text), TextState::accepted);
}

// Goal: a text read back from the store waits as long as it was to, be that hours; and no longer, when a clock
// that was wrong has dated it.
// Method: due in 90 minutes after a wait of so long; due in 90 minutes after a wait of a second.
TEST(Ways, AWaitIsKeptAcrossARestart) {
  for (const Duration wait : {Duration{90 * 60'000}, Duration{1'000}}) {
    World world;
    const TextRecord text = world.keep_promise(world.intake(anna));
    TextRecord& stored = world.contents.texts.at(text.row.value).text;
    stored.due_at = world.clock.now() + std::chrono::minutes{90};
    stored.wait = wait;
    world.start();
    world.settle();
    EXPECT_TRUE(world.carrier.sent.empty());
    world.advance(wait - Duration{1});
    EXPECT_TRUE(world.carrier.sent.empty());
    world.advance(Duration{1});
    EXPECT_EQ(world.carrier.sent.size(), 1U);
  }
}

// Goal: a request's number is the same in the letter and in the store, also after a start in doubt.
// Method: a mark that became durable while the journal said otherwise.
TEST(Ways, ARequestsNumberIsTheStores) {
  World world;
  const TextRecord text = world.promise(world.intake(anna));
  world.dispatcher->pump();
  world.journal.run_one(testing::Fate::in_doubt);
  world.settle();
  world.advance(2 * second);
  ASSERT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.carrier.sent[0].attempt.number, world.kept(text).attempts);
}

// Goal: each sender has a pace, and none waits for another's.
// Method: ten texts from one number and one from another, at one segment a second; a toll-free number is thrice as
// fast.
TEST(Ways, EachSenderHasItsPace) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  options.texts_per_second = 0;
  World world(options);
  const auto promise_from = [&](std::uint64_t caller, E164 sender) {
    PromisedText promise = world.intake(caller);
    promise.ways = {{Account::first, sender}};
    world.promise(promise);
  };
  for (std::uint64_t i = 0; i < 10; ++i) promise_from(anna + i, called);
  for (std::uint64_t i = 10; i < 20; ++i) promise_from(anna + i, phone(18005550000));
  promise_from(anna + 20, spare);
  const auto accept = [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); };
  const auto sent_from = [&](E164 sender) {
    return std::ranges::count_if(world.carrier.sent,
                                 [&](const OutgoingText& text) { return text.sender == sender; });
  };
  world.settle();
  EXPECT_EQ(sent_from(called), 1);
  EXPECT_EQ(sent_from(spare), 1);
  answer_all(world, accept, 3 * second);
  EXPECT_EQ(sent_from(called), 4);
  EXPECT_EQ(sent_from(phone(18005550000)), 10);
  answer_all(world, accept, 6 * second);
  EXPECT_EQ(sent_from(called), 10);
}

// Goal: a text of two segments takes two places in its sender's line.
// Method: two long texts at one segment a second.
TEST(Ways, ALongTextTakesSeveralPlaces) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  World world(options);
  for (std::uint64_t i = 0; i < 2; ++i) {
    PromisedText promise = world.intake(anna + i);
    promise.body = std::string(200, 'a');
    world.promise(promise);
  }
  world.settle();
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  world.advance(second);
  EXPECT_EQ(world.carrier.sent.size(), 1U);
  world.advance(second);
  EXPECT_EQ(world.carrier.sent.size(), 2U);
}

// Goal: a sender with a long line leaves room in memory for others; nothing of it is forgotten, and the order of
// each caller's texts is kept.
// Method: a window of eight, forty texts of one slow sender by four callers, then one of another sender.
TEST(Ways, ASlowSendersTextsLeaveRoomForOthers) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  options.window = 8;
  World world(options);
  for (std::uint64_t i = 0; i < 40; ++i) world.promise(world.intake(anna + i % 4));
  PromisedText other = world.intake(anna + 50);
  other.ways = {{Account::first, spare}};
  const TextRecord text = world.promise(other);
  std::map<E164, std::vector<std::string>> order;
  world.carrier.on_send = [&](const OutgoingText& sent) { order[sent.recipient].push_back(sent.id.cause); };
  const auto accept = [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); };
  answer_all(world, accept, 10 * second);
  EXPECT_EQ(world.state_of(text), TextState::accepted);
  answer_all(world, accept, 90 * second);
  EXPECT_EQ(world.carrier.sent.size(), 41U);
  for (auto& [caller, calls] : order) {
    EXPECT_TRUE(std::ranges::is_sorted(calls, {}, [](const std::string& sid) { return std::stoi(sid.substr(2)); }))
        << caller.text();
  }
}

// Goal: what was left in the store because its sender is slow is not overtaken by its caller's next text.
// Method: a window of eight, of which the sender may fill two; four texts to one caller, and a fifth once the
// first two have left.
TEST(Ways, WhatIsLeftInTheStoreIsNotOvertaken) {
  DispatcherOptions options;
  options.segments_per_second_and_sender = 1;
  options.window = 8;
  World world(options);
  std::vector<std::string> promised;
  const auto promise = [&] { promised.push_back(world.promise(world.intake(anna)).promise.id.cause); };
  const auto accept = [](const OutgoingText&) { return SendAnswer(Accepted{"SM1"}); };
  for (int i = 0; i < 4; ++i) promise();
  answer_all(world, accept, 2 * second);
  ASSERT_EQ(world.carrier.sent.size(), 2U);
  promise();
  answer_all(world, accept, 20 * second);
  std::vector<std::string> sent;
  for (const OutgoingText& text : world.carrier.sent) sent.push_back(text.id.cause);
  EXPECT_EQ(sent, promised);
}

// Goal: who has just written gets the reply before anybody gets a first text.
// Method: first texts and then a reply, at one text a second.
TEST(Ways, RepliesGoBeforeTheRest) {
  DispatcherOptions options;
  options.texts_per_second = 1;
  World world(options);
  for (std::uint64_t i = 0; i < 3; ++i) world.promise(world.intake(anna + i));
  PromisedText reply = world.intake(anna + 9);
  reply.id.purpose = Purpose::customer_reply;
  reply.origin = Origin::text;
  world.promise(reply);
  world.settle();
  ASSERT_EQ(world.carrier.sent.size(), 1U);
  EXPECT_EQ(world.carrier.sent[0].id.purpose, Purpose::customer_reply);
}

}  // namespace
}  // namespace jobrun::outbox
