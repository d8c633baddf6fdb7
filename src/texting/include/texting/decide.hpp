// An inbound text becomes one Commit.
//
// | to | from | taken as | and then |
// |---|---|---|---|
// | any | a phone, with an opt-out word | opt_out, opt_in | the fact, before anything else |
// | a business's number | its owner | owner | kept |
// | a business's number | a number of ours, somebody the business blocks, no phone | set_aside | kept |
// | a business's number | anybody else | customer | his conversation; the owner is told |
// | the sign-up number | anybody | onboarding | kept: no text ever leaves because of it here |
// | nobody's number | a number of ours | set_aside | kept |
// | nobody's number | anybody else | triage | kept for a person; the operator is told, the sender acknowledged |
//
// An acknowledgement leaves once per sender, number and cool-down, where a caller to that number would be texted.
// Nothing else is texted back: the carrier confirms opt-outs itself.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"

namespace jobrun::texting {

/// What a decision may look at besides the facts in the store. Not owned.
struct Surroundings {
  const directory::Snapshot& directory;
  NumberingPlan& numbering_plan;
  const flow::Policy& policy;
};

/// Runs on the writer, inside the batch. A text that is known gives a Commit with `is_duplicate`. Throws what
/// `facts` throws.
Commit decide(const InboundText& text, const Surroundings& around, FactReader& facts, Instant now);

}  // namespace jobrun::texting
