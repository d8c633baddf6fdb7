#include "find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "practice_test_support.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const E164 sender = E164::from_digits(15550001111);
const E164 recipient = E164::from_digits(14155550101);
const std::string words = "Sorry we missed your call \xE2\x80\x94 caf\xC3\xA9 \"X\" & Sons.";

TextId an_id() {
  return {"CA77", Purpose::customer_intake};
}

FindQuery a_query(Instant from = evening - minute, Instant to = evening + minute) {
  return {.id = an_id(), .sender = sender, .recipient = recipient, .body = words, .from = from, .to = to};
}

/// The practice carrier, texts that it holds, and our look-up.
class TwilioFind : public PracticeAccount {
 protected:
  TwilioFind() {
    simulator::Options options;
    options.clock = &clock;
    practice = open<simulator::PracticeCarrier>(options);
    carrier = std::make_unique<TwilioCarrier>(http, account);
  }

  /// Texts as they are sent, and says their sid.
  std::string text(const std::string& body = words, E164 to = recipient, E164 from = sender) {
    const net::ClientResult result = ask(twilio_message_request(
        account, account.auth_token, OutgoingText{an_id(), Account::first, from, to, body}));
    return std::get<Accepted>(classify_twilio_answer(result)).message_sid;
  }
  FindAnswer find(FindQuery query = a_query()) {
    return told<FindAnswer>([&](auto done) { carrier->find(std::move(query), done); });
  }
  std::set<std::string> sids_found(FindQuery query = a_query()) {
    const FindAnswer answer = find(std::move(query));
    if (const auto* reason = std::get_if<CannotTell>(&answer)) return {"cannot tell: " + reason->reason};
    std::set<std::string> sids;
    for (const FoundMessage& message : std::get<Found>(answer).messages) {
      EXPECT_TRUE(sids.insert(message.message_sid).second) << "listed twice: " << message.message_sid;
    }
    return sids;
  }
  std::string why_not(FindQuery query = a_query()) {
    const FindAnswer answer = find(std::move(query));
    const auto* reason = std::get_if<CannotTell>(&answer);
    return reason != nullptr ? reason->reason : "(it could tell)";
  }

  std::unique_ptr<simulator::PracticeCarrier> practice;
  std::unique_ptr<TwilioCarrier> carrier;
};

using Sids = std::set<std::string>;

// Goal: a text is found whether or not it has a date_sent yet, which sources disagree about.
// Method: both variants of a text that waits, and texts that are delivered; both spellings of the next page.
TEST_F(TwilioFind, FindsWhatWaitsAndWhatIsSent) {
  for (const char* date_sent : {"missing", "present"}) {
    for (const char* progress : {"queued", "delivered"}) {
      for (const char* page_uris : {"relative", "absolute"}) {
        turn({{"queued_text_date_sent", date_sent},
              {"text_progress", {progress}},
              {"text_progress_ms", 0},
              {"page_uris", page_uris}});
        clock.at += minute * 10;
        const std::string sid = text();
        EXPECT_EQ(sids_found(a_query(clock.at, clock.at)), Sids{sid})
            << date_sent << " " << progress << " " << page_uris;
      }
    }
  }
}

// Goal: a found message comes with what settles the text.
// Method: a text, and a text that is lost.
TEST_F(TwilioFind, SaysWhatTheCarrierSays) {
  turn({{"text_progress", {"queued"}}, {"text_progress_ms", 0}});
  const std::string sid = text();
  const FindAnswer answer = find();
  ASSERT_TRUE(std::holds_alternative<Found>(answer));
  ASSERT_EQ(std::get<Found>(answer).messages.size(), 1U);
  const FoundMessage& message = std::get<Found>(answer).messages[0];
  EXPECT_EQ(message.message_sid, sid);
  EXPECT_EQ(message.status, "queued");
  EXPECT_EQ(message.error_code, 0);
  EXPECT_EQ(message.created_at, evening);
  EXPECT_EQ(message.body, words);
}

