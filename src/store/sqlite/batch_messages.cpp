// Messages: what the carrier told of the texts that it took.
#include "sqlite/batch.hpp"

namespace jobrun::store {

MessageStatements::MessageStatements(SQLite::Database& database)
    : find(database, ("SELECT " + text_columns +
                      ", COALESCE(texts.message_sid, ''), texts.message_status FROM call_sids "
                      "CROSS JOIN calls ON calls.id = call_sids.call CROSS JOIN texts ON texts.call = calls.id "
                      "WHERE call_sids.hash = ? AND calls.call_sid = ? AND texts.purpose = ?")
                         .c_str()),
      find_by_cause(database,
                    ("SELECT " + text_columns +
                     ", COALESCE(texts.message_sid, ''), texts.message_status FROM texts "
                     "LEFT JOIN calls ON calls.id = texts.call WHERE texts.cause = ? AND texts.purpose = ?")
                        .c_str()),
      has_event(database, "SELECT 1 FROM message_events WHERE text = ? AND message_sid = ? AND status = ?"),
      add_event(database,
                "INSERT INTO message_events (text, message_sid, status, code, attempt, way, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING"),
      told(database, "SELECT status FROM message_events WHERE text = ? AND message_sid = ?"),
      told_lost(database,
                "SELECT code, attempt, way FROM message_events AS lost WHERE text = ?1 AND message_sid = ?2 "
                "AND status IN ('undelivered', 'failed', 'canceled') AND NOT EXISTS (SELECT 1 FROM message_events "
                "WHERE text = ?1 AND message_sid = ?2 AND status IN ('delivered', 'read')) "
                "ORDER BY code DESC LIMIT 1"),
      told_message(database,
                   "SELECT message_sid FROM message_events AS told WHERE text = ?1 AND message_sid NOT IN "
                   "(SELECT message_sid FROM lost_messages WHERE text = ?1) AND NOT EXISTS "
                   "(SELECT 1 FROM message_events WHERE text = ?1 AND message_sid = told.message_sid "
                   "AND status IN ('undelivered', 'failed', 'canceled')) LIMIT 1"),
      was_lost(database, "SELECT 1 FROM lost_messages WHERE text = ? AND message_sid = ?"),
      bind(database,
           "UPDATE texts SET state = 'accepted', message_sid = ?2, answered_at = ?3, way = COALESCE(?4, way) "
           "WHERE id = ?1 AND state IN ('unknown', 'promised')"),
      set_status(database, "UPDATE texts SET message_status = ?2 WHERE id = ?1"),
      keep_lost(database,
                "INSERT INTO lost_messages (text, message_sid, way, code, because, at) "
                "SELECT id, message_sid, way, ?2, ?3, ?4 FROM texts WHERE id = ?1 AND state = 'accepted' "
                "ON CONFLICT DO NOTHING"),
      promise_again(
          database,
          "UPDATE texts SET state = 'promised', message_sid = NULL, message_status = NULL, because = ?2, "
          "closed_ways = ?3, due_at = ?4, answered_at = ?5 WHERE id = ?1 AND state = 'accepted'"),
      refuse(database,
             "UPDATE texts SET state = 'refused', message_sid = NULL, message_status = NULL, because = ?2, "
             "code = ?3, answered_at = ?4 WHERE id = ?1 AND state = 'accepted'"),
      is_blocked(database, "SELECT 1 FROM blocked_senders WHERE account = ? AND sender = ?"),
      block(database,
            "INSERT INTO blocked_senders (account, sender, code, since) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING"),
      unblock(database, "DELETE FROM blocked_senders WHERE sender = ?") {}

std::optional<TextOnRecord> SqliteBatch::find_text(const TextId& id) {
  const Step step(*this);
  const auto first_of = [](Rows rows) -> std::optional<TextOnRecord> {
    if (!rows.next()) return std::nullopt;
    return TextOnRecord{.text = text_of(rows),
                        .message_sid = rows.string(text_columns_count),
                        .status = rows.maybe_word<MessageStatus>(text_columns_count + 1)};
  };
  if (auto of_call = first_of(writer_.messages.find.query(hash_of_sid(id.cause), id.cause, id.purpose))) {
    return of_call;
  }
  return first_of(writer_.messages.find_by_cause.query(id.cause, id.purpose));
}

bool SqliteBatch::has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) {
  const Step step(*this);
  return writer_.messages.has_event.query(text, message_sid, status_text).next();
}

