// What every store keeps of calls that ring phones and of messages that callers leave.
#include <gmock/gmock.h>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

const CallSid leg = sid("CAleg");

Commit a_call_that_rings(const std::string& call_sid, ClientId client) {
  Commit commit;
  commit.new_call = NewCall{.call_sid = sid(call_sid),
                            .caller = Caller::parse(caller.text()),
                            .number_text = business_number.text(),
                            .role = NumberRole::operational,
                            .role_source = RoleSource::pool,
                            .client = client,
                            .origin = Origin::voice,
                            .forwarded_from = owner_phone,
                            .verification = CallerVerification::not_verified};
  commit.event_key = "voice";
  commit.origin = Origin::voice;
  commit.deadline = noon + 5 * minute;
  commit.rings = true;
  commit.longer = 2 * minute;
  return commit;
}

Commit about(CallId call, std::string key) {
  Commit commit;
  commit.call = call;
  commit.event_key = std::move(key);
  commit.origin = Origin::voice;
  return commit;
}

class RingingContract : public StoreContract {
 protected:
  CallRecord call_now(const std::string& call_sid = "CA1") {
    std::optional<CallRecord> found;
    in_batch(store(), [&](StoreBatch& batch) { found = batch.find_call(sid(call_sid)); });
    return found.value();
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, RingingContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Goal: that phones ring, who has taken the call, and that he has not after all, is known from then on, and after
// a restart.
TEST_P(RingingContract, WhoHasTakenACallIsKept) {
  const ClientId client = add_client(store());
  write(a_call_that_rings("CA1", client));
  CallRecord call = call_now();
  EXPECT_EQ(call.rung_at, noon);
  EXPECT_EQ(call.forwarded_from, owner_phone);
  EXPECT_EQ(call.verification, CallerVerification::not_verified);
  EXPECT_FALSE(call.taken_by);
  EXPECT_FALSE(call.message);

  Commit accepted = about(call.id, "accepted:CAleg");
  accepted.rings = true;
  accepted.acceptance = Acceptance{leg};
  write(accepted, noon + minute);
  reopen();
  EXPECT_EQ(call_now().taken_by, leg);
  EXPECT_EQ(call_now().rung_at, noon) << "since it first rang";

  Commit void_again = about(call.id, "rung:CAleg");
  void_again.acceptance = Acceptance{};
  write(void_again, noon + 2 * minute);
  EXPECT_FALSE(call_now().taken_by);
}

// Goal: while people talk a call has no deadline, and no incident opens; without them it has one again.
TEST_P(RingingContract, NoDeadlineHoldsWhilePeopleTalk) {
  const ClientId client = add_client(store());
  write(a_call_that_rings("CA1", client));
  const CallId call = call_now().id;
  Commit accepted = about(call, "accepted:CAleg");
  accepted.acceptance = Acceptance{leg};
  write(accepted);
  const auto overdue_at = [&](Instant now) {
    std::int64_t added = 0;
    in_batch(store(), [&](StoreBatch& batch) { added = batch.look_for_overdue_calls(now, 10).calls_added; });
    return added;
  };
  EXPECT_EQ(overdue_at(noon + 300 * minute), 0);
  Commit void_again = about(call, "rung:CAleg");
  void_again.acceptance = Acceptance{};
  void_again.deadline = noon + 310 * minute;
  write(void_again, noon + 301 * minute);
  EXPECT_EQ(overdue_at(noon + 309 * minute), 0);
  EXPECT_EQ(overdue_at(noon + 311 * minute), 1);
}

// Goal: a call that may last longer than others is asked about only when that is over.
TEST_P(RingingContract, LongerCallsAreAskedAboutLater) {
  const ClientId client = add_client(store());
  write(a_call_that_rings("CA1", client));
  const auto reader = store().reader();
  EXPECT_THAT(reader->calls_without_end(noon, 10), IsEmpty());
  EXPECT_THAT(reader->calls_without_end(noon + 2 * minute - Duration{1}, 10), IsEmpty());
  EXPECT_THAT(reader->calls_without_end(noon + 2 * minute, 10), testing::ElementsAre(sid("CA1")));
}

// Goal: how often phones rang of late is counted for one caller and one number.
TEST_P(RingingContract, CallsThatRangAreCountedByCallerAndNumber) {
  const ClientId client = add_client(store());
  write(a_call_that_rings("CA1", client), noon);
  write(a_call_that_rings("CA2", client), noon + minute);
  Commit silent = a_call_that_rings("CA3", client);
  silent.rings = false;
  write(silent, noon + minute);
  in_batch(store(), [&](StoreBatch& batch) {
    const Caller same = Caller::parse(caller.text());
    EXPECT_EQ(batch.calls_rung_since(same, business_number, noon), 2);
    EXPECT_EQ(batch.calls_rung_since(same, business_number, noon + minute), 1);
    EXPECT_EQ(batch.calls_rung_since(same, business_number, noon + 2 * minute), 0);
    EXPECT_EQ(batch.calls_rung_since(Caller::parse(other_caller.text()), business_number, noon), 0);
    EXPECT_EQ(batch.calls_rung_since(same, owner_phone, noon), 0);
  });
}

// Goal: a message is kept once, whatever is learned of it and when, and stands in the timeline of its call.
TEST_P(RingingContract, AMessageIsKeptOnce) {
  const ClientId client = add_client(store());
  write(a_call_that_rings("CA1", client));
  const CallId call = call_now().id;
  Commit left = about(call, "recording:RE1");
  left.recording = Recording{"RE1", "https://api.example.com/RE1", seconds{23}, ""};
  write(left);
  Commit words = about(call, "transcription:RE1");
  words.recording = Recording{"RE1", "", {}, "My tap leaks"};
  write(words, noon + minute);
  const std::optional<MessageLeft> message = call_now().message;
  ASSERT_TRUE(message);
  EXPECT_EQ(message->url, "https://api.example.com/RE1");
  EXPECT_EQ(message->duration, seconds{23});
  const auto timeline = store().reader()->call(sid("CA1"));
  ASSERT_TRUE(timeline);
  EXPECT_EQ(std::ranges::count(timeline->entries, "recording", &TimelineEntry::what), 1);
  EXPECT_THAT(
      timeline->entries,
      Contains(Field(&TimelineEntry::detail, HasSubstr("RE1, 23 s, https://api.example.com/RE1: My tap leaks"))));
}

}  // namespace
}  // namespace jobrun::store
