// Inbound texts: kept once each, with what they mean for conversations, opt-outs and leads.
#include <algorithm>

#include "sqlite/batch.hpp"

namespace jobrun::store {

InboundStatements::InboundStatements(SQLite::Database& database)
    : find(database, "SELECT id FROM inbound_texts WHERE message_sid = ?"),
      add(database,
          "INSERT INTO inbound_texts (message_sid, sender, phone, number_text, body, media, opt_out_type, role, "
          "role_source, client, scope, taken_as, origin, sent_at, received_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      last_choice(database,
                  "SELECT taken_as = 'opt_out', sent_at FROM inbound_texts INDEXED BY inbound_choices "
                  "WHERE taken_as IN ('opt_out', 'opt_in') AND phone = ? AND scope = ? "
                  "ORDER BY sent_at DESC, taken_as DESC LIMIT 1"),
      // A lead comes with a first text, and of these the caller's index knows the newest from each number.
      waiting_lead(database,
                   "SELECT alerts.id FROM caller_index CROSS JOIN texts ON texts.id = caller_index.row "
                   "CROSS JOIN alerts ON alerts.call = texts.call WHERE caller_index.phone = ?1 "
                   "AND caller_index.kind = 'n' AND texts.client IS ?2 AND alerts.kind = ?3 "
                   "AND alerts.accepted_at IS NULL AND alerts.withdrawn_at IS NULL AND alerts.due_at > ?4 "
                   "ORDER BY alerts.id DESC LIMIT 1"),
      tell_reply(database,
                 "UPDATE alerts SET summary = ?2, due_at = COALESCE(?3, due_at), kind = COALESCE(?4, kind), "
                 "severity = COALESCE(?5, severity) WHERE id = ?1 AND accepted_at IS NULL "
                 "AND withdrawn_at IS NULL"),
      add_message(database,
                  "INSERT INTO messages (conversation, kind, body, inbound, text, at) VALUES (?, ?, ?, ?, ?, ?)") {
}

std::string joined(const std::vector<MediaLink>& media) {
  std::string lines;
  for (const MediaLink& link : media) lines += link.type + " " + link.url + "\n";
  return lines;
}

std::vector<MediaLink> media_of(std::string_view joined) {
  std::vector<MediaLink> media;
  while (!joined.empty()) {
    const std::string_view line = joined.substr(0, joined.find('\n'));
    joined.remove_prefix(std::min(line.size() + 1, joined.size()));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) throw StoreFailure("the database holds a link that is none");
    media.push_back({std::string(line.substr(space + 1)), std::string(line.substr(0, space))});
  }
  return media;
}

bool SqliteBatch::has_inbound_text(std::string_view message_sid) {
  const Step step(*this);
  return writer_.inbound.find.query(message_sid).next();
}

std::optional<LastChoice> SqliteBatch::last_choice(const FactScope& scope, E164 phone) {
  const Step step(*this);
  Rows rows = writer_.inbound.last_choice.query(phone, scope_of(scope));
  if (!rows.next()) return std::nullopt;
  return LastChoice{.is_out = rows.flag(0), .at = rows.instant(1)};
}

std::optional<AlertId> SqliteBatch::waiting_lead(std::optional<ClientId> client, E164 caller, Instant now) {
  const Step step(*this);
  Rows rows = writer_.inbound.waiting_lead.query(caller, client, AlertKind::lead, now);
  if (!rows.next()) return std::nullopt;
  return AlertId{rows.integer(0)};
}

void SqliteBatch::tell_reply(const RepliedLead& lead, Instant now) {
  const auto due_at = lead.is_due ? std::optional(now) : std::nullopt;
  const auto kind = lead.is_danger ? std::optional(AlertKind::danger) : std::nullopt;
  const auto severity = lead.is_danger ? std::optional(Severity::critical) : std::nullopt;
  const auto changed = writer_.inbound.tell_reply.change(lead.alert, lead.summary, due_at, kind, severity);
  if (changed == 1 && lead.is_due) has_raised_due_alerts_ = true;
}

InboundTextId SqliteBatch::write_inbound(const NewInboundText& inbound, Instant now) {
  const InboundText& text = inbound.text;
  const std::string media = joined(text.media);
  const InboundTextId id{writer_.inbound.add.insert(
      text.message_sid, text.sender.text(), text.sender.number(), text.number_text, text.body, media,
      text.opt_out_type, inbound.role, inbound.role_source, inbound.client,
      scope_of(FactScope::of(inbound.client)), inbound.taken_as, text.origin, text.at.value_or(now), now)};
  if (inbound.contact) {
    writer_.inbound.add_message.run(conversation_of(*inbound.contact, now), "text_from_customer", text.body, id,
                                    std::nullopt, now);
  }
  return id;
}

/// What answers the customer joins his conversation.
void SqliteBatch::write_reply(const NewInboundText& inbound, const std::optional<TextRecord>& text, Instant now) {
  if (!inbound.contact || !text || text->promise.pair.caller != inbound.contact->customer) return;
  writer_.inbound.add_message.run(conversation_of(*inbound.contact, now), "text_to_customer", text->promise.body,
                                  std::nullopt, text->row, now);
}

}  // namespace jobrun::store
