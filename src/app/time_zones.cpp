#include "time_zones.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace jobrun::app {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;

/// The instants when the clocks of a zone show a time of a date: one; two where it is repeated; where it is
/// skipped, the one when they skip it.
std::vector<Instant> instants_of(const date::time_zone& zone, date::local_seconds shown) {
  const date::local_info info = zone.get_info(shown);
  const auto by = [&](const date::sys_info& period) { return Instant{shown.time_since_epoch() - period.offset}; };
  if (info.result == date::local_info::nonexistent) return {Instant{info.first.end}};
  if (info.result == date::local_info::ambiguous) return {by(info.first), by(info.second)};
  return {by(info.first)};
}

class TimeZonesOfTheSystem final : public TimeZones {
 public:
  bool knows(std::string_view zone) override { return find(zone) != nullptr; }

  LocalTime local_time(Instant instant, std::string_view zone) override {
    const seconds shown = shown_at(instant, find(zone));
    const days day = floor<days>(shown);
    return {CivilDate{std::chrono::sys_days{day}},
            TimeOfDay{static_cast<int>(floor<minutes>(shown - day).count())}};
  }

  Instant next(TimeOfDay time, Instant after, std::string_view zone) override {
    const date::time_zone* found = find(zone);
    const days today = floor<days>(shown_at(after, found));
    // From the day before, whose end is today's midnight, to where a skipped day cannot reach.
    for (days day = today - days{1}; day <= today + days{3}; day += days{1}) {
      const date::local_seconds shown{day + minutes{time.minutes}};
      const std::vector<Instant> instants =
          found ? instants_of(*found, shown) : std::vector{Instant{shown.time_since_epoch()}};
      const auto first = std::ranges::find_if(instants, [&](Instant each) { return each >= after; });
      if (first != instants.end()) return *first;
    }
    return after;
  }

 private:
  static seconds shown_at(Instant instant, const date::time_zone* zone) {
    const auto second = floor<seconds>(instant);
    return zone ? zone->to_local(second).time_since_epoch() : second.time_since_epoch();
  }

  /// Null for one that is not known.
  const date::time_zone* find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto known = zones_.find(name); known != zones_.end()) return known->second;
    // Names are settings, which anybody may have mistyped: what is remembered of these stays bounded.
    constexpr std::size_t names_max = 2'000;
    if (zones_.size() >= names_max) zones_.clear();
    return zones_.emplace(std::string(name), look_up(name)).first->second;
  }

  static const date::time_zone* look_up(std::string_view name) {
    try {
      const date::time_zone* zone = date::locate_zone(name);
      // Its file is read at the first question; one that cannot be read is not known.
      (void)zone->get_info(date::sys_seconds{});
      return zone;
    } catch (const std::exception&) {
      return nullptr;
    }
  }

  std::mutex mutex_;
  std::map<std::string, const date::time_zone*, std::less<>> zones_;  ///< pointers live as long as the program
};

}  // namespace

std::unique_ptr<TimeZones> make_time_zones() {
  return std::make_unique<TimeZonesOfTheSystem>();
}

}  // namespace jobrun::app
