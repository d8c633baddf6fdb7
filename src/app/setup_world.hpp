// What `jobrun setup` touches: the carrier, the database, people by their ways, and files.
#pragma once

#include <sys/types.h>

#include "base/ports/clock.hpp"
#include "setup.hpp"

namespace jobrun::app {

/// `terminal` and `clock` must outlive it. Of `sources` the environment counts. `database_wait`: how long another
/// command is waited for.
SetupPorts setup_world(Terminal& terminal, const Clock& clock, SettingSources sources, Duration database_wait);

/// Whole or not at all. What was there before is replaced, and whoever could read that can read this, strangers
/// excepted. A new file that root writes into a folder of another group's is for that group to read; any other is
/// for its owner alone.
Result<void> write_private_file(const std::filesystem::path& path, const std::string& content);

/// Fails where `who` is root and would make a database, or its lock, in somebody else's folder: the service, who
/// runs as that somebody, could not open them. Says what to do.
Result<void> check_may_make_files(const std::filesystem::path& database, uid_t who);

}  // namespace jobrun::app
