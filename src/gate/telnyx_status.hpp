// What a status of a text of ours says that left by Telnyx.
#pragma once

#include <expected>
#include <string_view>

#include "base/event.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

/// `text` is the id in the path. The signature does not cover the path, so a body that names another text's
/// address is refused as wrongly signed.
std::expected<Event, Refusal> telnyx_status_of(TextId text, SendAttempt attempt, std::string_view body);

}  // namespace jobrun::gate
