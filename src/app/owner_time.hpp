// The hours of owners: when one wants to be left alone, and which week he is to be told of.
#pragma once

#include <optional>
#include <string>

#include "base/local_time.hpp"
#include "base/ports/time_zones.hpp"
#include "base/records.hpp"
#include "base/time.hpp"

namespace jobrun::app {

/// A week as an owner lived it, from Monday to before the next.
struct OwnersWeek {
  CivilDate monday;
  Instant from{};
  Instant to{};
};

/// Cheap, and callable on any thread.
class OwnerTime {
 public:
  /// `service_zone` is that of clients who have set none. `zones` outlives it.
  OwnerTime(TimeZones& zones, std::string service_zone) : zones_(zones), service_zone_(std::move(service_zone)) {}

  /// The end of his quiet hours; empty outside of them.
  std::optional<Instant> quiet_until(const ClientProfile& owner, Instant now) const;
  /// The week before, from Monday at eight until the end of Wednesday: a service that was away then still tells
  /// it, and what is older nobody wants to hear.
  std::optional<OwnersWeek> week_to_tell(const ClientProfile& owner, Instant now) const;

 private:
  const std::string& zone_of(const ClientProfile& owner) const;
  Instant start_of(std::chrono::sys_days day, const std::string& zone) const;

  TimeZones& zones_;
  std::string service_zone_;
};

}  // namespace jobrun::app
