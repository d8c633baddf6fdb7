// Texts: promises, their transitions, and the facts about them that decisions ask for.
#include <algorithm>
#include <charconv>

#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

/// How far texts_since() walks back along a pair's texts. A loop breaker asks about tens.
constexpr std::int64_t texts_counted_most = 1'000;

/// Before the digits of a sender of the second account.
constexpr std::string_view second_account = "second:";

}  // namespace

TextStatements::TextStatements(SQLite::Database& database)
    : find_pair(database, "SELECT row, newest FROM caller_index WHERE phone = ? AND kind = 'n' AND whose = ?"),
      find_text(database, "SELECT promised_at, state FROM texts WHERE id = ?"),
      pair_step(database, "SELECT promised_at, previous_of_pair, purpose FROM texts WHERE id = ?"),
      add(database,
          "INSERT INTO texts (call, inbound_text, cause, purpose, origin, client, caller, number, ways, body, "
          "second_body, state, way, attempts, promised_at, due_at, previous_of_pair, caused_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'promised', 0, 0, ?12, ?12, ?13, ?14) "
          "ON CONFLICT DO NOTHING"),
      index_pair(database,
                 "INSERT INTO caller_index (phone, kind, whose, row, newest) VALUES (?, 'n', ?, ?, ?) "
                 "ON CONFLICT DO UPDATE SET row = COALESCE(excluded.row, row), "
                 "newest = excluded.newest"),
      start(database,
            "UPDATE texts SET state = 'started', attempts = ?2, way = ?3, closed_ways = ?4, started_at = ?5, "
            "answered_at = NULL WHERE id = ?1 AND state = 'promised' AND (closed_ways & ~?4) = 0"),
      accept(database,
             "UPDATE texts SET state = 'accepted', message_sid = ?2, answered_at = ?3, way = COALESCE((SELECT "
             "MIN(way) FROM message_events WHERE text = ?1 AND message_sid = ?2 AND attempt > 0), way) "
             "WHERE id = ?1 AND state = 'started'"),
      unknown(database,
              "UPDATE texts SET state = 'unknown', because = ?2, answered_at = ?3, looks = 0, absent = 0 "
              "WHERE id = ?1 AND state = 'started'"),
      not_sent(database,
               "UPDATE texts SET state = 'promised', because = ?2, closed_ways = ?3, due_at = ?4, "
               "answered_at = ?5 WHERE id = ?1 AND state = 'started'"),
      refuse(database,
             "UPDATE texts SET state = 'refused', code = ?2, because = ?3, answered_at = ?4 "
             "WHERE id = ?1 AND state IN ('started', 'promised')"),
      call_of(database,
              "SELECT texts.call, texts.purpose, calls.call_sid, calls.outcome FROM texts "
              "JOIN calls ON calls.id = texts.call WHERE texts.id = ?"),
      // Texts to one caller, whatever number they are from: the ends of its lines, and then back along each.
      bound_elsewhere(
          database,
          "WITH RECURSIVE line(id) AS (SELECT newest FROM caller_index WHERE phone = ?1 AND kind = 'n' "
          "UNION SELECT texts.previous_of_pair FROM line CROSS JOIN texts ON texts.id = line.id "
          "WHERE texts.previous_of_pair IS NOT NULL) "
          "SELECT 1 FROM line CROSS JOIN texts ON texts.id = line.id "
          "WHERE texts.message_sid = ?2 AND texts.id <> ?3 "
          "UNION ALL SELECT 1 FROM line CROSS JOIN message_events ON message_events.text = line.id "
          "WHERE message_events.message_sid = ?2 AND line.id <> ?3 "
          "UNION ALL SELECT 1 FROM line CROSS JOIN lost_messages ON lost_messages.text = line.id "
          "WHERE lost_messages.message_sid = ?2 LIMIT 1"),
      rival(database,
            "WITH RECURSIVE line(id) AS (SELECT newest FROM caller_index WHERE phone = ?1 AND kind = 'n' "
            "UNION SELECT texts.previous_of_pair FROM line CROSS JOIN texts ON texts.id = line.id "
            "WHERE texts.previous_of_pair IS NOT NULL) "
            "SELECT 1 FROM line CROSS JOIN texts ON texts.id = line.id WHERE texts.id <> ?2 "
            "AND texts.body = (SELECT body FROM texts WHERE id = ?2) AND (texts.state = 'started' OR "
            "(texts.state = 'unknown' AND texts.id IN (SELECT text FROM unsettled_texts))) LIMIT 1"),
      find_found(
          database,
          "UPDATE texts SET state = 'accepted', message_sid = ?2, answered_at = ?3, way = COALESCE((SELECT "
          "MIN(way) FROM message_events WHERE text = ?1 AND message_sid = ?2 AND attempt > 0), way) "
          "WHERE id = ?1 AND (state = 'unknown' OR (state = 'accepted' AND message_sid = ?2 AND NOT EXISTS "
          "(SELECT 1 FROM message_events WHERE text = ?1 AND message_sid = ?2 AND at = texts.answered_at)))"),
      look(database, "UPDATE texts SET looks = ?2, absent = ?3, due_at = ?4 WHERE id = ?1 AND state = 'unknown'"),
      again(database,
            "UPDATE texts SET state = 'promised', because = ?2, due_at = ?3, answered_at = ?3 WHERE id = ?1 AND "
            "state = 'unknown'"),
      settle(database, "DELETE FROM unsettled_texts WHERE text = ?"),
      read(database,
           ("SELECT " + text_columns + "FROM texts LEFT JOIN calls ON calls.id = texts.call WHERE texts.id = ?")
               .c_str()),
      all_unknown(database,
                  "UPDATE texts SET state = 'unknown', because = 'in flight when JobRun stopped', "
                  "looks = 0, absent = 0, answered_at = ? WHERE state = 'started' AND message_sid IS NULL"),
      // A call without an outcome in a closed incident: a person has dealt with it, and so with its text.
      unsettle(database,
               "INSERT INTO unsettled_texts (text) SELECT texts.id FROM texts "
               "LEFT JOIN calls ON calls.id = texts.call LEFT JOIN incidents ON incidents.id = calls.incident "
               "WHERE texts.id = ? AND (calls.outcome IS NOT NULL OR incidents.closed_at IS NULL)"),
      unsettle_started(
          database,
          "INSERT INTO unsettled_texts (text) SELECT texts.id FROM texts INDEXED BY texts_not_accepted "
          "LEFT JOIN calls ON calls.id = texts.call LEFT JOIN incidents ON incidents.id = calls.incident "
          "WHERE texts.state = 'started' AND texts.message_sid IS NULL "
          "AND (calls.outcome IS NOT NULL OR incidents.closed_at IS NULL)") {}

