// The ledger, as the rest of the house sees it: work that joins the same batches as new events.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"
#include "base/result.hpp"

namespace jobrun {

/// One piece of work for the writer: outcomes of sends, alerts, commands, looks for overdue calls. It must
/// take well under 50 ms, so that events do not wait for it.
struct JournalWork {
  /// Runs on the writer, or on whoever relieves it, inside a batch. An error undoes this piece alone.
  std::function<Result<void>(StoreBatch&, Instant now)> write;
  /// Called once, on that thread, after the batch is durable or has failed.
  std::function<void(const Result<void>&)> done;
  /// While the store is away it is written to what stands in for it; other work is refused then.
  bool may_stand_in = false;
};

/// The piece of work that raises an alert.
inline JournalWork work_to_raise(AlertRequest alert, std::function<void(const Result<void>&)> done) {
  return {.write = [alert = std::move(alert)](StoreBatch& batch, Instant now) -> Result<void> {
            batch.raise(alert, now);
            return {};
          },
          .done = std::move(done)};
}

/// The same of an alert that is told once and counted: `told` is set already, and taken back if it was not kept.
inline JournalWork work_to_raise_once(AlertRequest alert, std::shared_ptr<std::atomic<bool>> told, Meter& meter) {
  const AlertKind kind = alert.kind;
  return work_to_raise(std::move(alert), [told = std::move(told), kind, &meter](const Result<void>& kept) {
    if (kept) return meter.count(Metric::alerts_raised, name_of(kind));
    *told = false;
  });
}

class Journal {
 public:
  virtual ~Journal() = default;
  /// Any thread; never blocks. When the queue is full or the ledger stopped, `done` gets `unavailable` at
  /// once on the caller's thread.
  virtual void submit(JournalWork work) = 0;
};

}  // namespace jobrun
