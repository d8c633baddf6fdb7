#include "sqlite/reader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

constexpr std::int64_t rows_most = 1'000;
/// A look that is due later than this was dated by a clock that has been set back since.
constexpr Duration unknown_wait_most{61 * 60'000};

}  // namespace

const std::string text_columns =
    "texts.id, texts.call, COALESCE(calls.call_sid, texts.cause), texts.purpose, texts.origin, texts.client, "
    "texts.caller, texts.number, "
    "texts.ways, texts.body, texts.second_body, texts.state, texts.way, texts.closed_ways, texts.attempts, "
    "texts.promised_at, texts.due_at, COALESCE(texts.due_at - texts.answered_at, 0), "
    "texts.caused_at ";

TextRecord text_of(const Rows& rows) {
  return TextRecord{.row = TextRow{rows.integer(0)},
                    .call = rows.is_null(1) ? std::nullopt : std::optional(CallId{rows.integer(1)}),
                    .promise = {.id = {.cause = rows.string(2), .purpose = rows.word<Purpose>(3)},
                                .origin = rows.word<Origin>(4),
                                .pair = {.caller = rows.phone(6), .number = rows.phone(7)},
                                .ways = ways_of(rows.text(8)),
                                .body = rows.string(9),
                                .second_body = rows.string(10),
                                .client = rows.maybe_client(5),
                                .caused_at = rows.maybe_instant(18)},
                    .state = rows.word<TextState>(11),
                    .way = static_cast<std::size_t>(rows.integer(12)),
                    .closed_ways = ClosedWays(static_cast<std::uint32_t>(rows.integer(13))),
                    .attempts = static_cast<int>(rows.integer(14)),
                    .promised_at = rows.instant(15),
                    .due_at = rows.instant(16),
                    .wait = Duration{rows.integer(17)}};
}

const std::string client_columns =
    "SELECT id, name, owner_phone, own_number, paused, cool_down_ms, countries, texts_per_day, alert_by, "
    "owner_email, awaits_test_call, settings FROM clients WHERE removed_at IS NULL ";

ClientProfile client_of(const Rows& rows) {
  ClientProfile profile{.id = ClientId{rows.integer(0)},
                        .name = rows.string(1),
                        .owner_phone = rows.phone(2),
                        .own_number = rows.maybe_phone(3),
                        .paused = rows.flag(4),
                        .cool_down = std::nullopt,
                        .countries = {},
                        .texts_per_day = rows.maybe_integer(7),
                        .alert_by = rows.word<AlertBy>(8),
                        .owner_email = rows.string(9),
                        .awaits_test_call = rows.flag(10),
                        .settings = client_settings_from(rows.text(11))};
  if (const auto cool_down = rows.maybe_integer(5)) profile.cool_down = Duration{*cool_down};
  std::string_view countries = rows.text(6);
  while (!countries.empty()) {
    const std::size_t comma = std::min(countries.find(','), countries.size());
    profile.countries.emplace_back(countries.substr(0, comma));
    countries.remove_prefix(std::min(comma + 1, countries.size()));
  }
  return profile;
}

namespace {

PoolNumber number_of(const Rows& rows) {
  return {.number = rows.phone(0),
          .role = rows.word<NumberRole>(1),
          .client = rows.maybe_client(2),
          .is_available = rows.flag(3)};
}

/// By (due before, after, limit): what is NULL is not asked about.
std::string owners(const std::string& which, const std::string& order) {
  return std::string("SELECT ") + onboarding_columns + "FROM onboarding_states " + which +
         " AND (?1 IS NULL OR due_at <= ?1) AND (?2 IS NULL OR owner_phone > ?2) ORDER BY " + order + " LIMIT ?3";
}

}  // namespace

const std::string listing_columns = std::string("SELECT ") + call_columns +
                                    ", COALESCE(clients.name, ''), COALESCE(calls.reason, ''), calls.deadline ";
const std::string with_client = "LEFT JOIN clients ON clients.id = calls.client ";

CallListing listing_of(const Rows& rows) {
  return {.call = call_of(rows),
          .number_text = rows.string(3),
          .client_name = rows.string(call_columns_count),
          .reason = rows.string(call_columns_count + 1),
          .deadline = rows.maybe_instant(call_columns_count + 2)};
}

const std::string alert_columns =
    "alerts.id, alerts.kind, alerts.audience, alerts.severity, alerts.client, alerts.group_name, "
    "alerts.at_most_every_ms, alerts.escalates, COALESCE(calls.call_sid, alerts.call_sid, ''), alerts.caller, "
    "alerts.number, alerts.summary, alerts.count, alerts.attempts, alerts.created_at, alerts.due_at, "
    "alerts.accepted_at, alerts.last_error, alerts.accepted_by ";

