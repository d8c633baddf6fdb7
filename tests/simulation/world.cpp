#include "world.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "alert_desk.hpp"
#include "judge.hpp"
#include "network.hpp"
#include "owners.hpp"
#include "process.hpp"
#include "town.hpp"
#include "weather.hpp"

namespace jobrun::simulation {
namespace {

/// After the faults: long enough for every wait that the options below allow, and for lost ends of calls.
constexpr Duration calm{14 * 60'000};

app::Pipeline::Options options_of(const Town& town, SeededRandom& random) {
  app::Pipeline::Options options;
  options.configured = town.configured();
  options.policy = town.policy;
  if (town.approves_owners) options.sign_up.activation = onboarding::Activation::manual_approval;
  options.overdue_every = Duration{5'000};
  options.ledger.batch_events_max = static_cast<std::size_t>(random.between(1, 32));
  options.ledger.batch_work_max = static_cast<std::size_t>(random.between(1, 16));
  if (random.chance(15)) options.ledger.events_waiting_max = static_cast<std::size_t>(random.between(2, 12));
  options.outbox.texts_per_second = random.pick(std::array{0, 1, 2, 10, 100});
  if (random.chance(30)) options.outbox.window = static_cast<std::size_t>(random.between(2, 8));
  if (random.chance(30)) options.outbox.in_flight_max = static_cast<std::size_t>(random.between(1, 4));
  options.outbox.back_off_max = Duration{20'000};
  options.outbox.retry_after_max = Duration{60'000};
  options.outbox.credentials_probe_every = Duration{10'000};
  options.outbox.rescan_every = Duration{20'000};
  options.outbox.once_more_after = Duration{30'000};
  options.outbox.segments_per_second_and_sender = random.pick(std::array{0, 0, 1, 10});
  options.outbox.useful_for =
      random.pick(std::array{Duration{45'000}, Duration{5 * 60'000}, Duration{60 * 60'000}});
  options.look_ups.retry = options.outbox.retry_rules();
  options.alerts.look_every = Duration{5'000};
  options.alerts.back_off_max = Duration{30'000};
  options.alerts.in_flight_max = static_cast<std::size_t>(random.between(1, 16));
  options.alerts.crowd_above = 2;
  options.alerts.emails_per_hour = 6;
  options.alerts.limit_window = Duration{3 * 60'000};
  options.sweep.public_url = public_url;
  options.sweep.back_off_max = Duration{30'000};
  options.sweep.taken_for_ended = Duration{60'000};
  return options;
}

/// A migrated, empty database: made once, the same for every seed.
const Disk::Image& fresh_database() {
  static const Disk::Image image = [] {
    SeededRandom random(0);
    Disk disk(random);
    const auto migrated = store::migrate(database_path, from_unix_ms(0), disk.file_system());
    if (!migrated) throw std::runtime_error(migrated.error().message);
    disk.process_ends();
    return disk.image();
  }();
  return image;
}

/// As the service has them, but for the rate.
app::Pipeline::Options options_of(const Town& town, const Scenario& scenario) {
  app::Pipeline::Options options;
  options.configured = town.configured();
  options.policy = town.policy;
  options.outbox.texts_per_second = scenario.texts_per_second;
  options.outbox.segments_per_second_and_sender = 1;
  options.sweep.public_url = public_url;
  return options;
}

Town town_of(std::uint64_t seed, SeededRandom& random, const Scenario* scenario) {
  Town town(random);
  if (scenario != nullptr) town.make_plain(scenario->has_second_account);
  if (scenario == nullptr && has_owners(seed)) town.let_owners_in(random);
  return town;
}

/// In every other world mails are not taken for some minutes.
AlertDesk::Closed hours_closed(SeededRandom& random, Duration busy) {
  if (random.chance(50)) return {};
  const Duration from = random.between(Duration{0}, busy);
  return {from, from + random.between(Duration{60'000}, Duration{6 * 60'000})};
}

class World {
 public:
  /// With a scenario, only that happens.
  World(std::uint64_t seed, std::ostream* reader, const Scenario* scenario);
  WorldResult run();
  ScenarioResult run_scenario();

 private:
  void move_in();
  void plan();
  void plan_scenario();
  void plan_owners();
  void let_operator_add(E164 number);
  void let_operator_approve(const std::string& owner);
  void plan_deaths();
  void plan_errors_of_clock();
  void plan_absence_of_file();
  void move_file_away();
  void let_operator_act();
  void make_calm();
  void run_until(Duration end);
  DiskFate judge_disk(DiskOperation operation, bool is_spools);

  const Scenario* scenario_;
  bool sweeps_;
  bool people_text_;
  SeededRandom random_;
  Schedule schedule_;
  Story story_;
  Truth truth_;
  const Disk::Image& fresh_ = fresh_database();
  Disk disk_{random_};
  Duration busy_;
  Weather weather_;
  Town town_;
  app::Pipeline::Options options_;
  Network network_;
  SeededRandom mail_random_;  ///< its own, so that worlds without mail stay what they were
  AlertDesk desk_;
  AlertDesk mail_;
  Process process_;
  Owners owners_;
  Judge judge_;
  bool has_room_for_spool_ = true;  ///< the spool lies on another disk, or has room set aside
  bool moves_file_at_next_sync_ = false;
  int commands_ = 0;  ///< given by the operator
};

World::World(std::uint64_t seed, std::ostream* reader, const Scenario* scenario)
    : scenario_(scenario),
      sweeps_(scenario ? scenario->sweeps : seed > seeds_without_sweep),
      people_text_(!scenario && seed > seeds_without_texts),
      random_(seed),
      story_(schedule_, reader),
      busy_(scenario ? scenario->length : random_.between(Duration{8 * 60'000}, Duration{14 * 60'000})),
      weather_(scenario ? Weather(random_, schedule_, scenario->forecast) : Weather(random_, schedule_, busy_)),
      town_(town_of(seed, random_, scenario)),
      options_(scenario ? options_of(town_, *scenario) : options_of(town_, random_)),
      network_({schedule_, random_, story_, truth_, town_, weather_, people_text_}),
      mail_random_(~seed),
      desk_(AlertWay::webhook, {}, schedule_, random_, story_, truth_, weather_),
      mail_(AlertWay::email, hours_closed(mail_random_, busy_), schedule_, mail_random_, story_, truth_, weather_),
      process_({.schedule = schedule_,
                .random = random_,
                .story = story_,
                .truth = truth_,
                .town = town_,
                .disk = disk_,
                .carrier = network_,
                .carrier_calls = sweeps_ ? &network_ : nullptr,
                .carrier_numbers = sweeps_ ? &network_ : nullptr,
                .carrier_texts = sweeps_ && people_text_ ? &network_ : nullptr,
                .alert_channels = scenario != nullptr || seed <= seeds_without_mail
                                      ? std::vector<AlertChannel*>{&desk_}
                                      : std::vector<AlertChannel*>{&desk_, &mail_}},
               options_),
      owners_({schedule_, random_, town_, truth_, network_}),
      judge_({schedule_, truth_, town_, disk_, process_, options_}) {
  network_.connect(process_);
  for (AlertDesk* desk : {&desk_, &mail_}) {
    desk->connect(process_);
    desk->tells = [this](AlertWay way, AlertId alert, bool was_heard) {
      judge_.at_telling(way, alert, was_heard);
    };
  }
  process_.on_start = [this] { judge_.at_start(); };
}

DiskFate World::judge_disk(DiskOperation operation, bool is_spools) {
  if (judge_.is_looking()) return DiskFate::done;
  if (!process_.calls(Port::disk)) return DiskFate::fails;
  const auto struck = [&](DiskFate fate) {
    judge_.trouble();
    return fate;
  };
  if (is_spools && has_room_for_spool_) {
    return weather_.strikes(Fault::disk_fails, 2) ? struck(DiskFate::fails) : DiskFate::done;
  }
  if (operation == DiskOperation::sync && std::exchange(moves_file_at_next_sync_, false)) move_file_away();
  if (operation == DiskOperation::sync && weather_.strikes(Fault::disk_stalls)) {
    schedule_.stall(random_.between(Duration{10}, Duration{4'000}));
    judge_.trouble();
    if (!is_spools) process_.relieve_writer();
    if (!process_.is_alive()) return DiskFate::fails;
  }
  if (operation == DiskOperation::write && weather_.is_on(Fault::disk_full)) return struck(DiskFate::full);
  if (!weather_.strikes(Fault::disk_fails, 15)) return DiskFate::done;
  const bool is_done = operation != DiskOperation::read && random_.chance(40);
  return struck(is_done ? DiskFate::done_but_says_failed : DiskFate::fails);
}

/// An operator has set the service up in peace.
void World::move_in() {
  disk_.install(fresh_);
  store::SqliteOptions options;
  options.file_system = disk_.file_system();
  options.has_background = false;
  {
    auto store = store::SqliteStore::open(database_path, options);
    if (!store) throw std::runtime_error(store.error().message);
    if (const Result<void> done = town_.move_in(**store, schedule_.now()); !done) {
      throw std::runtime_error(done.error().message);
    }
  }
  disk_.process_ends();
  disk_.judge = [this](DiskOperation operation, std::string_view path) {
    return judge_disk(operation, path.starts_with(spool_folder));
  };
}

// --- what will happen ---------------------------------------------------------------------------------------

void World::plan() {
  for (const auto& [fault, spells] : weather_.spells()) {
    for (const Weather::Spell& spell : spells) {
      story_.tell([&, kind = fault] {
        return "forecast: " + std::string(name_of(kind)) + " from " + std::to_string(spell.from.count() / 1'000) +
               " s to " + std::to_string(spell.to.count() / 1'000) + " s";
      });
    }
  }
  for (std::int64_t calls = random_.between(50, 70); calls > 0; --calls) {
    schedule_.after(random_.between(Duration{0}, busy_), [this] { network_.place_call(); });
  }
  if (const auto crowds = weather_.spells().find(Fault::crowd); crowds != weather_.spells().end()) {
    for (const Weather::Spell& spell : crowds->second) {
      schedule_.after(spell.from, [this] { network_.place_crowd(static_cast<int>(random_.between(5, 30))); });
    }
  }
  for (std::int64_t acts = random_.between(0, 8); acts > 0; --acts) {
    schedule_.after(random_.between(Duration{0}, busy_), [this] { let_operator_act(); });
  }
  plan_deaths();
  plan_errors_of_clock();
  plan_absence_of_file();
  if (!people_text_) return;
  for (std::int64_t texts = random_.between(5, 20); texts > 0; --texts) {
    schedule_.after(random_.between(Duration{0}, busy_), [this] { network_.somebody_texts(); });
  }
  plan_owners();
}

/// Numbers come into the pool one by one, the last perhaps long after somebody waits for it.
void World::plan_owners() {
  owners_.plan(busy_);
  for (const E164 number : town_.numbers_for_owners) {
    const Duration at = random_.chance(40) ? Duration{0} : random_.between(Duration{0}, busy_);
    schedule_.after(at, [this, number] { let_operator_add(number); });
  }
  if (!town_.approves_owners) return;
  for (const std::string& owner : town_.owners) {
    for (std::int64_t times = random_.between(1, 3); times > 0; --times) {
      schedule_.after(random_.between(busy_ / 4, busy_ + busy_ / 4),
                      [this, owner] { let_operator_approve(owner); });
    }
  }
}

void World::plan_scenario() {
  for (int call = 0; call < scenario_->calls; ++call) {
    const std::string& phone =
        town_.phones[static_cast<std::size_t>(call) + 2];  // the first two are not texted by all
    schedule_.after(random_.between(Duration{0}, scenario_->calls_within),
                    [this, phone] { network_.place_call_by(phone); });
  }
  if (scenario_->off_for > Duration{0}) {
    schedule_.after(Duration{1'000}, [this] { process_.stay_off(scenario_->off_for); });
  }
}

void World::plan_deaths() {
  constexpr std::array ports = {Port::disk,          Port::disk, Port::carrier,         Port::carrier,
                                Port::alert_channel, Port::log,  Port::acknowledgement, Port::acknowledgement};
  for (std::int64_t deaths = random_.between(1, 4); deaths > 0; --deaths) {
    const Port port = random_.pick(ports);
    const int calls = static_cast<int>(random_.between(1, port == Port::disk ? 60 : 6));
    const Death death = random_.chance(50) ? Death::killed : Death::power_lost;
    schedule_.after(random_.between(Duration{0}, busy_),
                    [this, port, calls, death] { process_.die_at(port, calls, death); });
  }
  if (random_.chance(30)) {
    schedule_.after(random_.between(Duration{0}, busy_), [this] { process_.stop_gracefully(); });
  }
}

void World::plan_errors_of_clock() {
  const auto found = weather_.spells().find(Fault::clock_wrong);
  if (found == weather_.spells().end()) return;
  for (const Weather::Spell& spell : found->second) {
    const Duration error = random_.between(Duration{-2 * 60 * 60'000}, Duration{2 * 60 * 60'000});
    const auto set = [this](Duration to) {
      story_.tell([&] { return "the clock is wrong by " + std::to_string(to.count() / 1'000) + " s"; });
      schedule_.set_wall_error(to);
      truth_.clock_was_wrong = true;
      judge_.trouble();
    };
    schedule_.after(spell.from, [set, error] { set(error); });
    schedule_.after(spell.to, [set] { set(Duration{0}); });
  }
}

void World::plan_absence_of_file() {
  const auto found = weather_.spells().find(Fault::file_moved);
  if (found == weather_.spells().end()) return;
  for (const Weather::Spell& spell : found->second) {
    for (std::int64_t moves = random_.between(1, 6); moves > 0; --moves) {
      // Mostly in the middle of a commit, so that it is durable and the store cannot vouch for it.
      const bool in_a_commit = random_.chance(75);
      schedule_.after(random_.between(spell.from, spell.to), [this, in_a_commit] {
        if (in_a_commit) {
          moves_file_at_next_sync_ = true;
        } else {
          move_file_away();
        }
      });
    }
  }
}

void World::move_file_away() {
  const std::string away = std::string(database_path) + ".away";
  story_.tell([] { return "somebody moves the database file away"; });
  disk_.rename(database_path, away);
  truth_.is_file_away = true;
  judge_.trouble();
  schedule_.after(random_.between(Duration{1}, Duration{3'000}), [this, away] {
    story_.tell([] { return "the database file is put back"; });
    disk_.rename(away, database_path);
    truth_.is_file_away = false;
    judge_.trouble();
  });
}

/// An operator's command, through the same door as everything else.
void World::let_operator_act() {
  if (!process_.is_up()) return;
  ClientProfile client = random_.pick(town_.clients);
  client.paused = random_.chance(40);
  const PoolNumber number{E164::from_digits(14'155'550'500), NumberRole::operational, town_.clients[0].id};
  const bool adds = random_.chance(30);
  story_.tell([&] {
    return adds ? "the operator registers " + number.number.text()
                : "the operator " + std::string(client.paused ? "pauses " : "resumes ") + client.name;
  });
  // From now on the pause before may be over, whatever becomes of this command.
  std::vector<PauseTruth>& pauses = truth_.pauses[client.id.value];
  if (!adds && !pauses.empty()) pauses.back().to = std::min(pauses.back().to, schedule_.elapsed());
  JournalWork work;
  work.write = [client, number, adds](StoreBatch& batch, Instant now) -> Result<void> {
    const auto changed =
        adds ? batch.change_directory(AddNumber{number}, now) : batch.change_directory(SetClient{client}, now);
    if (!changed) return std::unexpected(changed.error());
    return {};
  };
  const int command = ++commands_;
  work.done = [this, client, adds, command](const Result<void>& durable) {
    if (adds || !client.paused || !durable || command != commands_) return;
    truth_.pauses[client.id.value].push_back({schedule_.elapsed(), busy_ + calm});
  };
  process_.submit(std::move(work));
}

/// He tries until it is done.
void World::let_operator_add(E164 number) {
  const auto later = [this, number] {
    schedule_.after(Duration{10'000}, [this, number] { let_operator_add(number); });
  };
  if (!process_.is_up()) return later();
  story_.tell([&] { return "the operator gives " + number.text() + " to the owners who sign up"; });
  JournalWork work;
  work.write = [number](StoreBatch& batch, Instant now) -> Result<void> {
    const PoolNumber row{.number = number, .role = NumberRole::system, .client = {}, .is_available = true};
    const auto added = batch.change_directory(AddNumber{row}, now);
    if (!added) return std::unexpected(added.error());
    return {};
  };
  // Where the process dies nobody is answered: asked once more, it is refused if it was done.
  work.done = [later, life = process_.life()](const Result<void>& durable) {
    if (!durable && durable.error().kind != ErrorKind::conflict) later();
  };
  process_.submit(std::move(work));
}

void World::let_operator_approve(const std::string& owner) {
  if (!process_.is_up()) return;
  story_.tell([&] { return "the operator approves " + owner; });
  truth_.approved.insert(owner);
  JournalWork work;
  work.write = [phone = E164::parse(owner).value()](StoreBatch& batch, Instant now) {
    return batch.approve_onboarding(phone, now);
  };
  work.done = [](const Result<void>&) {};
  process_.submit(std::move(work));
}

// --- living it through --------------------------------------------------------------------------------------

void World::run_until(Duration end) {
  while (truth_.violation.empty() && schedule_.run_next(end)) {
    process_.bury_and_restart();
    if (process_.is_alive() && process_.pipeline().ledger().has_waiting()) process_.wake_writer();
    judge_.after_step();
  }
}

void World::make_calm() {
  story_.tell([] { return "--- calm ---"; });
  weather_.clear();
  schedule_.set_wall_error(Duration{0});
  process_.call_off_death();
  if (truth_.crashes == 0 && scenario_ == nullptr) {
    process_.die(Death::power_lost);
    // It may be between two lives: then in the next.
    schedule_.after(Duration{60'000}, [this] {
      if (truth_.crashes == 0) process_.die(Death::power_lost);
    });
  }
  process_.bury_and_restart();
  judge_.trouble();
}

WorldResult World::run() {
  move_in();
  has_room_for_spool_ = scenario_ != nullptr || random_.chance(70);
  scenario_ ? plan_scenario() : plan();
  const int kinds = static_cast<int>(weather_.spells().size());
  process_.start();
  run_until(busy_);
  make_calm();
  run_until(busy_ + calm);
  if (truth_.violation.empty()) {
    if (process_.is_up()) {
      judge_.at_the_end();
      if (sweeps_) judge_.nothing_is_left_out();
    } else {
      truth_.violate("the process is not up in the end");
    }
  }
  WorldResult result;
  result.violation = truth_.violation;
  result.digest = schedule_.digest() ^ disk_.digest();
  result.calls = static_cast<int>(truth_.calls.size());
  result.crashes = truth_.crashes;
  result.kinds_of_fault = kinds;
  for (const auto& [id, requests] : truth_.requests)
    result.texts_accepted += requests.back().carrier_has_it ? 1 : 0;
  return result;
}

ScenarioResult World::run_scenario() {
  ScenarioResult result;
  result.world = run();
  result.truth = truth_;
  if (process_.is_alive()) result.possible_duplicates = process_.meter().of(Metric::outbox_possible_duplicates);
  return result;
}

}  // namespace

WorldResult run_world(std::uint64_t seed, std::ostream* reader) {
  World world(seed, reader, nullptr);
  return world.run();
}

ScenarioResult run_scenario(const Scenario& scenario, std::uint64_t seed, std::ostream* reader) {
  World world(seed, reader, &scenario);
  return world.run_scenario();
}

}  // namespace jobrun::simulation
