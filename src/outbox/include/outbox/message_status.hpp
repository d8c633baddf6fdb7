// What the carrier tells of a text after it took it, and what follows for the text and its call.
//
// A message status carries our own id, so it finds its text even where the carrier's was never learned: a text of
// which nobody knew whether it left was accepted, if a status tells of it. A text that is lost takes its next way
// out; when none is left a person is alerted, as for a text that was refused.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/random.hpp"
#include "base/ports/store.hpp"
#include "outbox/retry_rules.hpp"

namespace jobrun::outbox {

/// What a decision about a message status may look at besides the facts in the store. Not owned.
struct MessageSurroundings {
  const Carrier& carrier;
  Random& random;
  const RetryRules& rules;
};

/// Decides one message status. Runs on the writer, inside the batch. Repeated ones give a Commit with
/// `is_duplicate`, those of texts that are not ours one with `is_ignored`; late ones are kept and change nothing.
Commit decide(const MessageStatusChange& event, const MessageSurroundings& around, FactReader& facts, Instant now);

}  // namespace jobrun::outbox
