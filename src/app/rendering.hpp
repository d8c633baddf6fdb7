// Answers as people read them on a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace jobrun::app {

/// Columns as wide as their widest cell, and at least `widths`; two spaces between.
std::string aligned_table(const std::vector<std::vector<std::string>>& rows, std::vector<std::size_t> widths = {});

/// What a terminal may show: control characters (also those that steer it) become '?'.
std::string terminal_safe(std::string_view text);

std::string render_client(const nlohmann::json& client);
/// One page of a list; the first has the heading.
std::string render_clients(const nlohmann::json& clients, bool is_first_page);
std::string render_numbers(const nlohmann::json& numbers, bool is_first_page);
std::string render_calls(const nlohmann::json& calls);
std::string render_texts(const nlohmann::json& texts);
/// A call's head, its texts and its timeline, oldest first.
std::string render_timeline(const nlohmann::json& call);
std::string render_incidents(const nlohmann::json& incidents);
std::string render_senders(const nlohmann::json& senders);
std::string render_people(const nlohmann::json& people, bool is_first_page);
std::string render_preview(const nlohmann::json& phrases);
std::string render_conversations(const nlohmann::json& conversations);
std::string render_talk(const nlohmann::json& conversation);
/// Of a whole conversation, in the order of its talk, numbered from 1.
nlohmann::json media_of_talk(const nlohmann::json& conversation);
std::string render_media(const nlohmann::json& media);
std::string render_triage(const nlohmann::json& texts);
/// Each number, what to do about it, and the texts of its callers.
std::string render_failsafe(const nlohmann::json& report);
std::string render_erased(const nlohmann::json& erased);
std::string render_owners(const nlohmann::json& owners);
/// Each check, and below it what to do.
std::string render_checks(const nlohmann::json& report);
/// One line, then the wrong lines of an import if there are any.
std::string render_error(const nlohmann::json& error);

}  // namespace jobrun::app