AlertRecord alert_of(const Rows& rows) {
  return {.id = AlertId{rows.integer(0)},
          .request = {.kind = rows.word<AlertKind>(1),
                      .audience = rows.word<Audience>(2),
                      .severity = rows.word<Severity>(3),
                      .client = rows.maybe_client(4),
                      .group = rows.string(5),
                      .at_most_every = Duration{rows.integer(6)},
                      .delay = Duration{0},
                      .escalates = rows.flag(7),
                      .call_sid = rows.string(8),
                      .caller = rows.string(9),
                      .number = rows.string(10),
                      .summary = rows.string(11)},
          .count = rows.integer(12),
          .attempts = static_cast<int>(rows.integer(13)),
          .created_at = rows.instant(14),
          .due_at = rows.instant(15)};
}

const std::string inbound_columns =
    "SELECT inbound_texts.id, message_sid, sender, number_text, body, media, opt_out_type, role, "
    "role_source, client, taken_as, origin, COALESCE(clients.name, ''), sent_at, received_at, "
    "COALESCE((SELECT purpose || ' ' || state FROM texts WHERE texts.cause = inbound_texts.message_sid "
    "ORDER BY texts.id DESC LIMIT 1), ''), settled_as, COALESCE(settled_reason, ''), settled_at "
    "FROM inbound_texts LEFT JOIN clients ON clients.id = inbound_texts.client ";

InboundListing inbound_of(const Rows& rows) {
  const Result<E164> number = E164::parse(rows.text(3));
  return {.id = InboundTextId{rows.integer(0)},
          .inbound = {.text = {.message_sid = rows.string(1),
                               .sender = Caller::parse(rows.text(2)),
                               .number = number ? std::optional<E164>(*number) : std::nullopt,
                               .number_text = rows.string(3),
                               .body = rows.string(4),
                               .media = media_of(rows.text(5)),
                               .opt_out_type = rows.maybe_word<OptOutType>(6),
                               .origin = rows.word<Origin>(11)},
                      .role = rows.word<NumberRole>(7),
                      .role_source = rows.word<RoleSource>(8),
                      .client = rows.maybe_client(9),
                      .taken_as = rows.word<TakenAs>(10)},
          .client_name = rows.string(12),
          .reply = rows.string(15),
          .sent_at = rows.instant(13),
          .received_at = rows.instant(14),
          .settled_as = rows.maybe_word<SettledAs>(16),
          .settled_reason = rows.string(17),
          .settled_at = rows.maybe_instant(18)};
}

namespace {

std::int64_t page(std::int64_t limit) {
  return std::clamp<std::int64_t>(limit, 1, rows_most);
}

/// Oldest first; what has the same instant stays in the order it was found.
void sort_by_time(std::vector<TimelineEntry>& entries) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    return std::pair(entries[one].at, one) < std::pair(entries[other].at, other);
  });
  std::vector<TimelineEntry> sorted;
  sorted.reserve(entries.size());
  for (const std::size_t at : order) sorted.push_back(std::move(entries[at]));
  entries = std::move(sorted);
}

}  // namespace

