#include "ledger/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/rare_path.hpp"

namespace jobrun::ledger {

/// What the items of a batch came to, in their order, while it is not yet durable.
struct Ledger::Written {
  std::vector<Commit> commits;             ///< one per event
  std::vector<Result<void>> work_results;  ///< one per piece of work
  MadeDue due;
};

Ledger::Ledger(Store& store, Decider& decider, Clock& clock, Meter& meter, Log& log, OnDue on_due, Options options)
    : store_(store),
      decider_(decider),
      clock_(clock),
      meter_(meter),
      log_(log),
      on_due_(std::move(on_due)),
      options_(options) {}

void Ledger::submit(Event event, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && events_.size() < options_.events_waiting_max) {
      events_.push_back({std::move(event), std::move(done)});
      if (events_.size() + work_.size() > 1) return;  // the writer is awake, or has been woken
      something_waits_.notify_one();
      return;
    }
  }
  seen(RarePath::event_queue_full);
  done(failure(ErrorKind::unavailable, "too many events are waiting to be written; repeat later"));
}

void Ledger::submit(JournalWork work) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && work_.size() < options_.work_waiting_max) {
      work_.push_back(std::move(work));
      something_waits_.notify_one();
      return;
    }
  }
  work.done(failure(ErrorKind::unavailable, "the ledger takes no more work; repeat later"));
}

bool Ledger::has_waiting() const {
  const std::lock_guard lock(mutex_);
  return !events_.empty() || !work_.empty();
}

bool Ledger::wait() {
  std::unique_lock lock(mutex_);
  something_waits_.wait(lock, [this] { return stopped_ || !events_.empty() || !work_.empty(); });
  return !events_.empty() || !work_.empty();
}

void Ledger::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  something_waits_.notify_all();
}

bool Ledger::is_healthy() const {
  const std::lock_guard lock(mutex_);
  return healthy_;
}

Ledger::Batch Ledger::take_batch() {
  const auto take = [](auto& queue, std::size_t most, auto& into) {
    const auto last = queue.begin() + static_cast<std::ptrdiff_t>(std::min(most, queue.size()));
    into.assign(std::move_iterator(queue.begin()), std::move_iterator(last));
    queue.erase(queue.begin(), last);
  };
  Batch batch;
  const std::lock_guard lock(mutex_);
  take(events_, options_.batch_events_max, batch.events);
  take(work_, options_.batch_work_max, batch.work);
  return batch;
}

bool Ledger::commit_waiting() {
  Batch batch = take_batch();
  if (batch.size() == 0) return false;
  // An item that cannot be written must not take the others down with it.
  if (!commit_batch(batch, batch.size() == 1)) commit_one_by_one(batch);
  store_.tidy();
  return true;
}

void Ledger::commit_one_by_one(Batch& batch) {
  seen(RarePath::batch_written_item_by_item);
  for (WaitingEvent& event : batch.events) {
    Batch one;
    one.events.push_back(std::move(event));
    commit_batch(one, true);
  }
  for (JournalWork& work : batch.work) {
    Batch one;
    one.work.push_back(std::move(work));
    commit_batch(one, true);
  }
}

