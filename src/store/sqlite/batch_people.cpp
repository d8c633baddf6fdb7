// What people wrote, and who they are: how a person deals with it, and how it goes.
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

/// Stands where a phone stood.
constexpr const char* erased = "erased";

std::unexpected<Error> under_way(const Person& person, const std::string& what) {
  return failure(ErrorKind::conflict, person.phone.text() + " cannot be erased now: " + what);
}

}  // namespace

PeopleStatements::PeopleStatements(SQLite::Database& database)
    : find_text(database, "SELECT taken_as, settled_as, settled_reason, body FROM inbound_texts WHERE id = ?"),
      settle(database,
             "UPDATE inbound_texts SET settled_as = ?2, settled_reason = ?3, settled_at = ?4, "
             "client = COALESCE(?5, client) WHERE id = ?1"),
      empty_message(database, "UPDATE messages SET body = '' WHERE id = ?1 AND at = ?2 AND body <> ''"),
      empty_inbound(database,
                    "UPDATE inbound_texts SET body = '', media = '' WHERE id = ?1 AND received_at = ?2 "
                    "AND (body <> '' OR media <> '')"),
      empty_text(database,
                 "UPDATE texts SET body = '', second_body = '' WHERE id = ?1 AND promised_at = ?2 AND body <> '' "
                 "AND (state IN ('accepted', 'refused') OR (state = 'unknown' AND id NOT IN "
                 "(SELECT text FROM unsettled_texts)))"),
      empty_alert(database,
                  "UPDATE alerts SET summary = '' WHERE id = ?1 AND created_at = ?2 AND summary <> '' "
                  "AND (accepted_at IS NOT NULL OR withdrawn_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM "
                  "alert_ways WHERE alert = ?1 AND due_at IS NOT NULL AND alerts.withdrawn_at IS NULL)"),
      empty_conversation(database,
                         "UPDATE conversations SET step = '', state = '', language = NULL, active_at = NULL "
                         "WHERE id = ?1 AND active_at = ?2"),
      // What may still leave for him, or to somebody else about him.
      open_text(database,
                "SELECT state FROM texts INDEXED BY texts_not_accepted WHERE message_sid IS NULL "
                "AND state IN ('promised', 'started') AND "
                "((caller = ?1 AND (?3 IS NULL OR client = ?3)) OR instr(body, ?2) > 0) "
                "UNION ALL SELECT state FROM unsettled_texts CROSS JOIN texts ON texts.id = unsettled_texts.text "
                "WHERE state = 'unknown' AND "
                "((caller = ?1 AND (?3 IS NULL OR client = ?3)) OR instr(body, ?2) > 0) LIMIT 1"),
      open_alert(
          database,
          "SELECT 1 FROM alerts INDEXED BY alerts_waiting WHERE accepted_at IS NULL AND withdrawn_at IS NULL "
          "AND (caller = ?1 OR instr(summary, ?1) > 0) AND (?2 IS NULL OR client = ?2) "
          "UNION ALL SELECT 1 FROM alert_ways CROSS JOIN alerts ON alerts.id = alert_ways.alert "
          "WHERE alert_ways.due_at IS NOT NULL AND withdrawn_at IS NULL "
          "AND (caller = ?1 OR instr(summary, ?1) > 0) AND (?2 IS NULL OR client = ?2) LIMIT 1"),
      open_call(database,
                "SELECT calls.call_sid FROM calls INDEXED BY calls_open "
                "LEFT JOIN incidents ON incidents.id = calls.incident WHERE calls.outcome IS NULL "
                "AND calls.caller = ?1 AND incidents.closed_at IS NULL AND (?2 IS NULL OR calls.client = ?2) "
                "LIMIT 1"),
      owned_client(database,
                   "SELECT id FROM clients WHERE removed_at IS NULL AND (owner_phone = ?1 OR own_number = ?1 OR "
                   "instr(settings, ?2) > 0) AND (?3 IS NULL OR id = ?3) LIMIT 1"),
      erase_call(database,
                 "UPDATE calls SET caller = CASE caller WHEN ?3 THEN ?4 ELSE caller END, forwarded_from = "
                 "CASE forwarded_from WHEN ?2 THEN NULL ELSE forwarded_from END WHERE id = ?1"),
      erase_text(database,
                 "UPDATE texts SET caller = CASE caller WHEN ?2 THEN 0 ELSE caller END, body = '', "
                 "second_body = '', cause = CASE WHEN instr(cause, ?2) > 0 THEN ?3 || '-' || id ELSE cause END, "
                 "because = CASE WHEN instr(because, ?2) > 0 THEN ?3 ELSE because END WHERE id = ?1"),
      erase_loss(database, "UPDATE lost_messages SET because = ?3 WHERE text = ?1 AND instr(because, ?2) > 0"),
      erase_inbound(database,
                    "UPDATE inbound_texts SET sender = ?3, phone = NULL, body = '', media = '', settled_reason = "
                    "CASE WHEN instr(settled_reason, ?2) > 0 THEN ?3 ELSE settled_reason END WHERE id = ?1"),
      erase_messages(database,
                     "UPDATE messages SET body = '' WHERE body <> '' AND conversation IN "
                     "(SELECT id FROM conversations WHERE customer = ?)"),
      erase_conversations(
          database,
          "UPDATE conversations SET step = '', state = '', language = NULL, active_at = NULL WHERE customer = ?"),
      erase_customer(database, "UPDATE customers SET phone = 0 WHERE id = ?"),
      forget_customer(database, "DELETE FROM caller_index WHERE phone = ? AND kind = 'c' AND row = ?"),
      forget_group(
          database,
          "DELETE FROM alert_groups WHERE (kind, audience, client, group_name) IN (SELECT kind, audience, "
          "COALESCE(client, 0), group_name FROM alerts WHERE id = ?1 AND instr(group_name, ?2) > 0)"),
      erase_alert(database,
                  "UPDATE alerts SET caller = CASE caller WHEN ?2 THEN ?3 ELSE caller END, summary = '', "
                  "group_name = CASE WHEN instr(group_name, ?2) > 0 THEN ?3 || '-' || id ELSE group_name END, "
                  "last_error = NULL WHERE id = ?1"),
      forget_pairs(database,
                   "DELETE FROM caller_index WHERE phone = ?1 AND kind = 'n' AND (?2 IS NULL OR EXISTS "
                   "(SELECT 1 FROM texts WHERE texts.id = caller_index.newest AND texts.client = ?2))"),
      forget_line(database, "UPDATE phone_facts SET landline = 0 WHERE phone = ?"),
      forget_facts(
          database,
          "DELETE FROM phone_facts WHERE phone = ? AND opted_out = 0 AND blocked = 0 AND do_not_text = 0"),
      forget_sign_up(database, "DELETE FROM onboarding_states WHERE owner_phone = ?"),
      erase_former_owner(database,
                         "UPDATE clients SET owner_phone = 0, owner_email = '', settings = '' "
                         "WHERE removed_at IS NOT NULL AND owner_phone = ?"),
      empty_recording(database,
                      "UPDATE recordings SET url = '', transcription = '' WHERE id = ?1 AND at = ?2 "
                      "AND (url <> '' OR transcription <> '')"),
      erase_recordings(database,
                       "UPDATE recordings SET url = '', transcription = '' WHERE call = ?1 "
                       "AND (SELECT caller FROM calls WHERE id = ?1) = ?2"),
      erase_decision(database, "UPDATE decisions SET customer = 0 WHERE id = ?") {}

