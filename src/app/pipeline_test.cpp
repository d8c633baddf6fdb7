#include "pipeline.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "outbox/testing/fake_world.hpp"
#include "store/sqlite_store.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;

struct SilentChannel final : AlertChannel {
  std::string name() const override { return "silent"; }
  void send(const AlertRecord& alert, Done) override { sent.push_back(alert.request.kind); }
  std::vector<AlertKind> sent;
};

/// The real parts over a real database, driven by hand.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    std::string pattern = testing::TempDir() + "pipeline_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    const std::string database = directory_ + "/jobrun.db";
    if (!store::migrate(database, clock_.now())) throw std::runtime_error("no schema");
    auto opened = store::SqliteStore::open(database);
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
  }
  ~PipelineTest() override {
    pipeline_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  void start(Pipeline::Options options) {
    auto started = Pipeline::start({.store = *store_,
                                    .carrier = carrier_,
                                    .alert_channels = {&channel_},
                                    .numbering_plan = plan_,
                                    .meter = meter_,
                                    .log = log_,
                                    .clock = clock_,
                                    .random = random_,
                                    .save_snapshot = [](const directory::Snapshot&) { return Result<void>{}; }},
                                   std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    pipeline_ = std::move(*started);
  }

  std::string directory_;
  fake::ManualClock clock_;
  fake::SeededRandom random_;
  fake::RecordingMeter meter_;
  fake::RecordingLog log_;
  fake::FakePlan plan_;
  fake::FakeCarrier carrier_;
  SilentChannel channel_;
  std::unique_ptr<store::SqliteStore> store_;
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

}  // namespace
}  // namespace jobrun::app
