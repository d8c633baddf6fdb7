#pragma once

#include <functional>

#include "base/result.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// `jobrun serve`: runs the service until SIGINT or SIGTERM, and returns after an orderly stop. Fails with the
/// reason why it could not start; nothing has been served then.
///
/// On SIGHUP, and when a file that holds a secret has changed, `read_again` is called and credentials that differ
/// are replaced: see Credentials.
///
/// Prints `listening on ADDRESS:PORT` to standard output once webhooks are accepted.
Result<void> run_serve(const Settings& settings, const std::function<Result<Settings>()>& read_again);

}  // namespace jobrun::app
