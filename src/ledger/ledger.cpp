#include "ledger/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "base/rare_path.hpp"

namespace jobrun::ledger {

namespace {

std::string name_in_doubt(const Event& event) {
  return correlation_id(event) + " " + event_key(event);
}

}  // namespace

/// What the items of a batch came to, in their order, while it is not yet durable.
struct Ledger::Written {
  std::vector<Commit> commits;             ///< one per event
  std::vector<Result<void>> work_results;  ///< one per piece of work
  MadeDue due;
  bool is_whole =
      false;  ///< all of it is written: only the commit can have failed, and may have succeeded all the same
};

Ledger::Ledger(Ports ports, OnDue on_due, Options options)
    : ports_(ports), on_due_(std::move(on_due)), options_(options) {}

void Ledger::submit(Event event, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && events_.size() < options_.events_waiting_max) {
      events_.push_back({std::move(event), std::move(done)});
      if (under_way_ && under_way_->is_relieved) relief_wanted_.notify_one();
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

bool Ledger::has_something() const {
  const bool can_replay = !stopped_ && !is_spooling_ && ports_.spool && !ports_.spool->is_empty();
  return !events_.empty() || !work_.empty() || can_replay;
}

bool Ledger::has_waiting() const {
  const std::lock_guard lock(mutex_);
  return has_something();
}

bool Ledger::wait() {
  std::unique_lock lock(mutex_);
  something_waits_.wait(lock, [this] { return stopped_ || has_something(); });
  return has_something();
}

void Ledger::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  something_waits_.notify_all();
  relief_wanted_.notify_all();
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
  // Somebody may have opted out in what is still in the spool: before that is known, no text is started.
  if (!ports_.spool || ports_.spool->is_empty() || is_spooling_) take(work_, options_.batch_work_max, batch.work);
  return batch;
}

bool Ledger::commit_waiting() {
  if (is_spooling()) return divert_batch(take_batch());
  const bool has_spooled = ports_.spool && !ports_.spool->is_empty();
  if (has_spooled) static_cast<void>(replay_some());
  Batch batch = take_batch();
  if (batch.size() == 0) return has_spooled;
  // An item that cannot be written must not take the others down with it.
  if (commit_batch(batch, batch.size() == 1) == Ended::item_failed) commit_one_by_one(batch);
  ports_.store.tidy();
  return true;
}

void Ledger::commit_one_by_one(Batch& batch) {
  const auto commit = [this](Batch one) {
    if (!is_spooling()) return static_cast<void>(commit_batch(one, true));
    divert_batch(std::move(one));
  };
  for (WaitingEvent& event : batch.events) {
    Batch one;
    one.events.push_back(std::move(event));
    commit(std::move(one));
  }
  for (JournalWork& work : batch.work) {
    Batch one;
    one.work.push_back(std::move(work));
    commit(std::move(one));
  }
}

/// Of one that was spooled the caller has heard what he has heard.
Commit Ledger::decide(const WaitingEvent& waiting, StoreBatch& batch, Instant now) {
  Commit commit = ports_.decider.decide(waiting.event, batch, now);
  if (waiting.spooled && commit.greeting) commit.greeting = waiting.spooled->greeting;
  return commit;
}

/// Decides, writes and commits. `internal`: the store is well and will never take one of the items.
Result<void> Ledger::write_batch(const Batch& batch, Instant now, Written& written) {
  try {
    std::vector<const Event*> events;
    events.reserve(batch.events.size());
    for (const WaitingEvent& waiting : batch.events) events.push_back(&waiting.event);
    const std::unique_ptr<StoreBatch> store_batch = ports_.store.begin(events);
    written.commits.reserve(events.size());
    for (const WaitingEvent& waiting : batch.events) {
      written.commits.push_back(decide(waiting, *store_batch, now));
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
    written.is_whole = true;
    return store_batch->commit();
  } catch (const StoreFailure& failed) {
    const bool is_input = failed.because == StoreFailure::Because::input;
    return failure(is_input ? ErrorKind::internal : ErrorKind::unavailable, failed.message);
  } catch (const std::exception& mistake) {
    return failure(ErrorKind::internal, mistake.what());
  }
}

/// Writes and commits a batch, and answers everybody in it. `item_failed`: the store is well and will never take
/// one of the items; if `alone` is false nobody has been answered, but those whom a relief has.
Ledger::Ended Ledger::commit_batch(Batch& batch, bool alone) {
  const auto began = ports_.clock.monotonic();
  begin_batch(batch, began);
  Written written;
  const Result<void> durable = write_batch(batch, ports_.clock.now(), written);
  end_batch();
  if (!durable && written.is_whole) keep_in_doubt(batch, written);
  // Those that a relief has answered are in the spool.
  if (!durable) std::erase_if(batch.events, [](const WaitingEvent& waiting) { return !waiting.done; });
  const bool is_items_fault = !durable && durable.error().kind == ErrorKind::internal;
  if (is_items_fault && !alone) return Ended::item_failed;
  ports_.meter.observe(Metric::ledger_batch_events, static_cast<double>(batch.size()));
  ports_.meter.observe(Metric::ledger_commit_seconds,
                       std::chrono::duration<double>(ports_.clock.monotonic() - began).count());
  if (!durable) {
    fail(batch, durable.error());
    return is_items_fault ? Ended::item_failed : Ended::failed;
  }
  answer(batch, written);
  return Ended::durable;
}

void Ledger::begin_batch(Batch& batch, std::chrono::nanoseconds began) {
  const std::lock_guard lock(mutex_);
  under_way_ = UnderWay{&batch, began};
}

/// Afterwards nobody else touches the batch. What a relief has answered has no `done` any more.
void Ledger::end_batch() {
  const std::lock_guard lock(mutex_);
  under_way_.reset();
}

void Ledger::answer(Batch& batch, Written& written) {
  {
    const std::lock_guard lock(mutex_);
    healthy_ = true;
  }
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    if (batch.events[i].done) batch.events[i].done(Receipt{std::move(written.commits[i].answer)});
  }
  if (!written.due.is_nothing()) on_due_(std::move(written.due));
  for (std::size_t i = 0; i < batch.work.size(); ++i) batch.work[i].done(written.work_results[i]);
  for (std::size_t i = 0; i < batch.events.size(); ++i) tell(batch.events[i].event, written.commits[i]);
}

void Ledger::tell(const Event& event, Commit& commit) {
  if (!in_doubt_.empty()) {
    const auto kept = in_doubt_.extract(name_in_doubt(event));
    if (kept && commit.is_duplicate) tell(kept.mapped());
  }
  tell({std::move(commit.counts), std::move(commit.logs)});
}

void Ledger::tell(const Told& told) {
  for (const Count& count : told.counts) ports_.meter.count(count.metric, count.labels[0], count.labels[1]);
  for (const LogLine& line : told.logs) ports_.log.write(line);
}

void Ledger::keep_in_doubt(const Batch& batch, Written& written) {
  for (std::size_t i = 0; i < batch.events.size() && in_doubt_.size() < options_.in_doubt_max; ++i) {
    Commit& commit = written.commits[i];
    if (commit.is_duplicate || commit.is_ignored) continue;
    in_doubt_.insert_or_assign(name_in_doubt(batch.events[i].event),
                               Told{std::move(commit.counts), std::move(commit.logs)});
  }
}

void Ledger::fail(Batch& batch, const Error& error) {
  seen(RarePath::batch_not_durable);
  ports_.meter.count(Metric::store_failures);
  ports_.log.write(
      {LogLevel::critical, "a batch could not be made durable in the database", "", {{"error", error.message}}});
  if (!batch.events.empty() && batch.events.front().spooled) return;  // a replay: see replay_some()
  const bool is_items_fault = error.kind == ErrorKind::internal;
  if (ports_.spool && !is_items_fault) {
    begin_spooling(error);
    divert_batch(std::move(batch));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    healthy_ = is_items_fault;
  }
  for (WaitingEvent& waiting : batch.events) waiting.done(std::unexpected(error));
  for (JournalWork& work : batch.work) work.done(std::unexpected(error));
}

// --- the spool ------------------------------------------------------------------------------------

bool Ledger::is_spooling() const {
  const std::lock_guard lock(mutex_);
  return is_spooling_;
}

void Ledger::begin_spooling(const Error& because) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_spooling_, true)) return;
  }
  ports_.log.write({LogLevel::critical,
                    "THE DATABASE CANNOT BE WRITTEN: events go to the spool until it can",
                    "",
                    {{"error", because.message}}});
}

