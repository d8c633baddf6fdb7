// What a form says about a call's phones that ring, and about a message that its caller leaves.
#pragma once

#include <expected>
#include <string_view>

#include "base/event.hpp"
#include "gate/form.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

// `query`: what stands behind the `?` of the path, which we wrote ourselves and which is signed. What cannot be
// read of it counts as missing.

std::expected<Event, Refusal> phone_picked_up_of(const Form& form, std::string_view query);
std::expected<Event, Refusal> phone_answered_of(const Form& form, std::string_view query);
std::expected<Event, Refusal> ring_end_of(const Form& form, std::string_view query);
/// `step` is what the path says; a status says whether there is a recording at all.
std::expected<Event, Refusal> recording_news_of(const Form& form, std::string_view query, RecordingStep step);

}  // namespace jobrun::gate
