// Moments as carriers write them, in two of the formats that a system library reads only in its own locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace jobrun::carrier {

/// `Sat, 03 Jan 2026 10:15:30 +0000`; the zone may be `GMT` or any other offset. Empty for anything else.
std::optional<Instant> parse_rfc2822(std::string_view text);

/// `2026-01-03T10:15:30Z`, `2026-01-03T10:15:30.401+00:00`: cut to the millisecond. Empty for anything else.
std::optional<Instant> parse_iso8601(std::string_view text);

/// `2026-01-03`: the day in UTC.
std::string utc_date(Instant instant);

}  // namespace jobrun::carrier
