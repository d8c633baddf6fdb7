#include "ledger/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "base/rare_path.hpp"
#include "steps.hpp"
#include "translated_batch.hpp"

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
  std::vector<TextId> withdrawn;  ///< promised while the store was away, and not by it
  Told of_steps;
  bool is_held = false;     ///< in memory alone
  bool is_on_held = false;  ///< perhaps decided by what is in memory alone
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
      if (under_way_ && under_way_->is_relieved) relief_wanted_.notify_one();
      something_waits_.notify_one();
      return;
    }
  }
  work.done(failure(ErrorKind::unavailable, "the ledger takes no more work; repeat later"));
}

bool Ledger::has_something() const {
  const bool can_return = !stopped_ && !is_spooling_ && (is_standing_in_ || has_spooled());
  return !events_.empty() || !work_.empty() || can_return;
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

Ledger::~Ledger() {
  refuse_held_answers();
}

bool Ledger::is_healthy() const {
  const std::lock_guard lock(mutex_);
  return healthy_;
}

namespace {

/// Moves the first ones, at most `most`.
template <class Queue, class Into>
void take_first(Queue& queue, std::size_t most, Into& into) {
  const auto last = queue.begin() + static_cast<std::ptrdiff_t>(std::min(most, queue.size()));
  into.assign(std::move_iterator(queue.begin()), std::move_iterator(last));
  queue.erase(queue.begin(), last);
}

}  // namespace

Ledger::Batch Ledger::take_batch() {
  Batch batch;
  const std::lock_guard lock(mutex_);
  take_first(events_, options_.batch_events_max, batch.events);
  // Somebody may have opted out in what is still in the spool: before that is known, no text is started.
  if (is_spooling_ || !has_spooled()) take_first(work_, options_.batch_work_max, batch.work);
  return batch;
}

bool Ledger::commit_waiting() {
  if (is_away()) return stand_in_for(take_batch());
  const bool is_returning = is_standing_in() || has_spooled();
  if (is_returning) {
    // What is older goes first.
    const bool is_replayed = replay_some() && !has_spooled() && !is_away();
    settle_held_answers();
    if (!is_replayed) return stand_in_for(take_batch()) || !is_spooling();
    end_standing_in();
  }
  Batch batch = take_batch();
  if (batch.size() == 0) return is_returning;
  // An item that cannot be written must not take the others down with it.
  if (commit_batch(batch, batch.size() == 1) == Ended::item_failed) commit_one_by_one(batch);
  ports_.store.tidy();
  return true;
}

void Ledger::commit_one_by_one(Batch& batch) {
  const auto commit = [this](Batch one) {
    if (!is_away()) return static_cast<void>(commit_batch(one, true));
    stand_in_for(std::move(one));
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

namespace {

/// `internal`: the store is well and will never take one of the items.
template <class Write>
Result<void> attempt(Write write) {
  try {
    return write();
  } catch (const StoreFailure& failed) {
    const bool is_input = failed.because == StoreFailure::Because::input;
    return failure(is_input ? ErrorKind::internal : ErrorKind::unavailable, failed.message);
  } catch (const std::exception& mistake) {
    return failure(ErrorKind::internal, mistake.what());
  }
}

}  // namespace

Result<void> Ledger::write_batch(Batch& batch, Instant now, Written& written) {
  return attempt([&]() -> Result<void> {
    std::vector<const Event*> events;
    events.reserve(batch.events.size());
    for (const WaitingEvent& waiting : batch.events) events.push_back(&waiting.event);
    TranslatedBatch store_batch(ports_.store.begin(events), rows_meanwhile_);
    written.commits.reserve(batch.events.size());
    for (const WaitingEvent& waiting : batch.events) write_event(waiting, store_batch, now, written);
    write_work(batch, store_batch, now, written);
    note_decisions(batch, written);
    written.is_whole = true;
    return store_batch.commit();
  });
}

/// For whoever relieves the writer of the commit that comes now, or stands in once it has failed.
void Ledger::note_decisions(Batch& batch, const Written& written) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < batch.events.size(); ++i) batch.events[i].decided = written.commits[i].text;
}

namespace {

/// Whoever decides may know it by the words of a text alone; what the carrier tells is counted where it is heard.
void count_opt_outs(const Event& event, Commit& commit) {
  if (!std::holds_alternative<InboundText>(event)) return;
  for (const SetPhoneFact& fact : commit.learned) {
    if (fact.fact == PhoneFact::opted_out && fact.holds) commit.counts.push_back({Metric::opt_outs, {"text"}});
  }
}

}  // namespace

/// Decides an event and writes it. True: the text that it decides on is promised. Where the store may have
/// promised another text for it, that one it is: only the store knows what a call's number was when it began.
bool Ledger::write_event(const WaitingEvent& waiting, StoreBatch& store_batch, Instant now, Written& written) {
  written.commits.push_back(ports_.decider.decide(waiting.event, store_batch, now));
  Commit& decided_now = written.commits.back();
  count_opt_outs(waiting.event, decided_now);
  if (waiting.decided && decided_now.text && decided_now.text->id != waiting.decided->id) {
    decided_now =
        as_decided_then(std::move(decided_now), {.event = waiting.event, .at = now, .promised = waiting.decided});
  }
  const Commit& commit = written.commits.back();
  if (commit.is_duplicate || commit.is_ignored) return false;
  std::optional<TextRecord> text = store_batch.write(commit, now);
  if (!text) return false;
  written.due.texts.push_back(std::move(*text));
  return commit.text && commit.text->id == written.due.texts.back().promise.id;
}

void Ledger::write_work(const Batch& batch, StoreBatch& store_batch, Instant now, Written& written) {
  for (const JournalWork& work : batch.work) {
    store_batch.begin_item();
    written.work_results.push_back(work.write(store_batch, now));
    written.work_results.back() ? store_batch.keep_item() : store_batch.undo_item();
  }
  written.due.alerts = store_batch.has_raised_due_alerts();
}

/// Writes and commits a batch, and answers everybody in it. `item_failed`: the store is well and will never take
/// one of the items; if `alone` is false nobody has been answered, but those whom a relief has.
Ledger::Ended Ledger::commit_batch(Batch& batch, bool alone) {
  const auto began = ports_.clock.monotonic();
  begin_batch(batch, began);
  Written written;
  const Result<void> durable = write_batch(batch, ports_.clock.now(), written);
  const bool is_relieved = end_batch();
  if (!durable && written.is_whole) {
    for (std::size_t i = 0; i < batch.events.size(); ++i) keep_in_doubt(batch.events[i].event, written.commits[i]);
  }
  // What has been relieved leaves from where it went to, until that has been replayed.
  if (is_relieved) written.due.texts.clear();
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

/// Afterwards nobody else touches the batch. What a relief has answered has no `done` any more. True: there was
/// one.
bool Ledger::end_batch() {
  const std::lock_guard lock(mutex_);
  const bool is_relieved = under_way_ && under_way_->is_relieved;
  under_way_.reset();
  return is_relieved;
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
  count_all(ports_.meter, told.counts);
  for (const LogLine& line : told.logs) ports_.log.write(line);
}

void Ledger::keep_in_doubt(const Event& event, Commit& commit) {
  if (commit.is_duplicate || commit.is_ignored || in_doubt_.size() >= options_.in_doubt_max) return;
  in_doubt_.insert_or_assign(name_in_doubt(event), Told{std::move(commit.counts), std::move(commit.logs)});
}

void Ledger::report_failure(const Error& error) {
  seen(RarePath::batch_not_durable);
  ports_.meter.count(Metric::store_failures);
  ports_.log.write(
      {LogLevel::critical, "a batch could not be made durable in the database", "", {{"error", error.message}}});
}

void Ledger::fail(Batch& batch, const Error& error) {
  report_failure(error);
  const bool is_items_fault = error.kind == ErrorKind::internal;
  if (ports_.spool && !is_items_fault) {
    begin_spooling(error);
    // The work may have been done all the same: whoever wanted it must know before it is done elsewhere.
    for (JournalWork& work : batch.work) work.done(std::unexpected(error));
    batch.work.clear();
    stand_in_for(std::move(batch));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    healthy_ = is_items_fault;
  }
  for (WaitingEvent& waiting : batch.events) waiting.done(std::unexpected(error));
  for (JournalWork& work : batch.work) work.done(std::unexpected(error));
}

// --- while the store is away ------------------------------------------------------------------------

bool Ledger::is_spooling() const {
  const std::lock_guard lock(mutex_);
  return is_spooling_;
}

/// Nothing may be written to the store now.
bool Ledger::is_away() const {
  const std::lock_guard lock(mutex_);
  return is_spooling_ || is_relieving_;
}

bool Ledger::is_standing_in() const {
  const std::lock_guard lock(mutex_);
  return is_standing_in_;
}

void Ledger::begin_spooling(const Error& because) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_spooling_, true)) return;
    if (!std::exchange(is_standing_in_, true)) on_store_changed_(true);
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

