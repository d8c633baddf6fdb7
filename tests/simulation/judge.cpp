#include "judge.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <utility>

#include "rows.hpp"

namespace jobrun::simulation {
namespace {

constexpr int changes_between_checks = 24;
/// How long after its deadline a call may wait for its incident, when nothing is in the way: two looks.
constexpr Duration deadline_slack{20'000};
/// How long something learned, from the carrier or the operator, may be without effect when the store fails.
constexpr Duration learning_slack{60'000};

class Looking {
 public:
  explicit Looking(bool& flag) : flag_(flag) { flag_ = true; }
  ~Looking() { flag_ = false; }
  Looking(const Looking&) = delete;
  Looking& operator=(const Looking&) = delete;

 private:
  bool& flag_;
};

/// What the dispatchers count, they count a moment after it is durable; and what was in doubt, once it is sure.
bool lags(const std::string& name) {
  return name.starts_with("answered") || name == "told";
}

bool tells_an_end(const std::string& event_key) {
  const auto is_key_of = [&](CallStatus status) { return event_key == "status:" + std::string(name_of(status)); };
  return std::ranges::any_of(final_call_statuses, is_key_of);
}

}  // namespace

/// `sql` lists, one a row, what breaks the rule; `limit` is its one parameter, if it has one.
void Judge::must_be_none(const std::string& sql, const std::string& rule, std::optional<Instant> limit) {
  SQLite::Statement& statement = around_.process.look(sql);
  if (limit) statement.bind(1, static_cast<std::int64_t>(to_unix_ms(*limit)));
  Rows rows(statement);
  if (rows.next()) around_.truth.violate(rule + ": " + rows.word(0));
}

void Judge::look(const std::function<void()>& checks) {
  const Looking looking(is_looking_);
  try {
    checks();
  } catch (const SQLite::Exception& exception) {
    around_.truth.violate(std::string("the judge cannot read the database: ") + exception.what());
  }
}

void Judge::at_start() {
  store_failures_ = 0;
  forgiven_.clear();
  is_without_database_ = around_.process.pipeline().ledger().is_standing_in();
  // What a life before has counted comes to the database in this one.
  is_counting_ = !is_without_database_;
  if (is_without_database_) return;
  look([this] {
    trouble();
    syncs_ = around_.disk.syncs();
    at_start_ = count();
    // A start has counted what it replayed from the spool.
    for (auto& [name, value] : at_start_.of) value -= static_cast<std::int64_t>(counted(name));
    sign_ups_.at_start();
    check_acknowledged();
    check_all();
  });
}

void Judge::after_step() {
  if (!around_.process.is_alive()) return;
  if (is_without_database_ && around_.process.pipeline().ledger().is_standing_in()) return;
  if (std::exchange(is_without_database_, false)) {
    look([this] {
      sign_ups_.at_start();
      check_acknowledged();
    });
  }
  look([this] {
    check_bounds();
    if (std::exchange(syncs_, around_.disk.syncs()) == around_.disk.syncs()) return;
    check_deadlines();
    sign_ups_.after_change();
    if (++changes_ % changes_between_checks == 0) check_all();
  });
}

void Judge::check_all() {
  check_records();
  sign_ups_.check();
  check_pairs();
  check_outcomes();
  check_metrics(false);
}

void Judge::at_the_end() {
  look([this] {
    check_acknowledged();
    check_all();
    check_metrics(true);
    check_ended_calls();
    check_reasons();
    check_acknowledgements();
    check_opt_outs();
    check_stops();
    check_pauses();
    check_losses();
    check_blocked_senders();
    sign_ups_.at_the_end();
  });
}

void Judge::nothing_is_left_out() {
  look([this] {
    constexpr Duration last_sweeps{5 * 60'000};
    SQLite::Statement& find =
        around_.process.look("SELECT 1 FROM calls WHERE call_sid = ?1 AND final_status IS NOT NULL");
    for (const auto& [sid, call] : around_.truth.calls) {
      const bool is_settled = call.ended_at && *call.ended_at + last_sweeps <= around_.schedule.elapsed();
      if (call.is_child || !call.number || !is_settled) continue;
      find.bind(1, sid);
      Rows rows(find);
      if (!rows.next()) around_.truth.violate("a call that ended, and nobody knows: " + sid);
    }
    SQLite::Statement& find_text =
        around_.process.look("SELECT number_text FROM inbound_texts WHERE message_sid = ?1");
    for (const auto& [sid, text] : around_.truth.inbound) {
      if (text.sent_at + last_sweeps > around_.schedule.elapsed() || !text.is_to_called_number) continue;
      find_text.bind(1, sid);
      Rows rows(find_text);
      if (!rows.next()) around_.truth.violate("a text that came in, and nobody knows: " + sid);
    }
  });
}

void Judge::at_telling(AlertWay way, AlertId alert, bool was_heard) {
  bool is_known = was_heard;
  if (!around_.truth.is_file_away) {
    look([&] {
      SQLite::Statement& find = around_.process.look(
          "SELECT 1 FROM alerts WHERE id = ?1 AND accepted_at IS NOT NULL AND NOT EXISTS "
          "(SELECT 1 FROM alert_ways WHERE alert = ?1 AND way = ?2)");
      find.bind(1, alert.value);
      find.bind(2, std::string(name_of(way)));
      Rows rows(find);
      is_known = is_known || rows.next();
    });
  }
  const std::string name = std::to_string(alert.value) + " by " + std::string(name_of(way));
  if (is_known) around_.truth.violate("an alert told again by a way that had told it: " + name);
}

void Judge::check_bounds() {
  const outbox::DispatcherOptions& bounds = around_.options.outbox;
  const outbox::DispatcherLevels levels = around_.process.pipeline().outbox().levels();
  if (levels.in_memory > bounds.window) around_.truth.violate("the outbox holds more than its window");
  const std::size_t accounts = around_.town.policy.second_sender ? 2 : 1;
  if (levels.in_flight + levels.starting > accounts * bounds.in_flight_max)
    around_.truth.violate("too many texts in flight");
  if (around_.process.pipeline().alerts().levels().in_flight_max > around_.options.alerts.in_flight_max) {
    around_.truth.violate("too many alerts in flight");
  }
}

/// Every call has an outcome by its deadline, or is in an incident. Trouble delays the look, never beyond it.
void Judge::check_deadlines() {
  if (around_.schedule.elapsed() < trouble_at_ + deadline_slack) return;
  must_be_none("SELECT calls.call_sid FROM calls INDEXED BY calls_open WHERE outcome IS NULL AND due_at < ?",
               "past its deadline without an outcome or an incident", around_.schedule.now() - deadline_slack);
}

/// Nothing acknowledged is lost, and every final status ends its call.
void Judge::check_acknowledged() {
  SQLite::Statement& find = around_.process.look(
      "SELECT final_status IS NOT NULL FROM calls WHERE call_sid = ?1 AND (first_event_key = ?2 OR EXISTS "
      "(SELECT 1 FROM events WHERE call = calls.id AND event_key = ?2))");
  for (const auto& [sid, call] : around_.truth.calls) {
    for (const std::string& key : call.acknowledged) {
      find.bind(1, sid);
      find.bind(2, key);
      Rows rows(find);
      if (!rows.next()) {
        around_.truth.violate("acknowledged and lost: " + key + " of " + sid);
      } else if (tells_an_end(key) && rows.number(0) == 0) {
        around_.truth.violate("a final status that ended nothing: " + key + " of " + sid);
      }
    }
  }
  SQLite::Statement& find_text = around_.process.look("SELECT COUNT(*) FROM inbound_texts WHERE message_sid = ?1");
  for (const auto& [sid, text] : around_.truth.inbound) {
    if (!text.acknowledged_at) continue;
    find_text.bind(1, sid);
    Rows rows(find_text);
    if (!rows.next() || rows.number(0) != 1) around_.truth.violate("acknowledged and lost: text " + sid);
  }
}

/// SYSTEM, ONBOARDING and orphaned numbers leave no business record.
void Judge::check_records() {
  must_be_none(
      "SELECT calls.call_sid FROM messages JOIN calls ON calls.id = messages.call "
      "WHERE calls.role <> 'operational' OR calls.client IS NULL",
      "a business record of a call to nobody's number");
  must_be_none("SELECT phone FROM customers WHERE id NOT IN (SELECT customer FROM conversations)",
               "a customer without a conversation");
  must_be_none(
      "SELECT id FROM conversations WHERE id NOT IN (SELECT conversation FROM messages WHERE kind IN "
      "('missed_call', 'text_from_customer'))",
      "a conversation without a missed call or a text");
  must_be_none(
      "SELECT message_sid FROM messages JOIN inbound_texts ON inbound_texts.id = inbound "
      "WHERE role <> 'operational' OR client IS NULL OR taken_as <> 'customer'",
      "a business record of a text that is no customer's");
  must_be_none(
      "SELECT message_sid FROM inbound_texts WHERE taken_as = 'customer' AND NOT EXISTS (SELECT 1 FROM messages "
      "WHERE inbound = inbound_texts.id)",
      "a customer's text that is in no conversation");
  must_be_none(
      "SELECT call_sid FROM calls WHERE role = 'operational' AND client IS NOT NULL AND reason IN ('intake', "
      "'cool_down') AND NOT EXISTS (SELECT 1 FROM messages WHERE call = calls.id AND kind = 'missed_call')",
      "a business's missed call that left no record");
  must_be_none(
      "SELECT calls.call_sid FROM texts JOIN calls ON calls.id = texts.call WHERE calls.role = 'onboarding'",
      "a text because of a call to the sign-up number");
  must_be_none("SELECT call FROM texts WHERE call IS NOT NULL GROUP BY call HAVING COUNT(*) > 1",
               "two texts because of one call");
}

/// One first text per (caller, number, cool-down). The fail-safe text leaves also when nobody knows of the last
/// one. A promise that was durable when the process died, and that nobody could know of before the database came
/// back, does not count if its text never left.
void Judge::check_pairs() {
  const auto ms = [](Duration duration) { return std::to_string(duration.count()); };
  std::string cool_down = "CASE calls.client ";
  for (const ClientProfile& client : around_.town.clients) {
    cool_down += "WHEN " + std::to_string(client.id.value) + " THEN " +
                 ms(client.cool_down.value_or(around_.town.policy.cool_down)) + " ";
  }
  cool_down += "ELSE " + ms(around_.town.policy.cool_down) + " END";
  Rows rows(around_.process.look(
      "SELECT calls.call_sid, former.call_sid || '.' || earlier.purpose, texts.promised_at FROM texts JOIN calls "
      "ON calls.id = "
      "texts.call "
      "JOIN texts AS earlier ON earlier.caller = texts.caller AND earlier.number = texts.number "
      "AND earlier.id < texts.id JOIN calls AS former ON former.id = earlier.call WHERE " +
      std::string(around_.truth.had_no_guard ? "calls.client IS NOT NULL AND " : "") +
      "texts.promised_at < earlier.promised_at + " + cool_down));
  while (rows.next()) {
    const bool never_left = !around_.truth.requests.contains(rows.word(1));
    const Instant promised_at = from_unix_ms(rows.number(2));
    const bool was_unknown = around_.truth.crashes > 0 && acted_on_at(promised_at) != promised_at;
    if (was_unknown && never_left) continue;
    around_.truth.violate("a second first text within the cool-down: " + rows.word(0));
    break;
  }
  must_be_none(
      "SELECT texts.cause FROM texts JOIN texts AS earlier ON earlier.caller = texts.caller "
      "AND earlier.number = texts.number AND earlier.id < texts.id WHERE texts.purpose = 'triage_reply' "
      "AND earlier.purpose = 'triage_reply' AND texts.promised_at < earlier.promised_at + " +
          ms(around_.town.policy.cool_down),
      "somebody acknowledged again within the cool-down");
}

/// A text to nobody's number was acknowledged, itself or by the acknowledgement of another of its sender's to that
/// number; or its sender is somebody, or its number one, that there is a reason not to. The operator has it
/// anyway.
void Judge::check_acknowledgements() {
  Town town = around_.town;  // a port's functions change it, as far as anybody knows
  const bool has_limits = town.policy.texts_per_day < 100 || !town.policy.texts_per_country_and_day.empty();
  if (around_.truth.clock_was_wrong || has_limits || !town.policy.countries.empty()) return;
  Rows rows(around_.process.look(
      "SELECT message_sid, phone, number_text FROM inbound_texts WHERE taken_as = 'triage' AND phone IS NOT NULL "
      "AND received_at - sent_at < " +
      std::to_string(around_.options.outbox.useful_for.count()) +
      " AND NOT EXISTS (SELECT 1 FROM texts WHERE purpose = 'triage_reply' AND caller = phone "
      "AND '+' || number = number_text AND ABS(promised_at - received_at) < " +
      std::to_string(town.policy.cool_down.count()) + ")"));
  while (rows.next()) {
    const E164 phone = E164::from_digits(static_cast<std::uint64_t>(rows.number(1)));
    const E164 number = *E164::parse(rows.word(2));
    const bool is_reason = town.landlines.contains(phone) || town.not_mobile.contains(phone) ||
                           town.opted_out.contains(phone) || has_said(phone.text(), &InboundTruth::is_out) ||
                           town.senders_refused.contains(number) || town.senders_unregistered.contains(number) ||
                           town.country_of(phone) != town.country_of(number);
    if (!is_reason) around_.truth.violate("a text to nobody's number, not acknowledged: " + rows.word(0));
  }
}

/// When what a text answers came to pass.
Duration Judge::caused_at(const std::string& cause) const {
  // Of what time or the operator has caused, the cause says when.
  if (cause.starts_with("signup-")) {
    return from_unix_ms(std::stoll(cause.substr(cause.rfind('-') + 1))) - around_.schedule.true_time(Duration{0});
  }
  const auto call = around_.truth.calls.find(cause);
  return call != around_.truth.calls.end() ? call->second.placed_at : around_.truth.inbound.at(cause).sent_at;
}

void Judge::check_outcomes() {
  must_be_none("SELECT calls.call_sid FROM calls WHERE outcome IS NOT NULL AND final_status IS NULL",
               "an outcome before the end");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE outcome IS NOT (SELECT NULLIF(outcome, 'pending') FROM outcomes "
      "WHERE call = calls.id "
      "ORDER BY ordinal DESC LIMIT 1)",
      "an outcome that is not the last of its history");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE outcome = 'texted' AND NOT EXISTS "
      "(SELECT 1 FROM texts WHERE call = calls.id AND state = 'accepted')",
      "texted without an accepted text");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE reason IN ('intake', 'failsafe') AND NOT EXISTS "
      "(SELECT 1 FROM texts WHERE call = calls.id)",
      "a caller who is to be texted was promised nothing");
  must_be_none("SELECT call FROM texts WHERE state = 'refused' AND code IN (20003, 20429)",
               "a text given up although the carrier takes it later");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE outcome = 'suppressed' AND reason = 'cool_down' AND leans_on IS "
      "NULL",
      "suppressed by a cool-down and leaning on nothing");
  must_be_none(
      "SELECT calls.call_sid FROM calls JOIN texts ON texts.id = calls.leans_on JOIN alerts ON alerts.id = "
      "texts.alert "
      "WHERE calls.outcome = 'suppressed' AND texts.state = 'refused' AND alerts.accepted_at IS NOT NULL "
      "AND NOT EXISTS (SELECT 1 FROM escalations)",
      "suppressed although its text was refused and a person told");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE outcome = 'escalated' AND leans_on IS NULL AND NOT EXISTS "
      "(SELECT 1 FROM alerts WHERE call = calls.id AND accepted_at IS NOT NULL) AND NOT EXISTS "
      "(SELECT 1 FROM alert_calls JOIN alerts ON alerts.id = alert_calls.alert "
      "WHERE alert_calls.call = calls.id AND alerts.accepted_at IS NOT NULL)",
      "escalated although no channel accepted an alert about it");
  must_be_none(
      "SELECT calls.call_sid FROM calls WHERE outcome = 'spoken' AND (greeting = 'none' OR final_status = "
      "'canceled')",
      "spoken although nothing was said");
  Rows accepted(
      around_.process.look("SELECT COALESCE(calls.call_sid, cause) || '.' || purpose, message_sid FROM texts "
                           "LEFT JOIN calls ON calls.id = texts.call WHERE state = 'accepted'"));
  while (accepted.next()) {
    const auto requests = around_.truth.requests.find(accepted.word(0));
    const bool is_true = requests != around_.truth.requests.end() &&
                         std::ranges::any_of(requests->second, [&](const RequestTruth& request) {
                           return request.carrier_has_it && request.message_sid == accepted.word(1);
                         });
    if (!is_true) {
      around_.truth.violate("accepted, says the journal, but the carrier has not got it: " + accepted.word(0));
    }
  }
  Rows told(around_.process.look("SELECT id FROM alerts WHERE accepted_at IS NOT NULL"));
  while (told.next()) {
    if (around_.truth.alerts_accepted.contains(told.number(0))) continue;
    around_.truth.violate("accepted, says the journal, but nobody was told: alert " + told.word(0));
  }
}

