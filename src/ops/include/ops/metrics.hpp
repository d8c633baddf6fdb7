// Metrics: the list in base/metric.hpp as Prometheus families, with every known label set at zero from the
// start, so that a first increase is seen as one.
#pragma once

#include <memory>
#include <string>

#include "base/ports/meter.hpp"

namespace jobrun::ops {

class Metrics final : public Meter {
 public:
  Metrics();
  ~Metrics() override;

  void count(Metric counter, std::string_view label1, std::string_view label2, double by) override;
  void set(Metric gauge, double value) override;
  void observe(Metric histogram, double value) override;

  /// The Prometheus text format, version 0.0.4.
  std::string exposition() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::ops
