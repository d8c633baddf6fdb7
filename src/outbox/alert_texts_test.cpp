#include "outbox/alert_texts.hpp"

#include <gtest/gtest.h>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using testing::phone;

const E164 owner = phone(14155559000);
const FactScope clients = FactScope::of(ClientId{7});
const FactScope operators = {FactScope::Kind::failsafe, std::nullopt};

struct AlertTextsTest : ::testing::Test {
  static AlertText a_text(const FactScope& scope = clients) {
    return {.id = "alert17-1",
            .recipient = owner,
            .scope = scope,
            .ways = {{Account::first, phone(15550001111)},
                     {Account::first, phone(15550002222)},
                     {Account::second, phone(15550003333)}},
            .body = "JobRun: call back"};
  }
  AlertWord told(SendAnswer answer, std::size_t requests = 1) {
    AlertWord word{AlertAnswer::unknown, "nothing was said"};
    texts->send(a_text(), [&](AlertWord said) { word = std::move(said); });
    for (std::size_t i = 0; i < requests; ++i) carrier.answer_one(answer);
    EXPECT_TRUE(carrier.waiting.empty());
    return word;
  }
  testing::FakeCarrier carrier;
  testing::FakePlan plan;
  testing::RecordingMeter meter;
  testing::RecordingLog log;
  std::set<E164> ours, blocked;
  PhoneFacts facts;
  std::vector<SetPhoneFact> learned;
  bool can_read = true;
  std::optional<AlertTexts> texts{
      std::in_place,
      AlertTexts::Ports{.carrier = carrier,
                        .numbering_plan = plan,
                        .meter = meter,
                        .log = log,
                        .is_ours = [this](E164 number) { return ours.contains(number); },
                        .phone_facts = [this](const FactScope&, E164) -> Result<PhoneFacts> {
                          if (!can_read) return failure(ErrorKind::unavailable, "no such file");
                          return facts;
                        },
                        .is_blocked = [this](const Way& way) { return blocked.contains(way.sender); },
                        .learn = [this](const SetPhoneFact& fact) { learned.push_back(fact); }}};
};

Refused refusal(Refused::Because because) {
  Refused refused;
  refused.because = because;
  refused.code = 4711;
  return refused;
}

// Goal: a text leaves once, by the first way, and bears the alert's id and purpose.
// Method: the carrier takes it.
TEST_F(AlertTextsTest, LeavesByTheFirstWay) {
  EXPECT_EQ(told(Accepted{"SM1"}).answer, AlertAnswer::accepted);
  ASSERT_EQ(carrier.sent.size(), 1U);
  EXPECT_EQ(carrier.sent[0].id.text(), "alert17-1.alert");
  EXPECT_EQ(carrier.sent[0].recipient, owner);
  EXPECT_EQ(carrier.sent[0].sender, phone(15550001111));
}

// Goal: nobody whom texts must not reach is texted: a number of ours, a landline, somebody who opted out.
// Method: each of them; then nothing of it.
TEST_F(AlertTextsTest, ReachesNobodyWhomTextsMustNotReach) {
  const auto is_refused = [this] {
    AlertWord word;
    texts->send(a_text(), [&](AlertWord said) { word = std::move(said); });
    return carrier.sent.empty() && word.answer == AlertAnswer::refused && texts->why_not(clients, owner);
  };
  ours.insert(owner);
  EXPECT_TRUE(is_refused());
  ours.clear();
  plan.landlines.insert(owner);
  EXPECT_TRUE(is_refused());
  plan.landlines.clear();
  facts.landline = true;
  EXPECT_TRUE(is_refused());
  facts = {};
  facts.opted_out = true;
  EXPECT_TRUE(is_refused());
  facts = {};
  EXPECT_FALSE(is_refused());
}

// Goal: while the store cannot be read the operator is texted, and no owner.
// Method: both scopes.
TEST_F(AlertTextsTest, TextsOnlyTheOperatorWhileTheStoreCannotBeRead) {
  can_read = false;
  EXPECT_TRUE(texts->why_not(clients, owner));
  EXPECT_FALSE(texts->why_not(operators, owner));
}

// Goal: another way is tried where the text certainly did not leave and another way may help; never after an
// unknown.
// Method: every kind of answer, given to every request; how many there were, and what is said in the end.
TEST_F(AlertTextsTest, TriesAnotherWayOnlyWhereItMayHelp) {
  using Because = Refused::Because;
  for (const Because because : {Because::later, Because::next_day, Because::sender, Because::account,
                                Because::credentials, Because::suspended, Because::filtered, Because::other}) {
    EXPECT_EQ(told(refusal(because), 3).answer, AlertAnswer::not_reached);
  }
  EXPECT_EQ(told(NotSent{"no route"}, 3).answer, AlertAnswer::not_reached);
  for (const Because because : {Because::once_more, Because::recipient, Because::loop, Because::our_mistake}) {
    EXPECT_EQ(told(refusal(because)).answer, AlertAnswer::refused);
  }
  EXPECT_EQ(told(Unknown{"timed out"}).answer, AlertAnswer::unknown);
}

// Goal: nothing leaves from a sender that the carrier has blocked.
// Method: the first is blocked; then all are.
TEST_F(AlertTextsTest, LeavesFromNoBlockedSender) {
  blocked = {phone(15550001111)};
  EXPECT_EQ(told(Accepted{"SM1"}).answer, AlertAnswer::accepted);
  EXPECT_EQ(carrier.sent[0].sender, phone(15550002222));
  blocked = {phone(15550001111), phone(15550002222), phone(15550003333)};
  EXPECT_EQ(told(Accepted{"SM1"}, 0).answer, AlertAnswer::not_reached);
}

// Goal: what the carrier's refusal teaches is kept, so that the next attempt reaches somebody else.
// Method: opted out, which binds the client's senders; a landline, which is one for everybody.
TEST_F(AlertTextsTest, KeepsWhatARefusalTeaches) {
  Refused opted_out = refusal(Refused::Because::recipient);
  opted_out.learned = PhoneFact::opted_out;
  EXPECT_EQ(told(opted_out).answer, AlertAnswer::refused);
  Refused landline = refusal(Refused::Because::recipient);
  landline.learned = PhoneFact::landline;
  EXPECT_EQ(told(landline).answer, AlertAnswer::refused);
  ASSERT_EQ(learned.size(), 2U);
  EXPECT_EQ(learned[0].scope, clients);
  EXPECT_EQ(learned[0].phone, owner);
  EXPECT_EQ(learned[0].fact, PhoneFact::opted_out);
  EXPECT_EQ(learned[1].scope, FactScope{});
}

// Goal: an answer that comes after the exit has gone does no harm.
// Method: answer with what would lead to another way.
TEST_F(AlertTextsTest, AnAnswerAfterItsEndDoesNothing) {
  texts->send(a_text(), [](const AlertWord&) {});
  texts.reset();
  carrier.answer_one(NotSent{"no route"});
  EXPECT_TRUE(carrier.waiting.empty());
}

}  // namespace
}  // namespace jobrun::outbox