// --- metrics ------------------------------------------------------------------------------------------------

Judge::Counts Judge::count() const {
  Counts counts;
  const auto add = [&](const std::string& name, const std::string& sql) {
    Rows rows(around_.process.look(sql));
    while (rows.next()) counts.of[name + rows.word(0)] = rows.number(1);
  };
  add("ended ", "SELECT role || ' ' || reason, COUNT(*) FROM calls WHERE final_status IS NOT NULL GROUP BY 1");
  add("failsafe ",
      "SELECT IIF(role_source = 'unknown', 'false', 'true') || ' ' || final_status, COUNT(*) FROM calls "
      "WHERE role = 'system' AND final_status IS NOT NULL GROUP BY 1");
  add("onboarding", "SELECT '', COUNT(*) FROM calls WHERE role = 'onboarding'");
  add("orphan",
      "SELECT '', COUNT(*) FROM calls WHERE role = 'operational' AND client IS NULL AND final_status IS NOT NULL");
  add("intake",
      "SELECT '', COUNT(*) FROM calls WHERE role = 'operational' AND client IS NOT NULL AND final_status IS NOT "
      "NULL");
  add("promised ", "SELECT purpose, COUNT(*) FROM texts GROUP BY 1");
  add("answered ",
      "SELECT what, SUM(times) FROM (SELECT purpose || ' ' || state AS what, COUNT(*) AS times FROM texts "
      "WHERE state IN ('accepted', 'refused') GROUP BY 1 UNION ALL SELECT purpose || ' accepted', COUNT(*) "
      "FROM lost_messages JOIN texts ON texts.id = lost_messages.text GROUP BY 1) GROUP BY 1");
  add("received ", "SELECT role || ' ' || taken_as, COUNT(*) FROM inbound_texts GROUP BY 1");
  add("told", "SELECT '', COUNT(*) FROM alerts WHERE accepted_at IS NOT NULL");
  return counts;
}

