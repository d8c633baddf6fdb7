#include "alert_texting.hpp"

#include <gtest/gtest.h>

#include "database_test_support.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;

constexpr E164 failsafe_sender = E164::from_digits(14155550900);
constexpr E164 operator_phone = E164::from_digits(14155558000);
constexpr E164 owner = E164::from_digits(14155559000);
constexpr E164 business = E164::from_digits(14155550110);
constexpr E164 other_business = E164::from_digits(14155550120);

/// Over a real database with two businesses.
class AlertTextingTest : public testing::Test {
 protected:
  AlertTextingTest() {
    client_ = add("Harbour Plumbing", owner, business);
    add("Other Roofing", E164::from_digits(14155559001), other_business);
    directory_.emplace(directory::read_snapshot(*store_->reader(),
                                                {.onboarding = std::nullopt, .failsafe_sender = failsafe_sender}));
    texting_.emplace(AlertTexting::Ports{.carrier = carrier_,
                                         .numbering_plan = plan_,
                                         .directory = *directory_,
                                         .reader = store_->reader(),
                                         .journal = journal_,
                                         .meter = meter_,
                                         .log = log_},
                     AlertTextingOptions{.operator_phone = operator_phone, .failsafe_sender = failsafe_sender});
  }
  ~AlertTextingTest() override { texting_.reset(); }
  Result<std::optional<ClientId>> change(const DirectoryChange& change) {
    const std::unique_ptr<StoreBatch> batch = store_->begin({});
    auto changed = batch->change_directory(change, clock_.now());
    EXPECT_TRUE(batch->commit());
    return changed;
  }
  ClientId add(const std::string& name, E164 owner_phone, E164 number) {
    ClientProfile profile;
    profile.name = name;
    profile.owner_phone = owner_phone;
    const ClientId id = change(AddClient{profile})->value();
    EXPECT_TRUE(change(AddNumber{{number, NumberRole::operational, id}}));
    return id;
  }
  AlertRequest for_owner(E164 number = business) const {
    AlertRequest alert;
    alert.client = client_;
    alert.number = number.text();
    alert.summary = "Call +14155550101 back.";
    return alert;
  }
  OutgoingText texted(const AlertRequest& request) {
    AlertRecord alert;
    alert.id = AlertId{17};
    alert.request = request;
    AlertChannel& channel = texting_->channel();
    const std::size_t before = carrier_.sent.size();
    channel.send({.recipient = channel.recipient_of(request).value().address, .others = {}, .alerts = {alert}},
                 [](const AlertWord&) {});
    return carrier_.sent.at(before);
  }

  fake::ManualClock clock_;
  TestDatabase database_{clock_.now()};
  fake::FakePlan plan_;
  fake::FakeCarrier carrier_;
  fake::RecordingMeter meter_;
  fake::RecordingLog log_;
  fake::StoreContents contents_;
  fake::FakeJournal journal_{contents_, clock_};
  std::unique_ptr<store::SqliteStore> store_ = database_.open();
  ClientId client_;
  std::optional<directory::Directory> directory_;
  std::optional<AlertTexting> texting_;
};

// Goal: an owner is texted from the number that was called, where it is his business's, else from the fail-safe
// sender; the operator always from that.
// Method: an alert about his number, about another business's, about none; an operator's.
TEST_F(AlertTextingTest, AnOwnerIsTextedFromHisOwnNumber) {
  const OutgoingText own = texted(for_owner());
  EXPECT_EQ(own.recipient, owner);
  EXPECT_EQ(own.sender, business);
  EXPECT_EQ(own.id.purpose, Purpose::alert);
  EXPECT_EQ(own.body, "JobRun: Call +14155550101 back.");
  EXPECT_EQ(texted(for_owner(other_business)).sender, failsafe_sender);
  AlertRequest about_none = for_owner();
  about_none.number.clear();
  EXPECT_EQ(texted(about_none).sender, failsafe_sender);
  const OutgoingText operators =
      texted(operator_alert(AlertKind::incident_open, Severity::critical, "", "Look at it."));
  EXPECT_EQ(operators.recipient, operator_phone);
  EXPECT_EQ(operators.sender, failsafe_sender);
}

// Goal: an owner who opted out, has a landline, or gave a number of ours, is not texted: the operator is.
// Method: each in turn; then the operator has opted out too.
TEST_F(AlertTextingTest, AnOwnerWhoMayNotBeTextedIsTheOperatorsBusiness) {
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client_), owner, PhoneFact::opted_out}));
  EXPECT_EQ(texted(for_owner()).recipient, operator_phone);
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client_), owner, PhoneFact::opted_out, false}));
  EXPECT_EQ(texted(for_owner()).recipient, owner);
  plan_.landlines.insert(owner);
  EXPECT_EQ(texted(for_owner()).recipient, operator_phone);
  plan_.landlines.clear();
  ClientProfile profile = *store_->reader()->client(client_);
  profile.owner_phone = other_business;
  ASSERT_TRUE(change(SetClient{profile}));
  directory_->publish(directory::read_snapshot(*store_->reader(), {}));
  EXPECT_EQ(texted(for_owner()).recipient, operator_phone);
  const FactScope operators{FactScope::Kind::failsafe, std::nullopt};
  ASSERT_TRUE(change(SetPhoneFact{operators, operator_phone, PhoneFact::opted_out}));
  EXPECT_FALSE(texting_->channel().recipient_of(for_owner()).has_value());
}

// Goal: what the carrier has blocked is gone round.
// Method: the business's number is blocked.
TEST_F(AlertTextingTest, ABlockedSenderIsGoneRound) {
  const std::unique_ptr<StoreBatch> batch = store_->begin({});
  batch->block_sender({{Account::first, business}, 30034, clock_.now()});
  ASSERT_TRUE(batch->commit());
  EXPECT_EQ(texted(for_owner()).sender, failsafe_sender);
}

}  // namespace
}  // namespace jobrun::app
