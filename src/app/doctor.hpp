// `jobrun doctor`: whether everything that a missed call needs is in place, from the settings to the carrier.
//
// It looks only: it takes no lock, changes nothing, and works beside a running service, a hanging one and none.
// What
// `--fix` then changes is the carrier's, and in mending.hpp.
#pragma once

#include <optional>
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

/// What of the account needs a person.
doctor::AccountRules account_rules(const Settings& settings);

/// What a look has found.
struct Examination {
  std::vector<doctor::Check> checks;
  /// What the carrier said; empty: it was not asked.
  std::optional<doctor::CarrierFacts> carrier{};
  std::optional<AccountFacts> account{};
  Result<doctor::Expected> expected = failure(ErrorKind::unavailable, "which numbers are ours was not looked at");
};

/// Every row, in the order in which a call needs what it is about. `complete` is what `serve` would read; where
/// that fails, `partial`, what commands read, still leads to the database. Waits for the carrier and the disk,
/// each for a bounded time.
Examination examine(const Result<LoadedSettings>& complete, const Result<LoadedSettings>& partial,
                    const Clock& clock);

}  // namespace jobrun::app
