#include "console_api/operations.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <string>
#include <utility>

#include "answers.hpp"
#include "base/wording.hpp"
#include "console_api/nearest.hpp"
#include "csv_import.hpp"
#include "directory_rules.hpp"
#include "fields.hpp"
#include "name_warning.hpp"
#include "views.hpp"

namespace jobrun::console_api {

using nlohmann::json;

/// A checked file: what is to be added, and what the pool holds already.
struct ImportPlan {
  std::vector<ImportRow> to_add;
  std::int64_t rows = 0;
  std::int64_t unchanged = 0;
};

namespace {

constexpr std::int64_t page_max = 1'000;
constexpr std::int64_t list_page_max = 10'000;
constexpr std::int64_t calls_page = 50;
constexpr std::string_view wording_prefix = "wording.";

std::string_view code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

/// The client as it was set, with `warnings` about its name if there are any.
json answered_with_warnings(const ClientProfile& profile) {
  json client = client_view(profile);
  if (const std::optional<std::string> warning = warning_about_name(profile.name, profile.settings)) {
    client["warnings"] = json::array({*warning});
  }
  return answered(std::move(client));
}

json not_in_pool(E164 number) {
  return refused(ErrorKind::not_found, number.text() +
                                           " is not in the number pool: add it with jobrun numbers add " +
                                           number.text() + " --role ...");
}

/// Whether it is an operator's to set. What it is set to is checked where it is set.
Result<void> check_setting(std::string_view name) {
  if (name == "busy_until") return invalid("it is set by the owner, who texts BUSY");
  if (!name.starts_with(wording_prefix)) return {};
  const std::string_view phrase_name = name.substr(wording_prefix.size());
  const std::optional<Phrase> phrase = parse_name<Phrase>(phrase_name);
  if (!phrase || !is_client_wording(*phrase)) {
    return failure(ErrorKind::not_found, "there is no such phrase that a client may say in its own words");
  }
  return {};
}

/// `{"business_hours": "Mon-Fri 8-17", ...}`; null and no words set the default.
void read_settings(Fields& fields, ClientSettings& settings) {
  for (const auto& [name, words] : fields.named_texts("settings")) {
    Result<void> set = check_setting(name);
    if (set) set = set_client_setting(settings, name, words);
    if (!set) fields.note("settings." + fields.shown(name), set.error().message);
  }
}

/// Puts the fields that are there into the profile. A null restores the default; name and phone have none.
void read_profile(Fields& fields, ClientProfile& profile, bool is_new) {
  if (is_new || fields.has("name")) profile.name = fields.line("name", client_name_characters_max);
  if (is_new || fields.has("phone")) profile.owner_phone = fields.number("phone");
  if (fields.has("own_number")) profile.own_number = fields.optional_number("own_number");
  if (fields.has("cool_down_seconds")) {
    const auto seconds = fields.optional_integer("cool_down_seconds", 0, cool_down_seconds_max);
    profile.cool_down = seconds ? std::optional<Duration>(std::chrono::seconds(*seconds)) : std::nullopt;
  }
  if (fields.has("countries")) profile.countries = fields.countries("countries");
  if (fields.has("texts_per_day")) {
    profile.texts_per_day = fields.optional_integer("texts_per_day", 0, texts_per_day_max);
  }
  if (const auto paused = fields.optional_flag("paused")) profile.paused = *paused;
  if (fields.has("owner_email")) profile.owner_email = fields.optional_email("owner_email");
  if (fields.has("settings")) read_settings(fields, profile.settings);
  if (fields.has("alert_by")) {
    profile.alert_by = fields.optional_name<AlertBy>("alert_by").value_or(AlertBy::text);
  }
}

json refused_import(const ImportProblems& problems) {
  json answer = refused(ErrorKind::invalid, "nothing was imported: " + std::to_string(problems.count()) +
                                                (problems.count() == 1 ? " line is wrong" : " lines are wrong"));
  json& lines = answer["error"]["lines"] = json::array();
  for (const auto& problem : problems.kept()) {
    lines.push_back({{"line", problem.line}, {"reason", problem.reason}});
  }
  answer["error"]["lines_wrong"] = problems.count();
  return answer;
}

/// The store refused or failed in the middle. What was written before stays: pieces are durable each.
json stopped_import(const Error& error, std::int64_t line, std::size_t added, std::size_t wanted) {
  const std::string where = line > 0 ? " at line " + std::to_string(line) : "";
  json answer = refused(
      error.kind, "the import stopped" + where + ": " + error.message + ". " + std::to_string(added) + " of " +
                      std::to_string(wanted) +
                      " new numbers are in the pool, the others are not; mend the cause and import the same "
                      "file again: numbers that are already there are skipped");
  answer["error"]["added"] = added;
  return answer;
}

/// Notes rows whose number the pool holds with another duty; takes out those it holds just so.
void compare_with_pool(std::vector<ImportRow>& rows, StoreReader& reader, ImportProblems& problems) {
  std::vector<bool> is_there(rows.size(), false);
  reader.each_number([&](const PoolNumber& pooled) {
    const auto row = std::ranges::lower_bound(rows, pooled.number, {},
                                              [](const ImportRow& each) { return each.number.number; });
    if (row == rows.end() || row->number.number != pooled.number) return;
    is_there[static_cast<std::size_t>(row - rows.begin())] = true;
    if (row->number == pooled) return;
    problems.note(row->line, pooled.number.text() + " is in the pool as " + std::string(name_of(pooled.role)) +
                                 (pooled.is_available ? ", available," : "") +
                                 (pooled.client ? " of client " + std::to_string(pooled.client->value)
                                                : " without a client") +
                                 ": change it with jobrun numbers assign");
  });
  std::vector<ImportRow> missing;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (!is_there[at]) missing.push_back(std::move(rows[at]));
  }
  rows = std::move(missing);
}

}  // namespace

