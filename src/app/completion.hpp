#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace jobrun::app {

inline constexpr std::string_view completion_shells = "bash, zsh, fish";

/// The shell's completion script for the whole tree of commands, made of the tree itself. Empty for a shell
/// that is not known.
std::optional<std::string> completion_script(const CLI::App& root, std::string_view shell);

}  // namespace jobrun::app
