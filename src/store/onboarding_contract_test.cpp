// What every store must do with owners who sign up, and with the numbers that wait for them.
#include <gmock/gmock.h>

#include <set>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Duration hour{3'600'000};

class OnboardingContract : public StoreContract {
 protected:
  void add_available(E164 number) {
    const auto added = change(AddNumber{{number, NumberRole::system, std::nullopt, true}});
    ASSERT_TRUE(added) << added.error().message;
  }
  std::optional<OnboardingRecord> found(E164 owner) {
    std::optional<OnboardingRecord> record;
    in_batch(store(), [&](StoreBatch& batch) { record = batch.find_onboarding(owner); });
    return record;
  }
  std::optional<E164> available(const std::vector<std::string>& prefixes = {}) {
    std::optional<E164> number;
    in_batch(store(), [&](StoreBatch& batch) { number = batch.available_number(prefixes); });
    return number;
  }
  std::optional<CallToNumber> call_to(E164 number, Instant since) {
    std::optional<CallToNumber> call;
    in_batch(store(), [&](StoreBatch& batch) { call = batch.call_to_number(number, since); });
    return call;
  }
  std::vector<E164> owners(const OnboardingQuery& query) {
    std::vector<E164> phones;
    for (const OnboardingRecord& record : store().reader()->onboardings(query)) {
      phones.push_back(record.owner_phone);
    }
    return phones;
  }
  std::optional<PoolNumber> pooled(E164 number) {
    for (const PoolNumber& each : store().reader()->numbers(std::nullopt, 1'000)) {
      if (each.number == number) return each;
    }
    return std::nullopt;
  }
};

/// Queries: of all, of who waits, of who is due, of who is in a step.
OnboardingQuery all(std::int64_t limit = 50, std::optional<E164> after = {}) {
  OnboardingQuery query;
  query.limit = limit;
  query.after = after;
  return query;
}
OnboardingQuery waiting(std::int64_t limit = 50) {
  OnboardingQuery query = all(limit);
  query.is_waiting_only = true;
  return query;
}
OnboardingQuery due_before(Instant at, OnboardingQuery query = {}) {
  query.due_before = at;
  return query;
}

INSTANTIATE_TEST_SUITE_P(Stores, OnboardingContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

OnboardingRecord a_record(E164 owner, const std::string& step = "business") {
  return {.owner_phone = owner,
          .step = step,
          .state = R"({"a":1})",
          .number = {},
          .client = {},
          .waiting_since = {},
          .step_since = noon,
          .last_text_at = noon,
          .due_at = {}};
}

Commit a_change(OnboardingRecord record) {
  Commit commit;
  commit.onboarding = OnboardingChange{.record = std::move(record), .profile = {}, .takes = {}};
  return commit;
}

/// He has answered all, and gets the number.
Commit a_sign_up(E164 owner, E164 number) {
  Commit commit = a_change(a_record(owner, "phone_type"));
  commit.onboarding->record.number = number;
  commit.onboarding->takes = number;
  ClientProfile profile;
  profile.name = "Joe's";
  profile.owner_phone = owner;
  profile.alert_by = AlertBy::both;
  profile.owner_email = "joe@example.com";
  profile.awaits_test_call = true;
  commit.onboarding->profile = profile;
  return commit;
}

/// To the business's number.
Commit a_forwarded_call(const std::string& call_sid, std::optional<E164> forwarded_from) {
  Commit commit = a_pending_call(call_sid, caller, noon + hour);
  commit.new_call->forwarded_from = forwarded_from;
  return commit;
}

/// The whole batch is refused, because of what it was given.
void expect_refused(Store& store, const Commit& commit, const std::string& says) {
  const auto batch = store.begin({});
  try {
    batch->write(commit, noon);
    ADD_FAILURE() << "was taken: " << says;
  } catch (const StoreFailure& failed) {
    EXPECT_EQ(failed.because, StoreFailure::Because::input);
    EXPECT_THAT(failed.message, HasSubstr(says));
    EXPECT_THAT(failed.message, testing::Not(HasSubstr(owner_phone.text()))) << "it may be logged";
  }
  EXPECT_FALSE(batch->commit());
}

// Goal: an owner's state comes back as it was written last, in its own batch and after reopening.
// Method: every field set; then changed to the opposite.
TEST_P(OnboardingContract, ARecordComesBackAsItWasWritten) {
  EXPECT_FALSE(found(owner_phone));
  OnboardingRecord record = a_record(owner_phone, "waiting");
  record.state = R"({"name":"Zażółć 'x'; --"})";
  record.waiting_since = noon - minute;
  record.step_since = noon - 2 * minute;
  record.last_text_at = noon - second;
  record.due_at = noon + minute;
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.are_records_known());
    batch.write(a_change(record), noon);
    EXPECT_EQ(batch.find_onboarding(owner_phone), record);
    EXPECT_FALSE(batch.find_onboarding(caller));
  });
  reopen();
  EXPECT_EQ(found(owner_phone), record);
  EXPECT_THAT(store().reader()->onboardings({}), ElementsAre(record));
  const OnboardingRecord next = a_record(owner_phone, "business");
  write(a_change(next));
  reopen();
  EXPECT_EQ(found(owner_phone), next);
  EXPECT_EQ(store().reader()->onboardings({}).size(), 1U);
}