json error_answer(const Error& error) {
  return {{"error", {{"code", code_of(error.kind)}, {"message", error.message}}}};
}

struct Operations::Named {
  std::string_view name;
  Answer (Operations::*answer)(Fields&);
};

Operations::Operations(Ports ports, ReservedNumbers reserved, OperationLimits limits)
    : ports_(std::move(ports)), reserved_(reserved), limits_(limits) {}

const std::vector<Operations::Named>& Operations::table() {
  static const std::vector<Named> rows = {
      {"clients.add", &Operations::add_client},
      {"clients.list", &Operations::list_clients},
      {"clients.show", &Operations::show_client},
      {"clients.set", &Operations::set_client},
      {"clients.pause", &Operations::pause_client},
      {"clients.resume", &Operations::resume_client},
      {"clients.remove", &Operations::remove_client},
      {"clients.block", &Operations::block_phone},
      {"clients.unblock", &Operations::unblock_phone},
      {"clients.people", &Operations::list_people},
      {"clients.preview", &Operations::preview_client},
      {"numbers.add", &Operations::add_number},
      {"numbers.list", &Operations::list_numbers},
      {"numbers.assign", &Operations::assign_number},
      {"numbers.remove", &Operations::remove_number},
      {"numbers.import", &Operations::import_numbers},
      {"calls.list", &Operations::list_calls},
      {"calls.show", &Operations::show_call},
      {"texts.list", &Operations::list_texts},
      {"conversations.list", &Operations::list_conversations},
      {"conversations.show", &Operations::show_conversation},
      {"conversations.reply", &Operations::reply_to_customer},
      {"triage.list", &Operations::list_triage},
      {"triage.show", &Operations::show_triage},
      {"triage.adopt", &Operations::adopt_text},
      {"triage.dismiss", &Operations::dismiss_text},
      {"failsafe.report", &Operations::report_failsafe},
      {"people.export", &Operations::export_person},
      {"people.erase", &Operations::erase_person},
      {"incidents.list", &Operations::list_incidents},
      {"incidents.close", &Operations::close_incident},
      {"senders.list", &Operations::list_senders},
      {"senders.unblock", &Operations::unblock_sender},
      {"onboarding.list", &Operations::list_owners},
      {"onboarding.show", &Operations::show_owner},
      {"onboarding.approve", &Operations::approve_owner},
  };
  return rows;
}

