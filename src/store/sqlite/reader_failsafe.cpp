// The numbers of nobody's that were called, and what became of their callers: looked up, never kept.
#include <algorithm>
#include <string>

#include "sqlite/reader.hpp"

namespace jobrun::store {
namespace {

constexpr std::int64_t rows_most = 1'000;

}  // namespace

// The index holds nothing but such calls, and every column that is asked for.
FailsafeStatements::FailsafeStatements(SQLite::Database& database)
    : numbers(
          database,
          "SELECT number_text, MIN(first_event_at), MAX(first_event_at), COUNT(*), COUNT(DISTINCT caller) "
          "FROM calls INDEXED BY calls_of_failsafe WHERE role = 'system' AND origin <> 'canary' "
          "AND first_event_at >= ?1 GROUP BY number_text ORDER BY MAX(first_event_at) DESC, number_text LIMIT ?2"),
      // Whoever had his text from another number of ours replies to that one.
      replies(database,
              (inbound_columns +
               "WHERE inbound_texts.id IN ("
               "SELECT id FROM inbound_texts INDEXED BY inbound_texts_to_nobody "
               "WHERE taken_as = 'triage' AND number_text = ?1 AND sent_at >= ?2 UNION "
               "SELECT replies.id FROM (SELECT caller, MIN(first_event_at) AS called_at "
               "FROM calls INDEXED BY calls_of_failsafe WHERE role = 'system' AND origin <> 'canary' "
               "AND number_text = ?1 AND first_event_at >= ?2 GROUP BY caller) AS callers "
               "CROSS JOIN inbound_texts AS replies INDEXED BY inbound_texts_of_phone "
               "ON replies.phone = CAST(callers.caller AS INTEGER) AND replies.sent_at >= callers.called_at "
               "WHERE replies.taken_as = 'triage' AND replies.phone > 0) "
               "ORDER BY inbound_texts.id DESC LIMIT ?3")
                  .c_str()) {}

std::vector<FailsafeNumber> SqliteReader::failsafe_numbers(const FailsafeQuery& query) {
  const Snapshot snapshot(begin_, end_);
  std::vector<FailsafeNumber> numbers;
  {
    Rows rows = failsafe_.numbers.query(query.since, std::clamp<std::int64_t>(query.limit, 1, rows_most));
    while (rows.next()) {
      numbers.push_back({.number_text = rows.string(0),
                         .first_at = rows.instant(1),
                         .last_at = rows.instant(2),
                         .calls = rows.integer(3),
                         .callers = rows.integer(4)});
    }
  }
  for (FailsafeNumber& number : numbers) {
    Rows rows = failsafe_.replies.query(number.number_text, query.since,
                                        std::clamp<std::int64_t>(query.replies_limit, 1, rows_most));
    while (rows.next()) number.replies.push_back(inbound_of(rows));
  }
  return numbers;
}

}  // namespace jobrun::store