/// What the metric that belongs to a count says.
double Judge::counted(const std::string& name) const {
  const CountingMeter& meter = around_.process.meter();
  const std::size_t space = name.find(' ');
  const std::string kind = name.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : name.substr(space + 1);
  const std::size_t second = rest.find(' ');
  const std::string label1 = rest.substr(0, second);
  const std::string label2 = second == std::string::npos ? "" : rest.substr(second + 1);
  if (kind == "ended") return meter.of(Metric::calls_ended, label1, label2);
  if (kind == "failsafe") return meter.of(Metric::voice_system_failsafe_intake, label1, label2);
  if (kind == "onboarding") return meter.of(Metric::voice_onboarding_number_called);
  if (kind == "orphan") return meter.of(Metric::voice_operational_no_client);
  if (kind == "intake") return meter.of(Metric::voice_customer_intake);
  if (kind == "promised") return meter.of(Metric::texts_promised, label1);
  if (kind == "received") return meter.of(Metric::inbound_texts, label1, label2);
  if (kind == "answered") return meter.of(Metric::texts_answered, label1, label2);
  return meter.of(Metric::alerts_sent);
}

/// How often it has happened since the process began.
double Judge::happened(const std::string& name, std::int64_t value) const {
  const auto before = at_start_.of.find(name);
  return static_cast<double>(value - (before == at_start_.of.end() ? 0 : before->second));
}

