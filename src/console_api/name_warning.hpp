// A name that makes every text dearer, unnoticed: one curly quote or emoji turns a text from GSM-7 into UCS-2,
// which fits less than half as much into a segment, and the carrier bills segments. Such a name is allowed;
// whoever gives it is told.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/client_settings.hpp"

namespace jobrun::console_api {

/// Which characters of a business's name GSM-7 lacks, what they make of the intake text, and what to write
/// instead. Empty for a name that stays in GSM-7. `name` is valid UTF-8.
///
/// The text is the client's: in its own words and language. Where it has set none, customers may get any, and the
/// one that grows most is told.
std::optional<std::string> warning_about_name(std::string_view name, const ClientSettings& settings);

}  // namespace jobrun::console_api
