#include "texting/decide.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "texting_test_support.hpp"

namespace jobrun::texting {
namespace {

bool has_alert(const Commit& commit, AlertKind kind) {
  return std::ranges::count(commit.alerts, kind, &AlertRequest::kind) > 0;
}

// Goal: each text is taken for what its number and its sender say, and for one thing only.
// Method: every role of number, by every kind of sender.
TEST_F(Texting, IsTakenForWhatNumberAndSenderSay) {
  const std::string ours = registered.text();
  EXPECT_EQ(taken_as(customer.text(), business_number), TakenAs::customer);
  EXPECT_EQ(taken_as(owner.text(), business_number), TakenAs::owner);
  EXPECT_EQ(taken_as(ours, business_number), TakenAs::set_aside);
  EXPECT_EQ(taken_as("12345", business_number), TakenAs::set_aside);
  EXPECT_EQ(taken_as("anonymous", business_number), TakenAs::set_aside);
  EXPECT_EQ(taken_as(customer.text(), sign_up), TakenAs::onboarding);
  EXPECT_EQ(taken_as(owner.text(), sign_up), TakenAs::onboarding);
  for (const E164 nobodys : {orphan, registered, unknown}) {
    EXPECT_EQ(taken_as(customer.text(), nobodys), TakenAs::triage) << nobodys.text();
    EXPECT_EQ(taken_as(owner.text(), nobodys), TakenAs::triage) << nobodys.text();
    EXPECT_EQ(taken_as("12345", nobodys), TakenAs::triage) << nobodys.text();
    EXPECT_EQ(taken_as(ours, nobodys), TakenAs::set_aside) << nobodys.text();
  }
  facts.phone.blocked = true;
  EXPECT_EQ(taken_as(customer.text(), business_number), TakenAs::set_aside);
}

// Goal: whatever comes in, whoever asks something is answered, opt-out words and numbers of ours are not, and only
// a business's customer leaves a business record. Method: every number by every sender, with words of every kind.
TEST_F(Texting, TextsWhoReachesNobodyOrSignsUpAndLeavesRecordsOfCustomersOnly) {
  for (const E164 to : {business_number, orphan, sign_up, registered, unknown}) {
    for (const E164 from : {customer, owner, registered}) {
      for (const char* body : {"Leak", "STOP", "START", "YES", ""}) {
        const Commit commit = decide_text(from, to, body);
        ASSERT_TRUE(commit.inbound);
        EXPECT_FALSE(commit.new_call || commit.contact || commit.answer);
        const TakenAs taken_as = commit.inbound->taken_as;
        const bool is_about_sign_up = to == sign_up && taken_as != TakenAs::opt_out && from != registered;
        const bool is_talk = taken_as == TakenAs::customer || taken_as == TakenAs::owner;
        EXPECT_EQ(commit.text.has_value(), taken_as == TakenAs::triage || is_talk || is_about_sign_up);
        EXPECT_EQ(commit.onboarding.has_value(), is_about_sign_up);
        EXPECT_EQ(commit.inbound->contact.has_value(), commit.inbound->taken_as == TakenAs::customer);
        EXPECT_EQ(commit.inbound->text.body, body) << "kept as it came";
        EXPECT_EQ(std::ranges::count(commit.counts, Metric::inbound_texts, &Count::metric), 1);
      }
    }
  }
  const Commit commit = decide_text(customer, business_number, "Leak");
  EXPECT_EQ(commit.inbound->contact->client, client);
  EXPECT_EQ(commit.inbound->contact->number, business_number);
  EXPECT_EQ(commit.inbound->contact->customer, customer);
}

// Goal: an opt-out word counts before anything else, from anybody, for the business with all its numbers;
// numbers that are nobody's, and the fail-safe's senders, share one scope. Method: STOP to each kind of
// number, by a customer, by an owner and by one whom the business blocks.
TEST_F(Texting, OptOutWordsCountBeforeAnythingElse) {
  facts.phone.blocked = true;
  for (const E164 to : {business_number, orphan, sign_up, registered, unknown}) {
    for (const E164 from : {customer, owner}) {
      const Commit commit = decide_text(from, to, " stop. ");
      EXPECT_EQ(commit.inbound->taken_as, TakenAs::opt_out);
      ASSERT_EQ(commit.learned.size(), 1U) << to.text();
      EXPECT_EQ(commit.learned[0].scope,
                FactScope::of(to == business_number ? std::optional(client) : std::nullopt));
      EXPECT_EQ(commit.learned[0].phone, from);
      EXPECT_EQ(commit.learned[0].fact, PhoneFact::opted_out);
      EXPECT_TRUE(commit.learned[0].holds);
    }
  }
  InboundText text = a_text(customer.text(), business_number, "arret");
  text.opt_out_type = OptOutType::stop;
  EXPECT_EQ(decide_text(text).learned.size(), 1U);
}

// Goal: YES opts in only somebody who is out, and never an owner; to anybody else it is an answer. START
// always does. Method: both words, by customer and owner, out and not.
TEST_F(Texting, YesOptsInOnlyWhoIsOutAndNeverAnOwner) {
  EXPECT_EQ(taken_as(customer.text(), business_number, "Yes"), TakenAs::customer);
  EXPECT_EQ(taken_as(owner.text(), business_number, "Yes"), TakenAs::owner);
  facts.phone.opted_out = true;
  EXPECT_EQ(taken_as(owner.text(), business_number, "Yes"), TakenAs::owner);
  EXPECT_TRUE(decide_text(owner, business_number, "Yes").learned.empty());
  for (const char* word : {"Yes", "START", "unstop"}) {
    const Commit commit = decide_text(customer, business_number, word);
    EXPECT_EQ(commit.inbound->taken_as, TakenAs::opt_in) << word;
    ASSERT_EQ(commit.learned.size(), 1U);
    EXPECT_FALSE(commit.learned[0].holds);
  }
  EXPECT_EQ(taken_as(owner.text(), business_number, "START"), TakenAs::opt_in);
}

// Goal: what comes late does not overrule what was said after it; in doubt the phone is out.
// Method: words sent before, with and after the last one that is known.
TEST_F(Texting, TheLastWordHoldsInWhateverOrderTheyCome) {
  const auto learns = [&](const char* body, Instant sent_at, LastChoice last) {
    facts.last = last;
    InboundText text = a_text(customer.text(), business_number, body);
    text.at = sent_at;
    const Commit commit = decide_text(text);
    EXPECT_TRUE(commit.inbound) << "kept all the same";
    return !commit.learned.empty();
  };
  const LastChoice out{true, noon};
  const LastChoice in{false, noon};
  EXPECT_FALSE(learns("START", noon - second, out));
  EXPECT_FALSE(learns("START", noon, out));
  EXPECT_TRUE(learns("START", noon + Duration{1}, out));
  EXPECT_FALSE(learns("STOP", noon - second, in));
  EXPECT_TRUE(learns("STOP", noon - Duration{999}, in)) << "the carrier's dates are cut to the second";
  EXPECT_TRUE(learns("STOP", noon - second, out));
  EXPECT_EQ(facts.scopes.front(), FactScope::of(client));
}

// Goal: the owner is told of what a customer writes: by the lead that waited for it, else by an alert of its
// own, of which there is at most one in ten minutes. Method: a text while a lead waits, and one while none
// does.
TEST_F(Texting, TheOwnerIsToldByTheWaitingLeadOrAnAlert) {
  facts.lead = AlertId{5};
  Commit commit = decide_text(customer, business_number, "Leak under\nthe sink");
  ASSERT_TRUE(commit.replied_lead);
  EXPECT_EQ(facts.lead_of, client);
  EXPECT_EQ(commit.replied_lead->alert, AlertId{5});
  EXPECT_TRUE(commit.replied_lead->summary.starts_with("Missed call. +14155550123: "))
      << commit.replied_lead->summary;
  EXPECT_NE(commit.replied_lead->summary.find("Leak under the sink"), std::string::npos);
  EXPECT_TRUE(commit.replied_lead->is_due);
  EXPECT_TRUE(commit.alerts.empty());

  facts.lead.reset();
  commit = decide_text(customer, business_number, "Boiler broken " + std::string(400, 'x'));
  EXPECT_FALSE(commit.replied_lead);
  ASSERT_EQ(commit.alerts.size(), 1U);
  const AlertRequest& alert = commit.alerts[0];
  EXPECT_EQ(alert.kind, AlertKind::customer_texted);
  EXPECT_EQ(alert.audience, Audience::owner);
  EXPECT_EQ(alert.client, client);
  EXPECT_EQ(alert.group, "+14155550123 +14155550100");
  EXPECT_EQ(alert.at_most_every, Duration{600'000});
  EXPECT_LE(alert.summary.size(), 300U);
}

// Goal: a text to a number that is nobody's is brought before the operator, together with others; of a
// business's number without a business he is told as for a call.
// Method: a text to each kind; its alerts, and the log.
TEST_F(Texting, TheOperatorIsToldOfTextsToNobodysNumbers) {
  for (const E164 to : {registered, unknown, orphan}) {
    const Commit commit = decide_text(customer, to, "Is anybody there?");
    ASSERT_FALSE(commit.alerts.empty());
    EXPECT_EQ(commit.alerts[0].kind, AlertKind::text_to_nobody);
    EXPECT_EQ(commit.alerts[0].audience, Audience::operator_);
    EXPECT_EQ(commit.alerts[0].group, "texts");
    EXPECT_EQ(has_alert(commit, AlertKind::operational_no_client), to == orphan);
    EXPECT_EQ(commit.logs.at(0).level, LogLevel::warning);
  }
  facts.lead = AlertId{6};
  const Commit commit = decide_text(customer, unknown, "Tomorrow");
  EXPECT_TRUE(commit.replied_lead && commit.alerts.empty());
  EXPECT_EQ(facts.lead_of, std::nullopt);
}

// Goal: a text that is known is nothing new, whatever it says.
TEST_F(Texting, AKnownTextChangesNothing) {
  facts.texts = {"SM1"};
  const Commit commit = decide_text(customer, business_number, "STOP");
  EXPECT_TRUE(commit.is_duplicate);
  EXPECT_FALSE(commit.inbound);
  EXPECT_TRUE(commit.learned.empty() && commit.alerts.empty());
}

// Goal: of what only the sweep has found the operator is told, and it is counted, whatever it is taken for.
// Method: a swept text of each kind.
TEST_F(Texting, WhatTheSweepFindsIsTold) {
  for (const E164 to : {business_number, sign_up, unknown}) {
    for (const char* body : {"Leak", "STOP"}) {
      InboundText text = a_text(customer.text(), to, body);
      text.origin = Origin::sweep;
      text.at = noon - 60 * second;
      const Commit commit = decide_text(text);
      EXPECT_TRUE(has_alert(commit, AlertKind::sweep_found)) << to.text() << body;
      EXPECT_EQ(std::ranges::count(commit.counts, Metric::sweep_texts_found, &Count::metric), 1);
      EXPECT_EQ(commit.origin, Origin::sweep);
    }
  }
}

// Goal: a customer's number is marked as one in the log, and his words are not in it.
TEST_F(Texting, LogsHideTheCustomer) {
  const Commit commit = decide_text(customer, business_number, "My secret");
  ASSERT_EQ(commit.logs.size(), 1U);
  EXPECT_EQ(commit.logs[0].correlation_id, "SM1");
  for (const LogField& field : commit.logs[0].fields) {
    EXPECT_EQ(field.value.find("secret"), std::string::npos);
    const bool is_hidden = field.privacy == LogField::Privacy::customer;
    EXPECT_TRUE(is_hidden || !field.value.contains(customer.text()));
  }
}

}  // namespace
}  // namespace jobrun::texting
