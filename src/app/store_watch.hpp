// Brings the ledger back to a store that is well again, and tells the operator that it was not, and what became of
// the spool.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "alert/direct_alarm.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/spool.hpp"
#include "base/ports/store.hpp"
#include "ledger/ledger.hpp"
#include "store/guard.hpp"

namespace jobrun::app {

class StoreWatch {
 public:
  /// All outlive it.
  struct Ports {
    ledger::Ledger& ledger;
    Store& store;
    const Spool* spool;   ///< null: there is none
    store::Guard* guard;  ///< null: there is none
    std::vector<AlertChannel*> alert_channels;
    Meter& meter;
    const Clock& clock;
  };

  explicit StoreWatch(Ports ports);

  /// To be called every moment; cheap while the store is well. One thread at a time.
  void look();

 private:
  void probe();
  void tell_damage();

  Ports ports_;
  alert::DirectAlarm alarm_;
  std::optional<std::chrono::nanoseconds> spooling_since_;  ///< as look() has seen it
  /// Places of the spool that the operator was told of. Shared with the journal, which may not have kept it.
  std::shared_ptr<std::atomic<std::int64_t>> damage_told_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace jobrun::app