/// A batch that failed may be durable all the same; of its events nothing is counted until they come back. What
/// was counted and did not happen is not forgiven.
void Judge::forgive_batches_in_doubt(const Counts& counts) {
  const double failures = around_.process.meter().of(Metric::store_failures);
  if (std::exchange(store_failures_, failures) == failures) return;
  for (const auto& [name, value] : counts.of) {
    if (!lags(name)) forgiven_[name] = std::max(0.0, happened(name, value) - counted(name));
  }
}

/// Metrics equal what happened; before things have settled, some may be behind.
void Judge::check_metrics(bool is_settled) {
  // What leaves from the spool is counted before the database hears of it.
  if (!is_counting_ || around_.process.pipeline().ledger().is_standing_in()) return;
  const Counts counts = count();
  forgive_batches_in_doubt(counts);
  for (const auto& [name, value] : counts.of) {
    const double times = happened(name, value);
    const bool is_in_doubt = around_.truth.status_in_doubt_in_life == around_.process.life();
    const bool may_lag = lags(name) && (!is_settled || (is_in_doubt && name != "told"));
    // What was counted after all is not forgiven once more.
    double& forgiven = forgiven_[name];
    const double missing = times - counted(name);
    if (missing >= 0 && (may_lag || missing <= forgiven)) {
      forgiven = std::min(forgiven, missing);
      continue;
    }
    around_.truth.violate("the metric for '" + name + "' says " + std::to_string(counted(name)) +
                          ", but it happened " + std::to_string(times) + " times");
  }
  const CountingMeter& meter = around_.process.meter();
  if (meter.sum_of(Metric::voice_system_failsafe_intake) != around_.truth.failsafe_warnings) {
    around_.truth.violate("fail-safe calls and warnings SYSTEM FAILSAFE differ");
  }
  if (meter.sum_of(Metric::exit_policy_refusals) > 0) around_.truth.violate("the exit policy stopped a text");
}

