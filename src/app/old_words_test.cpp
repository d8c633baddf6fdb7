// What people wrote goes when it is old, through the service: a real file, driven by hand.
#include "old_words.hpp"

#include <gtest/gtest.h>

#include "sign_up_test_support.hpp"

namespace jobrun::app {
namespace {

constexpr Duration day = std::chrono::hours{24};
const E164 customer = E164::from_digits(14155550177);

class OldWordsTest : public testing::Test {
 protected:
  OldWordsTest() { service_.clock.wall = from_unix_ms(1'767'441'600'000); }

  ClientId add_client(std::optional<int> retention_days) {
    ClientId id;
    service_.change([&](StoreBatch& batch, Instant now) -> Result<void> {
      ClientProfile profile;
      profile.name = "Bay Plumbing";
      profile.owner_phone = E164::from_digits(14155550990);
      profile.settings.retention_days = retention_days;
      const auto added = batch.change_directory(AddClient{profile}, now);
      if (!added) return std::unexpected(added.error());
      id = **added;
      return {};
    });
    return id;
  }
  void customer_writes(ClientId client) {
    Commit commit;
    const E164 number = E164::from_digits(14155550100 + static_cast<std::uint64_t>(client.value));
    commit.inbound = NewInboundText{.text = {.message_sid = "SM" + std::to_string(++texts_),
                                             .sender = Caller::parse(customer.text()),
                                             .number = number,
                                             .number_text = number.text(),
                                             .body = "A leak"},
                                    .client = client,
                                    .taken_as = TakenAs::customer,
                                    .contact = CustomerContact{client, number, customer}};
    service_.change([commit](StoreBatch& batch, Instant now) -> Result<void> {
      batch.write(commit, now);
      return {};
    });
  }
  /// A day passes, with as many moments as a look through everything takes.
  void days_pass(int days) {
    service_.clock.advance(days * day);
    for (int moments = 0; moments < 40; ++moments) {
      service_.clock.advance(std::chrono::seconds{2});
      service_.look();
    }
  }
  int conversations_with_words() {
    int found = 0;
    for (const ConversationListing& each : service_.reader().conversations({}))
      found += each.last_words.empty() ? 0 : 1;
    return found;
  }
  int texts_with_words() {
    int found = 0;
    for (const InboundListing& each : service_.reader().inbound_texts({}))
      found += each.inbound.text.body.empty() ? 0 : 1;
    return found;
  }

  Service service_;
  int texts_ = 0;
};

// Goal: what people wrote goes after as many days as their business has set, else after the service's, and not
// before. Method: one client with a limit of 3 days, one without; 2 days, 4 days and a year later.
TEST_F(OldWordsTest, WordsGoAfterTheDaysOfTheirBusiness) {
  const ClientId impatient = add_client(3);
  const ClientId usual = add_client(std::nullopt);
  customer_writes(impatient);
  customer_writes(usual);
  days_pass(2);
  EXPECT_EQ(texts_with_words(), 2);
  days_pass(2);
  EXPECT_EQ(texts_with_words(), 1);
  EXPECT_EQ(conversations_with_words(), 1);
  days_pass(340);
  EXPECT_EQ(texts_with_words(), 1);
  days_pass(30);
  EXPECT_EQ(texts_with_words(), 0);
  EXPECT_EQ(conversations_with_words(), 0);
  EXPECT_EQ(service_.reader().conversations({}).size(), 2U) << "that they wrote stays on record";
}

}  // namespace
}  // namespace jobrun::app
