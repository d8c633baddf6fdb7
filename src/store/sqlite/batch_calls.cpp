// Calls and the business records of a missed one.
#include "base/rare_path.hpp"
#include "sqlite/batch.hpp"

namespace jobrun::store {

CallStatements::CallStatements(SQLite::Database& database)
    : find(database, (std::string("SELECT ") + call_columns +
                      " FROM call_sids CROSS JOIN calls ON calls.id = call_sids.call "
                      "WHERE call_sids.hash = ? AND calls.call_sid = ?")
                         .c_str()),
      find_id(database,
              "SELECT calls.id FROM call_sids CROSS JOIN calls ON calls.id = call_sids.call "
              "WHERE call_sids.hash = ? AND calls.call_sid = ?"),
      has_event(database,
                "SELECT 1 FROM calls WHERE id = ?1 AND first_event_key = ?2 UNION ALL "
                "SELECT 1 FROM events WHERE call = ?1 AND event_key = ?2 LIMIT 1"),
      rung_since(database,
                 "SELECT COUNT(*) FROM calls INDEXED BY calls_rung WHERE rung_at IS NOT NULL AND number_text = ? "
                 "AND rung_at >= ? AND caller = ?"),
      add(database,
          "INSERT INTO calls (call_sid, caller, number_text, role, role_source, client, origin, greeting, "
          "first_event_key, first_event_at, final_status, reason, ended_at, deadline, due_at, outcome, leans_on, "
          "forwarded_from, verification) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?14, "
          "CASE WHEN ?7 <> 'canary' THEN COALESCE(?14, ?10) END, ?, ?, ?, ?)"),
      add_forwarded(database,
                    "INSERT INTO forwarded_calls (number_text, call) SELECT number_text, id FROM calls "
                    "WHERE id = ? AND forwarded_from IS NOT NULL AND origin <> 'canary' "
                    "ON CONFLICT DO UPDATE SET call = excluded.call WHERE excluded.call > call"),
      add_sid(database, "INSERT INTO call_sids (hash, call) VALUES (?, ?)"),
      add_event(database,
                "INSERT INTO events (call, event_key, origin, at) SELECT ?1, ?2, ?3, ?4 "
                "WHERE NOT EXISTS (SELECT 1 FROM calls WHERE id = ?1 AND first_event_key = ?2) "
                "ON CONFLICT DO NOTHING"),
      set_greeting(database, "UPDATE calls SET greeting = ?2 WHERE id = ?1"),
      set_end(database, "UPDATE calls SET final_status = ?2, reason = ?3, ended_at = ?4 WHERE id = ?1"),
      set_deadline(database,
                   "UPDATE calls SET deadline = ?2, due_at = CASE WHEN incident IS NULL THEN ?2 END "
                   "WHERE id = ?1"),
      set_rung(database, "UPDATE calls SET rung_at = ?2 WHERE id = ?1 AND rung_at IS NULL"),
      set_longer(database, "UPDATE calls SET longer_ms = MAX(longer_ms, ?2) WHERE id = ?1"),
      set_taken(database,
                "UPDATE calls SET taken_by = ?2, "
                "deadline = CASE WHEN ended_at IS NOT NULL THEN deadline END, "
                "due_at = CASE WHEN ended_at IS NOT NULL THEN due_at END WHERE id = ?1"),
      set_not_taken(database, "UPDATE calls SET taken_by = NULL WHERE id = ?1"),
      add_recording(database,
                    "INSERT INTO recordings (recording_sid, call, url, duration_s, transcription, at) "
                    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (recording_sid) DO UPDATE SET "
                    "url = CASE WHEN excluded.url <> '' THEN excluded.url ELSE url END, "
                    "duration_s = COALESCE(excluded.duration_s, duration_s), "
                    "transcription = CASE WHEN excluded.transcription <> '' THEN excluded.transcription "
                    "ELSE transcription END"),
      outcome_of(database, "SELECT outcome, incident FROM calls WHERE id = ?"),
      set_outcome(database, "UPDATE calls SET outcome = ?2, leans_on = COALESCE(?3, leans_on) WHERE id = ?1"),
      pending_again(database,
                    "UPDATE calls SET outcome = NULL, deadline = ?2, due_at = ?2, incident = NULL "
                    "WHERE id = ?1 AND outcome = 'texted'"),
      add_outcome(database,
                  "INSERT INTO outcomes (call, ordinal, outcome, because, at) VALUES (?1, "
                  "COALESCE((SELECT MAX(ordinal) FROM outcomes WHERE call = ?1), 0) + 1, ?2, ?3, ?4)"),
      answer_in_incident(database, "UPDATE incidents SET calls_pending = calls_pending - 1 WHERE id = ?"),
      add_leaning(database, "INSERT INTO leaning_calls (text, call) VALUES (?, ?) ON CONFLICT DO NOTHING") {}

ContactStatements::ContactStatements(SQLite::Database& database)
    : find_customer(database, "SELECT row FROM caller_index WHERE phone = ? AND kind = 'c' AND whose = ?"),
      add_customer(database, "INSERT INTO customers (client, phone, created_at) VALUES (?, ?, ?)"),
      index_customer(database, "INSERT INTO caller_index (phone, kind, whose, row) VALUES (?, 'c', ?, ?)"),
      find_conversation(database, "SELECT id FROM conversations WHERE customer = ? AND number = ?"),
      add_conversation(database,
                       "INSERT INTO conversations (client, number, customer, mode, created_at) "
                       "VALUES (?, ?, ?, 'OPERATIONAL', ?)"),