void Ledger::store_is_well() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_spooling_, false)) return;
    something_waits_.notify_one();
  }
  ports_.log.write(
      {LogLevel::warning, "the database can be written again; the spool is replayed into it", "", {}});
}

/// Makes the events durable in the spool, and answers them. What waits for the store otherwise is refused, and
/// comes again. False: there was nothing.
bool Ledger::divert_batch(Batch batch) {
  const bool was_something = batch.size() > 0;
  divert(std::move(batch.events));
  for (JournalWork& work : batch.work) {
    work.done(failure(ErrorKind::unavailable, "the database cannot be written; repeat later"));
  }
  return was_something;
}

void Ledger::divert(std::vector<WaitingEvent> events) {
  // Those of the spool are in it still.
  std::erase_if(events, [](const WaitingEvent& waiting) { return waiting.spooled.has_value(); });
  if (events.empty()) return;
  const Instant now = ports_.clock.now();
  std::vector<std::optional<VoiceAnswer>> answers;
  std::vector<SpooledEvent> spooled;
  for (WaitingEvent& waiting : events) {
    answers.push_back(ports_.decider.answer_without_facts(waiting.event));
    const Greeting greeting = answers.back() ? answers.back()->greeting : Greeting::none;
    // Once it is replayed, that is long ago.
    if (auto* change = std::get_if<CallStatusChange>(&waiting.event); change && !change->at) change->at = now;
    if (auto* text = std::get_if<InboundText>(&waiting.event); text && !text->at) text->at = now;
    spooled.push_back({std::move(waiting.event), greeting});
  }
  const Result<void> kept = ports_.spool->append(spooled);
  seen(kept ? RarePath::event_spooled : RarePath::event_not_spooled);
  {
    const std::lock_guard lock(mutex_);
    healthy_ = kept.has_value();
  }
  if (kept) {
    ports_.meter.count(Metric::events_spooled, {}, {}, static_cast<double>(events.size()));
  } else {
    ports_.log.write(
        {LogLevel::critical,
         "events could be made durable neither in the database nor in the spool; none was acknowledged",
         "",
         {{"events", std::to_string(events.size())}, {"error", kept.error().message}}});
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (kept) {
      events[i].done(Receipt{std::move(answers[i]), true});
    } else {
      events[i].done(std::unexpected(kept.error()));
    }
  }
}

