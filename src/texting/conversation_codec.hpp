// A conversation's state as the store keeps it, and back.
#pragma once

#include <optional>

#include "base/conversation_record.hpp"
#include "conversation/state.hpp"

namespace jobrun::texting {

ConversationRecord record_of(const CustomerContact& contact, const conversation::State& state, Instant active_at);

/// Empty for what record_of() never made.
std::optional<conversation::State> state_of(const ConversationRecord& record);

}  // namespace jobrun::texting
