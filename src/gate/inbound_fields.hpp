// What a form about a text that came in says.
#pragma once

#include <expected>
#include <string>

#include "base/event.hpp"
#include "gate/form.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

/// `MessageSid` (`SmsSid` stands in for it), `From`, `To`, `Body` and `OptOutType` decide, and may be given once.
/// Only the first has to be there: a text without the others is kept as it came. What is too long is shortened,
/// and a link that is none left out, because the carrier does not repeat what is refused.
std::expected<Event, Refusal> inbound_text_of(const Form& form);

/// The message a form claims to be about, for the log: empty unless it is an id.
std::string claimed_message_sid(const Form& form);

}  // namespace jobrun::gate
