#include "housekeeping.hpp"

#include <algorithm>
#include <utility>

#include "base/rare_path.hpp"
#include "ledger/ledger.hpp"

namespace jobrun::app {
namespace {

constexpr Duration queue_alert_every{10 * 60'000};

}  // namespace

Housekeeping::Housekeeping(Ports ports, Options options)
    : ports_(std::move(ports)), options_(std::move(options)), current_at_(ports_.clock.monotonic()) {}

void Housekeeping::run_once() {
  ports_.store_watch.look();
  try {
    refresh_directory();
    if (ports_.clock.monotonic() < overdue_due_) return;
    overdue_due_ = ports_.clock.monotonic() + options_.overdue_every;
    look_for_overdue_calls();
    ports_.look_ups.pump();
    if (ports_.sweep != nullptr) ports_.sweep->pump();
    ports_.sign_up_watch.pump();
    ports_.old_words.pump();
    ports_.weekly_watch.pump();
    ports_.contact_cards.pump();
    const StoreLevels levels = ports_.reader->levels();
    refresh_gauges(levels);
    watch_queue(levels.texts_waiting());
  } catch (const StoreFailure& failure) {
    seen(RarePath::directory_not_readable);
    ports_.log.write({LogLevel::error, "housekeeping could not read the store", "", {{"error", failure.message}}});
  }
}

void Housekeeping::refresh_directory() {
  std::shared_ptr<const directory::Snapshot> current = ports_.directory.current();
  if (ports_.reader->directory_version() != current->version()) {
    current = directory::read_snapshot(*ports_.reader, options_.configured);
    ports_.directory.publish(current);
    ports_.log.write(
        {LogLevel::info,
         "directory changed",
         "",
         {{"version", std::to_string(current->version())}, {"numbers", std::to_string(current->size())}}});
  }
  if (saved_version_ == current->version()) {
    current_at_ = ports_.clock.monotonic();
    return;
  }
  if (const Result<void> saved = ports_.save_snapshot(*current)) {
    saved_version_ = current->version();
    current_at_ = ports_.clock.monotonic();
  } else {
    ports_.log.write(
        {LogLevel::error, "the directory snapshot could not be saved", "", {{"error", saved.error().message}}});
  }
}

void Housekeeping::look_for_overdue_calls() {
  ledger::look_for_overdue_calls(ports_.journal, ports_.log, options_.longest_waits);
}

void Housekeeping::refresh_gauges(const StoreLevels& levels) {
  const auto count_of = [](std::int64_t count) { return static_cast<double>(count); };
  ports_.meter.set(Metric::outbox_waiting, count_of(levels.texts_waiting()));
  ports_.meter.set(Metric::outbox_texts, count_of(levels.texts_promised), name_of(TextState::promised));
  ports_.meter.set(Metric::outbox_texts, count_of(levels.texts_started), name_of(TextState::started));
  ports_.meter.set(Metric::outbox_texts, count_of(levels.texts_unknown), name_of(TextState::unknown));
  const Instant now = ports_.clock.now();
  const std::chrono::duration<double> waited = now - std::min(levels.texts_waiting_since.value_or(now), now);
  ports_.meter.set(Metric::outbox_oldest_seconds, waited.count());
  for (const std::string_view step : onboarding_steps) {
    const auto at = std::ranges::find(levels.owners, step, &OwnersAtStep::step);
    ports_.meter.set(Metric::onboarding_owners, at == levels.owners.end() ? 0 : count_of(at->owners), step);
  }
  ports_.meter.set(Metric::pool_numbers_available, count_of(levels.numbers_available));
  ports_.meter.set(Metric::outbox_unknown, static_cast<double>(levels.texts_unknown));
  ports_.meter.set(Metric::senders_blocked, static_cast<double>(levels.senders_blocked));
  ports_.meter.set(Metric::calls_pending, static_cast<double>(levels.calls_pending));
  ports_.meter.set(Metric::incidents_open, static_cast<double>(levels.incidents_open));
  ports_.meter.set(Metric::alerts_waiting, static_cast<double>(levels.alerts_waiting));
  ports_.meter.set(Metric::triage_open, static_cast<double>(levels.triage_open));
  ports_.meter.set(Metric::directory_numbers, static_cast<double>(ports_.directory.current()->size()));
  const std::chrono::duration<double> age = ports_.clock.monotonic() - current_at_;
  ports_.meter.set(Metric::directory_snapshot_age_seconds, age.count());
}

/// Told once, and again only after less than half as many waited.
void Housekeeping::watch_queue(std::int64_t waiting) {
  const std::int64_t most = options_.texts_waiting_alert_above;
  if (2 * waiting < most) *told_of_queue_ = false;
  if (waiting <= most || told_of_queue_->exchange(true)) return;
  AlertRequest alert = operator_alert(
      AlertKind::queue_too_long, Severity::critical, "outbox",
      std::to_string(waiting) + " texts wait to be sent, more than " + std::to_string(most) +
          ". Nothing is dropped, but callers wait: see what else is alerted about the carrier, or whether "
          "more calls came in than its rate allows to text.");
  alert.at_most_every = queue_alert_every;
  ports_.journal.submit(work_to_raise_once(std::move(alert), told_of_queue_, ports_.meter));
}

HousekeepingThread::HousekeepingThread(std::function<void()> run_once, Duration every)
    : thread_([this, run_once = std::move(run_once), every] {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
          lock.unlock();
          run_once();
          lock.lock();
          stop_.wait_for(lock, every, [this] { return stopping_; });
        }
      }) {}

HousekeepingThread::~HousekeepingThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

}  // namespace jobrun::app
