// When a business is open, and when its owner wants to hear nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/local_time.hpp"
#include "base/result.hpp"

namespace jobrun {

/// From a time of day to a later one; the end does not belong to it.
struct TimeSpan {
  TimeOfDay from{};
  TimeOfDay to{};
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// The hours of a week. Empty: always open.
class OpeningHours {
 public:
  /// `Mon-Fri 08:00-17:30, Sat 9-12`: days or spans of days (English, three letters or more), then spans of time,
  /// several of them joined by `+`; a day that is not named is closed. Empty, or `always`: always open.
  static Result<OpeningHours> parse(std::string_view text);

  /// In the form that parse() reads.
  std::string text() const;
  bool is_always() const;
  bool contains(const LocalTime& time) const;

  friend bool operator==(const OpeningHours&, const OpeningHours&) = default;

 private:
  std::array<std::vector<TimeSpan>, 7> days_;  ///< Monday first; spans in order, apart from each other
};

/// Hours of every day, perhaps across midnight. Empty: none.
class QuietHours {
 public:
  /// `22:00-07:00`; empty, or `none`: none.
  static Result<QuietHours> parse(std::string_view text);
  std::string text() const;
  bool is_none() const { return span_.from == span_.to; }
  bool contains(TimeOfDay time) const;
  /// How long they still last, in minutes; 0 outside of them.
  int minutes_left(TimeOfDay time) const;

  friend bool operator==(const QuietHours&, const QuietHours&) = default;

 private:
  TimeSpan span_{};  ///< `to` may be before `from`
};

}  // namespace jobrun