// --- the end -------------------------------------------------------------------------------------------------

/// Who is not texted is not texted for a reason that people, the carrier and the operator know to be so.
void Judge::check_reasons() {
  const Town& town = around_.town;
  const auto is_one_of = [](const std::set<E164>& phones, std::optional<E164> caller) {
    return caller && phones.contains(*caller);
  };
  Rows rows(
      around_.process.look("SELECT call_sid, reason, role, client FROM calls WHERE final_status IS NOT NULL"));
  while (rows.next()) {
    const Caller caller = Caller::parse(around_.truth.calls.at(rows.word(0)).caller);
    const std::optional<E164> phone = caller.number();
    const std::string reason = rows.word(1);
    const bool is_of_the_first_client = rows.number(3) == town.clients[0].id.value;
    const std::map<std::string, bool> is_so = {
        {"onboarding_number", rows.word(2) == "onboarding"},
        {"withheld", town.is_withheld(caller.text())},
        {"short_code", caller.kind() == CallerKind::short_code},
        {"caller_is_ours", phone && town.is_ours(*phone)},
        {"landline", is_one_of(town.landlines, phone) || is_one_of(town.not_mobile, phone)},
        {"opted_out", is_one_of(town.opted_out, phone) || has_said(caller.text(), &InboundTruth::is_out)},
        {"blocked", is_of_the_first_client && caller.text() == town.phones[0]},
        {"do_not_text", is_of_the_first_client && caller.text() == town.phones[1]},
        {"answered", false}};
    if (town.is_withheld(caller.text()) && rows.word(2) != "onboarding" && reason != "withheld") {
      around_.truth.violate("a withheld id taken for a phone: " + rows.word(0));
    }
    const auto found = is_so.find(reason);
    if (found != is_so.end() && !found->second) {
      around_.truth.violate("not texted for a reason that is not so: " + reason + " of " + rows.word(0));
    }
  }
}