bool Ledger::wait_to_relieve() {
  constexpr std::chrono::milliseconds look_every{100};
  std::unique_lock lock(mutex_);
  relief_wanted_.wait_for(lock, look_every, [this] {
    return stopped_ || (under_way_ && under_way_->is_relieved && !events_.empty());
  });
  return !stopped_;
}

bool Ledger::relieve_writer() {
  if (!ports_.spool) return false;
  std::vector<WaitingEvent> late;
  {
    const std::lock_guard lock(mutex_);
    const auto now = ports_.clock.monotonic();
    if (!under_way_ || now - under_way_->began < options_.commit_deadline) return false;
    if (!std::exchange(under_way_->is_relieved, true)) {
      // The writer reads the events meanwhile; nobody but us touches what is done with them.
      for (WaitingEvent& waiting : under_way_->batch->events) {
        late.push_back({waiting.event, std::exchange(waiting.done, nullptr), waiting.spooled});
      }
    }
    std::ranges::move(events_, std::back_inserter(late));
    events_.clear();
  }
  begin_spooling({ErrorKind::unavailable, "a commit takes longer than its deadline"});
  const bool was_something = !late.empty();
  divert(std::move(late));
  return was_something;
}

Result<void> Ledger::replay_all() {
  while (ports_.spool && !ports_.spool->is_empty()) {
    if (Result<void> replayed = replay_some(); !replayed) return replayed;
  }
  return {};
}

