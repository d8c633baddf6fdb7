#pragma once

#include <optional>
#include <string_view>

#include "base/local_time.hpp"
#include "base/time.hpp"

namespace jobrun {

/// What the clocks of the world show. Zones are IANA names, as `Europe/London`.
class TimeZones {
 public:
  virtual ~TimeZones() = default;
  virtual bool knows(std::string_view zone) = 0;
  /// In UTC for a zone that is not known. Cheap: asked on the writer.
  virtual LocalTime local_time(Instant instant, std::string_view zone) = 0;
  /// The next instant at or after `after` when the clocks there show that time; where they skip it, when they
  /// have.
  virtual Instant next(TimeOfDay time, Instant after, std::string_view zone) = 0;
};

}  // namespace jobrun