SqliteReader::SqliteReader(const std::string& path, Duration busy_timeout, std::int64_t cache_bytes,
                           const FileSystem& file_system)
    : database_(connect(path, Access::read, busy_timeout, cache_bytes, file_system)),
      begin_(*database_, "BEGIN"),
      end_(*database_, "COMMIT"),
      promised_(*database_, ("SELECT " + text_columns +
                             "FROM texts INDEXED BY texts_not_accepted LEFT JOIN calls ON calls.id = texts.call "
                             "WHERE texts.message_sid IS NULL AND texts.state = 'promised' AND texts.id > ? ORDER "
                             "BY texts.id LIMIT ?")
                                .c_str()),
      due_(*database_, ("SELECT " + alert_columns +
                        ", COALESCE(alert_ways.attempts, 0) "
                        "FROM alerts INDEXED BY alerts_waiting LEFT JOIN calls ON calls.id = alerts.call "
                        "LEFT JOIN alert_ways ON alert_ways.way = ?1 AND alert_ways.alert = alerts.id "
                        "WHERE alerts.accepted_at IS NULL AND alerts.withdrawn_at IS NULL AND alerts.due_at <= ?2 "
                        "AND (alert_ways.alert IS NULL OR alert_ways.due_at <= ?2) "
                        "ORDER BY alerts.due_at LIMIT ?3")
                           .c_str()),
      due_by_others_(*database_, ("SELECT " + alert_columns +
                                  ", alert_ways.attempts "
                                  "FROM alert_ways INDEXED BY alert_ways_due "
                                  "CROSS JOIN alerts ON alerts.id = alert_ways.alert "
                                  "LEFT JOIN calls ON calls.id = alerts.call "
                                  "WHERE alert_ways.way = ?1 AND alert_ways.due_at <= ?2 "
                                  "AND alerts.accepted_at IS NOT NULL AND alerts.withdrawn_at IS NULL ORDER BY "
                                  "alert_ways.due_at LIMIT ?3")
                                     .c_str()),
      tellings_(*database_,
                "SELECT at FROM alert_tellings WHERE way = ? AND recipient = ? AND at > ? AND at <= ? "
                "ORDER BY at DESC"),
      facts_(*database_, find_facts),
      unknown_(*database_,
               ("SELECT " + text_columns +
                ", texts.looks, texts.absent, texts.started_at, (SELECT MIN(message_sid) FROM message_events "
                "AS event WHERE text = texts.id AND message_sid NOT IN "
                "(SELECT message_sid FROM lost_messages WHERE text = texts.id) AND (attempt = texts.attempts "
                "OR (attempt = 0 AND texts.attempts <= 1) OR NOT EXISTS (SELECT 1 FROM message_events "
                "WHERE text = texts.id AND message_sid = event.message_sid "
                "AND status IN ('undelivered', 'failed', 'canceled')))) AS told "
                "FROM unsettled_texts "
                "CROSS JOIN texts ON texts.id = unsettled_texts.text "
                "LEFT JOIN calls ON calls.id = texts.call "
                "WHERE texts.state = 'unknown' AND (told IS NOT NULL OR "
                "(texts.looks = 0 AND (texts.answered_at <= ?2 OR texts.answered_at > ?1)) OR "
                "(texts.looks > 0 AND (texts.due_at <= ?1 OR texts.due_at > ?3))) "
                "ORDER BY unsettled_texts.text LIMIT ?4")
                   .c_str()),
      next_due_(*database_,
                "SELECT MIN(due_at) FROM alerts INDEXED BY alerts_waiting WHERE accepted_at IS NULL "
                "AND withdrawn_at IS NULL"),
      clients_(*database_, (client_columns + "ORDER BY id").c_str()),
      client_(*database_, (client_columns + "AND id = ?").c_str()),
      numbers_(*database_,
               "SELECT number, role, client, is_available FROM numbers WHERE number > ? ORDER BY number LIMIT ?"),
      all_numbers_(*database_, "SELECT number, role, client, is_available FROM numbers"),
      available_(*database_, "SELECT 1 FROM numbers INDEXED BY numbers_available WHERE is_available = 1 LIMIT 1"),
      owner_(
          *database_,
          (std::string("SELECT ") + onboarding_columns + "FROM onboarding_states WHERE owner_phone = ?").c_str()),
      waiting_owners_(*database_, owners("INDEXED BY onboarding_waiting WHERE waiting_since IS NOT NULL",
                                         "waiting_since, owner_phone")
                                      .c_str()),
      due_owners_(*database_,
                  owners("INDEXED BY onboarding_due WHERE due_at IS NOT NULL", "due_at, owner_phone").c_str()),
      owners_(*database_, owners("WHERE TRUE", "owner_phone").c_str()),
      calls_(*database_, (listing_columns + "FROM calls " + with_client +
                          "WHERE calls.id < ? AND calls.origin <> 'canary' "
                          "ORDER BY calls.id DESC LIMIT ?")
                             .c_str()),
      open_calls_(*database_, (listing_columns + "FROM calls INDEXED BY calls_open " + with_client +
                               "WHERE calls.outcome IS NULL AND calls.due_at IS NOT NULL AND calls.id < ? "
                               "ORDER BY calls.id DESC LIMIT ?")
                                  .c_str()),
      incident_calls_(*database_,
                      (listing_columns +
                       "FROM incident_calls CROSS JOIN calls ON calls.id = incident_calls.call " + with_client +
                       "WHERE incident_calls.incident = ?1 AND incident_calls.call < ?2 AND calls.incident = ?1 "
                       "ORDER BY incident_calls.call DESC LIMIT ?3")
                          .c_str()),
      call_(*database_, (listing_columns + "FROM call_sids CROSS JOIN calls ON calls.id = call_sids.call " +
                         with_client + "WHERE call_sids.hash = ? AND calls.call_sid = ?")
                            .c_str()),
      events_(*database_,
              "SELECT first_event_at, first_event_key, origin FROM calls WHERE id = ?1 AND first_event_key <> '' "
              "UNION ALL SELECT at, event_key, origin FROM events WHERE call = ?1"),
      recordings_(*database_,
                  "SELECT at, recording_sid, url, duration_s, transcription FROM recordings WHERE call = ? "
                  "ORDER BY id"),
      outcomes_(*database_, "SELECT at, outcome, because FROM outcomes WHERE call = ? ORDER BY ordinal"),
      texts_of_call_(*database_, ("SELECT " + text_columns +
                                  ", texts.started_at, texts.answered_at, texts.message_sid, texts.code, "
                                  "texts.because FROM texts CROSS JOIN calls ON calls.id = texts.call "
                                  "WHERE texts.call = ? ORDER BY texts.id")
                                     .c_str()),
      alerts_of_call_(*database_,
                      ("SELECT " + alert_columns +
                       "FROM alerts LEFT JOIN calls ON calls.id = alerts.call WHERE alerts.id IN ("
                       "SELECT id FROM alerts WHERE call = ?1 AND call IS NOT NULL UNION "
                       "SELECT alert FROM alert_calls WHERE call = ?1 UNION "
                       "SELECT alert FROM texts WHERE call = ?1 AND alert IS NOT NULL UNION "
                       "SELECT leant.alert FROM calls AS own JOIN texts AS leant ON leant.id = own.leans_on "
                       "WHERE own.id = ?1 AND leant.alert IS NOT NULL) ORDER BY alerts.id")
                          .c_str()),
      incidents_(*database_,
                 "SELECT id, kind, opened_at, closed_at, closed_reason, calls, calls_pending "
                 "FROM incidents WHERE (closed_at IS NULL OR ?1 = 0) ORDER BY id DESC LIMIT ?2"),
      levels_(*database_,
              "SELECT (SELECT COUNT(*) FROM texts INDEXED BY texts_not_accepted "
              "WHERE message_sid IS NULL AND state = 'promised'), "
              "(SELECT COUNT(*) FROM texts INDEXED BY texts_not_accepted "
              "WHERE message_sid IS NULL AND state = 'started'), "
              "(SELECT MIN(CASE WHEN due_at - answered_at >= 300000 THEN due_at ELSE promised_at END) FROM ("
              "SELECT * FROM (SELECT promised_at, due_at, answered_at FROM texts INDEXED BY texts_not_accepted "
              "WHERE message_sid IS NULL AND state = 'promised' ORDER BY id LIMIT 256) UNION ALL "
              "SELECT * FROM (SELECT promised_at, due_at, answered_at FROM texts INDEXED BY texts_not_accepted "
              "WHERE message_sid IS NULL AND state = 'started' ORDER BY id LIMIT 256))), "
              "(SELECT COUNT(*) FROM unsettled_texts), "
              "(SELECT COUNT(ended_at) FROM calls INDEXED BY calls_open "
              "WHERE outcome IS NULL AND due_at IS NOT NULL) + "
              "(SELECT COALESCE(SUM(calls_pending), 0) FROM incidents WHERE closed_at IS NULL), "
              "(SELECT COUNT(*) FROM incidents WHERE closed_at IS NULL), "
              "(SELECT COUNT(*) FROM alerts INDEXED BY alerts_waiting WHERE accepted_at IS NULL "
              "AND withdrawn_at IS NULL), "
              "(SELECT COUNT(*) FROM blocked_senders), "
              "(SELECT COUNT(*) FROM inbound_texts INDEXED BY inbound_triage WHERE taken_as = 'triage' "
              "AND settled_at IS NULL), "
              "(SELECT COUNT(*) FROM numbers INDEXED BY numbers_available WHERE is_available = 1)"),
      owners_at_steps_(*database_,
                       "SELECT step, COUNT(*) FROM onboarding_states INDEXED BY onboarding_steps GROUP BY step"),
      incident_of_call_(*database_,
                        "SELECT incidents.id, kind, opened_at, closed_at, closed_reason FROM calls "
                        "JOIN incidents ON incidents.id = calls.incident WHERE calls.id = ?"),
      replies_of_caller_(*database_,
                         (inbound_columns + "WHERE inbound_texts.id IN (SELECT id FROM inbound_texts "
                                            "INDEXED BY inbound_texts_of_phone WHERE phone = ? AND sent_at >= ? "
                                            "AND sent_at < ?) ORDER BY inbound_texts.id LIMIT ?")
                             .c_str()),
      blocked_(*database_, "SELECT account, sender, code, since FROM blocked_senders ORDER BY since, sender"),
      messages_(*database_, "SELECT at, message_sid, status, code FROM message_events WHERE text = ? ORDER BY at"),
      lost_(*database_, "SELECT at, message_sid, because FROM lost_messages WHERE text = ? ORDER BY at"),
      sweep_mark_(*database_, "SELECT mark FROM sweep_marks WHERE list = ?"),
      installed_(*database_, "SELECT MIN(applied_at) FROM schema_migrations"),
      has_ended_(*database_,
                 "SELECT 1 FROM call_sids CROSS JOIN calls ON calls.id = call_sids.call "
                 "WHERE call_sids.hash = ? AND calls.call_sid = ? AND calls.final_status IS NOT NULL"),
      without_end_(*database_,
                   "SELECT calls.call_sid FROM calls INDEXED BY calls_open "
                   "LEFT JOIN incidents ON incidents.id = calls.incident "
                   "WHERE calls.outcome IS NULL AND calls.ended_at IS NULL "
                   "AND calls.first_event_at + calls.longer_ms <= ? "
                   "AND incidents.closed_at IS NULL AND calls.origin <> 'canary' ORDER BY calls.id LIMIT ?"),
      inbound_(*database_,
               (inbound_columns +
                "WHERE inbound_texts.id < ? AND inbound_texts.id > ? ORDER BY inbound_texts.id DESC LIMIT ?")
                   .c_str()),
      triage_(*database_,
              (inbound_columns + "WHERE taken_as = 'triage' AND inbound_texts.id < ? AND inbound_texts.id > ? "
                                 "ORDER BY inbound_texts.id DESC LIMIT ?")
                  .c_str()),
      open_triage_(*database_,
                   (inbound_columns + "WHERE taken_as = 'triage' AND settled_at IS NULL AND inbound_texts.id < ? "
                                      "AND inbound_texts.id > ? ORDER BY inbound_texts.id DESC LIMIT ?")
                       .c_str()),
      cards_(*database_,
             (inbound_columns +
              "WHERE inbound_texts.id < ?1 AND inbound_texts.id > "
              "MAX(?2, (SELECT COALESCE(MAX(id), 0) FROM inbound_texts) - 5000) AND taken_as = 'owner' "
              "AND media LIKE '%text/%' AND NOT EXISTS (SELECT 1 FROM texts WHERE texts.cause = "
              "inbound_texts.message_sid) "
              "ORDER BY inbound_texts.id DESC LIMIT ?3")
                 .c_str()),
      has_inbound_(*database_, "SELECT 1 FROM inbound_texts WHERE message_sid = ?"),
      version_(*database_, "SELECT version FROM directory_version"),
      each_fact_(*database_, "SELECT phone, scope, opted_out, blocked, do_not_text, landline FROM phone_facts"),
      newest_texts_(*database_, ("SELECT " + text_columns +
                                 "FROM texts LEFT JOIN calls ON calls.id = texts.call ORDER BY texts.id DESC")
                                    .c_str()),
      people_(*database_),
      weeks_(*database_),
      failsafe_(*database_) {}

