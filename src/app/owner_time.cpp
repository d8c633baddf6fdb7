#include "owner_time.hpp"

#include <chrono>

namespace jobrun::app {
namespace {

constexpr TimeOfDay midnight{0};
constexpr TimeOfDay told_from{8 * 60};
constexpr std::chrono::days week{7};
/// The clocks of no zone are further ahead.
constexpr std::chrono::hours ahead_most{15};

}  // namespace

const std::string& OwnerTime::zone_of(const ClientProfile& owner) const {
  return owner.settings.time_zone.empty() ? service_zone_ : owner.settings.time_zone;
}

std::optional<Instant> OwnerTime::quiet_until(const ClientProfile& owner, Instant now) const {
  const QuietHours& quiet = owner.settings.quiet_hours;
  if (quiet.is_none()) return std::nullopt;
  const std::string& zone = zone_of(owner);
  const TimeOfDay time = zones_.local_time(now, zone).time;
  const int left = quiet.minutes_left(time);
  if (left == 0) return std::nullopt;
  return zones_.next(TimeOfDay{(time.minutes + left) % minutes_of_day}, now, zone);
}

std::optional<OwnersWeek> OwnerTime::week_to_tell(const ClientProfile& owner, Instant now) const {
  const std::string& zone = zone_of(owner);
  const LocalTime local = zones_.local_time(now, zone);
  const std::chrono::days since_monday = local.weekday() - std::chrono::Monday;
  if (since_monday > std::chrono::Wednesday - std::chrono::Monday) return std::nullopt;
  if (since_monday == std::chrono::days{0} && local.time < told_from) return std::nullopt;
  const std::chrono::sys_days end = std::chrono::sys_days{local.date} - since_monday;
  return OwnersWeek{
      .monday = CivilDate{end - week}, .from = start_of(end - week, zone), .to = start_of(end, zone)};
}

/// The first midnight there at which it is that day: some zones are a day ahead of others.
Instant OwnerTime::start_of(std::chrono::sys_days day, const std::string& zone) const {
  Instant start = zones_.next(midnight, Instant{day} - ahead_most, zone);
  while (std::chrono::sys_days{zones_.local_time(start, zone).date} < day) {
    start = zones_.next(midnight, start + std::chrono::hours{1}, zone);
  }
  return start;
}

}  // namespace jobrun::app
