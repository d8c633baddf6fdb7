#include "doctor/drift.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "doctor/checks.hpp"

namespace jobrun::doctor {
namespace {

using testing::HasSubstr;

const E164 ours = E164::from_digits(14155550100);
const E164 other = E164::from_digits(14155550101);
constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3} + std::chrono::hours{12};

CarrierNumber a_number_set_up(E164 number = ours) {
  return {.number = number,
          .sid = "PN1",
          .voice = {"https://jobrun.example/base/twilio/voice", "POST"},
          .voice_fallback_url = "https://static.example/fallback.xml",
          .status_callback = {"https://jobrun.example/base/twilio/status", "POST"},
          .sms_url = "https://jobrun.example/base/twilio/sms"};
}

Expected expecting(std::vector<E164> numbers = {ours}) {
  Expected expected{.public_url = "https://jobrun.example/base", .numbers = {}};
  for (const E164 number : numbers) expected.numbers.push_back({number, "a number of the pool"});
  return expected;
}

// Goal: a number that is set up as it should be is told of by nobody.
// Method: one as it should be; the same with the carrier's retries tuned behind a `#`; listed twice as expected.
TEST(Drift, IsNoneWhereAllIsAsItShouldBe) {
  CarrierNumber number = a_number_set_up();
  EXPECT_TRUE(compare({.numbers = {number}, .carrier_time = {}}, expecting()).empty());
  number.voice.url += "#ct=2000&rc=2";
  number.status_callback.url += "#rc=2";
  EXPECT_TRUE(compare({.numbers = {number}, .carrier_time = {}}, expecting({ours, ours})).empty());
}

struct DriftRow {
  std::string name;
  std::function<void(CarrierNumber&)> change;
  std::string told;
};

class DriftRows : public testing::TestWithParam<DriftRow> {};

// Goal: whatever would keep a call, its status, a text or the fallback from where it belongs is told.
// Method: one row a mistake, each one change to a number that is set up right.
TEST_P(DriftRows, AreTold) {
  CarrierNumber number = a_number_set_up();
  GetParam().change(number);
  const std::vector<Drift> drifts = compare({.numbers = {number}, .carrier_time = {}}, expecting());
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_EQ(drifts[0].number, ours);
  EXPECT_THAT(drifts[0].problem, HasSubstr(GetParam().told));
  EXPECT_FALSE(drifts[0].advice.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DriftRows,
    testing::Values(
        DriftRow{"VoiceUrlMissing", [](CarrierNumber& n) { n.voice.url = ""; },
                 "its voice URL is not set instead of"},
        DriftRow{"VoiceUrlOfAnother", [](CarrierNumber& n) { n.voice.url = "https://old.example/twilio/voice"; },
                 "its voice URL is https://old.example/twilio/voice instead of "
                 "https://jobrun.example/base/twilio/voice"},
        DriftRow{"VoiceUrlNearlyRight", [](CarrierNumber& n) { n.voice.url += "/"; }, "its voice URL is"},
        DriftRow{"VoiceByGet", [](CarrierNumber& n) { n.voice.method = "GET"; },
                 "its voice URL is requested by GET instead of POST"},
        DriftRow{"TrunkTakesCalls", [](CarrierNumber& n) { n.voice_overridden_by = "TK1"; },
                 "TK1 takes its calls"},
        DriftRow{"StatusMissing", [](CarrierNumber& n) { n.status_callback.url = ""; },
                 "its call status URL is not set"},
        DriftRow{"StatusByGet", [](CarrierNumber& n) { n.status_callback.method = "GET"; },
                 "its call status URL is requested by GET"},
        DriftRow{"MessageUrlMissing", [](CarrierNumber& n) { n.sms_url = ""; }, "its message URL is not set"},
        DriftRow{"TextsByGet", [](CarrierNumber& n) { n.sms_method = "GET"; },
                 "its message URL is requested by GET instead of POST"},
        DriftRow{"ApplicationTakesTexts", [](CarrierNumber& n) { n.sms_overridden_by = "AP1"; },
                 "AP1 takes its texts"},
        DriftRow{"NoFallback", [](CarrierNumber& n) { n.voice_fallback_url = ""; },
                 "its voice fallback URL is not set"},
        DriftRow{"FallbackIsNoUrl", [](CarrierNumber& n) { n.voice_fallback_url = "fallback.xml"; },
                 "its voice fallback URL is fallback.xml"},
        DriftRow{"FallbackOnOurHost",
                 [](CarrierNumber& n) { n.voice_fallback_url = "https://user@JobRun.example:8443/fallback.xml"; },
                 "on our own host"},
        DriftRow{"HostileUrl",
                 [](CarrierNumber& n) { n.voice.url = "https://x/\x1b[2J\n" + std::string(500, 'x'); },
                 "https://x/?[2J?xxx"}),
    [](const auto& row) { return row.param.name; });

// Goal: where a Messaging Service takes a number's texts, its address is what counts, and not the number's.
// Method: a service that leaves them to the number, one that drops them, one that brings them here.
TEST(Drift, LooksAtWhereTextsReallyGo) {
  const auto problem_with = [](const MessagingService& service, const CarrierNumber& number) {
    const std::vector<Drift> drifts =
        compare({.numbers = {number}, .carrier_time = {}}, expecting(), std::vector<MessagingService>{service});
    return drifts.empty() ? std::string() : drifts[0].problem;
  };
  MessagingService service{.sid = "MG1", .name = "", .uses_numbers_urls = true, .numbers = {ours}};
  CarrierNumber without_sms = a_number_set_up();
  without_sms.sms_url = "";
  EXPECT_EQ(problem_with(service, a_number_set_up()), "");
  EXPECT_THAT(problem_with(service, without_sms), HasSubstr("message URL is not set"));
  service.uses_numbers_urls = false;
  EXPECT_THAT(problem_with(service, a_number_set_up()), HasSubstr("MG1 drops the texts that come in"));
  service.inbound_url = "https://jobrun.example/base/twilio/sms";
  service.inbound_method = "POST";
  EXPECT_EQ(problem_with(service, without_sms), "");
  service.numbers = {other};
  EXPECT_THAT(problem_with(service, without_sms), HasSubstr("message URL is not set"));
}

// Goal: what would be better is said where all is well, and is no reason to mend.
// Method: a voice URL without retries of the carrier's; a number without a message fallback; with both.
TEST(CarrierChecks, SuggestWhatWouldBeBetter) {
  CarrierNumber number = a_number_set_up();
  const auto row = [&number] {
    return carrier_checks(CarrierFacts{CarrierNumberList{.numbers = {number}, .carrier_time = noon}, noon, noon},
                          expecting())
        .back();
  };
  EXPECT_EQ(row().verdict, Verdict::well);
  EXPECT_THAT(row().advice, HasSubstr("missing on 1: jobrun doctor --fix"));
  EXPECT_THAT(row().advice, HasSubstr("without a message fallback URL: 1"));
  number.voice.url += "#rc=2";
  number.sms_fallback_url = "https://static.example/f.xml";
  EXPECT_EQ(row().advice, "");
}

// Goal: a number that we hold to be ours and the carrier does not have is told; so is one that points at us and is
// in no list; a number of the account that has nothing to do with us is not.
// Method: each alone; all problems of one number are one entry, in the order of the numbers.
TEST(Drift, IsToldInBothDirections) {
  std::vector<Drift> drifts = compare({.numbers = {}, .carrier_time = {}}, expecting());
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_THAT(drifts[0].problem, HasSubstr("is not on the carrier's account"));

  drifts = compare({.numbers = {a_number_set_up(ours), a_number_set_up(other)}, .carrier_time = {}}, expecting());
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_EQ(drifts[0].number, other);
  EXPECT_THAT(drifts[0].problem, HasSubstr("nobody registered it"));
  EXPECT_THAT(drifts[0].advice, HasSubstr("jobrun numbers add +14155550101"));

  CarrierNumber elsewhere = a_number_set_up(other);
  elsewhere.voice.url = "https://shop.example/twilio/voice";
  elsewhere.status_callback.url = "https://jobrun.example/base-of-another/twilio/status";
  EXPECT_TRUE(compare({.numbers = {elsewhere}, .carrier_time = {}}, expecting({})).empty());
  elsewhere.status_callback.url = "https://jobrun.example/base/twilio/status";
  EXPECT_EQ(compare({.numbers = {elsewhere}, .carrier_time = {}}, expecting({})).size(), 1U)
      << "its statuses come here";

  CarrierNumber wrong = a_number_set_up(ours);
  wrong.voice.url = "";
  wrong.sms_url = "";
  drifts = compare({.numbers = {wrong}, .carrier_time = {}}, expecting({other, ours}));
  ASSERT_EQ(drifts.size(), 2U);
  EXPECT_EQ(drifts[0].number, ours);
  EXPECT_THAT(drifts[0].problem,
              HasSubstr("voice URL is not set instead of https://jobrun.example/base/twilio/voice; "));
  EXPECT_EQ(drifts[1].number, other);
}

Verdict verdict_of(const std::vector<Check>& checks, const std::string& name) {
  for (const Check& check : checks) {
    if (check.name == name) return check.verdict;
  }
  ADD_FAILURE() << "no row " << name;
  return Verdict::unknown;
}

CarrierFacts facts_with(NumbersAnswer answer) {
  return {std::move(answer), noon, noon + std::chrono::seconds{2}};
}

// Goal: what could not be found out is never told as well.
// Method: each answer of the carrier, and none; which numbers are ours known and not.
TEST(CarrierChecks, AreUnknownWhereNothingIsKnown) {
  const Result<Expected> expected = expecting();
  const CarrierNumberList well{.numbers = {a_number_set_up()}, .carrier_time = noon};
  for (const char* name : {"credentials", "clock", "numbers"}) {
    EXPECT_EQ(verdict_of(carrier_checks(std::nullopt, expected), name), Verdict::unknown) << name;
    EXPECT_EQ(verdict_of(carrier_checks(facts_with(CannotTell{"away"}), expected), name), Verdict::unknown)
        << name;
    EXPECT_EQ(verdict_of(carrier_checks(facts_with(well), expected), name), Verdict::well) << name;
  }
  const std::vector<Check> refused = carrier_checks(facts_with(CredentialsRefused{"no"}), expected);
  EXPECT_EQ(verdict_of(refused, "credentials"), Verdict::mend);
  EXPECT_EQ(verdict_of(refused, "numbers"), Verdict::unknown);
  const std::vector<Check> unread = carrier_checks(facts_with(well), invalid("cannot be read"));
  EXPECT_EQ(verdict_of(unread, "credentials"), Verdict::well);
  EXPECT_EQ(verdict_of(unread, "numbers"), Verdict::unknown);
  for (const Check& check : unread) {
    EXPECT_TRUE(check.verdict == Verdict::well || !check.advice.empty()) << check.name;
  }
}

// Goal: a clock that is more than half a minute wrong is told, one that is only asked slowly is not.
// Method: the carrier's time at both edges, beyond them, and missing; the question took two seconds.
TEST(CarrierChecks, CompareTheClocks) {
  const auto verdict_at = [](std::optional<Instant> carrier_time) {
    return verdict_of(
        carrier_checks(facts_with(CarrierNumberList{.numbers = {}, .carrier_time = carrier_time}), expecting({})),
        "clock");
  };
  using std::chrono::seconds;
  EXPECT_EQ(verdict_at(noon - seconds{30}), Verdict::well);
  EXPECT_EQ(verdict_at(noon + seconds{32}), Verdict::well);
  EXPECT_EQ(verdict_at(noon - seconds{31}), Verdict::mend);
  EXPECT_EQ(verdict_at(noon + seconds{33}), Verdict::mend);
  EXPECT_EQ(verdict_at(std::nullopt), Verdict::unknown);
}

// Goal: a thousand wrong numbers neither flood a terminal nor are passed over.
// Method: more than have rows of their own.
TEST(CarrierChecks, CountWhatHasNoRow) {
  std::vector<E164> numbers;
  for (std::uint64_t at = 0; at < numbers_shown_max + 5; ++at)
    numbers.push_back(E164::from_digits(14155550000 + at));
  const std::vector<Check> checks =
      carrier_checks(facts_with(CarrierNumberList{.numbers = {}, .carrier_time = noon}), expecting(numbers));
  EXPECT_EQ(checks.size(), 2 + numbers_shown_max + 1);
  EXPECT_THAT(checks.back().found, HasSubstr("5 more numbers"));
  EXPECT_EQ(checks.back().verdict, Verdict::mend);
}

}  // namespace
}  // namespace jobrun::doctor