// Goal: an owner who has answered all gets a client and a number, in one transaction, and the directory is told.
// Method: sign up; look at client, number, record and version; change the client later, by the record's id.
TEST_P(OnboardingContract, ASignUpMakesAClientAndTakesANumber) {
  add_available(business_number);
  const std::int64_t version = store().reader()->directory_version();
  write(a_sign_up(owner_phone, business_number));
  reopen();
  const auto clients = store().reader()->clients();
  ASSERT_EQ(clients.size(), 1U);
  EXPECT_EQ(clients[0].alert_by, AlertBy::both);
  EXPECT_EQ(clients[0].owner_email, "joe@example.com");
  EXPECT_TRUE(clients[0].awaits_test_call);
  EXPECT_EQ(pooled(business_number), (PoolNumber{business_number, NumberRole::operational, clients[0].id}));
  EXPECT_EQ(found(owner_phone)->client, clients[0].id);
  EXPECT_EQ(found(owner_phone)->number, business_number);
  const std::int64_t grown = store().reader()->directory_version();
  EXPECT_GT(grown, version);

  Commit live = a_change(*found(owner_phone));
  live.onboarding->profile = clients[0];
  live.onboarding->profile->id = ClientId{99};
  live.onboarding->profile->awaits_test_call = false;
  write(live);
  ASSERT_EQ(store().reader()->clients().size(), 1U);
  EXPECT_FALSE(store().reader()->clients()[0].awaits_test_call);
  EXPECT_EQ(store().reader()->clients()[0].id, clients[0].id);
  EXPECT_GT(store().reader()->directory_version(), grown);
  const std::int64_t last = store().reader()->directory_version();
  write(a_change(*found(owner_phone)));
  EXPECT_EQ(store().reader()->directory_version(), last) << "a state is no part of the directory";
}

// Goal: nothing of a sign-up is written with a call, whoever decided it: the store is a lock of its own.
// Method: the change beside each thing that only a call has; then alone.
TEST_P(OnboardingContract, ACallChangesNobodysSignUp) {
  write(a_pending_call("CA1", caller, noon + hour));
  Commit with_new_call = a_change(a_record(owner_phone));
  with_new_call.new_call = a_call("CA2", caller);
  Commit with_call = a_change(a_record(owner_phone));
  with_call.call = CallId{1};
  Commit with_end = a_change(a_record(owner_phone));
  with_end.ended = CallEnd{CallStatus::completed, AfterCallRow::failsafe};
  for (const Commit& commit : {with_new_call, with_call, with_end}) {
    expect_refused(store(), commit, "a call changes nobody's sign-up");
  }
  EXPECT_THAT(store().reader()->onboardings({}), IsEmpty());
  EXPECT_FALSE(store().reader()->call(sid("CA2")));
  write(a_change(a_record(owner_phone)));
  EXPECT_EQ(store().reader()->onboardings({}).size(), 1U);
}

