// Fields of a record that is kept as a JSON value. What reads throws std::exception for what is missing or no
// value of ours.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun::store {

template <class Enum>
Enum named(const nlohmann::json& object, const char* key) {
  const std::optional<Enum> value = parse_name<Enum>(object.at(key).get<std::string>());
  if (!value) throw std::invalid_argument(std::string("an unknown word in ") + key);
  return *value;
}

inline void put_phone(nlohmann::json& object, const char* key, const std::optional<E164>& phone) {
  if (phone) object[key] = phone->digits();
}

inline std::optional<E164> phone_in(const nlohmann::json& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  return E164::from_digits(object.at(key).get<std::uint64_t>());
}

inline std::optional<Instant> instant_in(const nlohmann::json& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  return from_unix_ms(object.at(key).get<std::int64_t>());
}

inline CallSid sid_in(const nlohmann::json& object, const char* key) {
  Result<CallSid> parsed = CallSid::parse(object.at(key).get<std::string>());
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return *parsed;
}

inline TextId text_id_in(const nlohmann::json& object, const char* key) {
  Result<TextId> parsed = TextId::parse(object.at(key).get<std::string>());
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return *parsed;
}

inline E164 certain_phone_in(const nlohmann::json& object, const char* key) {
  return E164::from_digits(object.at(key).get<std::uint64_t>());
}

inline void put_client(nlohmann::json& object, const std::optional<ClientId>& client) {
  if (client) object["client"] = client->value;
}

inline std::optional<ClientId> client_in(const nlohmann::json& object) {
  if (!object.contains("client")) return std::nullopt;
  return ClientId{object.at("client").get<std::int64_t>()};
}

}  // namespace jobrun::store
