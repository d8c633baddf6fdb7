#include "onboarding/state.hpp"

#include <algorithm>
#include <array>

namespace jobrun::onboarding {

bool is_waiting_for_number(const State& state) {
  return state.step == Step::number_allocation && state.is_approved && !state.number && state.waiting_since &&
         !state.is_stopped;
}

bool is_waiting_for_approval(const State& state) {
  return state.step == Step::number_allocation && !state.is_approved && !state.number;
}

std::optional<Duration> stuck_after(Step step) {
  using std::chrono::hours;
  switch (step) {
    case Step::business_type_and_place:
    case Step::business_name:
    case Step::owner_name:
    case Step::how_to_be_alerted:
      return hours{72};
    case Step::confirm:
      return hours{48};
    case Step::number_allocation:  // ours to do
      return hours{4};
    case Step::phone_type:
    case Step::forwarding_instructions:  // the number is his, and earns nothing yet
    case Step::test_call:
      return hours{24};
    case Step::live:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_stuck(const State& state, Instant now) {
  if (state.is_stopped) return false;
  if (state.is_handed_over) return true;
  const std::optional<Duration> after = stuck_after(state.step);
  return after && now - state.step_since >= *after;
}

bool needs_person(const State& state) {
  return !state.is_stopped && (state.is_handed_over || is_waiting_for_approval(state));
}

std::optional<Instant> next_reminder_at(const State& state) {
  using std::chrono::hours;
  constexpr std::array distances = {hours{24}, hours{72}, hours{168}};
  constexpr hours apart_at_least{24};
  const bool is_ours_to_do = state.step == Step::number_allocation || state.step == Step::live;
  if (state.is_stopped || is_ours_to_do || state.reminders < 0) return std::nullopt;
  if (static_cast<std::size_t>(state.reminders) >= distances.size()) return std::nullopt;
  const Instant silent_since = std::max(state.last_text_at, state.step_since);
  return std::max(silent_since + distances[static_cast<std::size_t>(state.reminders)],
                  state.reminded_at + apart_at_least);
}

std::optional<Instant> next_look(const State& state, Instant now) {
  std::optional<Instant> at = next_reminder_at(state);
  const std::optional<Duration> stuck = stuck_after(state.step);
  if (state.is_stopped || !stuck) return at;
  const Instant stuck_at = state.step_since + *stuck;
  if (stuck_at > now && (!at || stuck_at < *at)) at = stuck_at;
  return at;
}

}  // namespace jobrun::onboarding