// Goal: a number is one owner's, and only one that waits is taken; what is refused leaves no trace.
// Method: a number that another took in the same batch, one of a client, one of nobody that does not wait, one
// that is not in the pool; a client without a number, a number without a client, another than recorded, a state
// too large.
TEST_P(OnboardingContract, OnlyANumberThatWaitsIsTaken) {
  const E164 kept = phone(14155550201);
  const E164 of_client = phone(14155550202);
  const ClientId client = add_client(store());
  ASSERT_TRUE(change(AddNumber{{kept, NumberRole::system, std::nullopt}}));
  ASSERT_TRUE(change(AddNumber{{of_client, NumberRole::operational, client}}));
  for (const E164 number : {kept, of_client, phone(14155550203)}) {
    expect_refused(store(), a_sign_up(owner_phone, number), "not available");
  }
  add_available(business_number);
  {
    const auto batch = store().begin({});
    batch->write(a_sign_up(owner_phone, business_number), noon);
    EXPECT_THROW(batch->write(a_sign_up(caller, business_number), noon), StoreFailure);
  }
  Commit without_number = a_sign_up(owner_phone, business_number);
  without_number.onboarding->takes.reset();
  without_number.onboarding->record.number.reset();
  expect_refused(store(), without_number, "exactly when he has a number");
  Commit without_client = a_sign_up(owner_phone, business_number);
  without_client.onboarding->profile.reset();
  expect_refused(store(), without_client, "for a client");
  Commit another = a_sign_up(owner_phone, business_number);
  another.onboarding->record.number = kept;
  expect_refused(store(), another, "not the one recorded");
  Commit large = a_change(a_record(owner_phone));
  large.onboarding->record.state.assign(onboarding_state_bytes_max + 1, 'x');
  expect_refused(store(), large, "too large");
  Commit nameless = a_sign_up(owner_phone, business_number);
  nameless.onboarding->profile->name.clear();
  expect_refused(store(), nameless, "needs a name");

  EXPECT_EQ(store().reader()->clients().size(), 1U);
  EXPECT_THAT(store().reader()->onboardings({}), IsEmpty());
  EXPECT_EQ(available(), business_number);
}

// Goal: an owner whose client an operator has removed is heard all the same, and his client stays removed.
TEST_P(OnboardingContract, ARemovedClientStaysRemoved) {
  add_available(business_number);
  write(a_sign_up(owner_phone, business_number));
  const ClientId client = *found(owner_phone)->client;
  ASSERT_TRUE(change(RemoveNumber{business_number}));
  ASSERT_TRUE(change(RemoveClient{client}));
  Commit later = a_sign_up(owner_phone, business_number);
  later.onboarding->takes.reset();
  later.onboarding->record.client = client;
  later.onboarding->record.step = "test_call";
  write(later);
  EXPECT_THAT(store().reader()->clients(), IsEmpty());
  EXPECT_EQ(found(owner_phone)->step, "test_call");
}

// Goal: an owner gets a number of his area where one waits, the areas in his order, else the lowest; numbers of
// any length. Method: a pool with such and other numbers, asked with prefixes; and with none.
TEST_P(OnboardingContract, ANumberOfTheAreaIsPreferred) {
  EXPECT_EQ(available({"+44113"}), std::nullopt);
  const E164 leeds = phone(441132000001);
  const E164 short_leeds = phone(441139999);
  const E164 london = phone(442070000001);
  const E164 us = phone(14155550200);
  for (const E164 number : {london, leeds, us}) add_available(number);
  ASSERT_TRUE(change(AddNumber{{phone(441130000000), NumberRole::system, std::nullopt}}));
  EXPECT_EQ(available({"+44113"}), leeds);
  EXPECT_EQ(available({"+44161", "+44207", "+44113"}), london);
  EXPECT_EQ(available({"+44"}), leeds);
  EXPECT_EQ(available({"+442070000001"}), london) << "a whole number";
  EXPECT_EQ(available({"+49"}), us);
  EXPECT_EQ(available({"", "+", "44113", "+0", "+44x", "+1234567890123456"}), us) << "these are no prefixes";
  EXPECT_EQ(available(), us);
  add_available(short_leeds);
  EXPECT_EQ(available({"+44113"}), short_leeds);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.write(a_sign_up(owner_phone, short_leeds), noon);
    const std::vector<std::string> area = {"+44113"};
    EXPECT_EQ(batch.available_number(area), leeds) << "what the batch took is gone";
  });
}

