// What `jobrun setup` touches: the carrier, the database, people by their ways, and files.
#pragma once

#include "base/ports/clock.hpp"
#include "setup.hpp"

namespace jobrun::app {

/// `terminal` and `clock` must outlive it. `database_wait`: how long another command is waited for.
SetupPorts setup_world(Terminal& terminal, const Clock& clock, Duration database_wait);

/// Whole or not at all, and readable by its owner alone. What was there before is replaced.
Result<void> write_private_file(const std::filesystem::path& path, const std::string& content);

}  // namespace jobrun::app
