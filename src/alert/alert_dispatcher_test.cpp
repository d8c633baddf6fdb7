#include "alert/alert_dispatcher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::alert {
namespace {

namespace fake = outbox::testing;

struct StoredAlert {
  AlertRecord alert;
  bool is_accepted = false;
  std::string reason;
};
using Alerts = std::map<std::int64_t, StoredAlert>;

struct AlertBatch : fake::FakeBatch {
  AlertBatch(fake::StoreContents& contents, Alerts& alerts_given) : FakeBatch(contents), alerts(alerts_given) {}
  void record_alert_accepted(AlertId id, Instant) override { alerts.at(id.value).is_accepted = true; }
  void record_alert_failed(AlertId id, std::string_view reason, Instant due_at) override {
    StoredAlert& stored = alerts.at(id.value);
    stored.reason = reason;
    stored.alert.due_at = due_at;
    ++stored.alert.attempts;
  }
  Alerts& alerts;
};

struct AlertJournal : Journal {
  AlertJournal(Alerts& alerts_given, Clock& clock_given) : alerts(alerts_given), clock(clock_given) {}
  void submit(JournalWork work) override { waiting.push_back(std::move(work)); }
  void run_one(bool is_durable = true) {
    JournalWork work = std::move(waiting.front());
    waiting.pop_front();
    ++works;
    fake::StoreContents contents;
    const Alerts undo = alerts;
    AlertBatch batch(contents, alerts);
    (void)work.write(batch, clock.now());
    if (!is_durable) alerts = undo;
    work.done(is_durable ? Result<void>{} : failure(ErrorKind::unavailable, "the disk is slow"));
  }
  Alerts& alerts;
  Clock& clock;
  std::deque<JournalWork> waiting;
  int works = 0;
};

struct FakeChannel : AlertChannel {
  explicit FakeChannel(std::string name_given) : own_name(std::move(name_given)) {}
  std::string name() const override { return own_name; }
  void send(const AlertRecord& alert, Done done) override {
    sent.push_back(alert);
    waiting.push_back(std::move(done));
  }
  void answer_one(bool accepts) {
    const Done done = std::move(waiting.front());
    waiting.pop_front();
    done(accepts ? Result<void>{} : failure(ErrorKind::unavailable, "HTTP 500"));
  }
  std::string own_name;
  std::vector<AlertRecord> sent;
  std::deque<Done> waiting;
};

struct World {
  explicit World(std::size_t channel_count = 1, AlertDispatcherOptions options_given = {})
      : options(options_given) {
    for (std::size_t i = 0; i < channel_count; ++i) {
      channels.push_back(std::make_unique<FakeChannel>("channel" + std::to_string(i)));
    }
    start();
  }
  void start() {
    std::vector<AlertChannel*> pointers;
    for (const auto& channel : channels) pointers.push_back(channel.get());
    dispatcher = std::make_unique<AlertDispatcher>(
        AlertDispatcher::Ports{journal, meter, log, clock, random,
                               [this](Instant now, std::int64_t limit) { return due(now, limit); }, pointers},
        options);
    dispatcher->set_wake([this] { is_woken = true; });
  }
  std::vector<AlertRecord> due(Instant now, std::int64_t limit) {
    if (store_fails) throw StoreFailure("no such file");
    ++looks;
    std::vector<AlertRecord> found;
    for (const auto& [id, stored] : alerts) {
      const bool is_due = !stored.is_accepted && stored.alert.due_at <= now;
      if (is_due && static_cast<std::int64_t>(found.size()) < limit) found.push_back(stored.alert);
    }
    return found;
  }
  std::int64_t raise() {
    AlertRecord alert;
    alert.id = AlertId{++last_id};
    alert.created_at = alert.due_at = clock.now();
    alert.request.kind = AlertKind::text_refused;
    alerts.emplace(last_id, StoredAlert{alert, false, ""});
    dispatcher->raised();
    return last_id;
  }
  void settle() {
    for (int turn = 0; turn < 10'000; ++turn) {
      is_woken = false;
      wanted = dispatcher->pump();
      while (!journal.waiting.empty()) journal.run_one();
      if (!is_woken && wanted > Duration{0}) return;
    }
    throw std::runtime_error("the dispatcher never rests");
  }
  void advance(Duration by) {
    clock.advance(by);
    settle();
  }