std::string joined(const std::vector<Way>& ways) {
  std::string text;
  for (const Way& way : ways) {
    if (!text.empty()) text += ',';
    if (way.account == Account::second) text += second_account;
    text += std::to_string(way.sender.digits());
  }
  return text;
}

std::vector<Way> ways_of(std::string_view joined) {
  std::vector<Way> ways;
  while (!joined.empty()) {
    const std::size_t comma = std::min(joined.find(','), joined.size());
    std::string_view digits = joined.substr(0, comma);
    joined.remove_prefix(std::min(comma + 1, joined.size()));
    const bool is_second = digits.starts_with(second_account);
    if (is_second) digits.remove_prefix(second_account.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc()) throw StoreFailure("the database holds a sender that is no number");
    ways.push_back({is_second ? Account::second : Account::first, E164::from_digits(number)});
  }
  if (ways.empty()) throw StoreFailure("the database holds a text without a way out");
  return ways;
}

SqliteBatch::PairEntry SqliteBatch::pair_entry(const CallerPair& pair) {
  if (missing_pair_ == pair) return {};
  Rows rows = writer_.texts.find_pair.query(pair.caller, pair.number);
  if (rows.next()) return {.first_text = rows.maybe_integer(0), .newest = rows.maybe_integer(1)};
  missing_pair_ = pair;
  return {};
}

