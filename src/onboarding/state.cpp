#include "onboarding/state.hpp"

#include <algorithm>

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

}  // namespace jobrun::onboarding
