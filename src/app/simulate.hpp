#pragma once

#include "base/result.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::app {

/// `jobrun simulate`: runs the practice carrier until SIGINT or SIGTERM. Fails when it cannot start. Prints
/// `listening on ADDRESS:PORT` and what the service has to be told, once it answers.
Result<void> run_simulate(const simulator::Options& options);

}  // namespace jobrun::app
