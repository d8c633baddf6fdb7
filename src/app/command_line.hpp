// The command line: what an operator types, as requests; the answers, as tables or JSON.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/result.hpp"
#include "settings.hpp"
#include "simulator/practice_carrier.hpp"
#include "terminal.hpp"

namespace jobrun::app {

/// How commands end, also told by `jobrun --help`.
enum class ExitCode { ok = 0, failure = 1, invalid = 2, not_found = 3, conflict = 4, unavailable = 5 };

/// What a command may touch. Everything is passed in, so that tests run commands in their own process.
struct CommandEnvironment {
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  SettingSources sources;  ///< config_file is overridden by --config
  /// The second one reads the settings anew, from where the first came from.
  std::function<Result<void>(const Settings&, const std::function<Result<Settings>()>&)> serve;
  std::function<Result<void>(const simulator::Options&)> simulate;
  Terminal* terminal = nullptr;  ///< null: there is nobody to ask
  /// How long a command waits for another one to let go of the database.
  Duration database_wait{5'000};
};

/// Runs one command; `arguments` are without the program's name. Never throws for an argument's sake. The
/// database's lock is let go before anything is written to `out`, so that a slow reader holds up nobody.
ExitCode run_command_line(const std::vector<std::string>& arguments, CommandEnvironment& environment);

}  // namespace jobrun::app
