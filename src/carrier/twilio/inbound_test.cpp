#include "inbound.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "practice_test_support.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* number = "+15550001111";

using Texts = Result<TextsList>;

std::string why_not(const Texts& texts) {
  return texts ? "(it could tell)" : texts.error().message;
}

/// The practice carrier, to whose numbers people text, and our listing of it. Nobody answers its webhooks.
class TwilioInbound : public UnheardAccount {
 protected:
  std::string text(const std::string& body) {
    const json order = {{"from", "+14155550123"}, {"to", number}, {"body", body}, {"wait", true}};
    return practise("POST", "texts", order)["message_sid"];
  }
  Texts list(Instant from, Instant to) {
    TwilioCarrier carrier(http, account);
    return told<Texts>([&](auto done) { carrier.list_texts({from, to}, done); });
  }
};

// Goal: a listed text says all that its webhook would have said.
// Method: a text whose webhook nobody took; every field.
TEST_F(TwilioInbound, SaysWhatItsWebhookWouldHaveSaid) {
  const std::string sid = text("Leak under the sink");
  const Texts listed = list(evening - minute, evening + minute);
  ASSERT_TRUE(listed) << why_not(listed);
  ASSERT_EQ(listed->texts.size(), 1U);
  const InboundText& told = listed->texts[0].text;
  EXPECT_EQ(told.message_sid, sid);
  EXPECT_EQ(told.sender, Caller::parse("+14155550123"));
  EXPECT_EQ(told.number, E164::parse(number).value());
  EXPECT_EQ(told.number_text, number);
  EXPECT_EQ(told.body, "Leak under the sink");
  EXPECT_EQ(told.origin, Origin::sweep);
  EXPECT_EQ(told.at, evening);
  EXPECT_TRUE(told.media.empty());
  EXPECT_TRUE(listed->texts[0].is_whole);
  EXPECT_EQ(listed->newest, evening);
}

// Goal: the window holds, to the second.
// Method: a text a minute; windows that end and begin at one of them.
TEST_F(TwilioInbound, ListsTheWindow) {
  for (int minutes = 0; minutes < 3; ++minutes) {
    clock.at = evening + minutes * minute;
    text(std::to_string(minutes));
  }
  const Texts listed = list(evening + minute + Duration{400}, evening + 2 * minute);
  ASSERT_TRUE(listed) << why_not(listed);
  EXPECT_EQ(listed->texts.size(), 2U);
  const Texts early = list(evening - minute, evening);
  ASSERT_TRUE(early) << why_not(early);
  EXPECT_EQ(early->texts.size(), 1U);
}

// Goal: a list that cannot be had whole is none.
// Method: every fault of a list, while a text is in it.
TEST_F(TwilioInbound, IsToldWholeOrNotAtAll) {
  text("Leak");
  for (json fault : faults_of_a_list()) {
    fault["on"] = "list_texts";
    fault["next"] = 1;
    practise("PUT", "knobs", {{"api_faults", json::array({fault})}});
    const Texts listed = list(evening, evening);
    EXPECT_FALSE(listed) << fault;
  }
  EXPECT_TRUE(list(evening, evening));
}

json a_message(const std::string& sid, const std::string& direction, const std::string& date) {
  return {
      {"sid", sid},           {"direction", direction},
      {"status", "received"}, {"from", "+14155550123"},
      {"to", number},         {"body", "Leak"},
      {"num_media", "0"},     {"date_sent", date},
      {"date_created", date}, {"subresource_uris", {{"media", "/2010-04-01/Accounts/AC1/Messages/X/Media.json"}}}};
}

Result<twilio::InboundPage> read(const json& messages, const json& next = nullptr) {
  const json page = {{"messages", messages}, {"next_page_uri", next}};
  return twilio::read_inbound_page(answered_with(page.dump()), "AC1", "https://api.example.com",
                                   {evening - minute, evening});
}

constexpr const char* in_time = "Sat, 03 Jan 2026 21:59:30 +0000";
constexpr const char* too_old = "Sat, 03 Jan 2026 20:59:30 +0000";

