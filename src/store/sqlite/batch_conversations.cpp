// What customers and owners say: the states of conversations, and whether an owner works.
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

/// Those who only called are looked for among so many of the newest conversations of all clients: they need no
/// index, which each first call would have to write.
constexpr std::int64_t looked_through_max = 5'000;

[[noreturn]] void refuse(const CustomerContact& contact, const std::string& why) {
  throw StoreFailure("the conversation with " + masked(contact.customer.text()) + " cannot be written: " + why,
                     StoreFailure::Because::input);
}

}  // namespace

ConversationStatements::ConversationStatements(SQLite::Database& database)
    : find(database, (std::string("SELECT ") + conversation_columns +
                      "FROM caller_index CROSS JOIN customers ON customers.id = caller_index.row "
                      "CROSS JOIN conversations ON conversations.customer = customers.id "
                      "WHERE caller_index.phone = ? AND caller_index.kind = 'c' AND caller_index.whose = ? "
                      "AND conversations.number = ? AND conversations.active_at IS NOT NULL")
                         .c_str()),
      recent(database, (std::string("SELECT ") + conversation_columns +
                        "FROM conversations INDEXED BY conversations_active CROSS JOIN customers "
                        "ON customers.id = conversations.customer WHERE conversations.client = ?1 "
                        "AND conversations.active_at IS NOT NULL ORDER BY conversations.active_at DESC LIMIT ?2")
                           .c_str()),
      only_called(
          database,
          (std::string("SELECT ") + conversation_columns +
           "FROM (SELECT * FROM conversations WHERE id > (SELECT COALESCE(MAX(id), 0) FROM conversations) - " +
           std::to_string(looked_through_max) +
           ") AS conversations CROSS JOIN customers ON customers.id = conversations.customer "
           "WHERE conversations.client = ?1 AND conversations.active_at IS NULL AND customers.phone <> 0 "
           "ORDER BY conversations.id DESC LIMIT ?2")
              .c_str()),
      set(database,
          "UPDATE conversations SET step = ?2, state = ?3, language = ?4, "
          "active_at = MAX(COALESCE(active_at, 0), ?5) WHERE id = ?1"),
      client(database, (client_columns + "AND id = ?").c_str()),
      set_availability(database, "UPDATE clients SET paused = ?2, settings = ?3 WHERE id = ?1"),
      add_decision(database,
                   "INSERT INTO decisions (client, number, customer, accepted, at) VALUES (?, ?, ?, ?, ?)"),
      claim_week(database,
                 "INSERT INTO weeks_told (client, monday) VALUES (?, ?) ON CONFLICT DO UPDATE "
                 "SET monday = excluded.monday WHERE excluded.monday > monday") {}

ConversationRecord conversation_record_of(const Rows& rows) {
  return {.contact = {.client = ClientId{rows.integer(0)}, .number = rows.phone(1), .customer = rows.phone(2)},
          .step = rows.string(3),
          .state = rows.string(4),
          .language = rows.maybe_word<Locale>(5),
          .active_at = rows.instant(6)};
}

std::optional<ConversationRecord> SqliteBatch::find_conversation(const CustomerContact& contact) {
  const Step step(*this);
  Rows rows = writer_.conversations.find.query(contact.customer, contact.client, contact.number);
  if (!rows.next()) return std::nullopt;
  return conversation_record_of(rows);
}

std::vector<ConversationRecord> SqliteBatch::recent_conversations(ClientId client, std::int64_t limit) {
  const Step step(*this);
  std::vector<ConversationRecord> found;
  for (Statement* statement : {&writer_.conversations.recent, &writer_.conversations.only_called}) {
    Rows rows = statement->query(client, limit);
    while (rows.next()) found.push_back(conversation_record_of(rows));
  }
  return found;
}

std::optional<ClientProfile> SqliteBatch::find_client(ClientId client) {
  const Step step(*this);
  Rows rows = writer_.conversations.client.query(client);
  if (!rows.next()) return std::nullopt;
  return client_of(rows);
}

/// The promised text joins it where it goes to its customer because of somebody else than him: what answers an
/// inbound text of his own has joined it already.
void SqliteBatch::write_conversation(const Commit& commit, const std::optional<TextRecord>& text, Instant now) {
  const ConversationRecord& record = *commit.conversation;
  if (record.step.empty()) refuse(record.contact, "it has no step");
  if (record.state.size() > conversation_state_bytes_max) refuse(record.contact, "its state is too large");
  const std::int64_t conversation = conversation_of(record.contact, now);
  writer_.conversations.set.run(conversation, record.step, record.state, record.language, record.active_at);
  const bool has_joined = commit.inbound && commit.inbound->contact;
  if (!text || has_joined || text->promise.pair.caller != record.contact.customer) return;
  writer_.contacts.add_message.run(conversation, "text_to_customer", text->promise.body, std::nullopt, text->row,
                                   now);
}

/// Of a client that was removed meanwhile there is nothing to change.
void SqliteBatch::write_availability(const AvailabilityChange& change) {
  std::optional<ClientProfile> profile = find_client(change.client);
  if (!profile) return;
  if (change.paused) profile->paused = *change.paused;
  if (change.busy_until) profile->settings.busy_until = *change.busy_until;
  writer_.conversations.set_availability.run(change.client, profile->paused, to_text(profile->settings));
  writer_.directory.next_version.run();
}

void SqliteBatch::write_decision(const JobDecision& decision) {
  const CustomerContact& contact = decision.contact;
  writer_.conversations.add_decision.run(contact.client, contact.number, contact.customer, decision.is_accepted,
                                         decision.at);
}

bool SqliteBatch::claim_week(ClientId client, CivilDate monday) {
  const Step step(*this);
  touch();
  const std::int64_t day = std::chrono::sys_days{monday}.time_since_epoch().count();
  return writer_.conversations.claim_week.change(client, day) > 0;
}

}  // namespace jobrun::store
