#include "conversation_codec.hpp"

#include <string>

#include "base/utf8.hpp"
#include "json_fields.hpp"

namespace jobrun::texting {
namespace {

using conversation::Intake;
using conversation::State;
using nlohmann::json;

/// So that nothing a customer says makes a state too large to be kept.
std::string bounded(const std::string& words) {
  constexpr std::size_t bytes_max = 400;
  return std::string(utf8_prefix(words, bytes_max));
}

json to_json(const Intake& job) {
  json object{{"intent", name_of(job.intent)}, {"urgency", name_of(job.urgency)}, {"danger", name_of(job.danger)}};
  put_name(object, "topic", job.topic);
  put(object, "job", bounded(job.job));
  put(object, "place", bounded(job.place));
  put(object, "when", bounded(job.when));
  put_name(object, "language", job.language);
  return object;
}

Intake job_in(const json& object) {
  Intake job;
  job.intent = name_in<conversation::Intent>(object, "intent");
  job.topic = maybe_name_in<conversation::Topic>(object, "topic");
  job.job = words_in(object, "job");
  job.place = words_in(object, "place");
  job.when = words_in(object, "when");
  job.urgency = name_in<conversation::Urgency>(object, "urgency");
  job.danger = name_in<conversation::Danger>(object, "danger");
  job.language = maybe_name_in<Locale>(object, "language");
  return job;
}

}  // namespace

ConversationRecord record_of(const CustomerContact& contact, const State& state, Instant active_at) {
  json object{{"job", to_json(state.job)},
              {"was_asked", state.was_asked},
              {"last_customer_text_at", to_unix_ms(state.last_customer_text_at)}};
  put(object, "told_at", state.told_at);
  put(object, "decided_at", state.decided_at);
  put(object, "owner_wrote_at", state.owner_wrote_at);
  put(object, "replied_at", state.replied_at);
  put(object, "danger_at", state.danger_at);
  put(object, "counted_from", state.counted_from);
  if (state.counted > 0) object["counted"] = state.counted;
  return {.contact = contact,
          .step = std::string(name_of(state.step)),
          .state = object.dump(-1, ' ', false, json::error_handler_t::replace),
          .language = state.language,
          .active_at = active_at};
}

std::optional<State> state_of(const ConversationRecord& record) {
  try {
    const json object = json::parse(record.state);
    const auto step = parse_name<conversation::Step>(record.step);
    if (!step) return std::nullopt;
    State state;
    state.step = *step;
    state.job = job_in(object.at("job"));
    state.was_asked = object.at("was_asked").get<bool>();
    state.last_customer_text_at = instant_in(object, "last_customer_text_at");
    state.told_at = maybe_instant_in(object, "told_at");
    state.decided_at = maybe_instant_in(object, "decided_at");
    state.owner_wrote_at = maybe_instant_in(object, "owner_wrote_at");
    state.replied_at = maybe_instant_in(object, "replied_at");
    state.danger_at = maybe_instant_in(object, "danger_at");
    state.counted_from = maybe_instant_in(object, "counted_from");
    state.counted = object.value("counted", 0);
    state.language = record.language;
    return state;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace jobrun::texting
