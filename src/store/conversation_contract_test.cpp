// What every store must do with what customers and owners say.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using ConversationContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Stores, ConversationContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

const E164 another_customer = E164::from_digits(14'155'550'177);

ConversationRecord a_conversation(ClientId client, E164 customer, Instant active_at) {
  return {.contact = {client, business_number, customer},
          .step = "told",
          .state = R"({"job":"boiler"})",
          .language = Locale::pl,
          .active_at = active_at};
}

Commit a_change(const ConversationRecord& record) {
  Commit commit;
  commit.conversation = record;
  return commit;
}

std::vector<E164> customers(const std::vector<ConversationRecord>& records) {
  std::vector<E164> found;
  for (const ConversationRecord& record : records) found.push_back(record.contact.customer);
  return found;
}

// Goal: what is said in a conversation is found by its pair, by no other client and number, and the newest first.
// Method: two customers of one client, one more change of the first; read in the batch and after reopening.
TEST_P(ConversationContract, WhatWasSaidIsFoundByItsPairAndTheNewestFirst) {
  const ClientId client = add_client(store(), "Bay Plumbing", std::nullopt);
  const ClientId other = add_client(store(), "Hill Roofing", std::nullopt);
  const ConversationRecord first = a_conversation(client, caller, noon);
  const ConversationRecord second = a_conversation(client, another_customer, noon + minute);
  write(a_change(first));
  write(a_change(second));
  ConversationRecord changed = first;
  changed.step = "accepted";
  changed.active_at = noon + 2 * minute;
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_EQ(batch.find_conversation(first.contact), first);
    batch.write(a_change(changed), noon);
    EXPECT_EQ(batch.find_conversation(first.contact), changed);
  });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_EQ(batch.find_conversation(first.contact), changed);
    EXPECT_EQ(batch.find_conversation(second.contact), second);
    EXPECT_FALSE(batch.find_conversation({other, business_number, caller}));
    EXPECT_FALSE(batch.find_conversation({client, another_customer, caller}));
    EXPECT_THAT(customers(batch.recent_conversations(client, 10)), ElementsAre(caller, another_customer));
    EXPECT_THAT(customers(batch.recent_conversations(client, 1)), ElementsAre(caller));
    EXPECT_THAT(batch.recent_conversations(other, 10), IsEmpty());
  });
}

// Goal: a missed call makes a conversation in which nobody has said anything; it is listed behind those in which
// somebody has, for its own client only. Method: one with its records, and one that was spoken in before.
TEST_P(ConversationContract, WhoOnlyCalledIsListedLast) {
  const ClientId client = add_client(store(), "Bay Plumbing", std::nullopt);
  const ClientId other = add_client(store(), "Hill Roofing", std::nullopt);
  write(a_change(a_conversation(client, another_customer, noon)));
  Commit commit = an_ended_call("CA1", caller, client, noon + minute);
  commit.contact = CustomerContact{client, business_number, caller};
  write(commit);
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.find_conversation({client, business_number, caller}));
    const std::vector<ConversationRecord> found = batch.recent_conversations(client, 10);
    EXPECT_THAT(customers(found), ElementsAre(another_customer, caller));
    EXPECT_EQ(found.back().step, "");
    EXPECT_THAT(batch.recent_conversations(other, 10), IsEmpty());
  });
}

// Goal: an older text that is taken up late does not make a conversation look older than it is. Method: a change
// dated before the last.
TEST_P(ConversationContract, ItNeverBecomesOlder) {
  const ClientId client = add_client(store(), "Bay Plumbing", std::nullopt);
  write(a_change(a_conversation(client, caller, noon)));
  write(a_change(a_conversation(client, caller, noon - minute)));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_EQ(batch.find_conversation({client, business_number, caller})->active_at, noon);
  });
}

// Goal: a state that is none, or is too large, is refused whole. Method: one without a step, one beyond the bound.
TEST_P(ConversationContract, AStateThatIsNoneIsRefused) {
  const ClientId client = add_client(store(), "Bay Plumbing", std::nullopt);
  ConversationRecord without_step = a_conversation(client, caller, noon);
  without_step.step.clear();
  ConversationRecord too_large = a_conversation(client, caller, noon);
  too_large.state.assign(conversation_state_bytes_max + 1, 'x');
  for (const ConversationRecord& record : {without_step, too_large}) {
    const auto batch = store().begin({});
    EXPECT_THROW(batch->write(a_change(record), noon), StoreFailure);
  }
}

// Goal: what an owner changes of his work is seen at once and tells the directory; what he did not change stays.
// Method: pause, busy, and the end of both, read back in the same batch and after.
TEST_P(ConversationContract, AnOwnersPauseIsSeenAtOnce) {
  const ClientId client = add_client(store(), "Bay Plumbing", std::nullopt);
  const std::int64_t version = store().reader()->directory_version();
  in_batch(store(), [&](StoreBatch& batch) {
    Commit pause;
    pause.availability = AvailabilityChange{.client = client, .paused = true};
    batch.write(pause, noon);
    EXPECT_TRUE(batch.find_client(client)->paused);
    Commit busy;
    busy.availability = AvailabilityChange{.client = client, .busy_until = noon + minute};
    batch.write(busy, noon);
  });
  const std::optional<ClientProfile> profile = store().reader()->client(client);
  ASSERT_TRUE(profile);
  EXPECT_TRUE(profile->paused);
  EXPECT_EQ(profile->settings.busy_until, noon + minute);
  EXPECT_GT(store().reader()->directory_version(), version);
  Commit over;
  over.availability =
      AvailabilityChange{.client = client, .paused = false, .busy_until = std::optional<Instant>()};
  write(over);
  EXPECT_FALSE(store().reader()->client(client)->paused);
  EXPECT_FALSE(store().reader()->client(client)->settings.busy_until);
}

}  // namespace
}  // namespace jobrun::store
