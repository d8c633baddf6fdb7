// Alerts, what their acceptance does to calls, and incidents.
#include "base/rare_path.hpp"
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

/// How many calls an accepted alert escalates at once. Work for the writer must stay well under 50 ms; the rest
/// follows with the next commits and looks for overdue calls.
constexpr std::int64_t escalations_at_acceptance = 500;

constexpr const char* overdue = "outcome_overdue";

/// Longer than any limit on what a recipient is sent looks back.
constexpr Duration tellings_kept_for{2 * 60 * 60'000};

// Of a row of `calls`, with ?2 the present.
/// From now on as long as the call's deadline was ahead when it was decided how long its text waits; 0: it does
/// not.
const std::string meant_for =
    "COALESCE(?2 + deadline - (SELECT MAX(texts.answered_at) FROM texts WHERE texts.call = calls.id "
    "AND texts.state = 'promised'), 0)";
/// Since when it has been asked what became of its text: its end, or the request that followed a loss.
const std::string looked_for_since =
    "COALESCE((SELECT MAX(texts.started_at) FROM texts JOIN lost_messages ON lost_messages.text = texts.id "
    "WHERE texts.call = calls.id AND texts.state = 'unknown'), ended_at)";

}  // namespace

AlertStatements::AlertStatements(SQLite::Database& database)
    : add(database,
          "INSERT INTO alerts (kind, audience, severity, client, group_name, at_most_every_ms, escalates, "
          "call, call_sid, caller, number, summary, count, attempts, created_at, due_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?)"),
      find_group(database,
                 "SELECT waiting, last_accepted_at FROM alert_groups "
                 "WHERE kind = ? AND audience = ? AND client = ? AND group_name = ?"),
      gather(database,
             "UPDATE alerts SET count = count + 1, summary = ?2, escalates = MAX(escalates, ?3) "
             "WHERE id = ?1"),
      bring_forward(database,
                    "UPDATE alert_ways SET due_at = ?2 WHERE alert = ?1 AND due_at > ?2 "
                    "AND EXISTS (SELECT 1 FROM alerts WHERE id = ?1 AND escalates = 0)"),
      set_group(database,
                "INSERT INTO alert_groups (kind, audience, client, group_name, waiting) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET waiting = excluded.waiting"),
      add_call(database,
               "INSERT INTO alert_calls (alert, call, escalates, text, at) VALUES (?, ?, ?, ?, ?) "
               "ON CONFLICT DO UPDATE SET escalates = MAX(escalates, excluded.escalates), "
               "text = COALESCE(excluded.text, text)"),
      set_text(database, "UPDATE texts SET alert = ?2 WHERE id = ?1"),
      accept(database,
             "UPDATE alerts SET accepted_at = ?2, accepted_by = ?3, attempts = attempts + 1 "
             "WHERE id = ?1 AND accepted_at IS NULL"),
      group_accepted(database,
                     "UPDATE alert_groups SET waiting = NULL, last_accepted_at = ?2 "
                     "FROM alerts WHERE alerts.id = ?1 AND alert_groups.kind = alerts.kind "
                     "AND alert_groups.audience = alerts.audience "
                     "AND alert_groups.client = COALESCE(alerts.client, 0) "
                     "AND alert_groups.group_name = alerts.group_name AND alert_groups.waiting = ?1"),
      fail(database,
           "UPDATE alerts SET attempts = attempts + 1, last_error = ?2 "
           "WHERE id = ?1 AND accepted_at IS NULL"),
      give_to_way(database, "INSERT INTO alert_ways (way, alert, due_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      fail_way(database,
               "INSERT INTO alert_ways (way, alert, attempts, due_at) VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE "
               "SET attempts = attempts + 1, due_at = excluded.due_at"),
      postpone_way(database,
                   "INSERT INTO alert_ways (way, alert, due_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                   "SET due_at = excluded.due_at"),
      done_by_way(database, "DELETE FROM alert_ways WHERE way = ?1 AND alert = ?2"),
      close_way(database,
                "DELETE FROM alert_ways WHERE way = ?1 AND alert = ?2 AND due_at IS NULL "
                "AND EXISTS (SELECT 1 FROM alerts WHERE id = ?2 AND accepted_at IS NOT NULL)"),
      add_telling(database, "INSERT INTO alert_tellings (way, recipient, at) VALUES (?, ?, ?)"),
      forget_tellings(database, "DELETE FROM alert_tellings WHERE way = ? AND recipient = ? AND at < ?"),
      find_escalating(database, "SELECT alert, accepted_at FROM escalations LIMIT 1"),
      own_call(database,
               "SELECT call FROM alerts WHERE id = ? AND group_name = '' AND escalates = 1 "
               "AND call IS NOT NULL"),
      gathered_call(database,
                    "SELECT call, text FROM alert_calls WHERE alert = ? AND escalates = 1 "
                    "AND escalated_at IS NULL LIMIT 1"),
      gathered_done(database, "UPDATE alert_calls SET escalated_at = ?3 WHERE alert = ?1 AND call = ?2"),
      leaning_call(database,
                   "SELECT leaning_calls.call, calls.outcome FROM leaning_calls "
                   "CROSS JOIN calls ON calls.id = leaning_calls.call WHERE leaning_calls.text = ? LIMIT 1"),
      leaning_done(database, "DELETE FROM leaning_calls WHERE text = ? AND call = ?"),
      escalate(database, "INSERT INTO escalations (alert, accepted_at) VALUES (?, ?)"),
      escalated(database, "DELETE FROM escalations WHERE alert = ?"),
      fate_of_text(database,
                   "SELECT 1 FROM texts CROSS JOIN alerts ON alerts.id = texts.alert "
                   "WHERE texts.id = ? AND texts.state = 'refused' AND alerts.accepted_at IS NOT NULL"),
      withdraw_lead(database,
                    "UPDATE alerts SET withdrawn_at = ?3 WHERE call = ?1 AND kind = ?2 AND accepted_at IS NULL "
                    "AND withdrawn_at IS NULL AND due_at > ?3") {}

void SqliteBatch::raise(const AlertRequest& alert, Instant now) {
  const Step step(*this);
  touch();
  raise_for(alert, alert.call_sid.empty() ? std::nullopt : id_of_call(alert.call_sid), now);
}

AlertId SqliteBatch::add_alert(const AlertRequest& alert, std::optional<CallId> call, Instant due_at,
                               Instant now) {
  if (due_at <= now) has_raised_due_alerts_ = true;
  const bool is_foreign = !call && !alert.call_sid.empty();
  return AlertId{writer_.alerts.add.insert(
      alert.kind, alert.audience, alert.severity, alert.client, alert.group, alert.at_most_every, alert.escalates,
      call, is_foreign ? std::optional<std::string_view>(alert.call_sid) : std::nullopt, alert.caller,
      alert.number, alert.summary, now, due_at)};
}

AlertId SqliteBatch::raise_for(const AlertRequest& alert, std::optional<CallId> call, Instant now) {
  if (alert.group.empty()) return add_alert(alert, call, now + alert.delay, now);
  const std::int64_t client = alert.client ? alert.client->value : 0;
  std::optional<std::int64_t> waiting;
  Instant due_at = now + alert.delay;
  {
    Rows rows = writer_.alerts.find_group.query(alert.kind, alert.audience, client, alert.group);
    if (rows.next()) {
      waiting = rows.maybe_integer(0);
      const std::optional<Instant> last = rows.maybe_instant(1);
      if (last) due_at = std::max(due_at, *last + alert.at_most_every);
    }
  }
  if (waiting) {
    // What could wait may have been put off by some way: with a call that hangs on it, it cannot.
    if (alert.escalates && writer_.alerts.bring_forward.change(*waiting, now) > 0) has_raised_due_alerts_ = true;
    writer_.alerts.gather.run(*waiting, alert.summary, alert.escalates);
  } else {
    waiting = add_alert(alert, call, due_at, now).value;
    writer_.alerts.set_group.run(alert.kind, alert.audience, client, alert.group, *waiting);
  }
  if (call) writer_.alerts.add_call.run(*waiting, *call, alert.escalates, std::nullopt, now);
  return AlertId{*waiting};
}

bool SqliteBatch::record_alert_accepted(AlertId alert, AlertWay by, std::span<const AlertWay> others,
                                        Instant now) {
  const Step step(*this);
  touch();
  writer_.alerts.done_by_way.run(by, alert);
  if (writer_.alerts.accept.change(alert, now, by) == 0) return false;
  for (const AlertWay other : others) {
    writer_.alerts.give_to_way.run(other, alert, now);
    writer_.alerts.close_way.run(other, alert);
  }
  writer_.alerts.group_accepted.run(alert, now);
  writer_.alerts.escalate.run(alert, now);
  writer_.is_escalating = true;
  escalate_some(escalations_at_acceptance);
  return true;
}

void SqliteBatch::record_alert_failed(AlertId alert, AlertWay by, std::string_view reason,
                                      std::optional<Instant> due_at) {
  const Step step(*this);
  touch();
  writer_.alerts.fail.run(alert, reason);
  writer_.alerts.fail_way.run(by, alert, due_at);
  writer_.alerts.close_way.run(by, alert);
}

void SqliteBatch::postpone_alert(AlertId alert, AlertWay by, Instant due_at) {
  const Step step(*this);
  touch();
  writer_.alerts.postpone_way.run(by, alert, due_at);
}

void SqliteBatch::record_telling(AlertWay by, std::string_view recipient, Instant now) {
  const Step step(*this);
  touch();
  writer_.alerts.forget_tellings.run(by, recipient, now - tellings_kept_for);
  writer_.alerts.add_telling.run(by, recipient, now);
}

/// Escalates calls of accepted alerts, at most about `limit` of them.
void SqliteBatch::escalate_some(std::int64_t limit) {
  while (limit > 0) {
    std::int64_t alert = 0;
    Instant accepted_at{};
    {
      Rows rows = writer_.alerts.find_escalating.query();
      if (!rows.next()) {
        writer_.is_escalating = false;
        return;
      }
      alert = rows.integer(0);
      accepted_at = rows.instant(1);
    }
    const std::int64_t left = limit - escalate_calls_of(alert, accepted_at, limit);
    if (left > 0) writer_.alerts.escalated.run(alert);
    limit = left - 1;
  }
}

/// Returns how many it escalated; fewer than `limit` means all.
std::int64_t SqliteBatch::escalate_calls_of(std::int64_t alert, Instant now, std::int64_t limit) {
  const std::string because = "alert " + std::to_string(alert) + " was accepted by a channel";
  std::int64_t escalated = 0;
  std::optional<std::int64_t> own;
  {
    Rows rows = writer_.alerts.own_call.query(alert);
    if (rows.next()) own = rows.integer(0);
  }
  if (own) {
    set_outcome(CallId{*own}, Outcome::escalated, std::nullopt, because, now);
    ++escalated;
  }
  while (escalated < limit) {
    std::int64_t call = 0;
    std::optional<std::int64_t> text;
    {
      Rows rows = writer_.alerts.gathered_call.query(alert);
      if (!rows.next()) break;
      call = rows.integer(0);
      text = rows.maybe_integer(1);
    }
    if (text) escalated += escalate_leaning_on(TextRow{*text}, because, now, limit - escalated);
    if (escalated >= limit) break;
    set_outcome(CallId{call}, Outcome::escalated, std::nullopt, because, now);
    writer_.alerts.gathered_done.run(alert, call, now);
    ++escalated;
  }
  return escalated;
}

std::int64_t SqliteBatch::escalate_leaning_on(TextRow text, std::string_view because, Instant now,
                                              std::int64_t limit) {
  std::int64_t escalated = 0;
  for (; escalated < limit; ++escalated) {
    CallId call;
    std::optional<Outcome> outcome;
    {
      Rows rows = writer_.alerts.leaning_call.query(text);
      if (!rows.next()) break;
      call = CallId{rows.integer(0)};
      outcome = rows.maybe_word<Outcome>(1);
    }
    writer_.alerts.leaning_done.run(text, call);
    // A call that got better meanwhile does not lean any more.
    if (outcome != Outcome::suppressed) continue;
    seen(RarePath::leaning_call_escalated);
    set_outcome(call, Outcome::escalated, std::nullopt, because, now);
  }
  return escalated;
}

IncidentStatements::IncidentStatements(SQLite::Database& database)
    : find_overdue(database,
                   "SELECT id FROM calls INDEXED BY calls_open WHERE outcome IS NULL AND due_at < ? "
                   "ORDER BY due_at LIMIT ?"),
      find_open(database, "SELECT id FROM incidents WHERE kind = ? AND closed_at IS NULL"),
      open(database, "INSERT INTO incidents (kind, opened_at) VALUES (?, ?)"),
      gather(database, "UPDATE calls SET incident = ?2, due_at = NULL WHERE id = ?1"),
      gathered(database, "INSERT INTO incident_calls (incident, call) VALUES (?2, ?1) ON CONFLICT DO NOTHING"),
      add_calls(database,
                "UPDATE incidents SET calls = calls + ?2, calls_pending = calls_pending + ?2 WHERE id = ?1"),
      answered(database, "SELECT id FROM incidents WHERE closed_at IS NULL AND calls_pending = 0"),
      close(database, "UPDATE incidents SET closed_at = ?2, closed_reason = ?3 WHERE id = ?1"),
      find(database, "SELECT closed_at FROM incidents WHERE id = ?"),
      settle_texts(database,
                   "DELETE FROM unsettled_texts WHERE text IN (SELECT unsettled_texts.text FROM unsettled_texts "
                   "CROSS JOIN texts ON texts.id = unsettled_texts.text CROSS JOIN calls ON calls.id = texts.call "
                   "WHERE calls.incident = ?)"),
      mend_deadlines(database, ("UPDATE calls INDEXED BY calls_open SET due_at = MAX(?1, " + meant_for +
                                ") WHERE outcome IS NULL "
                                "AND due_at > ?1 AND due_at > " +
                                meant_for)
                                   .c_str()),
      allow_for_looks(
          database,
          ("UPDATE calls SET due_at = " + looked_for_since + " + ?1, deadline = " + looked_for_since +
           " + ?1 WHERE outcome IS NULL AND due_at < " + looked_for_since + " + ?1 AND " + looked_for_since +
           " <= ?2 AND id IN (SELECT texts.call FROM unsettled_texts CROSS JOIN texts ON texts.id = "
           "unsettled_texts.text)")
              .c_str()),
      mend_alerts(database,
                  "UPDATE alerts INDEXED BY alerts_waiting SET due_at = ?1 WHERE accepted_at IS NULL AND "
                  "withdrawn_at IS NULL "
                  "AND due_at > ?1"),
      mend_ways(database, "UPDATE alert_ways SET due_at = ?1 WHERE due_at > ?1") {}

void SqliteBatch::mend_dates(const LongestWaits& longest, Instant now) {
  const Step step(*this);
  touch();
  const std::int64_t deadlines = writer_.incidents.mend_deadlines.change(now + longest.deadline, now);
  const std::int64_t alerts = writer_.incidents.mend_alerts.change(now + longest.alert);
  const std::int64_t tellings = writer_.incidents.mend_ways.change(now + longest.telling);
  writer_.incidents.allow_for_looks.run(longest.looked_for, now);
  if (deadlines + alerts + tellings > 0) seen(RarePath::dates_mended);
}

OverdueLook SqliteBatch::look_for_overdue_calls(Instant now, std::int64_t limit) {
  const Step step(*this);
  touch();
  if (writer_.is_escalating) escalate_some(limit);
  OverdueLook look;
  std::vector<std::int64_t> calls;
  {
    Rows rows = writer_.incidents.find_overdue.query(now, limit);
    while (rows.next()) calls.push_back(rows.integer(0));
  }
  if (!calls.empty()) {
    std::optional<std::int64_t> incident;
    {
      Rows rows = writer_.incidents.find_open.query(overdue);
      if (rows.next()) incident = rows.integer(0);
    }
    if (!incident) {
      incident = writer_.incidents.open.insert(overdue, now);
      look.opened = IncidentId{*incident};
    }
    for (const std::int64_t call : calls) {
      writer_.incidents.gather.run(call, *incident);
      writer_.incidents.gathered.run(call, *incident);
    }
    look.calls_added = static_cast<std::int64_t>(calls.size());
    writer_.incidents.add_calls.run(*incident, look.calls_added);
  }
  {
    Rows rows = writer_.incidents.answered.query();
    while (rows.next()) look.closed.push_back(IncidentId{rows.integer(0)});
  }
  for (const IncidentId incident : look.closed) {
    seen(RarePath::incident_closed_by_itself);
    writer_.incidents.close.run(incident, now, "all its calls have outcomes");
  }
  return look;
}

Result<void> SqliteBatch::close_incident(IncidentId incident, std::string_view reason, Instant now) {
  const Step step(*this);
  if (reason.empty()) return invalid("closing an incident needs a reason: say what was found and done");
  {
    Rows rows = writer_.incidents.find.query(incident);
    const std::string id = std::to_string(incident.value);
    if (!rows.next()) {
      return failure(ErrorKind::not_found, "there is no incident " + id + "; `jobrun incidents` lists them");
    }
    if (!rows.is_null(0)) return failure(ErrorKind::conflict, "incident " + id + " is already closed");
  }
  touch();
  writer_.incidents.close.run(incident, now, reason);
  writer_.incidents.settle_texts.run(incident);
  return {};
}

}  // namespace jobrun::store
