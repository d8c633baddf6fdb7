// Tells owners what their week brought, on Monday morning, once.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"
#include "owner_time.hpp"

namespace jobrun::app {

/// An owner who asked for it is told of each week once, over crashes and restarts: that he was is written with the
/// alert. A week without a missed call is not told.
class WeeklyWatch {
 public:
  struct Ports {
    std::unique_ptr<StoreReader> reader;
    Journal& journal;
    const directory::Directory& directory;
    const OwnerTime& owner_time;
    Meter& meter;
    const Clock& clock;
    /// Whether anything that is set up reaches that owner.
    std::function<bool(const ClientProfile&)> can_be_told;
  };
  struct Options {
    Duration look_every{60'000};
    std::size_t owners_at_once = 5;  ///< each takes a look at all calls of the week
  };

  WeeklyWatch(Ports ports, Options options) : ports_(std::move(ports)), options_(options) {}
  explicit WeeklyWatch(Ports ports) : WeeklyWatch(std::move(ports), Options{}) {}

  /// Looks when it is time to. One thread at a time; throws StoreFailure.
  void pump();

 private:
  void tell(const ClientProfile& owner, const OwnersWeek& week);

  /// What is known to be durable. Shared with the journal, which may answer after the end.
  struct Told {
    std::atomic<int> under_way{0};
    std::mutex mutex;
    std::map<std::int64_t, CivilDate> mondays;  ///< by client: of the newest week told
  };
  bool was_told(ClientId owner, CivilDate monday) const;

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds due_{};
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
};

}  // namespace jobrun::app
