#pragma once

#include <string_view>

namespace jobrun::console_api {

/// True for the two capital letters of a country in ISO 3166-1, and for the codes numbering plans use beside
/// it: Kosovo (XK), Ascension (AC), Tristan da Cunha (TA).
bool is_country_code(std::string_view text);

}  // namespace jobrun::console_api
