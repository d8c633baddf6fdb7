#include "alert/alert_thread.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::alert {
namespace {

namespace fake = outbox::testing;
constexpr std::chrono::seconds patience{30};

/// Accepts at once; keeps what it was sent.
struct AcceptingChannel : AlertChannel {
  std::string name() const override { return "accepting"; }
  void send(const AlertRecord& alert, Done done) override {
    {
      const std::lock_guard lock(mutex);
      sent.push_back(alert.id.value);
      changed.notify_all();
    }
    done({});
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::int64_t> sent;
};

/// One alert, due until its acceptance is recorded. Does its work at once, on the submitter's thread.
struct OneAlert : Journal {
  struct Batch : fake::FakeBatch {
    Batch(fake::StoreContents& contents, OneAlert& alert_given) : FakeBatch(contents), alert(alert_given) {}
    void record_alert_accepted(AlertId, Instant) override { alert.is_accepted = true; }
    OneAlert& alert;
  };
  void submit(JournalWork work) override {
    fake::StoreContents contents;
    Batch batch(contents, *this);
    (void)work.write(batch, Instant{});
    work.done({});
  }
  std::vector<AlertRecord> due() const {
    AlertRecord record;
    record.id = AlertId{1};
    return is_raised && !is_accepted ? std::vector{record} : std::vector<AlertRecord>{};
  }
  std::atomic<bool> is_raised{false};
  std::atomic<bool> is_accepted{false};
};

// Goal: a raised alert reaches the channel and is settled, and stopping waits for that.
// Method: raise one while the thread runs; stop with grace.
TEST(AlertThread, SendsWhatIsRaisedAndSettlesItBeforeItStops) {
  fake::ManualClock clock;
  fake::SeededRandom random;
  fake::RecordingMeter meter;
  fake::RecordingLog log;
  OneAlert journal;
  AcceptingChannel channel;
  AlertDispatcher dispatcher(
      {journal, meter, log, clock, random, [&](Instant, std::int64_t) { return journal.due(); }, {&channel}}, {});
  AlertThread thread(dispatcher);
  journal.is_raised = true;
  dispatcher.raised();
  std::unique_lock lock(channel.mutex);
  ASSERT_TRUE(channel.changed.wait_for(lock, patience, [&] { return !channel.sent.empty(); }));
  lock.unlock();
  thread.stop(patience);
  EXPECT_TRUE(journal.is_accepted);
  EXPECT_EQ(channel.sent.size(), 1U);
}

}  // namespace
}  // namespace jobrun::alert
