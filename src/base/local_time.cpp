#include "base/local_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <optional>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

/// The number that the text begins with, of at most `digits_max` digits; takes it off.
std::optional<int> take_number(std::string_view& text, std::size_t digits_max) {
  std::size_t size = 0;
  int value = 0;
  while (size < text.size() && size < digits_max && text[size] >= '0' && text[size] <= '9') {
    value = value * 10 + (text[size] - '0');
    ++size;
  }
  if (size == 0) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

std::string lower_without_spaces(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != ' ' && c != '\t') kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return kept;
}

std::unexpected<Error> no_time(std::string_view text) {
  return invalid("'" + quotable(text, 20) + "' is not a time of day; write it as 17:30 or 5pm");
}

/// Of twelve hours; empty when there is no such hour.
std::optional<int> by_half_day(int hour, bool is_afternoon) {
  if (hour < 1 || hour > 12) return std::nullopt;
  return hour % 12 + (is_afternoon ? 12 : 0);
}

}  // namespace

Result<CivilDate> parse_date(std::string_view text) {
  const auto wrong = [&] { return invalid("'" + quotable(text, 20) + "' is not a date; write it as 2026-12-25"); };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return wrong();
  std::array<int, 3> parts{};
  std::string_view left = text;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) left.remove_prefix(1);
    const std::optional<int> number = take_number(left, at == 0 ? 4 : 2);
    if (!number) return wrong();
    parts.at(at) = *number;
  }
  const CivilDate date{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                       std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!left.empty() || !date.ok() || parts[0] < 1970 || parts[0] > 2999) return wrong();
  return date;
}

std::string to_text(CivilDate date) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out.data();
}

Result<TimeOfDay> parse_time_of_day(std::string_view text) {
  const std::string kept = lower_without_spaces(text.substr(0, 40));
  if (kept == "noon" || kept == "midday") return TimeOfDay{minutes_of_day / 2};
  if (kept == "midnight") return TimeOfDay{minutes_of_day};
  std::string_view left = kept;
  std::optional<int> hour = take_number(left, 2);
  if (!hour) return no_time(text);
  int minute = 0;
  if (!left.empty() && (left.front() == ':' || left.front() == '.')) {
    left.remove_prefix(1);
    const std::size_t size = left.size();
    const std::optional<int> told = take_number(left, 2);
    if (!told || *told > 59 || size - left.size() != 2) return no_time(text);
    minute = *told;
  }
  if (left == "am" || left == "a.m." || left == "pm" || left == "p.m.") {
    hour = by_half_day(*hour, left.front() == 'p');
    left = {};
  }
  if (!hour || !left.empty() || *hour * 60 + minute > minutes_of_day) return no_time(text);
  return TimeOfDay{*hour * 60 + minute};
}

std::string to_text(TimeOfDay time) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%02d:%02d", time.minutes / 60, time.minutes % 60);
  return out.data();
}

}  // namespace jobrun
