#include "process.hpp"

#include <utility>

namespace jobrun::simulation {
namespace {

constexpr Duration housekeeping_every{5'000};
constexpr Duration stop_grace{5'000};

}  // namespace

bool Process::calls(Port port) {
  if (is_dead_) return false;
  if (doom_ && doom_->port == port && --doom_->calls_left <= 0) {
    die(doom_->death);
    return false;
  }
  return true;
}

void Process::die(Death death) {
  if (!is_alive()) return;
  doom_.reset();
  is_dead_ = true;
  ++around_.truth.crashes;
  around_.story.tell([&] {
    return std::string("*** the process dies: ") + (death == Death::killed ? "kill -9" : "the power fails");
  });
  if (death == Death::killed) {
    around_.disk.process_ends();
  } else {
    around_.disk.power_fails();
  }
}

/// What was in memory alone is gone.
void Process::forget_what_was_held() {
  if (!life_ || !life_->pipeline) return;
  for (const std::string& id : life_->pipeline->texts_held()) {
    const auto found = around_.truth.requests.find(id);
    if (found == around_.truth.requests.end()) continue;
    for (RequestTruth& request : found->second) request.is_forgotten = true;
  }
}

void Process::bury() {
  forget_what_was_held();
  if (life_ != nullptr && !is_dead_) around_.disk.process_ends();
  life_.reset();
  is_dead_ = false;
  is_stopping_ = false;
}

void Process::bury_and_restart() {
  if (!is_dead_) return;
  bury();
  const Duration restart = around_.random.between(Duration{500}, Duration{20'000});
  around_.schedule.after(std::exchange(off_for_, Duration{0}) + restart, [this] { start(); });
}

void Process::stay_off(Duration time) {
  off_for_ = time;
  die(Death::killed);
}

void Process::start() {
  if (life_) return;
  ++life_number_;
  around_.disk.process_starts();
  life_ = std::make_unique<Life>();
  around_.truth.failsafe_warnings = 0;
  // A life that is still without the database says so at once.
  if (auto& outages = around_.truth.outages; !outages.empty() && outages.back().to == Duration::max()) {
    outages.back().to = around_.schedule.elapsed();
  }
  Result<void> begun;
  try {
    begun = begin_life();
  } catch (const StoreFailure& failed) {
    begun = failure(ErrorKind::unavailable, failed.message);
  }
  if (is_dead_) return;
  if (!begun) {
    around_.story.tell([&] { return "the process cannot start: " + begun.error().message; });
    bury();
    around_.schedule.after(around_.random.between(Duration{1'000}, Duration{10'000}), [this] { start(); });
    return;
  }
  around_.story.tell([&] { return "the process is up, life " + std::to_string(life_number_); });
  if (on_start) on_start();
  life_->pipeline->outbox().set_wake(
      [this] { give_turn(life_->outbox, Duration{1}, &Process::take_outbox_turn); });
  life_->pipeline->alerts().set_wake([this] { give_turn(life_->alerts, Duration{1}, &Process::take_alert_turn); });
  give_turn(life_->outbox, Duration{0}, &Process::take_outbox_turn);
  give_turn(life_->alerts, Duration{0}, &Process::take_alert_turn);
  give_turn(life_->housekeeping, Duration{0}, &Process::take_housekeeping_turn);
}

SQLite::Statement& Process::look(const std::string& sql) {
  if (!life_->eyes) {
    const std::string path = database_path;
    const int mode = SQLite::OPEN_READONLY;
    life_->eyes = std::make_unique<SQLite::Database>(path.c_str(), mode, 0, around_.disk.file_system().vfs);
  }
  return life_->looks.try_emplace(sql, *life_->eyes, sql).first->second;
}

Result<void> Process::begin_life() {
  store::SqliteOptions store_options;
  store_options.file_system = around_.disk.file_system();
  store_options.has_background = false;
  store_options.log_bytes_start = 96 << 10;
  store_options.busy_timeout = Duration{0};
  life_->store = std::make_unique<app::LateStore>([store_options]() -> Result<std::unique_ptr<Store>> {
    auto opened = store::SqliteStore::open(database_path, store_options);
    if (!opened) return std::unexpected(opened.error());
    return std::move(*opened);
  });
  // A failure is found out again by whoever needs it.
  static_cast<void>(life_->store->open());
  life_->spool_files = std::make_unique<DiskSpoolFiles>(around_.disk);
  auto spool = store::FileSpool::open(*life_->spool_files, life_->meter, *this, {.segment_bytes = 4'000});
  if (!spool) return std::unexpected(spool.error());
  life_->spool = std::move(*spool);
  life_->guard_files = std::make_unique<DiskSpoolFiles>(around_.disk);
  life_->guard = std::make_unique<store::Guard>(*life_->guard_files, "guard", *this);
  auto wired = app::Pipeline::start(
      app::Pipeline::Ports{.store = *life_->store,
                           .spool = life_->spool.get(),
                           .guard = life_->guard.get(),
                           .carrier = around_.carrier,
                           .alert_channels = around_.alert_channels,
                           .numbering_plan = around_.town,
                           .time_zones = around_.town.zones,
                           .meter = life_->meter,
                           .log = *this,
                           .clock = around_.schedule,
                           .random = around_.random,
                           .save_snapshot =
                               [this](const directory::Snapshot& saved) {
                                 directory_saved_ = std::make_shared<directory::Snapshot>(saved);
                                 return Result<void>{};
                               },
                           .load_snapshot = [this]() -> Result<std::shared_ptr<const directory::Snapshot>> {
                             if (directory_saved_) return directory_saved_;
                             return failure(ErrorKind::not_found, "no directory was saved");
                           },
                           .carrier_calls = around_.carrier_calls,
                           .carrier_numbers = around_.carrier_numbers,
                           .carrier_texts = around_.carrier_texts},
      options_);
  if (!wired) return std::unexpected(wired.error());
  life_->pipeline = std::move(*wired);
  return {};
}

void Process::in_this_life(Duration delay, std::function<void()> action) {
  around_.schedule.after(delay, [this, life = life_number_, action = std::move(action)] {
    if (life == life_number_ && is_alive()) action();
  });
}

void Process::give_turn(Turn& turn, Duration delay, void (Process::*take)()) {
  if (!is_alive()) return;
  const Duration at = around_.schedule.elapsed() + delay;
  if (turn.at && *turn.at <= at) return;
  turn.at = at;
  const std::uint64_t ticket = ++turn.ticket;
  in_this_life(delay, [this, &turn, ticket, take] {
    if (turn.ticket != ticket) return;
    turn.at.reset();
    (this->*take)();
  });
}

void Process::relieve_writer() {
  if (is_alive() && life_->pipeline) life_->pipeline->ledger().relieve_writer();
}

void Process::wake_writer() {
  if (!is_alive() || life_->writer.at) return;
  give_turn(life_->writer, Duration{around_.random.between(0, 3)}, &Process::take_writer_turn);
}

void Process::take_writer_turn() {
  life_->pipeline->ledger().commit_waiting();
}

void Process::take_outbox_turn() {
  const std::optional<Duration> wanted = life_->pipeline->outbox().pump();
  if (wanted) give_turn(life_->outbox, std::max(*wanted, Duration{1}), &Process::take_outbox_turn);
}

void Process::take_alert_turn() {
  const Duration wanted = life_->pipeline->alerts().pump();
  give_turn(life_->alerts, std::max(wanted, Duration{1}), &Process::take_alert_turn);
}

void Process::take_housekeeping_turn() {
  life_->pipeline->housekeeping().run_once();
  relieve_writer();
  give_turn(life_->housekeeping, housekeeping_every, &Process::take_housekeeping_turn);
}

void Process::stop_gracefully() {
  if (!is_up()) return;
  around_.story.tell([] { return "the process is asked to stop"; });
  is_stopping_ = true;
  life_->pipeline->outbox().stop_starting();
  life_->pipeline->alerts().stop_starting();
  look_whether_stopped(around_.schedule.elapsed() + stop_grace);
}

void Process::look_whether_stopped(Duration give_up_at) {
  const bool is_idle =
      life_->pipeline->outbox().levels().is_idle() && life_->pipeline->alerts().levels().is_idle();
  if (!is_idle && around_.schedule.elapsed() < give_up_at) {
    return in_this_life(Duration{100}, [this, give_up_at] { look_whether_stopped(give_up_at); });
  }
  // What waits is still committed and answered, as the writer's thread does before it ends.
  while (!is_dead_ && life_->pipeline->ledger().commit_waiting()) {
  }
  if (is_dead_) return;
  around_.story.tell([] { return "the process has stopped"; });
  is_dead_ = true;
  around_.disk.process_ends();
}

/// A replay that comes to nothing ends no outage.
void Process::note_outage(std::string_view message) {
  constexpr Duration still_the_same{1'000};
  std::vector<OutageTruth>& outages = around_.truth.outages;
  const Duration now = around_.schedule.elapsed();
  if (message.starts_with("THE DATABASE CANNOT BE WRITTEN")) {
    const bool goes_on =
        !outages.empty() && (outages.back().to == Duration::max() || now - outages.back().to < still_the_same);
    if (goes_on) outages.back().to = Duration::max();
    if (!goes_on) outages.push_back({.from = now});
  }
  if (message.starts_with("the database can be written again") && !outages.empty()) outages.back().to = now;
}

void Process::write(const LogLine& line) {
  if (!calls(Port::log)) return;
  if (line.message == "SYSTEM FAILSAFE") ++around_.truth.failsafe_warnings;
  if (line.message.starts_with("NO GUARD")) around_.truth.had_no_guard = true;
  note_outage(line.message);
  around_.story.tell([&] {
    std::string words = "  log " + std::string(name_of(line.level)) + ": " + line.message;
    if (!line.correlation_id.empty()) words += " [" + line.correlation_id + "]";
    for (const LogField& field : line.fields) words += " " + std::string(field.key) + "=" + field.value;
    return words;
  });
}

}  // namespace jobrun::simulation