std::vector<TextRecord> SqliteReader::promised_texts(TextRow after, std::int64_t limit) {
  std::vector<TextRecord> texts;
  Rows rows = promised_.query(after, limit);
  while (rows.next()) texts.push_back(text_of(rows));
  return texts;
}

std::vector<UnknownText> SqliteReader::unknown_texts_due(Instant now, Duration first_look, std::int64_t limit) {
  std::vector<UnknownText> texts;
  Rows rows = unknown_.query(now, now - first_look, now + unknown_wait_most, limit);
  while (rows.next()) {
    texts.push_back({.text = text_of(rows),
                     .looks = static_cast<int>(rows.integer(text_columns_count)),
                     .absent = static_cast<int>(rows.integer(text_columns_count + 1)),
                     .started_at = rows.instant(text_columns_count + 2),
                     .told_message_sid = rows.string(text_columns_count + 3)});
  }
  return texts;
}

std::vector<AlertRecord> SqliteReader::due_alerts(AlertWay by, Instant now, std::int64_t limit) {
  std::vector<AlertRecord> alerts;
  const auto add_all = [&](Rows rows) {
    while (rows.next()) {
      alerts.push_back(alert_of(rows));
      alerts.back().attempts = static_cast<int>(rows.integer(alert_columns_count));
      alerts.back().is_accepted = !rows.is_null(16);
    }
  };
  const Snapshot snapshot(begin_, end_);
  add_all(due_.query(by, now, limit));
  const std::int64_t left = limit - static_cast<std::int64_t>(alerts.size());
  if (left > 0) add_all(due_by_others_.query(by, now, left));
  return alerts;
}

