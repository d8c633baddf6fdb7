// An Event as a JSON value, for the spool.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/event.hpp"

namespace jobrun::store {

nlohmann::json event_to_json(const Event& event);

/// Throws std::exception for what event_to_json() never made.
Event event_from_json(const nlohmann::json& object);

}  // namespace jobrun::store
