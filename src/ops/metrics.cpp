#include "ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/alert.hpp"
#include "base/call.hpp"
#include "base/records.hpp"
#include "base/text.hpp"

namespace jobrun::ops {
namespace {

template <class Enum>
std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  all.reserve(NamesOf<Enum>::rows.size());
  for (const auto& row : NamesOf<Enum>::rows) all.push_back(row.name);
  return all;
}

/// The values a label can take, where they are known beforehand. Empty: they are learned as they come.
std::vector<std::string_view> known_values(std::string_view label) {
  if (label == "is_known") return {"true", "false"};
  if (label == "call_status") {
    std::vector<std::string_view> finals;
    finals.reserve(final_call_statuses.size());
    for (const CallStatus status : final_call_statuses) finals.push_back(name_of(status));
    return finals;
  }
  if (label == "role") return names<NumberRole>();
  if (label == "row") return names<AfterCallRow>();
  if (label == "taken_as") return names<TakenAs>();
  if (label == "purpose") return names<Purpose>();
  if (label == "origin") return names<Origin>();
  if (label == "kind") return names<AlertKind>();
  if (label == "result") return {"accepted", "refused", "unknown"};
  if (label == "channel") return names<AlertWay>();
  if (label == "answer") return names<AlertAnswer>();
  if (label == "look") return {"told", "found", "absent", "cannot_tell", "given_up"};
  if (label == "account") return names<Account>();
  if (label == "message_status") return names<MessageStatus>();
  if (label == "path") return {webhook_paths.begin(), webhook_paths.end()};
  if (label == "status") return {webhook_statuses.begin(), webhook_statuses.end()};
  if (label == "cause") return {webhook_refusal_causes.begin(), webhook_refusal_causes.end()};
  if (label == "reason") return {api_refusal_reasons.begin(), api_refusal_reasons.end()};
  return {};
}

const prometheus::Histogram::BucketBoundaries& buckets_of(Metric metric) {
  static const prometheus::Histogram::BucketBoundaries seconds = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                                                  0.05,   0.1,   0.25,  0.5,   1,    5};
  static const prometheus::Histogram::BucketBoundaries items = {1, 2, 4, 8, 16, 32, 64, 128, 256};
  return metric == Metric::ledger_commit_seconds ? seconds : items;
}

}  // namespace

struct Metrics::Impl {
  using Labels = std::pair<std::string, std::string>;
  struct CounterFamily {
    prometheus::Family<prometheus::Counter>* family = nullptr;
    prometheus::Counter* unlabelled = nullptr;
    std::map<Labels, prometheus::Counter*, std::less<>> by_label;
  };

  prometheus::Registry registry;
  std::mutex mutex;  // guards the maps of counters
  std::array<CounterFamily, metric_specs.size()> counters;
  std::array<prometheus::Gauge*, metric_specs.size()> gauges{};
  std::array<prometheus::Histogram*, metric_specs.size()> histograms{};

  void add(const MetricSpec& spec);
  void add_counter(const MetricSpec& spec);
  prometheus::Counter& labelled(const MetricSpec& spec, Labels values);
};

void Metrics::Impl::add(const MetricSpec& spec) {
  const auto index = static_cast<std::size_t>(spec.metric);
  const std::string name(spec.name);
  const std::string help(spec.help);
  switch (spec.kind) {
    case MetricKind::counter:
      add_counter(spec);
      break;
    case MetricKind::gauge:
      gauges[index] = &prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
      break;
    case MetricKind::histogram:
      histograms[index] =
          &prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets_of(spec.metric));
      break;
  }
}

void Metrics::Impl::add_counter(const MetricSpec& spec) {
  CounterFamily& counter = counters[static_cast<std::size_t>(spec.metric)];
  counter.family =
      &prometheus::BuildCounter().Name(std::string(spec.name)).Help(std::string(spec.help)).Register(registry);
  if (spec.labels[0].empty()) {
    counter.unlabelled = &counter.family->Add({});
    return;
  }
  const std::vector<std::string_view> none = {""};
  const std::vector<std::string_view> firsts = known_values(spec.labels[0]);
  const std::vector<std::string_view> seconds = spec.labels[1].empty() ? none : known_values(spec.labels[1]);
  for (const std::string_view first : firsts) {
    for (const std::string_view second : seconds) labelled(spec, {std::string(first), std::string(second)});
  }
}

prometheus::Counter& Metrics::Impl::labelled(const MetricSpec& spec, Labels values) {
  CounterFamily& counter = counters[static_cast<std::size_t>(spec.metric)];
  if (const auto found = counter.by_label.find(values); found != counter.by_label.end()) return *found->second;
  prometheus::Labels labels{{std::string(spec.labels[0]), values.first}};
  if (!spec.labels[1].empty()) labels.emplace(std::string(spec.labels[1]), values.second);
  prometheus::Counter& added = counter.family->Add(labels);
  counter.by_label.emplace(std::move(values), &added);
  return added;
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  for (const MetricSpec& spec : metric_specs) impl_->add(spec);
}

Metrics::~Metrics() = default;

void Metrics::count(Metric counter, std::string_view label1, std::string_view label2, double by) {
  if (prometheus::Counter* unlabelled = impl_->counters[static_cast<std::size_t>(counter)].unlabelled) {
    unlabelled->Increment(by);
    return;
  }
  const std::lock_guard lock(impl_->mutex);
  impl_->labelled(spec_of(counter), {std::string(label1), std::string(label2)}).Increment(by);
}

void Metrics::set(Metric gauge, double value) {
  if (prometheus::Gauge* found = impl_->gauges[static_cast<std::size_t>(gauge)]) found->Set(value);
}

void Metrics::observe(Metric histogram, double value) {
  if (prometheus::Histogram* found = impl_->histograms[static_cast<std::size_t>(histogram)]) found->Observe(value);
}

std::string Metrics::exposition() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace jobrun::ops
