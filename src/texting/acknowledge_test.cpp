#include "acknowledge.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "texting_test_support.hpp"

namespace jobrun::texting {
namespace {

class Acknowledging : public Texting {
 protected:
  Acknowledgement acknowledged(const InboundText& text) {
    return acknowledge(text, directory->resolve(text.number), {*directory, plan, policy, sign_ups, zones}, facts,
                       noon);
  }
  Acknowledgement acknowledged(const std::string& from, E164 to = unknown) {
    return acknowledged(a_text(from, to, "Anybody there?"));
  }
};

// Goal: who texts nobody's number is told, from that number and by the account that it belongs to, that his text
// has arrived; how to opt out where that is expected; in nobody's name. Method: a number of each kind that is
// nobody's, with a fail-safe sender and a second account at hand; a British sender and number.
TEST_F(Acknowledging, IsFromTheNumberThatWasTexted) {
  policy.failsafe_sender = E164::from_digits(14155550900);
  policy.second_sender = E164::from_digits(14155550901);
  for (const E164 to : {orphan, registered, unknown}) {
    const Acknowledgement given = acknowledged(customer.text(), to);
    EXPECT_EQ(given.row, AfterCallRow::failsafe);
    ASSERT_TRUE(given.text);
    EXPECT_EQ(given.text->id, (TextId{"SM1", Purpose::triage_reply}));
    EXPECT_EQ(given.text->pair, (CallerPair{customer, to}));
    EXPECT_EQ(given.text->ways, (std::vector<Way>{{Account::first, to}}));
    EXPECT_EQ(given.text->client, std::nullopt);
    EXPECT_EQ(given.text->country, "US");
    EXPECT_EQ(given.text->body,
              "This is the answering service for " + to.text() +
                  ". Thanks, we have your message and are passing it on. Reply STOP to opt out.");
  }
  const Acknowledgement british = acknowledged("+447700900123", E164::from_digits(447700900500));
  ASSERT_TRUE(british.text);
  EXPECT_FALSE(british.text->body.contains("STOP"));
}

// Goal: what answers a text has the origin `text`, whatever found that text: so a reply's origin is never a
// call's. Method: every origin that an inbound text may carry.
TEST_F(Acknowledging, ComesOfATextWhateverFoundIt) {
  for (const auto& [origin, name] : NamesOf<Origin>::rows) {
    InboundText text = a_text(customer.text(), unknown, "Hello");
    text.origin = origin;
    text.at = noon - second;
    const Acknowledgement given = acknowledged(text);
    ASSERT_TRUE(given.text);
    EXPECT_EQ(given.text->origin, Origin::text) << name;
    EXPECT_EQ(given.text->caused_at, noon - second);
  }
}

// Goal: nobody is acknowledged whom a caller's text could not or may not reach, or who has been, within the
// cool-down. Method: each reason by itself; the row tells it.
TEST_F(Acknowledging, ReachesNobodyWhomNoTextMayReach) {
  const std::string phone = customer.text();
  using Change = std::function<void()>;
  const std::vector<std::pair<AfterCallRow, Change>> reasons = {
      {AfterCallRow::opted_out, [this] { facts.phone.opted_out = true; }},
      {AfterCallRow::blocked, [this] { facts.phone.blocked = true; }},
      {AfterCallRow::do_not_text, [this] { facts.phone.do_not_text = true; }},
      {AfterCallRow::landline, [this] { facts.phone.landline = true; }},
      {AfterCallRow::no_sender, [this] { facts.is_blocked = true; }},
      {AfterCallRow::facts_unknown, [this] { facts.knows_facts = false; }},
      {AfterCallRow::cost_guard, [this] { facts.today.service = policy.texts_per_day; }},
      {AfterCallRow::loop_breaker, [this] { facts.texts_of_late = policy.loop_texts_max; }},
      {AfterCallRow::cool_down, [this] { facts.last_acknowledged = noon - policy.cool_down + Duration{1}; }},
      {AfterCallRow::country_not_allowed, [this] { policy.countries = {"GB"}; }},
  };
  for (const auto& [row, change] : reasons) {
    facts = FakeFacts();
    policy = flow::Policy();
    ASSERT_TRUE(acknowledged(phone).text);
    change();
    const Acknowledgement given = acknowledged(phone);
    EXPECT_EQ(given.row, row) << name_of(given.row);
    EXPECT_FALSE(given.text) << name_of(row);
  }
  facts = FakeFacts();
  policy = flow::Policy();
  EXPECT_EQ(acknowledged("72345").row, AfterCallRow::short_code);
  for (const char* nobody : {"ACME", "", "anonymous", "+266696687"}) {
    EXPECT_EQ(acknowledged(nobody).row, AfterCallRow::withheld) << nobody;
  }
  EXPECT_EQ(acknowledged(business_number.text()).row, AfterCallRow::caller_is_ours);
  InboundText text = a_text(phone, unknown, "Hello");
  text.number.reset();
  EXPECT_EQ(acknowledged(text).row, AfterCallRow::no_sender) << "nobody knows which number that was";
}

// Goal: once in a cool-down, and again after it; what callers were texted does not count. What is told of too late
// is not acknowledged any more. Method: an acknowledgement and a first text, just within and just beyond; a text
// as old as may be, and older.
TEST_F(Acknowledging, IsGivenOnceInACoolDownAndInTime) {
  facts.last_acknowledged = noon - policy.cool_down + Duration{1};
  EXPECT_FALSE(acknowledged(customer.text()).text);
  ASSERT_EQ(facts.pairs_asked.size(), 1U);
  EXPECT_EQ(facts.pairs_asked[0], (CallerPair{customer, unknown}));
  facts.last_acknowledged = noon - policy.cool_down;
  EXPECT_TRUE(acknowledged(customer.text()).text);
  facts.last_acknowledged.reset();
  facts.last_text = LastText{.row = {1}, .promised_at = noon, .state = TextState::accepted};
  EXPECT_TRUE(acknowledged(customer.text()).text);
  InboundText text = a_text(customer.text(), unknown, "Hello");
  text.at = noon - policy.text_useful_for + Duration{1};
  EXPECT_TRUE(acknowledged(text).text);
  text.at = noon - policy.text_useful_for;
  EXPECT_EQ(acknowledged(text).row, AfterCallRow::too_late);
}

// Goal: a text is acknowledged in its own commit, and that is counted and logged with its reason; opt-out words,
// businesses' texts, and known ones, never are; the sign-up number answers otherwise.
// Method: one text of each kind.
TEST_F(Acknowledging, IsPartOfTheTextsCommit) {
  Commit commit = decide_text(customer, unknown, "Hello");
  ASSERT_TRUE(commit.text);
  EXPECT_EQ(std::ranges::count(commit.counts, Metric::texts_promised, &Count::metric), 1);
  EXPECT_EQ(commit.logs.back().fields.at(0).value, "failsafe");
  facts.phone.opted_out = true;
  commit = decide_text(customer, unknown, "Hello");
  EXPECT_FALSE(commit.text);
  EXPECT_EQ(std::ranges::count(commit.counts, Metric::texts_promised, &Count::metric), 0);
  EXPECT_EQ(commit.logs.back().fields.at(0).value, "opted_out");
  facts.phone.opted_out = false;
  for (const char* word : {"STOP", "START"}) EXPECT_FALSE(decide_text(customer, unknown, word).text) << word;
  EXPECT_EQ(decide_text(customer, business_number, "Hello").text->id.purpose, Purpose::customer_reply);
  EXPECT_EQ(decide_text(customer, sign_up, "Hello").text->id.purpose, Purpose::onboarding);
  facts.texts = {"SM1"};
  EXPECT_FALSE(decide_text(customer, unknown, "Hello").text);
}

}  // namespace
}  // namespace jobrun::texting
