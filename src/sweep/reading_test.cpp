#include "sweep/reading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "sweep_test_support.hpp"

namespace jobrun::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr Instant noon = from_unix_ms(1'767'434'400'000);
constexpr Reach reach{};

/// A call that began so long before noon and rang for 20 seconds.
ListedCall a_call(const std::string& call_sid, Duration before_noon, CallStatus status = CallStatus::no_answer) {
  const Instant started_at = noon - before_noon;
  return a_listed_call(call_sid, status, started_at, started_at + 20 * second);
}

ListedCall a_leg_of(const std::string& parent, CallStatus status, Duration talked) {
  ListedCall leg = a_call(parent + "-leg", hour, status);
  leg.is_inbound = false;
  leg.parent = sid(parent);
  leg.duration = talked;
  return leg;
}

Reading read(std::vector<ListedCall> listed, const std::set<std::string>& known = {},
             Instant from = noon - 24 * hour) {
  return read_list(
      std::move(listed), {.from = from, .to = noon},
      [&known](const CallSid& call_sid) { return known.contains(call_sid.text()); }, noon, reach);
}

std::vector<std::string> sids(const Reading& reading) {
  std::vector<std::string> lost;
  for (const CallStatusChange& end : reading.lost) lost.push_back(end.call.call_sid.text());
  return lost;
}

// Goal: every ended call of which the ledger knows no end is found, whatever its final status.
// Method: one call for each status; then the same calls, known.
TEST(Reading, FindsACallWithEveryFinalStatusAndNoOther) {
  for (const auto& [status, name] : NamesOf<CallStatus>::rows) {
    const Reading reading = read({a_call("CA1", hour, status)});
    if (!is_final(status)) {
      EXPECT_THAT(reading.lost, IsEmpty()) << name;
      continue;
    }
    ASSERT_THAT(sids(reading), ElementsAre("CA1")) << name;
    const CallStatusChange& end = reading.lost.front();
    EXPECT_EQ(end.status, status);
    EXPECT_EQ(end.status_text, name) << "or the webhook, coming late, would not be known again";
    EXPECT_EQ(end.call.origin, Origin::sweep);
    EXPECT_TRUE(end.call.is_inbound_parent);
    EXPECT_EQ(end.call.number, called);
    EXPECT_EQ(end.at, noon - hour + 20 * second);
    EXPECT_FALSE(end.person_took_call);
    EXPECT_THAT(read({a_call("CA1", hour, status)}, {"CA1"}).lost, IsEmpty()) << name;
  }
}

// Goal: only calls that somebody made to us are served; what we dial, and its legs, are not.
// Method: one call that is to be found, and beside it one that differs in one thing.
TEST(Reading, LegsAndOutboundCallsAreNotServed) {
  ListedCall outbound = a_call("CA2", hour);
  outbound.is_inbound = false;
  ListedCall inbound_leg = a_call("CA3", hour);
  inbound_leg.parent = sid("CA9");
  EXPECT_THAT(sids(read({outbound, inbound_leg, a_call("CA1", hour)})), ElementsAre("CA1"));
}

// Goal: calls are served in the order in which they came, each once, however the list is ordered and pages repeat.
// Method: newest first, one of them twice.
TEST(Reading, CallsAreServedOnceAndOldestFirst) {
  EXPECT_THAT(
      sids(read({a_call("CA3", minute), a_call("CA2", hour), a_call("CA2", hour), a_call("CA1", 2 * hour)})),
      ElementsAre("CA1", "CA2", "CA3"));
}

// Goal: a webhook that is on its way is not anticipated.
// Method: a call that ended just as long ago as the grace, and one that ended a millisecond later.
TEST(Reading, LeavesTheWebhookItsGrace) {
  EXPECT_THAT(sids(read({a_call("CA1", reach.grace + 20 * second)})), ElementsAre("CA1"));
  const Reading reading = read({a_call("CA1", reach.grace + 20 * second - Duration{1})});
  EXPECT_THAT(reading.lost, IsEmpty());
  EXPECT_THAT(reading.going_on, ElementsAre(sid("CA1")));
}

