// The service as a process that can die at any call of a port, and is started again.
//
// What runs is the application's own Pipeline over the real SQLite store, on a simulated disk. Where the service
// has threads, turns stand here: one for the writer, one for each dispatcher, one for housekeeping. A death is a
// flag first: from that moment on nothing the dying code still does reaches the world. Once its call stack has
// unwound, its memory goes, and what is on the disk is all that is left.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/ports/alert_channel.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/meter.hpp"
#include "disk.hpp"
#include "disk_spool.hpp"
#include "late_store.hpp"
#include "pipeline.hpp"
#include "schedule.hpp"
#include "seeded_random.hpp"
#include "store/file_spool.hpp"
#include "store/guard.hpp"
#include "store/sqlite_store.hpp"
#include "story.hpp"
#include "town.hpp"
#include "truth.hpp"

namespace jobrun::simulation {

inline constexpr const char* database_path = "/sim/jobrun.db";

/// The ports at whose calls a process may die.
enum class Port { disk, carrier, alert_channel, acknowledgement, log };

/// How a process ends.
enum class Death {
  killed,      ///< `kill -9`: what was written stays
  power_lost,  ///< what was not synced may be gone
};

/// Counts, so that they can be held against what happened.
class CountingMeter final : public Meter {
 public:
  void count(Metric metric, std::string_view label1, std::string_view label2, double by) override {
    counts_[{metric, std::string(label1), std::string(label2)}] += by;
  }
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
  double of(Metric metric, std::string_view label1 = {}, std::string_view label2 = {}) const {
    const auto found = counts_.find({metric, std::string(label1), std::string(label2)});
    return found == counts_.end() ? 0 : found->second;
  }
  /// Over all label values.
  double sum_of(Metric metric) const {
    double sum = 0;
    for (const auto& [key, value] : counts_) sum += std::get<0>(key) == metric ? value : 0;
    return sum;
  }

 private:
  std::map<std::tuple<Metric, std::string, std::string>, double> counts_;
};

class Process final : public Log {
 public:
  struct Surroundings {
    Schedule& schedule;
    SeededRandom& random;
    Story& story;
    Truth& truth;
    Town& town;
    Disk& disk;
    Carrier& carrier;
    CarrierCalls* carrier_calls;  ///< null, as the next: nothing is swept
    CarrierNumbers* carrier_numbers;
    CarrierTexts* carrier_texts;  ///< null: texts are not swept
    std::vector<AlertChannel*> alert_channels;
  };

  Process(Surroundings around, app::Pipeline::Options options) : around_(around), options_(std::move(options)) {}
  ~Process() override { bury(); }

  /// Starts a life; when the store does not let it, tries again later, as a supervisor would.
  void start();
  /// Dies at the `calls_left`-th call from now on of that port.
  void die_at(Port port, int calls_left, Death death) { doom_ = Doom{port, calls_left, death}; }
  void call_off_death() { doom_.reset(); }
  void die(Death death);
  /// SIGTERM: takes nothing new, and ends once what is in flight is answered, or after five seconds.
  void stop_gracefully();
  /// To be called when no code of the process is on the stack: removes what a death left, and starts anew.
  /// Dies, and is started again no earlier than after that time.
  void stay_off(Duration time);
  void bury_and_restart();

  bool is_up() const { return life_ != nullptr && !is_dead_ && !is_stopping_; }
  bool is_alive() const { return life_ != nullptr && !is_dead_; }
  /// The number of the current life; callbacks of an earlier one are nobody's.
  std::uint64_t life() const { return life_number_; }
  /// Told by every port at each call; false: the process is dead, nothing may happen any more.
  bool calls(Port port);

  /// Precondition: is_up().
  void submit(Event event, EventSink::Done done) {
    life_->pipeline->ledger().submit(std::move(event), std::move(done));
  }
  void submit(JournalWork work) { life_->pipeline->ledger().submit(std::move(work)); }
  /// The writer is stuck in an operation of the disk, and whoever relieves it has his turn.
  void relieve_writer();
  /// The writer has something to do, perhaps.
  void wake_writer();

  /// Preconditions: is_alive().
  app::Pipeline& pipeline() { return *life_->pipeline; }
  const CountingMeter& meter() const { return life_->meter; }
  const Spool& spool() const { return *life_->spool; }
  /// A statement of the judge's own connection, which goes with the life: prepared once, ready to be run.
  SQLite::Statement& look(const std::string& sql);
  /// Called when a life has begun, before it does anything else.
  std::function<void()> on_start;

 private:
  /// When a part is next given its turn; of two wishes the earlier one holds.
  struct Turn {
    std::optional<Duration> at;
    std::uint64_t ticket = 0;
  };
  struct Life {
    CountingMeter meter;
    std::unique_ptr<app::LateStore> store;
    std::unique_ptr<DiskSpoolFiles> spool_files;
    std::unique_ptr<store::FileSpool> spool;
    std::unique_ptr<DiskSpoolFiles> guard_files;
    std::unique_ptr<store::Guard> guard;
    std::unique_ptr<SQLite::Database> eyes;  ///< the judge's own connection
    std::unordered_map<std::string, SQLite::Statement> looks;
    std::unique_ptr<app::Pipeline> pipeline;
    Turn writer, outbox, alerts, housekeeping;
  };
  struct Doom {
    Port port;
    int calls_left = 0;
    Death death;
  };

  void write(const LogLine& line) override;
  void note_outage(std::string_view message);
  Result<void> begin_life();
  void forget_what_was_held();
  void bury();
  void in_this_life(Duration delay, std::function<void()> action);
  void give_turn(Turn& turn, Duration delay, void (Process::*take)());
  void take_writer_turn();
  void take_outbox_turn();
  void take_alert_turn();
  void take_housekeeping_turn();
  void look_whether_stopped(Duration give_up_at);

  Surroundings around_;
  app::Pipeline::Options options_;
  /// As it was saved last, on a disk that never fails.
  std::shared_ptr<const directory::Snapshot> directory_saved_;
  std::unique_ptr<Life> life_;
  std::uint64_t life_number_ = 0;
  Duration off_for_{0};
  bool is_dead_ = false;
  bool is_stopping_ = false;
  std::optional<Doom> doom_;
};

}  // namespace jobrun::simulation
