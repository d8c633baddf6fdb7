#include "alert/direct_alarm.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace jobrun::alert {
namespace {

struct HeldClock final : Clock {
  std::chrono::nanoseconds passed{0};
  Instant now() const override {
    return from_unix_ms(1'767'268'800'000) + std::chrono::duration_cast<Duration>(passed);
  }
  std::chrono::nanoseconds monotonic() const override { return passed; }
};

struct HeldChannel final : AlertChannel {
  std::vector<AlertRecord> told;
  std::vector<Done> waiting;
  AlertWay way() const override { return AlertWay::webhook; }
  Result<AlertRecipient> recipient_of(const AlertRequest&) override { return AlertRecipient{}; }
  void send(AlertLetter letter, Done done) override {
    told.push_back(letter.alerts.front());
    waiting.push_back(std::move(done));
  }
};

AlertRequest a_request() {
  AlertRequest request;
  request.kind = AlertKind::spool_used;
  request.summary = "The database cannot be written.";
  return request;
}

// Goal: every channel is told at once, and again only after the wait: short when none has accepted, long when one
// has; when it is over, the next time is told at once.
// Method: two channels, asked every second.
TEST(DirectAlarm, TellsUntilSomebodyHasHeard) {
  HeldClock clock;
  HeldChannel deaf;
  HeldChannel good;
  DirectAlarm alarm({&deaf, &good}, clock,
                    {.again_after = std::chrono::seconds(60), .retry_after = std::chrono::seconds(10)});
  const auto tell_for = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      alarm.tell(a_request());
      clock.passed += std::chrono::seconds(1);
    }
  };
  tell_for(10);
  ASSERT_EQ(good.told.size(), 1U);
  EXPECT_EQ(deaf.told.size(), 1U);
  EXPECT_LT(good.told[0].id.value, 0);
  EXPECT_EQ(good.told[0].request.summary, a_request().summary);
  tell_for(1);
  ASSERT_EQ(good.told.size(), 2U);
  EXPECT_NE(good.told[1].id, good.told[0].id);
  good.waiting[1]({});
  deaf.waiting[1]({AlertAnswer::not_reached, "deaf"});
  tell_for(59);
  EXPECT_EQ(good.told.size(), 2U);
  tell_for(1);
  EXPECT_EQ(good.told.size(), 3U);
  alarm.over();
  tell_for(1);
  EXPECT_EQ(good.told.size(), 4U);
}

// Goal: what a channel answers late, of an earlier time, silences nothing now; nor does it need the alarm.
// Method: an answer to the first telling after the second; one after the alarm is gone.
TEST(DirectAlarm, IsNotSilencedByALateAnswer) {
  HeldClock clock;
  HeldChannel channel;
  {
    DirectAlarm alarm({&channel}, clock,
                      {.again_after = std::chrono::seconds(60), .retry_after = std::chrono::seconds(10)});
    alarm.tell(a_request());
    clock.passed += std::chrono::seconds(10);
    alarm.tell(a_request());
    channel.waiting[0]({});
    clock.passed += std::chrono::seconds(10);
    alarm.tell(a_request());
    EXPECT_EQ(channel.told.size(), 3U);
  }
  channel.waiting[2]({});
}

}  // namespace
}  // namespace jobrun::alert
