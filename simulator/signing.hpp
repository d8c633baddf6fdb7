// Twilio's signature, made by the same function that checks it.
#pragma once

#include <string>
#include <string_view>

#include "parameters.hpp"

namespace jobrun::simulator {

/// The value of `X-Twilio-Signature` for a form POST with these parameters, or, with none, for a GET. `url`
/// is what is requested: query included, fragment not.
std::string twilio_signature(std::string_view auth_token, std::string_view url, const Parameters& parameters);

}  // namespace jobrun::simulator
