#include "sweep/canary.hpp"

#include <algorithm>
#include <utility>

#include "base/alert.hpp"
#include "base/ports/store.hpp"

namespace jobrun::sweep {
namespace {

constexpr int soon_part = 10;
constexpr int silent_after_times = 3;
constexpr Duration alert_at_most_every{10 * 60'000};
constexpr std::size_t reason_in_alert_max = 150;

AlertRequest silent_alert(const std::string& because) {
  AlertRequest alert =
      operator_alert(AlertKind::canary_silent, Severity::critical, "canary",
                     "No canary has come through for too long, so callers may be getting nothing. The last one: " +
                         because.substr(0, reason_in_alert_max) + ". Try it: jobrun canary");
  alert.at_most_every = alert_at_most_every;
  return alert;
}

}  // namespace

const char* path_of(CanaryStep step) {
  switch (step) {
    case CanaryStep::voice:
      return "/twilio/voice";
    case CanaryStep::status:
      return "/twilio/status";
  }
  return "";
}

// --- one canary -------------------------------------------------------------------------------------

CanaryCall::CanaryCall(const CanaryPorts& ports, const Clock& clock, Duration within)
    : ports_(ports),
      clock_(clock),
      call_sid_(ports.new_call_sid()),
      give_up_at_(clock.monotonic() + within),
      inbox_(std::make_shared<Inbox>()) {
  post(CanaryStep::voice);
}

void CanaryCall::post(CanaryStep step) {
  asked_ = step;
  ports_.post(step, call_sid_, [inbox = inbox_](Result<void> answer) {
    const std::lock_guard lock(inbox->mutex);
    inbox->answer = std::move(answer);
  });
}

std::optional<Result<void>> CanaryCall::hear() {
  const std::lock_guard lock(inbox_->mutex);
  return std::exchange(inbox_->answer, std::nullopt);
}

std::optional<Result<void>> CanaryCall::pump() {
  while (asked_) {
    const std::optional<Result<void>> answer = hear();
    if (!answer) break;
    const std::string step = path_of(*asked_);
    if (!*answer) return failure(ErrorKind::unavailable, step + ": " + answer->error().message);
    const bool is_last = std::exchange(asked_, std::nullopt) == CanaryStep::status;
    if (!is_last) post(CanaryStep::status);
  }
  if (!asked_ && ports_.is_texted(call_sid_)) return Result<void>{};
  if (clock_.monotonic() < give_up_at_) return std::nullopt;
  return failure(ErrorKind::unavailable, asked_ ? std::string(path_of(*asked_)) + " was not answered in time"
                                                : "both webhooks were answered, but its text did not get out");
}

// --- one after another ------------------------------------------------------------------------------

Canary::Canary(Ports ports, CanaryOptions options) : ports_(std::move(ports)), options_(options) {
  options_.within = std::min(options_.within, options_.every);
  came_through_at_ = ports_.clock.monotonic();
  due_ = came_through_at_ + std::chrono::nanoseconds(options_.every) / soon_part;
}

void Canary::pump() {
  try {
    go_on();
  } catch (const StoreFailure& store_failure) {
    failed(store_failure.message);
  }
  watch();
}

void Canary::go_on() {
  if (!under_way_) {
    if (ports_.clock.monotonic() < due_ || !ports_.can_be_kept()) return;
    under_way_.emplace(ports_.way, ports_.clock, options_.within);
  }
  const std::optional<Result<void>> end = under_way_->pump();
  if (!end) return;
  if (*end) {
    came_through();
  } else {
    failed(end->error().message);
  }
}

void Canary::came_through() {
  under_way_.reset();
  came_through_at_ = ports_.clock.monotonic();
  due_ = came_through_at_ + options_.every;
  *told_ = false;
  ports_.journal.submit({.write = [kept = options_.kept](StoreBatch& batch, Instant) -> Result<void> {
                           batch.remove_canaries(kept);
                           return {};
                         },
                         .done = [](const Result<void>&) {}});
}

void Canary::failed(const std::string& because) {
  const std::string call_sid = under_way_ ? under_way_->call_sid().text() : std::string();
  failed_because_ = because;
  under_way_.reset();
  due_ = ports_.clock.monotonic() + options_.every;
  ports_.log.write({LogLevel::warning,
                    "a canary did not come through",
                    call_sid,
                    {{"reason", failed_because_, LogField::Privacy::foreign}}});
}

/// Told once, and again only after one has come through.
void Canary::watch() {
  const std::chrono::nanoseconds age = ports_.clock.monotonic() - came_through_at_;
  ports_.meter.set(Metric::canary_age_seconds, std::max(0.0, std::chrono::duration<double>(age).count()));
  if (age < silent_after_times * options_.every) return;
  if (!ports_.can_be_kept() || told_->exchange(true)) return;
  ports_.log.write({LogLevel::critical,
                    "NO CANARY COMES THROUGH: callers may be getting nothing",
                    "",
                    {{"reason", failed_because_, LogField::Privacy::foreign}}});
  ports_.journal.submit(work_to_raise_once(silent_alert(failed_because_), told_, ports_.meter));
}

}  // namespace jobrun::sweep
