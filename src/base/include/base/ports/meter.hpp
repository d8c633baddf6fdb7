#pragma once

#include <string_view>
#include <vector>

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
  /// `label`: the value of the metric's label; empty where it has none.
  virtual void set(Metric gauge, double value, std::string_view label = {}) = 0;
  virtual void observe(Metric histogram, double value) = 0;
};

/// What a commit counts, once it is durable.
inline void count_all(Meter& meter, const std::vector<Count>& counts) {
  for (const Count& count : counts) {
    switch (spec_of(count.metric).kind) {
      case MetricKind::counter:
        meter.count(count.metric, count.labels[0], count.labels[1], count.value);
        break;
      case MetricKind::gauge:
        meter.set(count.metric, count.value, count.labels[0]);
        break;
      case MetricKind::histogram:
        meter.observe(count.metric, count.value);
        break;
    }
  }
}

/// Where log lines go. Callable on any thread; never blocks for long, never fails.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(const LogLine& line) = 0;
};

}  // namespace jobrun