/// The store has all of the spool.
void Ledger::end_standing_in() {
  const std::lock_guard lock(mutex_);
  if (is_spooling_ || is_relieving_ || !std::exchange(is_standing_in_, false)) return;
  if (ports_.stand_in) ports_.stand_in->clear();
  on_store_changed_(false);
}

/// Makes the events durable in the spool, and answers them; likewise the work that may be. Other work is refused,
/// and comes again. False: there was nothing.
bool Ledger::stand_in_for(Batch batch) {
  const bool was_something = batch.size() > 0;
  refuse_work_of_the_store(batch);
  while (batch.size() > 0) {
    Batch next = take_from(batch);
    if (!ports_.stand_in) {
      keep_undecided(next);
    } else if (commit_to_stand_in(next, next.size() == 1) == Ended::item_failed) {
      stand_in_one_by_one(next);
    }
  }
  return was_something;
}

/// Of a relief's backlog as much as one batch may hold.
Ledger::Batch Ledger::take_from(Batch& batch) const {
  Batch next;
  take_first(batch.events, options_.batch_events_max, next.events);
  take_first(batch.work, options_.batch_work_max, next.work);
  return next;
}

void Ledger::refuse_work_of_the_store(Batch& batch) {
  std::vector<JournalWork> all = std::move(batch.work);
  batch.work.clear();
  for (JournalWork& work : all) {
    if (work.may_stand_in && ports_.stand_in) {
      batch.work.push_back(std::move(work));
    } else {
      work.done(failure(ErrorKind::unavailable, "the database cannot be written; repeat later"));
    }
  }
}

