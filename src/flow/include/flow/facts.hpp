// What is known of a phone and of a number of ours, when it is decided whether the one is texted from the other.
#pragma once

#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "flow/after_call.hpp"
#include "flow/role.hpp"

namespace jobrun::flow {

/// Where it is learned. Not owned.
struct FactSources {
  FactReader& facts;
  NumberingPlan& numbering_plan;
  const Policy& policy;
  TimeZones& time_zones;
};

/// Fills in whether the business works, countries, facts, limits, blocked senders, and the newest first text, of
/// the caller and the number that stand in the situation. Of a caller without a phone there is nothing to know.
/// Throws what the ports throw.
void gather_facts(Situation& situation, const Role& role, const FactSources& sources, Instant now);

}  // namespace jobrun::flow
