#pragma once

#include "base/ports/random.hpp"
#include "base/time.hpp"

namespace jobrun {

/// Exponential back-off with jitter: between half of and all of min * 2^(attempt-1), at most max.
Duration back_off(int attempt, Duration min, Duration max, Random& random);

}  // namespace jobrun
