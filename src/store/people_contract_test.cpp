// What every store must do with what is kept of people: shown, settled, too old, or erased.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Duration day{24 * 60 * minute.count()};

class PeopleContract : public StoreContract {
 protected:
  PeopleContract() : client_(add_client(store(), "Bay Plumbing")), other_(add_client(store(), "Hill Roofing")) {}

  /// A missed call, the text that answers it, and what the caller wrote then, in words that say whose he is.
  void talk_with(ClientId client, E164 customer, const std::string& id, Instant now = noon) {
    Commit missed = an_ended_call("CA" + id, customer, client, now);
    missed.contact->number = number_of(client);
    missed.text->pair.number = number_of(client);
    missed.text->body = "We missed you, " + id;
    write(missed, now);
    Commit said;
    said.event_key = "recording:RE" + id;
    in_batch(store(), [&](StoreBatch& batch) {
      said.call = batch.find_call(sid("CA" + id))->id;
      said.recording = Recording{"RE" + id, "https://example.com/RE" + id, {}, "Call me, " + id};
      batch.write(said, now);
    });
    Commit words = an_inbound_text("SM" + id, TakenAs::customer, customer, client);
    words.inbound->text.body = "Leak in the kitchen, " + id;
    words.inbound->text.media = {{"https://example.com/" + id, "image/jpeg"}};
    words.inbound->contact = CustomerContact{client, number_of(client), customer};
    words.conversation = ConversationRecord{.contact = *words.inbound->contact,
                                            .step = "told",
                                            .state = R"({"job":"leak )" + id + R"("})",
                                            .active_at = now};
    write(words, now);
  }
  E164 number_of(ClientId client) const { return client == client_ ? business_number : phone(14155550101); }
  void send_all() {
    in_batch(store(), [&](StoreBatch& batch) {
      for (const TextRecord& text : store().reader()->promised_texts({}, 100)) {
        batch.mark_started(text.row, {1, 0}, {}, noon);
        batch.record_accepted(text.row, "SMsent" + std::to_string(text.row.value), noon);
      }
    });
  }
  InboundTextId strangers_text(const std::string& message_sid) {
    write(an_inbound_text(message_sid, TakenAs::triage, caller));
    return triage(InboundQuery::Kind::triage_open).front().id;
  }
  std::vector<InboundListing> triage(InboundQuery::Kind kind) {
    InboundQuery query;
    query.kind = kind;
    return store().reader()->inbound_texts(query);
  }
  Result<void> settle(InboundTextId text, const Settlement& settlement) {
    Result<void> settled;
    in_batch(store(), [&](StoreBatch& batch) { settled = batch.settle_text(text, settlement, noon + minute); });
    return settled;
  }
  std::vector<std::int64_t> emptied(WordsIn place, Instant before) {
    const OldWordsPage page = store().reader()->old_words(place, 0, before);
    EXPECT_FALSE(page.next);
    std::vector<std::int64_t> rows;
    in_batch(store(), [&](StoreBatch& batch) {
      for (const OldWords& row : page.rows) {
        if (batch.empty_words(place, std::vector{row}) == 1) rows.push_back(row.row);
      }
    });
    return rows;
  }
  Result<void> erase(const Person& person) {
    Result<void> erased;
    const PersonRows rows = store().reader()->person_rows(person, 100);
    in_batch(store(), [&](StoreBatch& batch) { erased = batch.erase_person(person, rows); });
    return erased;
  }

  const ClientId client_;
  const ClientId other_;
};