/// Events are known again by their keys, so one that is replayed twice, or was durable all the while, does
/// nothing.
Result<void> Ledger::replay_some() {
  Result<std::vector<SpooledEvent>> events = ports_.spool->oldest(options_.replay_max);
  if (!events) {
    begin_spooling(events.error());
    return std::unexpected(events.error());
  }
  seen(RarePath::spool_replayed);
  Result<void> replayed = replay(*events);
  if (replayed || replayed.error().kind != ErrorKind::internal) return replayed;
  for (const SpooledEvent& event : *events) {
    replayed = replay({&event, 1});
    if (!replayed && replayed.error().kind == ErrorKind::internal) replayed = set_aside(event);
    if (!replayed) return replayed;
  }
  return {};
}

/// `internal`: one of them will never be taken. After any other error the store is away.
Result<void> Ledger::replay(std::span<const SpooledEvent> events) {
  Batch batch;
  for (const SpooledEvent& event : events) {
    batch.events.push_back({event.event, [](const Result<Receipt>&) {}, event});
  }
  switch (commit_batch(batch, true)) {
    case Ended::durable:
      break;
    case Ended::item_failed:
      return failure(ErrorKind::internal, "an event of the spool cannot be written");
    case Ended::failed: {
      const Error away{ErrorKind::unavailable, "the spool cannot be replayed into the database"};
      begin_spooling(away);
      return std::unexpected(away);
    }
  }
  ports_.spool->forget_oldest(events.size());
  ports_.meter.count(Metric::events_replayed, {}, {}, static_cast<double>(events.size()));
  return {};
}

/// The store is well and does not take it: a mistake of ours, which must not keep the others waiting.
Result<void> Ledger::set_aside(const SpooledEvent& event) {
  const Result<void> kept = ports_.spool->set_aside(event);
  ports_.log.write({LogLevel::critical,
                    "AN ACKNOWLEDGED EVENT CANNOT BE WRITTEN: it is set aside in the spool's folder",
                    correlation_id(event.event),
                    {{"kept", kept ? "yes" : kept.error().message}}});
  if (!kept) {
    begin_spooling(kept.error());
    return kept;
  }
  ports_.spool->forget_oldest(1);
  return {};
}

WriterThread::WriterThread(Ledger& ledger)
    : ledger_(ledger),
      thread_([&ledger] {
        while (ledger.wait()) ledger.commit_waiting();
      }),
      relief_([&ledger] {
        while (ledger.wait_to_relieve()) ledger.relieve_writer();
      }) {}

WriterThread::~WriterThread() {
  ledger_.stop();
  thread_.join();
  relief_.join();
}

void look_for_overdue_calls(Journal& journal, Log& log, const LongestWaits& longest) {
  constexpr std::int64_t calls_per_look_max = 1'000;
  auto look = std::make_shared<OverdueLook>();
  JournalWork work;
  work.write = [look, longest](StoreBatch& batch, Instant now) -> Result<void> {
    batch.mend_dates(longest, now);
    *look = batch.look_for_overdue_calls(now, calls_per_look_max);
    if (!look->opened) return {};
    const AlertRequest alert =
        operator_alert(AlertKind::incident_open, Severity::critical, "outcome_overdue",
                       "Calls are past their deadline without an outcome (incident " +
                           std::to_string(look->opened->value) + "). Run: jobrun calls list --open");
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