void Ledger::stand_in_one_by_one(Batch& batch) {
  for (WaitingEvent& event : batch.events) {
    Batch one;
    one.events.push_back(std::move(event));
    // Whatever is wrong with it: it can still be decided later.
    if (commit_to_stand_in(one, true) == Ended::item_failed) keep_undecided(one);
  }
  for (JournalWork& work : batch.work) {
    Batch one;
    one.work.push_back(std::move(work));
    commit_to_stand_in(one, true);
  }
}

/// `item_failed`: nobody has been answered, unless `alone`.
Ledger::Ended Ledger::commit_to_stand_in(Batch& batch, bool alone) {
  Written written;
  const Result<void> durable = write_to_stand_in(batch, ports_.clock.now(), written);
  const bool is_items_fault = !durable && durable.error().kind == ErrorKind::internal;
  if (is_items_fault && (!alone || !batch.events.empty())) return Ended::item_failed;
  // What cannot be durable may be held, each by itself.
  if (!durable && !alone) return Ended::item_failed;
  if (!is_items_fault && !batch.events.empty() && !written.is_held) report_spooled(batch.events.size(), durable);
  if (durable) {
    answer_from_spool(batch, written);
    settle_held_answers();
    return Ended::durable;
  }
  for (WaitingEvent& waiting : batch.events) waiting.done(std::unexpected(durable.error()));
  for (JournalWork& work : batch.work) work.done(std::unexpected(durable.error()));
  return Ended::failed;
}

namespace {

/// Once it is replayed, that is long ago.
Event dated(Event event, Instant now) {
  if (auto* change = std::get_if<CallStatusChange>(&event); change && !change->at) change->at = now;
  if (auto* text = std::get_if<InboundText>(&event); text && !text->at) text->at = now;
  return event;
}

}  // namespace

