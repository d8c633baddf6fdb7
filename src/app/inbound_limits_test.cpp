// What a phone that texts or calls again and again can cost, through the whole service.
#include <algorithm>

#include "owner_alerts_test_support.hpp"

namespace jobrun::app {
namespace {

using namespace std::chrono_literals;

const E164 customer = E164::from_digits(14155550101);

/// An owner who is told by text, and how much of it there was.
class InboundLimits : public OwnerAlerts {
 protected:
  std::int64_t texts_to(const std::string& phone) const {
    return std::ranges::count(carrier_.sent, phone,
                              [](const OutgoingText& text) { return text.recipient.text(); });
  }
  std::int64_t texts_kept() {
    InboundQuery query;
    query.limit = 1'000;
    return static_cast<std::int64_t>(store_->reader()->inbound_texts(query).size());
  }
  std::string last_text_to(const std::string& phone) const {
    std::string body;
    for (const OutgoingText& text : carrier_.sent) {
      if (text.recipient.text() == phone) body = text.body;
    }
    return body;
  }
};

// Goal: a customer who texts without end costs his business nothing: every text is kept, his owner's phone gets
// few texts, the later ones with a count, and he himself no more automatic ones than the loop breaker lets
// through. Method: a missed call, then 120 texts within ten minutes; then ten quiet minutes.
TEST_F(InboundLimits, OfACustomerWhoTextsWithoutEnd) {
  start(false, true);
  miss_a_call(customer);
  for (int text = 0; text < 120; ++text) {
    text_in("Hello? " + std::to_string(text), customer);
    jump(5s);
  }
  EXPECT_EQ(texts_kept(), 120);
  EXPECT_LE(texts_to(joes_phone), 3) << "the lead with his reply, and what came after it";
  EXPECT_LE(texts_to(customer.text()), flow::Policy{}.loop_texts_max);
  const std::int64_t before = texts_to(joes_phone);
  wait(11min);
  EXPECT_LE(texts_to(joes_phone), before + 1);
  EXPECT_NE(last_text_to(joes_phone).find(" times)"), std::string::npos) << last_text_to(joes_phone);
}

// Goal: nor does one who cries danger without end: his owner hears it at once, and then with a count.
// Method: 120 texts of danger within ten minutes, each time of another.
TEST_F(InboundLimits, OfDangerWithoutEnd) {
  start(false, true);
  miss_a_call(customer);
  for (int text = 0; text < 120; ++text) {
    text_in(text % 2 == 0 ? "I smell gas" : "The house is on fire", customer);
    jump(5s);
  }
  EXPECT_EQ(texts_kept(), 120);
  EXPECT_LE(texts_to(joes_phone), 30);
  EXPECT_LE(texts_to(customer.text()), flow::Policy{}.loop_texts_max);
  wait(11min);
  EXPECT_NE(last_text_to(joes_phone).find(" times)"), std::string::npos) << last_text_to(joes_phone);
}

// Goal: the same of whoever texts the sign-up number, or a number that is nobody's.
// Method: 120 texts within ten minutes to each.
TEST_F(InboundLimits, OfAStrangerWhoTextsWithoutEnd) {
  start(false, true);
  for (const E164 number : {E164::from_digits(14155550700), sign_up_number}) {
    carrier_.sent.clear();
    const std::int64_t before = texts_kept();
    for (int text = 0; text < 120; ++text) {
      text_in("what? " + std::to_string(text), customer, number);
      jump(5s);
    }
    EXPECT_EQ(texts_kept() - before, 120) << number.text();
    EXPECT_LE(texts_to(customer.text()), flow::Policy{}.loop_texts_max) << number.text();
    EXPECT_LE(texts_to(operator_phone.text()), 3) << number.text();
  }
}

// Goal: a lead is told after five minutes without a reply, once. Method: a missed call; every minute is looked at.
TEST_F(InboundLimits, ALeadIsToldAfterFiveMinutesWithoutAReply) {
  start(false, true);
  miss_a_call(customer);
  EXPECT_EQ(texts_to(joes_phone), 0);
  wait(4min);
  EXPECT_EQ(texts_to(joes_phone), 0);
  wait(2min);
  EXPECT_EQ(texts_to(joes_phone), 1);
  EXPECT_NE(last_text_to(joes_phone).find("no reply yet"), std::string::npos);
  wait(30min);
  EXPECT_EQ(texts_to(joes_phone), 1);
}

// Goal: a lead is told at once when its customer replies, and then no more. Method: a reply after a minute.
TEST_F(InboundLimits, ALeadIsToldOnceItsCustomerReplied) {
  start(false, true);
  miss_a_call(customer);
  jump(1min);
  text_in("My boiler leaks", customer);
  EXPECT_EQ(texts_to(joes_phone), 1);
  EXPECT_NE(last_text_to(joes_phone).find("boiler"), std::string::npos);
  wait(30min);
  EXPECT_EQ(texts_to(joes_phone), 1);
}

// Goal: of a caller who calls again within the cool-down the owner is told at most once in ten minutes, with a
// count, and the caller is not texted again. Method: a call a minute for 25 minutes.
TEST_F(InboundLimits, OfACallerWhoCallsAgainTheOwnerIsToldOnceInTenMinutes) {
  start(false, true);
  miss_a_call(customer);
  std::vector<Instant> told_at;
  for (int minute = 0; minute < 25; ++minute) {
    const std::int64_t before = texts_to(joes_phone);
    jump(1min);
    miss_a_call(customer);
    if (texts_to(joes_phone) > before && last_text_to(joes_phone).find("called again") != std::string::npos) {
      told_at.push_back(clock_.now());
    }
  }
  EXPECT_EQ(texts_to(customer.text()), 1);
  ASSERT_EQ(told_at.size(), 3U);
  EXPECT_GE(told_at[1] - told_at[0], 10min);
  EXPECT_GE(told_at[2] - told_at[1], 10min);
  EXPECT_NE(last_text_to(joes_phone).find("called again"), std::string::npos);
  EXPECT_NE(last_text_to(joes_phone).find("(10 times)"), std::string::npos) << last_text_to(joes_phone);
}

}  // namespace
}  // namespace jobrun::app
