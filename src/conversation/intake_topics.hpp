// Which of the jobs that a text names is its topic.
#pragma once

#include <optional>
#include <vector>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

/// The first that is named among the surest; none of those that only say where: a street, or a danger's room. A
/// danger names its own topic where nothing is named that it may come from.
std::optional<TopicMark> find_topic(const Reading& reading, const std::vector<Span>& places, Danger danger);

}  // namespace jobrun::conversation
