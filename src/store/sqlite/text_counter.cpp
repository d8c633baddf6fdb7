#include "sqlite/text_counter.hpp"

namespace jobrun::store {
namespace {

constexpr std::size_t counts_most = 4'096;
constexpr std::int64_t everybody = 0;

/// A country's place among the counts: its two letters as one negative number. Empty for no country.
std::optional<std::int64_t> place_of(std::string_view country) {
  constexpr std::int64_t letters = 256;
  if (country.size() != 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(country[0]);
  const auto second = static_cast<unsigned char>(country[1]);
  return -(first * letters + second);
}

}  // namespace

TextCounter::TextCounter(SQLite::Database& database)
    : find_(database, "SELECT texts FROM text_counts WHERE day = ? AND whose = ?"),
      write_(database,
             "INSERT INTO text_counts (day, whose, texts) VALUES (?, ?, ?) "
             "ON CONFLICT DO UPDATE SET texts = excluded.texts") {}

TextCounter::Count& TextCounter::count_of(Key key) {
  const auto known = counts_.find(key);
  if (known != counts_.end()) return known->second;
  Rows rows = find_.query(key.day, key.whose);
  return counts_.emplace(key, Count{.texts = rows.next() ? rows.integer(0) : 0}).first->second;
}

TextCounts TextCounter::counts(std::optional<ClientId> client, std::string_view country, std::int64_t day) {
  TextCounts counts;
  counts.service = count_of({day, everybody}).texts;
  if (client) counts.client = count_of({day, client->value}).texts;
  if (const auto place = place_of(country)) counts.country = count_of({day, *place}).texts;
  return counts;
}

void TextCounter::add(std::optional<ClientId> client, std::string_view country, std::int64_t day) {
  const auto add_to = [this](Key key) {
    Count& count = count_of(key);
    ++count.texts;
    count.is_written = false;
    added_.push_back(key);
  };
  add_to({day, everybody});
  if (client) add_to({day, client->value});
  if (const auto place = place_of(country)) add_to({day, *place});
}

void TextCounter::undo_to(std::size_t mark) {
  while (added_.size() > mark) {
    --counts_.at(added_.back()).texts;
    added_.pop_back();
  }
}

void TextCounter::flush() {
  for (const Key key : added_) {
    Count& count = counts_.at(key);
    if (count.is_written) continue;
    write_.run(key.day, key.whose, count.texts);
    count.is_written = true;
  }
}

void TextCounter::keep() {
  added_.clear();
  if (counts_.size() > counts_most) counts_.clear();
}

void TextCounter::forget() {
  added_.clear();
  counts_.clear();
}

}  // namespace jobrun::store
