#include "voice/decide.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "voice_test_support.hpp"

namespace jobrun::voice {
namespace {

CallStatusChange a_status(E164 number, CallStatus status) {
  return {a_call_to(number), status, std::string(name_of(status))};
}

class Deciding : public testing::Test {
 protected:
  Commit decide(const IncomingCall& event) { return voice::decide(event, around(), facts, noon); }
  Commit decide(const CallStatusChange& event) { return voice::decide(event, around(), facts, noon); }
  Surroundings around() { return {*directory, plan, policy, zones}; }

  /// Makes the call known, as if its first event had been committed.
  CallRecord& know_call(NumberRole role, RoleSource source, std::optional<ClientId> client) {
    CallRecord record{.id = {5},
                      .call_sid = call_sid,
                      .caller = Caller::parse("+14155550123"),
                      .number = {},
                      .role = role,
                      .role_source = source,
                      .client = client,
                      .final_status = {},
                      .ended_at = {},
                      .outcome = {}};
    return facts.calls.insert_or_assign(call_sid.text(), record).first->second;
  }

  std::shared_ptr<const directory::Snapshot> directory = a_directory();
  AlmostEverybodyInTheUs plan;
  testing_support::FixedTimeZones zones;
  flow::Policy policy;
  FakeFacts facts;
};

std::size_t times(const Commit& commit, Metric metric) {
  return static_cast<std::size_t>(std::ranges::count(commit.counts, metric, &Count::metric));
}

const LogLine* line_saying(const Commit& commit, std::string_view words) {
  const auto found = std::ranges::find_if(
      commit.logs, [words](const LogLine& line) { return line.message.find(words) != std::string::npos; });
  return found == commit.logs.end() ? nullptr : &*found;
}

// Goal: a webhook that leaves caller or number out is still about the call that an earlier one told of.
// Method: a known call to a business; its final status without From, without To, and without both.
TEST_F(Deciding, WhatAnEventLeavesOutIsTakenFromTheCallsFirstEvent) {
  know_call(NumberRole::operational, RoleSource::pool, ClientId{7}).number = business_number;
  for (const auto& [has_caller, has_number] : {std::pair{false, true}, {true, false}, {false, false}}) {
    CallStatusChange event = a_status(business_number, CallStatus::completed);
    if (!has_caller) event.call.caller = Caller::parse("");
    if (!has_number) event.call.number.reset();
    if (!has_number) event.call.number_text.clear();
    const Commit commit = decide(event);
    ASSERT_TRUE(commit.text.has_value()) << has_caller << has_number;
    EXPECT_EQ(commit.text->pair, (CallerPair{E164::from_digits(14155550123), business_number}));
    EXPECT_EQ(commit.text->ways, (std::vector{Way{Account::first, business_number}}));
    EXPECT_TRUE(commit.contact.has_value());
    EXPECT_EQ(line_saying(commit, "customer intake")->fields.at(0).value, business_number.text());
  }
}

// Goal: each role gets its own text, records, metric and log line, for every final status, and no other's.
TEST_F(Deciding, EachRoleTakesItsOwnFlowForEveryFinalStatus) {
  for (const CallStatus status : final_call_statuses) {
    const Commit business = decide(a_status(business_number, status));
    ASSERT_TRUE(business.text.has_value()) << name_of(status);
    EXPECT_EQ(business.text->id.purpose, Purpose::customer_intake);
    EXPECT_TRUE(business.contact.has_value());
    EXPECT_EQ(times(business, Metric::voice_customer_intake), 1U);
    EXPECT_EQ(times(business, Metric::voice_system_failsafe_intake), 0U);

    const Commit orphan = decide(a_status(orphan_number, status));
    ASSERT_TRUE(orphan.text.has_value()) << name_of(status);
    EXPECT_EQ(orphan.text->id.purpose, Purpose::failsafe);
    EXPECT_FALSE(orphan.contact.has_value());
    EXPECT_EQ(times(orphan, Metric::voice_operational_no_client), 1U);
    EXPECT_EQ(times(orphan, Metric::voice_system_failsafe_intake), 0U);

    const Commit stranger = decide(a_status(stranger_number, status));
    ASSERT_TRUE(stranger.text.has_value()) << name_of(status);
    EXPECT_EQ(stranger.text->id.purpose, Purpose::failsafe);
    EXPECT_FALSE(stranger.contact.has_value());
    const auto count = std::ranges::find(stranger.counts, Metric::voice_system_failsafe_intake, &Count::metric);
    ASSERT_NE(count, stranger.counts.end());
    EXPECT_EQ(count->labels[0], "false");
    EXPECT_EQ(count->labels[1], name_of(status));
    const LogLine* warning = line_saying(stranger, "SYSTEM FAILSAFE");
    ASSERT_NE(warning, nullptr);
    EXPECT_EQ(warning->level, LogLevel::warning);
    EXPECT_EQ(warning->fields.at(0).value, stranger_number.text()) << "the number to register is named in clear";

    const Commit sign_up = decide(a_status(sign_up_number, status));
    EXPECT_FALSE(sign_up.text.has_value()) << name_of(status);
    EXPECT_FALSE(sign_up.contact.has_value());
    EXPECT_EQ(times(sign_up, Metric::voice_onboarding_number_called), 1U);
  }
}

// Goal: every line about a call carries its correlation id, and the caller's number as private.
TEST_F(Deciding, LogsCarryTheCorrelationIdAndHideTheCaller) {
  for (const E164 number : {business_number, orphan_number, stranger_number, sign_up_number}) {
    for (const LogLine& line : decide(a_status(number, CallStatus::completed)).logs) {
      EXPECT_EQ(line.correlation_id, call_sid.text());
      for (const LogField& field : line.fields) {
        if (field.value == "+14155550123") {
          EXPECT_EQ(field.privacy, LogField::Privacy::customer);
        }
      }
    }
  }
}

// Goal: the role is resolved once, at the first event, and frozen, whatever the directory says later.
// Method: a call known as the business's; the number has meanwhile become a stranger's, and the other way.
TEST_F(Deciding, TheRoleIsFrozenAtTheFirstEvent) {
  know_call(NumberRole::operational, RoleSource::pool, ClientId{7});
  EXPECT_EQ(decide(a_status(stranger_number, CallStatus::completed)).text->id.purpose, Purpose::customer_intake);

  know_call(NumberRole::system, RoleSource::unknown, std::nullopt);
  EXPECT_EQ(decide(a_status(business_number, CallStatus::completed)).text->id.purpose, Purpose::failsafe);

  know_call(NumberRole::onboarding, RoleSource::setting, std::nullopt);
  EXPECT_FALSE(decide(a_status(business_number, CallStatus::completed)).text.has_value());
}

// Goal: the same callback again changes nothing.
TEST_F(Deciding, AKnownStatusIsADuplicate) {
  know_call(NumberRole::operational, RoleSource::pool, ClientId{7});
  facts.events = {"status:completed"};
  const Commit again = decide(a_status(business_number, CallStatus::completed));
  EXPECT_TRUE(again.is_duplicate);
  EXPECT_FALSE(again.text.has_value());
  EXPECT_EQ(times(again, Metric::events_duplicate), 1U);
}

// Goal: a second final status is kept as an event and decides nothing.
TEST_F(Deciding, ASecondFinalStatusDecidesNothing) {
  know_call(NumberRole::operational, RoleSource::pool, ClientId{7}).final_status = CallStatus::completed;
  const Commit second = decide(a_status(business_number, CallStatus::canceled));
  EXPECT_FALSE(second.is_duplicate);
  EXPECT_FALSE(second.ended.has_value());
  EXPECT_FALSE(second.text.has_value());
}

// Goal: once a call has ended, its outcome is due within the outcome's deadline, not after a whole call's length.
// Method: each role's call, ended by its first event.
TEST_F(Deciding, AnEndedCallIsDueWithinTheOutcomesDeadline) {
  for (const E164 number : {business_number, orphan_number, stranger_number, sign_up_number}) {
    EXPECT_EQ(decide(a_status(number, CallStatus::no_answer)).deadline, noon + policy.outcome_deadline);
  }
}

// Goal: a caller who was texted from this number is not texted again within the cool-down; the call is
// suppressed and leans on that text.
// Method: the store knows of a text of five minutes ago.
TEST_F(Deciding, WithinTheCoolDownACallLeansOnTheText) {
  facts.last = LastText{TextRow{9}, noon - std::chrono::minutes{5}, TextState::accepted};
  for (const E164 number : {business_number, orphan_number, stranger_number}) {
    const Commit commit = decide(a_status(number, CallStatus::no_answer));
    EXPECT_FALSE(commit.text.has_value());
    ASSERT_TRUE(commit.outcome.has_value());
    EXPECT_EQ(commit.outcome->outcome, Outcome::suppressed);
    EXPECT_EQ(commit.outcome->leans_on, TextRow{9});
  }
}

// Goal: a caller who can neither be texted nor heard a greeting has no outcome until an alert channel has
// accepted what is told of him; deciding to tell a person is not telling a person.
// Method: a withheld caller's call that was never greeted, to each number that texts.
TEST_F(Deciding, ACallThatNeedsAPersonStaysPending) {
  for (const E164 number : {business_number, orphan_number, stranger_number}) {
    CallStatusChange withheld = a_status(number, CallStatus::canceled);
    withheld.call.caller = Caller::parse("anonymous");
    const Commit commit = decide(withheld);
    EXPECT_FALSE(commit.text.has_value());
    EXPECT_FALSE(commit.outcome.has_value());
    EXPECT_TRUE(std::ranges::any_of(commit.alerts, &AlertRequest::escalates));
  }
}

// Goal: a status that is not final, even one with a word we do not know, promises nothing.
TEST_F(Deciding, OnlyFinalStatusesPromiseATextTheOthersAreKept) {
  for (const CallStatus status :
       {CallStatus::queued, CallStatus::ringing, CallStatus::in_progress, CallStatus::unrecognised}) {
    const Commit commit = decide(a_status(business_number, status));
    EXPECT_FALSE(commit.text.has_value()) << name_of(status);
    EXPECT_FALSE(commit.event_key.empty());
    EXPECT_TRUE(commit.new_call.has_value());
    EXPECT_TRUE(commit.deadline.has_value()) << "a call that never ends must become an incident";
  }
}

// Goal: which phone sent a call on is kept with the call, whichever event tells of it first: that is how an
// owner's forwarding is known to work.
TEST_F(Deciding, TheForwardingPhoneIsKeptWithTheCall) {
  CallDetails forwarded = a_call_to(business_number);
  forwarded.forwarded_from = owner_phone;
  EXPECT_EQ(decide(IncomingCall{forwarded}).new_call->forwarded_from, owner_phone);
  EXPECT_EQ(decide({forwarded, CallStatus::completed, "completed"}).new_call->forwarded_from, owner_phone);
  EXPECT_EQ(decide(IncomingCall{a_call_to(business_number)}).new_call->forwarded_from, std::nullopt);
}

// Goal: a repeated /voice says the same as the first, whatever has happened since.
TEST_F(Deciding, ARepeatedVoiceWebhookIsAnsweredTheSame) {
  const Commit first = decide(IncomingCall{a_call_to(business_number)});
  ASSERT_TRUE(first.answer.has_value());
  EXPECT_EQ(first.greeting, Greeting::will_text);

  know_call(NumberRole::operational, RoleSource::pool, ClientId{7}).greeting = Greeting::will_text;
  facts.phone.opted_out = true;
  const Commit again = decide(IncomingCall{a_call_to(business_number)});
  EXPECT_TRUE(again.is_duplicate);
  EXPECT_EQ(again.answer->say, first.answer->say);
}

// Goal: a child leg changes nothing, is acknowledged and counted.
// Method: both webhooks, about a leg that is not the caller's.
TEST_F(Deciding, ChildLegsAreIgnoredAndCounted) {
  CallStatusChange status = a_status(business_number, CallStatus::completed);
  status.call.is_inbound_parent = false;
  for (const Commit& commit : {decide(status), decide(IncomingCall{status.call})}) {
    EXPECT_TRUE(commit.is_ignored);
    EXPECT_FALSE(commit.new_call.has_value());
    ASSERT_EQ(commit.counts.size(), 1U);
    EXPECT_EQ(times(commit, Metric::events_ignored), 1U);
  }
}

// Goal: opt-outs are asked in the client's scope, and in the fail-safe senders' for everybody else.
TEST_F(Deciding, OptOutsAreAskedInTheirScope) {
  (void)decide(a_status(business_number, CallStatus::completed));
  EXPECT_EQ(facts.scope_asked, FactScope::of(ClientId{7}));
  (void)decide(a_status(stranger_number, CallStatus::completed));
  EXPECT_EQ(facts.scope_asked, FactScope::of(std::nullopt));
}

// Goal: the texts of a day are counted for the caller's country, and the text says which that is.
// Method: a caller from another country than the number called.
TEST_F(Deciding, TextsAreCountedForTheCallersCountry) {
  policy.countries = {"US", "GB"};
  CallStatusChange abroad = a_status(business_number, CallStatus::completed);
  abroad.call.caller = Caller::parse("+447700900123");
  const Commit commit = decide(abroad);
  EXPECT_EQ(facts.country_asked, "GB");
  ASSERT_TRUE(commit.text.has_value());
  EXPECT_EQ(commit.text->country, "GB");
}

// Goal: a sender that the carrier blocks is not used, and when none is left voice promises no text.
// Method: each number's own sender blocked; then the second account's too.
TEST_F(Deciding, BlockedSendersAreNotUsed) {
  policy.second_sender = E164::from_digits(14155550180);
  const Way second{Account::second, *policy.second_sender};
  for (const E164 number : {business_number, orphan_number, stranger_number}) {
    facts.blocked_senders = {Way{Account::first, number}};
    const Commit commit = decide(a_status(number, CallStatus::completed));
    ASSERT_TRUE(commit.text.has_value());
    EXPECT_EQ(commit.text->ways, std::vector{second});
    EXPECT_EQ(decide(IncomingCall{a_call_to(number)}).greeting, Greeting::will_text);

    facts.blocked_senders.push_back(second);
    const Commit none = decide(a_status(number, CallStatus::completed));
    EXPECT_FALSE(none.text.has_value());
    EXPECT_EQ(none.ended->row, AfterCallRow::no_sender);
    EXPECT_EQ(decide(IncomingCall{a_call_to(number)}).greeting, Greeting::no_text);
  }
}

// Goal: a caller that is one of our own numbers is never texted.
TEST_F(Deciding, CallsBetweenOurOwnNumbersAreNotTexted) {
  CallStatusChange loop = a_status(business_number, CallStatus::completed);
  loop.call.caller = Caller::parse(orphan_number.text());
  const Commit commit = decide(loop);
  EXPECT_FALSE(commit.text.has_value());
  EXPECT_EQ(commit.ended->row, AfterCallRow::caller_is_ours);
}

// Goal: a call that the sweep found is served as if its webhook had come, and the operator is told that it had
// not; what comes late is known.
// Method: the end of a call nobody knew, of one that had no end, and of one that had; by sweep and by webhook.
TEST_F(Deciding, ACallFoundBySweepingIsServedAndTold) {
  const auto told = [](const Commit& commit) {
    return std::ranges::count(commit.alerts, AlertKind::sweep_found, &AlertRequest::kind);
  };
  CallStatusChange end = a_status(business_number, CallStatus::no_answer);
  EXPECT_EQ(told(decide(end)), 0);
  end.call.origin = Origin::sweep;
  end.at = noon - std::chrono::minutes{20};
  const Commit commit = decide(end);
  ASSERT_TRUE(commit.text);
  EXPECT_EQ(commit.text->origin, Origin::sweep);
  EXPECT_EQ(commit.text->caused_at, end.at);
  EXPECT_NE(commit.text->body.find("earlier"), std::string::npos);
  EXPECT_EQ(commit.event_key, event_key(a_status(business_number, CallStatus::no_answer)));
  ASSERT_EQ(told(commit), 1);
  const AlertRequest& alert = *std::ranges::find(commit.alerts, AlertKind::sweep_found, &AlertRequest::kind);
  EXPECT_EQ(alert.audience, Audience::operator_);
  EXPECT_FALSE(alert.group.empty()) << "one alert, however many were found";
  EXPECT_FALSE(alert.escalates);
  EXPECT_EQ(std::ranges::count(commit.counts, Metric::sweep_calls_found, &Count::metric), 1);

  CallRecord& known = know_call(NumberRole::operational, RoleSource::pool, ClientId{7});
  EXPECT_EQ(told(decide(end)), 1);
  known.final_status = CallStatus::completed;
  EXPECT_EQ(told(decide(end)), 0);
  facts.events.push_back(event_key(end));
  EXPECT_TRUE(decide(end).is_duplicate);
}

// Goal: a call that a person took is answered, and nobody is texted or told.
// Method: an end that says so.
TEST_F(Deciding, ACallThatAPersonTookIsAnswered) {
  CallStatusChange end = a_status(business_number, CallStatus::completed);
  end.person_took_call = true;
  const Commit commit = decide(end);
  ASSERT_TRUE(commit.outcome);
  EXPECT_EQ(commit.outcome->outcome, Outcome::answered);
  EXPECT_FALSE(commit.text);
  EXPECT_TRUE(commit.alerts.empty());
}

// Goal: a canary goes the way of a call to an unregistered number, and is nobody's business.
// Method: one to a business's number, under every limit that stops callers; its greeting and its end.
TEST_F(Deciding, ACanaryIsServedAndIsNobodysBusiness) {
  policy.countries = {"GB"};
  policy.texts_per_day = 0;
  policy.second_sender = E164::from_digits(14155550177);
  facts.phone.opted_out = true;
  facts.last = LastText{TextRow{1}, noon - Duration{1'000}, TextState::accepted};
  CallDetails call = a_call_to(business_number);
  call.origin = Origin::canary;
  const Commit greeted = decide(IncomingCall{call});
  EXPECT_EQ(greeted.greeting, Greeting::will_text);
  const Commit ended = decide(CallStatusChange{call, CallStatus::completed, "completed"});
  ASSERT_TRUE(ended.new_call && ended.text);
  EXPECT_EQ(ended.new_call->role, NumberRole::system);
  EXPECT_EQ(ended.new_call->origin, Origin::canary);
  EXPECT_EQ(ended.text->id.purpose, Purpose::canary);
  EXPECT_EQ(ended.text->origin, Origin::canary);
  EXPECT_EQ(ended.text->ways, (std::vector{Way{Account::first, business_number}})) << "the account that it proves";
  for (const Commit* commit : {&greeted, &ended}) {
    EXPECT_TRUE(commit->counts.empty() && commit->alerts.empty() && commit->logs.empty());
    EXPECT_FALSE(commit->deadline || commit->contact);
  }
}

}  // namespace
}  // namespace jobrun::voice