// Goal: 1,000 owners who sign up at once over 900 numbers: each number is given once, and 100 owners get none.
// Method: the decision as onboarding takes it, in two batches, with reopening in between.
TEST_P(OnboardingContract, EachNumberIsGivenOnce) {
  constexpr int numbers = 900;
  constexpr int owners_all = 1'000;
  in_batch(store(), [&](StoreBatch& batch) {
    for (unsigned n = 0; n < numbers; ++n) {
      ASSERT_TRUE(batch.change_directory(
          AddNumber{{phone(441132000000 + n * 7), NumberRole::system, std::nullopt, true}}, noon));
    }
  });
  const auto sign_up_all = [&](unsigned first, unsigned last) {
    in_batch(store(), [&](StoreBatch& batch) {
      const std::vector<std::string> area = {"+44113"};
      for (unsigned n = first; n < last; ++n) {
        const E164 owner = phone(447700000000 + n);
        const std::optional<E164> number = batch.available_number(area);
        if (number) {
          batch.write(a_sign_up(owner, *number), noon);
          continue;
        }
        Commit waits = a_change(a_record(owner, "waiting"));
        waits.onboarding->record.waiting_since = noon + n * second;
        batch.write(waits, noon);
      }
    });
  };
  sign_up_all(0, 450);
  reopen();
  sign_up_all(450, owners_all);
  reopen();
  std::set<E164> given;
  std::set<std::int64_t> clients;
  for (const OnboardingRecord& record : store().reader()->onboardings(all(1'000))) {
    if (!record.number) continue;
    EXPECT_TRUE(given.insert(*record.number).second) << record.number->text() << " is two owners'";
    EXPECT_TRUE(clients.insert(record.client->value).second);
    EXPECT_EQ(pooled(*record.number)->client, record.client);
  }
  EXPECT_EQ(given.size(), 900U);
  EXPECT_EQ(available(), std::nullopt);
  const std::vector<E164> list = owners(waiting(1'000));
  ASSERT_EQ(list.size(), 100U);
  EXPECT_EQ(list.front(), phone(447700000900)) << "who waits longest comes first";
}

// Goal: owners are listed by what is asked: who waits, in his place; who is due, in time; all, in pages.
// Method: four owners whose orders differ.
TEST_P(OnboardingContract, OwnersAreListedAsAsked) {
  const auto add = [&](std::uint64_t digits, const std::string& step, std::optional<Instant> waiting_since,
                       std::optional<Instant> due_at) {
    OnboardingRecord record = a_record(phone(digits), step);
    record.waiting_since = waiting_since;
    record.due_at = due_at;
    write(a_change(record));
  };
  const E164 one = phone(447700000001);
  const E164 two = phone(447700000002);
  const E164 three = phone(447700000003);
  const E164 four = phone(447700000004);
  add(447700000001, "waiting", noon - minute, noon + minute);
  add(447700000002, "waiting", noon - hour, noon + second);
  add(447700000003, "name", std::nullopt, noon + hour);
  add(447700000004, "name", std::nullopt, std::nullopt);
  EXPECT_THAT(owners(waiting()), ElementsAre(two, one));
  EXPECT_THAT(owners(waiting(1)), ElementsAre(two));
  EXPECT_THAT(owners(due_before(noon + second, waiting())), ElementsAre(two));
  EXPECT_THAT(owners(due_before(noon + minute)), ElementsAre(two, one));
  EXPECT_THAT(owners(all(2)), ElementsAre(one, two));
  EXPECT_THAT(owners(all(2, two)), ElementsAre(three, four));
}

// Goal: of the calls to a number the best is told: the newest that was forwarded, else the newest; only ended
// ones, only since then, only to that number, and no canary's. Method: calls one after the other, asked after
// each.
TEST_P(OnboardingContract, TheLedgerTellsOfCallsToANumber) {
  const auto called = [&] { return call_to(business_number, noon); };
  const auto expect = [&](Instant at, bool was_forwarded) {
    ASSERT_TRUE(called());
    EXPECT_EQ(called()->at, at);
    EXPECT_EQ(called()->was_forwarded, was_forwarded);
  };
  write(a_forwarded_call("CA1", owner_phone), noon - second);
  Commit not_ended = a_forwarded_call("CA2", owner_phone);
  not_ended.ended.reset();
  write(not_ended, noon + second);
  Commit canary = a_forwarded_call("CA3", owner_phone);
  canary.new_call->origin = Origin::canary;
  write(canary, noon + second);
  Commit elsewhere = a_forwarded_call("CA4", owner_phone);
  elsewhere.new_call->number_text = "+14155550111";
  write(elsewhere, noon + second);
  EXPECT_FALSE(called()) << "before then, not ended, a canary's, to another number";

  write(a_forwarded_call("CA5", std::nullopt), noon + 2 * second);
  expect(noon + 2 * second, false);
  write(a_forwarded_call("CA6", std::nullopt), noon + 3 * second);
  expect(noon + 3 * second, false);
  write(a_forwarded_call("CA7", owner_phone), noon + 4 * second);
  write(a_forwarded_call("CA8", owner_phone), noon + 5 * second);
  write(a_forwarded_call("CA9", std::nullopt), noon + 6 * second);
  expect(noon + 5 * second, true);
  EXPECT_EQ(call_to(business_number, noon + 6 * second)->was_forwarded, false);
  EXPECT_FALSE(call_to(business_number, noon + 7 * second));
  Commit end;
  end.call = CallId{2};
  end.event_key = "status:completed";
  end.ended = CallEnd{CallStatus::completed, AfterCallRow::intake};
  write(end, noon + 8 * second);
  EXPECT_EQ(call_to(business_number, noon)->at, noon + 5 * second) << "the newest by when it came in";
  Commit begun = a_forwarded_call("CA10", owner_phone);
  begun.ended.reset();
  write(begun, noon + 9 * second);
  EXPECT_EQ(call_to(business_number, noon)->at, noon + 5 * second);
  end.call.reset();
  end.new_call = begun.new_call;
  write(end, noon + 10 * second);
  reopen();
  EXPECT_EQ(call_to(business_number, noon)->at, noon + 9 * second);
}

// Goal: a number waits for owners only as nobody's, and giving it to a client ends that; an owner who is to be
// mailed has an address. Method: each contradiction is refused with what to do, and changes nothing.
TEST_P(OnboardingContract, ContradictionsAreRefused) {
  const ClientId client = add_client(store());
  const auto refused = [&](const DirectoryChange& tried, const std::string& says) {
    const auto result = change(tried);
    ASSERT_FALSE(result) << says;
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_THAT(result.error().message, HasSubstr(says));
  };
  const PoolNumber waiting{business_number, NumberRole::system, std::nullopt, true};
  PoolNumber with_role = waiting;
  with_role.role = NumberRole::operational;
  PoolNumber with_client = with_role;
  with_client.client = client;
  refused(AddNumber{with_role}, "only with the role system");
  refused(AddNumber{with_client}, "only with the role system");
  add_available(business_number);
  refused(AssignNumber{with_client}, "only with the role system");
  EXPECT_EQ(pooled(business_number), waiting);
  with_client.is_available = false;
  ASSERT_TRUE(change(AssignNumber{with_client}));
  EXPECT_EQ(available(), std::nullopt);

  ClientProfile profile = *store().reader()->client(client);
  profile.alert_by = AlertBy::email;
  refused(SetClient{profile}, "needs an e-mail address");
  profile.alert_by = AlertBy::both;
  refused(AddClient{profile}, "needs an e-mail address");
  profile.owner_email = std::string(email_bytes_max + 1, 'a');
  refused(SetClient{profile}, "longer than");
  profile.owner_email = "joe@example.com";
  EXPECT_TRUE(change(SetClient{profile}));
  EXPECT_EQ(store().reader()->client(client), profile);
}

}  // namespace
}  // namespace jobrun::store
