#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace jobrun::app {

/// The manual page jobrun(1) in roff, made of the tree of commands itself: each command with what it does, its
/// arguments and options, and its example. Options that every command has are told once. Nothing in it depends on
/// the day or the machine.
std::string manual_page(const CLI::App& root, std::string_view version);

}  // namespace jobrun::app
