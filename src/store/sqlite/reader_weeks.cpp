// What a week brought a client, counted when it is over: nothing is kept for it but the calls and texts
// themselves.
#include <algorithm>
#include <map>
#include <ranges>
#include <string>

#include "sqlite/reader.hpp"

namespace jobrun::store {
namespace {

/// Rows are in the order in which they were written, but for what the clock was set meanwhile.
constexpr Duration out_of_order_most = std::chrono::hours{24};

/// A call that a customer would say was missed.
bool is_missed(AfterCallRow row) {
  switch (row) {
    case AfterCallRow::answered:
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
    case AfterCallRow::blocked:
    case AfterCallRow::do_not_text:
    case AfterCallRow::onboarding_number:
      return false;
    case AfterCallRow::forwarding_hides_caller:
    case AfterCallRow::withheld:
    case AfterCallRow::no_sender:
    case AfterCallRow::facts_unknown:
    case AfterCallRow::landline:
    case AfterCallRow::opted_out:
    case AfterCallRow::country_not_allowed:
    case AfterCallRow::paused:
    case AfterCallRow::cost_guard:
    case AfterCallRow::loop_breaker:
    case AfterCallRow::cool_down:
    case AfterCallRow::too_late:
    case AfterCallRow::intake:
    case AfterCallRow::failsafe:
      return true;
  }
  return true;
}

/// What a call that leans on a text shares with it: its caller has a text of ours.
bool has_text(Outcome outcome, AfterCallRow row) {
  return outcome == Outcome::texted || (outcome == Outcome::suppressed && row == AfterCallRow::cool_down);
}

/// The id from which on rows were written at or after that instant. `newest` gives the largest id, `at` the first
/// id that is not less, and when it was written.
std::int64_t first_id_since(Statement& newest, Statement& at, Instant since) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  {
    Rows rows = newest.query();
    if (rows.next()) high = rows.maybe_integer(0).value_or(0) + 1;
  }
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    Rows rows = at.query(middle);
    if (rows.next() && rows.instant(1) < since) {
      low = rows.integer(0) + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Of an even number the lower one of the two: a time that somebody did wait.
std::optional<Duration> median_of(std::vector<Duration> waits) {
  if (waits.empty()) return std::nullopt;
  const auto middle = waits.begin() + static_cast<std::ptrdiff_t>((waits.size() - 1) / 2);
  std::ranges::nth_element(waits, middle);
  return *middle;
}

}  // namespace

WeekStatements::WeekStatements(SQLite::Database& database)
    : calls_ids(database, "SELECT MAX(id) FROM calls"),
      calls_at(database, "SELECT id, first_event_at FROM calls WHERE id >= ? ORDER BY id LIMIT 1"),
      calls(database,
            "SELECT caller, number_text, reason, outcome, ended_at FROM calls WHERE id >= ?1 AND client = ?2 "
            "AND ended_at >= ?3 AND ended_at < ?4 AND reason IS NOT NULL ORDER BY id"),
      texts_ids(database, "SELECT MAX(id) FROM inbound_texts"),
      texts_at(database, "SELECT id, received_at FROM inbound_texts WHERE id >= ? ORDER BY id LIMIT 1"),
      texts(database,
            "SELECT phone, sent_at FROM inbound_texts WHERE id >= ?1 AND client = ?2 AND phone IS NOT NULL "
            "AND taken_as = 'customer' AND sent_at >= ?3"),
      accepted(database,
               "SELECT COUNT(*) FROM decisions WHERE client = ? AND at >= ? AND at < ? AND accepted = 1") {}

ClientWeek SqliteReader::week_of(ClientId client, Instant from, Instant to) {
  struct Customer {
    Instant called_at{};  ///< first
    std::optional<Instant> replied_at{};
  };
  ClientWeek week;
  std::map<E164, Customer> customers;
  const Snapshot snapshot(begin_, end_);
  {
    const std::int64_t first = first_id_since(weeks_.calls_ids, weeks_.calls_at, from - out_of_order_most);
    Rows rows = weeks_.calls.query(first, client, from, to);
    while (rows.next()) {
      const auto row = rows.word<AfterCallRow>(2);
      if (!is_missed(row)) continue;
      ++week.missed_calls;
      const std::optional<Outcome> outcome = rows.maybe_word<Outcome>(3);
      if (outcome && has_text(*outcome, row)) ++week.texted;
      if (const Result<E164> number = E164::parse(rows.text(1))) week.number = *number;
      if (const Result<E164> caller = E164::parse(rows.text(0)))
        customers.try_emplace(*caller, Customer{.called_at = rows.instant(4)});
    }
  }
  {
    const std::int64_t first = first_id_since(weeks_.texts_ids, weeks_.texts_at, from - out_of_order_most);
    Rows rows = weeks_.texts.query(first, client, from);
    while (rows.next()) {
      const auto found = customers.find(rows.phone(0));
      if (found == customers.end() || rows.instant(1) < found->second.called_at) continue;
      std::optional<Instant>& replied_at = found->second.replied_at;
      replied_at = std::min(replied_at.value_or(rows.instant(1)), rows.instant(1));
    }
  }
  std::vector<Duration> waits;
  for (const Customer& customer : std::views::values(customers)) {
    if (customer.replied_at) waits.push_back(*customer.replied_at - customer.called_at);
  }
  week.replied = static_cast<std::int64_t>(waits.size());
  week.median_reply = median_of(std::move(waits));
  Rows rows = weeks_.accepted.query(client, from, to);
  if (rows.next()) week.jobs_accepted = rows.integer(0);
  return week;
}

}  // namespace jobrun::store
