// What the spool and the guard keep, as bytes: CBOR, because a webhook's fields may be any bytes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/ports/spool.hpp"
#include "base/result.hpp"

namespace jobrun::store {

std::string encode(const SpoolRecord& record);

/// `invalid` for bytes that encode() never wrote.
Result<SpoolRecord> decode(std::string_view bytes);

nlohmann::json fact_to_json(const SetPhoneFact& fact);
nlohmann::json blocked_to_json(const BlockedSender& blocked);
/// These throw std::exception for what the two above never made.
SetPhoneFact fact_from_json(const nlohmann::json& object);
BlockedSender blocked_from_json(const nlohmann::json& object);

}  // namespace jobrun::store
