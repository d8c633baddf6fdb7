// What customers and owners text to a business's number.
#include <gmock/gmock.h>

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "conversation_codec.hpp"
#include "texting/contact_cards.hpp"
#include "texting_test_support.hpp"

namespace jobrun::texting {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const E164 other_customer = E164::from_digits(14155550177);
const E164 second_phone = E164::from_digits(14155550991);

class Conversing : public Texting {
 protected:
  /// Keeps what the commit says of the conversation, as the store would.
  Commit text(E164 from, const std::string& body, const std::string& sid = "SM1") {
    InboundText inbound = a_text(from.text(), business_number, body);
    inbound.message_sid = sid;
    Commit commit = decide_text(inbound);
    if (commit.conversation) {
      std::erase_if(facts.conversations, [&](const ConversationRecord& known) {
        return known.contact == commit.conversation->contact;
      });
      facts.conversations.push_back(*commit.conversation);
    }
    return commit;
  }
  std::string step_with(E164 phone) {
    const auto found = facts.find_conversation({client, business_number, phone});
    return found ? found->step : "";
  }
};

// Goal: a customer who says what he needs is answered in the business's name, from the number he texted, and the
// owner is told the essentials and how to take the job. Method: one text.
TEST_F(Conversing, ACustomerIsAnsweredAndTheOwnerTold) {
  const Commit commit = text(customer, "Boiler broken at 14 Mill Lane, today please");
  ASSERT_TRUE(commit.text && commit.conversation);
  EXPECT_EQ(commit.text->id, (TextId{"SM1", Purpose::customer_reply}));
  EXPECT_EQ(commit.text->pair, (CallerPair{customer, business_number}));
  EXPECT_EQ(commit.text->ways, (std::vector<Way>{{Account::first, business_number}}));
  EXPECT_EQ(commit.text->client, client);
  EXPECT_THAT(commit.text->body, StartsWith("Smith & Sons: "));
  EXPECT_EQ(commit.conversation->contact, (CustomerContact{client, business_number, customer}));
  EXPECT_EQ(step_with(customer), "told");
  ASSERT_EQ(commit.alerts.size(), 1U);
  EXPECT_EQ(commit.alerts[0].kind, AlertKind::customer_texted);
  EXPECT_THAT(commit.alerts[0].summary, StartsWith("+14155550123: "));
  EXPECT_THAT(commit.alerts[0].summary, HasSubstr("1=yes 2=no"));
}

// Goal: who may not be texted is not answered, whatever he writes, and the owner is told all the same; the state
// goes on. Method: opted out, paused, the loop breaker, the limit of the day.
TEST_F(Conversing, WhoMayNotBeTextedIsNotAnswered) {
  const auto is_silent = [&] {
    facts.conversations.clear();
    const Commit commit = text(customer, "Boiler broken");
    return !commit.text && commit.conversation && commit.alerts.size() == 1;
  };
  facts.phone.opted_out = true;
  EXPECT_TRUE(is_silent());
  facts.phone = {};
  facts.texts_of_late = policy.loop_texts_max;
  EXPECT_TRUE(is_silent());
  facts.texts_of_late = 0;
  facts.today.client = policy.texts_per_client_and_day;
  EXPECT_TRUE(is_silent());
  facts.today = {};
  EXPECT_FALSE(is_silent());
}

// Goal: who would be asked what he needs, and cannot be texted, is heard by the owner, and asked later.
// Method: a greeting while the business rests, and one after it.
TEST_F(Conversing, WhoCannotBeAskedIsHeard) {
  ClientProfile resting = *a_directory()->client(client);
  resting.paused = true;
  facts.profile = resting;
  const Commit unheard = text(customer, "hello?");
  EXPECT_FALSE(unheard.text);
  ASSERT_EQ(unheard.alerts.size(), 1U);
  EXPECT_THAT(unheard.alerts[0].summary, HasSubstr("hello?"));
  resting.paused = false;
  facts.profile = resting;
  EXPECT_TRUE(text(customer, "hello?", "SM2").text);
  EXPECT_EQ(step_with(customer), "asked");
}

// Goal: danger is answered with advice and told at any hour, by an alert of its own, or in the place of the lead
// that waits. Method: words of danger without and with a waiting lead.
TEST_F(Conversing, DangerIsAnsweredAndToldAtOnce) {
  client_settings.emergency_advice = "Call 0800 111 999.";
  use(client_settings);
  Commit commit = text(customer, "I can smell gas in the kitchen");
  ASSERT_TRUE(commit.text);
  EXPECT_THAT(commit.text->body, HasSubstr("Call 0800 111 999."));
  ASSERT_EQ(commit.alerts.size(), 1U);
  EXPECT_EQ(commit.alerts[0].kind, AlertKind::danger);
  EXPECT_EQ(commit.alerts[0].severity, Severity::critical);
  EXPECT_EQ(commit.alerts[0].at_most_every, Duration{0});
  facts.conversations.clear();
  facts.lead = AlertId{5};
  commit = text(customer, "I can smell gas in the kitchen");
  ASSERT_TRUE(commit.replied_lead);
  EXPECT_TRUE(commit.replied_lead->is_danger && commit.replied_lead->is_due);
  EXPECT_TRUE(commit.alerts.empty());
}

// Goal: what says nothing to act on does not make a lead due, but the lead does not say that there was no reply.
// Method: a greeting while a lead waits.
TEST_F(Conversing, AGreetingIsMentionedByTheLead) {
  facts.lead = AlertId{5};
  const Commit commit = text(customer, "hello?");
  ASSERT_TRUE(commit.text && commit.replied_lead);
  EXPECT_FALSE(commit.replied_lead->is_due);
  EXPECT_THAT(commit.replied_lead->summary, HasSubstr("hello?"));
  EXPECT_TRUE(commit.alerts.empty());
}

// Goal: while nobody knows what was said before, a customer's text is left open, and danger is advised on all the
// same; an owner's text is left open. Method: the three of them.
TEST_F(Conversing, WithoutRecordsDangerAloneIsAnswered) {
  facts.knows_onboarding = false;
  const Commit job = text(customer, "Boiler broken");
  EXPECT_TRUE(job.is_left_open);
  EXPECT_FALSE(job.text || job.conversation);
  const Commit danger = text(customer, "I can smell gas in the kitchen");
  EXPECT_TRUE(danger.is_left_open);
  EXPECT_TRUE(danger.text);
  const Commit order = text(owner, "1");
  EXPECT_TRUE(order.is_left_open);
  EXPECT_FALSE(order.text || order.conversation || order.availability);
}

// Goal: HELP is answered with who writes, unless the carrier has answered it; it changes nothing.
// Method: by either way.
TEST_F(Conversing, HelpIsAnsweredOnce) {
  const Commit asked = text(customer, "help");
  ASSERT_TRUE(asked.text);
  EXPECT_THAT(asked.text->body, HasSubstr("STOP"));
  InboundText inbound = a_text(customer.text(), business_number, "AIUTO");
  inbound.opt_out_type = OptOutType::help;
  EXPECT_FALSE(decide_text(inbound).text);
}

// --- the owner ------------------------------------------------------------------------------------

// Goal: the owner accepts by one character: the customer is texted from the number he knows, everybody of the
// business is told; once more changes nothing. Method: a job, `1` from the second phone, `1` once more.
TEST_F(Conversing, TheOwnerAcceptsAJobOnce) {
  client_settings.more_owner_phones = {second_phone};
  use(client_settings);
  text(customer, "Boiler broken at 14 Mill Lane");
  const Commit accepted = text(second_phone, "1", "SM2");
  ASSERT_TRUE(accepted.text);
  EXPECT_EQ(accepted.text->id, (TextId{"SM2", Purpose::customer_reply}));
  EXPECT_EQ(accepted.text->pair, (CallerPair{customer, business_number}));
  EXPECT_EQ(accepted.inbound->taken_as, TakenAs::owner);
  EXPECT_FALSE(accepted.inbound->contact);
  ASSERT_EQ(accepted.alerts.size(), 1U);
  EXPECT_EQ(accepted.alerts[0].kind, AlertKind::job_decided);
  EXPECT_THAT(accepted.alerts[0].summary, HasSubstr(customer.text()));
  EXPECT_EQ(step_with(customer), "accepted");
  const Commit again = text(owner, "1", "SM3");
  ASSERT_TRUE(again.text);
  EXPECT_EQ(again.text->id.purpose, Purpose::owner_reply);
  EXPECT_EQ(again.text->pair.caller, owner);
  EXPECT_TRUE(again.alerts.empty());
}

// Goal: his words reach the customer as they are, even while his business is paused; not one who has opted out,
// which he is told. Method: a job, words; paused; opted out.
TEST_F(Conversing, TheOwnersWordsReachTheCustomer) {
  text(customer, "Boiler broken at 14 Mill Lane");
  facts.profile = *directory->client(client);
  facts.profile->paused = true;
  const Commit relayed = text(owner, "I can come at 3, is that ok?", "SM2");
  ASSERT_TRUE(relayed.text);
  EXPECT_EQ(relayed.text->body, "I can come at 3, is that ok?");
  EXPECT_EQ(relayed.text->pair, (CallerPair{customer, business_number}));
  const Commit back = text(customer, "Yes that is fine", "SM3");
  EXPECT_FALSE(back.text) << "they talk";
  ASSERT_EQ(back.alerts.size(), 1U);
  EXPECT_EQ(back.alerts[0].at_most_every, Duration{0});
  facts.phone.opted_out = true;
  const Commit refused = text(owner, "See you then", "SM4");
  EXPECT_FALSE(refused.text) << "of the owner himself the fake says that he has opted out, too";
}

// Goal: nobody gets what is meant for another: with two customers open a bare YES does nothing but ask.
// Method: two jobs, YES, then YES with the digits of one.
TEST_F(Conversing, ABareYesWithTwoOpenJobsAsks) {
  text(customer, "Boiler broken at 14 Mill Lane");
  text(other_customer, "Tap leaking in the bathroom", "SM2");
  const Commit asked = text(owner, "YES", "SM3");
  ASSERT_TRUE(asked.text);
  EXPECT_EQ(asked.text->pair.caller, owner);
  EXPECT_FALSE(asked.conversation);
  const Commit named = text(owner, "YES 0177", "SM4");
  ASSERT_TRUE(named.text);
  EXPECT_EQ(named.text->pair.caller, other_customer);
  EXPECT_EQ(step_with(customer), "told");
}

// Goal: PAUSE, BUSY and RESUME change whether he works, SKIP and BLOCK a phone, in his business alone.
// Method: one of each.
TEST_F(Conversing, CommandsChangeHisBusiness) {
  EXPECT_EQ(text(owner, "pause").availability->paused, true);
  const Commit busy = text(owner, "busy until 3pm");
  ASSERT_TRUE(busy.availability && busy.availability->busy_until);
  EXPECT_EQ(*busy.availability->busy_until,
            noon - noon.time_since_epoch() % std::chrono::days{1} + std::chrono::hours{15});
  facts.profile = *directory->client(client);
  facts.profile->paused = true;
  EXPECT_EQ(text(owner, "resume").availability->paused, false);
  const Commit skipped = text(owner, "SKIP +14155550166");
  ASSERT_EQ(skipped.learned.size(), 1U);
  EXPECT_EQ(skipped.learned[0].fact, PhoneFact::do_not_text);
  EXPECT_EQ(skipped.learned[0].scope, FactScope::of(client));
  EXPECT_EQ(text(owner, "BLOCK +14155550166").learned.at(0).fact, PhoneFact::blocked);
}

// --- whatever is said, in whatever order ----------------------------------------------------------

/// Says it, and keeps what the store would keep.
struct Spoken {
  E164 from;
  std::string words;
};

bool says_thanks(const std::string& words) {
  return words == "thanks" || words == "ok thank you";
}

class AnyTalk : public Conversing {
 protected:
  Commit hear(const Spoken& spoken, const std::string& sid) {
    Commit commit = text(spoken.from, spoken.words, sid);
    facts.texts.insert(sid);
    for (const SetPhoneFact& fact : commit.learned) {
      if (fact.fact != PhoneFact::opted_out) continue;
      if (fact.holds) {
        facts.opted_out.insert(fact.phone);
      } else {
        facts.opted_out.erase(fact.phone);
      }
    }
    return commit;
  }

