// A variant per number role: adding a role breaks the build until every decision handles it.
#pragma once

#include <variant>

#include "base/call.hpp"
#include "base/records.hpp"

namespace jobrun::flow {

/// A business's own number. `client` is null for the data error "operational without a client": such a
/// caller is served by the fail-safe text. Not owned; outlives the decision.
struct Operational {
  const ClientProfile* client = nullptr;
};

/// Ours: owners sign up here by text. A voice call never causes a text.
struct Onboarding {};

/// Nobody's yet. `is_known` tells a number registered for tests or forwarding from a stranger.
struct System {
  bool is_known = false;
};

using Role = std::variant<Operational, Onboarding, System>;

/// The business whose number was called; null for SYSTEM, ONBOARDING and orphans.
const ClientProfile* client_of(const Role& role);

}  // namespace jobrun::flow
