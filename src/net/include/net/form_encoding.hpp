#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobrun::net {

/// `application/x-www-form-urlencoded`: unreserved characters as they are, a space as '+', every other byte
/// as %XX.
std::string form_encoded(const std::vector<std::pair<std::string, std::string>>& fields);

/// The same for one segment of a path: a space as %20.
std::string path_encoded(std::string_view text);

}  // namespace jobrun::net
