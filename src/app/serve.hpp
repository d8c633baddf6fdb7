#pragma once

#include "settings.hpp"

namespace jobrun::app {

/// `jobrun serve`: runs the service until SIGINT or SIGTERM. Returns the process's exit code: 0 after an
/// orderly stop, otherwise 1 with the reason on standard error; nothing has been served then.
///
/// Prints `listening on ADDRESS:PORT` to standard output once webhooks are accepted.
int run_serve(const Settings& settings);

}  // namespace jobrun::app
