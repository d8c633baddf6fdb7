#include "outbox/message_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::outbox {
namespace {

using ::testing::IsEmpty;
using testing::phone;
using ::testing::SizeIs;

constexpr Instant noon = from_unix_ms(1'767'434'400'000);
constexpr E164 called = E164::from_digits(15550001111);

/// What a store knows of one text.
class OneText : public testing::FakeBatch {
 public:
  OneText() : FakeBatch(contents_) {}
  std::optional<TextOnRecord> find_text(const TextId& id) override {
    return known && known->text.promise.id == id ? known : std::nullopt;
  }
  bool has_message_event(TextRow, std::string_view sid, std::string_view status) override {
    return events.contains(std::string(sid) + ":" + std::string(status));
  }
  bool was_lost(TextRow, std::string_view sid) override { return lost.contains(std::string(sid)); }
  std::optional<ToldLoss> told_lost(TextRow, std::string_view sid) override {
    return told && told->first == sid ? std::optional(ToldLoss{told->second, {}}) : std::nullopt;
  }

  std::optional<TextOnRecord> known;
  std::set<std::string> events, lost;
  std::optional<std::pair<std::string, int>> told;

 private:
  testing::StoreContents contents_;
};

struct Status : ::testing::Test {
  Status() {
    testing::World world;
    TextRecord text = world.keep_promise(world.intake(14155550101));
    text.promise.ways.push_back({Account::second, phone(15550003333)});
    text.promise.id.cause = "CA1";
    text.attempts = 1;
    text.promised_at = noon;
    facts.known = TextOnRecord{std::move(text), "", std::nullopt};
    in_state(TextState::accepted, "SM1");
    Refused unregistered;
    unregistered.because = Refused::Because::sender;
    unregistered.blocks_sender = true;
    unregistered.alert = AlertTo::page;
    carrier.reasons_lost[30034] = unregistered;
    Refused landline;
    landline.because = Refused::Because::recipient;
    landline.learned = PhoneFact::landline;
    landline.alert = AlertTo::owner;
    carrier.reasons_lost[30006] = landline;
    Refused handset_off;
    handset_off.because = Refused::Because::once_more;
    handset_off.alert = AlertTo::nobody;
    carrier.reasons_lost[30003] = handset_off;
  }
  void in_state(TextState state, const std::string& message_sid = {}) {
    facts.known->text.state = state;
    facts.known->message_sid = message_sid;
  }
  Commit told(const std::string& message_sid, MessageStatus status, int code = 0, SendAttempt attempt = {}) {
    const MessageStatusChange event{.text = {"CA1", Purpose::customer_intake},
                                    .account = Account::first,
                                    .message_sid = message_sid,
                                    .status = status,
                                    .status_text = std::string(name_of(status)),
                                    .code = code,
                                    .attempt = attempt};
    return decide(event, {carrier, random, rules}, facts, noon);
  }

