// A text that the carrier took and then lost: what follows, however it was learned - by a status, or by a status
// that came before the answer or the look-up which bound its message.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/metric.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/random.hpp"
#include "base/ports/store.hpp"
#include "next_step.hpp"

namespace jobrun::outbox {

struct Loss {
  TextLoss loss;
  Consequences consequences;
  std::optional<SetPhoneFact> learned;
};

Loss loss_of(const TextRecord& text, const Refused& why, const RetryRules& rules, Instant now, Random& random);

/// The text as that request had it: with the way that it took.
TextRecord as_requested(TextRecord text, SendAttempt attempt);

/// What is counted once it is durable.
std::vector<Count> counts_of(const Loss& loss, const TextRecord& text);

/// The loss of the message that an accepted text became, if statuses have told of it already.
std::optional<Loss> told_loss(FactReader& facts, const TextRecord& text, std::string_view message_sid,
                              const Carrier& carrier, const RetryRules& rules, Instant now, Random& random);

/// Writes what a refusal or a loss means beyond the text.
void write_consequences(StoreBatch& batch, const Consequences& consequences, Instant now);

/// Writes it all. Returns the text if it was promised again.
std::optional<TextRecord> write_loss(StoreBatch& batch, const TextRecord& text, const Loss& loss, Instant now);

}  // namespace jobrun::outbox