bool SqliteBatch::was_lost(TextRow text, std::string_view message_sid) {
  const Step step(*this);
  return writer_.messages.was_lost.query(text, message_sid).next();
}

std::optional<std::string> SqliteBatch::told_message(TextRow text) {
  const Step step(*this);
  Rows rows = writer_.messages.told_message.query(text);
  if (!rows.next()) return std::nullopt;
  return rows.string(0);
}

std::optional<ToldLoss> SqliteBatch::told_lost(TextRow text, std::string_view message_sid) {
  const Step step(*this);
  Rows rows = writer_.messages.told_lost.query(text, message_sid);
  if (!rows.next()) return std::nullopt;
  return ToldLoss{.code = static_cast<int>(rows.integer(0)),
                  .attempt = {static_cast<int>(rows.integer(1)), static_cast<std::size_t>(rows.integer(2))}};
}

/// What statuses have told of a message before the text was known to be it.
void SqliteBatch::take_told_status(TextRow text, std::string_view message_sid) {
  std::optional<MessageStatus> furthest;
  {
    Rows rows = writer_.messages.told.query(text, message_sid);
    while (rows.next()) {
      const MessageStatus told = parse_name<MessageStatus>(rows.text(0)).value_or(MessageStatus::unrecognised);
      if (advances(furthest, told)) furthest = told;
    }
  }
  if (furthest) writer_.messages.set_status.run(text, *furthest);
}

std::optional<TextRecord> SqliteBatch::write_message(const MessageNews& news, Instant now) {
  const auto way = static_cast<std::int64_t>(news.attempt.way);
  writer_.messages.add_event.run(news.text, news.message_sid, news.status_text,
                                 static_cast<std::int64_t>(news.code),
                                 static_cast<std::int64_t>(news.attempt.number), way, now);
  const std::optional<std::int64_t> way_told = news.attempt.number > 0 ? std::optional(way) : std::nullopt;
  if (news.binds && writer_.messages.bind.change(news.text, news.message_sid, now, way_told) == 1) {
    writer_.texts.settle.run(news.text);
    take_told_status(news.text, news.message_sid);
    call_is_texted(news.text, now);
  } else if (news.is_furthest) {
    writer_.messages.set_status.run(news.text, news.status);
  }
  return news.loss ? record_lost(news.text, *news.loss, now) : std::nullopt;
}

std::optional<TextRecord> SqliteBatch::record_lost(TextRow text, const TextLoss& loss, Instant now) {
  const Step step(*this);
  touch();
  const auto code = static_cast<std::int64_t>(loss.code);
  writer_.messages.keep_lost.run(text, code, loss.reason, now);
  std::optional<CallId> call;
  {
    Rows rows = writer_.texts.call_of.query(text);
    if (rows.next()) call = CallId{rows.integer(0)};
  }
  const bool is_lost = loss.gives_up ? writer_.messages.refuse.change(text, loss.reason, code, now) == 1
                                     : writer_.messages.promise_again.change(
                                           text, loss.reason, static_cast<std::int64_t>(loss.closed_ways.bits()),
                                           loss.due_at, now) == 1;
  if (!is_lost) return std::nullopt;
  if (call && writer_.calls.pending_again.change(*call, loss.deadline) == 1) {
    writer_.calls.add_outcome.run(*call, "pending", loss.reason, now);
  }
  if (!loss.gives_up) return read_text(text);
  tell_a_person(text, *loss.gives_up, now);
  return std::nullopt;
}

bool SqliteBatch::is_sender_blocked(const Way& way) {
  const Step step(*this);
  return writer_.messages.is_blocked.query(way.account, way.sender).next();
}

void SqliteBatch::block_sender(const BlockedSender& sender) {
  const Step step(*this);
  touch();
  writer_.messages.block.run(sender.way.account, sender.way.sender, static_cast<std::int64_t>(sender.code),
                             sender.since);
}

Result<std::optional<ClientId>> SqliteBatch::apply(const UnblockSender& change, Instant /*now*/) {
  if (writer_.messages.unblock.change(change.sender) > 0) return std::optional<ClientId>{};
  return failure(ErrorKind::not_found,
                 change.sender.text() + " is not a blocked sender; `jobrun senders list` lists them");
}

}  // namespace jobrun::store
