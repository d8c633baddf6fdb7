// `jobrun doctor`: whether everything that a missed call needs is in place, from the settings to the carrier.
//
// It looks only: it takes no lock, changes nothing, and works beside a running service, a hanging one and none.
#pragma once

#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/store.hpp"
#include "base/result.hpp"
#include "doctor/checks.hpp"
#include "doctor/drift.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// The numbers that have to point at us: those of the pool, of clients and of the settings. Throws StoreFailure.
doctor::Expected expected_numbers(const Settings& settings, StoreReader& reader);

/// Every row, in the order in which a call needs what it is about. `complete` is what `serve` would read; where
/// that fails, `partial`, what commands read, still leads to the database. Waits for the carrier and the disk,
/// each for a bounded time.
std::vector<doctor::Check> examine(const Result<LoadedSettings>& complete, const Result<LoadedSettings>& partial,
                                   const Clock& clock);

}  // namespace jobrun::app
