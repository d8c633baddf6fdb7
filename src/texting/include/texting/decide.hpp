// An inbound text becomes one Commit.
//
// | to | from | taken as | and then |
// |---|---|---|---|
// | any | a phone, with an opt-out word | opt_out, opt_in | the fact, before anything else |
// | a business's number | its owner | owner | kept |
// | a business's number | a number of ours, somebody the business blocks, no phone | set_aside | kept |
// | a business's number | anybody else | customer | his conversation; the owner is told |
// | the sign-up number | a number of ours, no phone | set_aside | kept |
// | the sign-up number | anybody else | onboarding | his sign-up goes on; he is answered |
// | nobody's number | a number of ours | set_aside | kept |
// | nobody's number | anybody else | triage | kept for a person; the operator is told, the sender acknowledged |
//
// An acknowledgement leaves once per sender, number and cool-down, where a caller to that number would be texted;
// an owner who signs up is answered where he would be. Nothing else is texted back: the carrier confirms opt-outs
// itself.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "onboarding/turn.hpp"

namespace jobrun::texting {

/// Who gets a number once he has confirmed his answers.
struct SignUpPolicy {
  onboarding::Activation activation = onboarding::Activation::open;
  std::set<std::string, std::less<>> invite_codes;  ///< capitals and digits
};

/// What a decision may look at besides the facts in the store. Not owned.
struct Surroundings {
  const directory::Snapshot& directory;
  NumberingPlan& numbering_plan;
  const flow::Policy& policy;
  const SignUpPolicy& sign_up;
  TimeZones& time_zones;
};

/// Runs on the writer, inside the batch. A text that is known gives a Commit with `is_duplicate`. Throws what
/// `facts` throws.
Commit decide(const InboundText& text, const Surroundings& around, FactReader& facts, Instant now);

}  // namespace jobrun::texting