/// Adopted, it is as if the business's customer had written: the text joins his conversation.
Result<void> SqliteBatch::settle_text(InboundTextId text, const Settlement& settlement, Instant now) {
  const Step step(*this);
  std::string body;
  const std::string id = std::to_string(text.value);
  {
    Rows rows = writer_.people.find_text.query(text);
    if (!rows.next()) return failure(ErrorKind::not_found, "there is no text " + id + ": see jobrun triage list");
    if (rows.word<TakenAs>(0) != TakenAs::triage) {
      return failure(ErrorKind::conflict,
                     "the text " + id + " was taken as " + rows.string(0) + ", so there is nothing to settle");
    }
    if (const std::optional<SettledAs> before = rows.maybe_word<SettledAs>(1)) {
      const std::string reason = rows.string(2);
      return failure(ErrorKind::conflict, "the text " + id + " was " + std::string(name_of(*before)) + " already" +
                                              (reason.empty() ? "" : ": " + reason));
    }
    body = rows.string(3);
  }
  touch();
  const SettledAs as = settlement.adopts ? SettledAs::adopted : SettledAs::dismissed;
  const std::optional<ClientId> client =
      settlement.adopts ? std::optional(settlement.adopts->client) : std::nullopt;
  writer_.people.settle.run(text, as, settlement.reason, now, client);
  if (settlement.adopts) {
    writer_.inbound.add_message.run(conversation_of(*settlement.adopts, now), "text_from_customer", body, text,
                                    std::nullopt, now);
  }
  return {};
}