std::vector<Instant> SqliteReader::alert_tellings(AlertWay by, std::string_view recipient, Instant since,
                                                  Instant now) {
  std::vector<Instant> tellings;
  Rows rows = tellings_.query(by, recipient, since, now);
  while (rows.next()) tellings.push_back(rows.instant(0));
  return tellings;
}

PhoneFacts SqliteReader::phone_facts(const FactScope& scope, E164 phone) {
  return facts_in(facts_, scope, phone);
}

std::optional<Instant> SqliteReader::next_alert_due() {
  Rows rows = next_due_.query();
  return rows.next() ? rows.maybe_instant(0) : std::nullopt;
}

std::vector<ClientProfile> SqliteReader::clients() {
  std::vector<ClientProfile> clients;
  Rows rows = clients_.query();
  while (rows.next()) clients.push_back(client_of(rows));
  return clients;
}

std::optional<ClientProfile> SqliteReader::client(ClientId id) {
  Rows rows = client_.query(id);
  if (!rows.next()) return std::nullopt;
  return client_of(rows);
}

std::vector<PoolNumber> SqliteReader::numbers(std::optional<E164> after, std::int64_t limit) {
  std::vector<PoolNumber> numbers;
  Rows rows = numbers_.query(after.value_or(E164::from_digits(0)), limit);
  while (rows.next()) numbers.push_back(number_of(rows));
  return numbers;
}

