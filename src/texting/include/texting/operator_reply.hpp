// An operator's words to a customer of a business, in its name.
#pragma once

#include <optional>
#include <string>

#include "base/commit.hpp"
#include "base/ports/store.hpp"
#include "base/result.hpp"
#include "conversation/state.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

struct OperatorsWords {
  CustomerContact contact;
  std::string cause;  ///< of the text, as in TextId: one promise for each
  std::string words;  ///< at most text_characters_max
};

/// The promised text, from the number that the customer knows, and his conversation as it is then: that somebody
/// of the business writes to him, so that he is not asked by us meanwhile. On the writer. conflict, with a reason
/// for a person, where the customer may not be texted now: all rules hold that hold for texts of our own to him.
Result<Commit> reply_as_operator(const OperatorsWords& reply, const Surroundings& around, FactReader& facts,
                                 Instant now);

/// What is known of the job; empty where nobody has said anything, or it cannot be read.
std::optional<conversation::State> conversation_state_of(const ConversationRecord& record);

}  // namespace jobrun::texting
