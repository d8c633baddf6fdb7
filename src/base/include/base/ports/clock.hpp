#pragma once

#include "base/time.hpp"

namespace jobrun {

/// The time, passed in. Both functions may be called on any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC wall time; may step.
  virtual Instant now() const = 0;
  /// Time since an arbitrary start that never steps back; for waits, rates and time-outs.
  virtual std::chrono::nanoseconds monotonic() const = 0;
};

}  // namespace jobrun