  AlertDispatcherOptions options;
  fake::ManualClock clock;
  fake::SeededRandom random;
  fake::RecordingMeter meter;
  fake::RecordingLog log;
  Alerts alerts;
  AlertJournal journal{alerts, clock};
  std::vector<std::unique_ptr<FakeChannel>> channels;
  std::unique_ptr<AlertDispatcher> dispatcher;
  Duration wanted{0};
  std::int64_t last_id = 0;
  int looks = 0;
  bool store_fails = false;
  bool is_woken = false;
};

// Goal: an alert a channel accepts is settled durably, and sent once.
// Method: one alert, accepted; then a day.
TEST(AlertDispatcher, SettlesAnAcceptedAlertOnce) {
  World world;
  const std::int64_t id = world.raise();
  world.settle();
  world.channels[0]->answer_one(true);
  EXPECT_FALSE(world.alerts.at(id).is_accepted);
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
  EXPECT_EQ(world.meter.of(Metric::alerts_sent), 1);
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
  world.advance(std::chrono::hours{24});
  EXPECT_EQ(world.channels[0]->sent.size(), 1U);
}

// Goal: every channel is told, and the first acceptance settles.
// Method: three channels; one refuses, one accepts, the last has not answered yet.
TEST(AlertDispatcher, IsSettledByTheFirstChannelThatAccepts) {
  World world(3);
  const std::int64_t id = world.raise();
  world.settle();
  world.channels[0]->answer_one(false);
  world.settle();
  EXPECT_FALSE(world.alerts.at(id).is_accepted);
  world.channels[1]->answer_one(true);
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
  world.channels[2]->answer_one(true);
  world.settle();
  EXPECT_EQ(world.meter.of(Metric::alerts_sent), 1);
  EXPECT_EQ(world.meter.of(Metric::alerts_failed), 1);
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
}

// Goal: a refused alert is never dropped: it is tried again after growing waits of 1 s to 5 min.
// Method: refuse for a day; then accept.
TEST(AlertDispatcher, NeverDropsAnAlert) {
  World world;
  const std::int64_t id = world.raise();
  world.settle();
  std::vector<Instant> attempts;
  const Instant begin = world.clock.now();
  while (world.clock.now() < begin + std::chrono::hours{24}) {
    if (!world.channels[0]->waiting.empty()) {
      attempts.push_back(world.clock.now());
      world.channels[0]->answer_one(false);
    }
    world.settle();
    world.clock.advance(world.wanted);
    world.settle();
  }
  ASSERT_GT(attempts.size(), 5U);
  EXPECT_GE(attempts[1] - attempts[0], Duration{500});
  EXPECT_LE(attempts[1] - attempts[0], Duration{1'500});
  EXPECT_GE(attempts.back() - attempts[attempts.size() - 2], Duration{150'000});
  EXPECT_LE(attempts.back() - attempts[attempts.size() - 2], Duration{301'000});
  EXPECT_EQ(world.alerts.at(id).reason, "channel0: HTTP 500");
  while (world.channels[0]->waiting.empty()) world.advance(Duration{1'000});
  world.channels[0]->answer_one(true);
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
}

// Goal: a dead channel is tried with one alert at a time, and a backlog leaves once it is back.
// Method: 100 alerts, everything refused for a minute, then everything accepted.
TEST(AlertDispatcher, ProbesADeadChannelWithOneAlertAtATime) {
  World world;
  for (int i = 0; i < 100; ++i) world.raise();
  world.settle();
  EXPECT_EQ(world.channels[0]->waiting.size(), world.options.in_flight_max);
  while (!world.channels[0]->waiting.empty()) world.channels[0]->answer_one(false);
  world.settle();
  const std::size_t before = world.channels[0]->sent.size();
  for (int second = 0; second < 60; ++second) {
    world.advance(Duration{1'000});
    ASSERT_LE(world.channels[0]->waiting.size(), 1U);
    if (!world.channels[0]->waiting.empty()) world.channels[0]->answer_one(false);
    world.settle();
  }
  EXPECT_LE(world.channels[0]->sent.size() - before, 12U);
  for (int turn = 0; turn < 1'000; ++turn) {
    while (!world.channels[0]->waiting.empty()) world.channels[0]->answer_one(true);
    world.advance(Duration{1'000});
  }
  for (const auto& [id, stored] : world.alerts) EXPECT_TRUE(stored.is_accepted) << id;
}

// Goal: an alert is not sent again while its acceptance is not durable yet, and its acceptance is recorded
// until it is.
// Method: the record is lost twice.
TEST(AlertDispatcher, RecordsAnAcceptanceUntilItIsDurable) {
  World world;
  const std::int64_t id = world.raise();
  world.settle();
  world.channels[0]->answer_one(true);
  for (int loss = 0; loss < 2; ++loss) {
    world.dispatcher->pump();
    ASSERT_EQ(world.journal.waiting.size(), 1U);
    world.journal.run_one(false);
    world.dispatcher->pump();
    world.clock.advance(world.options.journal_retry);
  }
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
  EXPECT_EQ(world.channels[0]->sent.size(), 1U);
}

// Goal: an alert nobody told the dispatcher of is found.
// Method: put it into the store in silence; let look_every pass.
TEST(AlertDispatcher, FindsAlertsNobodyToldItOf) {
  World world;
  world.settle();
  AlertRecord alert;
  alert.id = AlertId{1};
  alert.due_at = world.clock.now();
  world.alerts.emplace(1, StoredAlert{alert, false, ""});
  world.settle();
  EXPECT_TRUE(world.channels[0]->sent.empty());
  EXPECT_LE(world.wanted, world.options.look_every);
  world.advance(world.options.look_every);
  EXPECT_EQ(world.channels[0]->sent.size(), 1U);
}

// Goal: without channels alerts wait, and a warning says once that nobody is told.
// Method: no channels, two alerts, some time.
TEST(AlertDispatcher, WarnsOnceWhenNobodyIsTold) {
  World world(0);
  world.raise();
  world.settle();
  world.raise();
  for (int i = 0; i < 10; ++i) world.advance(Duration{1'000});
  ASSERT_EQ(world.log.lines.size(), 1U);
  EXPECT_EQ(world.log.lines[0].level, LogLevel::warning);
  for (const auto& [id, stored] : world.alerts) EXPECT_FALSE(stored.is_accepted);
}

// Goal: a store that cannot be read is asked again.
// Method: the first look throws.
TEST(AlertDispatcher, LooksAgainAfterTheStoreFailed) {
  World world;
  world.store_fails = true;
  world.raise();
  world.settle();
  EXPECT_EQ(world.log.lines.at(0).level, LogLevel::error);
  world.store_fails = false;
  world.advance(world.options.journal_retry);
  EXPECT_EQ(world.channels[0]->sent.size(), 1U);
}

// Goal: stopping sends nothing new but records what is settled; late callbacks are harmless.
// Method: one alert in flight, one raised after the stop, then no dispatcher.
TEST(AlertDispatcher, SendsNothingAfterStop) {
  World world;
  const std::int64_t first = world.raise();
  world.settle();
  world.dispatcher->stop_starting();
  world.raise();
  world.settle();
  EXPECT_EQ(world.channels[0]->sent.size(), 1U);
  EXPECT_FALSE(world.dispatcher->levels().is_idle());
  world.channels[0]->answer_one(true);
  world.settle();
  EXPECT_TRUE(world.alerts.at(first).is_accepted);
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
  world.start();
  world.settle();
  world.dispatcher.reset();
  world.channels[0]->answer_one(true);
}

// Goal: whatever fails and whenever the process dies, every alert is accepted in the end.
// Method: random raises, pumps, commits, losses, answers, waits and crashes; then calm.
RC_GTEST_PROP(AlertsUnderFaults, AreAllAcceptedInTheEnd, (const std::vector<std::uint8_t>& choices)) {
  AlertDispatcherOptions options;
  options.in_flight_max = 3;
  options.group_max = 2;
  World world(2, options);
  for (const std::uint8_t choice : choices) {
    FakeChannel& channel = *world.channels[choice / 128];
    switch (choice % 8) {
      case 0:
        world.raise();
        break;
      case 1:
      case 2:
        world.dispatcher->pump();
        break;
      case 3:
        if (!world.journal.waiting.empty()) world.journal.run_one();
        break;
      case 4:
        if (!world.journal.waiting.empty()) world.journal.run_one(false);
        break;
      case 5:
        if (!channel.waiting.empty()) channel.answer_one(choice % 3 == 0);
        break;
      case 6:
        world.clock.advance(Duration{choice * 10});
        break;
      default:
        if (choice % 5 != 0) break;
        world.journal.waiting.clear();
        for (const auto& each : world.channels) each->waiting.clear();
        world.start();
        break;
    }
  }
  const auto is_open = [](const auto& entry) { return !entry.second.is_accepted; };
  for (int turn = 0; turn < 2'000 && std::ranges::any_of(world.alerts, is_open); ++turn) {
    for (const auto& each : world.channels) {
      while (!each->waiting.empty()) each->answer_one(true);
    }
    world.settle();
    world.advance(world.wanted);
  }
  RC_ASSERT(std::ranges::none_of(world.alerts, is_open));
}

}  // namespace
}  // namespace jobrun::alert
