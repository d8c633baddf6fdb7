// Fields of the JSON that states are kept as. What a field cannot be put for is left out; what is read and is none
// of ours throws std::exception.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"

namespace jobrun::texting {

inline void put(nlohmann::json& object, const char* key, const std::string& words) {
  if (!words.empty()) object[key] = words;
}
inline void put(nlohmann::json& object, const char* key, std::optional<Instant> at) {
  if (at) object[key] = to_unix_ms(*at);
}
template <class Enum>
void put_name(nlohmann::json& object, const char* key, std::optional<Enum> value) {
  if (value) object[key] = name_of(*value);
}

inline std::string words_in(const nlohmann::json& object, const char* key) {
  return object.value(key, std::string());
}
inline Instant instant_in(const nlohmann::json& object, const char* key) {
  return from_unix_ms(object.at(key).get<std::int64_t>());
}
inline std::optional<Instant> maybe_instant_in(const nlohmann::json& object, const char* key) {
  return object.contains(key) ? std::optional(instant_in(object, key)) : std::nullopt;
}
template <class Enum>
Enum name_in(const nlohmann::json& object, const char* key) {
  const std::optional<Enum> value = parse_name<Enum>(object.at(key).get<std::string>());
  if (!value) throw std::invalid_argument("an unknown word");
  return *value;
}
template <class Enum>
std::optional<Enum> maybe_name_in(const nlohmann::json& object, const char* key) {
  return object.contains(key) ? std::optional(name_in<Enum>(object, key)) : std::nullopt;
}

}  // namespace jobrun::texting
