#include "base/time.hpp"

#include <algorithm>
#include <optional>

namespace jobrun {
namespace {

std::string padded(std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

/// Digits alone, as many as there are.
std::optional<int> whole_number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<Instant> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = whole_number(text.substr(0, 4));
  const std::optional<int> month = whole_number(text.substr(5, 2));
  const std::optional<int> day = whole_number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  return date.ok() ? std::optional<Instant>(std::chrono::sys_days{date}) : std::nullopt;
}

/// `10:15:30`, perhaps with `.250`.
std::optional<Duration> time_of_day(std::string_view text) {
  const bool has_fraction = text.size() == 12 && text[8] == '.';
  if (!has_fraction && text.size() != 8) return std::nullopt;
  if (text[2] != ':' || text[5] != ':') return std::nullopt;
  const std::optional<int> hours = whole_number(text.substr(0, 2));
  const std::optional<int> minutes = whole_number(text.substr(3, 2));
  const std::optional<int> seconds = whole_number(text.substr(6, 2));
  const std::optional<int> rest = has_fraction ? whole_number(text.substr(9)) : 0;
  if (!hours || !minutes || !seconds || !rest || *hours > 23 || *minutes > 59 || *seconds > 59)
    return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds} +
         Duration{*rest};
}

}  // namespace

Result<Instant> parse_iso8601(std::string_view text) {
  const std::size_t day_ends = std::min<std::size_t>(text.size(), 10);
  const std::optional<Instant> day = day_of(text.substr(0, day_ends));
  std::string_view rest = text.substr(day_ends);
  if (day && rest.empty()) return *day;
  if (day && rest.front() == 'T' && rest.back() == 'Z') {
    rest = rest.substr(1, rest.size() - 2);
    if (const std::optional<Duration> time = time_of_day(rest)) return *day + *time;
  }
  return invalid("must be a day, as 2026-01-03, or an instant in UTC, as 2026-01-03T10:15:30Z");
}

std::string to_iso8601(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  return padded(static_cast<int>(date.year()), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2) + "T" + padded(time.hours().count(), 2) + ":" +
         padded(time.minutes().count(), 2) + ":" + padded(time.seconds().count(), 2) + "." +
         padded(time.subseconds().count(), 3) + "Z";
}

}  // namespace jobrun
