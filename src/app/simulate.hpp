#pragma once

#include "simulator/practice_carrier.hpp"

namespace jobrun::app {

/// `jobrun simulate`: runs the practice carrier until SIGINT or SIGTERM. Returns the process's exit code.
/// Prints `listening on ADDRESS:PORT` and what the service has to be told, once it answers.
int run_simulate(const simulator::Options& options);

}  // namespace jobrun::app
