// Points in time and spans, always UTC. Nothing here reads a clock: instants are passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobrun {

using Duration = std::chrono::milliseconds;

/// A point in UTC time, to the millisecond.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Milliseconds since 1970-01-01T00:00:00Z, as the database and JSON keep instants.
constexpr std::int64_t to_unix_ms(Instant instant) {
  return instant.time_since_epoch().count();
}
constexpr Instant from_unix_ms(std::int64_t ms) {
  return Instant{Duration{ms}};
}

/// Days since 1970-01-01 in UTC: the day a daily limit is counted in.
constexpr std::int64_t utc_day(Instant instant) {
  return std::chrono::floor<std::chrono::days>(instant).time_since_epoch().count();
}

/// `2026-01-03T10:15:30.250Z`.
std::string to_iso8601(Instant instant);

/// `2026-01-03`, the beginning of that day in UTC, or what to_iso8601() writes, with or without milliseconds.
Result<Instant> parse_iso8601(std::string_view text);

}  // namespace jobrun
