#include "conversation_codec.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "base/utf8.hpp"

namespace jobrun::texting {
namespace {

using conversation::Intake;
using conversation::State;
using nlohmann::json;

/// So that nothing a customer says makes a state too large to be kept.
constexpr std::size_t words_bytes_max = 400;

void put(json& object, const char* key, const std::string& words) {
  if (!words.empty()) object[key] = utf8_prefix(words, words_bytes_max);
}
void put(json& object, const char* key, std::optional<Instant> at) {
  if (at) object[key] = to_unix_ms(*at);
}
template <class Enum>
void put_name(json& object, const char* key, std::optional<Enum> value) {
  if (value) object[key] = name_of(*value);
}

json to_json(const Intake& job) {
  json object{{"intent", name_of(job.intent)}, {"urgency", name_of(job.urgency)}, {"danger", name_of(job.danger)}};
  put_name(object, "topic", job.topic);
  put(object, "job", job.job);
  put(object, "place", job.place);
  put(object, "when", job.when);
  put_name(object, "language", job.language);
  return object;
}

// These throw std::exception for what the above never made.

template <class Enum>
Enum name_in(const json& object, const char* key) {
  const std::optional<Enum> value = parse_name<Enum>(object.at(key).get<std::string>());
  if (!value) throw std::invalid_argument("an unknown word");
  return *value;
}
template <class Enum>
std::optional<Enum> maybe_name_in(const json& object, const char* key) {
  return object.contains(key) ? std::optional(name_in<Enum>(object, key)) : std::nullopt;
}
std::optional<Instant> maybe_instant_in(const json& object, const char* key) {
  return object.contains(key) ? std::optional(from_unix_ms(object.at(key).get<std::int64_t>())) : std::nullopt;
}

Intake job_in(const json& object) {
  Intake job;
  job.intent = name_in<conversation::Intent>(object, "intent");
  job.topic = maybe_name_in<conversation::Topic>(object, "topic");
  job.job = object.value("job", std::string());
  job.place = object.value("place", std::string());
  job.when = object.value("when", std::string());
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
    state.last_customer_text_at = from_unix_ms(object.at("last_customer_text_at").get<std::int64_t>());
    state.told_at = maybe_instant_in(object, "told_at");
    state.decided_at = maybe_instant_in(object, "decided_at");
    state.owner_wrote_at = maybe_instant_in(object, "owner_wrote_at");
    state.replied_at = maybe_instant_in(object, "replied_at");
    state.danger_at = maybe_instant_in(object, "danger_at");
    state.language = record.language;
    return state;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace jobrun::texting
