// The service on a database of its own, driven by hand, for tests of texts that come in.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"
#include "database_test_support.hpp"
#include "outbox/testing/fake_world.hpp"
#include "pipeline.hpp"

namespace jobrun::app {

inline const E164 sign_up_number = E164::from_digits(14155550300);

/// The service on a database of its own, a carrier that takes every text at once, and a pool of numbers.
class Service {
 public:
  Service() { start(); }
  ~Service() { stop(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void start() {
    store_ = database_.open();
    Pipeline::Options options;
    options.configured.onboarding = sign_up_number;
    options.sign_up = sign_up;
    auto started = Pipeline::start({.store = *store_,
                                    .carrier = carrier,
                                    .alert_channels = {},
                                    .numbering_plan = plan_,
                                    .time_zones = zones_,
                                    .meter = meter,
                                    .log = log,
                                    .clock = clock,
                                    .random = random_,
                                    .save_snapshot = [](const directory::Snapshot&) { return Result<void>{}; }},
                                   options);
    if (!started) throw std::runtime_error(started.error().message);
    pipeline_ = std::move(*started);
    look();
  }
  void stop() {
    pipeline_.reset();
    store_.reset();
  }
  void restart() {
    stop();
    start();
  }

  /// Everybody has his turn until nobody has anything to do.
  void run() {
    for (int turns = 0; turns < 4; ++turns) {
      while (pipeline_->ledger().commit_waiting()) continue;
      pipeline_->outbox().pump();
      while (!carrier.waiting.empty()) carrier.answer_one(Accepted{"SM-" + std::to_string(++accepted_)});
    }
  }
  void look() {
    run();
    pipeline_->housekeeping().run_once();
    run();
  }

  void text(E164 from, std::string_view words, const std::string& sid) {
    pipeline_->ledger().submit(InboundText{.message_sid = sid,
                                           .sender = Caller::parse(from.text()),
                                           .number = sign_up_number,
                                           .number_text = sign_up_number.text(),
                                           .body = std::string(inbound_words(words))},
                               [](const Result<Receipt>& receipt) { ASSERT_TRUE(receipt); });
  }
  void text(E164 from, std::string_view words) { text(from, words, "SMin" + std::to_string(++texts_in_)); }

  /// Somebody calls the number, and nobody answers.
  void call(E164 number, std::optional<E164> forwarded_from) {
    const std::string caller = "+1213555" + std::to_string(1'000 + calls_);
    event(call_details(caller, number, forwarded_from), CallStatus::no_answer);
  }
  /// A call that is new to the service.
  CallDetails call_details(const std::string& caller, E164 number, std::optional<E164> forwarded_from = {}) {
    return {.call_sid = *CallSid::parse("CA" + std::to_string(++calls_)),
            .caller = Caller::parse(caller),
            .number = number,
            .number_text = number.text(),
            .forwarded_from = forwarded_from,
            .parent = {}};
  }
  void event(const CallDetails& call, CallStatus status) {
    submit(CallStatusChange{.call = call, .status = status, .status_text = std::string(name_of(status))});
  }
  void submit(Event event) {
    pipeline_->ledger().submit(std::move(event), [](const Result<Receipt>& receipt) { ASSERT_TRUE(receipt); });
    run();
  }

  void change(const std::function<Result<void>(StoreBatch&, Instant)>& write) {
    bool is_done = false;
    pipeline_->ledger().submit({write, [&](const Result<void>& done) { is_done = done.has_value(); }});
    run();
    if (!is_done) throw std::runtime_error("refused");
  }
  void add_number(E164 number) {
    change([number](StoreBatch& batch, Instant now) -> Result<void> {
      const auto added = batch.change_directory(
          AddNumber{{.number = number, .role = NumberRole::system, .client = {}, .is_available = true}}, now);
      if (!added) return std::unexpected(added.error());
      return {};
    });
  }
  void remove_number(E164 number) {
    change([number](StoreBatch& batch, Instant now) -> Result<void> {
      const auto removed = batch.change_directory(RemoveNumber{number}, now);
      if (!removed) return std::unexpected(removed.error());
      return {};
    });
  }

  std::string database() const { return database_.path(); }
  StoreReader& reader() {
    reader_ = store_->reader();
    return *reader_;
  }
  std::vector<OnboardingRecord> owners() { return reader().onboardings({.limit = 1'000}); }

  texting::SignUpPolicy sign_up;
  outbox::testing::ManualClock clock;
  outbox::testing::RecordingMeter meter;
  outbox::testing::RecordingLog log;
  outbox::testing::FakeCarrier carrier;

 private:
  TestDatabase database_{clock.now()};
  outbox::testing::SeededRandom random_;
  outbox::testing::FakePlan plan_;
  testing_support::FixedTimeZones zones_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<StoreReader> reader_;
  std::unique_ptr<Pipeline> pipeline_;
  int accepted_ = 0;
  int texts_in_ = 0;
  int calls_ = 0;
};

}  // namespace jobrun::app