/// Who opted out, as the carrier told us, is not texted again by the same business, or by the service.
void Judge::check_opt_outs() {
  constexpr const char* opted_out_only = " AND state = 'refused' AND code = 21610";
  const std::string texts =
      "SELECT COALESCE(calls.call_sid, cause), purpose, COALESCE(texts.client, 0), texts.caller FROM texts "
      "LEFT JOIN calls ON calls.id = texts.call WHERE TRUE";
  std::map<std::pair<std::int64_t, std::int64_t>, Duration> known_at;
  {
    Rows rows(around_.process.look(texts + opted_out_only));
    while (rows.next()) {
      const auto found = around_.truth.requests.find(rows.word(0) + "." + rows.word(1));
      if (found == around_.truth.requests.end()) continue;
      const Duration at = found->second.back().answered_at;
      const auto [known, is_new] = known_at.try_emplace({rows.number(2), rows.number(3)}, at);
      if (!is_new) known->second = std::min(known->second, at);
    }
  }
  Rows rows(around_.process.look(texts));
  while (rows.next()) {
    const auto known = known_at.find({rows.number(2), rows.number(3)});
    if (known == known_at.end()) continue;
    if (has_said(E164::from_digits(static_cast<std::uint64_t>(rows.number(3))).text(), &InboundTruth::is_in))
      continue;
    if (caused_at(rows.word(0)) <= known->second + learning_slack) continue;
    if (is_failsafe_unguarded(rows.number(2))) continue;
    around_.truth.violate("a text to somebody who had opted out: " + rows.word(0));
  }
}

