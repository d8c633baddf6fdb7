#include "pump_thread.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "alert/alert_dispatcher.hpp"
#include "outbox/testing/fake_world.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;

constexpr std::chrono::seconds patience{30};

struct SteadyClock : Clock {
  Instant now() const override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
  std::chrono::nanoseconds monotonic() const override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

/// Does one piece of work after the other on its own thread, in the order submitted.
class WorkerThread {
 public:
  WorkerThread() : thread_([this] { run(); }) {}
  ~WorkerThread() {
    do_later({});
    thread_.join();
  }
  void do_later(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    works_.push_back(std::move(work));
    changed_.notify_one();
  }

 private:
  void run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !works_.empty(); });
      const std::function<void()> work = std::move(works_.front());
      works_.pop_front();
      lock.unlock();
      if (!work) return;
      work();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> works_;
  std::thread thread_;
};

/// The writer: all of the store is touched on its thread alone.
struct WriterJournal : Journal {
  WriterJournal(fake::StoreContents& contents_given, Clock& clock_given)
      : contents(contents_given), clock(clock_given) {}
  void submit(JournalWork work) override {
    writer.do_later([this, work = std::move(work)] {
      const std::lock_guard lock(mutex);
      fake::FakeBatch batch(contents);
      (void)work.write(batch, clock.now());
      work.done({});
      changed.notify_all();
    });
  }
  fake::StoreContents& contents;
  Clock& clock;
  std::mutex mutex;
  std::condition_variable changed;
  WorkerThread writer;
};

struct AcceptingCarrier : Carrier {
  void send(SendPermit, OutgoingText, Done done) override {
    answering.do_later([done = std::move(done)] { done(Accepted{"SM"}); });
  }
  void find(FindQuery, FoundDone done) override { done(CannotTell{"nothing is listed here"}); }
  Refused why_lost(Account, int) const override { return {}; }
  WorkerThread answering;
};

struct SilentCarrier : Carrier {
  void send(SendPermit, OutgoingText, Done done) override {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(done));
    changed.notify_all();
  }
  void find(FindQuery, FoundDone done) override { done(CannotTell{"nothing is listed here"}); }
  Refused why_lost(Account, int) const override { return {}; }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Done> waiting;
};

/// A dispatcher between real threads, over the contents of a world.
struct Threads {
  explicit Threads(Carrier& carrier, outbox::DispatcherOptions options)
      : dispatcher({journal, carrier, world.plan, world.meter, world.log, clock, world.random,
                    [this](TextRow after, std::int64_t limit) {
                      const std::lock_guard lock(journal.mutex);
                      return world.promised_after(after, limit);
                    }},
                   options) {}
  void promise(std::uint64_t caller) {
    std::vector<TextRecord> texts;
    {
      const std::lock_guard lock(journal.mutex);
      world.clock.wall = clock.now();
      texts.push_back(world.keep_promise(world.intake(caller)));
    }
    dispatcher.promised(std::move(texts));
  }
  bool wait_until_all(TextState state) {
    std::unique_lock lock(journal.mutex);
    return journal.changed.wait_for(lock, patience, [&] {
      return std::ranges::all_of(world.contents.texts,
                                 [&](const auto& entry) { return entry.second.text.state == state; });
    });
  }
  fake::World world;
  SteadyClock clock;
  WriterJournal journal{world.contents, clock};
  outbox::Dispatcher dispatcher;
};

outbox::DispatcherOptions without_rate() {
  outbox::DispatcherOptions options;
  options.texts_per_second = 0;
  options.window = 64;
  options.in_flight_max = 16;
  return options;
}

// Goal: between real threads every promised text is sent once and accepted, also beyond the window.
// Method: 500 texts promised one by one while the outbox runs.
TEST(PumpThread, CarriesEverythingThatIsPromised) {
  AcceptingCarrier carrier;
  Threads threads(carrier, without_rate());
  PumpThread thread(threads.dispatcher);
  for (std::uint64_t i = 0; i < 500; ++i) threads.promise(14155550000 + i);
  EXPECT_TRUE(threads.wait_until_all(TextState::accepted));
  thread.stop(patience);
  for (const auto& [row, stored] : threads.world.contents.texts) EXPECT_EQ(stored.starts, 1) << row;
}

// Goal: stopping waits for texts in flight to be answered and recorded.
// Method: stop while one text is with the carrier, answer it meanwhile.
TEST(PumpThread, StopWaitsForAnswersInFlight) {
  SilentCarrier carrier;
  Threads threads(carrier, without_rate());
  PumpThread thread(threads.dispatcher);
  threads.promise(14155550101);
  std::unique_lock lock(carrier.mutex);
  ASSERT_TRUE(carrier.changed.wait_for(lock, patience, [&] { return !carrier.waiting.empty(); }));
  lock.unlock();
  std::thread stopping([&] { thread.stop(patience); });
  carrier.waiting[0](Accepted{"SM1"});
  stopping.join();
  const std::lock_guard journal_lock(threads.journal.mutex);
  EXPECT_EQ(threads.world.contents.texts.at(1).text.state, TextState::accepted);
}

// Goal: stopping does not wait for a silent carrier beyond its grace.
// Method: a carrier that never answers, no grace; the text stays `started`.
TEST(PumpThread, StopGivesUpAfterItsGrace) {
  SilentCarrier carrier;
  Threads threads(carrier, without_rate());
  PumpThread thread(threads.dispatcher);
  threads.promise(14155550101);
  std::unique_lock lock(carrier.mutex);
  ASSERT_TRUE(carrier.changed.wait_for(lock, patience, [&] { return !carrier.waiting.empty(); }));
  lock.unlock();
  thread.stop(std::chrono::milliseconds{0});
  const std::lock_guard journal_lock(threads.journal.mutex);
  EXPECT_EQ(threads.world.contents.texts.at(1).text.state, TextState::started);
}

// --- alerts -----------------------------------------------------------------------------------------------

/// Accepts at once; keeps what it was sent.
struct AcceptingChannel : AlertChannel {
  AlertWay way() const override { return AlertWay::webhook; }
  Result<AlertRecipient> recipient_of(const AlertRequest&) override { return AlertRecipient{}; }
  void send(AlertLetter letter, Done done) override {
    {
      const std::lock_guard lock(mutex);
      sent.push_back(letter.alerts.front().id.value);
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
    bool record_alert_accepted(AlertId, AlertWay, std::span<const AlertWay>, Instant) override {
      return !alert.is_accepted.exchange(true);
    }
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
TEST(PumpThread, SendsWhatIsRaisedAndSettlesItBeforeItStops) {
  fake::ManualClock clock;
  fake::SeededRandom random;
  fake::RecordingMeter meter;
  fake::RecordingLog log;
  OneAlert journal;
  AcceptingChannel channel;
  alert::AlertDispatcher dispatcher(
      {journal,
       meter,
       log,
       clock,
       random,
       [&](AlertWay, Instant, std::int64_t) { return journal.due(); },
       [](AlertWay, std::string_view, Instant, Instant) { return std::vector<Instant>(); },
       {&channel}},
      {});
  PumpThread thread(dispatcher);
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
}  // namespace jobrun::app
