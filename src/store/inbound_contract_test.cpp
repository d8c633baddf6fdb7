// What every store must do with texts that come in.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using InboundContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Stores, InboundContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

std::vector<std::string> sids(Store& store, const InboundQuery& query = {}) {
  std::vector<std::string> found;
  for (const InboundListing& listing : store.reader()->inbound_texts(query)) {
    found.push_back(listing.inbound.text.message_sid);
  }
  return found;
}

// Goal: an inbound text comes back as it came, and is known from then on, in its own batch, to readers and
// after reopening.
// Method: write every field, ask before and after.
TEST_P(InboundContract, ATextComesBackAsItCame) {
  const ClientId client = add_client(store());
  Commit commit = an_inbound_text("MM1", TakenAs::customer, caller, client);
  InboundText& text = commit.inbound->text;
  text.media = {{"https://a.example/1", "image/jpeg"}, {"https://a.example/2?a=b", ""}};
  text.opt_out_type = OptOutType::help;
  text.origin = Origin::sweep;
  text.at = noon - minute;
  text.body = "Zażółć\n\U0001F4A7 'x'; --";
  commit.inbound->role = NumberRole::operational;
  commit.inbound->role_source = RoleSource::pool;
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.has_inbound_text("MM1"));
    batch.write(commit, noon);
    EXPECT_TRUE(batch.has_inbound_text("MM1"));
    EXPECT_FALSE(batch.has_inbound_text("MM"));
  });
  reopen();
  EXPECT_TRUE(store().reader()->has_inbound_text("MM1"));
  const std::vector<InboundListing> listed = store().reader()->inbound_texts({});
  ASSERT_EQ(listed.size(), 1U);
  const NewInboundText& kept = listed[0].inbound;
  EXPECT_EQ(kept.text.sender, text.sender);
  EXPECT_EQ(kept.text.number, text.number);
  EXPECT_EQ(kept.text.body, text.body);
  EXPECT_EQ(kept.text.media, text.media);
  EXPECT_EQ(kept.text.opt_out_type, text.opt_out_type);
  EXPECT_EQ(kept.text.origin, Origin::sweep);
  EXPECT_EQ(kept.role, NumberRole::operational);
  EXPECT_EQ(kept.role_source, RoleSource::pool);
  EXPECT_EQ(kept.client, client);
  EXPECT_EQ(kept.taken_as, TakenAs::customer);
  EXPECT_EQ(listed[0].client_name, "Smith & Sons");
  EXPECT_EQ(listed[0].sent_at, noon - minute);
  EXPECT_EQ(listed[0].received_at, noon);
}

// Goal: of one message there is one row, whatever is asked.
// Method: the same message written twice in one batch: the second is refused, and with it its batch.
TEST_P(InboundContract, AMessageIsKeptOnce) {
  write(an_inbound_text("SM1", TakenAs::triage, caller));
  const auto batch = store().begin({});
  EXPECT_THROW(static_cast<void>(batch->write(an_inbound_text("SM1", TakenAs::triage, caller), noon)),
               StoreFailure);
  EXPECT_FALSE(batch->commit());
  EXPECT_THAT(sids(store()), ElementsAre("SM1"));
}

// Goal: the newest are listed first, page by page, each once.
TEST_P(InboundContract, PagesCoverEveryTextOnce) {
  for (int i = 1; i <= 5; ++i) write(an_inbound_text("SM" + std::to_string(i), TakenAs::triage, caller));
  const std::vector<InboundListing> first = store().reader()->inbound_texts({.limit = 2, .before = {}});
  ASSERT_EQ(first.size(), 2U);
  EXPECT_THAT(sids(store(), {.limit = 2, .before = {}}), ElementsAre("SM5", "SM4"));
  EXPECT_THAT(sids(store(), {.limit = 2, .before = first[1].id}), ElementsAre("SM3", "SM2"));
}

// Goal: the cards that are still to be read are those of owners' texts that nobody has answered, and only those
// that came after what was seen. Method: a card of an owner's, one that was answered, a picture, a customer's
// card.
TEST_P(InboundContract, CardsToBeReadAreOwnersUnanswered) {
  const ClientId client = add_client(store());
  const auto text_in = [&](const std::string& sid, TakenAs taken_as, const std::string& type) {
    Commit commit = an_inbound_text(sid, taken_as, caller, client);
    commit.inbound->text.media = {{"https://a.example/1", type}};
    write(commit);
  };
  text_in("SMpicture", TakenAs::owner, "image/jpeg");
  text_in("SMcustomers", TakenAs::customer, "text/vcard");
  text_in("SMfirst", TakenAs::owner, "text/x-vcard");
  text_in("SManswered", TakenAs::owner, "text/vcard");
  Commit answer;
  answer.text = a_text("SManswered", Purpose::owner_reply, caller);
  write(answer);
  text_in("SMlast", TakenAs::owner, "text/vcard");
  const InboundQuery cards{.kind = InboundQuery::Kind::cards};
  EXPECT_THAT(sids(store(), cards), ElementsAre("SMlast", "SMfirst"));
  const InboundTextId seen = store().reader()->inbound_texts(cards).back().id;
  EXPECT_THAT(sids(store(), {.after = seen, .kind = InboundQuery::Kind::cards}), ElementsAre("SMlast"));
  EXPECT_THAT(sids(store(), {.after = seen}), ElementsAre("SMlast", "SManswered"));
}