/// Without database and guard nobody knows who is out, and the fail-safe text leaves all the same.
bool Judge::is_failsafe_unguarded(std::int64_t client) const {
  return client == 0 && around_.truth.had_no_guard;
}

bool Judge::has_said(const std::string& phone, bool InboundTruth::* word) const {
  return std::ranges::any_of(around_.truth.inbound,
                             [&](const auto& entry) { return entry.second.*word && entry.second.phone == phone; });
}

/// Once we have acknowledged that somebody wants no more texts, none leaves to him in that scope, whatever was
/// promised before. One that was started just then may be on its way.
void Judge::check_stops() {
  constexpr Duration on_its_way{20'000};
  std::map<std::pair<std::int64_t, std::string>, Duration> out_since;
  {
    Rows rows(around_.process.look("SELECT message_sid, COALESCE(client, 0), sender FROM inbound_texts"));
    while (rows.next()) {
      const InboundTruth& text = around_.truth.inbound.at(rows.word(0));
      if (!text.is_out || !text.acknowledged_at || has_said(text.phone, &InboundTruth::is_in)) continue;
      const auto [since, is_new] = out_since.try_emplace({rows.number(1), rows.word(2)}, *text.acknowledged_at);
      if (!is_new) since->second = std::min(since->second, *text.acknowledged_at);
    }
  }
  Rows rows(
      around_.process.look("SELECT COALESCE(calls.call_sid, cause), purpose, COALESCE(texts.client, 0) FROM texts "
                           "LEFT JOIN calls ON calls.id = texts.call"));
  while (rows.next()) {
    const auto requests = around_.truth.requests.find(rows.word(0) + "." + rows.word(1));
    if (requests == around_.truth.requests.end()) continue;
    for (const RequestTruth& request : requests->second) {
      const auto since = out_since.find({rows.number(2), request.recipient});
      if (since == out_since.end() || request.made_at <= since->second + on_its_way) continue;
      if (is_failsafe_unguarded(rows.number(2))) continue;
      around_.truth.violate("a text to somebody who had said stop: " + rows.word(0));
    }
  }
}

/// No status that we acknowledged is lost, and what was told to be lost is not held to be accepted.
void Judge::check_losses() {
  SQLite::Statement& find = around_.process.look(
      "SELECT texts.state = 'accepted' AND texts.message_sid = ?3 FROM message_events "
      "JOIN texts ON texts.id = text LEFT JOIN calls ON calls.id = texts.call "
      "WHERE COALESCE(calls.call_sid, cause) || '.' || purpose = ?1 AND "
      "message_events.message_sid = ?3 AND status = ?2");
  for (const auto& [text, message_sid, status] : around_.truth.statuses_acknowledged) {
    find.bind(1, text);
    find.bind(2, status);
    find.bind(3, message_sid);
    Rows rows(find);
    if (around_.truth.is_forgotten(text, message_sid)) continue;
    if (!rows.next()) {
      around_.truth.violate("acknowledged and lost: " + status + " of text " + text);
    } else if (rows.number(0) == 1 && is_lost(*parse_name<MessageStatus>(status))) {
      around_.truth.violate("accepted, says the journal, although it was told that the carrier lost it: " + text);
    }
  }
}

/// When what was told at `at` is acted on: at once, or when the database takes it.
Instant Judge::acted_on_at(Instant at) const {
  for (const OutageTruth& outage : around_.truth.outages) {
    const bool was_in_it = around_.schedule.true_time(outage.from) <= at &&
                           (outage.to == Duration::max() || at <= around_.schedule.true_time(outage.to));
    if (was_in_it) return outage.to == Duration::max() ? Instant::max() : around_.schedule.true_time(outage.to);
  }
  return at;
}

/// Nothing leaves from a sender some time after the carrier has blocked it.
void Judge::check_blocked_senders() {
  if (around_.truth.clock_was_wrong) return;
  Rows rows(around_.process.look("SELECT sender, account, since FROM blocked_senders"));
  while (rows.next()) {
    const E164 sender = E164::from_digits(static_cast<std::uint64_t>(rows.number(0)));
    const Instant known_at = acted_on_at(from_unix_ms(rows.number(2)));
    if (known_at == Instant::max()) continue;
    for (const auto& [id, requests] : around_.truth.requests) {
      for (const RequestTruth& request : requests) {
        const bool is_by_it = request.sender == sender && name_of(request.account) == rows.word(1);
        if (!is_by_it || around_.schedule.true_time(request.made_at) <= known_at + learning_slack) continue;
        around_.truth.violate("a text from a blocked sender: " + id);
      }
    }
  }
}

/// While a business is paused, nobody who calls it is promised a text. The call's first event and the
/// acknowledgement of its end enclose the decision.
void Judge::check_pauses() {
  Rows rows(around_.process.look(
      "SELECT call_sid, client FROM calls WHERE client IS NOT NULL AND reason IN ('intake', 'cool_down')"));
  while (rows.next()) {
    const CallTruth& call = around_.truth.calls.at(rows.word(0));
    const auto pauses = around_.truth.pauses.find(rows.number(1));
    if (!call.end_acknowledged_at || pauses == around_.truth.pauses.end()) continue;
    for (const PauseTruth& pause : pauses->second) {
      const bool began_before = pause.from + learning_slack < call.placed_at;
      if (!began_before || *call.end_acknowledged_at > pause.to) continue;
      around_.truth.violate("a text to a caller of a paused business: " + rows.word(0));
    }
  }
}

/// Whether a text left can be found out, unless another is like it: an unknown rival's, or its own of a life that
/// knew of it in memory alone.
void Judge::check_unknown_texts() {
  if (around_.truth.clock_was_wrong) return;
  Rows rows(around_.process.look(
      "SELECT COALESCE(calls.call_sid, cause) || '.' || purpose FROM texts LEFT JOIN calls ON "
      "calls.id = texts.call WHERE state = 'unknown' "
      "AND NOT EXISTS (SELECT 1 FROM texts AS rival WHERE rival.id <> texts.id AND rival.state "
      "= 'unknown' AND rival.caller = texts.caller AND rival.body = texts.body)"));
  while (rows.next()) {
    const auto requests = around_.truth.requests.find(rows.word(0));
    const bool is_forgotten = requests != around_.truth.requests.end() &&
                              std::ranges::any_of(requests->second, [](const RequestTruth& request) {
                                return request.is_forgotten && request.carrier_has_it;
                              });
    if (is_forgotten) continue;
    around_.truth.violate("an unknown text in the end, although the carrier lists what it has: " + rows.word(0));
  }
}

/// Every call whose end we acknowledged has an outcome, or is in an open incident because its text's fate is
/// unknown; nothing else is left over.
void Judge::check_ended_calls() {
  if (!around_.process.spool().is_empty()) around_.truth.violate("events are left in the spool, in the end");
  must_be_none("SELECT calls.call_sid FROM calls WHERE outcome IS NULL AND incident IS NULL",
               "neither an outcome nor an incident, in the end");
  must_be_none(
      "SELECT calls.call_sid FROM calls LEFT JOIN texts ON texts.call = calls.id WHERE final_status IS NOT NULL "
      "AND outcome IS NULL AND texts.state IS NOT 'unknown'",
      "no outcome in the end, although nothing is unknown");
  must_be_none(
      "SELECT COALESCE(calls.call_sid, cause) FROM texts LEFT JOIN calls ON calls.id = texts.call "
      "WHERE state IN ('promised', 'started')",
      "a promised text that never left");
  check_unknown_texts();
  must_be_none(
      "SELECT kind || ' ' || id FROM alerts WHERE accepted_at IS NULL AND withdrawn_at IS NULL AND due_at < ?",
      "an alert that nobody was told of, in the end", around_.schedule.now() - Duration{60'000});
  must_be_none(
      "SELECT way || ' ' || alert FROM alert_ways JOIN alerts ON alerts.id = alert_ways.alert "
      "WHERE accepted_at IS NOT NULL AND withdrawn_at IS NULL AND alert_ways.due_at < ?",
      "an alert that one of its ways never told, in the end", around_.schedule.now() - Duration{60'000});
  must_be_none("SELECT id FROM incidents WHERE closed_at IS NULL AND calls_pending = 0",
               "an incident without pending calls stays open");
  must_be_none(
      "SELECT incidents.id FROM incidents WHERE calls_pending <> (SELECT COUNT(*) FROM calls "
      "WHERE calls.incident = incidents.id AND calls.outcome IS NULL)",
      "an incident that counts its pending calls wrongly");
  Rows integrity(around_.process.look("PRAGMA integrity_check"));
  if (!integrity.next() || integrity.word(0) != "ok") around_.truth.violate("the database file is damaged");
}

}  // namespace jobrun::simulation
