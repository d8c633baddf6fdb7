// Tells people: every alert the journal holds is told by each way there is, and never dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/alert.hpp"
#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/random.hpp"

namespace jobrun::alert {

struct AlertDispatcherOptions {
  std::size_t in_flight_max = 16;  ///< letters with a channel at a time; further alerts wait in the store
  Duration look_every{1'000};  ///< how soon an alert is noticed that fell due without anybody raising it just now
  Duration back_off_min{1'000};  ///< before an alert's second attempt by a way; then doubled, with jitter
  Duration back_off_max{5 * 60'000};
  int failures_before_probing = 5;   ///< in a row, by one way, of any alerts; then one at a time is tried
  Duration probe_every_max{30'000};  ///< while probing, doubled from back_off_min up to this
  Duration journal_retry{1'000};     ///< after journal work or a look into the store failed
  std::size_t group_max = 64;        ///< results in one piece of journal work

  // Where a way has recipients who read: by e-mail, by text.
  std::size_t crowd_above = 5;         ///< when more alerts wait for one recipient, one letter tells them all
  std::size_t crowd_max = 200;         ///< in one letter
  std::size_t texts_per_hour = 12;     ///< to one recipient; what is more is kept back, and told together then
  std::size_t emails_per_hour = 60;    ///< the same
  Duration limit_window{60 * 60'000};  ///< the hour of these limits

  // Where an owner wants to be left alone.
  Duration quiet_look_every{60 * 60'000};  ///< whether he still does
  Duration others_first_for{15'000};       ///< others may hear of what cannot wait for him, before he is told

  /// An alert that another way has told is told no more by a way that has failed to for so long.
  Duration told_otherwise_for{24 * 60 * 60'000};
};

struct AlertDispatcherLevels {
  std::size_t in_flight = 0;      ///< letters with the channels, of all ways
  std::size_t in_flight_max = 0;  ///< letters with one channel
  std::size_t recording = 0;      ///< answered, not yet durable
  bool is_idle() const { return in_flight == 0 && recording == 0; }
};

/// Tells each due alert by every channel, and what one of them does delays none of the others: each has its own
/// place in the journal, its own retries and its own limits. The first that accepts the alert settles it, durably,
/// which is what escalates its call; the others go on until they have told it too. By each way it is tried again
/// after a growing wait, without end, but for told_otherwise_for. A way that has accepted an alert is not told of
/// it again, unless a crash came before that was recorded; receivers tell such repeats by the id.
///
/// People are told little: by a way that has recipients, a recipient gets one letter at a time; a crowd of alerts
/// becomes one letter; and beyond the limit of an hour alerts are kept back until they may leave, as a crowd.
/// Danger is told first, by itself, and has as many letters beyond the limit.
///
/// Owners are left alone in their quiet hours: what is theirs waits, by mail and by text, for the hours' end. But
/// of danger, and of what one of them has just decided, they are told at any hour. An alert that escalates its
/// call is for whoever is awake, a webhook or the operator; it is told to an owner in spite of the hours when
/// there is nobody else, or when nobody else has accepted it in time: a call must not become an incident because
/// its owner sleeps.
///
/// Without channels alerts stay waiting, visibly, and a warning says so once.
///
/// Has no thread: whoever drives it calls pump(). Callbacks may come on any thread; after destruction they
/// do nothing. The ports and channels must outlive it.
class AlertDispatcher {
 public:
  /// Of StoreReader; called by pump() on its thread. Both may throw StoreFailure.
  using DueAlerts = std::function<std::vector<AlertRecord>(AlertWay by, Instant now, std::int64_t limit)>;
  /// Until when the owner whom it is for is to be left alone; empty: he is not.
  using QuietUntil = std::function<std::optional<Instant>(const AlertRequest&, Instant now)>;
  using Tellings =
      std::function<std::vector<Instant>(AlertWay by, std::string_view recipient, Instant since, Instant now)>;

  struct Ports {
    Journal& journal;
    Meter& meter;
    Log& log;
    Clock& clock;
    Random& random;
    DueAlerts due_alerts;
    Tellings tellings;
    std::vector<AlertChannel*> channels;  ///< each of another way
    QuietUntil quiet_until = nullptr;     ///< null: nobody has quiet hours
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
