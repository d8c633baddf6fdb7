#include "calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "practice_test_support.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::carrier {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* number = "+15550001111";

using Calls = Result<std::vector<ListedCall>>;

std::string why_not(const Calls& calls) {
  return calls ? "(it could tell)" : calls.error().message;
}

/// The practice carrier, through which people call, and our listing of it. Nobody answers its webhooks.
class TwilioCalls : public UnheardAccount {
 protected:
  /// Somebody calls, of whom no webhook tells; returns the call's sid.
  std::string call(json order = json::object()) {
    order.update({{"from", "+14155550123"}, {"to", number}, {"voice", false}, {"status", false}, {"wait", true}});
    return practise("POST", "calls", order)["call_sids"][0];
  }
  Calls list(Instant from, Instant to) {
    TwilioCarrier carrier(http, account);
    return told<Calls>([&](auto done) { carrier.list_calls({from, to}, done); });
  }
  Calls children(const std::string& parent) {
    TwilioCarrier carrier(http, account);
    return told<Calls>([&](auto done) { carrier.list_children(*CallSid::parse(parent), done); });
  }
  Result<ListedCall> find(const std::string& sid) {
    TwilioCarrier carrier(http, account);
    return told<Result<ListedCall>>([&](auto done) { carrier.find_call(*CallSid::parse(sid), done); });
  }
};

// Goal: a listed call says all that its final webhook would have said.
// Method: a call for each final status, one of them sent on by another phone; asked for by list and by its sid.
TEST_F(TwilioCalls, SayWhatTheirWebhooksWouldHaveSaid) {
  for (const CallStatus status : final_call_statuses) {
    const std::string sid = call({{"scenario", name_of(status)}, {"forwarded_from", "+14155550990"}});
    const Calls listed = list(evening, evening);
    ASSERT_TRUE(listed) << why_not(listed);
    const auto in_list =
        std::ranges::find(*listed, sid, [](const ListedCall& each) { return each.call_sid.text(); });
    ASSERT_NE(in_list, listed->end());
    const Result<ListedCall> found = find(sid);
    ASSERT_TRUE(found) << found.error().message;
    for (const ListedCall& told : {*in_list, *found}) {
      EXPECT_EQ(told.call_sid.text(), sid);
      EXPECT_EQ(told.status, status);
      EXPECT_EQ(told.status_text, name_of(status));
      EXPECT_EQ(told.caller.text(), "+14155550123");
      EXPECT_EQ(told.number, E164::parse(number).value());
      EXPECT_EQ(told.number_text, number);
      EXPECT_EQ(told.forwarded_from, E164::parse("+14155550990").value());
      EXPECT_TRUE(told.is_inbound);
      EXPECT_FALSE(told.parent);
      EXPECT_EQ(told.started_at, evening);
      EXPECT_EQ(told.ended_at, evening);
      EXPECT_FALSE(told.machine_answered);
    }
  }
}

// Goal: a window holds the calls that began in it, its ends included.
// Method: calls a minute apart, windows around, between and on them.
TEST_F(TwilioCalls, AreListedByWhenTheyBegan) {
  for (int i = 0; i < 3; ++i) {
    call();
    clock.at += minute;
  }
  const auto count = [&](Duration from, Duration to) {
    const Calls listed = list(evening + from, evening + to);
    EXPECT_TRUE(listed) << why_not(listed);
    return listed ? listed->size() : 0;
  };
  EXPECT_EQ(count(Duration{0}, 2 * minute), 3U);
  EXPECT_EQ(count(minute, minute), 1U);
  EXPECT_EQ(count(minute + Duration{2'000}, 2 * minute - Duration{2'000}), 0U);
  EXPECT_EQ(count(-minute, minute), 2U);
  EXPECT_EQ(count(2 * minute, 10 * minute), 1U);
}

// Goal: of many calls all are listed.
// Method: two pages and a bit of a third; both spellings of the next page.
TEST_F(TwilioCalls, AreListedPageByPage) {
  constexpr int count = 2 * twilio::calls_per_page + 1;
  call({{"times", count}});
  for (const char* page_uris : {"relative", "absolute"}) {
    turn({{"page_uris", page_uris}});
    const Calls listed = list(evening, evening);
    ASSERT_TRUE(listed) << why_not(listed);
    std::set<CallSid> sids;
    for (const ListedCall& each : *listed) sids.insert(each.call_sid);
    EXPECT_EQ(sids.size(), static_cast<std::size_t>(count)) << page_uris;
  }
}