Result<void> Ledger::write_to_stand_in(const Batch& batch, Instant now, Written& written) {
  return attempt([&]() -> Result<void> {
    const std::unique_ptr<StandInBatch> store_batch = ports_.stand_in->begin();
    const bool is_decided = store_batch->are_facts_known();
    for (const WaitingEvent& waiting : batch.events) {
      const bool has_promised = write_event(waiting, *store_batch, now, written);
      const Commit& commit = written.commits.back();
      if (commit.is_duplicate) continue;
      // One that is ignored may be about a text that the store knows.
      store_batch->keep(SpooledEvent{.event = dated(waiting.event, now),
                                     .greeting = commit.answer ? commit.answer->greeting : Greeting::none,
                                     .at = now,
                                     .promised = has_promised ? commit.text : std::nullopt,
                                     .is_decided = is_decided && !commit.is_left_open});
    }
    write_work(batch, *store_batch, now, written);
    Result<void> durable = store_batch->commit();
    const bool is_disks_fault = !durable && durable.error().kind == ErrorKind::unavailable;
    if (is_disks_fault && batch.size() == 1 && store_batch->hold()) {
      written.is_held = true;
      durable = {};
    }
    written.is_on_held = ports_.spool->is_holding();
    return durable;
  });
}

void Ledger::report_spooled(std::size_t events, const Result<void>& kept) {
  seen(kept ? RarePath::event_spooled : RarePath::event_not_spooled);
  {
    const std::lock_guard lock(mutex_);
    healthy_ = kept.has_value();
  }
  if (kept) {
    ports_.meter.count(Metric::events_spooled, {}, {}, static_cast<double>(events));
    return;
  }
  ports_.log.write({LogLevel::critical,
                    "events could be made durable neither in the database nor in the spool; none was acknowledged",
                    "",
                    {{"events", std::to_string(events)}, {"error", kept.error().message}}});
}

/// Nothing is counted or logged of an event before the store has it. Of what is in memory alone nobody is told
/// that it is known.
void Ledger::answer_from_spool(Batch& batch, Written& written) {
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    Done& done = batch.events[i].done;
    Commit& commit = written.commits[i];
    if (written.is_held && commit.text) {
      hold_answer(batch.events[i], commit);
    } else if (written.is_on_held && commit.is_duplicate) {
      done(failure(ErrorKind::unavailable, "nothing can be written; repeat later"));
    } else {
      done(Receipt{std::move(commit.answer), KeptBy::spool});
    }
  }
  if (!written.due.texts.empty()) on_due_({.texts = std::move(written.due.texts)});
  for (std::size_t i = 0; i < batch.work.size(); ++i) batch.work[i].done(written.work_results[i]);
}

// --- while the spool cannot be written either -------------------------------------------------------

/// Its text leaves first.
void Ledger::hold_answer(WaitingEvent& waiting, const Commit& commit) {
  seen(RarePath::event_held);
  ports_.meter.count(Metric::events_held);
  ports_.log.write({LogLevel::critical,
                    "NOTHING CAN BE WRITTEN: the caller is texted first, and the call acknowledged after that",
                    correlation_id(waiting.event),
                    {}});
  const std::lock_guard lock(mutex_);
  healthy_ = false;
  held_answers_.push_back({std::move(waiting.done), commit.text->id, commit.answer, ports_.clock.monotonic()});
}

/// The carrier is the record of what it has accepted. Empty: that is not known yet.
std::optional<Result<Receipt>> Ledger::answer_of(const HeldAnswer& held) {
  const auto refused = [](const char* why) { return failure(ErrorKind::unavailable, why); };
  if (!ports_.spool->is_holding()) return Receipt{held.answer, KeptBy::spool};
  const std::optional<TextRecord> text = text_meanwhile(held.text);
  if (text && text->state == TextState::accepted) return Receipt{held.answer, KeptBy::carrier};
  const bool is_settled = !text || text->state == TextState::refused || text->state == TextState::unknown;
  if (is_settled) return refused("nothing can be written, and nobody knows whether the caller was texted");
  const bool is_late = ports_.clock.monotonic() - held.since >= options_.answers_held_for;
  if (is_late) return refused("nothing can be written, and the caller could not be texted yet");
  return std::nullopt;
}

void Ledger::settle_held_answers() {
  std::vector<HeldAnswer> held;
  {
    const std::lock_guard lock(mutex_);
    if (held_answers_.empty()) return;
    held.swap(held_answers_);
  }
  std::vector<HeldAnswer> still_held;
  for (HeldAnswer& one : held) {
    const std::optional<Result<Receipt>> answer = answer_of(one);
    if (!answer) {
      still_held.push_back(std::move(one));
      continue;
    }
    if (*answer && (*answer)->kept_by == KeptBy::carrier) seen(RarePath::event_kept_by_the_carrier);
    one.done(*answer);
  }
  const std::lock_guard lock(mutex_);
  std::ranges::move(still_held, std::back_inserter(held_answers_));
}

