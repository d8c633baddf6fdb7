#include "send_gate.hpp"

#include <limits>

#include "base/back_off.hpp"

namespace jobrun::outbox {

std::size_t SendGate::allowance(Nanoseconds now) const {
  if (state_ == State::open) return std::numeric_limits<std::size_t>::max();
  return !probing_ && now >= probe_at_ ? 1 : 0;
}

std::optional<SendGate::Nanoseconds> SendGate::probe_at() const {
  if (state_ == State::open || probing_) return std::nullopt;
  return probe_at_;
}

bool SendGate::is_away(Nanoseconds now) const {
  return state_ != State::open && failing_since_ && now >= *failing_since_ + options_.away_after;
}

std::optional<SendGate::Nanoseconds> SendGate::away_at(Nanoseconds now) const {
  if (state_ == State::open || is_away(now)) return std::nullopt;
  return *failing_since_ + options_.away_after;
}

bool SendGate::start() {
  if (state_ == State::open) return false;
  probing_ = true;
  return true;
}

void SendGate::probe_lost(Nanoseconds now) {
  probing_ = false;
  probe_at_ = now;
}

void SendGate::hear(CarrierHealth health, bool is_probe, Nanoseconds now) {
  if (state_ != State::open && !is_probe) {
    if (health == CarrierHealth::credentials_refused && state_ == State::failing)
      close(State::credentials_refused, now);
    return;
  }
  if (is_probe) probing_ = false;
  if (health != CarrierHealth::well && !failing_since_) failing_since_ = now;
  switch (health) {
    case CarrierHealth::well:
      open();
      return;
    case CarrierHealth::credentials_refused:
      close(State::credentials_refused, now);
      return;
    case CarrierHealth::failing:
      ++failures_;
      // A carrier that cannot be reached has not accepted our credentials: that hold stays.
      if (state_ == State::credentials_refused) return close(State::credentials_refused, now);
      if (is_probe || fails_too_often(now)) close(State::failing, now);
      return;
  }
}

bool SendGate::fails_too_often(Nanoseconds now) const {
  const bool fails_for_long = failures_ > 1 && now >= *failing_since_ + options_.away_after;
  return fails_for_long || failures_ >= options_.failures_before_probing;
}

void SendGate::open() {
  state_ = State::open;
  failures_ = 0;
  failing_since_.reset();
  probes_ = 0;
  probing_ = false;
}

void SendGate::close(State state, Nanoseconds now) {
  if (state_ != state) probes_ = 0;
  state_ = state;
  ++probes_;
  probe_at_ = now + (state == State::credentials_refused
                         ? options_.credentials_probe_every
                         : back_off(probes_, options_.probe_every_min, options_.probe_every_max, random_));
}

}  // namespace jobrun::outbox