  static rc::Gen<Spoken> any_words() {
    const std::vector<std::string> customers = {"Boiler broken at 14 Mill Lane",
                                                "hello?",
                                                "thanks",
                                                "I smell gas",
                                                "STOP",
                                                "START",
                                                "yes",
                                                "",
                                                "no longer needed",
                                                "tap drips, 22 Elm St",
                                                "ok thank you",
                                                "second floor",
                                                "please call me",
                                                "wrong number",
                                                "help"};
    const std::vector<std::string> owners = {"1",
                                             "2",
                                             "yes",
                                             "no",
                                             "YES 0123",
                                             "NO 0177",
                                             "@0123 see you at 3",
                                             "I can come at 3",
                                             "pause",
                                             "resume",
                                             "status",
                                             "busy until 3pm",
                                             "help",
                                             "SKIP +14155550166",
                                             "STOP",
                                             "START",
                                             ""};
    return rc::gen::oneOf(
        rc::gen::map(rc::gen::pair(rc::gen::element(customer, other_customer), rc::gen::elementOf(customers)),
                     [](const auto& said) { return Spoken{said.first, said.second}; }),
        rc::gen::map(rc::gen::elementOf(owners), [](const std::string& said) { return Spoken{owner, said}; }));
  }

  void expect_right(const Spoken& spoken, const Commit& commit, const std::set<E164>& out_before) {
    const TakenAs taken = commit.inbound->taken_as;
    if (commit.text) {
      const E164 to = commit.text->pair.caller;
      RC_ASSERT(!out_before.contains(to));
      RC_ASSERT(spoken.from == owner || to == spoken.from);
      RC_ASSERT(commit.text->pair.number == business_number);
      RC_ASSERT(commit.text->ways == (std::vector<Way>{{Account::first, business_number}}));
    }
    if (taken != TakenAs::customer) return;
    RC_ASSERT(commit.conversation.has_value());
    RC_ASSERT(commit.conversation->contact.customer == spoken.from);
    const bool is_heard = commit.text || !commit.alerts.empty() || commit.replied_lead;
    const bool needs_nothing = says_thanks(spoken.words) || out_before.contains(spoken.from);
    RC_ASSERT(is_heard || needs_nothing);
  }
};

// Goal: whatever customers and the owner say in whatever order: nobody is texted who has opted out, a customer's
// text leads to one for nobody else, all leave from the number texted, none but thanks is passed over, and a
// webhook that comes twice is nothing new. Method: any talk of up to forty texts by two customers and the owner.
TEST_F(AnyTalk, LeavesNobodyUnheardAndTextsNobodyWrong) {
  EXPECT_TRUE(rc::check([this] {
    facts = FakeFacts{};
    facts.profile.reset();
    const std::vector<Spoken> talk = *rc::gen::resize(40, rc::gen::container<std::vector<Spoken>>(any_words()));
    int count = 0;
    for (const Spoken& spoken : talk) {
      const std::string sid = "SM" + std::to_string(++count);
      const std::set<E164> out_before = facts.opted_out;
      expect_right(spoken, hear(spoken, sid), out_before);
      const Commit again = text(spoken.from, spoken.words, sid);
      RC_ASSERT(again.is_duplicate && !again.text && again.alerts.empty() && !again.conversation);
    }
  }));
}

// Goal: an owner's words reach who has only called, named by the last digits, from the number that he called;
// words without a name never do. Method: a caller without a text, and both orders.
TEST_F(Conversing, TheOwnerWritesToWhoOnlyCalled) {
  facts.conversations.push_back({.contact = {client, business_number, customer}});
  const Commit unnamed = text(owner, "I am on my way to you");
  EXPECT_FALSE(unnamed.conversation);
  EXPECT_EQ(unnamed.text->id.purpose, Purpose::owner_reply);
  const Commit commit = text(owner, "@0123 I am on my way to you");
  ASSERT_TRUE(commit.text && commit.conversation);
  EXPECT_EQ(commit.text->pair, (CallerPair{customer, business_number}));
  EXPECT_THAT(commit.text->body, HasSubstr("I am on my way to you"));
  EXPECT_EQ(step_with(customer), "quiet");
}

// Goal: somebody who texts by the dozen makes one alert in two minutes of whatever he says, not one each time.
// Method: 25 texts of danger within a few seconds.
TEST_F(Conversing, OfATextByTheDozenTheOwnerHearsWithACount) {
  int told_each_time = 0;
  for (int count = 1; count <= 25; ++count) {
    const Commit commit = text(customer, "I smell gas " + std::to_string(count), "SM" + std::to_string(count));
    ASSERT_EQ(commit.alerts.size(), 1U);
    const bool is_gathered = !commit.alerts[0].group.empty();
    if (!is_gathered) ++told_each_time;
    if (count > 20) {
      EXPECT_TRUE(is_gathered) << count;
      EXPECT_GE(commit.alerts[0].at_most_every, Duration{120'000});
    }
  }
  EXPECT_EQ(told_each_time, 1) << "of the first, which was not answered before";
}

// Goal: an owner's text with a card is not taken for words before the card is read: nothing of it reaches a
// customer. Method: a card with words beside it, while a customer waits.
TEST_F(Conversing, ACardIsReadBeforeAnythingFollows) {
  static_cast<void>(text(customer, "Boiler broken at 14 Mill Lane"));
  InboundText inbound = a_text(owner.text(), business_number, "yes");
  inbound.message_sid = "SM2";
  inbound.media = {{"https://carrier.example/ME1", "text/vcard"}};
  const Commit commit = decide_text(inbound);
  EXPECT_FALSE(commit.text || commit.conversation);
  EXPECT_TRUE(commit.learned.empty() && commit.alerts.empty());
}

// Goal: the cards of a text are followed once. Method: a card that is read twice.
TEST_F(Conversing, ACardIsAnsweredOnce) {
  InboundText inbound = a_text(owner.text(), business_number, "");
  inbound.message_sid = "SM2";
  const std::vector<std::string> numbers = {"+14155550166"};
  const Surroundings around{*directory, plan, policy, sign_ups, zones};
  const std::optional<Commit> commit = take_contact_cards(inbound, numbers, around, facts, noon);
  ASSERT_TRUE(commit && commit->text);
  EXPECT_EQ(commit->text->id, (TextId{"SM2", Purpose::owner_reply}));
  ASSERT_EQ(commit->learned.size(), 1U);
  EXPECT_EQ(commit->learned[0].fact, PhoneFact::do_not_text);
  const TextRecord promised{.row = TextRow{1}, .promise = *commit->text};
  facts.known_text = TextOnRecord{.text = promised, .message_sid = {}, .status = {}};
  EXPECT_FALSE(take_contact_cards(inbound, numbers, around, facts, noon));
  facts.known_text.reset();
  inbound.body = "unskip";
  EXPECT_FALSE(take_contact_cards(inbound, numbers, around, facts, noon)->learned.at(0).holds);
  inbound.body = "block";
  EXPECT_EQ(take_contact_cards(inbound, numbers, around, facts, noon)->learned.at(0).fact, PhoneFact::blocked);
  inbound.sender = Caller::parse(customer.text());
  EXPECT_FALSE(take_contact_cards(inbound, numbers, around, facts, noon)) << "he is no owner";
}

// Goal: what is kept of a conversation comes back as it was, and what is none is not read.
// Method: a state with everything in it; words that are no JSON.
TEST(ConversationCodec, GivesBackWhatWasKept) {
  conversation::State state;
  state.step = conversation::Step::accepted;
  state.job.topic = conversation::Topic::boiler;
  state.job.intent = conversation::Intent::job;
  state.job.job = "boiler broken";
  state.job.place = "14 Mill Lane";
  state.job.when = "today";
  state.job.urgency = conversation::Urgency::today;
  state.job.danger = conversation::Danger::no_heating;
  state.job.language = Locale::en_us;
  state.was_asked = true;
  state.last_customer_text_at = noon;
  state.told_at = noon + second;
  state.decided_at = noon + 2 * second;
  state.owner_wrote_at = noon + 3 * second;
  state.replied_at = noon + 4 * second;
  state.danger_at = noon + 5 * second;
  state.counted_from = noon + 6 * second;
  state.counted = 7;
  state.language = Locale::pl;
  const CustomerContact contact{client, business_number, customer};
  ConversationRecord record = record_of(contact, state, noon);
  EXPECT_EQ(record.step, "accepted");
  EXPECT_EQ(record.language, Locale::pl);
  EXPECT_EQ(state_of(record), state);
  record.state = "none";
  EXPECT_FALSE(state_of(record));
}

}  // namespace
}  // namespace jobrun::texting
