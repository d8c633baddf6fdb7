#include "onboarding/turn.hpp"

#include <algorithm>

#include "places.hpp"
#include "taker.hpp"
#include "wording.hpp"

namespace jobrun::onboarding {

State begin(E164 owner, Instant now) {
  State state;
  state.owner = owner;
  state.started_at = now;
  state.step_since = now;
  state.last_text_at = now;
  return state;
}

Turn take(const std::optional<State>& before, E164 owner, std::string_view words, const Facts& facts) {
  if (before && before->is_stopped) {
    const std::optional<Text> text = read_words(words);
    const bool is_start = text && command_in(*text, true) == Command::start;
    return is_start ? start(*before, facts.now) : Turn{*before, {}, {}};
  }
  return Taker(before ? *before : begin(owner, facts.now), !before, facts).take(words);
}

std::vector<std::string> preferred_area(const State& state) {
  return preferred_area(state.answers.place, state.owner);
}

Turn number_found(const State& state, std::optional<E164> number, Instant now) {
  Turn turn{state, {}, {}};
  const bool is_due =
      state.step == Step::number_allocation && state.is_approved && !state.number && !state.is_stopped;
  if (!is_due) return turn;
  if (number) {
    turn.next.number = number;
    turn.next.number_since = now;
    turn.next.waiting_since.reset();
    enter(turn.next, Step::phone_type, now);
    turn.reply = number_given(turn.next);
    return turn;
  }
  if (!state.waiting_since) {
    turn.next.waiting_since = now;
    turn.wants.attention = Attention::pool_empty;
  }
  turn.reply = pool_is_empty();
  return turn;
}

Turn approve(const State& state, Instant now) {
  Turn turn{state, {}, {}};
  if (!is_waiting_for_approval(state)) return turn;
  turn.next.is_approved = true;
  turn.next.step_since = now;
  if (state.is_stopped) return turn;
  turn.wants.number = preferred_area(state);
  turn.reply = approved();
  return turn;
}

State stop(const State& state, Instant now) {
  State next = state;
  next.is_stopped = true;
  next.last_text_at = std::max(state.last_text_at, now);
  return next;
}

Turn start(const State& state, Instant now) {
  Turn turn{state, {}, {}};
  State& next = turn.next;
  next.is_stopped = false;
  next.last_text_at = std::max(state.last_text_at, now);
  next.reminders = 0;
  const bool lacks_number = next.step == Step::number_allocation && next.is_approved && !next.waiting_since;
  if (lacks_number) turn.wants.number = preferred_area(next);
  turn.reply = welcome_back(prompt(next, Activation::manual_approval));
  return turn;
}

std::optional<Turn> remind(const State& state, Instant now) {
  const std::optional<Instant> due_at = next_reminder_at(state);
  if (!due_at || now < *due_at) return std::nullopt;
  Turn turn{state, reminder(state), {}};
  ++turn.next.reminders;
  turn.next.reminded_at = now;
  return turn;
}

}  // namespace jobrun::onboarding
