// What the process uses of the machine, as metrics.
#pragma once

#include <mutex>

#include "base/ports/meter.hpp"

namespace jobrun::ops {

/// Looks at /proc/self: a few system calls, and one for each open file.
class ProcessMeter {
 public:
  explicit ProcessMeter(Meter& meter) : meter_(meter) {}
  /// For whoever is about to show the metrics; any thread. What cannot be read stays as it was.
  void refresh();

 private:
  Meter& meter_;
  std::mutex mutex_;
  double cpu_seconds_ = 0;  ///< counted so far
};

}  // namespace jobrun::ops
