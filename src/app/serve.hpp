#pragma once

#include "base/result.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// `jobrun serve`: runs the service until SIGINT or SIGTERM, and returns after an orderly stop. Fails with the
/// reason why it could not start; nothing has been served then.
///
/// Prints `listening on ADDRESS:PORT` to standard output once webhooks are accepted.
Result<void> run_serve(const Settings& settings);

}  // namespace jobrun::app