// Goal: only what may be the text is found.
// Method: other words, the other direction, other phones, and the second before and after; then two alike.
TEST_F(TwilioFind, LeavesAloneWhatIsNotTheText) {
  const E164 other = E164::from_digits(14155550102);
  text("Sorry we missed your call.");
  text(words + " ");
  text(words, sender, recipient);
  text(words, other, sender);
  text(words, recipient, other);
  EXPECT_EQ(sids_found(), Sids{});
  clock.at = evening - minute - Duration{1'000};
  text();
  clock.at = evening + minute + Duration{1'000};
  text();
  EXPECT_EQ(sids_found(), Sids{});
  clock.at = evening - minute;
  const std::string first = text();
  clock.at = evening + minute;
  const std::string last = text();
  EXPECT_EQ(sids_found(), (Sids{first, last}));
}

// Goal: a moment within a second is found, although the carrier's dates are cut to the second.
// Method: a text created, and a range begun, 900 ms after the second.
TEST_F(TwilioFind, KnowsThatDatesAreCutToTheSecond) {
  clock.at = evening + Duration{950};
  const std::string sid = text();
  EXPECT_EQ(sids_found(a_query(evening + Duration{900}, evening + Duration{999})), Sids{sid});
}

// Goal: a text is found among many, and each once; across midnight too.
// Method: 250 texts, three pages of each list, the one looked for the oldest; the range ends on the next day.
TEST_F(TwilioFind, ReadsEveryPage) {
  for (const char* page_uris : {"relative", "absolute"}) {
    turn({{"page_uris", page_uris}, {"text_progress_ms", 0}});
    clock.at += minute * 10;
    const Instant begin = clock.at;
    const std::string sid = text();
    for (int i = 0; i < 250; ++i) text("Something else.");
    EXPECT_EQ(sids_found(a_query(begin, begin + std::chrono::hours{3})), Sids{sid}) << page_uris;
  }
}

// Goal: a list too long to be read to its end proves nothing, unless it has gone back beyond the text.
// Method: more texts than are read, all newer than the range; then all older.
TEST_F(TwilioFind, DoesNotTellFromHalfAList) {
  turn({{"text_progress_ms", 0}});
  clock.at = evening + minute * 30;
  for (int i = 0; i <= twilio::pages_max * twilio::page_size; ++i) text("Something else.");
  EXPECT_THAT(why_not(), HasSubstr("longer than 1000"));
  clock.at = evening + minute * 60;
  const std::string sid = text();
  EXPECT_EQ(sids_found(a_query(clock.at - minute, clock.at)), Sids{sid});
}

// Goal: a list that lags says nothing is there, and nothing more than that.
// Method: a list a minute behind, then a look a minute later.
TEST_F(TwilioFind, FindsNothingInAListThatLags) {
  turn({{"list_lag_ms", 59'000}});
  const std::string sid = text();
  EXPECT_EQ(sids_found(), Sids{});
  clock.at += minute;
  EXPECT_EQ(sids_found(), Sids{sid});
}

// Goal: a look-up that fails anywhere on its way cannot tell; it never says that a text is absent.
// Method: each fault in the first list, and in the second.
TEST_F(TwilioFind, CannotTellWhenTheListFails) {
  account.timeout = std::chrono::milliseconds{200};
  carrier = std::make_unique<TwilioCarrier>(http, account);
  const std::vector<json> faults = {{{"do", "refuse"}, {"code", 20003}}, {{"do", "rate_limit"}},
                                    {{"do", "fail_before_accepting"}},   {{"do", "hang_before_accepting"}},
                                    {{"do", "answer_garbage"}},          {{"do", "close_before_accepting"}},
                                    {{"do", "close_after_accepting"}}};
  for (json fault : faults) {
    fault["on"] = "list_texts";
    fault["next"] = 1;
    turn({{"api_faults", json::array({fault})}});
    EXPECT_THAT(why_not(), HasSubstr("list")) << fault;
    EXPECT_EQ(sids_found(), Sids{}) << "the fault is over";
  }
  account.auth_token = "old";
  carrier = std::make_unique<TwilioCarrier>(http, account);
  EXPECT_THAT(why_not(), HasSubstr("HTTP 401"));
  practice->stop();
  EXPECT_THAT(why_not(), HasSubstr("no list"));
}

// Goal: a failure in the second list is not overlooked because the first was read.
// Method: a transport that answers the first request only.
TEST(TwilioFindLists, AreBothNeeded) {
  for (const int failing : {1, 2}) {
    int asked = 0;
    const TwilioCarrier::Transport transport = [&](const net::ClientRequest&, const net::HttpClient::Done& done) {
      done(answered_with(R"({"messages":[],"next_page_uri":null})", ++asked == failing ? 500 : 200));
    };
    int answers = 0;
    twilio::find_messages(transport, {}, "t", a_query(), [&](const FindAnswer& answer) {
      ++answers;
      EXPECT_TRUE(std::holds_alternative<CannotTell>(answer));
    });
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(asked, failing);
  }
}

// Goal: a list without an end ends.
// Method: a server whose every page names a next one.
TEST(TwilioFindLists, AreReadForTenPagesAtMost) {
  int asked = 0;
  const TwilioCarrier::Transport endless =
      server_of(R"({"messages":[],"next_page_uri":"/2010-04-01/Accounts/AC1/Messages.json?Page=1"})", asked);
  bool could_tell = true;
  twilio::find_messages(endless, account_one(), "t", a_query(),
                        [&](const FindAnswer& answer) { could_tell = std::holds_alternative<Found>(answer); });
  EXPECT_FALSE(could_tell);
  EXPECT_EQ(asked, twilio::pages_max);
}

// Goal: the requests are exactly what Twilio's list asks for, and signed in.
// Method: both lists' first requests, whole; and where a second page is asked for.
TEST(TwilioFindLists, AreAskedForLikeThis) {
  std::vector<net::ClientRequest> requests;
  const TwilioCarrier::Transport transport = [&](net::ClientRequest request, const net::HttpClient::Done& done) {
    const bool is_first = requests.empty();
    requests.push_back(std::move(request));
    done(answered_with(
        is_first
            ? R"({"messages":[],"next_page_uri":"https://x.invalid/2010-04-01/Accounts/AC1/Messages.json?A=b"})"
            : R"({"messages":[],"next_page_uri":null})"));
  };
  twilio::find_messages(transport, account_one(), "secret", a_query(),
                        [](const FindAnswer& answer) { EXPECT_TRUE(std::holds_alternative<Found>(answer)); });
  const std::string list = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json";
  const std::string pair = "?PageSize=100&To=%2B14155550101&From=%2B15550001111";
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].url, list + pair + "&DateSent%3E=2026-01-03&DateSent%3C=2026-01-05");
  EXPECT_EQ(requests[1].url, list + "?A=b");
  EXPECT_EQ(requests[2].url, list + pair);
  for (const net::ClientRequest& request : requests) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.user, "AC1");
    EXPECT_EQ(request.password, "secret");
    EXPECT_EQ(request.body, "");
    EXPECT_EQ(request.response_bytes_max, twilio::page_bytes_max);
  }
}

// Goal: no list can break us, whatever a network puts into it.
// Method: random JSON-like text around what a list is made of.
RC_GTEST_PROP(TwilioFindLists, SurviveAnyBody, ()) {
  const std::string body =
      a_list_gone_wrong("messages", {"\"sid\":\"SM1\"", "\"date_created\":\"Sat, 03 Jan 2026 10:15:30 +0000\""});
  const Result<twilio::Page> page = twilio::read_page(answered_with(body), a_query(), "AC1");
  RC_ASSERT(page || !page.error().message.empty());
}

struct BadPage {
  std::string name;
  std::string body;
};

class TwilioBadPages : public testing::TestWithParam<BadPage> {};

// Goal: a page of which anything that matters cannot be read says nothing, and nobody's address but ours is asked.
// Method: pages that are nearly right.
TEST_P(TwilioBadPages, CannotBeRead) {
  EXPECT_FALSE(twilio::read_page(answered_with(GetParam().body), a_query(), "AC1").has_value());
}

std::string page_with_next(const std::string& uri) {
  return json{{"messages", json::array()}, {"next_page_uri", uri}}.dump();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TwilioBadPages,
    testing::Values(
        BadPage{"Empty", ""}, BadPage{"NotJson", "<html>"}, BadPage{"CutOff", R"({"messages":[)"},
        BadPage{"NoList", "{}"}, BadPage{"ListOfAnotherKind", R"({"messages":{}})"},
        BadPage{"ItemOfAnotherKind", R"({"messages":["SM1"]})"},
        BadPage{"NoSid", R"({"messages":[{"date_created":"Sat, 03 Jan 2026 10:15:30 +0000"}]})"},
        BadPage{"NoDate", R"({"messages":[{"sid":"SM1"}]})"},
        BadPage{"BadDate", R"({"messages":[{"sid":"SM1","date_created":"yesterday"}]})"},
        BadPage{"NextOfAnotherAccount", page_with_next("/2010-04-01/Accounts/AC2/Messages.json?Page=1")},
        BadPage{"NextOfAnotherKind", page_with_next("/2010-04-01/Accounts/AC1/Calls.json?Page=1")},
        BadPage{"NextWithoutQuery", page_with_next("/2010-04-01/Accounts/AC1/Messages.json")},
        BadPage{"NextOnAnotherHost", page_with_next("//x.invalid/2010-04-01/Accounts/AC1/Messages.json?Page=1")},
        BadPage{"NextByUserinfo", page_with_next("@x.invalid/2010-04-01/Accounts/AC1/Messages.json?Page=1")},
        BadPage{"NextByOtherScheme", page_with_next("ftp://x/2010-04-01/Accounts/AC1/Messages.json?Page=1")},
        BadPage{"NextWithLineBreak", page_with_next("/2010-04-01/Accounts/AC1/Messages.json?Page=1\r\nX: y")},
        BadPage{"NextTooLong",
                page_with_next("/2010-04-01/Accounts/AC1/Messages.json?" + std::string(2'000, 'a'))}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace jobrun::carrier
