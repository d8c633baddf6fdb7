// What happened while the store was away, done once more.
#pragma once

#include <vector>

#include "base/ports/decider.hpp"
#include "base/ports/spool.hpp"
#include "base/ports/store.hpp"

namespace jobrun::ledger {

/// Does the step to its text, whatever row that has there. A step that was done already changes nothing. A text
/// that was started and is not there is promised, and counted: it has left.
void apply(const SpooledStep& taken, StoreBatch& batch, std::vector<Count>& counts);

/// The decision on a spooled event, with exactly the text that was promised because of it then, or with none.
Commit as_decided_then(Commit commit, const SpooledEvent& event);

}  // namespace jobrun::ledger
