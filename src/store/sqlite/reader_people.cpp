// Reading conversations, and what is kept of one person.
#include <algorithm>
#include <array>

#include "sqlite/batch.hpp"
#include "sqlite/reader.hpp"

namespace jobrun::store {
namespace {

constexpr std::int64_t rows_most = 1'000;
constexpr std::int64_t messages_most = 1'000;
constexpr std::int64_t records_most = 10'000;
/// Looked at for old words at once.
constexpr std::int64_t looked_at = 5'000;

/// A conversation that no message is in is none that people look for.
const std::string conversation_listing =
    "SELECT conversations.id, conversations.client, conversations.number, customers.phone, conversations.step, "
    "conversations.state, COALESCE(conversations.active_at, 0), COALESCE(clients.name, ''), newest.id, "
    "(SELECT COUNT(*) FROM messages WHERE conversation = conversations.id), newest.body, newest.at "
    "FROM messages AS newest CROSS JOIN conversations ON conversations.id = newest.conversation "
    "CROSS JOIN customers ON customers.id = conversations.customer "
    "LEFT JOIN clients ON clients.id = conversations.client ";

ConversationListing conversation_listing_of(const Rows& rows) {
  return {.id = ConversationId{rows.integer(0)},
          .record = {.contact = {.client = ClientId{rows.integer(1)},
                                 .number = rows.phone(2),
                                 .customer = rows.phone(3)},
                     .step = rows.string(4),
                     .state = rows.string(5),
                     .active_at = rows.instant(6)},
          .client_name = rows.string(7),
          .newest = rows.integer(8),
          .messages = rows.integer(9),
          .last_words = rows.string(10),
          .last_at = rows.instant(11)};
}

ConversationMessage message_of(const Rows& rows) {
  ConversationMessage message{.at = rows.instant(0),
                              .kind = rows.string(1),
                              .body = rows.string(2),
                              .call_sid = rows.string(3),
                              .outcome = rows.maybe_word<Outcome>(4),
                              .state = rows.maybe_word<TextState>(7),
                              .status = rows.maybe_word<MessageStatus>(8),
                              .message_sid = rows.string(9),
                              .media = media_of(rows.text(10))};
  if (!rows.is_null(6)) {
    message.text_id = TextId{.cause = rows.string(5), .purpose = rows.word<Purpose>(6)}.text();
  }
  return message;
}

/// Where something is about a person: (phone, its text, client). Whose client does not matter is asked with NULL.
constexpr const char* call_is_his = "calls.caller = ?2 AND (?3 IS NULL OR calls.client = ?3) ";
/// Others' calls too, which his phone has sent on.
constexpr const char* call_leads_to_him =
    "(caller = ?2 OR forwarded_from = ?1) AND (?3 IS NULL OR calls.client = ?3) ";
constexpr const char* text_is_about =
    "(texts.caller = ?1 OR instr(texts.body, ?2) > 0 OR instr(texts.second_body, ?2) > 0 OR "
    "instr(texts.cause, ?1) > 0) AND (?3 IS NULL OR texts.client = ?3) ";
constexpr const char* inbound_is_about =
    "(inbound_texts.phone = ?1 OR sender = ?2) AND (?3 IS NULL OR inbound_texts.client = ?3) ";
constexpr const char* alert_is_about =
    "(alerts.caller = ?2 OR instr(summary, ?2) > 0 OR instr(group_name, ?2) > 0) "
    "AND (?3 IS NULL OR alerts.client = ?3) ";

std::string selecting(const char* what, const char* from, const char* is_about, const char* order) {
  return std::string(what) + from + "WHERE " + is_about + "ORDER BY " + order + " DESC LIMIT ?4";
}

std::string old(const char* sql) {
  return std::string(sql) + " AND id > ?1 AND id <= ?1 + " + std::to_string(looked_at) + " AND at < ?2";
}

}  // namespace

PeopleQueries::PeopleQueries(SQLite::Database& database)
    : conversations(database, (conversation_listing +
                               "WHERE newest.id < ?1 AND (?2 IS NULL OR conversations.client = ?2) AND NOT EXISTS "
                               "(SELECT 1 FROM messages AS later WHERE later.conversation = newest.conversation "
                               "AND later.id > newest.id) ORDER BY newest.id DESC LIMIT ?3")
                                  .c_str()),
      conversation(database, (conversation_listing +
                              "WHERE newest.id = (SELECT MAX(id) FROM messages WHERE conversation = ?)")
                                 .c_str()),
      messages(database,
               "SELECT messages.at, messages.kind, messages.body, COALESCE(calls.call_sid, ''), "
               "CASE WHEN messages.kind = 'missed_call' THEN calls.outcome END, "
               "COALESCE(texts.cause, calls.call_sid, ''), texts.purpose, texts.state, texts.message_status, "
               "COALESCE(inbound_texts.message_sid, ''), COALESCE(inbound_texts.media, ''), messages.call "
               "FROM messages LEFT JOIN texts ON texts.id = messages.text "
               "LEFT JOIN calls ON calls.id = COALESCE(messages.call, texts.call) "
               "LEFT JOIN inbound_texts ON inbound_texts.id = messages.inbound "
               "WHERE messages.conversation = ? ORDER BY messages.id DESC LIMIT ?"),
      conversations_of(database,
                       "SELECT conversations.id FROM caller_index "
                       "CROSS JOIN conversations ON conversations.customer = caller_index.row "
                       "WHERE caller_index.phone = ?1 AND caller_index.kind = 'c' "
                       "AND (?2 IS NULL OR caller_index.whose = ?2) ORDER BY conversations.id DESC LIMIT ?3"),
      facts_of_client(database,
                      "SELECT phone, scope, opted_out, blocked, do_not_text, landline FROM phone_facts "
                      "WHERE scope = ? AND phone > ? ORDER BY phone LIMIT ?"),
      facts_of_phone(database,
                     "SELECT phone, scope, opted_out, blocked, do_not_text, landline FROM phone_facts "
                     "WHERE phone = ?1 AND (?2 IS NULL OR scope = ?2)"),
      calls(database,
            selecting((listing_columns + "FROM calls ").c_str(), with_client.c_str(), call_is_his, "calls.id")
                .c_str()),
      texts(database,
            selecting(
                ("SELECT " + text_columns + ", COALESCE(texts.message_sid, ''), texts.message_status ").c_str(),
                "FROM texts LEFT JOIN calls ON calls.id = texts.call ", text_is_about, "texts.id")
                .c_str()),
      inbound(database, selecting(inbound_columns.c_str(), "", inbound_is_about, "inbound_texts.id").c_str()),
      alerts(database,
             selecting(("SELECT " + alert_columns).c_str(),
                       "FROM alerts LEFT JOIN calls ON calls.id = alerts.call ", alert_is_about, "alerts.id")
                 .c_str()),
      call_rows(database, selecting("SELECT id ", "FROM calls ", call_leads_to_him, "id").c_str()),
      text_rows(database, selecting("SELECT id ", "FROM texts ", text_is_about, "id").c_str()),
      inbound_rows(database, selecting("SELECT id ", "FROM inbound_texts ", inbound_is_about, "id").c_str()),
      customer_rows(database,
                    "SELECT row FROM caller_index WHERE phone = ?1 AND kind = 'c' AND (?2 IS NULL OR whose = ?2) "
                    "LIMIT ?3"),
      alert_rows(database, selecting("SELECT id ", "FROM alerts ", alert_is_about, "id").c_str()),
      old_messages(database,
                   old("SELECT id, client, at FROM (SELECT messages.id, conversations.client, messages.at, "
                       "body FROM messages CROSS JOIN conversations ON conversations.id = "
                       "messages.conversation) WHERE body <> ''")
                       .c_str()),
      old_inbound(database,
                  old("SELECT id, client, at FROM (SELECT id, client, received_at AS at, body, media FROM "
                      "inbound_texts) WHERE (body <> '' OR media <> '')")
                      .c_str()),
      old_texts(database,
                old("SELECT id, client, at FROM (SELECT id, client, promised_at AS at, body, state FROM texts) "
                    "WHERE body <> '' AND (state IN ('accepted', 'refused') OR (state = 'unknown' AND id NOT IN "
                    "(SELECT text FROM unsettled_texts)))")
                    .c_str()),
      old_alerts(
          database,
          old("SELECT id, client, at FROM (SELECT id, client, created_at AS at, summary, caller, accepted_at, "
              "withdrawn_at FROM alerts) WHERE summary <> '' AND (caller <> '' OR client IS NOT NULL) "
              "AND (accepted_at IS NOT NULL OR withdrawn_at IS NOT NULL)")
              .c_str()),
      old_conversations(database, old("SELECT id, client, at FROM (SELECT id, client, active_at AS at FROM "
                                      "conversations) WHERE at IS NOT NULL")
                                      .c_str()),
      last_message(database, "SELECT COALESCE(MAX(id), 0) FROM messages"),
      last_inbound(database, "SELECT COALESCE(MAX(id), 0) FROM inbound_texts"),
      last_text(database, "SELECT COALESCE(MAX(id), 0) FROM texts"),
      last_alert(database, "SELECT COALESCE(MAX(id), 0) FROM alerts"),
      last_conversation(database, "SELECT COALESCE(MAX(id), 0) FROM conversations"),
      recordings(database,
                 selecting("SELECT calls.call_sid, recordings.url, recordings.transcription, recordings.at ",
                           "FROM calls CROSS JOIN recordings ON recordings.call = calls.id ", call_is_his,
                           "recordings.id")
                     .c_str()),
      said(database, "SELECT url, transcription FROM recordings WHERE call = ? ORDER BY id"),
      decision_rows(database,
                    "SELECT id FROM decisions WHERE customer = ?1 AND (?2 IS NULL OR client = ?2) LIMIT ?3"),
      old_recordings(database,
                     old("SELECT id, client, at FROM (SELECT recordings.id, calls.client, recordings.at, url, "
                         "transcription FROM recordings CROSS JOIN calls ON calls.id = recordings.call) "
                         "WHERE (url <> '' OR transcription <> '')")
                         .c_str()),
      last_recording(database, "SELECT COALESCE(MAX(id), 0) FROM recordings") {}

std::vector<ConversationListing> SqliteReader::conversations(const ConversationQuery& query) {
  std::vector<ConversationListing> found;
  Rows rows = people_.conversations.query(query.before.value_or(INT64_MAX), query.client,
                                          std::clamp<std::int64_t>(query.limit, 1, rows_most));
  while (rows.next()) found.push_back(conversation_listing_of(rows));
  return found;
}

std::optional<ConversationTalk> SqliteReader::conversation(ConversationId id) {
  const Snapshot snapshot(begin_, end_);
  return talk(id.value);
}

std::optional<ConversationTalk> SqliteReader::talk(std::int64_t conversation) {
  std::optional<ConversationTalk> found;
  {
    Rows rows = people_.conversation.query(conversation);
    if (!rows.next()) return std::nullopt;
    found = ConversationTalk{.conversation = conversation_listing_of(rows), .messages = {}};
  }
  Rows rows = people_.messages.query(conversation, messages_most);
  while (rows.next()) {
    ConversationMessage& message = found->messages.emplace_back(message_of(rows));
    if (message.kind != "missed_call") continue;
    Rows said = people_.said.query(rows.integer(11));
    while (said.next()) {
      if (!said.text(0).empty()) message.media.push_back({said.string(0), "voicemail"});
      if (!said.text(1).empty()) message.body += (message.body.empty() ? "" : " ") + said.string(1);
    }
  }
  std::ranges::reverse(found->messages);
  return found;
}

namespace {

void add_facts(Rows rows, std::vector<SetPhoneFact>& facts) {
  while (rows.next()) {
    int column = 2;
    for (const auto& [fact, name] : NamesOf<PhoneFact>::rows) {
      if (rows.flag(column++)) facts.push_back({scope_of_row(rows.integer(1)), rows.phone(0), fact, true});
    }
  }
}

}  // namespace

std::vector<SetPhoneFact> SqliteReader::facts_of_client(ClientId client, std::optional<E164> after,
                                                        std::int64_t limit) {
  std::vector<SetPhoneFact> facts;
  add_facts(people_.facts_of_client.query(client, after.value_or(E164::from_digits(0)), limit), facts);
  return facts;
}

OldWordsPage SqliteReader::old_words(WordsIn place, std::int64_t after, Instant before) {
  OldWordsPage page;
  const auto look = [&](Statement& last, Statement& old) {
    {
      Rows rows = last.query();
      if (rows.next() && rows.integer(0) > after + looked_at) page.next = after + looked_at;
    }
    Rows rows = old.query(after, before);
    while (rows.next()) page.rows.push_back({rows.integer(0), rows.maybe_client(1), rows.instant(2)});
  };
  switch (place) {
    case WordsIn::messages:
      look(people_.last_message, people_.old_messages);
      break;
    case WordsIn::inbound_texts:
      look(people_.last_inbound, people_.old_inbound);
      break;
    case WordsIn::texts:
      look(people_.last_text, people_.old_texts);
      break;
    case WordsIn::alerts:
      look(people_.last_alert, people_.old_alerts);
      break;
    case WordsIn::conversations:
      look(people_.last_conversation, people_.old_conversations);
      break;
    case WordsIn::recordings:
      look(people_.last_recording, people_.old_recordings);
      break;
  }
  return page;
}

PersonRecords SqliteReader::person(const Person& person) {
  const Snapshot snapshot(begin_, end_);
  PersonRecords records;
  const std::string text = person.phone.text();
  const auto read_all = [&]<class Record>(Rows rows, std::vector<Record>& found, Record (*read)(const Rows&)) {
    while (rows.next()) found.push_back(read(rows));
    if (static_cast<std::int64_t>(found.size()) >= records_most) records.is_whole = false;
  };
  add_facts(people_.facts_of_phone.query(person.phone, person.client), records.facts);
  std::vector<std::int64_t> conversations;
  read_all(
      people_.conversations_of.query(person.phone, person.client, records_most), conversations,
      +[](const Rows& rows) { return rows.integer(0); });
  for (const std::int64_t conversation : conversations) {
    if (std::optional<ConversationTalk> found = talk(conversation))
      records.conversations.push_back(std::move(*found));
  }
  read_all(people_.calls.query(person.phone, text, person.client, records_most), records.calls, listing_of);
  read_all(
      people_.recordings.query(person.phone, text, person.client, records_most), records.recordings,
      +[](const Rows& rows) {
        return RecordingListing{rows.string(0), rows.string(1), rows.string(2), rows.instant(3)};
      });
  read_all(
      people_.texts.query(person.phone, text, person.client, records_most), records.texts, +[](const Rows& rows) {
        return TextOnRecord{.text = text_of(rows),
                            .message_sid = rows.string(text_columns_count),
                            .status = rows.maybe_word<MessageStatus>(text_columns_count + 1)};
      });
  read_all(people_.inbound.query(person.phone, text, person.client, records_most), records.inbound_texts,
           inbound_of);
  read_all(people_.alerts.query(person.phone, text, person.client, records_most), records.alerts, alert_of);
  if (!person.client) records.sign_up = onboarding(person.phone);
  return records;
}

PersonRows SqliteReader::person_rows(const Person& person, std::int64_t limit) {
  const Snapshot snapshot(begin_, end_);
  PersonRows found;
  const std::string text = person.phone.text();
  const auto read = [](Rows rows, std::vector<std::int64_t>& ids) {
    while (rows.next()) ids.push_back(rows.integer(0));
  };
  read(people_.call_rows.query(person.phone, text, person.client, limit), found.calls);
  read(people_.text_rows.query(person.phone, text, person.client, limit), found.texts);
  read(people_.inbound_rows.query(person.phone, text, person.client, limit), found.inbound_texts);
  read(people_.customer_rows.query(person.phone, person.client, limit), found.customers);
  read(people_.alert_rows.query(person.phone, text, person.client, limit), found.alerts);
  read(people_.decision_rows.query(person.phone, person.client, limit), found.decisions);
  return found;
}

}  // namespace jobrun::store
