#pragma once

#include <string_view>

#include "base/log_line.hpp"
#include "base/metric.hpp"

namespace jobrun {

/// Counting and measuring. Callable on any thread; never blocks, never fails.
class Meter {
 public:
  virtual ~Meter() = default;
  /// Adds to a counter. Label values in the order of the metric's spec; unused ones empty.
  virtual void count(Metric counter, std::string_view label1 = {}, std::string_view label2 = {},
                     double by = 1) = 0;
  virtual void set(Metric gauge, double value) = 0;
  virtual void observe(Metric histogram, double value) = 0;
};

/// Where log lines go. Callable on any thread; never blocks for long, never fails.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(const LogLine& line) = 0;
};

}  // namespace jobrun