// Goal: nothing that is not dealt with is behind the mark.
// Method: calls going on, just ended, lost and known, each the oldest in turn.
TEST(Reading, TheMarkStandsBeforeWhatIsStillOpen) {
  EXPECT_EQ(read({}).mark, std::nullopt);
  EXPECT_EQ(read({a_call("CA1", hour), a_call("CA2", 2 * hour)}, {"CA2"}).mark, noon - hour);
  EXPECT_EQ(read({a_call("CA1", hour, CallStatus::in_progress), a_call("CA2", 2 * hour)}).mark, noon - hour);
  EXPECT_EQ(read({a_call("CA1", 2 * hour, CallStatus::in_progress), a_call("CA2", hour)}).mark, noon - 2 * hour);
  EXPECT_EQ(read({a_call("CA1", 2 * hour, CallStatus::unrecognised), a_call("CA2", hour)}).mark, noon - 2 * hour);
  EXPECT_EQ(read({a_call("CA1", 40 * second), a_call("CA2", 30 * second)}).mark, noon - 40 * second);
  EXPECT_EQ(read({a_call("CA1", 40 * second), a_call("CA2", 30 * second)}, {"CA1", "CA2"}).mark,
            noon - 30 * second);
}

// Goal: what the carrier lists beyond the window, from before the installation too, is none of ours.
// Method: calls in the second in which the window begins, and the second before.
TEST(Reading, WhatBeganBeforeTheWindowIsNotServed) {
  const Instant from = noon - hour + Duration{400};
  EXPECT_THAT(sids(read({a_call("CA1", hour), a_call("CA2", hour + second)}, {}, from)), ElementsAre("CA1"));
}

// Goal: a call that a person took is answered, and nobody else's is.
// Method: legs of every status, talked on and not, by people and machines.
TEST(Reading, APersonTookTheCallWhenALegWasAnswered) {
  const auto is_taken_by = [](const ListedCall& leg) {
    return read({a_call("CA1", hour, CallStatus::completed), leg}).lost.at(0).person_took_call;
  };
  EXPECT_TRUE(is_taken_by(a_leg_of("CA1", CallStatus::completed, 30 * second)));
  EXPECT_TRUE(is_taken_by(a_leg_of("CA1", CallStatus::in_progress, Duration{0})));
  EXPECT_FALSE(is_taken_by(a_leg_of("CA1", CallStatus::completed, Duration{0})));
  for (const CallStatus status :
       {CallStatus::busy, CallStatus::failed, CallStatus::no_answer, CallStatus::canceled}) {
    EXPECT_FALSE(is_taken_by(a_leg_of("CA1", status, 30 * second))) << name_of(status);
  }
  ListedCall voicemail = a_leg_of("CA1", CallStatus::completed, 30 * second);
  voicemail.machine_answered = true;
  EXPECT_FALSE(is_taken_by(voicemail));
  EXPECT_FALSE(is_taken_by(a_leg_of("CA2", CallStatus::completed, 30 * second)));
}

// Goal: a call has an end also where the carrier tells none: as early as it can have been.
// Method: calls with and without an end_time, ended and not.
TEST(Reading, ACallWithoutAnEndTimeEndedAfterItsDuration) {
  ListedCall call = a_call("CA1", hour, CallStatus::canceled);
  call.ended_at.reset();
  EXPECT_EQ(ended_at(call), call.started_at);
  call.duration = 5 * second;
  EXPECT_EQ(ended_at(call), call.started_at + 5 * second);
  EXPECT_EQ(ended_at(a_call("CA1", hour, CallStatus::ringing)), std::nullopt);
}

// Goal: sweeps overlap, are bounded, and never look before the installation.
// Method: no mark, and marks of all ages; one of the future, because our clock is behind the carrier's.
TEST(Window, BeginsBeforeTheMarkWithinItsBounds) {
  const auto from = [](std::optional<Instant> mark, Instant installed_at) {
    return window_to_sweep(mark, installed_at, noon, reach).from;
  };
  EXPECT_EQ(from(std::nullopt, noon - hour), noon - hour);
  EXPECT_EQ(from(std::nullopt, noon - 48 * hour), noon - 24 * hour);
  EXPECT_EQ(from(noon - minute, noon - 48 * hour), noon - minute - reach.overlap);
  EXPECT_EQ(from(noon - minute, noon - 5 * minute), noon - 5 * minute);
  EXPECT_EQ(from(noon - 30 * hour, noon - 48 * hour), noon - 24 * hour);
  EXPECT_EQ(from(noon + 5 * hour, noon - 48 * hour), noon + 5 * hour - reach.overlap);
  EXPECT_GE(window_to_sweep(noon, noon, noon, reach).to, noon + 5 * hour);
}

