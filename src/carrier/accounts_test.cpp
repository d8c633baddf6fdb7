#include "carrier/accounts.hpp"

#include <gtest/gtest.h>

#include "carrier/telnyx.hpp"
#include "carrier/twilio.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::carrier {
namespace {

using outbox::testing::FakeCarrier;
using outbox::testing::phone;
using outbox::testing::World;

constexpr std::uint64_t a_caller = 14155550101;

/// A world whose texts leave through both accounts, because only the real outbox can send.
struct TwoAccounts {
  explicit TwoAccounts(bool has_second = true) : carrier(world.carrier, has_second ? &second : nullptr) {
    world.dispatcher = std::make_unique<outbox::Dispatcher>(
        outbox::Dispatcher::Ports{
            world.journal, carrier, world.plan, world.meter, world.log, world.clock, world.random,
            [this](TextRow after, std::int64_t limit) { return world.promised_after(after, limit); }},
        world.options);
  }
  /// To another caller each time: the texts of one wait for each other.
  TextRecord promise(std::vector<Way> ways) {
    PromisedText text = world.intake(a_caller + static_cast<std::uint64_t>(world.last_row));
    text.ways = std::move(ways);
    TextRecord kept = world.promise(std::move(text));
    for (int turn = 0; turn < 10; ++turn) world.settle();
    return kept;
  }

  World world;
  FakeCarrier& first = world.carrier;
  FakeCarrier second;
  AccountsCarrier carrier;
};

constexpr Way by_first{Account::first, E164::from_digits(15550001111)};
constexpr Way by_second{Account::second, E164::from_digits(15550002222)};

// Goal: a text leaves by the account that its way names, and by no other.
TEST(Accounts, EachTextLeavesByItsOwn) {
  TwoAccounts accounts;
  accounts.promise({by_first});
  ASSERT_EQ(accounts.first.sent.size(), 1U);
  EXPECT_EQ(accounts.first.sent[0].sender, by_first.sender);
  EXPECT_TRUE(accounts.second.sent.empty());

  accounts.promise({by_second});
  EXPECT_EQ(accounts.first.sent.size(), 1U);
  ASSERT_EQ(accounts.second.sent.size(), 1U);
  EXPECT_EQ(accounts.second.sent[0].sender, by_second.sender);
}

// Goal: a way by a second account that there is no longer is refused as the account's, so that the next is taken.
// Method: a text whose first way is by the missing account; one that has no other.
TEST(Accounts, AWayByAMissingAccountIsRefused) {
  TwoAccounts accounts(false);
  const TextRecord text = accounts.promise({by_second, by_first});
  ASSERT_EQ(accounts.first.sent.size(), 1U);
  EXPECT_EQ(accounts.first.sent[0].id, text.promise.id);

  const TextRecord lonely = accounts.promise({by_second});
  EXPECT_EQ(accounts.world.state_of(lonely), TextState::refused);
  EXPECT_FALSE(accounts.world.contents.alerts.empty());
}

// Goal: a text is looked for at the account that it left by; without that account nothing can be told.
TEST(Accounts, LooksAtTheAccountThatItLeftBy) {
  TwoAccounts accounts;
  accounts.carrier.find({.id = {"CA1", Purpose::failsafe},
                         .account = Account::second,
                         .sender = phone(15550002222),
                         .recipient = phone(a_caller),
                         .body = "x"},
                        [](const FindAnswer&) {});
  EXPECT_TRUE(accounts.first.sought.empty());
  ASSERT_EQ(accounts.second.sought.size(), 1U);

  TwoAccounts one(false);
  std::optional<FindAnswer> told;
  one.carrier.find({.id = {"CA1", Purpose::failsafe},
                    .account = Account::second,
                    .sender = phone(15550002222),
                    .recipient = phone(a_caller),
                    .body = "x"},
                   [&](FindAnswer answer) { told = std::move(answer); });
  ASSERT_TRUE(told.has_value());
  ASSERT_TRUE(std::holds_alternative<CannotTell>(*told));
  EXPECT_EQ(std::get<CannotTell>(*told).reason, "no second account is configured");
  EXPECT_TRUE(one.first.sought.empty());
}

// Goal: what a lost text's code means is said in the words of the account that lost it.
// Method: Twilio first, Telnyx second; each one's code for an opted-out phone, which is nothing to the other.
TEST(Accounts, EachExplainsItsOwnLosses) {
  constexpr int twilio_opted_out = 21610;
  constexpr int telnyx_opted_out = 40300;
  const auto no_transport = [](const net::ClientRequest&, const net::HttpClient::Done&) {};
  TwilioCarrier twilio(no_transport, {});
  TelnyxCarrier telnyx(no_transport, {});
  const AccountsCarrier both(twilio, &telnyx);
  EXPECT_EQ(both.why_lost(Account::first, twilio_opted_out).learned, PhoneFact::opted_out);
  EXPECT_EQ(both.why_lost(Account::second, telnyx_opted_out).learned, PhoneFact::opted_out);
  EXPECT_EQ(both.why_lost(Account::first, telnyx_opted_out).because, Refused::Because::other);
  EXPECT_EQ(both.why_lost(Account::second, twilio_opted_out).because, Refused::Because::other);
  EXPECT_EQ(both.why_lost(Account::second, telnyx_opted_out).code, telnyx_opted_out);

  const AccountsCarrier one(twilio, nullptr);
  EXPECT_EQ(one.why_lost(Account::second, telnyx_opted_out).because, Refused::Because::other);
}

}  // namespace
}  // namespace jobrun::carrier