void SqliteReader::each_phone_fact(const std::function<void(const SetPhoneFact&)>& visit) {
  Rows rows = each_fact_.query();
  while (rows.next()) {
    const E164 phone = rows.phone(0);
    const FactScope scope = scope_of_row(rows.integer(1));
    int column = 2;
    for (const auto& [fact, name] : NamesOf<PhoneFact>::rows) {
      if (rows.flag(column++)) visit({scope, phone, fact, true});
    }
  }
}

/// Rows are in the order of promises, but for those of a clock that was set back: so some more are looked at.
void SqliteReader::each_text_since(Instant since, const std::function<void(const TextRecord&)>& visit) {
  constexpr int older_in_a_row_most = 1'000;
  Rows rows = newest_texts_.query();
  for (int older = 0; older < older_in_a_row_most && rows.next();) {
    const TextRecord text = text_of(rows);
    if (text.promised_at < since) {
      ++older;
      continue;
    }
    older = 0;
    visit(text);
  }
}

void SqliteReader::each_number(const std::function<void(const PoolNumber&)>& visit) {
  Rows rows = all_numbers_.query();
  while (rows.next()) visit(number_of(rows));
}

std::optional<OnboardingRecord> SqliteReader::onboarding(E164 owner_phone) {
  Rows rows = owner_.query(owner_phone);
  return rows.next() ? std::optional(onboarding_of(rows)) : std::nullopt;
}

bool SqliteReader::has_available_numbers() {
  return available_.query().next();
}

std::vector<OnboardingRecord> SqliteReader::onboardings(const OnboardingQuery& query) {
  const auto read = [&](Statement& statement, const std::optional<E164>& after) {
    std::vector<OnboardingRecord> owners;
    Rows rows = statement.query(query.due_before, after, page(query.limit));
    while (rows.next()) owners.push_back(onboarding_of(rows));
    return owners;
  };
  if (query.is_waiting_only) return read(waiting_owners_, std::nullopt);
  if (query.due_before) return read(due_owners_, std::nullopt);
  return read(owners_, query.after);
}

std::vector<CallListing> SqliteReader::calls(const CallQuery& query) {
  const std::int64_t before = query.before ? query.before->value : INT64_MAX;
  const std::int64_t limit = page(query.limit);
  std::vector<CallListing> calls;
  const auto add_all = [&calls](Rows rows) {
    while (rows.next()) calls.push_back(listing_of(rows));
  };
  if (!query.open_only) {
    add_all(calls_.query(before, limit));
    return calls;
  }
  const Snapshot snapshot(begin_, end_);
  add_all(open_calls_.query(before, limit));
  for (const IncidentRecord& incident : incidents(true, rows_most)) {
    add_all(incident_calls_.query(incident.id, before, limit));
  }
  std::ranges::sort(calls, std::greater{}, [](const CallListing& listing) { return listing.call.id; });
  if (calls.size() > static_cast<std::size_t>(limit)) {
    calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(limit), calls.end());
  }
  return calls;
}

namespace {

/// What the caller was to get, and why.
void add_decision(const CallListing& listing, std::vector<TimelineEntry>& entries) {
  const CallRecord& call = listing.call;
  if (!call.ended_at || listing.reason.empty()) return;
  std::string detail = listing.reason;
  if (call.final_status) detail += ", as the call ended " + std::string(name_of(*call.final_status));
  detail +=
      "; the number was " + std::string(name_of(call.role)) + " by " + std::string(name_of(call.role_source));
  entries.push_back({*call.ended_at, "decided", std::move(detail)});
}

}  // namespace

std::optional<CallTimeline> SqliteReader::call(const CallSid& call_sid) {
  const Snapshot snapshot(begin_, end_);
  std::optional<CallTimeline> timeline;
  {
    Rows rows = call_.query(hash_of_sid(call_sid.text()), call_sid.text());
    if (!rows.next()) return std::nullopt;
    timeline = CallTimeline{.call = listing_of(rows), .texts = {}, .entries = {}};
  }
  const CallId call = timeline->call.call.id;
  add_events(call, timeline->entries);
  add_recordings(call, timeline->entries);
  add_texts(call, *timeline);
  add_alerts(call, timeline->entries);
  add_decision(timeline->call, timeline->entries);
  add_incident(call, timeline->entries);
  add_replies(*timeline);
  sort_by_time(timeline->entries);
  return timeline;
}

void SqliteReader::add_events(CallId call, std::vector<TimelineEntry>& entries) {
  {
    Rows rows = events_.query(call);
    while (rows.next()) {
      entries.push_back({rows.instant(0), "event", rows.string(1) + " (from " + rows.string(2) + ")"});
    }
  }
  Rows rows = outcomes_.query(call);
  while (rows.next()) {
    const std::string because = rows.string(2);
    entries.push_back({rows.instant(0), "outcome", rows.string(1) + (because.empty() ? "" : ": " + because)});
  }
}