// Goal: an opt-out is durable with the text that says it, also where the business was removed meanwhile: its
// texts may still wait. Method: the fact in the text's own commit; read back after reopening, in its scope
// and no other.
TEST_P(InboundContract, AnOptOutIsDurableWithItsText) {
  const ClientId client = add_client(store());
  const ClientId removed = add_client(store(), "Gone");
  ASSERT_TRUE(change(RemoveClient{removed}));
  for (const auto& [sid, scope] :
       {std::pair("SM1", FactScope::of(client)), std::pair("SM2", FactScope::of(removed))}) {
    Commit commit = an_inbound_text(sid, TakenAs::opt_out, caller, scope.client);
    commit.learned.push_back({scope, caller, PhoneFact::opted_out, true});
    write(commit);
  }
  reopen();
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.phone_facts(FactScope::of(client), caller).opted_out);
    EXPECT_TRUE(batch.phone_facts(FactScope::of(removed), caller).opted_out);
    EXPECT_FALSE(batch.phone_facts(FactScope::of(std::nullopt), caller).opted_out);
    EXPECT_FALSE(batch.phone_facts(FactScope::of(client), other_caller).opted_out);
  });
}

// Goal: the last choice of a phone is the one that was sent last, whatever came last, and each scope has its
// own.
// Method: choices in both orders, other texts between them, and the same phone in another scope.
TEST_P(InboundContract, TheLastChoiceIsTheOneSentLast) {
  const ClientId client = add_client(store());
  const auto choose = [&](const std::string& sid, TakenAs choice, Instant sent_at, std::optional<ClientId> of) {
    Commit commit = an_inbound_text(sid, choice, caller, of);
    commit.inbound->text.at = sent_at;
    write(commit, noon + minute);
  };
  const auto last = [&](std::optional<ClientId> of, E164 phone = caller) {
    std::optional<LastChoice> found;
    in_batch(store(), [&](StoreBatch& batch) { found = batch.last_choice(FactScope::of(of), phone); });
    return found;
  };
  EXPECT_FALSE(last(client));
  choose("SM1", TakenAs::opt_out, noon, client);
  choose("SM2", TakenAs::opt_in, noon - second, client);
  choose("SM3", TakenAs::customer, noon + second, client);
  ASSERT_TRUE(last(client));
  EXPECT_TRUE(last(client)->is_out);
  EXPECT_EQ(last(client)->at, noon);
  choose("SM4", TakenAs::opt_in, noon, client);
  EXPECT_TRUE(last(client)->is_out) << "in doubt, out";
  choose("SM5", TakenAs::opt_in, noon + Duration{1}, client);
  EXPECT_FALSE(last(client)->is_out);
  EXPECT_FALSE(last(std::nullopt));
  choose("SM6", TakenAs::opt_out, noon, std::nullopt);
  EXPECT_TRUE(last(std::nullopt)->is_out);
  EXPECT_FALSE(last(client, other_caller));
}

/// The end of a call whose lead waits for five minutes.
Commit a_call_with_a_lead(const std::string& call_sid, E164 from, ClientId client) {
  Commit commit = an_ended_call(call_sid, from, client, noon);
  AlertRequest lead = an_alert(AlertKind::lead, {}, call_sid);
  lead.client = client;
  lead.delay = 5 * minute;
  commit.alerts = {lead};
  return commit;
}

// Goal: a reply makes the lead that waits for it due at once, with the reply; nobody else's reply does, nor
// one that comes when the lead is due or has been told. Method: a lead; asked for by another phone, for
// another business, by the right one, and again afterwards.
TEST_P(InboundContract, AReplyMakesTheWaitingLeadDue) {
  const ClientId client = add_client(store());
  const ClientId other = add_client(store(), "Other");
  write(a_call_with_a_lead("CA1", caller, client));
  const auto waiting = [&](std::optional<ClientId> of, E164 phone, Instant now) {
    std::optional<AlertId> lead;
    in_batch(store(), [&](StoreBatch& batch) { lead = batch.waiting_lead(of, phone, now); });
    return lead;
  };
  EXPECT_FALSE(waiting(client, other_caller, noon));
  EXPECT_FALSE(waiting(other, caller, noon));
  EXPECT_FALSE(waiting(std::nullopt, caller, noon));
  EXPECT_FALSE(waiting(client, caller, noon + 5 * minute)) << "it is due, and may be on its way";
  const std::optional<AlertId> lead = waiting(client, caller, noon + minute);
  ASSERT_TRUE(lead);
  EXPECT_THAT(due(noon + minute), IsEmpty());
  Commit reply = an_inbound_text("SM1", TakenAs::customer, caller, client);
  reply.replied_lead = RepliedLead{*lead, "who replies: Leak"};
  in_batch(store(), [&](StoreBatch& batch) {
    batch.write(reply, noon + minute);
    EXPECT_TRUE(batch.has_raised_due_alerts());
  });
  const std::vector<AlertRecord> told = due(noon + minute);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].request.kind, AlertKind::lead);
  EXPECT_EQ(told[0].request.summary, "who replies: Leak");
  EXPECT_EQ(told[0].request.call_sid, "CA1");
  EXPECT_FALSE(waiting(client, caller, noon + minute));
  accept_alert(told[0].id);
  in_batch(store(), [&](StoreBatch& batch) {
    Commit late = an_inbound_text("SM2", TakenAs::customer, caller, client);
    late.replied_lead = RepliedLead{*lead, "again"};
    batch.write(late, noon + minute);
  });
  EXPECT_THAT(due(noon + 60 * minute), IsEmpty()) << "told is told";
}

// Goal: each list that is swept has a mark of its own.
TEST_P(InboundContract, EachListHasItsMark) {
  in_batch(store(), [&](StoreBatch& batch) { batch.set_sweep_mark(SweptList::texts, noon); });
  EXPECT_EQ(store().reader()->sweep_mark(SweptList::texts), noon);
  EXPECT_EQ(store().reader()->sweep_mark(SweptList::calls), std::nullopt);
}

}  // namespace
}  // namespace jobrun::store
