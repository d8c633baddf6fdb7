#include "dates.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace jobrun::carrier {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads from the front; once something did not match, nothing does.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return is_good_ && rest_.empty(); }
  bool is_good() const { return is_good_; }

  bool starts_with(std::string_view expected) const { return is_good_ && rest_.starts_with(expected); }
  Reader& skip(std::string_view expected) {
    is_good_ = is_good_ && rest_.starts_with(expected);
    if (is_good_) rest_.remove_prefix(expected.size());
    return *this;
  }
  int digits(std::size_t count) {
    is_good_ = is_good_ && rest_.size() >= count && std::ranges::all_of(rest_.substr(0, count), is_digit);
    if (!is_good_) return 0;
    int value = 0;
    for (const char c : rest_.substr(0, count)) value = value * 10 + (c - '0');
    rest_.remove_prefix(count);
    return value;
  }
  std::size_t digits_ahead() const {
    return static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_digit) - rest_.begin());
  }
  template <std::size_t size>
  int one_of(const std::array<std::string_view, size>& names) {
    const auto found = std::ranges::find_if(names, [&](std::string_view name) { return starts_with(name); });
    is_good_ = is_good_ && found != names.end();
    if (!is_good_) return 0;
    rest_.remove_prefix(found->size());
    return static_cast<int>(found - names.begin());
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
  bool is_good_ = true;
};

std::optional<Instant> day_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{date}};
}

/// `10:15:30`. A leap second counts as the next second.
std::optional<Duration> read_time(Reader& reader) {
  const int hours = reader.digits(2);
  const int minutes = reader.skip(":").digits(2);
  const int seconds = reader.skip(":").digits(2);
  if (!reader.is_good() || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  return std::chrono::hours{hours} + std::chrono::minutes{minutes} + std::chrono::seconds{seconds};
}

/// `+0100` or `+01:00`: what to take off to be in UTC.
std::optional<Duration> read_offset(Reader& reader, std::string_view separator) {
  const bool is_west = reader.starts_with("-");
  const int hours = reader.skip(is_west ? "-" : "+").digits(2);
  const int minutes = reader.skip(separator).digits(2);
  if (!reader.is_good() || hours > 23 || minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return is_west ? -offset : offset;
}

std::optional<Instant> moment(std::optional<Instant> day, std::optional<Duration> time,
                              std::optional<Duration> offset, const Reader& reader) {
  if (!day || !time || !offset || !reader.is_at_end()) return std::nullopt;
  return *day + *time - *offset;
}

}  // namespace

std::optional<Instant> parse_rfc2822(std::string_view text) {
  Reader reader(text);
  reader.one_of(days);
  const int day = reader.skip(", ").digits(2);
  const int month = reader.skip(" ").one_of(months) + 1;
  const int year = reader.skip(" ").digits(4);
  const std::optional<Duration> time = read_time(reader.skip(" "));
  reader.skip(" ");
  std::optional<Duration> offset = Duration{0};
  if (reader.starts_with("GMT")) {
    reader.skip("GMT");
  } else {
    offset = read_offset(reader, "");
  }
  return moment(day_of(year, month, day), time, offset, reader);
}

std::optional<Instant> parse_iso8601(std::string_view text) {
  Reader reader(text);
  const int year = reader.digits(4);
  const int month = reader.skip("-").digits(2);
  const int day = reader.skip("-").digits(2);
  std::optional<Duration> time = read_time(reader.skip("T"));
  if (reader.starts_with(".")) {
    reader.skip(".");
    const std::size_t count = reader.digits_ahead();
    constexpr std::size_t kept = 3;
    constexpr std::array<int, kept + 1> scale = {0, 100, 10, 1};
    const std::size_t first = std::min(count, kept);
    const int fraction = reader.digits(first) * scale[first];
    for (std::size_t more = first; more < count; ++more) reader.digits(1);
    if (count == 0 || !time) return std::nullopt;
    *time += Duration{fraction};
  }
  std::optional<Duration> offset = Duration{0};
  if (reader.starts_with("Z")) {
    reader.skip("Z");
  } else {
    offset = read_offset(reader, ":");
  }
  return moment(day_of(year, month, day), time, offset, reader);
}

std::string utc_date(Instant instant) {
  constexpr std::size_t length = 10;
  return to_iso8601(instant).substr(0, length);
}

}  // namespace jobrun::carrier