/// Whoever waits for one gets it before the end.
void Ledger::refuse_held_answers() {
  std::vector<HeldAnswer> held;
  {
    const std::lock_guard lock(mutex_);
    held.swap(held_answers_);
  }
  for (const HeldAnswer& one : held) one.done(failure(ErrorKind::unavailable, "the service is stopping"));
}

// --- undecided --------------------------------------------------------------------------------------

/// The events alone, to be decided once the store is well.
void Ledger::keep_undecided(Batch& batch) {
  const Instant now = ports_.clock.now();
  std::vector<std::optional<VoiceAnswer>> answers;
  std::vector<SpoolRecord> records;
  for (WaitingEvent& waiting : batch.events) {
    answers.push_back(ports_.decider.answer_without_facts(waiting.event));
    const Greeting greeting = answers.back() ? answers.back()->greeting : Greeting::none;
    records.emplace_back(SpooledEvent{.event = dated(waiting.event, now), .greeting = greeting, .at = now});
  }
  const Result<void> kept = ports_.spool->append(records);
  report_spooled(records.size(), kept);
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    if (kept) {
      batch.events[i].done(Receipt{std::move(answers[i]), KeptBy::spool});
    } else {
      batch.events[i].done(std::unexpected(kept.error()));
    }
  }
}

bool Ledger::wait_to_relieve() {
  constexpr std::chrono::milliseconds look_every{100};
  std::unique_lock lock(mutex_);
  relief_wanted_.wait_for(lock, look_every, [this] {
    return stopped_ || (under_way_ && under_way_->is_relieved && !(events_.empty() && work_.empty()));
  });
  return !stopped_;
}

bool Ledger::relieve_writer() {
  if (!ports_.spool) return false;
  settle_held_answers();
  Batch late;
  {
    const std::lock_guard lock(mutex_);
    const auto now = ports_.clock.monotonic();
    if (!under_way_ || now - under_way_->began < options_.commit_deadline) return false;
    if (!std::exchange(under_way_->is_relieved, true)) {
      // The writer reads the events meanwhile; nobody but us touches what is done with them.
      for (WaitingEvent& waiting : under_way_->batch->events) {
        late.events.push_back({waiting.event, std::exchange(waiting.done, nullptr), waiting.decided});
      }
    }
    std::ranges::move(events_, std::back_inserter(late.events));
    std::ranges::move(work_, std::back_inserter(late.work));
    events_.clear();
    work_.clear();
    is_relieving_ = true;
  }
  begin_spooling({ErrorKind::unavailable, "a commit takes longer than its deadline"});
  const bool was_something = stand_in_for(std::move(late));
  const std::lock_guard lock(mutex_);
  is_relieving_ = false;
  something_waits_.notify_one();
  return was_something;
}

void Ledger::start_without_store(const Error& because, std::function<Result<void>()> take_up) {
  take_up_ = std::move(take_up);
  begin_spooling(because);
}

// --- once it is well again --------------------------------------------------------------------------

Result<void> Ledger::replay_all() {
  while (has_spooled()) {
    if (Result<void> replayed = replay_some(); !replayed) return replayed;
  }
  if (ports_.stand_in) ports_.stand_in->clear();
  return {};
}

Result<void> Ledger::take_up() {
  if (!take_up_) return {};
  Batch none;
  begin_batch(none, ports_.clock.monotonic());
  Result<void> taken_up = attempt(take_up_);
  end_batch();
  if (taken_up) {
    take_up_ = nullptr;
  } else {
    begin_spooling(taken_up.error());
  }
  return taken_up;
}

/// Events are known again by their keys, so one that is replayed twice, or was durable all the while, does
/// nothing.
Result<void> Ledger::replay_some() {
  if (Result<void> taken_up = take_up(); !taken_up) return taken_up;
  Result<std::vector<SpoolRecord>> records =
      ports_.spool ? ports_.spool->oldest(options_.replay_max) : Result<std::vector<SpoolRecord>>{};
  if (!records) {
    begin_spooling(records.error());
    return std::unexpected(records.error());
  }
  if (records->empty()) return {};
  seen(RarePath::spool_replayed);
  Result<void> replayed = replay(*records);
  if (replayed || replayed.error().kind != ErrorKind::internal) return replayed;
  for (const SpoolRecord& record : *records) {
    replayed = replay({&record, 1});
    if (!replayed && replayed.error().kind == ErrorKind::internal) replayed = set_aside(record);
    if (!replayed) return replayed;
  }
  return {};
}

