// How the public URL looks from this machine, as far as it can be known on this side of it.
#pragma once

#include <vector>

#include "base/ports/clock.hpp"
#include "doctor/checks.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// The row `reachable` and, where the URL is https, `certificates`. Resolves the URL's host, and asks it for
/// `/healthz`; waits as long as the system's resolver is set to, and then 8 s at most.
std::vector<doctor::Check> outside_checks(const Settings& settings, const Clock& clock);

}  // namespace jobrun::app
