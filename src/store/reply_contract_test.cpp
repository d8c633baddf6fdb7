// What every store must do with texts that answer an inbound text, or nothing.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using ReplyContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Stores, ReplyContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

const TextId acknowledgement{"SM1", Purpose::triage_reply};
const TextId reminder{"signup-14155550123-3", Purpose::onboarding};

PromisedText a_reply(const TextId& id) {
  PromisedText text = a_text(id.cause, id.purpose, caller);
  text.origin = Origin::text;
  text.caused_at = noon - minute;
  return text;
}

Commit an_answered_text(const std::string& message_sid) {
  Commit commit = an_inbound_text(message_sid, TakenAs::triage, caller);
  commit.text = a_reply({message_sid, Purpose::triage_reply});
  return commit;
}

Commit a_text_alone(const TextId& id) {
  Commit commit;
  commit.text = a_reply(id);
  return commit;
}

std::optional<TextOnRecord> found(Store& store, const TextId& id) {
  std::optional<TextOnRecord> text;
  in_batch(store, [&](StoreBatch& batch) { text = batch.find_text(id); });
  return text;
}

std::vector<std::string> promised(Store& store) {
  std::vector<std::string> ids;
  for (const TextRecord& text : store.reader()->promised_texts({}, 10)) ids.push_back(text.promise.id.text());
  return ids;
}

// Goal: a text that answers an inbound text, or nothing, is promised with its commit, comes back as it was
// promised, and is found by its id, by nobody else's. Method: one of each; read back in the batch and after
// reopening.
TEST_P(ReplyContract, ATextWithoutACallComesBackAsItWasPromised) {
  in_batch(store(), [&](StoreBatch& batch) {
    const std::optional<TextRecord> reply = batch.write(an_answered_text("SM1"), noon);
    const std::optional<TextRecord> alone = batch.write(a_text_alone(reminder), noon);
    ASSERT_TRUE(reply && alone);
    EXPECT_FALSE(reply->call || alone->call);
    EXPECT_EQ(batch.find_text(acknowledgement)->text.row, reply->row);
  });
  reopen();
  EXPECT_THAT(promised(store()), ElementsAre("SM1.triage_reply", "signup-14155550123-3.onboarding"));
  for (const TextId& id : {acknowledgement, reminder}) {
    const std::optional<TextOnRecord> kept = found(store(), id);
    ASSERT_TRUE(kept) << id.text();
    EXPECT_FALSE(kept->text.call);
    EXPECT_EQ(kept->text.promise.id, id);
    EXPECT_EQ(kept->text.promise.pair, (CallerPair{caller, business_number}));
    EXPECT_EQ(kept->text.promise.origin, Origin::text);
    EXPECT_EQ(kept->text.useful_from(), noon - minute);
  }
  EXPECT_FALSE(found(store(), {"SM1", Purpose::customer_reply}));
  EXPECT_FALSE(found(store(), {"SM2", Purpose::triage_reply}));
}

// Goal: of one cause and purpose there is one text, whoever promises it again, and another purpose is another
// text. Method: a reminder twice; the text that an inbound text was answered with, promised again without it.
TEST_P(ReplyContract, OneCauseAndPurposeIsOneText) {
  write(an_answered_text("SM1"));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.write(a_text_alone(reminder), noon));
    EXPECT_FALSE(batch.write(a_text_alone(reminder), noon));
    EXPECT_FALSE(batch.write(a_text_alone(acknowledgement), noon));
    EXPECT_TRUE(batch.write(a_text_alone({"SM1", Purpose::customer_reply}), noon));
  });
}

// Goal: a first text without its call is a mistake of ours, and nothing of it is kept; any other text finds its
// call by the cause. Method: both, with the call unknown and known.
TEST_P(ReplyContract, AFirstTextNeedsItsCall) {
  for (const Purpose purpose : {Purpose::customer_intake, Purpose::failsafe}) {
    const auto batch = store().begin({});
    EXPECT_THROW(static_cast<void>(batch->write(a_text_alone({"CA1", purpose}), noon)), StoreFailure);
  }
  EXPECT_THAT(promised(store()), IsEmpty());
  write(a_pending_call("CA1", caller, noon + minute));
  in_batch(store(), [&](StoreBatch& batch) {
    const CallId call = batch.find_call(sid("CA1"))->id;
    EXPECT_EQ(batch.write(a_text_alone({"CA1", Purpose::failsafe}), noon)->call, call);
    EXPECT_EQ(batch.write(a_text_alone({"CA1", Purpose::customer_reply}), noon)->call, call);
    EXPECT_EQ(batch.find_text({"CA1", Purpose::customer_reply})->text.call, call);
  });
}