INSTANTIATE_TEST_SUITE_P(Stores, PeopleContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Goal: conversations are listed with the newest words first, a client's alone where it is asked for, page by
// page. Method: two customers of one client and one of another; the first says something more.
TEST_P(PeopleContract, ConversationsAreListedByTheirNewestWords) {
  talk_with(client_, caller, "A");
  talk_with(other_, other_caller, "B");
  talk_with(client_, other_caller, "C");
  Commit more = an_inbound_text("SMmore", TakenAs::customer, caller, client_);
  more.inbound->text.body = "And the tap";
  more.inbound->contact = CustomerContact{client_, business_number, caller};
  write(more, noon + minute);
  const auto words = [&](const ConversationQuery& query) {
    std::vector<std::string> found;
    for (const auto& listing : store().reader()->conversations(query)) found.push_back(listing.last_words);
    return found;
  };
  EXPECT_THAT(words({}), ElementsAre("And the tap", "Leak in the kitchen, C", "Leak in the kitchen, B"));
  ConversationQuery query{.client = client_, .limit = 1};
  EXPECT_THAT(words(query), ElementsAre("And the tap"));
  const ConversationListing newest = store().reader()->conversations(query).front();
  EXPECT_EQ(newest.client_name, "Bay Plumbing");
  EXPECT_EQ(newest.record.contact, (CustomerContact{client_, business_number, caller}));
  EXPECT_EQ(newest.record.step, "told");
  EXPECT_EQ(newest.messages, 4);
  EXPECT_EQ(newest.last_at, noon + minute);
  query.before = newest.newest;
  EXPECT_THAT(words(query), ElementsAre("Leak in the kitchen, C"));
}

// Goal: a conversation is shown with its call, the texts both ways, and what became of them.
// Method: a missed call, its text accepted and delivered, an answer with a picture; a conversation that is none.
TEST_P(PeopleContract, AConversationIsShownWithWhatBecameOfItsTexts) {
  talk_with(client_, caller, "A");
  send_all();
  const ConversationId id = store().reader()->conversations({}).front().id;
  const std::optional<ConversationTalk> talk = store().reader()->conversation(id);
  ASSERT_TRUE(talk);
  ASSERT_EQ(talk->messages.size(), 3U);
  const ConversationMessage& missed = talk->messages[0];
  EXPECT_EQ(missed.kind, "missed_call");
  EXPECT_EQ(missed.call_sid, "CAA");
  EXPECT_EQ(missed.outcome, Outcome::texted);
  EXPECT_EQ(missed.body, "Call me, A");
  ASSERT_EQ(missed.media.size(), 1U);
  EXPECT_EQ(missed.media[0].url, "https://example.com/REA");
  const ConversationMessage& ours = talk->messages[1];
  EXPECT_EQ(ours.kind, "text_to_customer");
  EXPECT_EQ(ours.text_id, "CAA.customer_intake");
  EXPECT_EQ(ours.state, TextState::accepted);
  EXPECT_FALSE(ours.outcome);
  const ConversationMessage& his = talk->messages[2];
  EXPECT_EQ(his.kind, "text_from_customer");
  EXPECT_EQ(his.body, "Leak in the kitchen, A");
  EXPECT_EQ(his.message_sid, "SMA");
  ASSERT_EQ(his.media.size(), 1U);
  EXPECT_EQ(his.media[0].url, "https://example.com/A");
  EXPECT_FALSE(store().reader()->conversation(ConversationId{99}));
}

// Goal: a text to nobody's number is open until a person deals with it, and the levels count it.
// Method: two texts, one dismissed; then a text that was taken otherwise, and one that is not there.
TEST_P(PeopleContract, ATextToNobodyIsOpenUntilItIsSettled) {
  const InboundTextId first = strangers_text("SM1");
  strangers_text("SM2");
  EXPECT_EQ(store().reader()->levels().triage_open, 2);
  ASSERT_TRUE(settle(first, {.reason = "advertising"}));
  EXPECT_EQ(store().reader()->levels().triage_open, 1);
  EXPECT_EQ(triage(InboundQuery::Kind::triage_open).size(), 1U);
  const InboundListing settled = triage(InboundQuery::Kind::triage).back();
  EXPECT_EQ(settled.settled_as, SettledAs::dismissed);
  EXPECT_EQ(settled.settled_reason, "advertising");
  EXPECT_EQ(settled.settled_at, noon + minute);
  talk_with(client_, caller, "A");
  EXPECT_EQ(store().reader()->levels().triage_open, 1);
  const InboundTextId customers = store().reader()->inbound_texts({}).front().id;
  EXPECT_EQ(settle(customers, {.reason = "x"}).error().kind, ErrorKind::conflict);
  EXPECT_EQ(settle(InboundTextId{99}, {.reason = "x"}).error().kind, ErrorKind::not_found);
}

// Goal: a text is adopted once; then it is the business's customer's, with all records.
// Method: adopt; adopt again; dismiss.
TEST_P(PeopleContract, ATextIsAdoptedOnce) {
  const InboundTextId text = strangers_text("SM1");
  const CustomerContact contact{client_, business_number, caller};
  ASSERT_TRUE(settle(text, {.reason = {}, .adopts = contact}));
  const std::vector<ConversationListing> found = store().reader()->conversations({.client = client_});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].record.contact, contact);
  EXPECT_EQ(found[0].last_words, "Leak, today");
  EXPECT_EQ(store().reader()->conversation(found[0].id)->messages[0].message_sid, "SM1");
  for (const Settlement& again : {Settlement{.reason = {}, .adopts = contact}, Settlement{.reason = "late"}}) {
    const Result<void> refused = settle(text, again);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("adopted already"));
  }
  EXPECT_EQ(store().reader()->conversations({}).size(), 1U);
  EXPECT_EQ(store().reader()->conversations({}).front().messages, 1);
}

