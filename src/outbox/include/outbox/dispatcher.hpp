// The only exit: every text that leaves, leaves through this dispatcher, once.
//
// A promised text is taken up, judged by the exit policy, marked `started` durably, and only then handed
// to the carrier. The answer is made durable too. So a crash at any point leaves a text either promised
// (sent by the next dispatcher) or started (known to be in doubt), never sent without a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/ports/carrier.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/random.hpp"
#include "base/text.hpp"
#include "outbox/retry_rules.hpp"

namespace jobrun::outbox {

struct DispatcherOptions {
  std::int64_t texts_per_second = 100;  ///< each account's rate; 0: no limit
  std::int64_t burst = 0;               ///< texts that may leave at once after a pause; 0: a tenth of the rate
  std::size_t in_flight_max = 256;  ///< of an account, started and not yet answered: what a crash leaves in doubt
  std::int64_t segments_per_second_and_sender = 0;  ///< see SenderPace; 0: no limit
  Duration away_after{
      10'000};                ///< an account that fails for so long is gone round, by texts that have another way
  std::size_t window = 4096;  ///< texts held in memory; further ones wait in the store
  std::size_t group_max = 128;   ///< texts in one piece of journal work
  std::size_t works_max = 4;     ///< pieces of journal work of one kind under way
  Duration back_off_min{1'000};  ///< before the second attempt; then doubled, with jitter
  Duration back_off_max{60'000};
  Duration retry_after_max{15 * 60'000};     ///< a carrier that asks for more is asked again after this
  Duration useful_for{2 * 60 * 60'000};      ///< from the promise; an older text is refused and a person alerted
  Duration once_more_after{10 * 60'000};     ///< for a phone to be switched on, or a network to recover
  Duration outcome_deadline{60'000};         ///< of a call whose text was lost, from when that is tried again
  int failures_before_probing = 5;           ///< in a row, of any texts; then one probe at a time
  Duration probe_every_max{15'000};          ///< while probing, doubled from back_off_min up to this
  Duration credentials_probe_every{30'000};  ///< while the carrier refuses our credentials
  Duration journal_retry{1'000};             ///< after journal work or a refill failed
  Duration rescan_every{60'000};             ///< looks in the store for promised texts nobody told us of

  RetryRules retry_rules() const {
    return {.back_off_min = back_off_min,
            .back_off_max = back_off_max,
            .retry_after_max = retry_after_max,
            .once_more_after = once_more_after,
            .useful_for = useful_for,
            .outcome_deadline = outcome_deadline};
  }
};

/// What the dispatcher holds, for gauges and for stopping.
struct DispatcherLevels {
  std::size_t in_memory = 0;  ///< of these:
  std::size_t starting = 0;   ///< being marked started
  std::size_t in_flight = 0;  ///< with the carrier
  std::size_t recording = 0;  ///< answered, not yet durable
  bool more_in_store = false;
  bool probing = false;              ///< an account fails; one probe at a time
  bool credentials_refused = false;  ///< those of an account
  bool is_idle() const { return starting == 0 && in_flight == 0 && recording == 0; }
};

/// Owns all sends and retries.
///
/// Promises: a text is handed to the carrier at most once per durable `started`, never without one, never
/// when the exit policy forbids it; at most at the account's rate; texts of one (caller, number) in the
/// order promised; every promised text ends accepted, refused (with a person alerted) or unknown. An
/// unknown one is never resent here. Nothing leaves from a sender that the carrier has blocked.
///
/// Ways: a text takes the first of its ways that is not closed. One that the carrier refuses is closed. While an
/// account fails for `away_after`, texts that also have a way by another account take that one, and return to the
/// first when it is well again.
///
/// Retries: `later` and not-sent with exponential back-off and jitter, without a limit of attempts but not
/// beyond `useful_for`. After `failures_before_probing` failures in a row, of whatever texts, only one text
/// at a time is tried until one gets through: a dead carrier is not hammered, and a carrier that answers
/// every request with 5xx cannot turn a whole queue into unknowns.
///
/// Has no thread: whoever drives it calls pump(). All callbacks may come on any thread; after destruction
/// they do nothing. The ports must outlive the dispatcher.
class Dispatcher {
 public:
  /// Reads promised texts with row > after, oldest first, from the store; called by pump() on its thread.
  /// May throw StoreFailure.
  using Refill = std::function<std::vector<TextRecord>(TextRow after, std::int64_t limit)>;

  struct Ports {
    Journal& journal;
    Carrier& carrier;
    NumberingPlan& numbering_plan;
    Meter& meter;
    Log& log;
    Clock& clock;
    Random& random;
    Refill refill;
  };

  /// Begins by taking up what the store holds. Precondition: started_become_unknown() has been committed.
  Dispatcher(Ports ports, DispatcherOptions options);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// Called whenever pump() should be called sooner than it asked; any thread; must not call pump().
  void set_wake(std::function<void()> wake);

  /// Texts whose promise has just become durable, in row order. Any thread; never blocks. Beyond the window
  /// they are let go and read from the store later.
  void promised(std::vector<TextRecord> texts);

  /// Does everything that is due and says how long it has time until the next call; empty: until woken.
  /// One thread at a time is let in.
  std::optional<Duration> pump();

  /// From now on nothing new is started; answers are still recorded. Any thread.
  void stop_starting();

  /// Forgets that the credentials were refused: after they were replaced. Any thread.
  void credentials_replaced();

  /// Another store is used from now on, whose promised texts are read from the beginning: what stands in for the
  /// usual one, or that again. Of texts of the other one no more are started, and what became of those that were is
  /// recorded once that is used again. Any thread.
  void store_changed(bool is_standing_in);

  /// As of the last pump(). Any thread.
  DispatcherLevels levels() const;

 private:
  struct Impl;
  static SendPermit permit() { return SendPermit{}; }
  std::shared_ptr<Impl> impl_;
};

}  // namespace jobrun::outbox