// Goal: a listing that fails anywhere on its way is never a short or an empty list, and a call that the carrier
// has not got is told from one that cannot be asked about.
// Method: each fault on the first page and on the second, and at one call; refused credentials; nobody there.
TEST_F(TwilioCalls, CannotBeToldWhenTheListFails) {
  const std::string sid = call({{"times", twilio::calls_per_page + 1}});
  account.timeout = std::chrono::milliseconds{300};
  for (json fault : faults_of_a_list()) {
    fault["on"] = "list_calls";
    fault["next"] = 1;
    turn({{"api_faults", json::array({fault})}});
    EXPECT_FALSE(list(evening, evening)) << fault;
    const json slow = {{"on", "list_calls"}, {"do", "slow"}, {"ms", 1}, {"next", 1}};
    turn({{"api_faults", json::array({slow, fault})}});
    EXPECT_FALSE(list(evening, evening)) << "on the second page: " << fault;
    turn({{"api_faults", json::array({fault})}});
    EXPECT_FALSE(children(sid)) << fault;
    fault["on"] = "fetch_call";
    turn({{"api_faults", json::array({fault})}});
    const Result<ListedCall> found = find(sid);
    ASSERT_FALSE(found) << fault;
    EXPECT_NE(found.error().kind, ErrorKind::not_found) << fault;
  }
  EXPECT_TRUE(list(evening, evening));
  EXPECT_TRUE(children(sid));
  EXPECT_TRUE(find(sid));
  EXPECT_EQ(find("CA00000000000000000000000000000000").error().kind, ErrorKind::not_found);
  account.auth_token = "old";
  EXPECT_FALSE(list(evening, evening));
  practice->stop();
  EXPECT_FALSE(list(evening, evening));
}

/// A call as Twilio lists it.
json a_listed_call() {
  return {{"sid", "CA1"},
          {"parent_call_sid", nullptr},
          {"direction", "inbound"},
          {"from", "+14155550123"},
          {"to", number},
          {"forwarded_from", nullptr},
          {"status", "no-answer"},
          {"start_time", "Sat, 03 Jan 2026 22:00:00 +0000"},
          {"end_time", "Sat, 03 Jan 2026 22:00:22 +0000"},
          {"date_created", "Sat, 03 Jan 2026 21:59:59 +0000"},
          {"duration", "22"},
          {"answered_by", nullptr}};
}

std::string page_of(const json& call, const json& next = nullptr) {
  return json{{"calls", json::array({call})}, {"next_page_uri", next}}.dump();
}

Result<ListedCall> read(const json& call) {
  Result<twilio::CallsPage> page = twilio::read_calls_page(answered_with(page_of(call)), "AC1");
  if (!page) return std::unexpected(page.error());
  return page->items.at(0);
}

// Goal: the requests are exactly what Twilio's lists ask for, and signed in.
// Method: the first page of a window, of a call's legs, the page that follows, and one call.
TEST(TwilioCallLists, AreAskedForLikeThis) {
  const TwilioCarrier::Options options = account_one();
  const std::string list = "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls";
  EXPECT_EQ(
      twilio::first_calls_request(options, "secret", {evening, evening + minute}).url,
      list + ".json?PageSize=1000&StartTime%3E=2026-01-03T22%3A00%3A00Z&StartTime%3C=2026-01-03T22%3A01%3A01Z");
  EXPECT_EQ(twilio::first_children_request(options, "secret", *CallSid::parse("CA1")).url,
            list + ".json?PageSize=1000&ParentCallSid=CA1");
  const net::ClientRequest one = twilio::call_request(options, "secret", *CallSid::parse("CA1"));
  EXPECT_EQ(one.url, list + "/CA1.json");
  EXPECT_EQ(one.method, "GET");
  EXPECT_EQ(one.user, "AC1");
  EXPECT_EQ(one.password, "secret");
}

// Goal: a list without an end ends, and is not told as if it were whole.
// Method: a server whose every page names a next one.
TEST(TwilioCallLists, AreReadForFiftyPagesAtMost) {
  int asked = 0;
  const TwilioCarrier::Transport endless =
      server_of(page_of(a_listed_call(), "/2010-04-01/Accounts/AC1/Calls.json?Page=1"), asked);
  std::string told;
  twilio::list_calls(endless, account_one(), "t", {}, [&](const Calls& calls) { told = why_not(calls); });
  EXPECT_THAT(told, HasSubstr("longer than 50000 calls"));
  EXPECT_EQ(asked, twilio::call_pages_max);
}