// Goal: sweep after sweep, every call that ends is found, whenever it is listed, however long it takes, and
// however wrong our clock is.
// Method: random calls, found by sweeps a minute apart, each of which keeps what the one before found; the list
// lags by up to the overlap, and our clock is wrong for two of the hours.
RC_GTEST_PROP(Sweeps, FindEveryCallOnce, ()) {
  struct Truth {
    Duration begins, lasts, lag;
  };
  const auto length = [](Duration most) {
    return rc::gen::map(rc::gen::inRange<std::int64_t>(0, most.count() / 1'000),
                        [](std::int64_t s) { return s * second; });
  };
  const auto calls = *rc::gen::container<std::vector<Truth>>(
      rc::gen::construct<Truth>(length(hour), length(2 * hour), length(reach.overlap - 2 * minute)));
  std::set<std::string> ended;
  std::optional<Instant> mark;
  const Duration error = *length(4 * hour) - 2 * hour;
  for (Instant now = noon; now <= noon + 4 * hour; now += minute) {
    std::vector<ListedCall> listed;
    const bool is_wrong = now >= noon + hour / 2 && now < noon + 5 * hour / 2;
    const Instant ours = is_wrong ? now + error : now;
    const CallWindow window = window_to_sweep(mark, noon, ours, reach);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Instant begins = noon + calls[i].begins;
      if (begins + calls[i].lag > now || begins < window.from || begins > window.to) continue;
      const bool is_over = begins + calls[i].lasts <= now;
      ListedCall call = a_call("CA" + std::to_string(i), noon - begins, CallStatus::in_progress);
      if (is_over) {
        call.status = CallStatus::completed;
        call.ended_at = begins + calls[i].lasts;
      }
      listed.push_back(std::move(call));
    }
    const Reading reading = read_list(
        listed, window, [&](const CallSid& call_sid) { return ended.contains(call_sid.text()); }, ours, reach);
    for (const CallStatusChange& end : reading.lost) RC_ASSERT(ended.insert(end.call.call_sid.text()).second);
    if (reading.mark) mark = reading.mark;
  }
  RC_ASSERT(ended.size() == calls.size());
}

CarrierNumber a_number(std::uint64_t digits, const std::string& voice, const std::string& status = "") {
  return {.number = E164::from_digits(digits),
          .sid = "PN1",
          .voice = {voice, "POST"},
          .status_callback = {status, "POST"}};
}

