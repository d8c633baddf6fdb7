// Names and values in the order given, as forms and query strings carry them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobrun::simulator {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, or empty.
std::string_view value_of(const Parameters& parameters, std::string_view name);
bool has(const Parameters& parameters, std::string_view name);
/// Replaces the first value of that name, or appends.
void set_value(Parameters& parameters, std::string_view name, std::string value);

/// RFC 3986: everything but unreserved characters becomes %XX.
std::string percent_encoded(std::string_view text);
/// `application/x-www-form-urlencoded`, spaces as `+`.
std::string form_encoded(const Parameters& parameters);

}  // namespace jobrun::simulator
