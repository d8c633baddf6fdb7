#include "base/opening_hours.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

/// The parts between the separators, trimmed.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::unexpected<Error> no_hours(std::string_view text) {
  return invalid("'" + quotable(text, 40) + "' are no hours; write them as Mon-Fri 08:00-17:30, Sat 09:00-12:00");
}

std::optional<std::size_t> day_of(std::string_view text) {
  const std::string name = lower(text);
  if (name.size() < 3) return std::nullopt;
  for (std::size_t day = 0; day < day_names.size(); ++day) {
    if (day_names.at(day).starts_with(name)) return day;
  }
  return std::nullopt;
}

/// The days from the first to the last, over the weekend where that is earlier.
std::optional<std::vector<std::size_t>> days_of(std::string_view text) {
  const std::vector<std::string_view> ends = parts_of(text, '-');
  if (ends.size() > 2) return std::nullopt;
  const std::optional<std::size_t> first = day_of(ends.front());
  const std::optional<std::size_t> last = day_of(ends.back());
  if (!first || !last) return std::nullopt;
  std::vector<std::size_t> days;
  for (std::size_t day = *first; true; day = (day + 1) % 7) {
    days.push_back(day);
    if (day == *last) return days;
  }
}

std::optional<TimeSpan> span_of(std::string_view text) {
  const std::vector<std::string_view> ends = parts_of(text, '-');
  if (ends.size() != 2) return std::nullopt;
  const Result<TimeOfDay> from = parse_time_of_day(ends.front());
  const Result<TimeOfDay> to = parse_time_of_day(ends.back());
  if (!from || !to) return std::nullopt;
  return TimeSpan{*from, *to};
}

/// Where the days end: at the first hour, be it a word.
std::size_t start_of_times(std::string_view group) {
  std::size_t start = group.find_first_of("0123456789");
  for (const std::string_view word : {"noon", "midday", "midnight"})
    start = std::min(start, lower(group).find(word));
  return start;
}

/// In order; false when two of them meet.
bool put_in_order(std::vector<TimeSpan>& spans) {
  std::ranges::sort(spans, {}, &TimeSpan::from);
  for (std::size_t at = 1; at < spans.size(); ++at) {
    if (spans.at(at).from < spans.at(at - 1).to) return false;
  }
  return true;
}

std::string text_of(const std::vector<TimeSpan>& spans) {
  std::string text;
  for (const TimeSpan& span : spans) {
    text += (text.empty() ? "" : "+") + to_text(span.from) + "-" + to_text(span.to);
  }
  return text;
}

std::string short_name(std::size_t day) {
  std::string name(day_names.at(day).substr(0, 3));
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

}  // namespace

Result<OpeningHours> OpeningHours::parse(std::string_view text) {
  constexpr std::size_t bytes_max = 500;  // more than text() ever has
  constexpr std::size_t spans_max = 4;
  text = trimmed(text);
  OpeningHours hours;
  if (text.empty() || lower(text) == "always") return hours;
  if (text.size() > bytes_max) return no_hours(text);
  for (const std::string_view group : parts_of(text, ',')) {
    const std::size_t start = start_of_times(group);
    if (start == std::string_view::npos) return no_hours(group);
    const auto days = days_of(trimmed(group.substr(0, start)));
    if (!days) return no_hours(group);
    for (const std::string_view part : parts_of(group.substr(start), '+')) {
      const std::optional<TimeSpan> span = span_of(part);
      if (!span || span->from >= span->to) return no_hours(group);
      for (const std::size_t day : *days) hours.days_.at(day).push_back(*span);
    }
  }
  for (std::vector<TimeSpan>& spans : hours.days_) {
    if (!put_in_order(spans) || spans.size() > spans_max) return no_hours(text);
  }
  return hours;
}

std::string OpeningHours::text() const {
  std::string text;
  for (std::size_t day = 0; day < days_.size(); ++day) {
    const std::vector<TimeSpan>& spans = days_.at(day);
    if (spans.empty() || (day > 0 && days_.at(day - 1) == spans)) continue;
    std::size_t last = day;
    while (last + 1 < days_.size() && days_.at(last + 1) == spans) ++last;
    text += (text.empty() ? "" : ", ") + short_name(day) + (last > day ? "-" + short_name(last) : "") + " " +
            text_of(spans);
  }
  return text;
}

bool OpeningHours::is_always() const {
  return std::ranges::all_of(days_, [](const auto& spans) { return spans.empty(); });
}

bool OpeningHours::contains(const LocalTime& time) const {
  if (is_always()) return true;
  const std::vector<TimeSpan>& spans = days_.at(time.weekday().iso_encoding() - 1);
  return std::ranges::any_of(spans,
                             [&](const TimeSpan& span) { return span.from <= time.time && time.time < span.to; });
}

Result<QuietHours> QuietHours::parse(std::string_view text) {
  text = trimmed(text);
  QuietHours hours;
  if (text.empty() || lower(text) == "none") return hours;
  const std::optional<TimeSpan> span = span_of(text);
  if (!span || span->from == span->to) {
    return invalid("'" + quotable(text, 40) + "' are no quiet hours; write them as 22:00-07:00");
  }
  hours.span_ = *span;
  return hours;
}

std::string QuietHours::text() const {
  return is_none() ? std::string() : to_text(span_.from) + "-" + to_text(span_.to);
}

bool QuietHours::contains(TimeOfDay time) const {
  if (span_.from <= span_.to) return span_.from <= time && time < span_.to;
  return time >= span_.from || time < span_.to;
}

int QuietHours::minutes_left(TimeOfDay time) const {
  if (!contains(time)) return 0;
  const int left = span_.to.minutes - time.minutes;
  return left > 0 ? left : left + minutes_of_day;
}

}  // namespace jobrun
