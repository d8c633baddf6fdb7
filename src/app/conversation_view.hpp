// What is known of a conversation's job, as the command line and the API show it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/conversation_record.hpp"

namespace jobrun::app {

/// `job`, `topic`, `place`, `when`, `urgency`, `danger`, `told_at`, `decided_at`, `business_wrote_at`; null for
/// what is not there. Null for a record in which nobody has said anything, or that cannot be read.
nlohmann::json conversation_view(const ConversationRecord& record);

}  // namespace jobrun::app