// Goal: replies count for the loop breaker and, with the day, what strangers make us spend; for the cool-down of
// first texts they do not. Each purpose has its last time.
// Method: one of each kind to one pair; the counts, and the time of each within and beyond what is asked.
TEST_P(ReplyContract, WhatTextsWithoutACallCountFor) {
  write(an_answered_text("SM1"), noon);
  write(a_text_alone({"SM1", Purpose::customer_reply}), noon + second);
  write(a_text_alone({"SM1", Purpose::owner_reply}), noon + 2 * second);
  write(a_text_alone(reminder), noon + 3 * second);
  in_batch(store(), [&](StoreBatch& batch) {
    const CallerPair pair{caller, business_number};
    EXPECT_FALSE(batch.last_first_text(pair));
    EXPECT_EQ(batch.texts_since(pair, noon), 4);
    EXPECT_EQ(batch.texts_on_day(std::nullopt, "US", utc_day(noon)).service, 2);
    EXPECT_EQ(batch.last_promised(pair, Purpose::triage_reply, noon), noon);
    EXPECT_EQ(batch.last_promised(pair, Purpose::triage_reply, noon + Duration{1}), std::nullopt);
    EXPECT_EQ(batch.last_promised(pair, Purpose::onboarding, noon), noon + 3 * second);
    EXPECT_EQ(batch.last_promised(pair, Purpose::failsafe, noon), std::nullopt);
    EXPECT_EQ(batch.last_promised({other_caller, business_number}, Purpose::triage_reply, noon), std::nullopt);
  });
}

// Goal: a text without a call goes the whole road: started, unknown, looked for, sent again, accepted, lost,
// refused, with a person told; nothing of calls and incidents is touched. Method: step by step, asking in between.
TEST_P(ReplyContract, ATextWithoutACallGoesTheWholeRoad) {
  write(an_answered_text("SM1"));
  const TextRow text = found(store(), acknowledgement)->text.row;
  const auto state = [&] { return found(store(), acknowledgement)->text.state; };
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_TRUE(batch.mark_started(text, {1, 0}, {}, noon)); });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_EQ(batch.started_become_unknown(noon), 1); });
  EXPECT_EQ(store().reader()->levels().texts_unknown, 1);
  EXPECT_THAT(to_look_for(noon + 15 * second), ElementsAre(text));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.promise_again(text, "absent", noon));
    EXPECT_TRUE(batch.mark_started(text, {2, 0}, {}, noon));
    EXPECT_TRUE(batch.record_unknown(text, "timed out", noon));
  });
  EXPECT_THAT(to_look_for(noon + 15 * second), ElementsAre(text));
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_TRUE(batch.record_found(text, "SMX", noon)); });
  EXPECT_EQ(state(), TextState::accepted);
  EXPECT_EQ(store().reader()->levels().texts_unknown, 0);
  TextLoss again{.reason = "lost", .due_at = noon + minute, .deadline = noon + 2 * minute};
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_TRUE(batch.record_lost(text, again, noon)); });
  EXPECT_EQ(state(), TextState::promised);
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.record_refused(text, 30005, "unknown handset", an_alert(AlertKind::text_refused), noon));
  });
  EXPECT_EQ(state(), TextState::refused);
  const std::vector<AlertRecord> told = due(noon);
  ASSERT_EQ(told.size(), 1U);
  accept_alert(told[0].id);
  EXPECT_EQ(gathered_at(noon + 60 * minute, {}), 0);
  EXPECT_THAT(calls_listed({}), IsEmpty());
  EXPECT_EQ(store().reader()->levels().texts_waiting(), 0);
}

// Goal: texts without a call are among those that the guard is told of. Method: as it asks for them.
TEST_P(ReplyContract, TextsWithoutACallAreToldWithTheOthers) {
  write(an_answered_text("SM1"));
  write(an_ended_call("CA1", caller, add_client(store()), noon));
  std::vector<std::string> ids;
  store().reader()->each_text_since(noon, [&](const TextRecord& text) { ids.push_back(text.promise.id.text()); });
  EXPECT_THAT(ids, ElementsAre("CA1.customer_intake", "SM1.triage_reply"));
}

}  // namespace
}  // namespace jobrun::store