std::optional<LastText> SqliteBatch::last_first_text(const CallerPair& pair) {
  const Step step(*this);
  const PairEntry entry = pair_entry(pair);
  if (!entry.first_text) return std::nullopt;
  Rows rows = writer_.texts.find_text.query(*entry.first_text);
  if (!rows.next()) return std::nullopt;
  return LastText{
      .row = TextRow{*entry.first_text}, .promised_at = rows.instant(0), .state = rows.word<TextState>(1)};
}

std::int64_t SqliteBatch::texts_since(const CallerPair& pair, Instant since) {
  const Step step(*this);
  std::optional<std::int64_t> text = pair_entry(pair).newest;
  std::int64_t texts = 0;
  while (text && texts < texts_counted_most) {
    Rows rows = writer_.texts.pair_step.query(*text);
    if (!rows.next() || rows.instant(0) < since) break;
    ++texts;
    text = rows.maybe_integer(1);
  }
  return texts;
}

TextCounts SqliteBatch::texts_on_day(std::optional<ClientId> client, std::string_view country,
                                     std::int64_t utc_day) {
  const Step step(*this);
  return writer_.counter.counts(client, country, utc_day);
}

std::optional<Instant> SqliteBatch::last_promised(const CallerPair& pair, Purpose purpose, Instant since) {
  const Step step(*this);
  std::optional<std::int64_t> text = pair_entry(pair).newest;
  for (std::int64_t looked_at = 0; text && looked_at < texts_counted_most; ++looked_at) {
    Rows rows = writer_.texts.pair_step.query(*text);
    if (!rows.next()) break;
    // A clock may have been set back between two of them: what is older does not end it.
    if (rows.instant(0) >= since && rows.word<Purpose>(2) == purpose) return rows.instant(0);
    text = rows.maybe_integer(1);
  }
  return std::nullopt;
}

/// Whose the text is: at most one of the two.
SqliteBatch::TextOwner SqliteBatch::owner_of(const TextId& id) {
  if (const std::optional<CallId> call = id_of_call(id.cause)) return {.call = call, .inbound = {}};
  if (is_first_text(id.purpose)) {
    throw StoreFailure("the text " + id.text() + " was promised for a call never seen");
  }
  Rows rows = writer_.inbound.find.query(id.cause);
  if (!rows.next()) return {};
  return {.call = {}, .inbound = InboundTextId{rows.integer(0)}};
}

std::optional<TextRecord> SqliteBatch::promise(const TextOwner& owner, const PromisedText& text, Instant now) {
  const std::optional<std::int64_t> previous = pair_entry(text.pair).newest;
  const std::optional<std::string_view> cause =
      owner.call ? std::nullopt : std::optional<std::string_view>(text.id.cause);
  const std::int64_t added = writer_.texts.add.change(
      owner.call, owner.inbound, cause, text.id.purpose, text.origin, text.client, text.pair.caller,
      text.pair.number, joined(text.ways), text.body, text.second_body, now, previous, text.caused_at);
  if (added == 0) return std::nullopt;
  const TextRow row{sqlite3_last_insert_rowid(writer_.database.getHandle())};
  const bool is_first = is_first_text(text.id.purpose);
  writer_.texts.index_pair.run(text.pair.caller, text.pair.number, is_first ? std::optional(row) : std::nullopt,
                               row);
  missing_pair_.reset();
  if (counts_by_the_day(text.id.purpose)) writer_.counter.add(text.client, text.country, utc_day(now));
  return TextRecord{.row = row,
                    .call = owner.call,
                    .promise = text,
                    .state = TextState::promised,
                    .way = 0,
                    .closed_ways = {},
                    .attempts = 0,
                    .promised_at = now,
                    .due_at = now};
}

bool SqliteBatch::mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) {
  const Step step(*this);
  touch();
  return writer_.texts.start.change(text, static_cast<std::int64_t>(attempt.number),
                                    static_cast<std::int64_t>(attempt.way),
                                    static_cast<std::int64_t>(closed_ways.bits()), now) == 1;
}