// Goal: only what came in is taken; what we sent only says how far the list reaches; pictures are kept as the
// carrier's list of them.
TEST(InboundPage, TakesWhatCameIn) {
  json picture = a_message("MM1", "inbound", in_time);
  picture["num_media"] = "2";
  json arriving = a_message("SM2", "inbound", in_time);
  arriving["status"] = "receiving";
  const auto page = read(json::array(
      {picture, arriving, a_message("SM3", "outbound-api", in_time), a_message("SM4", "inbound", too_old)}));
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->list.texts.size(), 2U);
  EXPECT_EQ(page->list.texts[0].text.media,
            (std::vector<MediaLink>{
                {"https://api.example.com/2010-04-01/Accounts/AC1/Messages/X/Media.json", "application/json"}}));
  EXPECT_FALSE(page->list.texts[1].is_whole);
  EXPECT_FALSE(page->is_older);
  EXPECT_EQ(read(json::array({a_message("SM3", "outbound-api", in_time)}))->list.newest,
            evening - Duration{30'000});
}

// Goal: reading ends with the first page that is older than the window, and not before.
TEST(InboundPage, TellsWhenItIsOlder) {
  EXPECT_TRUE(read(json::array({a_message("SM1", "inbound", too_old), a_message("SM2", "outbound-api", too_old)}))
                  ->is_older);
  EXPECT_FALSE(read(json::array({a_message("SM1", "inbound", too_old), a_message("SM2", "outbound-api", in_time)}))
                   ->is_older);
  EXPECT_FALSE(read(json::array())->is_older);
  int asked = 0;
  const json page = {{"messages", json::array({a_message("SM1", "inbound", too_old)})},
                     {"next_page_uri", "/2010-04-01/Accounts/AC1/Messages.json?Page=1"}};
  Texts told;
  twilio::list_texts(server_of(page.dump(), asked), account_one(), "token", {evening - minute, evening},
                     [&](Texts texts) { told = std::move(texts); });
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(told && told->texts.empty());
}

// Goal: one message that cannot be read makes the page none: it might be the one that is looked for.
// Method: each member that matters left out, or of another kind.
TEST(InboundPage, IsReadWholeOrNotAtAll) {
  for (const char* member : {"sid", "direction", "from", "to", "body"}) {
    json message = a_message("SM1", "inbound", in_time);
    message.erase(member);
    EXPECT_FALSE(read(json::array({message}))) << member;
    message[member] = 7;
    EXPECT_FALSE(read(json::array({message}))) << member;
  }
  json undated = a_message("SM1", "inbound", "tomorrow");
  EXPECT_FALSE(read(json::array({undated})));
  undated["date_sent"] = nullptr;
  undated["date_created"] = in_time;
  EXPECT_TRUE(read(json::array({undated})));
  EXPECT_FALSE(read(json::array({"text"})));
}

// Goal: a list that goes on for ever is read no further than the bound.
TEST(InboundPage, IsBounded) {
  int asked = 0;
  const json page = {{"messages", json::array({a_message("SM1", "outbound-api", in_time)})},
                     {"next_page_uri", "/2010-04-01/Accounts/AC1/Messages.json?Page=1"}};
  Texts told;
  twilio::list_texts(server_of(page.dump(), asked), account_one(), "token", {evening - minute, evening},
                     [&](Texts texts) { told = std::move(texts); });
  EXPECT_EQ(asked, twilio::inbound_pages_max);
  EXPECT_THAT(why_not(told), HasSubstr("longer than"));
}

// Goal: the request is the one that the carrier's description knows.
TEST(InboundPage, IsAskedForByTheMomentFromWhichOn) {
  const net::ClientRequest request = twilio::first_inbound_request(account_one(), "token", {evening, evening});
  EXPECT_EQ(request.method, "GET");
  EXPECT_THAT(
      request.url,
      HasSubstr("/2010-04-01/Accounts/AC1/Messages.json?PageSize=500&DateSent%3E=2026-01-03T22%3A00%3A00Z"));
}

}  // namespace
}  // namespace jobrun::carrier
