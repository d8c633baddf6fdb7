#include "doctor.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "admin_channel.hpp"
#include "alert/owner_ways.hpp"
#include "carrier_desk.hpp"
#include "database_lock.hpp"
#include "directory/directory.hpp"
#include "net/http_client.hpp"
#include "numbering_plan.hpp"
#include "outside.hpp"
#include "store/file_spool.hpp"
#include "store/guard.hpp"
#include "store/inspection.hpp"

namespace jobrun::app {
namespace {

using doctor::Check;
using doctor::Verdict;

constexpr Duration pages_looked_at_for{10'000};
constexpr std::chrono::milliseconds service_answers_within{5'000};
/// How long a running service may take to set right what it keeps on disk, and how often that is looked at.
constexpr std::chrono::milliseconds set_right_within{3'000};
constexpr std::chrono::milliseconds looked_at_every{100};

Check settings_check(const Result<LoadedSettings>& complete) {
  if (!complete) {
    return {"settings", Verdict::mend, complete.error().message,
            "set them right: docs/SETTINGS.md, jobrun settings"};
  }
  std::string warnings;
  for (const std::string& warning : complete->settings.warnings) {
    // These have rows of their own.
    if (warning.starts_with("public_url is not https") || warning.starts_with("no alert channel")) continue;
    warnings += (warnings.empty() ? "" : "; ") + warning;
  }
  if (warnings.empty()) return {"settings", Verdict::well, "they are valid", ""};
  return {"settings", Verdict::mend, warnings, "set them right: docs/SETTINGS.md, jobrun settings"};
}

Check public_url_check(const Settings& settings) {
  if (settings.public_url.starts_with("https://")) {
    return {"public URL", Verdict::well, settings.public_url, ""};
  }
  return {"public URL", Verdict::mend, settings.public_url + " is not https: callers' numbers travel readable",
          "put a proxy with TLS before the service and set JOBRUN_PUBLIC_URL to its URL"};
}

/// Empty where every owner is alerted as he chose, or that cannot be read.
std::string unkept_choices_of(const Settings& settings, const Result<std::unique_ptr<StoreReader>>& reader) {
  if (!reader) return {};
  try {
    const alert::UnkeptChoices unkept = alert::unkept_choices(
        (*reader)->clients(), {.email = settings.tells_by_email(), .text = settings.tells_by_text()});
    std::string found;
    if (unkept.email > 0) found += "; e-mail is not set up, and owners chose it: " + std::to_string(unkept.email);
    if (unkept.text > 0) found += "; text is not set up, and owners chose it: " + std::to_string(unkept.text);
    return found;
  } catch (const StoreFailure&) {
    return {};
  }
}

Check alerts_check(const Settings& settings, const Result<std::unique_ptr<StoreReader>>& reader) {
  std::vector<std::string> ways;
  if (settings.tells_by_webhook()) ways.emplace_back("webhook");
  if (settings.tells_by_email()) ways.emplace_back("e-mail");
  if (settings.tells_by_text()) ways.emplace_back("text");
  if (ways.empty()) {
    return {"alerts", Verdict::mend, "nobody is told of what needs a person",
            "set up two channels: docs/OPERATIONS.md, Alerts wait, or nobody would be told"};
  }
  std::string found = "they are told by " + ways.front();
  for (std::size_t way = 1; way < ways.size(); ++way) found += " and " + ways[way];
  if (ways.size() == 1) found += " alone, and by nothing while that fails";
  const std::string unkept = unkept_choices_of(settings, reader);
  if (unkept.empty()) return {"alerts", Verdict::well, found, ""};
  return {"alerts", Verdict::mend, found + unkept,
          "set that way up: docs/OPERATIONS.md, Alerts wait, or nobody would be told"};
}

/// The rows about the database, and a way to read it where that is possible.
struct DatabaseLook {
  std::vector<Check> checks;
  Result<std::unique_ptr<StoreReader>> reader = failure(ErrorKind::unavailable, "the database was not looked at");
};

Check schema_check(const std::string& path, const store::Inspection& inspection) {
  const std::string found = path + " has schema version " + std::to_string(inspection.schema_version);
  const std::string known = std::to_string(inspection.schema_version_known);
  if (inspection.schema_version == inspection.schema_version_known) return {"database", Verdict::well, found, ""};
  if (inspection.schema_version < inspection.schema_version_known) {
    return {"database", Verdict::mend, found + ", older than " + known,
            "stop the service, then: jobrun migrate; jobrun serve"};
  }
  return {"database", Verdict::mend, found + ", newer than " + known + " of this program",
          "use the newer program"};
}

Check integrity_check(const std::string& path, const store::Inspection& inspection) {
  if (!inspection.damage.empty()) {
    return {"integrity", Verdict::mend, "the file is damaged: " + inspection.damage, store::how_to_recover(path)};
  }
  if (inspection.is_whole) return {"integrity", Verdict::well, "every page of the file can be read", ""};
  return {"integrity", Verdict::unknown, "the file is too large to be looked at whole in 10 s; no damage so far",
          "look at all of it when there are few calls: sqlite3 " + path + " 'PRAGMA quick_check'"};
}

DatabaseLook look_at_database(const DatabasePlace& place) {
  DatabaseLook look;
  const std::string path = place.database.string();
  const auto mend = [&look](std::string found, std::string advice) {
    look.checks = {{"database", Verdict::mend, found, std::move(advice)},
                   {"integrity", Verdict::unknown, "the database cannot be read", "see database"}};
    look.reader = failure(ErrorKind::unavailable, std::move(found));
  };
  if (const Result<void> there = check_database_not_lost(place); !there) {
    mend(there.error().message, "");
    return look;
  }
  std::error_code failed;
  if (!std::filesystem::exists(place.database, failed)) {
    mend("there is no database " + path + " yet", "jobrun migrate, or jobrun serve, makes it");
    return look;
  }
  const Result<store::Inspection> inspection = store::inspect(path, pages_looked_at_for);
  if (!inspection) {
    mend(inspection.error().message, "");
    return look;
  }
  look.checks = {schema_check(path, *inspection), integrity_check(path, *inspection)};
  if (inspection->schema_version == inspection->schema_version_known) {
    look.reader = store::open_reader(path);
  } else {
    look.reader = failure(ErrorKind::conflict, "the database is not of this program's version");
  }
  return look;
}

std::string age_of(const std::filesystem::path& file, const Clock& clock) {
  struct stat there{};
  if (stat(file.c_str(), &there) != 0) return "of unknown age";
  const auto seconds = to_unix_ms(clock.now()) / 1'000 - static_cast<std::int64_t>(there.st_mtime);
  return "written " + std::to_string(std::max<std::int64_t>(0, seconds)) + " s ago";
}

/// The row once it is well; where no service is at work on it, or that takes too long, as it is.
Check once_set_right(bool is_served, const std::function<Check()>& look) {
  const auto give_up_at = std::chrono::steady_clock::now() + set_right_within;
  for (;;) {
    Check check = look();
    const bool is_over = !is_served || std::chrono::steady_clock::now() >= give_up_at;
    if (check.verdict == Verdict::well || is_over) return check;
    std::this_thread::sleep_for(looked_at_every);
  }
}

/// The snapshot is what callers are answered from while the database cannot be read. A running service writes it
/// soon after each change.
Check snapshot_check(const DatabasePlace& place, StoreReader& reader, bool is_served, const Clock& clock) {
  const std::string path = place.directory_snapshot.string();
  return once_set_right(is_served, [&]() -> Check {
    const auto snapshot = directory::Snapshot::load(path, {});
    const std::int64_t version = reader.directory_version();
    if (snapshot && (*snapshot)->version() == version) {
      return {"directory", Verdict::well,
              "the snapshot has the database's version " + std::to_string(version) + ", " +
                  age_of(place.directory_snapshot, clock),
              ""};
    }
    const std::string found = snapshot ? "the snapshot has version " + std::to_string((*snapshot)->version()) +
                                             ", the database version " + std::to_string(version)
                                       : snapshot.error().message;
    return {
        "directory", Verdict::mend, found,
        is_served
            ? "changes do not reach the service: see its log, docs/OPERATIONS.md: The directory snapshot is old"
            : "start the service: it writes the snapshot"};
  });
}

doctor::SpoolFacts look_at_spool(const std::filesystem::path& folder, bool is_served) {
  doctor::SpoolFacts facts{
      .folder = folder.string(), .is_served = is_served, .bytes_max = store::FileSpoolOptions{}.bytes_max};
  const Result<std::int64_t> room = store::room_of_spool_folder(facts.folder);
  if (room) {
    facts.bytes_free = *room;
  } else {
    facts.unusable = room.error().message;
  }
  std::error_code failed;
  if (!std::filesystem::exists(folder, failed)) return facts;
  const std::unique_ptr<store::SpoolFiles> files = store::open_folder(facts.folder);
  const Result<store::SpoolContent> content = store::FileSpool::look_into(*files);
  if (!content) {
    if (facts.unusable.empty()) facts.unusable = content.error().message;
    return facts;
  }
  facts.events = content->levels.records;
  facts.damaged = content->levels.damaged;
  facts.bytes = content->levels.bytes;
  facts.set_aside = content->set_aside;
  return facts;
}

/// `complete` says where the spool is; what commands read does not.
Check check_spool(const DatabasePlace& place, const Result<LoadedSettings>& complete, bool is_served) {
  if (!complete) return {"spool", Verdict::unknown, "where it is was not said", "mend the settings"};
  const std::filesystem::path& other = complete->settings.spool_dir;
  const std::filesystem::path folder = other.empty() ? place.spool : other;
  return once_set_right(is_served, [&] { return doctor::spool_check(look_at_spool(folder, is_served)); });
}

Check check_guard(const DatabasePlace& place, bool is_served) {
  return once_set_right(is_served, [&] {
    const auto files = store::open_folder(place.guard.parent_path().string());
    std::error_code failed;
    return doctor::guard_check({.file = place.guard.string(),
                                .is_served = is_served,
                                .has_run = std::filesystem::exists(place.directory_snapshot, failed),
                                .whole = store::Guard::check_file(*files, place.guard.filename().string())});
  });
}

net::ClientResult ask(net::HttpClient& client, std::string url) {
  net::ClientRequest request;
  request.method = "GET";
  request.url = std::move(url);
  request.connect_timeout = service_answers_within;
  request.timeout = service_answers_within;
  std::promise<net::ClientResult> promise;
  client.send(std::move(request), [&promise](net::ClientResult result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

/// Where this machine reaches what listens at `listen`: host and port.
std::string local_address_of(const ListenAddress& listen) {
  std::string host = listen.host;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return host + ":" + std::to_string(listen.port);
}

/// What the service says of itself. By TLS it is asked here by its public name, which its certificate is for.
net::ClientResult ask_service(const Settings& settings) {
  const std::string address = local_address_of(settings.listen);
  if (settings.tls_certificate_file.empty()) {
    net::HttpClient client{{}};
    return ask(client, "http://" + address + "/readyz");
  }
  const std::string_view public_url = settings.public_url;
  const std::string_view host = public_url.substr(public_url.find("://") + 3);
  net::HttpClient client{{.connect_to = address}};
  return ask(client, "https://" + std::string(host.substr(0, host.find('/'))) + "/readyz");
}

Check service_check(const DatabasePlace& place, const Settings* settings, bool is_served) {
  if (!is_served) {
    return {"service", Verdict::mend, "no service runs on " + place.database.string(),
            "start it: jobrun serve. Until then the carrier's voice fallback speaks to callers"};
  }
  if (settings == nullptr)
    return {"service", Verdict::unknown, "it runs; where it listens is not known", "mend the settings"};
  if (settings->listen.port == 0) {
    return {"service", Verdict::unknown, "it runs; at which port was left to the system",
            "set JOBRUN_LISTEN to a port"};
  }
  const std::string address = local_address_of(settings->listen);
  const net::ClientResult ready = ask_service(*settings);
  constexpr int success = 200;
  if (ready.kind != net::ClientResult::Kind::answered) {
    return {"service", Verdict::mend, "it runs, and does not answer at " + address + ": " + ready.reason,
            "was JOBRUN_LISTEN changed since its start? Otherwise restart it"};
  }
  if (ready.response.status != success) {
    return {"service", Verdict::mend,
            "it runs, and is not ready: HTTP " + std::to_string(ready.response.status) + " at /readyz",
            "docs/OPERATIONS.md: The database cannot be written"};
  }
  return {"service", Verdict::well, "it runs, answers at " + address + " and is ready", ""};
}

Result<doctor::Expected> try_expected_numbers(const Settings& settings,
                                              const Result<std::unique_ptr<StoreReader>>& reader) {
  if (!reader) return std::unexpected(reader.error());
  try {
    return expected_numbers(settings, **reader);
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

void append(std::vector<Check>& checks, std::vector<Check> more) {
  std::ranges::move(more, std::back_inserter(checks));
}

Check check_disk(const DatabasePlace& place) {
  const std::filesystem::path folder = place.database.parent_path();
  std::error_code failed;
  const std::filesystem::space_info space = std::filesystem::space(folder, failed);
  if (failed) return doctor::disk_check(folder.string(), failure(ErrorKind::unavailable, failed.message()));
  return doctor::disk_check(folder.string(),
                            doctor::DiskRoom{.bytes_free = static_cast<std::int64_t>(space.available),
                                             .bytes_max = static_cast<std::int64_t>(space.capacity)});
}

/// Adds what the carrier says, and its rows.
void ask_carrier(const Settings& settings, const Clock& clock, Examination& found) {
  const std::unique_ptr<CarrierDesk> desk = make_carrier_desk(settings);
  found.carrier = desk->list_numbers(clock);
  found.account = desk->look_at_account();
  const std::vector<MessagingService> services =
      found.account->services ? *found.account->services : std::vector<MessagingService>();
  append(found.checks, doctor::carrier_checks(found.carrier, found.expected, services));
  append(found.checks, doctor::account_checks(found.account, found.expected, account_rules(settings)));
}

}  // namespace

doctor::AccountRules account_rules(const Settings& settings) {
  const std::shared_ptr<NumberingPlan> plan = make_numbering_plan();
  const auto needs_registration = [plan](E164 number) {
    constexpr std::array<std::string_view, 7> toll_free = {"+1800", "+1833", "+1844", "+1855",
                                                           "+1866", "+1877", "+1888"};
    const std::string text = number.text();
    const bool is_toll_free =
        std::ranges::any_of(toll_free, [&](std::string_view prefix) { return text.starts_with(prefix); });
    return !is_toll_free && plan->country_of(number) == "US";
  };
  return {.balance_low = settings.balance_low, .needs_registration = needs_registration};
}

doctor::Expected expected_numbers(const Settings& settings, StoreReader& reader) {
  doctor::Expected expected{.public_url = settings.public_url, .numbers = {}};
  const auto add = [&expected](const std::optional<E164>& number, std::string what) {
    if (number) expected.numbers.push_back({*number, std::move(what)});
  };
  add(settings.onboarding_number, "the number of JOBRUN_ONBOARDING_NUMBER");
  add(settings.failsafe_sender, "the number of JOBRUN_FAILSAFE_SENDER");
  for (const ClientProfile& client : reader.clients()) {
    add(client.own_number, "client " + std::to_string(client.id.value) + "'s own number");
  }
  reader.each_number([&add](const PoolNumber& number) { add(number.number, "a number of the pool"); });
  return expected;
}

Examination examine(const Result<LoadedSettings>& complete, const Result<LoadedSettings>& partial,
                    const Clock& clock) {
  Examination found{.checks = {settings_check(complete)}};
  std::vector<Check>& checks = found.checks;
  Result<std::unique_ptr<StoreReader>> reader = failure(ErrorKind::invalid, "where it is was not said");
  const Result<LoadedSettings>& usable = complete ? complete : partial;
  const Result<DatabasePlace> place = usable ? place_of_database(usable->settings.database)
                                             : Result<DatabasePlace>(std::unexpected(usable.error()));
  if (place) {
    DatabaseLook look = look_at_database(*place);
    append(checks, std::move(look.checks));
    reader = std::move(look.reader);
    const bool is_served = is_admin_served(place->admin_socket);
    try {
      if (reader) checks.push_back(snapshot_check(*place, **reader, is_served, clock));
    } catch (const StoreFailure& failed) {
      reader = failure(ErrorKind::unavailable, failed.message);
    }
    if (!reader) {
      checks.push_back({"directory", Verdict::unknown, "the database cannot be read", "see database"});
    }
    checks.push_back(check_disk(*place));
    checks.push_back(check_guard(*place, is_served));
    checks.push_back(check_spool(*place, complete, is_served));
    checks.push_back(service_check(*place, complete ? &complete->settings : nullptr, is_served));
  } else {
    checks.push_back({"database", usable ? Verdict::mend : Verdict::unknown, place.error().message, ""});
  }
  if (!complete) {
    append(checks, doctor::carrier_checks(std::nullopt, std::unexpected(complete.error())));
    append(checks, doctor::account_checks(std::nullopt, std::unexpected(complete.error()), {}));
    return found;
  }
  found.expected = try_expected_numbers(complete->settings, reader);
  checks.push_back(public_url_check(complete->settings));
  append(checks, outside_checks(complete->settings, clock));
  checks.push_back(alerts_check(complete->settings, reader));
  ask_carrier(complete->settings, clock, found);
  return found;
}

}  // namespace jobrun::app
