#include "alert/alert_dispatcher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::alert {
namespace {

namespace fake = outbox::testing;

/// What the store keeps of one way and one alert.
struct StoredWay {
  int attempts = 0;
  std::optional<Instant> due_at;  // empty: not by this way
};

struct StoredAlert {
  AlertRecord alert;
  bool is_accepted = false;
  std::string reason;
  std::map<AlertWay, StoredWay> ways{};
};

struct Telling {
  AlertWay way;
  std::string recipient;
  Instant at;
};

struct AlertContents {
  std::map<std::int64_t, StoredAlert> alerts;
  std::vector<Telling> tellings;
};

struct AlertBatch : fake::FakeBatch {
  AlertBatch(fake::StoreContents& contents, AlertContents& kept_given) : FakeBatch(contents), kept(kept_given) {}
  bool record_alert_accepted(AlertId id, AlertWay by, std::span<const AlertWay> others, Instant now) override {
    StoredAlert& stored = kept.alerts.at(id.value);
    stored.ways.erase(by);
    if (std::exchange(stored.is_accepted, true)) return false;
    for (const AlertWay other : others) stored.ways.try_emplace(other, StoredWay{0, now});
    std::erase_if(stored.ways, [](const auto& entry) { return !entry.second.due_at; });
    return true;
  }
  void record_alert_failed(AlertId id, AlertWay by, std::string_view reason,
                           std::optional<Instant> due_at) override {
    StoredAlert& stored = kept.alerts.at(id.value);
    stored.reason = reason;
    StoredWay& way = stored.ways[by];
    ++way.attempts;
    way.due_at = due_at;
    if (stored.is_accepted && !due_at) stored.ways.erase(by);
  }
  void postpone_alert(AlertId id, AlertWay by, Instant due_at) override {
    kept.alerts.at(id.value).ways[by].due_at = due_at;
  }
  void record_telling(AlertWay by, std::string_view recipient, Instant now) override {
    kept.tellings.push_back({by, std::string(recipient), now});
  }
  AlertContents& kept;
};

struct AlertJournal : Journal {
  AlertJournal(AlertContents& kept_given, Clock& clock_given) : kept(kept_given), clock(clock_given) {}
  void submit(JournalWork work) override { waiting.push_back(std::move(work)); }
  void run_one(bool is_durable = true) {
    JournalWork work = std::move(waiting.front());
    waiting.pop_front();
    ++works;
    fake::StoreContents contents;
    const AlertContents undo = kept;
    AlertBatch batch(contents, kept);
    (void)work.write(batch, clock.now());
    if (!is_durable) kept = undo;
    work.done(is_durable ? Result<void>{} : failure(ErrorKind::unavailable, "the disk is slow"));
  }
  AlertContents& kept;
  Clock& clock;
  std::deque<JournalWork> waiting;
  int works = 0;
};

struct FakeChannel : AlertChannel {
  explicit FakeChannel(AlertWay way_given) : own_way(way_given) {}
  AlertWay way() const override { return own_way; }
  Result<AlertRecipient> recipient_of(const AlertRequest& alert) override {
    const bool is_nobody =
        alert.caller == "nobody" || (alert.caller == "nobody by text" && own_way == AlertWay::text);
    if (is_nobody) return failure(ErrorKind::unavailable, "nobody can be told");
    if (own_way == AlertWay::webhook) return AlertRecipient{};
    return AlertRecipient{
        .address = alert.caller, .others = others, .is_owner = alert.audience == Audience::owner};
  }
  void send(AlertLetter letter, Done done) override {
    for (const AlertRecord& alert : letter.alerts) {
      if (heard.contains(alert.id.value) || !has_to_tell(own_way, alert.id.value)) repeated.insert(alert.id.value);
    }
    sent.push_back(std::move(letter));
    unanswered.push_back(sent.back());
    waiting.push_back(std::move(done));
  }
  void answer_one(bool accepts) { answer_one(accepts ? AlertAnswer::accepted : AlertAnswer::not_reached); }
  void answer_one(AlertAnswer answer) {
    const Done done = std::move(waiting.front());
    waiting.pop_front();
    if (answer == AlertAnswer::accepted) {
      for (const AlertRecord& alert : unanswered.front().alerts) heard.insert(alert.id.value);
    }
    unanswered.pop_front();
    done({answer, answer == AlertAnswer::accepted ? "" : "HTTP 500"});
  }
  /// How often that alert was told.
  std::int64_t told(std::int64_t alert) const {
    std::int64_t times = 0;
    for (const AlertLetter& letter : sent) {
      times += std::ranges::count(letter.alerts, AlertId{alert}, &AlertRecord::id);
    }
    return times;
  }
  AlertWay own_way;
  std::vector<std::string> others;  ///< further phones of every owner
  std::vector<AlertLetter> sent;
  std::deque<Done> waiting;
  std::deque<AlertLetter> unanswered;
  std::set<std::int64_t> heard;     ///< alerts it has accepted in this life of the process
  std::set<std::int64_t> repeated;  ///< alerts it was told again, although it had accepted them and that was known
  std::function<bool(AlertWay, std::int64_t)> has_to_tell;  ///< as the journal knows it
};

struct World {
  explicit World(std::vector<AlertWay> ways = {AlertWay::webhook}, AlertDispatcherOptions options_given = {})
      : options(options_given) {
    for (const AlertWay way : ways) {
      channels.push_back(std::make_unique<FakeChannel>(way));
      channels.back()->has_to_tell = [this](AlertWay by, std::int64_t alert) {
        const StoredAlert& stored = alerts.at(alert);
        return !stored.is_accepted || stored.ways.contains(by);
      };
    }
    start();
  }
  void start() {
    std::vector<AlertChannel*> pointers;
    for (const auto& channel : channels) pointers.push_back(channel.get());
    dispatcher = std::make_unique<AlertDispatcher>(
        AlertDispatcher::Ports{
            journal, meter, log, clock, random,
            [this](AlertWay by, Instant now, std::int64_t limit) { return due(by, now, limit); },
            [this](AlertWay by, std::string_view recipient, Instant since, Instant now) {
              return tellings(by, recipient, since, now);
            },
            pointers,
            [this](const AlertRequest&, Instant now) {
              return quiet_until && now < *quiet_until ? quiet_until : std::nullopt;
            }},
        options);
    dispatcher->set_wake([this] { is_woken = true; });
  }
  /// `kill -9`: what was with the channels or on its way into the journal is forgotten.
  void restart() {
    journal.waiting.clear();
    for (const auto& each : channels) {
      each->waiting.clear();
      each->unanswered.clear();
      each->heard.clear();
    }
    start();
  }
  std::vector<AlertRecord> due(AlertWay by, Instant now, std::int64_t limit) {
    if (store_fails) throw StoreFailure("no such file");
    ++looks;
    std::vector<AlertRecord> found;
    for (const auto& [id, stored] : alerts) {
      const auto way = stored.ways.find(by);
      const bool has_row = way != stored.ways.end();
      const bool is_left_to_it = has_row && way->second.due_at && *way->second.due_at <= now;
      const bool is_due =
          stored.is_accepted ? is_left_to_it : stored.alert.due_at <= now && (!has_row || is_left_to_it);
      if (!is_due || static_cast<std::int64_t>(found.size()) >= limit) continue;
      found.push_back(stored.alert);
      found.back().attempts = has_row ? way->second.attempts : 0;
      found.back().is_accepted = stored.is_accepted;
    }
    return found;
  }
  std::vector<Instant> tellings(AlertWay by, std::string_view recipient, Instant since, Instant now) const {
    std::vector<Instant> found;
    for (const Telling& telling : kept.tellings) {
      const bool is_meant = telling.way == by && telling.recipient == recipient;
      if (is_meant && telling.at > since && telling.at <= now) found.insert(found.begin(), telling.at);
    }
    return found;
  }
  std::int64_t raise(const std::string& recipient = "+14155559000") {
    AlertRequest request;
    request.kind = AlertKind::text_refused;
    request.caller = recipient;
    return raise(std::move(request));
  }
  std::int64_t raise(AlertRequest request) {
    AlertRecord alert;
    alert.id = AlertId{++last_id};
    alert.created_at = alert.due_at = clock.now();
    alert.request = std::move(request);
    alerts.emplace(last_id, StoredAlert{alert, false, ""});
    dispatcher->raised();
    return last_id;
  }
  /// An owner's, who sleeps until then.
  std::int64_t raise_at_night(AlertKind kind, bool escalates = false, Audience audience = Audience::owner) {
    if (!quiet_until) quiet_until = clock.now() + std::chrono::hours{8};
    AlertRequest request;
    request.kind = kind;
    request.escalates = escalates;
    request.audience = audience;
    request.caller = "+14155559000";
    return raise(std::move(request));
  }
  /// Everything that waits with a channel is accepted, second by second.
  void accept_for(Duration during) {
    const Instant end = clock.now() + during;
    do {
      settle();
      for (const auto& channel : channels) {
        while (!channel->waiting.empty()) {
          channel->answer_one(true);
          settle();
        }
      }
      advance(Duration{1'000});
    } while (clock.now() < end);
  }
  FakeChannel& by(AlertWay way) {
    for (const auto& channel : channels) {
      if (channel->own_way == way) return *channel;
    }
    throw std::runtime_error("no such channel");
  }
  /// Lets a channel answer everything for a while.
  void answer_all(AlertWay way, bool accepts, Duration during) {
    const Instant end = clock.now() + during;
    while (clock.now() < end) {
      while (!by(way).waiting.empty()) {
        by(way).answer_one(accepts);
        settle();
      }
      advance(Duration{1'000});
    }
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
  AlertContents kept;
  std::map<std::int64_t, StoredAlert>& alerts = kept.alerts;
  AlertJournal journal{kept, clock};
  std::vector<std::unique_ptr<FakeChannel>> channels;
  std::unique_ptr<AlertDispatcher> dispatcher;
  Duration wanted{0};
  std::optional<Instant> quiet_until;  ///< of all owners; empty: nobody sleeps
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

// Goal: every way is told, and the first acceptance settles, no matter what the others do.
// Method: three ways; one fails, one accepts, the last has not answered yet.
TEST(AlertDispatcher, IsSettledByTheFirstChannelThatAccepts) {
  World world({AlertWay::webhook, AlertWay::email, AlertWay::text});
  const std::int64_t id = world.raise();
  world.settle();
  world.by(AlertWay::webhook).answer_one(false);
  world.settle();
  EXPECT_FALSE(world.alerts.at(id).is_accepted);
  world.by(AlertWay::email).answer_one(true);
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
  world.by(AlertWay::text).answer_one(true);
  world.settle();
  EXPECT_EQ(world.meter.of(Metric::alerts_sent), 1);
  EXPECT_EQ(world.meter.of(Metric::alert_attempts, "webhook", "not_reached"), 1);
  EXPECT_EQ(world.meter.of(Metric::alert_attempts, "email", "accepted"), 1);
  EXPECT_TRUE(world.dispatcher->levels().is_idle());
}

// Goal: what one way does delays no other: not one that hangs, and not one that fails.
// Method: 100 alerts while the mail server never answers; then while it refuses all; the webhook tells all at
// once.
TEST(AlertDispatcher, OneWayDelaysNoOther) {
  for (const bool hangs : {true, false}) {
    World world({AlertWay::email, AlertWay::webhook});
    for (int i = 0; i < 100; ++i) world.raise();
    world.settle();
    while (!world.by(AlertWay::webhook).waiting.empty()) {
      if (!hangs && !world.by(AlertWay::email).waiting.empty()) world.by(AlertWay::email).answer_one(false);
      world.by(AlertWay::webhook).answer_one(true);
      world.settle();
    }
    for (const auto& [id, stored] : world.alerts) {
      EXPECT_TRUE(stored.is_accepted) << id;
      EXPECT_EQ(world.by(AlertWay::webhook).told(id), 1) << id;
    }
  }
}

// Goal: a way that failed tells the alert later, although another way has told it; and each tells it once.
// Method: the webhook accepts, the mail fails for a minute; then both accept; a restart in between.
TEST(AlertDispatcher, EachWayTellsIt) {
  World world({AlertWay::webhook, AlertWay::email});
  const std::int64_t id = world.raise();
  world.settle();
  world.by(AlertWay::webhook).answer_one(true);
  world.answer_all(AlertWay::email, false, Duration{60'000});
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
  EXPECT_GT(world.by(AlertWay::email).told(id), 3);
  world.restart();
  const std::int64_t before = world.by(AlertWay::email).told(id);
  world.answer_all(AlertWay::email, true, Duration{10 * 60'000});
  EXPECT_EQ(world.by(AlertWay::email).told(id), before + 1);
  EXPECT_EQ(world.by(AlertWay::webhook).told(id), 1);
  EXPECT_TRUE(world.by(AlertWay::webhook).waiting.empty());
}

// Goal: no way is told again after a restart of what it has accepted.
// Method: one of two ways accepts and that is durable; kill -9; the other accepts; kill -9.
TEST(AlertDispatcher, TellsNoWayTwiceAfterARestart) {
  for (const AlertWay first : {AlertWay::webhook, AlertWay::text}) {
    const AlertWay second = first == AlertWay::text ? AlertWay::webhook : AlertWay::text;
    World world({AlertWay::webhook, AlertWay::text});
    const std::int64_t id = world.raise();
    world.settle();
    world.by(first).answer_one(true);
    world.settle();
    world.restart();
    world.settle();
    EXPECT_EQ(world.by(first).told(id), 1);
    ASSERT_EQ(world.by(second).told(id), 2) << "its answer was lost";
    world.by(second).answer_one(true);
    world.settle();
    world.restart();
    world.advance(std::chrono::hours{2});
    EXPECT_EQ(world.by(first).told(id), 1);
    EXPECT_EQ(world.by(second).told(id), 2);
  }
}

// Goal: an alert of a day ago that another way has told is not pushed through a way that has been dead all day.
// Method: the webhook accepts, the mail fails for 25 hours, then it would accept.
TEST(AlertDispatcher, LetsGoOfWhatWasToldADayAgo) {
  World world({AlertWay::webhook, AlertWay::email});
  const std::int64_t id = world.raise();
  world.settle();
  world.by(AlertWay::webhook).answer_one(true);
  world.answer_all(AlertWay::email, false, std::chrono::hours{25});
  const std::int64_t before = world.by(AlertWay::email).told(id);
  world.answer_all(AlertWay::email, true, std::chrono::hours{1});
  EXPECT_EQ(world.by(AlertWay::email).told(id), before);
}

// Goal: a crowd of alerts for one recipient becomes one letter; a handful leaves one by one; programs are told
// each.
// Method: five alerts, then 30 at once, by text and webhook; and one of somebody else's.
TEST(AlertDispatcher, TellsACrowdInOneLetter) {
  World world({AlertWay::webhook, AlertWay::text});
  for (int i = 0; i < 5; ++i) world.raise();
  world.answer_all(AlertWay::text, true, Duration{10'000});
  EXPECT_EQ(world.by(AlertWay::text).sent.size(), 5U);
  for (int i = 0; i < 30; ++i) world.raise();
  const std::int64_t others = world.raise("+14155559001");
  world.answer_all(AlertWay::text, true, Duration{10'000});
  ASSERT_EQ(world.by(AlertWay::text).sent.size(), 7U);
  EXPECT_EQ(world.by(AlertWay::text).sent[5].alerts.size(), 30U);
  EXPECT_EQ(world.by(AlertWay::text).told(others), 1);
  world.answer_all(AlertWay::webhook, true, Duration{10'000});
  for (const auto& [id, stored] : world.alerts) {
    EXPECT_EQ(world.by(AlertWay::webhook).told(id), 1) << id;
    EXPECT_EQ(world.by(AlertWay::text).told(id), 1) << id;
    EXPECT_TRUE(stored.ways.empty()) << id;
  }
}

// Goal: a recipient gets no more texts in an hour than the limit, over a restart too; what was kept back is told
// together when the hour is over, and nobody else waits for it.
// Method: an alert a minute for three hours; every text's time is looked at; another recipient now and then.
TEST(AlertDispatcher, KeepsTheLimitOfAnHour) {
  World world({AlertWay::text});
  std::vector<Instant> told;
  for (int minute = 0; minute < 180; ++minute) {
    world.raise();
    if (minute == 90) world.restart();
    if (minute % 60 == 30) {
      const std::int64_t others = world.raise("+14155559001");
      world.settle();
      EXPECT_EQ(world.by(AlertWay::text).told(others), 1);
    }
    world.settle();
    while (!world.by(AlertWay::text).waiting.empty()) {
      if (world.by(AlertWay::text).sent.back().recipient == "+14155559000") told.push_back(world.clock.now());
      world.by(AlertWay::text).answer_one(true);
      world.settle();
    }
    world.advance(std::chrono::minutes{1});
  }
  world.answer_all(AlertWay::text, true, std::chrono::hours{1});
  for (std::size_t i = world.options.texts_per_hour; i < told.size(); ++i) {
    EXPECT_GE(told[i] - told[i - world.options.texts_per_hour], world.options.limit_window);
  }
  for (const auto& [id, stored] : world.alerts) EXPECT_TRUE(stored.is_accepted) << id;
}

// Goal: a text that may have arrived counts towards the limit; one that certainly did not does not.
// Method: one alert, with answers of each kind, until the hour's texts are used up.
TEST(AlertDispatcher, CountsWhatMayHaveArrived) {
  const auto texts_after = [](AlertAnswer answer) {
    World world({AlertWay::text});
    world.options.back_off_max = Duration{1'000};
    world.options.probe_every_max = Duration{1'000};
    world.start();
    world.raise();
    world.settle();
    for (int second = 0; second < 120; ++second) {
      while (!world.by(AlertWay::text).waiting.empty()) world.by(AlertWay::text).answer_one(answer);
      world.advance(Duration{1'000});
    }
    return world.by(AlertWay::text).sent.size();
  };
  EXPECT_EQ(texts_after(AlertAnswer::unknown), AlertDispatcherOptions{}.texts_per_hour);
  EXPECT_GT(texts_after(AlertAnswer::not_reached), 60U);
}

// Goal: an alert that a way can tell nobody is another way's alone, and stays open when there is none.
// Method: text can tell nobody: beside the webhook, then alone.
TEST(AlertDispatcher, LeavesToOthersWhatItCanTellNobody) {
  World both({AlertWay::text, AlertWay::webhook});
  const std::int64_t id = both.raise("nobody");
  both.settle();
  both.by(AlertWay::webhook).answer_one(true);
  both.settle();
  EXPECT_TRUE(both.alerts.at(id).is_accepted);
  both.advance(both.options.back_off_max);
  EXPECT_TRUE(both.alerts.at(id).ways.empty());
  World alone({AlertWay::text});
  const std::int64_t open = alone.raise("nobody");
  alone.advance(std::chrono::hours{1});
  EXPECT_FALSE(alone.alerts.at(open).is_accepted);
  EXPECT_TRUE(alone.by(AlertWay::text).sent.empty());
}

// Goal: an alert that nobody has told is told by a way that could tell nobody at first, once it can.
// Method: nobody can be texted while the mail is refused; then an owner who chose the mail takes texts.
TEST(AlertDispatcher, LooksAgainForSomebodyToTell) {
  World world({AlertWay::text, AlertWay::email});
  const std::int64_t id = world.raise("nobody by text");
  world.answer_all(AlertWay::email, false, Duration{60'000});
  EXPECT_EQ(world.by(AlertWay::text).told(id), 0);
  world.alerts.at(id).alert.request.caller = "+14155559000";
  world.answer_all(AlertWay::email, false, world.options.back_off_max);
  ASSERT_EQ(world.by(AlertWay::text).told(id), 1);
  world.by(AlertWay::text).answer_one(true);
  world.settle();
  EXPECT_TRUE(world.alerts.at(id).is_accepted);
}

// Goal: mails to one owner keep the limit of an hour as texts do, and what was kept back is told together.
// Method: two alerts a minute for an hour to one owner, one now and then to another.
TEST(AlertDispatcher, KeepsTheLimitOfAnHourForMails) {
  World world({AlertWay::email});
  for (int minute = 0; minute < 60; ++minute) {
    for (int twice = 0; twice < 2; ++twice) world.raise("joe@example.com");
    world.answer_all(AlertWay::email, true, std::chrono::minutes{1});
  }
  EXPECT_EQ(world.by(AlertWay::email).sent.size(), world.options.emails_per_hour);
  const std::int64_t others = world.raise("ann@example.com");
  world.settle();
  EXPECT_EQ(world.by(AlertWay::email).told(others), 1);
  world.answer_all(AlertWay::email, true, std::chrono::hours{2});
  for (const auto& [id, stored] : world.alerts) EXPECT_TRUE(stored.is_accepted) << id;
  EXPECT_LT(world.by(AlertWay::email).sent.size(), 2 * world.options.emails_per_hour);
}

// Goal: a recipient whom the carrier refuses keeps no other waiting.
// Method: twenty alerts to somebody refused each time, then one to somebody else.
TEST(AlertDispatcher, ARefusedRecipientStopsNobodyElse) {
  World world({AlertWay::text});
  for (int i = 0; i < 20; ++i) {
    world.raise("+14155559001");
    world.advance(Duration{1'000});
    while (!world.by(AlertWay::text).waiting.empty()) world.by(AlertWay::text).answer_one(AlertAnswer::refused);
    world.settle();
  }
  const std::int64_t id = world.raise();
  world.settle();
  EXPECT_EQ(world.by(AlertWay::text).told(id), 1);
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
  EXPECT_EQ(world.alerts.at(id).reason, "webhook: HTTP 500");
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
  World world(std::vector<AlertWay>{});
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

// Goal: whatever fails and whenever the process dies, every alert is told by every way in the end, and by none
// again once that is known to have told it.
// Method: random raises, pumps, commits, losses, answers, waits and crashes; then calm.
RC_GTEST_PROP(AlertsUnderFaults, AreAllToldByEveryWayInTheEnd, (const std::vector<std::uint8_t>& choices)) {
  AlertDispatcherOptions options;
  options.in_flight_max = 3;
  options.group_max = 2;
  World world({AlertWay::webhook, AlertWay::text}, options);
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
        world.restart();
        break;
    }
  }
  const auto is_open = [](const auto& entry) { return !entry.second.is_accepted || !entry.second.ways.empty(); };
  for (int turn = 0; turn < 8'000 && std::ranges::any_of(world.alerts, is_open); ++turn) {
    for (const auto& each : world.channels) {
      while (!each->waiting.empty()) each->answer_one(true);
    }
    world.settle();
    world.advance(world.wanted);
  }
  RC_ASSERT(std::ranges::none_of(world.alerts, is_open));
  for (const auto& each : world.channels) RC_ASSERT(each->repeated.empty());
}

// Goal: in his quiet hours an owner hears of nothing by text or mail, and of all of it once when they are over;
// programs and the operator hear of theirs at once.
// Method: by each way a lead at night, and an alert of the operator's; eight hours; then the morning.
TEST(QuietHours, KeepAnOwnersAlertsUntilTheirEnd) {
  for (const AlertWay way : {AlertWay::text, AlertWay::email}) {
    World world({AlertWay::webhook, way});
    const std::int64_t lead = world.raise_at_night(AlertKind::lead);
    const std::int64_t operators = world.raise_at_night(AlertKind::queue_too_long, false, Audience::operator_);
    world.accept_for(std::chrono::minutes{1});
    EXPECT_EQ(world.by(AlertWay::webhook).told(lead), 1);
    EXPECT_EQ(world.by(way).told(operators), 1);
    world.accept_for(std::chrono::hours{7} + std::chrono::minutes{58});
    EXPECT_EQ(world.by(way).told(lead), 0) << name_of(way);
    world.accept_for(std::chrono::minutes{2});
    EXPECT_EQ(world.by(way).told(lead), 1) << name_of(way);
    world.accept_for(std::chrono::hours{24});
    EXPECT_EQ(world.by(way).told(lead), 1) << name_of(way);
  }
}

// Goal: of danger an owner is told at any hour.
// Method: danger at night, with what has to wait before and after it.
TEST(QuietHours, AreBrokenForDanger) {
  World world({AlertWay::text});
  const std::int64_t before = world.raise_at_night(AlertKind::lead);
  const std::int64_t danger = world.raise_at_night(AlertKind::danger);
  const std::int64_t after = world.raise_at_night(AlertKind::customer_texted);
  world.accept_for(Duration{2'000});
  EXPECT_EQ(world.by(AlertWay::text).told(danger), 1);
  EXPECT_EQ(world.by(AlertWay::text).told(before), 0);
  EXPECT_EQ(world.by(AlertWay::text).told(after), 0);
}

// Goal: who decides about a job at night is answered at night. Method: such an alert beside one that waits.
TEST(QuietHours, KeepNobodyFromHisAnswer) {
  World world({AlertWay::text});
  const std::int64_t lead = world.raise_at_night(AlertKind::lead);
  const std::int64_t answer = world.raise_at_night(AlertKind::job_decided);
  world.accept_for(Duration{2'000});
  EXPECT_EQ(world.by(AlertWay::text).told(answer), 1);
  EXPECT_EQ(world.by(AlertWay::text).told(lead), 0);
}

// Goal: what a night has gathered is one text in the morning. Method: more alerts at night than are told apart.
TEST(QuietHours, EndWithOneLetter) {
  World world({AlertWay::text});
  for (int alert = 0; alert < 9; ++alert) world.raise_at_night(AlertKind::lead);
  world.accept_for(std::chrono::hours{9});
  ASSERT_EQ(world.by(AlertWay::text).sent.size(), 1U);
  EXPECT_EQ(world.by(AlertWay::text).sent[0].alerts.size(), 9U);
}

// Goal: hours that were changed are kept as they are now, within the hour, over a restart too.
// Method: the owner gets up after two of eight hours.
TEST(QuietHours, FollowWhoeverChangesThem) {
  World world({AlertWay::text});
  const std::int64_t lead = world.raise_at_night(AlertKind::lead);
  world.accept_for(std::chrono::hours{2});
  world.restart();
  world.quiet_until = world.clock.now();
  world.accept_for(std::chrono::hours{1} + std::chrono::seconds{2});
  EXPECT_EQ(world.by(AlertWay::text).told(lead), 1);
}

// Goal: a call that only an alert can end is ended by whoever is awake, and its owner sleeps on.
// Method: such an alert at night beside a webhook, and beside mails that go to the operator; the morning.
TEST(QuietHours, LeaveToTheOthersWhatCannotWait) {
  World world({AlertWay::text, AlertWay::webhook});
  const std::int64_t alert = world.raise_at_night(AlertKind::cannot_text_caller, true);
  world.accept_for(std::chrono::minutes{10});
  EXPECT_TRUE(world.alerts.at(alert).is_accepted);
  EXPECT_EQ(world.by(AlertWay::webhook).told(alert), 1);
  EXPECT_EQ(world.by(AlertWay::text).told(alert), 0);
  world.accept_for(std::chrono::hours{8});
  EXPECT_EQ(world.by(AlertWay::text).told(alert), 1);
}

// Goal: a call does not become an incident because its owner sleeps: where he alone can be told, or the others do
// not take it in time, he is told at night. Method: by text alone; beside a mail that is his too; beside a webhook
// that fails.
TEST(QuietHours, AreBrokenWhenNobodyElseHearsOfACall) {
  for (const std::vector<AlertWay>& ways :
       {std::vector{AlertWay::text}, std::vector{AlertWay::text, AlertWay::email}}) {
    World alone(ways);
    const std::int64_t alert = alone.raise_at_night(AlertKind::cannot_text_caller, true);
    alone.accept_for(Duration{2'000});
    EXPECT_EQ(alone.by(AlertWay::text).told(alert), 1);
  }
  World failing({AlertWay::text, AlertWay::webhook});
  const std::int64_t alert = failing.raise_at_night(AlertKind::cannot_text_caller, true);
  failing.answer_all(AlertWay::webhook, false, failing.options.others_first_for - Duration{1'000});
  EXPECT_EQ(failing.by(AlertWay::text).told(alert), 0);
  failing.answer_all(AlertWay::webhook, false, Duration{3'000});
  EXPECT_EQ(failing.by(AlertWay::text).told(alert), 1);
}

// Goal: danger waits for nothing that was told before it or waits with it, and is not lost in a crowd; but it has
// a limit of its own. Method: an owner who has had his hour's texts, a crowd of leads, and more dangers than that.
TEST(Danger, IsToldFirstAndBeyondTheLimit) {
  World world({AlertWay::text});
  const auto have = [&](std::size_t texts) {
    for (std::size_t text = 0; text < texts; ++text) {
      world.kept.tellings.push_back({AlertWay::text, "+14155559000", world.clock.now()});
    }
  };
  const auto raise = [&](AlertKind kind) {
    AlertRequest request;
    request.kind = kind;
    request.caller = "+14155559000";
    return world.raise(std::move(request));
  };
  for (int lead = 0; lead < 9; ++lead) raise(AlertKind::lead);
  const std::int64_t danger = raise(AlertKind::danger);
  have(world.options.texts_per_hour);
  world.accept_for(Duration{2'000});
  ASSERT_EQ(world.by(AlertWay::text).sent.size(), 1U);
  EXPECT_EQ(world.by(AlertWay::text).sent[0].alerts.size(), 1U);
  EXPECT_EQ(world.by(AlertWay::text).told(danger), 1);
  have(world.options.texts_per_hour);
  raise(AlertKind::danger);
  world.accept_for(Duration{2'000});
  EXPECT_EQ(world.by(AlertWay::text).sent.size(), 1U);
  world.accept_for(std::chrono::hours{1});
  EXPECT_EQ(world.by(AlertWay::text).sent.size(), 3U);
}

// Goal: what goes to several phones counts for each of them; who is over his limit is left out, and nobody waits
// for him. Method: two phones, one of which has had its hour's texts; an hour later.
TEST(SeveralPhones, HaveEachTheirLimit) {
  World world({AlertWay::text});
  world.by(AlertWay::text).others = {"+14155559001"};
  for (std::size_t text = 0; text < world.options.texts_per_hour; ++text) {
    world.kept.tellings.push_back({AlertWay::text, "+14155559001", world.clock.now()});
  }
  world.raise();
  world.accept_for(Duration{1'000});
  ASSERT_EQ(world.by(AlertWay::text).sent.size(), 1U);
  EXPECT_TRUE(world.by(AlertWay::text).sent[0].others.empty());
  world.accept_for(std::chrono::hours{1});
  world.raise();
  world.accept_for(Duration{1'000});
  ASSERT_EQ(world.by(AlertWay::text).sent.size(), 2U);
  EXPECT_EQ(world.by(AlertWay::text).sent[1].others, std::vector<std::string>{"+14155559001"});
  EXPECT_EQ(world.tellings(AlertWay::text, "+14155559001", world.clock.now() - Duration{5'000}, world.clock.now())
                .size(),
            1U);
}

}  // namespace
}  // namespace jobrun::alert