// Goal: the facts that a client has set are listed by phone, page by page, and no other client's.
// Method: three facts of two phones, one of another client.
TEST_P(PeopleContract, FactsOfAClientAreListedPageByPage) {
  const auto set = [&](ClientId client, E164 whom, PhoneFact fact) {
    ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client), whom, fact, true}));
  };
  set(client_, other_caller, PhoneFact::blocked);
  set(client_, caller, PhoneFact::blocked);
  set(client_, caller, PhoneFact::do_not_text);
  set(other_, phone(14155550190), PhoneFact::blocked);
  const std::vector<SetPhoneFact> page = store().reader()->facts_of_client(client_, std::nullopt, 1);
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].phone, caller);
  EXPECT_EQ(page[1].fact, PhoneFact::do_not_text);
  const std::vector<SetPhoneFact> next = store().reader()->facts_of_client(client_, caller, 10);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].phone, other_caller);
}

// Goal: words older than the limit go, everywhere that they are kept; younger ones stay, and so does the record.
// Method: one conversation of the first day and one of the second; what is older than noon of the second is
// emptied.
TEST_P(PeopleContract, OldWordsGoAndTheRecordStays) {
  talk_with(client_, caller, "A");
  talk_with(client_, other_caller, "B", noon + day);
  AlertRequest alert = an_alert(AlertKind::customer_texted);
  alert.client = client_;
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(alert, noon); });
  accept_alert(due(noon).front().id);
  send_all();
  const Instant before = noon + day;
  for (const WordsIn place : places_of_words) {
    EXPECT_EQ(emptied(place, before).size(), place == WordsIn::messages ? 2U : 1U) << static_cast<int>(place);
    EXPECT_THAT(emptied(place, before), IsEmpty()) << "they are gone already";
  }
  const auto talks = store().reader()->conversations({});
  ASSERT_EQ(talks.size(), 2U);
  EXPECT_EQ(talks[0].last_words, "Leak in the kitchen, B");
  EXPECT_EQ(talks[0].record.step, "told");
  EXPECT_EQ(talks[1].last_words, "");
  EXPECT_EQ(talks[1].record.state, "");
  EXPECT_EQ(talks[1].messages, 3);
  EXPECT_EQ(outcome_of(store(), "CAA"), Outcome::texted);
  const CallTimeline call = *store().reader()->call(sid("CAA"));
  EXPECT_EQ(call.texts.at(0).promise.body, "");
  EXPECT_EQ(call.texts.at(0).state, TextState::accepted);
}

// Goal: the words of a text that may still leave stay, however old, also where it was found before it was promised
// anew. Method: a promised, a started and an unknown text of the first day, looked for and emptied; then the
// unknown one is found.
TEST_P(PeopleContract, WordsThatMayStillLeaveStay) {
  const TextRow promised = promise("CA1", caller, client_);
  const TextRow started = promise("CA2", other_caller, client_);
  in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(started, {1, 0}, {}, noon); });
  const TextRow unknown = lose("CA3", phone(14155550190), client_);
  EXPECT_THAT(store().reader()->old_words(WordsIn::texts, 0, noon + day).rows, IsEmpty());
  in_batch(store(), [&](StoreBatch& batch) {
    for (const TextRow text : {promised, started, unknown}) {
      EXPECT_EQ(batch.empty_words(WordsIn::texts, std::vector{OldWords{text.value, client_, noon}}), 0);
    }
  });
  in_batch(store(), [&](StoreBatch& batch) { batch.record_found(unknown, "SM1", noon); });
  EXPECT_THAT(emptied(WordsIn::texts, noon + day), ElementsAre(unknown.value));
}