      add_message(database,
                  "INSERT INTO messages (conversation, kind, body, call, text, at) VALUES (?, ?, ?, ?, ?, ?)") {}

std::int64_t hash_of_sid(std::string_view call_sid) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : call_sid) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
  }
  return static_cast<std::int64_t>(hash);
}

namespace {

std::optional<CallSid> leg_of(const Rows& rows, int column) {
  const Result<CallSid> leg = CallSid::parse(rows.text(column));
  return leg ? std::optional(*leg) : std::nullopt;
}

/// The link, and behind it how long it is.
std::optional<MessageLeft> message_of(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  MessageLeft message{.url = rows.string(column), .duration = {}};
  if (const auto seconds = rows.maybe_integer(column + 1)) message.duration = std::chrono::seconds{*seconds};
  return message;
}

}  // namespace

CallRecord call_of(const Rows& rows) {
  const Result<CallSid> sid = CallSid::parse(rows.text(1));
  if (!sid) throw StoreFailure("the database holds a call whose CallSid is none: " + rows.string(1));
  const Result<E164> number = E164::parse(rows.text(3));
  return CallRecord{.id = CallId{rows.integer(0)},
                    .call_sid = *sid,
                    .caller = Caller::parse(rows.text(2)),
                    .number = number ? std::optional<E164>(*number) : std::nullopt,
                    .role = rows.word<NumberRole>(4),
                    .role_source = rows.word<RoleSource>(5),
                    .client = rows.maybe_client(6),
                    .greeting = rows.word<Greeting>(7),
                    .first_event_at = rows.instant(8),
                    .final_status = rows.maybe_word<CallStatus>(9),
                    .ended_at = rows.maybe_instant(10),
                    .outcome = rows.maybe_word<Outcome>(11),
                    .forwarded_from = rows.maybe_phone(12),
                    .verification = rows.word<CallerVerification>(13),
                    .rung_at = rows.maybe_instant(14),
                    .taken_by = leg_of(rows, 15),
                    .message = message_of(rows, 16)};
}

std::optional<CallRecord> SqliteBatch::find_call(const CallSid& call_sid) {
  const Step step(*this);
  Rows rows = writer_.calls.find.query(hash_of_sid(call_sid.text()), call_sid.text());
  if (rows.next()) return call_of(rows);
  missing_sid_ = call_sid.text();
  return std::nullopt;
}

std::optional<CallId> SqliteBatch::id_of_call(std::string_view call_sid) {
  Rows rows = writer_.calls.find_id.query(hash_of_sid(call_sid), call_sid);
  if (rows.next()) return CallId{rows.integer(0)};
  return std::nullopt;
}

