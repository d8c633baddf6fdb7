#include "mending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "system_clock.hpp"

namespace jobrun::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const E164 first = E164::from_digits(14155550100);
const E164 second = E164::from_digits(14155550101);

/// Answers as the test says, and keeps what it was asked to set.
struct FakeDesk final : CarrierDesk {
  doctor::CarrierFacts list_numbers(const Clock& clock) override {
    ++listed;
    return {list, clock.now(), clock.now()};
  }
  AccountFacts look_at_account() override { return {}; }
  WebhooksAnswer set_webhooks(const std::string& number_sid,
                              const std::vector<WebhookSetting>& settings) override {
    asked.push_back(number_sid + " " + std::string(name_of(settings.front().field)) + "=" +
                    settings.front().value);
    return answers.at(asked.size() - 1);
  }
  std::vector<WebhooksAnswer> answers;
  NumbersAnswer list = CannotTell{"away"};
  std::vector<std::string> asked;
  int listed = 0;
};

doctor::Plan a_plan() {
  const std::vector<doctor::FieldChange> fields = {
      {WebhookField::sms_url, "", "https://jobrun.example/twilio/sms"}};
  return {
      .changes = {{first, "PN1", "a number of the pool", fields}, {second, "PN2", "a number of the pool", fields}},
      .left_alone = {}};
}

class Mending : public testing::Test {
 protected:
  std::vector<std::string> carried_out() {
    std::vector<std::string> words;
    for (const Deed& deed : carry_out(a_plan(), desk, clock, [](const Deed&) {}))
      words.push_back(render_deed(deed));
    return words;
  }
  SystemClock clock;
  FakeDesk desk;
};

// Goal: each number's request is made once, whatever became of the others, and nothing is looked for where each
// answer says what became of it.
// Method: a refusal, then a success.
TEST_F(Mending, GoesOnAfterAFailure) {
  desk.answers = {WebhooksNotSet{"HTTP 400: no"}, WebhooksSet{}};
  EXPECT_THAT(carried_out(), ElementsAre("+14155550100: not set: HTTP 400: no\n", "+14155550101: set\n"));
  EXPECT_THAT(desk.asked, ElementsAre("PN1 sms_url=https://jobrun.example/twilio/sms",
                                      "PN2 sms_url=https://jobrun.example/twilio/sms"));
  EXPECT_EQ(desk.listed, 0);
}

// Goal: what became of a request without an answer is looked for once, and the request is never made again.
// Method: two such requests, of which the list shows one as done; then no list either.
TEST_F(Mending, LooksForWhatItWasNotTold) {
  desk.answers = {Unknown{"reset"}, Unknown{"reset"}};
  CarrierNumberList list;
  list.numbers = {{.number = first, .sid = "PN1", .sms_url = "https://jobrun.example/twilio/sms"},
                  {.number = second, .sid = "PN2"}};
  desk.list = list;
  EXPECT_THAT(carried_out(), ElementsAre("+14155550100: set, found afterwards\n",
                                         "+14155550101: not set: reset; not found afterwards\n"));
  EXPECT_EQ(desk.asked.size(), 2U);
  EXPECT_EQ(desk.listed, 1);
  desk.asked.clear();
  desk.list = CannotTell{"away"};
  EXPECT_THAT(carried_out(), testing::Each(HasSubstr("it is not known whether it was set: reset")));
  EXPECT_EQ(desk.asked.size(), 2U);
}

// Goal: the plan names each field, from what to what, and nothing that the carrier holds can play with a terminal.
// Method: a hostile URL; a number that is left alone.
TEST(MendingPlanWords, TellEachFieldSafely) {
  doctor::Plan plan = a_plan();
  plan.changes.pop_back();
  plan.changes[0].fields = {{WebhookField::voice_url, "https://x/\x1b[2J", "https://jobrun.example/twilio/voice"}};
  plan.left_alone = {{second, "TK1 takes its calls"}};
  const std::string words = render_plan(plan);
  EXPECT_THAT(words, HasSubstr("voice_url: https://x/"));
  EXPECT_THAT(words, HasSubstr(" -> https://jobrun.example/twilio/voice\n"));
  EXPECT_THAT(words, HasSubstr("+14155550101 is left alone: TK1 takes its calls\n"));
  EXPECT_EQ(words.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace jobrun::app