std::vector<std::string_view> Operations::names() {
  std::vector<std::string_view> names;
  for (const Named& row : table()) names.push_back(row.name);
  return names;
}

json Operations::handle(const json& request) {
  try {
    return answer(request);
  } catch (const StoreFailure& failed) {
    return refused(ErrorKind::unavailable, "the database does not answer: " + failed.message + ". Try again");
  }
}

json Operations::answer(const json& request) {
  if (!request.is_object() || !request.contains("op") || !request.at("op").is_string()) {
    return refused(ErrorKind::invalid,
                   "a request is a JSON object with an op, for example {\"op\": \"calls.list\"}");
  }
  const std::string& op = request.at("op").get_ref<const std::string&>();
  for (const Named& row : table()) {
    if (row.name != op) continue;
    Fields fields(request);
    return (this->*row.answer)(fields);
  }
  const std::vector<std::string_view> all = names();
  const std::string nearest = nearest_name(op, std::vector<std::string>(all.begin(), all.end()));
  return refused(ErrorKind::invalid,
                 "there is no such op" + (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

Result<void> Operations::write(Change change, std::function<void()> then) {
  struct Waiting {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Result<void>> result;
  };
  const auto waiting = std::make_shared<Waiting>();
  ports_.journal.submit(
      {.write = std::move(change), .done = [waiting, then = std::move(then)](const Result<void>& result) {
         if (result && then) then();
         const std::lock_guard lock(waiting->mutex);
         waiting->result = result;
         waiting->arrived.notify_all();
       }});
  std::unique_lock lock(waiting->mutex);
  if (!waiting->arrived.wait_for(lock, limits_.answer_wait, [&] { return waiting->result.has_value(); })) {
    return failure(ErrorKind::unavailable,
                   "the change was not confirmed in time and may still be made: look before you repeat it");
  }
  return *waiting->result;
}

Result<std::optional<ClientId>> Operations::change_directory(DirectoryChange change) {
  const auto added = std::make_shared<std::optional<ClientId>>();
  const Result<void> written =
      write([added, change = std::move(change)](StoreBatch& batch, Instant now) -> Result<void> {
        const Result<std::optional<ClientId>> changed = batch.change_directory(change, now);
        if (!changed) return std::unexpected(changed.error());
        *added = *changed;
        return {};
      });
  if (!written) return std::unexpected(written.error());
  return *added;
}

/// A zone that nobody knows would shift what a business calls open.
Result<void> Operations::check_client(const ClientProfile& profile, StoreReader& reader) const {
  const std::string& zone = profile.settings.time_zone;
  if (ports_.time_zones != nullptr && !zone.empty() && !ports_.time_zones->knows(zone)) {
    return invalid("settings.time_zone: there is no zone '" + zone + "'; name one as Europe/London");
  }
  return DirectoryRules(reserved_, reader).check(profile);
}

json Operations::add_client(Fields& fields) {
  ClientProfile profile;
  read_profile(fields, profile, true);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  if (const Result<void> checked = check_client(profile, *reader); !checked) return refused(checked.error());
  const Result<std::optional<ClientId>> added = change_directory(AddClient{profile});
  if (!added) return refused(added.error());
  if (!*added) return refused(ErrorKind::internal, "the store gave the new client no id");
  profile.id = **added;
  return answered_with_warnings(profile);
}

json Operations::list_clients(Fields& fields) {
  const std::int64_t after = fields.optional_integer("after", 0, INT64_MAX).value_or(0);
  const std::int64_t limit = fields.optional_integer("limit", 1, list_page_max).value_or(page_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  std::vector<ClientProfile> clients = ports_.open_reader()->clients();
  std::ranges::sort(clients, {}, &ClientProfile::id);
  json page = json::array();
  json next = nullptr;
  for (const ClientProfile& client : clients) {
    if (client.id.value <= after) continue;
    if (static_cast<std::int64_t>(page.size()) == limit) {
      next = page.back().at("id");
      break;
    }
    page.push_back(client_view(client));
  }
  return answered({{"clients", std::move(page)}, {"next", std::move(next)}});
}

json Operations::show_client(Fields& fields) {
  const ClientId id = fields.id<ClientId>("id");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<ClientProfile> profile = ports_.open_reader()->client(id);
  return profile ? answered(client_view(*profile)) : no_such_client(id);
}

json Operations::set_client(Fields& fields) {
  const ClientId id = fields.id<ClientId>("id");
  ClientProfile checked_only;
  Fields rehearsal = fields;
  read_profile(rehearsal, checked_only, false);
  if (!rehearsal.has_any_but_id()) return refused(ErrorKind::invalid, "nothing to set: give at least one field");
  if (const Result<void> read = rehearsal.finish(); !read) return refused(read.error());

  const std::lock_guard lock(changing_);
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  std::optional<ClientProfile> profile = reader->client(id);
  if (!profile) return no_such_client(id);
  const bool is_renamed = fields.has("name");
  read_profile(fields, *profile, false);
  if (const Result<void> checked = check_client(*profile, *reader); !checked) return refused(checked.error());
  if (const auto changed = change_directory(SetClient{*profile}); !changed) return refused(changed.error());
  return is_renamed ? answered_with_warnings(*profile) : answered(client_view(*profile));
}

json Operations::set_paused(Fields& fields, bool paused) {
  const ClientId id = fields.id<ClientId>("id");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  std::optional<ClientProfile> profile = ports_.open_reader()->client(id);
  if (!profile) return no_such_client(id);
  profile->paused = paused;
  if (const auto changed = change_directory(SetClient{*profile}); !changed) return refused(changed.error());
  return answered(client_view(*profile));
}

json Operations::pause_client(Fields& fields) {
  return set_paused(fields, true);
}

json Operations::resume_client(Fields& fields) {
  return set_paused(fields, false);
}

json Operations::remove_client(Fields& fields) {
  const ClientId id = fields.id<ClientId>("id");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  const std::optional<ClientProfile> profile = ports_.open_reader()->client(id);
  if (!profile) return no_such_client(id);
  if (const auto changed = change_directory(RemoveClient{id}); !changed) return refused(changed.error());
  return answered(client_view(*profile));
}

json Operations::set_phone_fact(Fields& fields, bool holds) {
  const ClientId id = fields.id<ClientId>("id");
  const E164 phone = fields.number("phone");
  const PhoneFact fact = fields.optional_name<PhoneFact>("fact").value_or(PhoneFact::blocked);
  if (fact != PhoneFact::blocked && fact != PhoneFact::do_not_text) {
    fields.note("fact", "must be blocked or do_not_text: the others are learned, not set");
  }
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  if (!ports_.open_reader()->client(id)) return no_such_client(id);
  const FactScope scope = FactScope::of(id);
  const auto changed =
      change_directory(SetPhoneFact{.scope = scope, .phone = phone, .fact = fact, .holds = holds});
  if (!changed) return refused(changed.error());
  return answered({{"id", id.value}, {"phone", phone.text()}, {"fact", name_of(fact)}, {"holds", holds}});
}

json Operations::block_phone(Fields& fields) {
  return set_phone_fact(fields, true);
}

json Operations::unblock_phone(Fields& fields) {
  return set_phone_fact(fields, false);
}

json Operations::add_number(Fields& fields) {
  PoolNumber number;
  number.number = fields.number("number");
  number.is_available = fields.optional_flag("available").value_or(false);
  std::optional<NumberRole> role = fields.optional_name<NumberRole>("role");
  if (!fields.has("role") || fields.is_null("role")) {
    if (!number.is_available) fields.note("role", "is missing");
    role = NumberRole::system;
  }
  const auto client = fields.optional_integer("client_id", 1, INT64_MAX);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  number.role = *role;
  if (client) number.client = ClientId{*client};

  const std::lock_guard lock(changing_);
  if (const Result<void> checked = DirectoryRules(reserved_, *ports_.open_reader()).check(number); !checked) {
    return refused(checked.error());
  }
  if (const auto changed = change_directory(AddNumber{number}); !changed) return refused(changed.error());
  return answered(number_view(number));
}

json Operations::list_numbers(Fields& fields) {
  const std::optional<E164> after = fields.optional_number("after");
  const std::int64_t limit = fields.optional_integer("limit", 1, list_page_max).value_or(page_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::vector<PoolNumber> numbers = ports_.open_reader()->numbers(after, limit + 1);
  json page = json::array();
  json next = nullptr;
  for (const PoolNumber& number : numbers) {
    if (static_cast<std::int64_t>(page.size()) == limit) {
      next = page.back().at("number");
      break;
    }
    page.push_back(number_view(number));
  }
  return answered({{"numbers", std::move(page)}, {"next", std::move(next)}});
}

json Operations::assign_number(Fields& fields) {
  const E164 wanted = fields.number("number");
  const std::optional<NumberRole> role = fields.optional_name<NumberRole>("role");
  const auto client = fields.optional_integer("client_id", 1, INT64_MAX);
  if (!fields.has("client_id") && !fields.has("role")) {
    fields.note("client_id", "is missing: give a client's id, null to take the number from its client, or a role");
  }
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());

  const std::lock_guard lock(changing_);
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  std::optional<PoolNumber> number = find_number(*reader, wanted);
  if (!number) return not_in_pool(wanted);
  number->is_available = false;
  if (role) number->role = *role;
  if (fields.has("client_id")) {
    number->client = client ? std::optional(ClientId{*client}) : std::nullopt;
  } else if (number->role != NumberRole::operational) {
    number->client.reset();
  }
  if (const Result<void> checked = DirectoryRules(reserved_, *reader).check(*number); !checked) {
    return refused(checked.error());
  }
  if (const auto changed = change_directory(AssignNumber{*number}); !changed) return refused(changed.error());
  return answered(number_view(*number));
}

json Operations::remove_number(Fields& fields) {
  const E164 wanted = fields.number("number");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  const std::optional<PoolNumber> number = find_number(*ports_.open_reader(), wanted);
  if (!number) return not_in_pool(wanted);
  if (const auto changed = change_directory(RemoveNumber{wanted}); !changed) return refused(changed.error());
  return answered(number_view(*number));
}

json Operations::import_numbers(Fields& fields) {
  const std::string* csv = fields.text("csv");
  if (csv != nullptr && csv->size() > limits_.import_bytes_max) {
    fields.note("csv", "may have at most " + std::to_string(limits_.import_bytes_max) + " bytes: split the file");
  }
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_lock lock(importing_, std::try_to_lock);
  if (!lock.owns_lock()) return refused(ErrorKind::conflict, "another import is running: wait until it has ended");

  ImportProblems problems(limits_.import_problems_shown);
  const auto plan = std::make_shared<ImportPlan>();
  plan->to_add = parse_import(*csv, limits_.import_rows_max, problems);
  plan->rows = static_cast<std::int64_t>(plan->to_add.size());
  {
    const std::unique_ptr<StoreReader> reader = ports_.open_reader();
    const DirectoryRules rules(reserved_, *reader);
    for (const ImportRow& row : plan->to_add) {
      if (Result<void> checked = rules.check(row.number); !checked)
        problems.note(row.line, checked.error().message);
    }
    compare_with_pool(plan->to_add, *reader, problems);
  }
  if (problems.count() > 0) return refused_import(problems);
  plan->unchanged = plan->rows - static_cast<std::int64_t>(plan->to_add.size());
  return write_import(plan);
}

json Operations::write_import(const std::shared_ptr<const ImportPlan>& plan) {
  // Atomic, because a piece may still run after its wait was given up.
  struct Piece {
    std::atomic<std::size_t> end = 0;           ///< the row after the last one written
    std::atomic<std::int64_t> line_failed = 0;  ///< 0: none
  };
  std::size_t added = 0;
  while (added < plan->to_add.size()) {
    const auto piece = std::make_shared<Piece>();
    const Result<void> written = write([plan, piece, added, clock = &ports_.clock, limits = limits_](
                                           StoreBatch& batch, Instant now) -> Result<void> {
      const auto began = clock->monotonic();
      const std::size_t last = std::min(plan->to_add.size(), added + limits.import_piece_rows);
      std::size_t at = added;
      do {
        const ImportRow& row = plan->to_add[at];
        if (const auto changed = batch.change_directory(AddNumber{row.number}, now); !changed) {
          piece->line_failed = row.line;
          return std::unexpected(changed.error());
        }
      } while (++at < last && clock->monotonic() - began < limits.import_piece);
      piece->end = at;
      return {};
    });
    if (!written) return stopped_import(written.error(), piece->line_failed, added, plan->to_add.size());
    added = piece->end;
  }
  return answered({{"rows", plan->rows}, {"added", added}, {"unchanged", plan->unchanged}});
}

json Operations::list_calls(Fields& fields) {
  CallQuery query;
  query.open_only = fields.optional_flag("open_only").value_or(false);
  query.limit = fields.optional_integer("limit", 1, page_max).value_or(calls_page);
  if (const auto before = fields.optional_integer("before", 1, INT64_MAX)) query.before = CallId{*before};
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  json page = json::array();
  for (const CallListing& listing : ports_.open_reader()->calls(query)) page.push_back(call_view(listing));
  const bool is_full = static_cast<std::int64_t>(page.size()) == query.limit;
  json next = is_full ? page.back().at("id") : json(nullptr);
  return answered({{"calls", std::move(page)}, {"next", std::move(next)}});
}

json Operations::show_call(Fields& fields) {
  const std::optional<CallSid> call_sid = fields.call_sid("call_sid");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<CallTimeline> timeline = ports_.open_reader()->call(*call_sid);
  if (!timeline) {
    return refused(ErrorKind::not_found, "there is no call " + call_sid->text() + ": see jobrun calls list");
  }
  return answered(timeline_view(*timeline));
}

json Operations::list_incidents(Fields& fields) {
  const bool open_only = fields.optional_flag("open_only").value_or(false);
  const std::int64_t limit = fields.optional_integer("limit", 1, page_max).value_or(page_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  json incidents = json::array();
  for (const IncidentRecord& incident : ports_.open_reader()->incidents(open_only, limit)) {
    incidents.push_back(incident_view(incident));
  }
  return answered({{"incidents", std::move(incidents)}});
}

json Operations::close_incident(Fields& fields) {
  const IncidentId id = fields.id<IncidentId>("id");
  std::string reason = fields.line("reason", reason_characters_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const Result<void> closed = write([id, reason = std::move(reason)](StoreBatch& batch, Instant now) {
    return batch.close_incident(id, reason, now);
  });
  if (!closed) return refused(closed.error());
  return answered({{"id", id.value}});
}

json Operations::list_texts(Fields& fields) {
  InboundQuery query;
  query.limit = fields.optional_integer("limit", 1, page_max).value_or(calls_page);
  if (const auto before = fields.optional_integer("before", 1, INT64_MAX)) query.before = InboundTextId{*before};
  const bool is_shown = fields.optional_flag("show").value_or(false);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  json page = json::array();
  for (const InboundListing& listing : ports_.open_reader()->inbound_texts(query)) {
    page.push_back(inbound_view(listing, is_shown));
  }
  const bool is_full = static_cast<std::int64_t>(page.size()) == query.limit;
  json next = is_full ? page.back().at("id") : json(nullptr);
  return answered({{"texts", std::move(page)}, {"next", std::move(next)}});
}

json Operations::list_senders(Fields& fields) {
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  json senders = json::array();
  for (const BlockedSender& sender : ports_.open_reader()->blocked_senders())
    senders.push_back(sender_view(sender));
  return answered({{"senders", std::move(senders)}});
}

json Operations::unblock_sender(Fields& fields) {
  const E164 sender = fields.number("number");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  if (const auto changed = change_directory(UnblockSender{sender}); !changed) return refused(changed.error());
  return answered({{"number", sender.text()}});
}

namespace {

std::string nobody_signs_up(E164 phone) {
  return "nobody signs up with the phone " + phone.text() + ": see jobrun onboarding list";
}

}  // namespace

/// Of those who are not stuck so many are passed over; then the page ends, and `next` goes on.
json Operations::list_owners(Fields& fields) {
  constexpr std::int64_t looked_at_max = 10'000;
  const bool stuck_only = fields.optional_flag("stuck_only").value_or(false);
  const std::int64_t limit = fields.optional_integer("limit", 1, page_max).value_or(page_max);
  OnboardingQuery query{.limit = page_max, .after = fields.optional_number("after")};
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  const Instant now = ports_.clock.now();
  json owners = json::array();
  for (std::int64_t looked_at = 0; looked_at < looked_at_max; looked_at += query.limit) {
    const std::vector<OnboardingRecord> page = reader->onboardings(query);
    for (const OnboardingRecord& record : page) {
      query.after = record.owner_phone;
      json owner = ports_.describe_owner(record, now);
      if (owner.is_null() || (stuck_only && !owner.at("is_stuck").get<bool>())) continue;
      owners.push_back(std::move(owner));
      if (static_cast<std::int64_t>(owners.size()) == limit) {
        return answered({{"owners", std::move(owners)}, {"next", query.after->text()}});
      }
    }
    if (static_cast<std::int64_t>(page.size()) < query.limit) query.after.reset();
    if (!query.after) break;
  }
  json next = query.after ? json(query.after->text()) : json(nullptr);
  return answered({{"owners", std::move(owners)}, {"next", std::move(next)}});
}

json Operations::show_owner(Fields& fields) {
  const E164 phone = fields.number("phone");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<OnboardingRecord> record = ports_.open_reader()->onboarding(phone);
  json owner = record ? ports_.describe_owner(*record, ports_.clock.now()) : json(nullptr);
  if (owner.is_null()) return refused(ErrorKind::not_found, nobody_signs_up(phone));
  return answered(std::move(owner));
}

json Operations::approve_owner(Fields& fields) {
  const E164 phone = fields.number("phone");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<OnboardingRecord> record = ports_.open_reader()->onboarding(phone);
  const json owner = record ? ports_.describe_owner(*record, ports_.clock.now()) : json(nullptr);
  if (owner.is_null()) return refused(ErrorKind::not_found, nobody_signs_up(phone));
  if (owner.at("waits_for") != "approval") {
    return refused(ErrorKind::conflict,
                   phone.text() + " does not wait to be approved: see jobrun onboarding show " + phone.text());
  }
  const Result<void> approved =
      write([phone](StoreBatch& batch, Instant now) { return batch.approve_onboarding(phone, now); });
  if (!approved && approved.error().kind == ErrorKind::not_found) {
    return refused(ErrorKind::not_found, nobody_signs_up(phone));
  }
  if (!approved) return refused(approved.error());
  return answered({{"phone", phone.text()}});
}

}  // namespace jobrun::console_api
