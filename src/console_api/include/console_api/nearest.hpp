#pragma once

#include <span>
#include <string>
#include <string_view>

namespace jobrun::console_api {

/// The candidate most like `name`, for "did you mean"; empty when none is near.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace jobrun::console_api
