// Answers as people read them on a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace jobrun::app {

/// Columns as wide as their widest cell, two spaces between. The first row is the heading.
std::string aligned_table(const std::vector<std::vector<std::string>>& rows);

/// What a terminal may show: control characters (also those that steer it) become '?'.
std::string terminal_safe(std::string_view text);

std::string render_client(const nlohmann::json& client);
std::string render_clients(const nlohmann::json& clients);
std::string render_numbers(const nlohmann::json& numbers);
std::string render_calls(const nlohmann::json& calls);
/// A call's head, its texts and its timeline, oldest first.
std::string render_timeline(const nlohmann::json& call);
std::string render_incidents(const nlohmann::json& incidents);
/// One line, then the wrong lines of an import if there are any.
std::string render_error(const nlohmann::json& error);

}  // namespace jobrun::app
