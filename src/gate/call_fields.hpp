// What a form about a call says.
#pragma once

#include <expected>
#include <string>

#include "base/event.hpp"
#include "gate/form.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

/// The call that a form is about.
std::expected<CallDetails, Refusal> call_details_of(const Form& form, Origin origin);

std::expected<Event, Refusal> incoming_call_of(const Form& form);
std::expected<Event, Refusal> call_status_of(const Form& form);

/// The call a form claims to be about, for the log: empty unless it is an id.
std::string claimed_call_sid(const Form& form);

}  // namespace jobrun::gate