/// `internal`: one of them will never be taken. After any other error the store is away.
Result<void> Ledger::replay(std::span<const SpoolRecord> records) {
  Batch none;  // nobody waits for what is replayed
  Written written;
  begin_batch(none, ports_.clock.monotonic());
  const Result<void> durable = write_again(records, ports_.clock.now(), written);
  end_batch();
  std::vector<const Event*> events;
  for (const SpoolRecord& record : records) {
    if (const auto* spooled = std::get_if<SpooledEvent>(&record)) events.push_back(&spooled->event);
  }
  if (!durable) {
    if (written.is_whole) {
      for (std::size_t i = 0; i < events.size(); ++i) keep_in_doubt(*events[i], written.commits[i]);
    }
    if (durable.error().kind == ErrorKind::internal) return durable;
    report_failure(durable.error());
    begin_spooling(durable.error());
    return failure(ErrorKind::unavailable, "the spool cannot be replayed into the database");
  }
  withdraw(written.withdrawn);
  tell(written.of_steps);
  if (written.due.alerts) on_due_({.texts = {}, .alerts = true});
  for (std::size_t i = 0; i < events.size(); ++i) tell(*events[i], written.commits[i]);
  ports_.spool->forget_oldest(records.size());
  ports_.meter.count(Metric::events_replayed, {}, {}, static_cast<double>(events.size()));
  return {};
}

/// The store has decided otherwise. Those that have not left may not any more.
void Ledger::withdraw(const std::vector<TextId>& texts) {
  if (texts.empty()) return;
  const Instant now = ports_.clock.now();
  const std::unique_ptr<StandInBatch> batch = ports_.stand_in->begin_restoring();
  for (const TextId& id : texts) {
    const std::optional<TextOnRecord> text = batch->find_text(id);
    if (text && text->text.attempts == 0) batch->record_refused(text->text.row, 0, "decided otherwise", {}, now);
  }
  static_cast<void>(batch->commit());
}

/// The text as what stands in for the store has it.
std::optional<TextRecord> Ledger::text_meanwhile(const TextId& id) {
  if (!ports_.stand_in) return std::nullopt;
  const std::optional<TextOnRecord> text = ports_.stand_in->begin_restoring()->find_text(id);
  return text ? std::optional(text->text) : std::nullopt;
}

/// False: the store has no such text.
bool Ledger::learn_row(const TextRecord& meanwhile, StoreBatch& batch) {
  const std::optional<TextOnRecord> text = batch.find_text(meanwhile.promise.id);
  if (text) rows_meanwhile_.insert_or_assign(meanwhile.row.value, text->text.row);
  return text.has_value();
}

/// What has left or was given up has been, when it was, whatever the store's facts say; and what was decided not
/// to leave is decided as of then: it has been built upon. A text that has not left is decided anew, for it leaves
/// now.
Commit Ledger::write_again(const SpooledEvent& event, StoreBatch& batch, Instant now, Written& written) {
  const std::optional<TextRecord> meanwhile = event.promised ? text_meanwhile(event.promised->id) : std::nullopt;
  const bool is_past = meanwhile && (meanwhile->attempts > 0 || meanwhile->state != TextState::promised);
  const bool is_as_then = is_past || (event.is_decided && !event.promised);
  const Instant at = is_as_then ? event.at : now;
  Commit commit = ports_.decider.decide(event.event, batch, at);
  count_opt_outs(event.event, commit);
  if (is_past) commit = as_decided_then(std::move(commit), event);
  // The caller has heard what he has heard.
  if (commit.greeting || event.greeting != Greeting::none) commit.greeting = event.greeting;
  if (!commit.is_duplicate && !commit.is_ignored) batch.write(commit, at);
  if (meanwhile && !learn_row(*meanwhile, batch)) written.withdrawn.push_back(event.promised->id);
  return commit;
}

void Ledger::write_again(const SpooledStep& taken, StoreBatch& batch, Written& written) {
  apply(taken, batch, written.of_steps.counts);
  if (!std::holds_alternative<TextStarted>(taken.step)) return;
  if (const std::optional<TextRecord> meanwhile = text_meanwhile(*taken.text)) learn_row(*meanwhile, batch);
}

