// The ledger: the one door for Events, and the one writer.
//
// Waiting events and pieces of work are committed together, many in one transaction, because a sync to disk
// costs the same for one as for a hundred. Nobody is answered before the batch is durable. What an event
// means is asked of a Decider, inside the batch, so that two calls of one caller see each other; the ledger
// itself knows no flow.
//
// While the store cannot take events, they are decided by what stands in for it, are acknowledged from the spool,
// and their texts leave from there. When the spool cannot take them either, the text of an event leaves first, and
// the event is acknowledged once the carrier has accepted it; what promises no text is refused. Once the store is
// well again the spool is replayed into it, and until it has all of that, what comes goes the same way: so nothing
// is decided without what happened before it.
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
#include "base/ports/stand_in.hpp"
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
    /// Of texts that were promised while the store was away; then all are forgotten, and what the carrier answers
    /// of those still in flight is looked up.
    std::size_t rows_meanwhile_max = 1'000'000;
    /// Nothing can be written, and no carrier has accepted the text for so long: then the event is refused.
    Duration answers_held_for{10'000};
  };
  /// Is told after each durable batch that made something due, on the thread of whoever wrote it; must not block.
  using OnDue = std::function<void(MadeDue)>;

  /// Is told whenever another store is used, by whoever finds that out; must not block.
  using OnStoreChanged = std::function<void(bool is_standing_in)>;

  /// Not owned. Without a spool events that the store cannot take are refused; without what stands in for the
  /// store they are kept in the spool and decided later.
  struct Ports {
    Store& store;
    Decider& decider;
    Spool* spool;
    StandIn* stand_in = nullptr;
    Clock& clock;
    Meter& meter;
    Log& log;
  };

  Ledger(Ports ports, OnDue on_due, Options options);
  Ledger(Ports ports, OnDue on_due) : Ledger(ports, std::move(on_due), Options{}) {}
  /// Refuses what still waits for the carrier to accept a text.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void submit(Event event, Done done) override;
  void submit(JournalWork work) override;

  /// Before anybody else has a turn.
  void set_on_store_changed(OnStoreChanged on_store_changed) { on_store_changed_ = std::move(on_store_changed); }

  /// Commits one batch of what waits, and answers; replays some of the spool before. False when there was nothing
  /// to do. One thread at a time, the writer's.
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
  /// The store failed or was too slow.
  bool is_spooling() const;
  /// What stands in for the store is used: while it is away, and until it has taken all of the spool.
  bool is_standing_in() const;
  /// A probe has succeeded: the store is used again, beginning with what is in the spool. Any thread.
  void store_is_well();
  /// For a start: what stands in for the store learns what is in the spool. Texts that were in flight when the
  /// process before ended are unknown.
  Result<void> restore();
  /// For a start, after restore(): replays all of the spool. An error says why the store did not take it.
  Result<void> replay_all();
  /// For a start without the store. Once it is well, `take_up` is called on the writer's thread before all else;
  /// an error of it means that the store is away again.
  void start_without_store(const Error& because, std::function<Result<void>()> take_up);
  /// Refuses everything from now on; what already waits is still committed.
  void stop();
  /// True while events are made durable, be it by the spool.
  bool is_healthy() const;

 private:
  struct WaitingEvent {
    Event event;
    Done done;
    /// As the store's facts had it, in a commit of which nobody knows yet whether it is durable.
    std::optional<PromisedText> decided{};
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

  /// Of an event that can be written nowhere: given once the carrier has accepted its text.
  struct HeldAnswer {
    Done done;
    TextId text;
    std::optional<VoiceAnswer> answer;
    std::chrono::nanoseconds since;
  };

  /// What is told of an event once it is durable.
  struct Told {
    std::vector<Count> counts;
    std::vector<LogLine> logs;
  };

  bool has_something() const;
  bool has_spooled() const { return ports_.spool != nullptr && !ports_.spool->is_empty(); }
  Batch take_batch();

  Result<void> write_batch(Batch& batch, Instant now, Written& written);
  bool write_event(const WaitingEvent& waiting, StoreBatch& store_batch, Instant now, Written& written);
  void note_decisions(Batch& batch, const Written& written) const;
  void write_work(const Batch& batch, StoreBatch& store_batch, Instant now, Written& written);
  Ended commit_batch(Batch& batch, bool alone);
  void commit_one_by_one(Batch& batch);
  void begin_batch(Batch& batch, std::chrono::nanoseconds began);
  bool end_batch();
  void answer(Batch& batch, Written& written);
  void fail(Batch& batch, const Error& error);
  void report_failure(const Error& error);
  void keep_in_doubt(const Event& event, Commit& commit);
  void tell(const Event& event, Commit& commit);
  void tell(const Told& told);

  void begin_spooling(const Error& because);
  bool stand_in_for(Batch batch);
  Batch take_from(Batch& batch) const;
  bool is_away() const;
  void refuse_work_of_the_store(Batch& batch);
  void stand_in_one_by_one(Batch& batch);
  Ended commit_to_stand_in(Batch& batch, bool alone);
  Result<void> write_to_stand_in(const Batch& batch, Instant now, Written& written);
  void answer_from_spool(Batch& batch, Written& written);
  void hold_answer(WaitingEvent& waiting, const Commit& commit);
  std::optional<Result<Receipt>> answer_of(const HeldAnswer& held);
  void settle_held_answers();
  void refuse_held_answers();
  void keep_undecided(Batch& batch);
  void report_spooled(std::size_t events, const Result<void>& kept);
  void end_standing_in();

  Result<void> take_up();
  Result<void> replay_some();
  Result<void> replay(std::span<const SpoolRecord> records);
  std::optional<TextRecord> text_meanwhile(const TextId& id);
  bool learn_row(const TextRecord& meanwhile, StoreBatch& batch);
  void withdraw(const std::vector<TextId>& texts);
  Commit write_again(const SpooledEvent& event, StoreBatch& batch, Instant now, Written& written);
  void write_again(const SpooledStep& taken, StoreBatch& batch, Written& written);
  Result<void> write_again(std::span<const SpoolRecord> records, Instant now, Written& written);
  Result<void> set_aside(const SpoolRecord& record);
  Result<void> restore(std::span<const SpoolRecord> records);

  Ports ports_;
  OnDue on_due_;
  OnStoreChanged on_store_changed_ = [](bool) {};
  Options options_;
  std::function<Result<void>()> take_up_;  ///< what is still to be done before the store is used; the writer's
  /// Of events whose batch failed in its commit, and may be durable all the same: told when they come back, from
  /// the carrier or the spool, and are known. By call and key; the writer's.
  std::unordered_map<std::string, Told> in_doubt_;
  /// Of texts that were started while the store was away; the writer's.
  std::unordered_map<std::int64_t, TextRow> rows_meanwhile_;

  mutable std::mutex mutex_;
  std::condition_variable something_waits_;
  std::condition_variable relief_wanted_;
  std::deque<WaitingEvent> events_;
  std::deque<JournalWork> work_;
  std::vector<HeldAnswer> held_answers_;
  std::optional<UnderWay> under_way_;
  bool is_spooling_ = false;
  bool is_standing_in_ = false;
  bool is_relieving_ = false;  ///< a relief is under way, and what it takes is not in the spool yet
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
