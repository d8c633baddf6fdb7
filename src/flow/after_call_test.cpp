#include "flow/after_call.hpp"

#include "base/catalogue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "base/text_encoding.hpp"

namespace jobrun::flow {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr E164 customer = E164::from_digits(14155550123);
constexpr E164 business_number = E164::from_digits(14155550100);
constexpr E164 owner_phone = E164::from_digits(14155550150);
constexpr E164 failsafe_sender = E164::from_digits(14155550190);
constexpr E164 second_sender = E164::from_digits(14155550180);
constexpr Way by_number{Account::first, business_number};
constexpr Way by_failsafe_sender{Account::first, failsafe_sender};
constexpr Way by_second{Account::second, second_sender};
const Instant noon = from_unix_ms(1'767'441'600'000);

const ClientProfile& a_business() {
  static const ClientProfile client = [] {
    ClientProfile profile;
    profile.id = {7};
    profile.name = "Smith & Sons";
    profile.owner_phone = owner_phone;
    return profile;
  }();
  return client;
}

const Role operational = Operational{&a_business()};
const Role orphan = Operational{nullptr};
const Role onboarding = Onboarding{};
const Role unregistered = System{.is_known = false};
const Role registered_system = System{.is_known = true};

Situation a_missed_call(std::string_view from = "+14155550123") {
  return {.cause = "CA00000000000000000000000000000001",
          .caller = Caller::parse(from),
          .number = business_number,
          .forwarded_from = {},
          .caller_country = "US",
          .number_country = "US",
          .facts = {},
          .last_text = {},
          .texts_today = {},
          .blocked_senders = {},
          .now = noon};
}

Policy default_policy() {
  return {};
}

Policy with_failsafe_sender() {
  Policy policy;
  policy.failsafe_sender = failsafe_sender;
  return policy;
}

Policy with_second_sender(Policy policy = {}) {
  policy.second_sender = second_sender;
  return policy;
}

AfterCall ended(const Role& role, const Situation& situation, const Policy& policy = default_policy()) {
  return decide_after_call(CallStatus::completed, role, situation, policy);
}

/// By value: a test may pass a temporary.
template <class T>
T as(const AfterCall& after) {
  EXPECT_TRUE(std::holds_alternative<T>(after)) << "index " << after.index();
  return std::get<T>(after);
}

template <class T>
bool is(const AfterCall& after) {
  return std::holds_alternative<T>(after);
}

// Goal: a missed call to a business's number is texted in its name, from that very number, and recorded.
// Method: the same ended call once per final status; only the status changes.
TEST(CustomerIntake, TextsTheCallerForEveryFinalStatus) {
  for (const CallStatus status : final_call_statuses) {
    const AfterCall after = decide_after_call(status, operational, a_missed_call(), with_failsafe_sender());
    ASSERT_TRUE(is<CustomerIntakeText>(after)) << name_of(status);
    const auto& intake = as<CustomerIntakeText>(after);
    EXPECT_EQ(intake.text.id.purpose, Purpose::customer_intake);
    EXPECT_EQ(intake.text.ways, std::vector{by_number}) << "never from another business's or a fail-safe number";
    EXPECT_EQ(intake.text.second_body, "");
    EXPECT_EQ(intake.text.country, "US");
    EXPECT_NE(intake.text.body.find("Smith & Sons"), std::string::npos);
    EXPECT_EQ(intake.text.pair, (CallerPair{customer, business_number}));
    EXPECT_EQ(intake.contact.client, a_business().id);
    EXPECT_EQ(intake.contact.customer, customer);
    EXPECT_TRUE(leaves_records(after));
  }
}

// Goal: a call to a number nobody registered still gets a text, names no business and leaves no record.
// Method: the same ended call once per final status, for strangers' and for registered system numbers.
TEST(FailSafe, TextsTheCallerForEveryFinalStatus) {
  for (const CallStatus status : final_call_statuses) {
    for (const Role& role : {unregistered, registered_system}) {
      const AfterCall after = decide_after_call(status, role, a_missed_call(), default_policy());
      ASSERT_TRUE(is<FailSafeText>(after)) << name_of(status);
      EXPECT_EQ(as<FailSafeText>(after).text.id.purpose, Purpose::failsafe);
      EXPECT_EQ(as<FailSafeText>(after).text.body.find("Smith"), std::string::npos);
      EXPECT_FALSE(as<FailSafeText>(after).text.client.has_value());
      EXPECT_FALSE(leaves_records(after));
    }
  }
}

// Goal: the fail-safe text names the number called, so that the caller knows which call it is about, and is
// otherwise the same for everybody; a nobody's number is also greeted in nobody's name.
// Method: word for word, for each role that a fail-safe text serves.
TEST(FailSafe, NamesTheNumberCalledAndNoBusiness) {
  for (const Role& role : {orphan, unregistered, registered_system}) {
    EXPECT_EQ(as<FailSafeText>(ended(role, a_missed_call())).text.body,
              "This is the answering service for +14155550100. Sorry your call was missed. Reply with the job and "
              "when you need it. Reply STOP to opt out.");
    EXPECT_EQ(greet(role, a_missed_call(), default_policy()).say,
              "Sorry, nobody can take your call right now. We are sending you a text message. Please reply to it "
              "with what you need, and when.");
  }
}

// Goal: the fail-safe text leaves from the fail-safe sender, then from the number called; from the latter
// alone where no fail-safe sender is configured.
TEST(FailSafe, NamesItsWaysInOrder) {
  const auto ways = [](const Policy& policy) {
    return as<FailSafeText>(ended(unregistered, a_missed_call(), policy)).text.ways;
  };
  EXPECT_EQ(ways(with_failsafe_sender()), (std::vector{by_failsafe_sender, by_number}));
  EXPECT_EQ(ways(default_policy()), std::vector{by_number});
}

// Goal: where there is a second account its number is the last way out, of a business's and of the fail-safe text.
TEST(SecondAccount, IsTheLastWay) {
  EXPECT_EQ(as<CustomerIntakeText>(ended(operational, a_missed_call(), with_second_sender())).text.ways,
            (std::vector{by_number, by_second}));
  EXPECT_EQ(as<CustomerIntakeText>(ended(operational, a_missed_call(), with_second_sender(with_failsafe_sender())))
                .text.ways,
            (std::vector{by_number, by_second}));
  for (const Role& role : {orphan, unregistered, registered_system}) {
    const auto ways = [&](const Policy& policy) {
      return as<FailSafeText>(ended(role, a_missed_call(), policy)).text.ways;
    };
    EXPECT_EQ(ways(with_second_sender()), (std::vector{by_number, by_second}));
    EXPECT_EQ(ways(with_second_sender(with_failsafe_sender())),
              (std::vector{by_failsafe_sender, by_number, by_second}));
  }
}

// Goal: replies to the second account's number do not reach us, so its texts say where to reply: a business's at
// the number called, the fail-safe text's at the fail-safe sender, else at the number called; in one segment.
// Method: word for word; only the policy changes.
TEST(SecondAccount, SaysWhereToReply) {
  const auto intake =
      as<CustomerIntakeText>(ended(operational, a_missed_call(), with_second_sender(with_failsafe_sender()))).text;
  EXPECT_EQ(intake.second_body,
            "Smith & Sons: sorry we missed your call. Text us at +14155550100 with the job and when you need it. "
            "Reply STOP to opt out.");
  const auto failsafe = [](const Policy& policy) {
    return as<FailSafeText>(ended(unregistered, a_missed_call(), policy)).text;
  };
  EXPECT_EQ(failsafe(with_second_sender(with_failsafe_sender())).second_body,
            "This is the answering service for +14155550100. Sorry your call was missed. Text us at +14155550190 "
            "with the job and when you need it. Reply STOP to opt out.");
  EXPECT_EQ(failsafe(with_second_sender()).second_body,
            "This is the answering service for +14155550100. Sorry your call was missed. Text us at +14155550100 "
            "with the job and when you need it. Reply STOP to opt out.");
  EXPECT_NE(intake.body, intake.second_body);
  for (const PromisedText& text : {intake, failsafe(with_second_sender(with_failsafe_sender()))}) {
    EXPECT_EQ(measure_text(text.second_body).segments, 1U) << text.second_body;
    EXPECT_EQ(measure_text(text.second_body).encoding, TextEncoding::gsm7) << text.second_body;
  }
}

// Goal: nothing is to leave from a sender that the carrier blocks: its way is left out, the others stay in order.
// Method: each sender blocked by itself; and the same number at another account, which is another way.
TEST(BlockedSenders, AreNoWay) {
  const Policy policy = with_second_sender(with_failsafe_sender());
  const auto ways = [&](std::vector<Way> blocked) {
    Situation call = a_missed_call();
    call.blocked_senders = std::move(blocked);
    return as<FailSafeText>(ended(unregistered, call, policy)).text.ways;
  };
  EXPECT_EQ(ways({by_failsafe_sender}), (std::vector{by_number, by_second}));
  EXPECT_EQ(ways({by_number}), (std::vector{by_failsafe_sender, by_second}));
  EXPECT_EQ(ways({by_second}), (std::vector{by_failsafe_sender, by_number}));
  EXPECT_EQ(ways({by_failsafe_sender, by_number}), std::vector{by_second});
  EXPECT_EQ(ways({Way{Account::second, business_number}}),
            (std::vector{by_failsafe_sender, by_number, by_second}));
}

// Goal: when every sender is blocked no text is promised, neither by voice nor afterwards, and a person is told.
TEST(BlockedSenders, LeaveNoTextWhenAllAre) {
  Situation call = a_missed_call();
  call.blocked_senders = {by_failsafe_sender, by_number, by_second};
  const Policy policy = with_second_sender(with_failsafe_sender());
  for (const Role& role : {operational, orphan, unregistered}) {
    const auto& told = as<NoText>(ended(role, call, policy));
    EXPECT_EQ(told.row, AfterCallRow::no_sender);
    ASSERT_FALSE(told.alerts.empty());
    EXPECT_TRUE(told.alerts.front().escalates);
    EXPECT_EQ(greet(role, call, policy).greeting, Greeting::no_text);
  }
}

// Goal: a call whose `To` the carrier did not say is still served when there is a fail-safe sender, and a
// person is told when there is none.
TEST(FailSafe, ServesACallWithoutANumberCalled) {
  Situation call = a_missed_call();
  call.number = std::nullopt;
  EXPECT_EQ(as<FailSafeText>(ended(unregistered, call, with_failsafe_sender())).text.ways,
            std::vector{by_failsafe_sender});
  for (const Policy& policy : {default_policy(), with_second_sender()}) {
    const auto& told = as<NoText>(ended(unregistered, call, policy));
    EXPECT_EQ(told.row, AfterCallRow::no_sender);
    ASSERT_FALSE(told.alerts.empty());
    EXPECT_TRUE(told.alerts.front().escalates);
  }
}

// Goal: a business number that belongs to nobody serves its callers with the fail-safe text and pages the
// operator with the command that mends it.
TEST(OperationalWithoutClient, IsServedByTheFailSafeTextAndPages) {
  for (const CallStatus status : final_call_statuses) {
    const AfterCall after = decide_after_call(status, orphan, a_missed_call(), default_policy());
    ASSERT_TRUE(is<FailSafeText>(after)) << name_of(status);
    EXPECT_FALSE(leaves_records(after));
    const std::vector<AlertRequest>& alerts = as<FailSafeText>(after).alerts;
    const auto page = std::ranges::find(alerts, AlertKind::operational_no_client, &AlertRequest::kind);
    ASSERT_NE(page, alerts.end());
    EXPECT_EQ(page->severity, Severity::critical);
    EXPECT_EQ(page->audience, Audience::operator_);
    EXPECT_NE(page->summary.find("jobrun numbers assign +14155550100"), std::string::npos);
  }
}

// Goal: a call to the sign-up number is spoken to and never texted; who heard nothing reaches a person.
TEST(OnboardingNumber, IsSpokenToAndNeverTexted) {
  for (const CallStatus status : final_call_statuses) {
    for (const Greeting heard : {Greeting::none, Greeting::texts_only}) {
      Situation call = a_missed_call();
      call.heard = heard;
      const AfterCall after = decide_after_call(status, onboarding, call, with_failsafe_sender());
      const bool spoken = heard != Greeting::none && status != CallStatus::canceled;
      EXPECT_EQ(as<NoText>(after).spoken, spoken) << name_of(status);
      EXPECT_EQ(as<NoText>(after).alerts.empty(), spoken);
      EXPECT_FALSE(leaves_records(after));
    }
  }
}

// Goal: a leg that is not an inbound parent belongs to its parent and gets nothing of its own.
TEST(AfterCallTable, ChildLegsBelongToTheirParent) {
  Situation call = a_missed_call();
  call.is_inbound_parent = false;
  for (const Role& role : {operational, orphan, onboarding, unregistered}) {
    EXPECT_TRUE(is<BelongsToParent>(ended(role, call)));
  }
}

// Goal: nobody whose call was taken by a person is texted.
TEST(AfterCallTable, ATakenCallIsAnswered) {
  Situation call = a_missed_call();
  call.person_took_call = true;
  EXPECT_TRUE(is<Answered>(ended(operational, call)));
}

// Goal: our own numbers and short codes are never texted; they cannot be in a conversation.
TEST(AfterCallTable, OurOwnNumbersAndShortCodesAreNotTexted) {
  Situation ours = a_missed_call();
  ours.caller_is_ours = true;
  for (const Situation& call : {ours, a_missed_call("72345")}) {
    for (const Role& role : {operational, unregistered}) {
      EXPECT_FALSE(as<NoText>(ended(role, call)).spoken);
      EXPECT_TRUE(as<NoText>(ended(role, call)).alerts.front().escalates);
      Situation greeted = call;
      greeted.heard = Greeting::no_text;
      EXPECT_TRUE(as<NoText>(ended(role, greeted)).spoken);
      EXPECT_TRUE(as<NoText>(ended(role, greeted)).alerts.empty());
    }
  }
}

// Goal: when the network shows the forwarding phone instead of the caller, owner and operator are told.
TEST(AfterCallTable, ForwardingThatHidesCallersIsEscalatedToOwnerAndOperator) {
  Situation own_phone = a_missed_call(owner_phone.text());
  Situation forwarded = a_missed_call();
  forwarded.forwarded_from = customer;
  for (const Situation& call : {own_phone, forwarded}) {
    const auto& after = as<NoText>(ended(operational, call));
    EXPECT_EQ(after.row, AfterCallRow::forwarding_hides_caller);
    EXPECT_FALSE(after.spoken);
    ASSERT_EQ(after.alerts.size(), 2U);
    EXPECT_EQ(after.alerts[0].audience, Audience::owner);
    EXPECT_EQ(after.alerts[1].audience, Audience::operator_);
  }
}

// Goal: an owner who tries his forwarding during an open test call alarms nobody once he has heard it work; where
// he heard nothing he is told, and the operator is not. Another's call is a customer's all the same. Method: the
// same calls with and without a greeting, canceled, and by a customer.
TEST(AfterCallTable, AnOpenTestCallAlarmsNobody) {
  ClientProfile trying = a_business();
  trying.awaits_test_call = true;
  const Role tried = Operational{&trying};
  Situation own_phone = a_missed_call(owner_phone.text());
  Situation forwarded = a_missed_call();
  forwarded.forwarded_from = customer;
  for (Situation call : {own_phone, forwarded}) {
    const auto& unheard = as<NoText>(ended(tried, call));
    EXPECT_EQ(unheard.row, AfterCallRow::forwarding_hides_caller);
    EXPECT_FALSE(unheard.spoken);
    ASSERT_EQ(unheard.alerts.size(), 1U);
    EXPECT_EQ(unheard.alerts[0].audience, Audience::owner);
    EXPECT_EQ(unheard.alerts[0].kind, AlertKind::cannot_text_caller);
    EXPECT_TRUE(unheard.alerts[0].escalates);
    call.heard = Greeting::no_text;
    const auto& heard = as<NoText>(ended(tried, call));
    EXPECT_TRUE(heard.spoken);
    EXPECT_TRUE(heard.alerts.empty());
    EXPECT_FALSE(leaves_records(ended(tried, call)));
    EXPECT_EQ(as<NoText>(ended(operational, call)).alerts.size(), 2U) << "forwarding is set up";
  }
  EXPECT_TRUE(leaves_records(ended(tried, a_missed_call())));
}

// Goal: callers the client blocks, or keeps from being texted, are left alone and leave no record.
TEST(AfterCallTable, BlockedCallersAreSuppressed) {
  Situation blocked = a_missed_call();
  blocked.facts.blocked = true;
  Situation family = a_missed_call();
  family.facts.do_not_text = true;
  EXPECT_EQ(as<Suppressed>(ended(operational, blocked)).row, AfterCallRow::blocked);
  EXPECT_EQ(as<Suppressed>(ended(operational, family)).row, AfterCallRow::do_not_text);
  EXPECT_TRUE(as<Suppressed>(ended(operational, blocked)).alerts.empty());
  EXPECT_FALSE(leaves_records(ended(operational, blocked)));
}

struct UntextableCase {
  AfterCallRow row;
  Situation call;
};

std::vector<UntextableCase> untextable_cases() {
  Situation landline = a_missed_call();
  landline.facts.landline = true;
  Situation opted_out = a_missed_call();
  opted_out.facts.opted_out = true;
  Situation abroad = a_missed_call("+447700900123");
  abroad.caller_country = "GB";
  std::vector<UntextableCase> cases = {{AfterCallRow::landline, landline},
                                       {AfterCallRow::opted_out, opted_out},
                                       {AfterCallRow::country_not_allowed, abroad}};
  for (const char* from :
       {"anonymous", "", "Restricted", "unavailable", "private", "blocked", "unknown", "sip:alice@example.com",
        "+266696687", "+7378742833", "+86282452253", "+8656696", "+2562533", "+7748283"}) {
    cases.push_back({AfterCallRow::withheld, a_missed_call(from)});
  }
  return cases;
}

// Goal: who cannot be texted is spoken to and the owner told at once; unheard, he is escalated.
// Method: each untextable caller, with and without a greeting, heard and canceled.
TEST(AfterCallTable, UntextableCallersAreSpokenToOrEscalated) {
  for (const auto& [row, situation] : untextable_cases()) {
    for (const Role& role : {operational, unregistered}) {
      Situation call = situation;
      const auto& unheard = as<NoText>(ended(role, call));
      EXPECT_EQ(unheard.row, row) << call.caller.text();
      EXPECT_FALSE(unheard.spoken);
      ASSERT_EQ(unheard.alerts.size(), 1U);
      EXPECT_TRUE(unheard.alerts[0].escalates);
      EXPECT_EQ(unheard.alerts[0].delay, Duration{0});
      EXPECT_EQ(unheard.alerts[0].audience, client_of(role) ? Audience::owner : Audience::operator_);

      call.heard = Greeting::no_text;
      EXPECT_TRUE(as<NoText>(ended(role, call)).spoken);
      EXPECT_EQ(as<NoText>(ended(role, call)).alerts.size(), 1U);
      EXPECT_FALSE(as<NoText>(decide_after_call(CallStatus::canceled, role, call, default_policy())).spoken);
    }
  }
}

// Goal: a number that only begins like a withheld id's keypad spelling is somebody's phone.
TEST(AfterCallTable, KeypadSpellingsMatchExactly) {
  Situation call = a_missed_call("+2666966870");
  EXPECT_TRUE(is<CustomerIntakeText>(ended(operational, call)));
}

// Goal: the countries of the client come before those of the service, and these before the number's own.
TEST(AfterCallTable, AllowedCountriesAreTheClientsThenTheServicesThenTheNumbersOwn) {
  Situation british = a_missed_call("+447700900123");
  british.caller_country = "GB";
  EXPECT_EQ(classify(operational, british, default_policy()), AfterCallRow::country_not_allowed);

  Policy service_allows = default_policy();
  service_allows.countries = {"US", "GB"};
  EXPECT_EQ(classify(operational, british, service_allows), AfterCallRow::intake);

  ClientProfile stricter = a_business();
  stricter.countries = {"US"};
  EXPECT_EQ(classify(Operational{&stricter}, british, service_allows), AfterCallRow::country_not_allowed);
}

// Goal: a paused client's callers, and those past a limit, get speech and no text, and the owner is told.
TEST(AfterCallTable, PausedClientsAndReachedLimitsStopTexts) {
  ClientProfile paused = a_business();
  paused.paused = true;
  EXPECT_EQ(classify(Operational{&paused}, a_missed_call(), default_policy()), AfterCallRow::paused);

  Situation client_limit = a_missed_call();
  client_limit.texts_today.client = 500;
  Situation service_limit = a_missed_call();
  service_limit.texts_today.service = 20'000;
  Situation loop = a_missed_call();
  loop.texts_in_loop_window = 20;
  EXPECT_EQ(classify(operational, client_limit, default_policy()), AfterCallRow::cost_guard);
  EXPECT_EQ(classify(unregistered, service_limit, default_policy()), AfterCallRow::cost_guard);
  EXPECT_EQ(classify(operational, loop, default_policy()), AfterCallRow::loop_breaker);
  client_limit.texts_today.client = 499;
  service_limit.texts_today.service = 19'999;
  loop.texts_in_loop_window = 19;
  for (const Situation& below : {client_limit, service_limit, loop}) {
    EXPECT_EQ(classify(operational, below, default_policy()), AfterCallRow::intake);
  }

  const auto& after = as<NoText>(ended(Operational{&paused}, a_missed_call()));
  EXPECT_FALSE(after.spoken);
  ASSERT_EQ(after.alerts.size(), 1U);
  EXPECT_TRUE(after.alerts[0].escalates);
}

// Goal: no country costs more in a day than the operator allows: texts to its phones stop at its limit, for
// businesses and the fail-safe alike, and a country that is not listed has none.
// Method: one text before the limit and at it; the same counts for a caller from elsewhere. Voice as afterwards.
TEST(CostGuard, HoldsPerCountry) {
  Policy policy = default_policy();
  policy.countries = {"US", "GB", "PL"};
  policy.texts_per_country_and_day = {{"GB", 50}, {"PL", 0}};
  const auto row = [&](const Role& role, std::string country, std::int64_t texts) {
    Situation call = a_missed_call();
    call.caller_country = std::move(country);
    call.texts_today.country = texts;
    const AfterCallRow found = classify(role, call, policy);
    EXPECT_EQ(greet(role, call, policy).greeting == Greeting::no_text, found == AfterCallRow::cost_guard);
    return found;
  };
  for (const auto& [role, texted] :
       {std::pair{operational, AfterCallRow::intake}, {unregistered, AfterCallRow::failsafe}}) {
    EXPECT_EQ(row(role, "GB", 49), texted);
    EXPECT_EQ(row(role, "GB", 50), AfterCallRow::cost_guard);
    EXPECT_EQ(row(role, "PL", 0), AfterCallRow::cost_guard);
    EXPECT_EQ(row(role, "US", 50), texted);
  }
}

// Goal: within the cool-down a caller is texted once; later calls lean on that text.
// Method: the same call at the last instant of the window and at the first one after it.
TEST(CoolDown, IsAFixedWindowFromThePromise) {
  Situation call = a_missed_call();
  call.last_text = LastText{TextRow{9}, noon - hours{1} + milliseconds{1}, TextState::promised};
  const auto& suppressed = as<Suppressed>(ended(operational, call));
  EXPECT_EQ(suppressed.row, AfterCallRow::cool_down);
  EXPECT_EQ(suppressed.leans_on, TextRow{9});
  ASSERT_EQ(suppressed.alerts.size(), 1U);
  EXPECT_EQ(suppressed.alerts[0].at_most_every, minutes{10});

  call.last_text->promised_at = noon - hours{1};
  EXPECT_TRUE(is<CustomerIntakeText>(ended(operational, call)));
}

// Goal: an unknown text still counts as texted; a refused one takes the calls that lean on it along.
TEST(CoolDown, SharesTheFateOfItsText) {
  for (const TextState state :
       {TextState::promised, TextState::started, TextState::accepted, TextState::unknown}) {
    Situation call = a_missed_call();
    call.last_text = LastText{TextRow{9}, noon - minutes{5}, state};
    EXPECT_TRUE(is<Suppressed>(ended(operational, call))) << name_of(state);
  }
  Situation refused = a_missed_call();
  refused.last_text = LastText{TextRow{9}, noon - minutes{5}, TextState::refused};
  const auto& after = as<NoText>(ended(operational, refused));
  EXPECT_FALSE(after.spoken);
  EXPECT_TRUE(after.alerts.at(0).escalates);
}

// Goal: what an owner is told stays true when the text is still waiting, or unknown, as he reads it.
// Method: the lead of a first call, and the alert of a repeated one, for every state that allows it.
TEST(CustomerIntake, AlertsClaimNothingAboutTheText) {
  const auto& first = as<CustomerIntakeText>(ended(operational, a_missed_call()));
  ASSERT_EQ(first.alerts.size(), 1U);
  EXPECT_EQ(first.alerts[0].kind, AlertKind::lead);
  EXPECT_EQ(first.alerts[0].summary, "Missed call from +14155550123; no reply yet. Call back.");
  for (const TextState state :
       {TextState::promised, TextState::started, TextState::accepted, TextState::unknown}) {
    Situation again = a_missed_call();
    again.last_text = LastText{TextRow{9}, noon - minutes{5}, state};
    const auto& repeated = as<Suppressed>(ended(operational, again));
    ASSERT_EQ(repeated.alerts.size(), 1U);
    EXPECT_EQ(repeated.alerts[0].summary, "+14155550123 called again. It may be urgent: call back.");
  }
}

// Goal: voice says "we have texted you" only while that may be so: not when the text was refused.
TEST(CoolDown, IsSpokenOfOnlyWhenTheTextMayHaveArrived) {
  for (const auto& [state, _] : NamesOf<TextState>::rows) {
    Situation call = a_missed_call();
    call.last_text = LastText{TextRow{9}, noon - minutes{5}, state};
    const Greeting expected = state == TextState::refused ? Greeting::no_text : Greeting::already_texted;
    for (const Role& role : {operational, unregistered}) {
      EXPECT_EQ(greet(role, call, default_policy()).greeting, expected) << name_of(state);
    }
  }
}

// Goal: a client's own cool-down replaces the service's.
TEST(CoolDown, IsTheClientsOwnWhereItHasOne) {
  ClientProfile quick = a_business();
  quick.cool_down = minutes{1};
  Situation call = a_missed_call();
  call.last_text = LastText{TextRow{9}, noon - minutes{2}, TextState::accepted};
  EXPECT_TRUE(is<CustomerIntakeText>(ended(Operational{&quick}, call)));
}

// Goal: texts say how to opt out where the caller's country expects it, and fit one segment.
TEST(Wording, FitsOneSegmentAndSaysHowToOptOut) {
  const std::string intake = as<CustomerIntakeText>(ended(operational, a_missed_call())).text.body;
  const std::string failsafe = as<FailSafeText>(ended(unregistered, a_missed_call())).text.body;
  for (const std::string& body : {intake, failsafe}) {
    EXPECT_EQ(measure_text(body).segments, 1U) << body;
    EXPECT_EQ(measure_text(body).encoding, TextEncoding::gsm7) << body;
    EXPECT_NE(body.find("STOP"), std::string::npos);
  }
  Situation british = a_missed_call("+447700900123");
  british.caller_country = british.number_country = "GB";
  EXPECT_EQ(as<CustomerIntakeText>(ended(operational, british)).text.body.find("STOP"), std::string::npos);
}

// --- calls learned of late ------------------------------------------------------------------------

/// A missed call of which we learn only now.
Situation a_call_ended(Duration ago) {
  Situation s = a_missed_call();
  s.ended_at = noon - ago;
  return s;
}

// Goal: a text that comes late says so, by either account, and its usefulness counts from the call's end.
// Method: business and fail-safe, a millisecond before ten minutes and then.
TEST(LateCall, TextsSayThatTheyComeLate) {
  const Policy policy = with_second_sender(with_failsafe_sender());
  const auto texts = [&](const Situation& s) {
    return std::vector{as<CustomerIntakeText>(ended(operational, s, policy)).text,
                       as<FailSafeText>(ended(unregistered, s, policy)).text};
  };
  for (const PromisedText& text : texts(a_call_ended(policy.late_after - Duration{1}))) {
    EXPECT_EQ(text.body.find("earlier"), std::string::npos) << text.body;
    EXPECT_EQ(text.caused_at, noon - policy.late_after + Duration{1});
  }
  for (const PromisedText& text : texts(a_call_ended(policy.late_after))) {
    EXPECT_NE(text.body.find("earlier"), std::string::npos) << text.body;
    EXPECT_NE(text.second_body.find("earlier"), std::string::npos) << text.second_body;
    EXPECT_NE(text.second_body.find("Text us at"), std::string::npos) << text.second_body;
    EXPECT_EQ(text.caused_at, noon - policy.late_after);
  }
  EXPECT_EQ(as<CustomerIntakeText>(ended(operational, a_missed_call())).text.caused_at, std::nullopt);
}

// Goal: two hours after the call's end no text is of use any more: a person is told, and must take it.
// Method: a millisecond before and then; heard the greeting or not; business and fail-safe. Within the cool-down
// of a text the call leans on that one all the same.
TEST(LateCall, IsEscalatedWhenATextIsOfNoUseAnyMore) {
  const Policy policy;
  EXPECT_TRUE(is<CustomerIntakeText>(ended(operational, a_call_ended(policy.text_useful_for - Duration{1}))));
  for (const Role& role : {operational, unregistered}) {
    for (const Greeting heard : {Greeting::none, Greeting::will_text}) {
      Situation s = a_call_ended(policy.text_useful_for);
      s.heard = heard;
      const NoText after = as<NoText>(ended(role, s));
      EXPECT_EQ(after.row, AfterCallRow::too_late);
      EXPECT_FALSE(after.spoken) << "what was promised by voice is not kept";
      ASSERT_EQ(after.alerts.size(), 1U);
      EXPECT_TRUE(after.alerts[0].escalates);
      EXPECT_NE(after.alerts[0].summary.find("120 minutes"), std::string::npos) << after.alerts[0].summary;
      s.last_text = LastText{TextRow{3}, noon - minutes{5}, TextState::accepted};
      EXPECT_EQ(as<Suppressed>(ended(role, s)).leans_on, TextRow{3});
    }
  }
  EXPECT_TRUE(leaves_records(ended(operational, a_call_ended(policy.text_useful_for))));
}

// Goal: outside of its hours, and while its owner is busy, a business says so in its first text; a late text says
// only that. Method: the same missed call; only what the business does then changes.
TEST(Wording, SaysThatTheBusinessIsClosedOrBusy) {
  const auto body = [](const Situation& s) { return as<CustomerIntakeText>(ended(operational, s)).text.body; };
  Situation closed = a_missed_call();
  closed.opening = Opening::closed;
  EXPECT_NE(body(closed).find("closed"), std::string::npos) << body(closed);
  Situation busy = a_missed_call();
  busy.opening = Opening::busy;
  busy.busy_until = "15:00";
  EXPECT_NE(body(busy).find("15:00"), std::string::npos) << body(busy);
  for (const Situation& s : {closed, busy}) {
    EXPECT_EQ(measure_text(body(s)).segments, 1U) << body(s);
    Situation late = s;
    late.ended_at = noon - default_policy().late_after;
    EXPECT_EQ(body(late), body(a_call_ended(default_policy().late_after)));
  }
}

// Goal: a caller reads the first text in the language he has shown, else the client's, else his number's
// country's; and in the client's own words where it has some. Method: one thing set after the other.
TEST(Wording, IsInTheCallersLanguageAndTheClientsWords) {
  ClientProfile client = a_business();
  const auto body = [&client](const Situation& s) {
    return as<CustomerIntakeText>(ended(Operational{&client}, s)).text.body;
  };
  const std::string english = body(a_missed_call());
  Situation french = a_missed_call();
  french.number_country = french.caller_country = "FR";
  EXPECT_NE(body(french), english);
  client.settings.locale = Locale::en_us;
  EXPECT_EQ(body(french) + opt_out_line(), english);
  Situation polish = french;
  polish.language = Locale::pl;
  EXPECT_NE(body(polish), english);
  client.settings.wording["text_customer_intake"] = "Hi, {business} here. What do you need?";
  EXPECT_TRUE(body(polish).starts_with("Hi, Smith & Sons here. What do you need?")) << body(polish);
}

namespace gen {

Situation any_situation() {
  const std::vector<std::string> callers = {"+14155550123", "+14155550150", "anonymous",    "",
                                            "72345",        "+266696687",   "+447700900123"};
  Situation s = a_missed_call(*rc::gen::elementOf(callers));
  const auto coin = [] { return *rc::gen::weightedElement<bool>({{4, false}, {1, true}}); };
  if (coin()) s.number = std::nullopt;
  if (coin()) s.forwarded_from = customer;
  s.person_took_call = coin();
  s.caller_is_ours = coin();
  s.heard = *rc::gen::element(Greeting::none, Greeting::will_text, Greeting::no_text, Greeting::texts_only);
  s.caller_country = *rc::gen::element(std::string("US"), std::string("GB"), std::string());
  s.facts = {coin(), coin(), coin(), coin()};
  if (coin()) {
    s.last_text = LastText{TextRow{3}, noon - minutes{*rc::gen::inRange(0, 120)},
                           *rc::gen::element(TextState::promised, TextState::accepted, TextState::refused)};
  }
  s.texts_in_loop_window = *rc::gen::inRange(0, 25);
  s.texts_today = {*rc::gen::inRange(490, 510), *rc::gen::inRange(0, 100), *rc::gen::inRange(19'990, 20'010)};
  if (coin()) s.blocked_senders.push_back(by_number);
  if (coin()) s.blocked_senders.push_back(by_failsafe_sender);
  if (coin()) s.ended_at = noon - minutes{*rc::gen::inRange(0, 240)};
  return s;
}

Role any_role() {
  return *rc::gen::elementOf(std::vector{operational, orphan, onboarding, unregistered, registered_system});
}

CallStatus any_final_status() {
  return *rc::gen::elementOf(std::vector(final_call_statuses.begin(), final_call_statuses.end()));
}

}  // namespace gen

struct NeverSilent {
  bool operator()(const BelongsToParent&) const { return false; }
  bool operator()(const Answered&) const { return true; }
  bool operator()(const CustomerIntakeText& after) const { return !after.text.ways.empty(); }
  bool operator()(const FailSafeText& after) const { return !after.text.ways.empty(); }
  bool operator()(const Suppressed&) const { return true; }
  bool operator()(const NoText& after) const {
    return after.spoken || std::ranges::any_of(after.alerts, &AlertRequest::escalates);
  }
};

// Goal: whatever the situation, a parent call ends in an answer, a text, speech, a reasoned suppression or
// an alert that a person must accept. There is no nothing.
TEST(AfterCallTable, NeverEndsInSilence) {
  EXPECT_TRUE(rc::check([] {
    const AfterCall after =
        decide_after_call(gen::any_final_status(), gen::any_role(), gen::any_situation(),
                          *rc::gen::arbitrary<bool>() ? default_policy() : with_failsafe_sender());
    RC_ASSERT(std::visit(NeverSilent{}, after));
  }));
}

// Goal: voice promises a text exactly when the call, ending that instant, would be promised one.
TEST(Greeting, PromisesATextExactlyWhenOneFollows) {
  EXPECT_TRUE(rc::check([] {
    const Role role = gen::any_role();
    const Situation situation = gen::any_situation();
    const Greeting greeting = greet(role, situation, default_policy()).greeting;
    const AfterCall after = decide_after_call(gen::any_final_status(), role, situation, default_policy());
    RC_ASSERT((greeting == Greeting::will_text) == (is<CustomerIntakeText>(after) || is<FailSafeText>(after)));
  }));
}

/// Whose callers have no other way to say what they want: a business's may leave a message.
const std::set<AfterCallRow> may_only_speak = {AfterCallRow::withheld, AfterCallRow::landline,
                                               AfterCallRow::opted_out, AfterCallRow::country_not_allowed};

// Goal: nobody is promised a text that will not come, and who was texted already is told so.
// Method: word for word what voice chooses: a caller who will be texted, one within the cool-down, and each who
// cannot be texted.
TEST(Greeting, PromisesNoTextToWhoGetsNone) {
  const auto chosen = [](const Role& role, const Situation& call) {
    return greet(role, call, default_policy()).greeting;
  };
  for (const Role& role : {operational, orphan, unregistered, registered_system}) {
    EXPECT_EQ(chosen(role, a_missed_call()), Greeting::will_text);
    Situation again = a_missed_call();
    again.last_text = LastText{TextRow{9}, noon - minutes{5}, TextState::accepted};
    EXPECT_EQ(chosen(role, again), Greeting::already_texted);
    for (const auto& [row, call] : untextable_cases()) {
      const bool takes_message = client_of(role) && may_only_speak.contains(row);
      EXPECT_EQ(chosen(role, call), takes_message ? Greeting::voicemail_no_text : Greeting::no_text)
          << name_of(row);
    }
  }
}

// Goal: a client that wants it offers a message to everybody whom it would speak to; nobody else may leave one.
// Method: a client that wants it; a caller who is texted, one of a paused client, one it blocks, one of our
// numbers.
TEST(Greeting, OffersAMessageWhereTheClientWantsIt) {
  ClientProfile client = a_business();
  client.settings.offers_voicemail = true;
  const auto answer = [&client](const Situation& call) {
    return greet(Operational{&client}, call, default_policy());
  };
  EXPECT_EQ(answer(a_missed_call()).greeting, Greeting::voicemail_will_text);
  EXPECT_TRUE(std::holds_alternative<TakeMessage>(answer(a_missed_call()).then));
  Situation blocked = a_missed_call();
  blocked.facts.blocked = true;
  Situation ours = a_missed_call();
  ours.caller_is_ours = true;
  for (const Situation& call : {blocked, ours, a_missed_call("12345")}) {
    EXPECT_EQ(answer(call).greeting, Greeting::no_text);
    EXPECT_TRUE(std::holds_alternative<EndCall>(answer(call).then));
  }
  client.paused = true;
  EXPECT_EQ(answer(a_missed_call()).greeting, Greeting::voicemail_no_text);
}

// Goal: while no fact can be read nobody is promised a text, and everybody is told what to do next, a business's
// callers in its name.
TEST(Greeting, PromisesNothingWithoutFacts) {
  for (const Role& role : {operational, orphan, unregistered, registered_system}) {
    EXPECT_EQ(greet_without_facts(role).greeting, Greeting::no_text);
    EXPECT_FALSE(greet_without_facts(role).say.empty());
  }
  EXPECT_NE(greet_without_facts(operational).say.find("Smith & Sons"), std::string::npos);
  EXPECT_EQ(greet_without_facts(onboarding).greeting, Greeting::texts_only);
}

// Goal: only a business with a client leaves business records.
TEST(AfterCallTable, OnlyOperationalNumbersWithAClientLeaveRecords) {
  EXPECT_TRUE(rc::check([] {
    const Role role = gen::any_role();
    const AfterCall after =
        decide_after_call(gen::any_final_status(), role, gen::any_situation(), default_policy());
    if (!client_of(role)) RC_ASSERT(!leaves_records(after));
    if (std::holds_alternative<Onboarding>(role))
      RC_ASSERT((!is<CustomerIntakeText>(after) && !is<FailSafeText>(after)));
  }));
}

// Goal: a greeting names the business on its number, and no business anywhere else.
TEST(Greeting, NamesTheBusinessOnItsOwnNumberOnly) {
  EXPECT_NE(greet(operational, a_missed_call(), default_policy()).say.find("Smith & Sons"), std::string::npos);
  for (const Role& role : {orphan, onboarding, unregistered, registered_system}) {
    EXPECT_EQ(greet(role, a_missed_call(), default_policy()).say.find("Smith"), std::string::npos);
  }
  EXPECT_EQ(greet(onboarding, a_missed_call(), default_policy()).greeting, Greeting::texts_only);
}

}  // namespace
}  // namespace jobrun::flow
