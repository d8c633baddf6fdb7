#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/ports/random.hpp"
#include "base/time.hpp"

namespace jobrun::outbox {

/// What an answer says of the carrier, whatever it says of the text.
enum class CarrierHealth {
  well,                 ///< it read our request and judged it
  failing,              ///< not reached, no sensible answer, or asks everybody to wait
  credentials_refused,  ///< it will judge nothing of ours
};

/// Whether texts may be tried: all of them, or one probe at a time because the last ones all failed.
class SendGate {
 public:
  using Nanoseconds = std::chrono::nanoseconds;
  enum class State { open, failing, credentials_refused };
  struct Options {
    int failures_before_probing = 5;
    Duration away_after{10'000};  ///< failing for so long, an account is held to be away
    Duration probe_every_min{1'000};
    Duration probe_every_max{15'000};
    Duration credentials_probe_every{30'000};
  };

  SendGate(Options options, Random& random) : options_(options), random_(random) {}

  State state() const { return state_; }
  /// How many texts may be started at `now`.
  std::size_t allowance(Nanoseconds now) const;
  /// When a probe may leave; empty when the gate is open or a probe is under way.
  std::optional<Nanoseconds> probe_at() const;

  /// Nothing has got through for so long that whatever has another way should take it.
  bool is_away(Nanoseconds now) const;
  /// When it will be so if nothing gets through; empty when it is so already or nothing fails.
  std::optional<Nanoseconds> away_at(Nanoseconds now) const;

  /// A text is being started. Returns whether it is the probe.
  bool start();
  /// The probe came to nothing before it was sent: another may leave at `now`.
  void probe_lost(Nanoseconds now);
  /// Hears an answer. Texts sent before the gate closed cannot open it.
  void hear(CarrierHealth health, bool is_probe, Nanoseconds now);
  /// Opens the gate: something outside was mended.
  void open();

 private:
  bool fails_too_often(Nanoseconds now) const;
  void close(State state, Nanoseconds now);

  Options options_;
  Random& random_;
  State state_ = State::open;
  int failures_ = 0;                          ///< in a row
  std::optional<Nanoseconds> failing_since_;  ///< the first of them
  int probes_ = 0;                            ///< since the gate closed
  bool probing_ = false;
  Nanoseconds probe_at_{};
};

}  // namespace jobrun::outbox
