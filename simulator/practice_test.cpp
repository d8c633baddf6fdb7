// What is remembered and how it is written down, without a network.
#include "practice.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "gate/form.hpp"
#include "timers.hpp"
#include "twilio_json.hpp"

namespace jobrun::simulator {
namespace {

using testing::ElementsAre;

struct Item {
  std::string sid;
};

std::vector<std::string> sids_of(const Ring<Item>& ring) {
  std::vector<std::string> sids;
  ring.newest_first([&](const Item& item, std::uint64_t) {
    sids.push_back(item.sid);
    return true;
  });
  return sids;
}

// Goal: a ring keeps the newest and drops the oldest, by count.
TEST(Rings, KeepTheNewestByCount) {
  Ring<Item> ring(3, 1'000'000);
  for (const char* sid : {"a", "b", "c", "d", "e"}) ring.push({sid}, 0);
  EXPECT_THAT(sids_of(ring), ElementsAre("e", "d", "c"));
  EXPECT_EQ(ring.find("b"), nullptr);
  ASSERT_NE(ring.find("d"), nullptr);
  EXPECT_EQ(ring.find("d")->sid, "d");
  EXPECT_EQ(ring.position("b"), 0U);
  EXPECT_LT(ring.position("c"), ring.position("e"));
}

// Goal: a ring is bounded in bytes too, also when what it holds grows.
TEST(Rings, KeepTheNewestByBytes) {
  const std::size_t each = sizeof(Item) + 100;
  Ring<Item> ring(1'000, 3 * each);
  for (const char* sid : {"a", "b", "c", "d"}) ring.push({sid}, 100);
  EXPECT_THAT(sids_of(ring), ElementsAre("d", "c", "b"));
  ring.grow("d", 1);
  EXPECT_THAT(sids_of(ring), ElementsAre("d", "c"));
  ring.grow("d", 10 * each);
  EXPECT_THAT(sids_of(ring), ElementsAre("d"));
  EXPECT_LE(ring.size(), 1U);
}

// Goal: a cleared ring starts anew and never gives out a position twice.
TEST(Rings, ClearForgetsButPositionsGoOn) {
  Ring<Item> ring(3, 1'000);
  ring.push({"a"}, 0);
  const std::uint64_t position = ring.position("a");
  ring.clear();
  EXPECT_EQ(ring.find("a"), nullptr);
  EXPECT_EQ(ring.bytes(), 0U);
  ring.push({"b"}, 0);
  EXPECT_GT(ring.position("b"), position);
}

// Goal: ids look like Twilio's, do not repeat, and are the same for the same seed only.
TEST(Sids, AreAFunctionOfTheSeed) {
  SidSource first(7);
  SidSource again(7);
  SidSource other(8);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string sid = first.next("SM");
    EXPECT_EQ(sid, again.next("SM"));
    EXPECT_NE(sid, other.next("SM"));
    EXPECT_EQ(sid.size(), 34U);
    EXPECT_TRUE(seen.insert(sid).second);
  }
}

// Goal: numbers appear on first use only where every number is ours, and never without bound.
TEST(Numbers, AreMadeOnFirstUseWithinABound) {
  Practice open{Options{}};
  EXPECT_NE(open.number("+14155550199", Instant{}), nullptr);
  for (std::size_t i = 1; i < numbers_max; ++i) open.number("+1415" + std::to_string(1'000'000 + i), Instant{});
  EXPECT_EQ(open.numbers.size(), numbers_max);
  EXPECT_EQ(open.number("+19995550199", Instant{}), nullptr);
  Options options;
  options.numbers.push_back({*E164::parse("+14155550199"), "http://other:1/base/"});
  Practice closed{options};
  EXPECT_EQ(closed.number("+14155550100", Instant{}), nullptr);
  const NumberRecord* ours = closed.number("+14155550199", Instant{});
  ASSERT_NE(ours, nullptr);
  EXPECT_EQ(closed.voice_url(*ours), "http://other:1/base/twilio/voice");
}

// Goal: receipts are a ring of the size asked for, in order.
TEST(Receipts, AreARing) {
  Practice practice{Options{}};
  practice.note_receipt("+1", 1);
  EXPECT_TRUE(practice.receipts.empty());
  practice.knobs.receipts_kept = 3;
  for (int i = 1; i <= 5; ++i) practice.note_receipt("+1415555010" + std::to_string(i), i);
  std::vector<std::int64_t> times;
  for (const Receipt& receipt : practice.receipts_in_order()) times.push_back(receipt.unix_us);
  EXPECT_THAT(times, ElementsAre(3, 4, 5));
  EXPECT_EQ(practice.receipts_in_order()[2].to_digits, 14155550105U);
}

// Goal: dates are written as Twilio's.
// Method: Twilio's documented example, and the start of time.
TEST(Dates, AreRfc2822) {
  using namespace std::chrono;
  EXPECT_EQ(rfc2822(sys_days{year{2010} / 8 / 16} + 3h + 45min + 1s + 999ms), "Mon, 16 Aug 2010 03:45:01 +0000");
  EXPECT_EQ(rfc2822(Instant{}), "Thu, 01 Jan 1970 00:00:00 +0000");
}

// Goal: filters read days and moments, and nothing else.
TEST(Dates, FiltersReadDaysAndMoments) {
  using namespace std::chrono;
  EXPECT_EQ(parse_moment("2010-08-16")->at, sys_days{year{2010} / 8 / 16});
  EXPECT_TRUE(parse_moment("2010-08-16")->is_day);
  EXPECT_EQ(parse_moment("2010-08-16T03:45:01Z")->at, sys_days{year{2010} / 8 / 16} + 3h + 45min + 1s);
  for (const char* bad : {"", "2010", "2010-13-01", "2010-02-30", "2010-08-16T25:00:00Z", "2010-08-16T03:45",
                          "2010-08-16T03:45:01+02:00", "16 Aug 2010", "-201-08-16", "2010-8-016"}) {
    EXPECT_FALSE(parse_moment(bad).has_value()) << bad;
  }
}

// Goal: whatever a text's body holds, a message is JSON with that very body, bytes that are no UTF-8 aside.
RC_GTEST_PROP(Messages, AreAlwaysJson, (const std::string& body)) {
  TextRecord text;
  text.sid = "SM1";
  text.body = body;
  text.direction = "outbound-api";
  text.status = "queued";
  std::string out;
  append_message(out, text, "AC1");
  const nlohmann::json parsed = nlohmann::json::parse(out, nullptr, false);
  RC_ASSERT(!parsed.is_discarded());
  const std::string expected =
      nlohmann::json::parse(nlohmann::json(body).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (expected == body) RC_ASSERT(parsed["body"] == body);
}

// Goal: what is sent as a form is read back as it was.
RC_GTEST_PROP(Forms, RoundTrip, (const std::vector<std::pair<std::uint16_t, std::uint16_t>>& numbers)) {
  Parameters parameters;
  for (const auto& [name, value] : numbers) {
    if (parameters.size() == 100) break;
    parameters.emplace_back("n" + std::to_string(name % 7) + "&=+ %",
                            "\xC3\xBC\n&" + std::to_string(value) + " +");
  }
  const Result<gate::Form> form = gate::Form::parse(form_encoded(parameters));
  RC_ASSERT(form.has_value());
  RC_ASSERT(form->size() == parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    RC_ASSERT((*form)[i].name == parameters[i].first);
    RC_ASSERT((*form)[i].value == parameters[i].second);
  }
}

// Goal: tasks run in the order of their time, those of the same time in the order given; stop drops the rest.
TEST(TimerTasks, RunInOrderAndStop) {
  Timers timers;
  std::vector<int> ran;
  std::promise<void> last;
  timers.after(std::chrono::milliseconds{30}, [&] {
    ran.push_back(3);
    last.set_value();
  });
  timers.after(std::chrono::milliseconds{1}, [&] { ran.push_back(1); });
  timers.after(std::chrono::milliseconds{2}, [&] { ran.push_back(2); });
  last.get_future().wait();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
  timers.after(std::chrono::hours{1}, [&] { ran.push_back(4); });
  timers.stop();
  timers.after(std::chrono::milliseconds{0}, [&] { ran.push_back(5); });
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace jobrun::simulator
