#include "ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/alert.hpp"
#include "base/call.hpp"
#include "base/records.hpp"
#include "base/text.hpp"

#ifndef JOBRUN_VERSION
#define JOBRUN_VERSION "unknown"
#endif

namespace jobrun::ops {
namespace {

template <class Enum>
std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  all.reserve(NamesOf<Enum>::rows.size());
  for (const auto& row : NamesOf<Enum>::rows) all.push_back(row.name);
  return all;
}

template <std::size_t size>
std::vector<std::string_view> listed(const std::array<std::string_view, size>& values) {
  return {values.begin(), values.end()};
}

std::vector<std::string_view> final_statuses() {
  std::vector<std::string_view> finals;
  finals.reserve(final_call_statuses.size());
  for (const CallStatus status : final_call_statuses) finals.push_back(name_of(status));
  return finals;
}

}  // namespace

std::vector<std::string_view> label_values(std::string_view label) {
  if (label == "is_known") return {"true", "false"};
  if (label == "call_status") return final_statuses();
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
  if (label == "path") return listed(webhook_paths);
  if (label == "status") return listed(webhook_statuses);
  if (label == "cause") return listed(webhook_refusal_causes);
  if (label == "reason") return listed(api_refusal_reasons);
  if (label == "class") return listed(carrier_answer_classes);
  if (label == "code") return listed(carrier_answer_codes);
  if (label == "told_by") return listed(opt_out_tellers);
  if (label == "state") return listed(open_text_states);
  if (label == "step") return listed(onboarding_steps);
  if (label == "version") return {JOBRUN_VERSION};
  return {};
}

namespace {

/// What a label shows for a value that was given for it.
std::string shown(std::string_view label, std::string_view value) {
  if (label.empty()) return {};
  const std::vector<std::string_view> all = label_values(label);
  return std::string(std::ranges::find(all, value) == all.end() ? unlisted_label_value : value);
}

/// Which values a label has from the start.
std::vector<std::string_view> first_values(std::string_view label) {
  if (label == "code") return {carrier_answer_codes.front()};
  return label_values(label);
}

const prometheus::Histogram::BucketBoundaries& buckets_of(Metric metric) {
  static const prometheus::Histogram::BucketBoundaries seconds = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                                                  0.05,   0.1,   0.25,  0.5,   1,    5};
  static const prometheus::Histogram::BucketBoundaries items = {1, 2, 4, 8, 16, 32, 64, 128, 256};
  // Up to two hours, when a text is given up as useless.
  static const prometheus::Histogram::BucketBoundaries waits = {0.1, 0.25, 0.5, 1,   2.5,   5,    10,
                                                                30,  60,   120, 300, 1'800, 7'200};
  if (metric == Metric::response_seconds) return waits;
  return metric == Metric::ledger_batch_events ? items : seconds;
}

}  // namespace

struct Metrics::Impl {
  using Labels = std::pair<std::string, std::string>;
  struct CounterFamily {
    prometheus::Family<prometheus::Counter>* family = nullptr;
    prometheus::Counter* unlabelled = nullptr;
    std::map<Labels, prometheus::Counter*, std::less<>> by_label;
  };
  using Gauges =
      std::map<std::string, prometheus::Gauge*, std::less<>>;  // by the label's value; empty: it has none

  prometheus::Registry registry;
  std::mutex mutex;  // guards the maps of counters
  std::array<CounterFamily, metric_specs.size()> counters;
  std::array<Gauges, metric_specs.size()> gauges;  // complete from the start
  std::array<prometheus::Histogram*, metric_specs.size()> histograms{};

  void add(const MetricSpec& spec);
  void add_counter(const MetricSpec& spec);
  void add_gauges(const MetricSpec& spec);
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
      add_gauges(spec);
      break;
    case MetricKind::histogram:
      histograms[index] =
          &prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets_of(spec.metric));
      break;
  }
}

void Metrics::Impl::add_gauges(const MetricSpec& spec) {
  auto& family =
      prometheus::BuildGauge().Name(std::string(spec.name)).Help(std::string(spec.help)).Register(registry);
  Gauges& all = gauges[static_cast<std::size_t>(spec.metric)];
  if (spec.labels[0].empty()) all[""] = &family.Add({});
  for (const std::string_view value : first_values(spec.labels[0])) {
    all[std::string(value)] = &family.Add({{std::string(spec.labels[0]), std::string(value)}});
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
  const std::vector<std::string_view> firsts = first_values(spec.labels[0]);
  const std::vector<std::string_view> seconds = spec.labels[1].empty() ? none : first_values(spec.labels[1]);
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
  const MetricSpec& spec = spec_of(counter);
  if (spec.kind != MetricKind::counter) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->labelled(spec, {shown(spec.labels[0], label1), shown(spec.labels[1], label2)}).Increment(by);
}

void Metrics::set(Metric gauge, double value, std::string_view label) {
  const Impl::Gauges& all = impl_->gauges[static_cast<std::size_t>(gauge)];
  if (const auto found = all.find(label); found != all.end()) found->second->Set(value);
}

void Metrics::observe(Metric histogram, double value) {
  if (prometheus::Histogram* found = impl_->histograms[static_cast<std::size_t>(histogram)]) found->Observe(value);
}

namespace {

std::string_view name_of_kind(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return "counter";
    case MetricKind::gauge:
      return "gauge";
    case MetricKind::histogram:
      break;
  }
  return "histogram";
}

/// Its values; those that are too many to be read are told of in words.
std::string described(std::string_view label) {
  if (label == "version") return "the version that serves";
  if (label == "code") {
    return "`" + std::string(carrier_answer_codes.front()) + "`, " +
           std::to_string(carrier_answer_codes.size() - 2) +
           " codes that the tables of the carriers' answers know, `" + std::string(carrier_answer_codes.back()) +
           "`";
  }
  std::string text;
  for (const std::string_view value : label_values(label)) {
    text += (text.empty() ? "`" : ", `") + std::string(value) + "`";
  }
  return text;
}

}  // namespace

std::string metrics_markdown() {
  std::string text =
      "# Metrics\n\nThis page is printed by `jobrun metrics --markdown`. `/metrics` shows all of them, in the "
      "format "
      "of Prometheus.\nWhat an alert or the dashboard makes of them stands in [OPERATIONS.md](OPERATIONS.md).\n\n"
      "| name | kind | labels | tells |\n|---|---|---|---|\n";
  std::vector<std::string_view> labels;
  for (const MetricSpec& spec : metric_specs) {
    std::string own;
    for (const std::string_view label : spec.labels) {
      if (label.empty()) continue;
      own += (own.empty() ? "`" : ", `") + std::string(label) + "`";
      if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
    }
    text += "| `" + std::string(spec.name) + "` | " + std::string(name_of_kind(spec.kind)) + " | " + own + " | " +
            std::string(spec.help) + " |\n";
  }
  text += "\n## Labels\n\nThese are all values there are: whatever else is counted for a label is shown as `" +
          std::string(unlisted_label_value) +
          "`. No label\ncan hold a customer's number.\n\n| label | values |\n|---|---|\n";
  for (const std::string_view label : labels)
    text += "| `" + std::string(label) + "` | " + described(label) + " |\n";
  return text;
}

std::string Metrics::exposition() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace jobrun::ops
