// What a text is for: a job, or thanks, a question, a cancellation.
#pragma once

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

/// What is already known of a text when it is asked what it is for.
struct Known {
  const TopicMark* topic = nullptr;  ///< none: no job is named
  bool is_danger = false;
  bool has_place = false;
  bool has_wish = false;
  bool has_urgency = false;
};

struct IntentFound {
  Intent intent = Intent::chat;
  Span span{};  ///< the words that led to it; empty where it is all of them
};

/// Danger is always a job.
IntentFound find_intent(const Reading& reading, const Known& known);

}  // namespace jobrun::conversation