void SqliteReader::add_recordings(CallId call, std::vector<TimelineEntry>& entries) {
  Rows rows = recordings_.query(call);
  while (rows.next()) {
    std::string detail = rows.string(1);
    if (const auto seconds = rows.maybe_integer(3)) detail += ", " + std::to_string(*seconds) + " s";
    if (const std::string url = rows.string(2); !url.empty()) detail += ", " + url;
    if (const std::string words = rows.string(4); !words.empty()) detail += ": " + words;
    entries.push_back({rows.instant(0), "recording", std::move(detail)});
  }
}

void SqliteReader::add_texts(CallId call, CallTimeline& timeline) {
  Rows rows = texts_of_call_.query(call);
  while (rows.next()) {
    const TextRecord& text = timeline.texts.emplace_back(text_of(rows));
    const std::string name(name_of(text.promise.id.purpose));
    const auto add = [&](Instant at, const std::string& detail) {
      std::string words = name;
      words += ' ';
      words += detail;
      timeline.entries.push_back({at, "text", std::move(words)});
    };
    const Way way = text.promise.ways.at(std::min(text.way, text.promise.ways.size() - 1));
    const std::string by = way.account == Account::first ? "" : " by the second account";
    add(text.promised_at, "promised to " + text.promise.pair.caller.text());
    add_messages(text, name, timeline.entries);
    if (const auto started_at = rows.maybe_instant(text_columns_count)) {
      add(*started_at, "started from " + way.sender.text() + by + ", attempt " + std::to_string(text.attempts));
    }
    const std::optional<Instant> answered_at = rows.maybe_instant(text_columns_count + 1);
    if (!answered_at) continue;
    const std::string because = rows.string(text_columns_count + 4);
    switch (text.state) {
      case TextState::promised:
        add(*answered_at, "not sent (" + because + "), again from " + to_iso8601(text.due_at));
        break;
      case TextState::started:
        break;
      case TextState::accepted:
        add(*answered_at, "accepted as " + rows.string(text_columns_count + 2));
        break;
      case TextState::refused:
        add(*answered_at, "refused with " + rows.string(text_columns_count + 3) + ": " + because);
        break;
      case TextState::unknown:
        add(*answered_at, "unknown whether it left: " + because);
        break;
    }
  }
}

/// What the carrier told of the messages that the text became.
void SqliteReader::add_messages(const TextRecord& text, const std::string& name,
                                std::vector<TimelineEntry>& entries) {
  {
    Rows rows = messages_.query(text.row);
    while (rows.next()) {
      std::string told = name + " " + rows.string(2) + ", says the carrier of " + rows.string(1);
      if (rows.integer(3) != 0) told += ", code " + rows.string(3);
      entries.push_back({rows.instant(0), "message", std::move(told)});
    }
  }
  Rows rows = lost_.query(text.row);
  while (rows.next()) {
    entries.push_back({rows.instant(0), "message", name + " lost as " + rows.string(1) + ": " + rows.string(2)});
  }
}

void SqliteReader::add_alerts(CallId call, std::vector<TimelineEntry>& entries) {
  Rows rows = alerts_of_call_.query(call);
  while (rows.next()) {
    const AlertRecord alert = alert_of(rows);
    const std::string name = std::string(name_of(alert.request.kind)) + " to the " +
                             std::string(name_of(alert.request.audience)) + " (alert " +
                             std::to_string(alert.id.value) + ")";
    std::string raised = name + " raised";
    if (alert.count > 1) raised += " " + std::to_string(alert.count) + " times";
    entries.push_back({alert.created_at, "alert", raised + ": " + alert.request.summary});
    if (const auto accepted_at = rows.maybe_instant(16)) {
      const std::string by = rows.is_null(18) ? "a channel" : rows.string(18);
      entries.push_back({*accepted_at, "alert", name + " accepted by " + by});
    } else if (!rows.is_null(17)) {
      entries.push_back(
          {alert.due_at, "alert",
           name + " failed " + std::to_string(alert.attempts) + " times, tried again: " + rows.string(17)});
    }
  }
}

void SqliteReader::add_incident(CallId call, std::vector<TimelineEntry>& entries) {
  Rows rows = incident_of_call_.query(call);
  if (!rows.next()) return;
  const std::string name = "incident " + rows.string(0);
  entries.push_back({rows.instant(2), "incident", name + " opened: " + rows.string(1)});
  if (const std::optional<Instant> closed_at = rows.maybe_instant(3)) {
    const std::string reason = rows.string(4);
    entries.push_back({*closed_at, "incident", name + " closed" + (reason.empty() ? "" : ": " + reason)});
  }
}

