// The ledger: the one door for Events, and the one writer.
//
// Waiting events and pieces of work are committed together, many in one transaction, because a sync to disk
// costs the same for one as for a hundred. Nobody is answered before the batch is durable. What an event
// means is asked of a Decider, inside the batch, so that two calls of one caller see each other; the ledger
// itself knows no flow.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/decider.hpp"
#include "base/ports/event_sink.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"

namespace jobrun::ledger {

/// What a durable batch made due, for those who act on it.
struct MadeDue {
  std::vector<TextRecord> texts;  ///< promised, oldest first
  bool alerts = false;            ///< some were raised that are due
  bool is_nothing() const { return texts.empty() && !alerts; }
};

class Ledger final : public EventSink, public Journal {
 public:
  struct Options {
    std::size_t batch_events_max = 256;
    std::size_t batch_work_max = 64;
    std::size_t events_waiting_max = 10'000;  ///< further ones are refused as `unavailable`
    std::size_t work_waiting_max = 50'000;    ///< likewise
  };
  /// Is told after each durable batch that made something due, on the writer's thread; must not block.
  using OnDue = std::function<void(MadeDue)>;

  Ledger(Store& store, Decider& decider, Clock& clock, Meter& meter, Log& log, OnDue on_due, Options options);
  Ledger(Store& store, Decider& decider, Clock& clock, Meter& meter, Log& log, OnDue on_due)
      : Ledger(store, decider, clock, meter, log, std::move(on_due), Options{}) {}

  void submit(Event event, Done done) override;
  void submit(JournalWork work) override;

  /// Commits one batch of what waits, and answers. False when nothing waited. One thread at a time.
  bool commit_waiting();
  /// True when something waits. For a driver that must not block.
  bool has_waiting() const;
  /// Blocks until something waits or stop() was called; false once stopped and drained.
  bool wait();
  /// Refuses everything from now on; what already waits is still committed.
  void stop();
  /// True while the last batch was made durable.
  bool is_healthy() const;

 private:
  struct WaitingEvent {
    Event event;
    Done done;
  };
  struct Batch {
    std::vector<WaitingEvent> events;
    std::vector<JournalWork> work;
    std::size_t size() const { return events.size() + work.size(); }
  };
  struct Written;

  Batch take_batch();
  bool commit_batch(Batch& batch, bool alone);
  void commit_one_by_one(Batch& batch);
  void answer(Batch& batch, Written& written, const Result<void>& durable);
  void note_failure(const Error& error);

  Store& store_;
  Decider& decider_;
  Clock& clock_;
  Meter& meter_;
  Log& log_;
  OnDue on_due_;
  Options options_;

  mutable std::mutex mutex_;
  std::condition_variable something_waits_;
  std::deque<WaitingEvent> events_;
  std::deque<JournalWork> work_;
  bool stopped_ = false;
  bool healthy_ = true;
};

/// Drives a ledger until it is destroyed: stops it, commits what waits, joins.
class WriterThread {
 public:
  explicit WriterThread(Ledger& ledger);
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

 private:
  Ledger& ledger_;
  std::thread thread_;
};

/// Submits one look for calls past their deadline: they join one grouped incident, whose opening alerts the
/// operator; incidents whose calls all have outcomes close. Deadlines and alerts dated by a clock that was set
/// back since are mended first.
void look_for_overdue_calls(Journal& journal, Log& log, const LongestWaits& longest);

}  // namespace jobrun::ledger