std::int64_t SqliteBatch::empty_words(WordsIn place, std::span<const OldWords> rows) {
  const Step step(*this);
  touch();
  const auto empty_all = [&](Statement& statement) {
    std::int64_t emptied = 0;
    for (const OldWords& row : rows) emptied += statement.change(row.row, row.at);
    return emptied;
  };
  switch (place) {
    case WordsIn::messages:
      return empty_all(writer_.people.empty_message);
    case WordsIn::inbound_texts:
      return empty_all(writer_.people.empty_inbound);
    case WordsIn::texts:
      return empty_all(writer_.people.empty_text);
    case WordsIn::alerts:
      return empty_all(writer_.people.empty_alert);
    case WordsIn::conversations:
      return empty_all(writer_.people.empty_conversation);
    case WordsIn::recordings:
      return empty_all(writer_.people.empty_recording);
  }
  return 0;
}

Result<void> SqliteBatch::check_nothing_under_way(const Person& person) {
  const std::string phone = person.phone.text();
  {
    Rows rows = writer_.people.owned_client.query(person.phone, phone, person.client);
    if (rows.next()) {
      return under_way(person, "it is a phone of client " + rows.string(0) +
                                   "; give that client another one, or remove it, first");
    }
  }
  {
    Rows rows = writer_.people.open_text.query(person.phone, phone, person.client);
    if (rows.next()) {
      return under_way(person,
                       "a text to him or about him is " + rows.string(0) + "; try again once it has arrived");
    }
  }
  if (writer_.people.open_alert.query(phone, person.client).next()) {
    return under_way(person, "an alert about him is still to be told; try again once it is");
  }
  Rows rows = writer_.people.open_call.query(phone, person.client);
  if (rows.next()) {
    return under_way(person, "his call " + rows.string(0) + " has no outcome yet; see jobrun calls list --open");
  }
  return {};
}

Result<void> SqliteBatch::erase_person(const Person& person, const PersonRows& rows) {
  const Step step(*this);
  if (Result<void> checked = check_nothing_under_way(person); !checked) return checked;
  touch();
  PeopleStatements& people = writer_.people;
  const std::string phone = person.phone.text();
  for (const std::int64_t call : rows.calls) {
    people.erase_call.run(call, person.phone, phone, erased);
    people.erase_recordings.run(call, erased);
  }
  for (const std::int64_t decision : rows.decisions) people.erase_decision.run(decision);
  for (const std::int64_t text : rows.texts) {
    people.erase_loss.run(text, person.phone, erased);
    people.erase_text.run(text, person.phone, erased);
  }
  for (const std::int64_t inbound : rows.inbound_texts) people.erase_inbound.run(inbound, person.phone, erased);
  for (const std::int64_t customer : rows.customers) {
    people.erase_messages.run(customer);
    people.erase_conversations.run(customer);
    people.erase_customer.run(customer);
    people.forget_customer.run(person.phone, customer);
  }
  for (const std::int64_t alert : rows.alerts) {
    people.forget_group.run(alert, phone);
    people.erase_alert.run(alert, phone, erased);
  }
  people.forget_pairs.run(person.phone, person.client);
  missing_pair_.reset();
  if (person.client) return {};
  people.forget_line.run(person.phone);
  people.forget_facts.run(person.phone);
  people.forget_sign_up.run(person.phone);
  people.erase_former_owner.run(person.phone);
  return {};
}

}  // namespace jobrun::store