/// Writes and commits a batch, and answers everybody in it. Returns false, with nobody answered and nothing
/// written, when an item could not be written and `alone` is false.
bool Ledger::commit_batch(Batch& batch, bool alone) {
  const auto began = clock_.monotonic();
  const Instant now = clock_.now();
  Written written;
  Result<void> durable;
  try {
    std::vector<const Event*> events;
    events.reserve(batch.events.size());
    for (const WaitingEvent& waiting : batch.events) events.push_back(&waiting.event);
    const std::unique_ptr<StoreBatch> store_batch = store_.begin(events);
    written.commits.reserve(events.size());
    for (const Event* event : events) {
      written.commits.push_back(decider_.decide(*event, *store_batch, now));
      const Commit& commit = written.commits.back();
      if (commit.is_duplicate || commit.is_ignored) continue;
      if (std::optional<TextRecord> text = store_batch->write(commit, now))
        written.due.texts.push_back(std::move(*text));
    }
    for (const JournalWork& work : batch.work) {
      store_batch->begin_item();
      written.work_results.push_back(work.write(*store_batch, now));
      written.work_results.back() ? store_batch->keep_item() : store_batch->undo_item();
    }
    written.due.alerts = store_batch->has_raised_due_alerts();
    durable = store_batch->commit();
  } catch (const std::exception& exception) {
    if (!alone) return false;
    durable = failure(ErrorKind::unavailable, exception.what());
  }
  meter_.observe(Metric::ledger_batch_events, static_cast<double>(batch.size()));
  meter_.observe(Metric::ledger_commit_seconds, std::chrono::duration<double>(clock_.monotonic() - began).count());
  answer(batch, written, durable);
  return true;
}

void Ledger::answer(Batch& batch, Written& written, const Result<void>& durable) {
  {
    const std::lock_guard lock(mutex_);
    healthy_ = durable.has_value();
  }
  if (!durable) {
    note_failure(durable.error());
    for (WaitingEvent& waiting : batch.events) waiting.done(std::unexpected(durable.error()));
    for (JournalWork& work : batch.work) work.done(durable);
    return;
  }
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    batch.events[i].done(Receipt{std::move(written.commits[i].answer)});
  }
  if (!written.due.is_nothing()) on_due_(std::move(written.due));
  for (std::size_t i = 0; i < batch.work.size(); ++i) batch.work[i].done(written.work_results[i]);
  for (const Commit& commit : written.commits) {
    for (const Count& count : commit.counts) meter_.count(count.metric, count.labels[0], count.labels[1]);
    for (const LogLine& line : commit.logs) log_.write(line);
  }
}

void Ledger::note_failure(const Error& error) {
  seen(RarePath::batch_not_durable);
  meter_.count(Metric::store_failures);
  log_.write({LogLevel::critical,
              "a batch could not be made durable; nothing of it was acknowledged",
              "",
              {{"error", error.message}}});
}

WriterThread::WriterThread(Ledger& ledger)
    : ledger_(ledger), thread_([&ledger] {
        while (ledger.wait()) ledger.commit_waiting();
      }) {}

WriterThread::~WriterThread() {
  ledger_.stop();
  thread_.join();
}

void look_for_overdue_calls(Journal& journal, Log& log, const LongestWaits& longest) {
  constexpr std::int64_t calls_per_look_max = 1'000;
  auto look = std::make_shared<OverdueLook>();
  JournalWork work;
  work.write = [look, longest](StoreBatch& batch, Instant now) -> Result<void> {
    batch.mend_dates(longest, now);
    *look = batch.look_for_overdue_calls(now, calls_per_look_max);
    if (!look->opened) return {};
    AlertRequest alert;
    alert.kind = AlertKind::incident_open;
    alert.audience = Audience::operator_;
    alert.severity = Severity::critical;
    alert.group = "outcome_overdue";
    alert.summary = "Calls are past their deadline without an outcome (incident " +
                    std::to_string(look->opened->value) + "). Run: jobrun calls list --open";
    batch.raise(alert, now);
    return {};
  };
  work.done = [look, &log](const Result<void>& durable) {
    if (!durable) return;
    if (look->opened) {
      log.write(
          {LogLevel::critical,
           "INCIDENT OPEN: calls are past their deadline without an outcome",
           "",
           {{"incident", std::to_string(look->opened->value)}, {"calls", std::to_string(look->calls_added)}}});
    }
    for (const IncidentId closed : look->closed) {
      log.write({LogLevel::info,
                 "incident closed: every call has its outcome",
                 "",
                 {{"incident", std::to_string(closed.value)}}});
    }
  };
  journal.submit(std::move(work));
}

}  // namespace jobrun::ledger
