#pragma once

#include <chrono>

#include "base/ports/clock.hpp"

namespace jobrun::app {

/// The machine's clocks.
class SystemClock : public Clock {
 public:
  Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::nanoseconds monotonic() const override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

}  // namespace jobrun::app
