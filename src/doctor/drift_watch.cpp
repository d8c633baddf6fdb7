#include "doctor/drift_watch.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/alert.hpp"
#include "base/ports/store.hpp"

namespace jobrun::doctor {
namespace {

constexpr std::chrono::hours told_again_after{24};
constexpr Duration alert_at_most_every{10 * 60'000};
constexpr std::size_t logged_max = 20;
constexpr std::size_t problem_in_alert_max = 120;
constexpr int soon_part = 60;

/// Never 0. FNV-1a: two states of the account that differ should differ here too; nobody chooses them.
std::uint64_t fingerprint_of(const std::vector<Drift>& drifts) {
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  };
  for (const Drift& drift : drifts) {
    add(drift.number.text());
    add(drift.problem);
  }
  return hash == 0 ? 1 : hash;
}

AlertRequest alert_about(const std::vector<Drift>& drifts, std::uint64_t fingerprint) {
  const Drift& first = drifts.front();
  AlertRequest alert = operator_alert(
      AlertKind::configuration_drift, Severity::warning, "configuration " + std::to_string(fingerprint),
      std::to_string(drifts.size()) +
          (drifts.size() == 1 ? " number is" : " numbers are, among them " + first.number.text()) +
          " not set up at the carrier as needed: " + first.problem.substr(0, problem_in_alert_max) +
          (first.problem.size() > problem_in_alert_max ? "..." : "") + ". See all: jobrun doctor");
  alert.at_most_every = alert_at_most_every;
  alert.number = first.number.text();
  return alert;
}

}  // namespace

DriftWatch::DriftWatch(Ports ports, Options options)
    : ports_(std::move(ports)), options_(options), compared_at_(ports_.clock.monotonic()) {
  due_ = compared_at_ + soon();
}

std::chrono::nanoseconds DriftWatch::soon() const {
  return std::chrono::nanoseconds(options_.every) / soon_part;
}

void DriftWatch::pump() {
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (is_asked_) {
    if (const std::optional<NumbersAnswer> answer = take_answer()) hear(*answer);
  } else if (now >= due_) {
    ask();
  }
  const std::chrono::duration<double> age = now - compared_at_;
  ports_.meter.set(Metric::configuration_compared_age_seconds, std::max(0.0, age.count()));
}

std::optional<NumbersAnswer> DriftWatch::take_answer() {
  const std::lock_guard lock(inbox_->mutex);
  return std::exchange(inbox_->answer, std::nullopt);
}

void DriftWatch::ask() {
  is_asked_ = true;
  ports_.numbers.list_numbers([inbox = inbox_](NumbersAnswer answer) {
    const std::lock_guard lock(inbox->mutex);
    inbox->answer = std::move(answer);
  });
}

void DriftWatch::hear(const NumbersAnswer& answer) {
  is_asked_ = false;
  if (const auto* list = std::get_if<CarrierNumberList>(&answer)) return compare_with(*list);
  if (const auto* refused = std::get_if<CredentialsRefused>(&answer)) return could_not_compare(refused->reason);
  could_not_compare(std::get<CannotTell>(answer).reason);
}

void DriftWatch::compare_with(const CarrierNumberList& list) {
  std::vector<Drift> drifts;
  try {
    drifts = compare(list, ports_.expected());
  } catch (const StoreFailure& failed) {
    return could_not_compare(failed.message);
  }
  compared_at_ = ports_.clock.monotonic();
  due_ = compared_at_ + options_.every;
  ports_.meter.set(Metric::configuration_drift_numbers, static_cast<double>(drifts.size()));
  if (drifts.empty()) {
    told_->store(0);
    return;
  }
  tell(drifts);
}

void DriftWatch::could_not_compare(const std::string& reason) {
  due_ = ports_.clock.monotonic() + soon();
  ports_.log.write({LogLevel::warning,
                    "our numbers could not be compared with the carrier's",
                    "",
                    {{"reason", reason, LogField::Privacy::foreign}}});
}

void DriftWatch::tell(const std::vector<Drift>& drifts) {
  const std::uint64_t fingerprint = fingerprint_of(drifts);
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (told_->load() == fingerprint && now - told_at_ < told_again_after) return;
  told_at_ = now;
  for (std::size_t at = 0; at < std::min(drifts.size(), logged_max); ++at) {
    ports_.log.write({LogLevel::warning,
                      "a number is not set up at the carrier as needed",
                      "",
                      {{"number", drifts[at].number.text()},
                       {"problem", drifts[at].problem},
                       {"advice", drifts[at].advice},
                       {"numbers", std::to_string(drifts.size())}}});
  }
  ports_.journal.submit(
      work_to_raise(alert_about(drifts, fingerprint),
                    [told = told_, fingerprint, &meter = ports_.meter](const Result<void>& kept) {
                      if (!kept) return;
                      told->store(fingerprint);
                      meter.count(Metric::alerts_raised, name_of(AlertKind::configuration_drift));
                    }));
}

}  // namespace jobrun::doctor