Result<void> Ledger::write_again(std::span<const SpoolRecord> records, Instant now, Written& written) {
  // Of outages long ago nobody holds a row any more.
  if (rows_meanwhile_.size() > options_.rows_meanwhile_max) rows_meanwhile_.clear();
  return attempt([&]() -> Result<void> {
    std::vector<const Event*> events;
    for (const SpoolRecord& record : records) {
      if (const auto* spooled = std::get_if<SpooledEvent>(&record)) events.push_back(&spooled->event);
    }
    const std::unique_ptr<StoreBatch> batch = ports_.store.begin(events);
    for (const SpoolRecord& record : records) {
      if (const auto* event = std::get_if<SpooledEvent>(&record)) {
        written.commits.push_back(write_again(*event, *batch, now, written));
      } else {
        write_again(std::get<SpooledStep>(record), *batch, written);
      }
    }
    written.due.alerts = batch->has_raised_due_alerts();
    written.is_whole = true;
    return batch->commit();
  });
}

/// The store is well and does not take it: a mistake of ours, which must not keep the others waiting.
Result<void> Ledger::set_aside(const SpoolRecord& record) {
  const Result<void> kept = ports_.spool->set_aside(record);
  const auto* event = std::get_if<SpooledEvent>(&record);
  ports_.log.write({LogLevel::critical,
                    "AN ACKNOWLEDGED EVENT CANNOT BE WRITTEN: it is set aside in the spool's folder",
                    event != nullptr ? correlation_id(event->event) : "",
                    {{"kept", kept ? "yes" : kept.error().message}}});
  if (!kept) {
    begin_spooling(kept.error());
    return kept;
  }
  ports_.spool->forget_oldest(1);
  return {};
}

// --- at a start -------------------------------------------------------------------------------------

namespace {

/// The last step of each text that was started, and of which no answer is known.
std::map<std::string, SpooledStep> without_answer(std::span<const SpoolRecord> records) {
  std::map<std::string, SpooledStep> started;
  for (const SpoolRecord& record : records) {
    const auto* taken = std::get_if<SpooledStep>(&record);
    if (taken == nullptr || !taken->text) continue;
    if (std::holds_alternative<TextStarted>(taken->step)) {
      started.insert_or_assign(taken->text->text(), *taken);
    } else {
      started.erase(taken->text->text());
    }
  }
  return started;
}

}  // namespace

Result<void> Ledger::restore() {
  if (!ports_.stand_in || !has_spooled()) return {};
  const Result<std::vector<SpoolRecord>> records = ports_.spool->all();
  if (!records) return std::unexpected(records.error());
  if (Result<void> restored = restore(*records); !restored) return restored;
  return attempt([&]() -> Result<void> {
    const Instant now = ports_.clock.now();
    const std::unique_ptr<StandInBatch> batch = ports_.stand_in->begin();
    for (const auto& [id, started] : without_answer(*records)) {
      const TextUnknown unknown{"in flight when the service ended"};
      const std::optional<TextOnRecord> known = batch->find_text(*started.text);
      if (known && batch->record_unknown(known->text.row, unknown.reason, now)) continue;
      // Its event is in the store already.
      batch->keep(SpooledStep{.text = started.text, .attempt = started.attempt, .at = now, .step = unknown});
    }
    return batch->commit();
  });
}

/// One that cannot be taken is left for the replay, which sets it aside.
Result<void> Ledger::restore(std::span<const SpoolRecord> records) {
  Result<void> restored = attempt([&]() -> Result<void> {
    std::vector<Count> counted_before;
    const std::unique_ptr<StandInBatch> batch = ports_.stand_in->begin_restoring();
    for (const SpoolRecord& record : records) {
      if (const auto* step = std::get_if<SpooledStep>(&record)) {
        apply(*step, *batch, counted_before);
        continue;
      }
      const auto& event = std::get<SpooledEvent>(record);
      const Commit commit = as_decided_then(ports_.decider.decide(event.event, *batch, event.at), event);
      if (!commit.is_duplicate && !commit.is_ignored) batch->write(commit, event.at);
    }
    return batch->commit();
  });
  if (restored || restored.error().kind != ErrorKind::internal) return restored;
  for (std::size_t i = 0; records.size() > 1 && i < records.size(); ++i) {
    if (restored = restore(records.subspan(i, 1)); !restored) return restored;
  }
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
