// Metrics: the list in base/metric.hpp as Prometheus families, with every label set at zero from the start, so
// that a first increase is seen as one. Codes of the carrier's are there from their first time on: zeros for each
// with each meaning would be more than everything else together.
//
// Each label has a list of values. Whatever else is given for it is shown as `other`: no customer's number, nor
// anything that a stranger can choose, becomes a label, whoever counts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ports/meter.hpp"

namespace jobrun::ops {

/// All values of a label of the list; empty: there is no such label. `version`: the one that is served.
std::vector<std::string_view> label_values(std::string_view label);

/// The list of all metrics as docs/METRICS.md shows it.
std::string metrics_markdown();

class Metrics final : public Meter {
 public:
  Metrics();
  ~Metrics() override;

  void count(Metric counter, std::string_view label1, std::string_view label2, double by) override;
  void set(Metric gauge, double value, std::string_view label) override;
  void observe(Metric histogram, double value) override;

  /// The Prometheus text format, version 0.0.4.
  std::string exposition() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::ops