// Goal: everything that is kept of a person is told, of one client alone where it is asked for.
// Method: one phone with two clients, another phone with one of them.
TEST_P(PeopleContract, WhatIsKeptOfAPersonIsTold) {
  talk_with(client_, caller, "A");
  talk_with(other_, caller, "B");
  talk_with(client_, other_caller, "C");
  in_batch(store(), [&](StoreBatch& batch) {
    AlertRequest alert = an_alert(AlertKind::lead);
    alert.caller = caller.text();
    alert.client = client_;
    batch.raise(alert, noon);
  });
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client_), caller, PhoneFact::blocked, true}));
  const PersonRecords all = store().reader()->person({caller, std::nullopt});
  EXPECT_EQ(all.calls.size(), 2U);
  EXPECT_EQ(all.texts.size(), 2U);
  EXPECT_EQ(all.recordings.size(), 2U);
  EXPECT_EQ(all.inbound_texts.size(), 2U);
  EXPECT_EQ(all.conversations.size(), 2U);
  EXPECT_EQ(all.alerts.size(), 1U);
  EXPECT_EQ(all.facts.size(), 1U);
  EXPECT_TRUE(all.is_whole);
  const PersonRecords one = store().reader()->person({caller, other_});
  ASSERT_EQ(one.calls.size(), 1U);
  EXPECT_EQ(one.calls[0].call.call_sid, sid("CAB"));
  ASSERT_EQ(one.conversations.size(), 1U);
  EXPECT_EQ(one.conversations[0].messages.size(), 3U);
  EXPECT_EQ(one.texts.size(), 1U);
  ASSERT_EQ(one.recordings.size(), 1U);
  EXPECT_EQ(one.recordings[0].transcription, "Call me, B");
  EXPECT_EQ(one.inbound_texts.size(), 1U);
  EXPECT_THAT(one.alerts, IsEmpty());
  EXPECT_THAT(one.facts, IsEmpty());
}

// Goal: who is erased for one client is erased there and nowhere else, and his opt-outs stay.
// Method: one phone with two clients; erased for the first, twice, and then for everybody.
TEST_P(PeopleContract, AnErasedPersonIsGoneWhereHeWasErased) {
  talk_with(client_, caller, "A");
  talk_with(other_, caller, "B");
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client_), caller, PhoneFact::opted_out, true}));
  send_all();
  for (int time = 1; time <= 2; ++time) {
    ASSERT_TRUE(erase({caller, client_}));
    EXPECT_TRUE(store().reader()->person_rows({caller, client_}, 10).is_empty());
  }
  EXPECT_TRUE(store().reader()->phone_facts(FactScope::of(client_), caller).opted_out);
  EXPECT_EQ(store().reader()->person({caller, other_}).conversations.size(), 1U);
  EXPECT_EQ(outcome_of(store(), "CAA"), Outcome::texted) << "that he was served stays on record";
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.last_first_text({caller, business_number}));
    EXPECT_TRUE(batch.last_first_text({caller, number_of(other_)}));
    EXPECT_FALSE(batch.find_conversation({client_, business_number, caller}));
  });
  ASSERT_TRUE(erase({caller, std::nullopt}));
  EXPECT_TRUE(store().reader()->person_rows({caller, std::nullopt}, 10).is_empty());
  EXPECT_TRUE(store().reader()->phone_facts(FactScope::of(client_), caller).opted_out);
  talk_with(client_, caller, "C");
  EXPECT_EQ(store().reader()->person({caller, std::nullopt}).calls.size(), 1U) << "he may call again";
}

// Goal: nobody is erased while something about him is under way, and nothing has changed then.
// Method: a promised text, a started one, one of unknown fate, a waiting alert, an owner; each alone.
TEST_P(PeopleContract, NobodyIsErasedWhileSomethingAboutHimIsUnderWay) {
  const auto refused = [&](E164 whom, const std::string& says) {
    const Result<void> erased = erase({whom, std::nullopt});
    ASSERT_FALSE(erased) << says;
    EXPECT_EQ(erased.error().kind, ErrorKind::conflict);
    EXPECT_THAT(erased.error().message, HasSubstr(says));
  };
  const TextRow text = promise("CA1", caller, client_);
  refused(caller, "promised");
  in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(text, {1, 0}, {}, noon); });
  refused(caller, "started");
  in_batch(store(), [&](StoreBatch& batch) { batch.record_unknown(text, "timed out", noon); });
  refused(caller, "unknown");
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_found(text, "SM1", noon);
    AlertRequest alert = an_alert(AlertKind::lead);
    alert.summary = "Text from " + caller.text();
    alert.caller.clear();
    batch.raise(alert, noon);
  });
  refused(caller, "alert");
  EXPECT_EQ(store().reader()->person({caller, std::nullopt}).calls.size(), 1U);
  accept_alert(due(noon).front().id);
  EXPECT_TRUE(erase({caller, std::nullopt}));
  refused(owner_phone, "client");
  write(a_pending_call("CA2", other_caller, noon + minute));
  refused(other_caller, "no outcome");
}

}  // namespace
}  // namespace jobrun::store
