// What stands in for the database while it is away: the same tables and rules, in memory, durable by the spool.
#pragma once

#include <memory>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/stand_in.hpp"
#include "store/guard.hpp"

namespace jobrun::store {

/// Its rows begin at first_stand_in_row, and no two outages use the same one.
class SqliteStandIn final : public StandIn {
 public:
  /// All outlive it.
  SqliteStandIn(Spool& spool, Guard& guard, const Clock& clock);
  ~SqliteStandIn() override;

  std::unique_ptr<StandInBatch> begin() override;
  std::unique_ptr<StandInBatch> begin_restoring() override;
  std::vector<TextRecord> promised_texts(TextRow after, std::int64_t limit) override;
  void clear() override;

  struct Memory;

 private:
  std::unique_ptr<Memory> memory_;
};

}  // namespace jobrun::store
