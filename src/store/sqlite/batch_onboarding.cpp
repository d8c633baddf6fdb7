// Owners who sign up: their states, the numbers that wait for them, and what calls tell of their forwarding.
#include <algorithm>
#include <charconv>
#include <iterator>

#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

/// Of an E.164 number, without the plus sign.
constexpr std::size_t digits_most = 15;

/// The digits of a prefix as `+44113`; empty when it is none.
std::optional<std::uint64_t> digits_of(std::string_view prefix) {
  if (!prefix.starts_with('+') || prefix.starts_with("+0") || prefix.size() > digits_most + 1) return std::nullopt;
  std::uint64_t digits = 0;
  const char* const end = prefix.data() + prefix.size();
  const auto [read, error] = std::from_chars(std::next(prefix.data()), end, digits);
  if (error != std::errc{} || read != end) return std::nullopt;
  return digits;
}

[[noreturn]] void refuse(const OnboardingChange& change, const std::string& why) {
  throw StoreFailure("the sign-up of " + masked(change.record.owner_phone.text()) + " cannot be written: " + why,
                     StoreFailure::Because::input);
}

}  // namespace

OnboardingStatements::OnboardingStatements(SQLite::Database& database)
    : find(database,
           (std::string("SELECT ") + onboarding_columns + "FROM onboarding_states WHERE owner_phone = ?").c_str()),
      set(database, (std::string("INSERT OR REPLACE INTO onboarding_states (") + onboarding_columns +
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                        .c_str()),
      approve(database, "UPDATE onboarding_states SET approved_at = ?2, due_at = ?2 WHERE owner_phone = ?1"),
      find_available(database,
                     "SELECT number FROM numbers INDEXED BY numbers_available WHERE is_available = 1 "
                     "AND number >= ? AND number <= ? ORDER BY number LIMIT 1"),
      take(database,
           "UPDATE numbers SET role = 'operational', client = ?2, is_available = 0 "
           "WHERE number = ?1 AND is_available = 1"),
      newest_forwarded(database,
                       "SELECT calls.first_event_at FROM forwarded_calls CROSS JOIN calls "
                       "ON calls.id = forwarded_calls.call "
                       "WHERE forwarded_calls.number_text = ?1 AND calls.first_event_at >= ?2"),
      // So many rows at most, for the one writer waits: of calls that were not sent on only those of late matter,
      // and their owner is told to try again.
      newest(database,
             "SELECT first_event_at FROM (SELECT id, number_text, first_event_at, final_status, origin FROM calls "
             "ORDER BY id DESC LIMIT 10000) WHERE number_text = ?1 AND final_status IS NOT NULL "
             "AND origin <> 'canary' AND first_event_at >= ?2 ORDER BY id DESC LIMIT 1") {}

OnboardingRecord onboarding_of(const Rows& rows) {
  return {.owner_phone = rows.phone(0),
          .step = rows.string(1),
          .state = rows.string(2),
          .number = rows.maybe_phone(3),
          .client = rows.maybe_client(4),
          .waiting_since = rows.maybe_instant(5),
          .step_since = rows.instant(6),
          .last_text_at = rows.instant(7),
          .due_at = rows.maybe_instant(8),
          .approved_at = rows.maybe_instant(9)};
}

std::optional<OnboardingRecord> SqliteBatch::find_onboarding(E164 owner_phone) {
  const Step step(*this);
  Rows rows = writer_.onboarding.find.query(owner_phone);
  if (!rows.next()) return std::nullopt;
  return onboarding_of(rows);
}

std::optional<E164> SqliteBatch::lowest_available(std::uint64_t first, std::uint64_t last) {
  Rows rows = writer_.onboarding.find_available.query(E164::from_digits(first), E164::from_digits(last));
  if (!rows.next()) return std::nullopt;
  return rows.phone(0);
}

/// Numbers are kept as integers: those that begin alike are next to each other for each length.
std::optional<E164> SqliteBatch::available_number(std::span<const std::string> prefixes) {
  const Step step(*this);
  for (const std::string& prefix : prefixes) {
    const std::optional<std::uint64_t> digits = digits_of(prefix);
    if (!digits) continue;
    std::uint64_t numbers = 1;  // that begin so and have so many digits
    for (std::size_t length = std::to_string(*digits).size(); length <= digits_most; ++length, numbers *= 10) {
      if (const auto found = lowest_available(*digits * numbers, *digits * numbers + numbers - 1)) return found;
    }
  }
  return lowest_available(0, INT64_MAX);
}

std::optional<CallToNumber> SqliteBatch::call_to_number(E164 number, Instant since) {
  const Step step(*this);
  const std::string text = number.text();
  {
    Rows rows = writer_.onboarding.newest_forwarded.query(text, since);
    if (rows.next()) return CallToNumber{.at = rows.instant(0), .was_forwarded = true};
  }
  Rows rows = writer_.onboarding.newest.query(text, since);
  if (!rows.next()) return std::nullopt;
  return CallToNumber{.at = rows.instant(0), .was_forwarded = false};
}

/// Everything is checked that a caller could have got wrong: what a voice event decides must not come this far.
void SqliteBatch::write_onboarding(const Commit& commit, Instant now) {
  const OnboardingChange& change = *commit.onboarding;
  if (commit.new_call || commit.call || commit.ended) refuse(change, "a call changes nobody's sign-up");
  if (change.record.state.size() > onboarding_state_bytes_max) refuse(change, "its state is too large");
  const std::optional<ClientId> client = write_sign_up(change, now);
  if (client.has_value() != change.record.number.has_value()) {
    refuse(change, "an owner has a client exactly when he has a number");
  }
  const OnboardingRecord& record = change.record;
  writer_.onboarding.set.run(record.owner_phone, record.step, record.state, record.number, client,
                             record.waiting_since, record.step_since, record.last_text_at, record.due_at,
                             record.approved_at);
}

Result<void> SqliteBatch::approve_onboarding(E164 owner_phone, Instant now) {
  const Step step(*this);
  if (writer_.onboarding.approve.change(owner_phone, now) == 1) return {};
  return failure(ErrorKind::not_found, "nobody signs up with the phone " + owner_phone.text());
}

/// The client, made or changed, and his number. An operator may have removed the client meanwhile: then it stays
/// so.
std::optional<ClientId> SqliteBatch::write_sign_up(const OnboardingChange& change, Instant now) {
  std::optional<ClientId> client = change.record.client;
  const bool is_removed = client && !writer_.directory.client_exists.query(*client).next();
  if (change.profile && !is_removed) {
    ClientProfile profile = *change.profile;
    if (client) profile.id = *client;
    const auto written = client ? apply(SetClient{profile}, now) : apply(AddClient{profile}, now);
    if (!written) refuse(change, written.error().message);
    if (!client) client = *written;
  }
  if (!change.takes) return client;
  if (!client || is_removed) refuse(change, "a number is taken for a client");
  if (change.takes != change.record.number) refuse(change, "the number taken is not the one recorded");
  take_number(*change.takes, *client);
  return client;
}

void SqliteBatch::take_number(E164 number, ClientId client) {
  if (writer_.onboarding.take.change(number, client) != 1) {
    throw StoreFailure("the number " + number.text() + " is not available any more", StoreFailure::Because::input);
  }
  writer_.directory.next_version.run();
}

}  // namespace jobrun::store