// Goal: what Twilio may leave out, or tell in other words, is read as it is meant.
// Method: a call without start and end, a leg taken by a machine, a hidden caller, a word nobody knows.
TEST(TwilioCallLists, AreReadAsTheyAreMeant) {
  json call = a_listed_call();
  for (const char* name : {"start_time", "end_time", "duration"}) call[name] = nullptr;
  for (const char* name : {"answered_by", "forwarded_from", "parent_call_sid"}) call.erase(name);
  ASSERT_TRUE(read(call)) << read(call).error().message;
  EXPECT_EQ(read(call)->started_at, evening - Duration{1'000}) << "when it was created";
  EXPECT_EQ(read(call)->ended_at, std::nullopt);
  EXPECT_EQ(read(call)->duration, Duration{0});

  json leg = a_listed_call();
  leg.update({{"parent_call_sid", "CA9"}, {"direction", "outbound-dial"}, {"answered_by", "machine_start"}});
  EXPECT_EQ(read(leg)->parent, *CallSid::parse("CA9"));
  EXPECT_FALSE(read(leg)->is_inbound);
  EXPECT_TRUE(read(leg)->machine_answered);
  EXPECT_EQ(read(leg)->duration, Duration{22'000});
  leg["answered_by"] = "human";
  EXPECT_FALSE(read(leg)->machine_answered);

  json hidden = a_listed_call();
  hidden["from"] = nullptr;
  EXPECT_EQ(read(hidden)->caller.kind(), CallerKind::withheld);
  hidden["to"] = "client:" + std::string(200, 'x');
  EXPECT_FALSE(read(hidden)->number);
  EXPECT_EQ(read(hidden)->number_text.size(), 64U);
  hidden["status"] = "flown" + std::string(200, 'x');
  EXPECT_EQ(read(hidden)->status, CallStatus::unrecognised);
  EXPECT_EQ(read(hidden)->status_text.size(), 32U);
}

// Goal: a page of which anything that matters cannot be read says nothing: a call left out would never be found.
// Method: a good page; each member that must be there missing, each of a wrong kind or without sense; pages that
// are nearly right.
TEST(TwilioCallLists, CannotBeReadInPart) {
  ASSERT_TRUE(read(a_listed_call())) << read(a_listed_call()).error().message;
  for (const char* name : {"sid", "direction", "from", "to", "status"}) {
    json call = a_listed_call();
    call.erase(name);
    EXPECT_FALSE(read(call)) << name;
  }
  const json whole = a_listed_call();
  for (const auto& [name, value] : whole.items()) {
    json call = whole;
    call[name] = 7;
    EXPECT_FALSE(read(call)) << name;
  }
  for (const auto& [name, value] : std::vector<std::pair<std::string, json>>{{"sid", ""},
                                                                             {"sid", nullptr},
                                                                             {"status", ""},
                                                                             {"start_time", "yesterday"},
                                                                             {"end_time", "2026-01-03"},
                                                                             {"duration", "-1"},
                                                                             {"duration", "22 s"},
                                                                             {"duration", "99999999999999999999"},
                                                                             {"parent_call_sid", "a leg"}}) {
    json call = whole;
    call[name] = value;
    EXPECT_FALSE(read(call)) << name << " " << value;
  }
  json timeless = whole;
  timeless["start_time"] = nullptr;
  timeless["date_created"] = nullptr;
  EXPECT_FALSE(read(timeless));
  for (const char* body : {"", "<html>", "{}", R"({"calls":["CA1"],"next_page_uri":null})", R"({"calls":[]})",
                           R"({"calls":{},"next_page_uri":null})"}) {
    EXPECT_FALSE(twilio::read_calls_page(answered_with(body), "AC1")) << body;
  }
  EXPECT_FALSE(twilio::read_calls_page(
      answered_with(page_of(whole, "https://x.invalid/2010-04-01/Accounts/AC2/Calls.json?Page=1")), "AC1"));
}

// Goal: an answer about another call is no answer.
// Method: the call asked for, and another one.
TEST(TwilioCallLists, OneCallIsTheOneAskedFor) {
  const net::ClientResult result = answered_with(a_listed_call().dump());
  EXPECT_TRUE(twilio::read_call(result, *CallSid::parse("CA1")));
  EXPECT_FALSE(twilio::read_call(result, *CallSid::parse("CA2")));
  EXPECT_FALSE(twilio::read_call(answered_with("[]"), *CallSid::parse("CA1")));
}

// Goal: no list can break us, whatever a network puts into it.
// Method: random JSON-like text around what a list is made of.
RC_GTEST_PROP(TwilioCallLists, SurviveAnyBody, ()) {
  const std::string body = a_list_gone_wrong("calls", {"\"sid\":\"CA1\"", "\"status\":\"busy\""});
  const Result<twilio::CallsPage> page = twilio::read_calls_page(answered_with(body), "AC1");
  RC_ASSERT(page || !page.error().message.empty());
}

}  // namespace
}  // namespace jobrun::carrier