bool SqliteBatch::has_event(CallId call, std::string_view event_key) {
  const Step step(*this);
  return writer_.calls.has_event.query(call, event_key).next();
}

std::int64_t SqliteBatch::calls_rung_since(const Caller& caller, E164 number, Instant since) {
  const Step step(*this);
  Rows rows = writer_.calls.rung_since.query(number.text(), since, caller.text());
  return rows.next() ? rows.integer(0) : 0;
}

/// What a call's phones that ring and its caller's message come to.
void SqliteBatch::write_ringing(CallId call, const Commit& commit, Instant now) {
  if (commit.rings) writer_.calls.set_rung.run(call, now);
  if (commit.longer > Duration{0}) writer_.calls.set_longer.run(call, commit.longer.count());
  if (commit.acceptance && commit.acceptance->leg) {
    writer_.calls.set_taken.run(call, commit.acceptance->leg->text());
  } else if (commit.acceptance) {
    writer_.calls.set_not_taken.run(call);
  }
  if (!commit.recording) return;
  std::optional<std::int64_t> seconds;
  if (commit.recording->duration) seconds = commit.recording->duration->count();
  writer_.calls.add_recording.run(commit.recording->recording_sid, call, commit.recording->url, seconds,
                                  commit.recording->transcription, now);
}

std::optional<TextRecord> SqliteBatch::write(const Commit& commit, Instant now) {
  if (commit.is_duplicate || commit.is_ignored) return std::nullopt;
  const Step step(*this);
  touch();
  if (commit.onboarding) write_onboarding(commit, now);
  std::optional<CallId> call = commit.call;
  if (!call && commit.new_call) {
    const std::string& sid = commit.new_call->call_sid.text();
    if (sid != missing_sid_) call = id_of_call(sid);
    if (call) {
      change_call(*call, commit, now);
    } else {
      call = add_call(commit, *commit.new_call, now);
    }
    missing_sid_.clear();
  } else if (call) {
    change_call(*call, commit, now);
  }
  if (call) write_ringing(*call, commit, now);

  std::optional<InboundTextId> inbound;
  if (commit.inbound) inbound = write_inbound(*commit.inbound, now);
  std::optional<TextRecord> text = write_text(commit, call, inbound, now);
  if (commit.message) text = write_message(*commit.message, now);
  // Also of a client that was removed meanwhile: texts in its name may still wait.
  for (const SetPhoneFact& fact : commit.learned) set_fact(fact);
  for (const BlockedSender& sender : commit.blocked_senders) block_sender(sender);
  if (commit.contact && call) write_contact(*commit.contact, *call, text, now);
  if (commit.inbound) write_reply(*commit.inbound, text, now);
  if (commit.conversation) write_conversation(commit, text, now);
  if (commit.availability) write_availability(*commit.availability);
  if (commit.decision) write_decision(*commit.decision);
  if (commit.replied_lead) tell_reply(*commit.replied_lead, now);
  for (const AlertRequest& alert : commit.alerts) {
    const bool is_own = commit.new_call && alert.call_sid == commit.new_call->call_sid.text();
    raise_for(alert, is_own ? call : id_of_call(alert.call_sid), now);
  }
  return text;
}

std::optional<TextRecord> SqliteBatch::write_text(const Commit& commit, std::optional<CallId> call,
                                                  std::optional<InboundTextId> inbound, Instant now) {
  if (!commit.text) return std::nullopt;
  if (call) return promise({.call = call, .inbound = {}}, *commit.text, now);
  if (inbound) return promise({.call = {}, .inbound = inbound}, *commit.text, now);
  return promise(owner_of(commit.text->id), *commit.text, now);
}

