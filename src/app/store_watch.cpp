#include "store_watch.hpp"

#include <utility>

namespace jobrun::app {
namespace {

constexpr const char* group = "spool";

}  // namespace

StoreWatch::StoreWatch(Ports ports) : ports_(std::move(ports)), alarm_(ports_.alert_channels, ports_.clock) {}

void StoreWatch::look() {
  if (ports_.ledger.is_spooling()) return probe();
  spooling_since_.reset();
  if (ports_.guard != nullptr) ports_.guard->tend(ports_.clock.now());
  if (ports_.spool != nullptr) tell_damage();
}

/// While the store is away the operator is told directly: no alert can be kept. Afterwards by an alert like
/// others.
void StoreWatch::probe() {
  constexpr std::chrono::seconds unnoticed{5};
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (!spooling_since_) spooling_since_ = now;
  if (!ports_.store.probe()) {
    if (now - *spooling_since_ < unnoticed) return;
    return alarm_.tell(operator_alert(
        AlertKind::spool_used, Severity::critical, group,
        "The database cannot be written; calls are served from the spool meanwhile. The log says why."));
  }
  alarm_.over();
  ports_.ledger.store_is_well();
  ports_.ledger.submit(work_to_raise(
      operator_alert(
          AlertKind::spool_used, Severity::warning, group,
          "The database could not be written for a while; what came meanwhile was kept in the spool and "
          "is taken up now."),
      [&meter = ports_.meter](const Result<void>& kept) {
        if (kept) meter.count(Metric::alerts_raised, name_of(AlertKind::spool_used));
      }));
}

void StoreWatch::tell_damage() {
  const std::int64_t damaged = ports_.spool->damaged();
  const std::int64_t told = damage_told_->exchange(damaged);
  if (damaged == told) return;
  ports_.ledger.submit(work_to_raise(
      operator_alert(AlertKind::spool_damaged, Severity::critical, group,
                     "A part of the spool cannot be read and was set aside in its folder; a call may be missing."),
      [told, shared = damage_told_, &meter = ports_.meter](const Result<void>& kept) {
        if (kept) return meter.count(Metric::alerts_raised, name_of(AlertKind::spool_damaged));
        *shared = told;
      }));
}

}  // namespace jobrun::app
