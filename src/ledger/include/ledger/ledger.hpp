// The ledger: the one door for Events, and the one writer.
//
// Waiting events and pieces of work are committed together, many in one transaction, because a sync to disk
// costs the same for one as for a hundred. Nobody is answered before the batch is durable. What an event
// means is asked of a Decider, inside the batch, so that two calls of one caller see each other; the ledger
// itself knows no flow.
//
// While the store cannot take events, they go to the spool, are acknowledged from there, and are replayed into the
// store once it is well again: before what comes then, so that nothing is forgotten behind newer calls.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/decider.hpp"
#include "base/ports/event_sink.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/spool.hpp"
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
    /// A batch that takes longer is in doubt: its events go to the spool too, and those that wait.
    Duration commit_deadline{1'000};
    std::size_t replay_max = 256;       ///< events of the spool in one batch
    std::size_t in_doubt_max = 10'000;  ///< of further ones nothing is counted, if they were durable
  };
  /// Is told after each durable batch that made something due, on the writer's thread; must not block.
  using OnDue = std::function<void(MadeDue)>;

  /// Not owned. Without a spool events that the store cannot take are refused.
  struct Ports {
    Store& store;
    Decider& decider;
    Spool* spool;
    Clock& clock;
    Meter& meter;
    Log& log;
  };

  Ledger(Ports ports, OnDue on_due, Options options);
  Ledger(Ports ports, OnDue on_due) : Ledger(ports, std::move(on_due), Options{}) {}

  void submit(Event event, Done done) override;
  void submit(JournalWork work) override;

  /// Commits one batch of what waits, and answers; then replays some of the spool. False when there was nothing to
  /// do. One thread at a time, the writer's.
  bool commit_waiting();
  /// True when something waits. For a driver that must not block.
  bool has_waiting() const;
  /// Blocks until something waits or stop() was called; false once stopped and drained.
  bool wait();

  /// When the writer's batch is past its deadline, hands its events and those that wait to the spool, and answers
  /// them. One thread at a time, another than the writer's. False: there was nothing to do.
  bool relieve_writer();
  /// Blocks until relieve_writer() may have something to do, at most a tenth of a second; false once stopped.
  bool wait_to_relieve();
  /// Events go to the spool, because the store failed or was too slow.
  bool is_spooling() const;
  /// A probe has succeeded: the store is used again, beginning with what is in the spool. Any thread.
  void store_is_well();
  /// Replays all of the spool, for a start. An error says why the store did not take it.
  Result<void> replay_all();
  /// Refuses everything from now on; what already waits is still committed.
  void stop();
  /// True while events are made durable, be it by the spool.
  bool is_healthy() const;

 private:
  struct WaitingEvent {
    Event event;
    Done done;
    std::optional<SpooledEvent> spooled{};  ///< it comes from the spool, which tells when it came
  };
  struct Batch {
    std::vector<WaitingEvent> events;
    std::vector<JournalWork> work;
    std::size_t size() const { return events.size() + work.size(); }
  };
  struct Written;
  enum class Ended { durable, failed, item_failed };
  /// The writer's batch, as the one who may relieve it sees it.
  struct UnderWay {
    Batch* batch;
    std::chrono::nanoseconds began;
    bool is_relieved = false;  ///< its events have been answered, and so are those that come
  };

  /// What is told of an event once it is durable.
  struct Told {
    std::vector<Count> counts;
    std::vector<LogLine> logs;
  };

  bool has_something() const;
  Batch take_batch();
  Result<void> write_batch(const Batch& batch, Instant now, Written& written);
  Ended commit_batch(Batch& batch, bool alone);
  Commit decide(const WaitingEvent& waiting, StoreBatch& batch, Instant now);
  void commit_one_by_one(Batch& batch);
  void begin_batch(Batch& batch, std::chrono::nanoseconds began);
  void end_batch();
  void answer(Batch& batch, Written& written);
  void fail(Batch& batch, const Error& error);
  void keep_in_doubt(const Batch& batch, Written& written);
  void tell(const Event& event, Commit& commit);
  void tell(const Told& told);

  void begin_spooling(const Error& because);
  bool divert_batch(Batch batch);
  void divert(std::vector<WaitingEvent> events);
  Result<void> replay_some();
  Result<void> replay(std::span<const SpooledEvent> events);
  Result<void> set_aside(const SpooledEvent& event);

  Ports ports_;
  OnDue on_due_;
  Options options_;
  /// Of events whose batch failed in its commit, and may be durable all the same: told when they come back, from
  /// the carrier or the spool, and are known. By call and key; the writer's.
  std::unordered_map<std::string, Told> in_doubt_;

  mutable std::mutex mutex_;
  std::condition_variable something_waits_;
  std::condition_variable relief_wanted_;
  std::deque<WaitingEvent> events_;
  std::deque<JournalWork> work_;
  std::optional<UnderWay> under_way_;
  bool is_spooling_ = false;
  bool stopped_ = false;
  bool healthy_ = true;
};

/// Drives a ledger until it is destroyed: stops it, commits what waits, joins. A second thread relieves the first.
class WriterThread {
 public:
  explicit WriterThread(Ledger& ledger);
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

 private:
  Ledger& ledger_;
  std::thread thread_;
  std::thread relief_;
};

/// Submits one look for calls past their deadline: they join one grouped incident, whose opening alerts the
/// operator; incidents whose calls all have outcomes close. Deadlines and alerts dated by a clock that was set
/// back since are mended first.
void look_for_overdue_calls(Journal& journal, Log& log, const LongestWaits& longest);

}  // namespace jobrun::ledger