/// What the caller has texted in the week after, to the number that he called or to one that he was texted from.
/// Without his words.
void SqliteReader::add_replies(CallTimeline& timeline) {
  constexpr Duration told_for = std::chrono::hours{7 * 24};
  const CallRecord& call = timeline.call.call;
  const std::optional<E164> caller = call.caller.number();
  if (!caller) return;
  std::vector<std::string> numbers = {timeline.call.number_text};
  for (const TextRecord& text : timeline.texts) {
    for (const Way& way : text.promise.ways) numbers.push_back(way.sender.text());
  }
  Rows rows = replies_of_caller_.query(*caller, call.first_event_at, call.first_event_at + told_for, rows_most);
  while (rows.next()) {
    const InboundListing reply = inbound_of(rows);
    const std::string& to = reply.inbound.text.number_text;
    if (std::ranges::find(numbers, to) == numbers.end()) continue;
    std::string detail = "the caller texted " + to + " (" + reply.inbound.text.message_sid + "), taken as " +
                         std::string(name_of(reply.inbound.taken_as));
    if (!reply.reply.empty()) detail += "; answered: " + reply.reply;
    timeline.entries.push_back({reply.received_at, "reply", std::move(detail)});
  }
}

std::vector<IncidentRecord> SqliteReader::incidents(bool open_only, std::int64_t limit) {
  std::vector<IncidentRecord> incidents;
  Rows rows = incidents_.query(open_only, limit);
  while (rows.next()) {
    incidents.push_back({.id = IncidentId{rows.integer(0)},
                         .kind = rows.string(1),
                         .opened_at = rows.instant(2),
                         .closed_at = rows.maybe_instant(3),
                         .closed_reason = rows.string(4),
                         .calls = rows.integer(5),
                         .calls_pending = rows.integer(6)});
  }
  return incidents;
}

std::vector<InboundListing> SqliteReader::inbound_texts(const InboundQuery& query) {
  std::vector<InboundListing> texts;
  const auto add_all = [&](Statement& statement) {
    Rows rows = statement.query(query.before ? query.before->value : INT64_MAX,
                                query.after ? query.after->value : 0, page(query.limit));
    while (rows.next()) texts.push_back(inbound_of(rows));
  };
  switch (query.kind) {
    case InboundQuery::Kind::all:
      add_all(inbound_);
      break;
    case InboundQuery::Kind::triage:
      add_all(triage_);
      break;
    case InboundQuery::Kind::triage_open:
      add_all(open_triage_);
      break;
    case InboundQuery::Kind::cards:
      add_all(cards_);
      break;
  }
  return texts;
}

bool SqliteReader::has_inbound_text(std::string_view message_sid) {
  return has_inbound_.query(message_sid).next();
}

StoreLevels SqliteReader::levels() {
  Rows rows = levels_.query();
  rows.next();
  StoreLevels levels{.texts_promised = rows.integer(0),
                     .texts_started = rows.integer(1),
                     .texts_waiting_since = rows.maybe_instant(2),
                     .texts_unknown = rows.integer(3),
                     .calls_pending = rows.integer(4),
                     .incidents_open = rows.integer(5),
                     .alerts_waiting = rows.integer(6),
                     .senders_blocked = rows.integer(7),
                     .triage_open = rows.integer(8),
                     .numbers_available = rows.integer(9)};
  Rows owners = owners_at_steps_.query();
  while (owners.next()) levels.owners.push_back({.step = owners.string(0), .owners = owners.integer(1)});
  return levels;
}

std::vector<BlockedSender> SqliteReader::blocked_senders() {
  std::vector<BlockedSender> blocked;
  Rows rows = blocked_.query();
  while (rows.next()) {
    blocked.push_back({.way = {rows.word<Account>(0), rows.phone(1)},
                       .code = static_cast<int>(rows.integer(2)),
                       .since = rows.instant(3)});
  }
  return blocked;
}

std::optional<Instant> SqliteReader::sweep_mark(SweptList list) {
  Rows rows = sweep_mark_.query(list);
  return rows.next() ? rows.maybe_instant(0) : std::nullopt;
}

Instant SqliteReader::installed_at() {
  Rows rows = installed_.query();
  return rows.next() ? rows.instant(0) : Instant{};
}

bool SqliteReader::has_ended(const CallSid& call_sid) {
  return has_ended_.query(hash_of_sid(call_sid.text()), call_sid.text()).next();
}

std::vector<CallSid> SqliteReader::calls_without_end(Instant before, std::int64_t limit) {
  std::vector<CallSid> calls;
  Rows rows = without_end_.query(before, limit);
  while (rows.next()) {
    if (Result<CallSid> sid = CallSid::parse(rows.text(0))) calls.push_back(std::move(*sid));
  }
  return calls;
}

std::int64_t SqliteReader::directory_version() {
  Rows rows = version_.query();
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace jobrun::store
