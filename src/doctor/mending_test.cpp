#include "doctor/mending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jobrun::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const E164 ours = E164::from_digits(14155550100);
const E164 other = E164::from_digits(14155550101);
constexpr const char* fallback = "https://static.example/fallback.xml";

CarrierNumber a_number_set_up() {
  return {.number = ours,
          .sid = "PN1",
          .voice = {"https://jobrun.example/twilio/voice#ct=2000&rt=4000&rc=2&rp=all", "POST"},
          .voice_fallback_url = fallback,
          .status_callback = {"https://jobrun.example/twilio/status", "POST"},
          .sms_url = "https://jobrun.example/twilio/sms",
          .sms_fallback_url = fallback};
}

Expected expecting() {
  return {.public_url = "https://jobrun.example", .numbers = {{ours, "a number of the pool"}}};
}

Plan plan_of(CarrierNumber number, const std::vector<MessagingService>& services = {},
             const std::string& fallback_url = fallback) {
  return plan_changes({.numbers = {std::move(number)}, .carrier_time = {}}, expecting(), services, fallback_url);
}

/// `voice_url: from -> to` for each.
std::vector<std::string> words_of(const Plan& plan) {
  std::vector<std::string> words;
  for (const NumberChange& change : plan.changes) {
    for (const FieldChange& field : change.fields) {
      words.push_back(std::string(name_of(field.field)) + ": " + field.from + " -> " + field.to);
    }
  }
  return words;
}

// Goal: what is right stays as it is, also where its owner has tuned the carrier's retries otherwise; what a
// setting does not name stays too. Method: a number as it should be; other retries; other fallbacks, without the
// setting.
TEST(MendingPlan, TouchesNothingThatIsRight) {
  CarrierNumber number = a_number_set_up();
  EXPECT_THAT(words_of(plan_of(number)), IsEmpty());
  number.voice.url = "https://jobrun.example/twilio/voice#rc=5";
  number.sms_url += "#rc=2";
  EXPECT_THAT(words_of(plan_of(number)), IsEmpty());
  number.voice_fallback_url = "https://elsewhere.example/f.xml";
  number.sms_fallback_url = "";
  EXPECT_THAT(words_of(plan_of(number, {}, "")), IsEmpty());
  EXPECT_THAT(
      words_of(plan_of(number)),
      ElementsAre("voice_fallback_url: https://elsewhere.example/f.xml -> https://static.example/fallback.xml",
                  "sms_fallback_url:  -> https://static.example/fallback.xml"));
}

// Goal: every field that would keep a call, a status or a text away is set, from what to what; a right voice URL
// gets the retries that it lacks.
// Method: a number as it was bought; one that lacks only the retries.
TEST(MendingPlan, SetsEveryFieldThatIsWrong) {
  const CarrierNumber bought{.number = ours,
                             .sid = "PN1",
                             .voice = {"https://demo.example/welcome", "GET"},
                             .status_callback = {"", "GET"},
                             .sms_url = "",
                             .sms_method = "GET"};
  const Plan plan = plan_of(bought);
  ASSERT_EQ(plan.changes.size(), 1U);
  EXPECT_EQ(plan.changes[0].sid, "PN1");
  EXPECT_THAT(words_of(plan),
              ElementsAre("voice_url: https://demo.example/welcome -> "
                          "https://jobrun.example/twilio/voice#ct=2000&rt=4000&rc=2&rp=all",
                          "voice_method: GET -> POST", "status_callback:  -> https://jobrun.example/twilio/status",
                          "status_callback_method: GET -> POST", "sms_url:  -> https://jobrun.example/twilio/sms",
                          "sms_method: GET -> POST", "voice_fallback_url:  -> https://static.example/fallback.xml",
                          "sms_fallback_url:  -> https://static.example/fallback.xml"));
  CarrierNumber untuned = a_number_set_up();
  untuned.voice.url = "https://jobrun.example/twilio/voice";
  EXPECT_EQ(words_of(plan_of(untuned)).size(), 1U);
}

// Goal: a number that is nobody's, or whose calls or texts something else takes, is never touched, but told.
// Method: each with every field wrong; a service that brings texts here takes nothing away.
TEST(MendingPlan, LeavesAloneWhatIsNotOursToSet) {
  const auto left = [](const Plan& plan) {
    EXPECT_TRUE(plan.changes.empty());
    return plan.left_alone.size() == 1 ? plan.left_alone[0].why : "";
  };
  CarrierNumber number{.number = ours, .sid = "PN1", .voice_overridden_by = "TK1"};
  EXPECT_THAT(left(plan_of(number)), HasSubstr("TK1 takes its calls"));
  number.voice_overridden_by = "";
  number.sms_overridden_by = "AP1";
  EXPECT_THAT(left(plan_of(number)), HasSubstr("AP1 takes its texts"));
  number.sms_overridden_by = "";
  MessagingService service{.sid = "MG1", .name = "", .numbers = {ours}};
  EXPECT_THAT(left(plan_of(number, {service})), HasSubstr("MG1 drops the texts"));
  service.inbound_url = "https://old.example/sms";
  EXPECT_THAT(left(plan_of(number, {service})), HasSubstr("MG1 takes its texts to https://old.example/sms"));

  CarrierNumber nobodys = a_number_set_up();
  nobodys.number = other;
  const Plan plan =
      plan_changes({.numbers = {a_number_set_up(), nobodys}, .carrier_time = {}}, expecting(), {}, fallback);
  EXPECT_THAT(left(plan), HasSubstr("nobody registered it"));
  EXPECT_EQ(plan.left_alone[0].number, other);
  EXPECT_THAT(left(plan_changes({}, expecting(), {}, fallback)), HasSubstr("not on the carrier's account"));

  service.inbound_url = "https://jobrun.example/twilio/sms";
  service.inbound_method = "POST";
  CarrierNumber by_service = a_number_set_up();
  by_service.sms_url = "";
  EXPECT_TRUE(plan_of(by_service, {service}).changes.empty());
  EXPECT_TRUE(plan_of(by_service, {service}).left_alone.empty());
}

// Goal: a number of somebody else on the same account is neither touched nor told of.
// Method: one that points elsewhere.
TEST(MendingPlan, LooksAwayFromOthersNumbers) {
  CarrierNumber others{.number = other, .sid = "PN2", .voice = {"https://shop.example/voice", "POST"}};
  const Plan plan =
      plan_changes({.numbers = {a_number_set_up(), others}, .carrier_time = {}}, expecting(), {}, fallback);
  EXPECT_TRUE(plan.changes.empty());
  EXPECT_TRUE(plan.left_alone.empty());
}

// Goal: a change counts as done only where the number has every field of it.
// Method: the number before, half way, after, and gone.
TEST(MendingPlan, IsDoneWhenEveryFieldIsSet) {
  CarrierNumber number = a_number_set_up();
  number.sms_url = "";
  number.voice.method = "GET";
  const NumberChange change = plan_of(number).changes.at(0);
  EXPECT_FALSE(is_done(change, {.numbers = {number}, .carrier_time = {}}));
  number.voice.method = "POST";
  EXPECT_FALSE(is_done(change, {.numbers = {number}, .carrier_time = {}}));
  EXPECT_TRUE(is_done(change, {.numbers = {a_number_set_up()}, .carrier_time = {}}));
  EXPECT_FALSE(is_done(change, {}));
}

}  // namespace
}  // namespace jobrun::doctor
