#include "service_access.hpp"

#include <chrono>
#include <thread>

#include "admin_channel.hpp"
#include "console_api/operations.hpp"
#include "conversation_view.hpp"
#include "database_lock.hpp"
#include "inline_journal.hpp"
#include "numbering_plan.hpp"
#include "owner_view.hpp"
#include "store/sqlite_store.hpp"
#include "time_zones.hpp"

namespace jobrun::app {

using nlohmann::json;

namespace {

constexpr Duration answer_wait = std::chrono::seconds(30);
constexpr Duration import_wait = std::chrono::minutes(15);
constexpr std::chrono::milliseconds between_tries{20};

class RemoteAccess : public ServiceAccess {
 public:
  explicit RemoteAccess(std::filesystem::path socket) : socket_(std::move(socket)) {}

  json ask(json request, std::optional<std::string_view> csv) override {
    const Result<json> answer = ask_admin(socket_, std::move(request), csv, csv ? import_wait : answer_wait);
    return answer ? *answer : console_api::error_answer(answer.error());
  }

 private:
  std::filesystem::path socket_;
};

class LocalAccess : public ServiceAccess {
 public:
  LocalAccess(DatabaseLock lock, std::unique_ptr<store::SqliteStore> store, std::filesystem::path guard,
              const console_api::ReservedNumbers& reserved, const Clock& clock)
      : lock_(std::move(lock)),
        store_(std::move(store)),
        journal_(*store_, clock,
                 [guard = std::move(guard)] {
                   // It would not know of this; the next service makes it anew.
                   std::error_code failed;
                   std::filesystem::remove(guard, failed);
                 }),
        operations_({.open_reader = [this] { return store_->reader(); },
                     .journal = journal_,
                     .clock = clock,
                     .describe_owner = owner_view,
                     .describe_conversation = conversation_view,
                     .time_zones = time_zones_.get(),
                     .country_of = [this](E164 number) { return numbering_plan_->country_of(number); }},
                    reserved) {}

  json ask(json request, std::optional<std::string_view> csv) override {
    if (csv) request["csv"] = *csv;
    return operations_.handle(request);
  }

 private:
  DatabaseLock lock_;  // first in, last out: the database is closed before the lock is let go
  std::unique_ptr<store::SqliteStore> store_;
  InlineJournal journal_;
  std::unique_ptr<TimeZones> time_zones_ = make_time_zones();
  std::unique_ptr<NumberingPlan> numbering_plan_ = make_numbering_plan();
  console_api::Operations operations_;
};

Result<std::unique_ptr<ServiceAccess>> open_database(DatabaseLock lock, const DatabasePlace& place,
                                                     const Settings& settings, ServiceAccess::OnMissing on_missing,
                                                     const Clock& clock) {
  const std::string path = place.database.string();
  const bool is_there = std::filesystem::exists(place.database);
  if (!is_there && on_missing == ServiceAccess::OnMissing::refuse) {
    return failure(ErrorKind::not_found, "there is no database " + path +
                                             " yet: jobrun clients add, jobrun serve or jobrun migrate makes it");
  }
  if (Result<void> checked = check_database_not_lost(place); !checked) return std::unexpected(checked.error());
  if (!is_there) {
    if (const auto migrated = store::migrate(path, clock.now()); !migrated)
      return std::unexpected(migrated.error());
  }
  store::SqliteStore::Options options;
  options.has_background = false;
  Result<std::unique_ptr<store::SqliteStore>> store = store::SqliteStore::open(path, options);
  if (!store) return std::unexpected(store.error());
  const console_api::ReservedNumbers reserved{.onboarding_number = settings.onboarding_number,
                                              .failsafe_sender = settings.failsafe_sender,
                                              .second_sender = settings.telnyx_sender};
  return std::make_unique<LocalAccess>(std::move(lock), *std::move(store), place.guard, reserved, clock);
}

}  // namespace

Result<std::unique_ptr<ServiceAccess>> ServiceAccess::open(const Settings& settings, OnMissing on_missing,
                                                           const Clock& clock, Duration wait) {
  const Result<DatabasePlace> place = place_of_database(settings.database);
  if (!place) return std::unexpected(place.error());
  const auto give_up_at = std::chrono::steady_clock::now() + wait;
  while (true) {
    Result<DatabaseLock> lock = DatabaseLock::acquire(*place, "a jobrun command", Duration{0});
    if (lock) return open_database(*std::move(lock), *place, settings, on_missing, clock);
    if (lock.error().kind != ErrorKind::conflict) return std::unexpected(lock.error());
    if (is_admin_served(place->admin_socket)) return std::make_unique<RemoteAccess>(place->admin_socket);
    if (std::chrono::steady_clock::now() >= give_up_at) {
      return failure(ErrorKind::unavailable,
                     lock.error().message + ", and nobody answers at " + place->admin_socket.string());
    }
    std::this_thread::sleep_for(between_tries);
  }
}

}  // namespace jobrun::app
