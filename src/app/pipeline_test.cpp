#include "pipeline.hpp"
#include "base/testing/fixed_time_zones.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "database_test_support.hpp"
#include "outbox/testing/fake_world.hpp"
#include "store/file_spool.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;

struct SilentChannel final : AlertChannel {
  AlertWay way() const override { return AlertWay::webhook; }
  Result<AlertRecipient> recipient_of(const AlertRequest&) override { return AlertRecipient{}; }
  void send(AlertLetter letter, Done done) override {
    sent.push_back(letter.alerts.front().request.kind);
    if (is_answering) done({});
  }
  std::vector<AlertKind> sent;
  bool is_answering = false;
};

/// The real parts over a real database, driven by hand.
class PipelineTest : public testing::Test {
 protected:
  ~PipelineTest() override { pipeline_.reset(); }
  void open_spool() {
    spool_.reset();
    auto folder = store::open_spool_folder(database_.folder() + "/spool");
    ASSERT_TRUE(folder) << folder.error().message;
    spool_files_ = std::move(*folder);
    auto opened = store::FileSpool::open(*spool_files_, meter_, log_);
    ASSERT_TRUE(opened) << opened.error().message;
    spool_ = std::move(*opened);
  }
  void start(Pipeline::Options options) {
    auto started = Pipeline::start({.store = *store_,
                                    .spool = spool_.get(),
                                    .carrier = carrier_,
                                    .alert_channels = {&channel_},
                                    .numbering_plan = plan_,
                                    .time_zones = zones_,
                                    .meter = meter_,
                                    .log = log_,
                                    .clock = clock_,
                                    .random = random_,
                                    .save_snapshot = [](const directory::Snapshot&) { return Result<void>{}; }},
                                   std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    pipeline_ = std::move(*started);
  }

  void commit_all() {
    while (pipeline_->ledger().commit_waiting()) continue;
  }
  /// Housekeeping has its turn, and after a while the alerts.
  void look_once(Duration between = {}) {
    pipeline_->housekeeping().run_once();
    clock_.advance(between);
    commit_all();
    pipeline_->alerts().pump();
    commit_all();
  }
  /// A call of somebody new to a number that nobody registered ends: a text is promised.
  void end_a_call() {
    ++calls_;
    CallStatusChange ended{.call = {.call_sid = *CallSid::parse("CA" + std::to_string(calls_)),
                                    .caller = Caller::parse("+1415555" + std::to_string(1'000 + calls_)),
                                    .number = E164::from_digits(15550001111),
                                    .number_text = "+15550001111",
                                    .forwarded_from = {},
                                    .parent = {}},
                           .status = CallStatus::no_answer,
                           .status_text = "no-answer"};
    pipeline_->ledger().submit(std::move(ended), [](const Result<Receipt>&) {});
    commit_all();
  }
  void send_texts() {
    pipeline_->outbox().pump();
    commit_all();
    pipeline_->outbox().pump();
    commit_all();
  }
  /// Makes so many texts wait: by calls that end, or by texts that leave behind the outbox's back.
  void wait_with(std::size_t texts) {
    const auto waiting = [this] { return store_->reader()->promised_texts(TextRow{0}, 1'000); };
    while (waiting().size() < texts) end_a_call();
    std::vector<TextRecord> leaving = waiting();
    leaving.erase(leaving.end() - static_cast<std::ptrdiff_t>(texts), leaving.end());
    pipeline_->ledger().submit(JournalWork{[leaving](StoreBatch& batch, Instant now) -> Result<void> {
                                             for (const TextRecord& text : leaving) {
                                               batch.mark_started(text.row, {1, 0}, ClosedWays{}, now);
                                               batch.record_accepted(text.row, "SM" + text.promise.id.cause, now);
                                             }
                                             return {};
                                           },
                                           [](const Result<void>&) {}});
    commit_all();
  }

  int calls_ = 0;
  fake::ManualClock clock_;
  TestDatabase database_{clock_.now()};
  fake::SeededRandom random_;
  fake::RecordingMeter meter_;
  fake::RecordingLog log_;
  fake::FakePlan plan_;
  testing_support::FixedTimeZones zones_;
  fake::FakeCarrier carrier_;
  SilentChannel channel_;
  std::unique_ptr<store::SqliteStore> store_ = database_.open();
  std::unique_ptr<store::SpoolFiles> spool_files_;
  std::unique_ptr<store::FileSpool> spool_;
  std::unique_ptr<Pipeline> pipeline_;
};

// Goal: an alert that is due leaves as soon as it is durable, not when somebody next looks.
// Method: looks an hour apart and a clock that stands still; one alert of an event, one of journal work.
TEST_F(PipelineTest, ADueAlertLeavesAsSoonAsItIsDurable) {
  Pipeline::Options options;
  options.alerts.look_every = std::chrono::hours{1};
  start(std::move(options));
  int wakes = 0;
  pipeline_->alerts().set_wake([&wakes] { ++wakes; });
  pipeline_->alerts().pump();

  // A withheld number cannot be texted: the operator is told.
  CallStatusChange ended{.call = {.call_sid = *CallSid::parse("CA1"),
                                  .caller = Caller::parse("anonymous"),
                                  .number = E164::from_digits(15550001111),
                                  .number_text = "+15550001111",
                                  .forwarded_from = {},
                                  .parent = {}},
                         .status = CallStatus::no_answer,
                         .status_text = "no-answer"};
  pipeline_->ledger().submit(std::move(ended), [](const Result<Receipt>&) {});
  EXPECT_TRUE(pipeline_->ledger().commit_waiting());
  EXPECT_EQ(wakes, 1);
  pipeline_->alerts().pump();
  EXPECT_EQ(channel_.sent, std::vector{AlertKind::cannot_text_caller});

  pipeline_->ledger().submit(JournalWork{[](StoreBatch& batch, Instant now) -> Result<void> {
                                           AlertRequest alert;
                                           alert.kind = AlertKind::incident_open;
                                           batch.raise(alert, now);
                                           return {};
                                         },
                                         [](const Result<void>&) {}});
  EXPECT_TRUE(pipeline_->ledger().commit_waiting());
  EXPECT_EQ(wakes, 2);
  pipeline_->alerts().pump();
  EXPECT_EQ(channel_.sent, (std::vector{AlertKind::cannot_text_caller, AlertKind::incident_open}));
}

// Goal: a message status finds its text behind the gate, and what it tells is durable when it is acknowledged.
// Method: a business-less call's fail-safe text, sent and accepted; its message delivered, told twice.
TEST_F(PipelineTest, AMessageStatusReachesItsText) {
  start({});
  end_a_call();
  send_texts();
  ASSERT_EQ(carrier_.sent.size(), 1U);
  carrier_.answer_one(Accepted{"SM1"});
  send_texts();

  const MessageStatusChange told{.text = carrier_.sent[0].id,
                                 .account = Account::first,
                                 .message_sid = "SM1",
                                 .status = MessageStatus::delivered,
                                 .status_text = "delivered"};
  for (int times = 0; times < 2; ++times) {
    bool is_durable = false;
    pipeline_->ledger().submit(told, [&](const Result<Receipt>& receipt) { is_durable = receipt.has_value(); });
    EXPECT_TRUE(pipeline_->ledger().commit_waiting());
    EXPECT_TRUE(is_durable);
  }
  EXPECT_EQ(meter_.of(Metric::message_statuses, "first", "delivered"), 1);
  EXPECT_EQ(meter_.of(Metric::events_duplicate), 1);
}

// Goal: while the database is away the operator is told without it, after a few seconds; once it is back, by an
// alert like others, and what came meanwhile is texted.
// Method: the file renamed; a call; looks over time; the file put back.
TEST_F(PipelineTest, TheOperatorIsToldThatTheDatabaseIsAway) {
  open_spool();
  start({});
  channel_.is_answering = true;
  const auto told = [this] { return std::ranges::count(channel_.sent, AlertKind::spool_used); };
  std::filesystem::rename(database_.folder() + "/jobrun.db", database_.folder() + "/gone.db");
  end_a_call();
  EXPECT_FALSE(spool_->is_empty());
  look_once();
  clock_.advance(std::chrono::milliseconds{4'999});
  look_once();
  EXPECT_EQ(told(), 0) << "a moment's trouble";
  clock_.advance(Duration{1});
  look_once();
  look_once();
  EXPECT_EQ(told(), 1);
  std::filesystem::rename(database_.folder() + "/gone.db", database_.folder() + "/jobrun.db");
  look_once();
  EXPECT_EQ(told(), 2);
  EXPECT_TRUE(spool_->is_empty());
  send_texts();
  EXPECT_EQ(carrier_.sent.size(), 1U);
  look_once();
  EXPECT_EQ(told(), 2);
}

// Goal: the operator is told once that a part of the spool cannot be read, also when the journal could not keep
// that at first.
// Method: rubbish in the spool's folder at the start; the file away during the first look.
TEST_F(PipelineTest, TheOperatorIsToldOfADamagedSpool) {
  open_spool();
  std::ofstream(database_.folder() + "/spool/events-00000099.spool") << "rubbish";
  open_spool();
  start({});
  channel_.is_answering = true;
  const auto told = [this] { return std::ranges::count(channel_.sent, AlertKind::spool_damaged); };
  std::filesystem::rename(database_.folder() + "/jobrun.db", database_.folder() + "/gone.db");
  look_once(std::chrono::seconds{2});
  EXPECT_EQ(told(), 0);
  std::filesystem::rename(database_.folder() + "/gone.db", database_.folder() + "/jobrun.db");
  for (int times = 0; times < 4; ++times) look_once(std::chrono::seconds{2});
  EXPECT_EQ(told(), 1);
}

// Goal: the operator is told once that more texts wait than should, and again only after that was over: when less
// than half as many waited.
// Method: texts that the carrier does not answer, waiting up to the bound, above it, at half of it, below that,
// and above again.
TEST_F(PipelineTest, TheOperatorIsToldThatTooManyTextsWait) {
  Pipeline::Options options;
  options.texts_waiting_alert_above = 4;
  start(std::move(options));
  channel_.is_answering = true;
  const auto alerts_while_waiting = [&](std::size_t texts) {
    wait_with(texts);
    clock_.advance(std::chrono::minutes{11});
    for (int times = 0; times < 2; ++times) {
      look_once(std::chrono::seconds{2});
    }
    return std::ranges::count(channel_.sent, AlertKind::queue_too_long);
  };
  EXPECT_EQ(alerts_while_waiting(4), 0);
  EXPECT_EQ(alerts_while_waiting(5), 1);
  EXPECT_EQ(alerts_while_waiting(2), 1);
  EXPECT_EQ(alerts_while_waiting(6), 1) << "half of the bound is not below it";
  EXPECT_EQ(alerts_while_waiting(1), 1);
  EXPECT_EQ(alerts_while_waiting(5), 2);
  EXPECT_EQ(meter_.of(Metric::alerts_raised, "queue_too_long"), 2);
}

}  // namespace
}  // namespace jobrun::app
