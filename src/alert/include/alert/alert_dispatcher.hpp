// Tells people: every alert the journal holds is sent until a channel accepts it, and never dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/alert.hpp"
#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/random.hpp"

namespace jobrun::alert {

struct AlertDispatcherOptions {
  std::size_t in_flight_max = 16;  ///< alerts with the channels at a time; further ones wait in the store
  Duration look_every{1'000};  ///< how soon an alert is noticed that fell due without anybody raising it just now
  Duration back_off_min{1'000};  ///< before an alert's second attempt; then doubled, with jitter
  Duration back_off_max{5 * 60'000};
  int failures_before_probing = 5;   ///< in a row, of any alerts; then one alert at a time is tried
  Duration probe_every_max{30'000};  ///< while probing, doubled from back_off_min up to this
  Duration journal_retry{1'000};     ///< after journal work or a look into the store failed
  std::size_t group_max = 64;        ///< results in one piece of journal work
};

struct AlertDispatcherLevels {
  std::size_t in_flight = 0;  ///< with the channels
  std::size_t recording = 0;  ///< settled, not yet durable
  bool is_idle() const { return in_flight == 0 && recording == 0; }
};

/// Sends each due alert to every channel. The first channel that accepts it settles it, durably, which is
/// what escalates its call; when all refuse it, it is tried again after a growing wait, without end. An
/// alert may be sent twice (a crash before its acceptance was recorded); receivers tell repeats by its id.
///
/// Without channels alerts stay waiting, visibly, and a warning says so once.
///
/// Has no thread: whoever drives it calls pump(). Callbacks may come on any thread; after destruction they
/// do nothing. The ports and channels must outlive it.
class AlertDispatcher {
 public:
  /// StoreReader::due_alerts; called by pump() on its thread. May throw StoreFailure.
  using DueAlerts = std::function<std::vector<AlertRecord>(Instant now, std::int64_t limit)>;

  struct Ports {
    Journal& journal;
    Meter& meter;
    Log& log;
    Clock& clock;
    Random& random;
    DueAlerts due_alerts;
    std::vector<AlertChannel*> channels;
  };

  AlertDispatcher(Ports ports, AlertDispatcherOptions options);
  ~AlertDispatcher();
  AlertDispatcher(const AlertDispatcher&) = delete;
  AlertDispatcher& operator=(const AlertDispatcher&) = delete;

  /// Called whenever pump() should be called sooner than it asked; any thread; must not call pump().
  void set_wake(std::function<void()> wake);

  /// Alerts may have become durable just now. Any thread; never blocks.
  void raised();

  /// Does everything that is due and says how long it has time until the next call. One thread at a time is
  /// let in.
  Duration pump();

  /// From now on nothing new is sent; results are still recorded. Any thread.
  void stop_starting();

  /// As of the last pump(). Any thread.
  AlertDispatcherLevels levels() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jobrun::alert