  OneText facts;
  testing::FakeCarrier carrier;
  testing::SeededRandom random;
  RetryRules rules;
};

// Goal: what is known of a message only ever advances, along the carrier's order.
// Method: every pair of known and told status.
TEST_F(Status, TheSummaryOnlyAdvances) {
  for (const auto& [known, known_name] : NamesOf<MessageStatus>::rows) {
    for (const auto& [status, name] : NamesOf<MessageStatus>::rows) {
      if (known == MessageStatus::unrecognised) continue;
      facts.known->status = known;
      const Commit commit = told("SM1", status);
      ASSERT_TRUE(commit.message);
      EXPECT_EQ(commit.message->is_furthest, status != MessageStatus::unrecognised && known < status)
          << known_name << " then " << name;
      EXPECT_FALSE(commit.message->binds);
    }
  }
}

// Goal: a repeated status changes nothing; one of no text of ours is not kept.
// Method: a known event; another purpose.
TEST_F(Status, RepeatedAndForeignOnesChangeNothing) {
  facts.events = {"SM1:sent"};
  EXPECT_TRUE(told("SM1", MessageStatus::sent).is_duplicate);
  facts.known->text.promise.id.purpose = Purpose::failsafe;
  EXPECT_TRUE(told("SM1", MessageStatus::sent).is_ignored);
}

// Goal: a status of a message settles a text whose fate is open, and no other; a message that was lost settles
// nothing, unless it has been delivered after all.
// Method: each state, with a new message and one that was lost.
TEST_F(Status, SettlesATextWhoseFateIsOpen) {
  facts.lost = {"SM0"};
  for (const auto& [state, name] : NamesOf<TextState>::rows) {
    in_state(state, state == TextState::accepted ? "SM1" : "");
    const bool is_open = state == TextState::unknown || state == TextState::promised;
    EXPECT_EQ(told("SM9", MessageStatus::queued).message->binds, is_open) << name;
    EXPECT_FALSE(told("SM0", MessageStatus::sent).message->binds) << name;
    EXPECT_EQ(told("SM0", MessageStatus::delivered).message->binds, is_open) << name;
  }
  in_state(TextState::promised);
  facts.known->text.attempts = 0;
  EXPECT_FALSE(told("SM9", MessageStatus::queued).message->binds) << "never requested";
}

// Goal: a lost text takes its next way, its sender is blocked and somebody paged, when the carrier says so.
// Method: 30034, with a way left.
TEST_F(Status, ALostTextTakesItsNextWay) {
  const Commit commit = told("SM1", MessageStatus::undelivered, 30034);
  ASSERT_TRUE(commit.message->loss);
  EXPECT_FALSE(commit.message->loss->gives_up);
  EXPECT_EQ(commit.message->loss->closed_ways, ClosedWays(1));
  EXPECT_EQ(commit.message->loss->due_at, noon);
  EXPECT_EQ(commit.message->loss->deadline, noon + rules.outcome_deadline);
  ASSERT_THAT(commit.blocked_senders, SizeIs(1));
  EXPECT_EQ(commit.blocked_senders[0].way, (Way{Account::first, called}));
  ASSERT_THAT(commit.alerts, SizeIs(1));
  EXPECT_EQ(commit.alerts[0].kind, AlertKind::sender_blocked);
  EXPECT_EQ(commit.alerts[0].severity, Severity::critical);
  EXPECT_NE(commit.alerts[0].summary.find("jobrun senders unblock +15550001111"), std::string::npos);
}

// Goal: a loss is the fault of the way that its message took, whatever way the text took last.
// Method: an accepted text, told to be lost as the message of a request by the other way.
TEST_F(Status, ALossClosesTheWayOfItsMessage) {
  const Commit commit = told("SM1", MessageStatus::undelivered, 30034, {1, 1});
  ASSERT_TRUE(commit.message->loss);
  EXPECT_TRUE(commit.message->loss->closed_ways.contains(1));
  EXPECT_FALSE(commit.message->loss->closed_ways.contains(0));
  EXPECT_EQ(commit.blocked_senders.at(0).way, (Way{Account::second, phone(15550003333)}));
}

// Goal: a text to a phone that cannot be texted is given up, with a person alerted, and the phone remembered.
// Method: 30006, though another way is left.
TEST_F(Status, ALostTextThatNoWayReachesIsGivenUp) {
  const Commit commit = told("SM1", MessageStatus::undelivered, 30006);
  ASSERT_TRUE(commit.message->loss && commit.message->loss->gives_up);
  EXPECT_TRUE(commit.message->loss->gives_up->escalates);
  EXPECT_EQ(commit.message->loss->code, 30006);
  ASSERT_THAT(commit.learned, SizeIs(1));
  EXPECT_EQ(commit.learned[0].fact, PhoneFact::landline);
  EXPECT_THAT(commit.alerts, IsEmpty());
}

// Goal: a handset that was off gets one more try, later, and its call the time for it; not a second one.
// Method: 30003 of the first request and of the second.
TEST_F(Status, AHandsetThatWasOffIsTriedOnceMore) {
  const Commit once = told("SM1", MessageStatus::undelivered, 30003);
  ASSERT_TRUE(once.message->loss);
  EXPECT_FALSE(once.message->loss->gives_up);
  EXPECT_GE(once.message->loss->due_at, noon + rules.once_more_after);
  EXPECT_EQ(once.message->loss->deadline, once.message->loss->due_at + rules.outcome_deadline);
  facts.known->text.attempts = 2;
  EXPECT_TRUE(told("SM1", MessageStatus::undelivered, 30003).message->loss->gives_up);
}

// Goal: a code that nobody knows is not tried again.
// Method: an unknown code, and none.
TEST_F(Status, ALossForAnUnknownReasonIsGivenUp) {
  for (const int code : {0, 39999}) EXPECT_TRUE(told("SM1", MessageStatus::failed, code).message->loss->gives_up);
}

// Goal: however the carrier answers, no text is requested for ever.
// Method: a loss that could be tried again, of a text requested often.
TEST_F(Status, LossesOfOneTextComeToAnEnd) {
  Refused queue_full;
  queue_full.because = Refused::Because::later;
  carrier.reasons_lost[30001] = queue_full;
  facts.known->text.attempts = rules.lost_max - 1;
  EXPECT_FALSE(told("SM1", MessageStatus::failed, 30001).message->loss->gives_up);
  facts.known->text.attempts = rules.lost_max;
  EXPECT_TRUE(told("SM1", MessageStatus::failed, 30001).message->loss->gives_up);
}

// Goal: what was delivered is not lost, and what is not the text's message does it no harm.
// Method: undelivered after delivered; undelivered of another message, in each state.
TEST_F(Status, OnlyTheTextsOwnMessageCanBeLost) {
  facts.known->status = MessageStatus::delivered;
  EXPECT_FALSE(told("SM1", MessageStatus::undelivered, 30034).message->loss);
  facts.known->status.reset();
  EXPECT_FALSE(told("SM9", MessageStatus::undelivered, 30034).message->loss);
  for (const TextState state : {TextState::started, TextState::refused}) {
    in_state(state);
    EXPECT_FALSE(told("SM9", MessageStatus::undelivered, 30034).message->loss);
  }
}

// Goal: the loss of an earlier request's message says nothing of the last request, which nobody knows about: the
// text is not sent again for it. What it says of that request's sender holds.
// Method: an unknown text requested twice, by different ways; each request's message undelivered; then `sent` of
// the first.
TEST_F(Status, AnEarlierRequestsLossIsNotTheLastOnes) {
  in_state(TextState::unknown);
  facts.known->text.attempts = 2;
  facts.known->text.way = 1;
  const Commit earlier = told("SM1", MessageStatus::undelivered, 30034, {1, 0});
  EXPECT_FALSE(earlier.message->binds);
  EXPECT_FALSE(earlier.message->loss);
  ASSERT_THAT(earlier.blocked_senders, SizeIs(1));
  EXPECT_EQ(earlier.blocked_senders[0].way, (Way{Account::first, called}));
  const Commit last = told("SM2", MessageStatus::undelivered, 30034, {2, 1});
  ASSERT_TRUE(last.message->binds && last.message->loss);
  EXPECT_EQ(last.blocked_senders.at(0).way, (Way{Account::second, phone(15550003333)}));
  facts.told = {"SM1", 30034};
  EXPECT_FALSE(told("SM1", MessageStatus::sent, 0, {1, 0}).message->binds);
  facts.told.reset();
  EXPECT_TRUE(told("SM1", MessageStatus::sent, 0, {1, 0}).message->binds) << "it is with the carrier";
}

// Goal: a text settled by a late status is lost, when statuses before have told so.
// Method: an unknown text, undelivered told while it was started, then `sent`; and then `delivered` instead.
TEST_F(Status, ASettledTextMayHaveBeenLostBefore) {
  in_state(TextState::unknown);
  facts.told = {"SM1", 30034};
  const Commit sent = told("SM1", MessageStatus::sent);
  EXPECT_TRUE(sent.message->binds);
  ASSERT_TRUE(sent.message->loss);
  EXPECT_EQ(sent.message->loss->code, 30034);
  const Commit delivered = told("SM1", MessageStatus::delivered);
  EXPECT_TRUE(delivered.message->binds);
  EXPECT_FALSE(delivered.message->loss);
}

// Goal: the operator is told when the carrier loses a text that told somebody of an alert; other statuses of such
// a text change nothing. Method: every status of one.
TEST_F(Status, OfAnAlertsTextTellsTheOperatorWhenItIsLost) {
  for (const auto& [status, name] : NamesOf<MessageStatus>::rows) {
    const MessageStatusChange event{.text = {"alert17-1", Purpose::alert},
                                    .account = Account::first,
                                    .message_sid = "SM9",
                                    .status = status,
                                    .status_text = std::string(name),
                                    .code = 30003,
                                    .attempt = {}};
    const Commit commit = decide(event, {carrier, random, rules}, facts, noon);
    EXPECT_EQ(commit.is_ignored, !is_lost(status)) << name;
    ASSERT_EQ(commit.alerts.size(), is_lost(status) ? 1U : 0U) << name;
    if (!is_lost(status)) continue;
    EXPECT_EQ(commit.alerts[0].kind, AlertKind::alert_text_lost);
    EXPECT_EQ(commit.alerts[0].audience, Audience::operator_);
    EXPECT_FALSE(commit.message);
  }
}

}  // namespace
}  // namespace jobrun::outbox
