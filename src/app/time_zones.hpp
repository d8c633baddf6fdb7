// The clocks of the world, from the system's time zone database.
#pragma once

#include <memory>

#include "base/ports/time_zones.hpp"

namespace jobrun::app {

/// A zone is read from disk when it is first asked for and kept from then on, so that a change of the database on
/// disk is seen after a restart. Without a database every zone is unknown, so UTC. Thread-safe.
std::unique_ptr<TimeZones> make_time_zones();

}  // namespace jobrun::app
