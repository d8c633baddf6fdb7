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
// | nobody's number | anybody else | triage | kept for a person; the operator is told |
//
// Nothing is texted back: the carrier confirms opt-outs itself.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"

namespace jobrun::texting {

/// Runs on the writer, inside the batch. A text that is known gives a Commit with `is_duplicate`. Throws what
/// `facts` throws.
Commit decide(const InboundText& text, const directory::Snapshot& directory, FactReader& facts, Instant now);

}  // namespace jobrun::texting