CallId SqliteBatch::add_call(const Commit& commit, const NewCall& call, Instant now) {
  std::optional<CallStatus> status;
  std::optional<AfterCallRow> reason;
  std::optional<Instant> ended_at;
  if (commit.ended) {
    status = commit.ended->status;
    reason = commit.ended->row;
    ended_at = now;
  }
  std::optional<Outcome> outcome;
  std::optional<TextRow> leans_on;
  if (commit.outcome) {
    outcome = commit.outcome->outcome;
    leans_on = commit.outcome->leans_on;
  }
  const CallId id{writer_.calls.add.insert(
      call.call_sid.text(), call.caller.text(), call.number_text, call.role, call.role_source, call.client,
      call.origin, commit.greeting.value_or(Greeting::none), commit.event_key, now, status, reason, ended_at,
      commit.deadline, outcome, leans_on, call.forwarded_from, call.verification)};
  writer_.calls.add_sid.run(hash_of_sid(call.call_sid.text()), id);
  if (commit.ended && call.forwarded_from) writer_.calls.add_forwarded.run(id);
  if (outcome) {
    writer_.calls.add_outcome.run(id, *outcome, reason ? name_of(*reason) : std::string_view(), now);
  }
  if (leans_on) lean(id, *leans_on, now);
  return id;
}

void SqliteBatch::change_call(CallId call, const Commit& commit, Instant now) {
  if (!commit.event_key.empty()) writer_.calls.add_event.run(call, commit.event_key, commit.origin, now);
  if (commit.greeting) writer_.calls.set_greeting.run(call, *commit.greeting);
  if (commit.ended) {
    writer_.calls.set_end.run(call, commit.ended->status, commit.ended->row, now);
    writer_.calls.add_forwarded.run(call);
  }
  if (commit.deadline) writer_.calls.set_deadline.run(call, *commit.deadline);
  if (commit.outcome) {
    set_outcome(call, commit.outcome->outcome, commit.outcome->leans_on,
                commit.ended ? name_of(commit.ended->row) : std::string_view(), now);
  }
}

void SqliteBatch::set_outcome(CallId call, Outcome outcome, std::optional<TextRow> leans_on,
                              std::string_view because, Instant now) {
  std::optional<Outcome> before;
  std::optional<std::int64_t> incident;
  {
    Rows rows = writer_.calls.outcome_of.query(call);
    if (!rows.next()) throw StoreFailure("there is no call with the id " + std::to_string(call.value));
    before = rows.maybe_word<Outcome>(0);
    incident = rows.maybe_integer(1);
  }
  if (before != outcome || leans_on) writer_.calls.set_outcome.run(call, outcome, leans_on);
  if (before != outcome) writer_.calls.add_outcome.run(call, outcome, because, now);
  if (!before && incident) {
    seen(RarePath::outcome_within_incident);
    writer_.calls.answer_in_incident.run(*incident);
  }
  if (leans_on) lean(call, *leans_on, now);
}

/// The call shares the text's fate from now on. When a person already knows that the text was refused, that is
/// to be escalated at once; else the acceptance of the alert will find the call.
void SqliteBatch::lean(CallId call, TextRow leans_on, Instant now) {
  {
    Rows rows = writer_.alerts.fate_of_text.query(leans_on);
    if (!rows.next()) {
      writer_.calls.add_leaning.run(leans_on, call);
      return;
    }
  }
  set_outcome(call, Outcome::escalated, std::nullopt, "the text it leans on was refused and a person told", now);
}

std::int64_t SqliteBatch::conversation_of(const CustomerContact& contact, Instant now) {
  std::optional<std::int64_t> customer;
  {
    Rows rows = writer_.contacts.find_customer.query(contact.customer, contact.client);
    if (rows.next()) customer = rows.integer(0);
  }
  if (!customer) {
    customer = writer_.contacts.add_customer.insert(contact.client, contact.customer, now);
    writer_.contacts.index_customer.run(contact.customer, contact.client, *customer);
  } else {
    Rows rows = writer_.contacts.find_conversation.query(*customer, contact.number);
    if (rows.next()) return rows.integer(0);
  }
  return writer_.contacts.add_conversation.insert(contact.client, contact.number, *customer, now);
}

void SqliteBatch::write_contact(const CustomerContact& contact, CallId call, const std::optional<TextRecord>& text,
                                Instant now) {
  const std::int64_t conversation = conversation_of(contact, now);
  writer_.contacts.add_message.run(conversation, "missed_call", "", call, std::nullopt, now);
  if (!text) return;
  writer_.contacts.add_message.run(conversation, "text_to_customer", text->promise.body, call, text->row, now);
}

}  // namespace jobrun::store
