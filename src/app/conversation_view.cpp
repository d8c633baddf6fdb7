#include "conversation_view.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "texting/operator_reply.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;

json or_null(const std::string& words) {
  return words.empty() ? json(nullptr) : json(words);
}

json moment(const std::optional<Instant>& at) {
  return at ? json(to_iso8601(*at)) : json(nullptr);
}

}  // namespace

json conversation_view(const ConversationRecord& record) {
  const std::optional<conversation::State> state = texting::conversation_state_of(record);
  if (!state) return nullptr;
  const conversation::Intake& job = state->job;
  return {{"job", or_null(job.job)},
          {"topic", job.topic ? json(name_of(*job.topic)) : json(nullptr)},
          {"place", or_null(job.place)},
          {"when", or_null(job.when)},
          {"urgency", name_of(job.urgency)},
          {"danger", name_of(job.danger)},
          {"told_at", moment(state->told_at)},
          {"decided_at", moment(state->decided_at)},
          {"business_wrote_at", moment(state->owner_wrote_at)}};
}

}  // namespace jobrun::app