// Goal: only numbers about whose calls the carrier asks us are ours.
// Method: numbers whose URLs point at us, elsewhere, and at somebody whose address begins like ours; known to the
// directory or not.
TEST(OurNumbers, AreThoseThatPointAtUs) {
  const std::string us = "https://jobrun.example.com";
  CarrierNumberList list;
  list.numbers = {a_number(15'550'000'001, us + "/twilio/voice#rc=2"),
                  a_number(15'550'000'002, "", us + "/twilio/status"),
                  a_number(15'550'000'003, "https://other.example.com/twilio/voice"),
                  a_number(15'550'000'004, us + ".evil.example/twilio/voice"),
                  a_number(15'550'000'005, ""),
                  a_number(15'550'000'006, "")};
  list.numbers.back().voice_overridden_by = "AP1";
  const auto ours = [&](const NumbersAnswer& answer, bool is_known) {
    const OurNumbers numbers(answer, us, [=](E164) { return is_known; });
    std::set<std::uint64_t> in;
    for (std::uint64_t digits = 15'550'000'001; digits <= 15'550'000'007; ++digits) {
      if (numbers.contains(E164::from_digits(digits))) in.insert(digits - 15'550'000'000);
    }
    EXPECT_FALSE(numbers.contains(std::nullopt));
    return in;
  };
  EXPECT_THAT(ours(list, false), UnorderedElementsAre(1, 2));
  EXPECT_THAT(ours(list, true), UnorderedElementsAre(1, 2, 6)) << "nobody was asked about the application's URLs";
  for (const NumbersAnswer& answer :
       {NumbersAnswer(CannotTell{"503"}), NumbersAnswer(CredentialsRefused{"401"})}) {
    EXPECT_THAT(ours(answer, true), UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7));
    EXPECT_THAT(ours(answer, false), IsEmpty());
  }
}

// --- texts ------------------------------------------------------------------------------------------

TextReading read_list_of(std::vector<ListedText> texts, std::optional<Instant> newest,
                         const std::set<std::string>& known = {}) {
  return read_texts(
      {std::move(texts), newest}, {.from = noon - 24 * hour, .to = noon},
      [&known](const std::string& message_sid) { return known.contains(message_sid); }, noon, reach);
}

std::vector<std::string> sids_of(const TextReading& reading) {
  std::vector<std::string> sids;
  for (const InboundText& text : reading.lost) sids.push_back(text.message_sid);
  return sids;
}

// Goal: what nobody knows is lost, each once, oldest first; what is known, too old, or not yet whole is not.
// Method: a list with one text of each kind.
TEST(Texts, ThatNobodyKnowsAreLost) {
  ListedText arriving = a_listed_text("SM4", noon - 5 * minute);
  arriving.is_whole = false;
  const TextReading reading =
      read_list_of({a_listed_text("SM2", noon - 10 * minute), arriving, a_listed_text("SM1", noon - 20 * minute),
                    a_listed_text("SM2", noon - 10 * minute), a_listed_text("SM3", noon - 15 * minute),
                    a_listed_text("SM0", noon - 25 * hour)},
                   noon, {"SM3"});
  EXPECT_THAT(sids_of(reading), ElementsAre("SM1", "SM2"));
  EXPECT_EQ(reading.mark, noon - 5 * minute) << "the one that still arrives is looked at again";
}

// Goal: a webhook on its way is not anticipated, and its text is looked at again.
// Method: texts just as old as the grace, and a millisecond younger.
TEST(Texts, AreGivenTimeForTheirWebhooks) {
  const TextReading reading = read_list_of(
      {a_listed_text("SM1", noon - reach.grace), a_listed_text("SM2", noon - reach.grace + Duration{1})}, noon);
  EXPECT_THAT(sids_of(reading), ElementsAre("SM1"));
  EXPECT_EQ(reading.mark, noon - reach.grace + Duration{1});
}

// Goal: the mark follows the list, also where only texts of ours are in it, or the window would grow for
// ever; where nothing is listed it stays.
TEST(Texts, TheMarkFollowsTheList) {
  EXPECT_EQ(read_list_of({}, noon - minute).mark, noon - minute);
  EXPECT_EQ(read_list_of({}, std::nullopt).mark, std::nullopt);
  EXPECT_EQ(read_list_of({a_listed_text("SM1", noon - hour)}, noon - minute).mark, noon - minute);
}

// Goal: texts are ours by where the carrier brings them, whatever it does with calls; what it does not tell,
// the directory does.
// Method: a number at us for texts only, one for calls only, one whose application is not told; no answer at
// all.
TEST(Texts, AreOursByWhereTheyAreBrought) {
  const std::string url = "https://jobrun.example.com";
  const E164 texts_only = E164::from_digits(15'550'000'001);
  const E164 calls_only = E164::from_digits(15'550'000'002);
  const E164 untold = E164::from_digits(15'550'000'003);
  CarrierNumberList list;
  list.numbers = {
      {.number = texts_only, .sms_url = url + "/twilio/sms"},
      {.number = calls_only, .voice = {url + "/twilio/voice", "POST"}, .sms_url = url + ".evil/twilio/sms"},
      {.number = untold, .sms_overridden_by = "AP1"}};
  const auto knows = [&](E164 number) { return number == untold; };
  const OurNumbers ours(list, url, knows);
  EXPECT_TRUE(ours.brings_texts(texts_only) && !ours.contains(texts_only));
  EXPECT_TRUE(!ours.brings_texts(calls_only) && ours.contains(calls_only));
  EXPECT_TRUE(ours.brings_texts(untold));
  EXPECT_FALSE(ours.brings_texts(std::nullopt));
  const OurNumbers unknown(CannotTell{"no answer"}, url, knows);
  EXPECT_TRUE(unknown.brings_texts(untold) && !unknown.brings_texts(texts_only));
}

}  // namespace
}  // namespace jobrun::sweep