bool SqliteBatch::record_accepted(TextRow text, std::string_view message_sid, Instant now) {
  const Step step(*this);
  touch();
  if (writer_.texts.accept.change(text, message_sid, now) == 0) return false;
  take_told_status(text, message_sid);
  call_is_texted(text, now);
  return true;
}

void SqliteBatch::call_is_texted(TextRow text, Instant now) {
  CallId call;
  std::string because;
  {
    Rows rows = writer_.texts.call_of.query(text);
    if (!rows.next() || !rows.is_null(3)) return;
    call = CallId{rows.integer(0)};
    because = "the carrier accepted " + rows.string(2) + "." + rows.string(1);
  }
  set_outcome(call, Outcome::texted, std::nullopt, because, now);
}

std::optional<TextRecord> SqliteBatch::read_text(TextRow text) {
  Rows rows = writer_.texts.read.query(text);
  if (!rows.next()) return std::nullopt;
  return text_of(rows);
}

E164 SqliteBatch::caller_of(TextRow text) {
  const std::optional<TextRecord> record = read_text(text);
  if (!record) throw StoreFailure("there is no text with the id " + std::to_string(text.value));
  return record->promise.pair.caller;
}

bool SqliteBatch::belongs_to_another(TextRow text, std::string_view message_sid) {
  const Step step(*this);
  return writer_.texts.bound_elsewhere.query(caller_of(text), message_sid, text).next();
}

bool SqliteBatch::has_rival(TextRow text) {
  const Step step(*this);
  return writer_.texts.rival.query(caller_of(text), text).next();
}

bool SqliteBatch::record_found(TextRow text, std::string_view message_sid, Instant now) {
  const Step step(*this);
  touch();
  if (writer_.texts.find_found.change(text, message_sid, now) == 0) return false;
  writer_.texts.settle.run(text);
  take_told_status(text, message_sid);
  call_is_texted(text, now);
  return true;
}

bool SqliteBatch::record_look(TextRow text, int looks, int absent, Instant due_at) {
  const Step step(*this);
  touch();
  return writer_.texts.look.change(text, looks, absent, due_at) == 1;
}

std::optional<TextRecord> SqliteBatch::promise_again(TextRow text, std::string_view reason, Instant now) {
  const Step step(*this);
  touch();
  if (writer_.texts.again.change(text, reason, now) == 0) return std::nullopt;
  writer_.texts.settle.run(text);
  return read_text(text);
}

bool SqliteBatch::record_unknown(TextRow text, std::string_view reason, Instant now) {
  const Step step(*this);
  touch();
  if (writer_.texts.unknown.change(text, reason, now) == 0) return false;
  writer_.texts.unsettle.run(text);
  return true;
}

bool SqliteBatch::record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                                  Instant now) {
  const Step step(*this);
  touch();
  return writer_.texts.not_sent.change(text, reason, static_cast<std::int64_t>(closed_ways.bits()), due_at, now) ==
         1;
}

bool SqliteBatch::record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                                 Instant now) {
  const Step step(*this);
  touch();
  if (writer_.texts.refuse.change(text, code, reason, now) == 0) return false;
  tell_a_person(text, alert, now);
  return true;
}

/// The text is refused: once a channel has accepted the alert, its call and those leaning on it are escalated.
void SqliteBatch::tell_a_person(TextRow text, const AlertRequest& alert, Instant now) {
  std::optional<CallId> call;
  {
    Rows rows = writer_.texts.call_of.query(text);
    if (rows.next()) call = CallId{rows.integer(0)};
  }
  const AlertId raised = raise_for(alert, call, now);
  writer_.alerts.set_text.run(text, raised);
  if (!call) return;
  writer_.alerts.add_call.run(raised, *call, true, text, now);
  // Only what is not yet due: what is due may be on its way to a channel.
  writer_.alerts.withdraw_lead.run(*call, AlertKind::lead, now);
}

std::int64_t SqliteBatch::started_become_unknown(Instant now) {
  const Step step(*this);
  touch();
  writer_.texts.unsettle_started.run();
  return writer_.texts.all_unknown.change(now);
}

}  // namespace jobrun::store
