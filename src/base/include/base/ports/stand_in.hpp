// What stands in for the store while it is away: Events are decided and texts leave, from memory and the spool.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/ports/spool.hpp"
#include "base/ports/store.hpp"

namespace jobrun {

/// A batch of it. commit() makes the events kept and every change of a text durable in the spool.
class StandInBatch : public StoreBatch {
 public:
  /// An event that has been decided by this batch, or what is the store's alone to know.
  virtual void keep(SpoolRecord record) = 0;
  /// After a commit() that the spool did not take: the same, held in memory alone. An error as Spool::hold().
  virtual Result<void> hold() = 0;
};

/// Knows the events and texts of this outage, and of before it what no text may leave without: the facts of
/// phones, blocked senders, and what was promised of late. Callable on any thread; a batch keeps others waiting.
class StandIn {
 public:
  virtual ~StandIn() = default;
  virtual std::unique_ptr<StandInBatch> begin() = 0;
  /// For what is in the spool already: commit() keeps it in memory.
  virtual std::unique_ptr<StandInBatch> begin_restoring() = 0;
  /// Promised texts of this outage with row > after, oldest first.
  virtual std::vector<TextRecord> promised_texts(TextRow after, std::int64_t limit) = 0;
  /// The store has taken all of it.
  virtual void clear() = 0;
};

}  // namespace jobrun
