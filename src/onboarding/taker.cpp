#include "taker.hpp"

#include <algorithm>
#include <utility>

#include "forwarding.hpp"
#include "places.hpp"
#include "wording.hpp"

namespace jobrun::onboarding {
namespace {

/// Two taps on "send", or the network delivering a text twice.
constexpr Duration repeated_within{20'000};
constexpr int wrong_answers_counted_max = 1'000;

bool has_alert_way(const Answers& answers) {
  return answers.alert_by && (*answers.alert_by == AlertBy::text || !answers.email.empty());
}

/// Forgets what a step has asked for; false if there was nothing.
bool forget_answer(Step step, Answers& answers) {
  const Answers before = answers;
  switch (step) {
    case Step::business_type_and_place:
      answers.business_type.clear();
      answers.place.clear();
      break;
    case Step::business_name:
      answers.business_name.clear();
      break;
    case Step::owner_name:
      answers.owner_name.clear();
      break;
    case Step::how_to_be_alerted:
      answers.alert_by.reset();
      answers.email.clear();
      break;
    case Step::phone_type:
      answers.phone.reset();
      answers.network.reset();
      break;
    case Step::confirm:
    case Step::number_allocation:
    case Step::forwarding_instructions:
    case Step::test_call:
    case Step::live:
      break;
  }
  return answers != before;
}

/// The same field of both, where `found` has it.
void merge(const Answers& found, Answers& answers) {
  if (!found.business_type.empty()) answers.business_type = found.business_type;
  if (!found.place.empty()) answers.place = found.place;
  if (!found.business_name.empty()) answers.business_name = found.business_name;
  if (!found.owner_name.empty()) answers.owner_name = found.owner_name;
  if (!found.email.empty()) answers.email = found.email;
  if (found.alert_by) {
    answers.alert_by = found.alert_by;
  } else if (!found.email.empty() && answers.alert_by != AlertBy::both) {
    // Nobody gives an address who wants no mail.
    answers.alert_by = answers.alert_by == AlertBy::text ? AlertBy::both : AlertBy::email;
  }
}

/// As codes are compared: capitals and digits only.
std::string as_code(const Word& word) {
  std::string code;
  for (char c : word.shown) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) code += c;
  }
  return code;
}

}  // namespace

Step next_question(const Answers& answers) {
  if (answers.business_type.empty() || answers.place.empty()) return Step::business_type_and_place;
  if (answers.business_name.empty()) return Step::business_name;
  if (answers.owner_name.empty()) return Step::owner_name;
  return has_alert_way(answers) ? Step::confirm : Step::how_to_be_alerted;
}

void enter(State& state, Step step, Instant now) {
  state.step = step;
  state.step_since = now;
  state.wrong_answers = 0;
  state.is_handed_over = false;
}

std::string Taker::prompt_now() const {
  return prompt(turn_.next, facts_.activation);
}

bool Taker::is_name_asked() const {
  return turn_.next.step == Step::business_name || turn_.next.step == Step::owner_name;
}

Turn Taker::take(std::string_view words) {
  const std::optional<Text> text = read_words(words);
  const std::uint32_t print = fingerprint(words);
  const Duration since_last = facts_.now - state().last_text_at;
  is_repeated_ =
      !is_new_ && print == state().last_words && since_last >= Duration{0} && since_last < repeated_within;
  state().last_words = print;
  state().last_text_at = std::max(state().last_text_at, facts_.now);
  state().reminders = 0;
  if (!text) {
    refuse(words.size() > business_name_bytes_max ? Refusal::too_long : Refusal::signs);
  } else if (const std::optional<Command> command = command_in(*text, is_name_asked())) {
    take_command(*command);
  } else {
    take_in_step(*text);
  }
  return std::move(turn_);
}

void Taker::take_in_step(const Text& text) {
  // Only a call that has come meanwhile makes the same words mean something else.
  const bool has_come =
      state().number && state().step != Step::live && facts_.test_call.kind == TestCall::Kind::forwarded;
  if (is_repeated_ && !has_come) return say(prompt_now());
  switch (state().step) {
    case Step::business_type_and_place:
    case Step::business_name:
    case Step::owner_name:
    case Step::how_to_be_alerted:
      return take_answer(text);
    case Step::confirm:
      return take_confirmation(text);
    case Step::number_allocation:
      return take_while_waiting(text);
    case Step::phone_type:
      return take_phone(text);
    case Step::forwarding_instructions:
      return take_while_forwarding(text);
    case Step::test_call:
      return take_after_test_call(text);
    case Step::live:
      return take_when_live(text);
  }
}

void Taker::count_wrong(std::string reply, bool is_clear) {
  constexpr int example_from = 2;
  constexpr int person_from = 3;
  int& wrong = state().wrong_answers;
  if (!is_repeated_) wrong = std::min(wrong + 1, wrong_answers_counted_max);
  if (wrong >= person_from && !state().is_handed_over) {
    hand_over(Attention::wrong_answers);
    return say(handed_over(state()));
  }
  say(wrong >= example_from && !is_clear ? example(state()) : std::move(reply));
}

void Taker::refuse(Refusal refusal) {
  count_wrong(refused(refusal, state().step), true);
}

void Taker::hand_over(Attention why) {
  if (!state().is_handed_over) turn_.wants.attention = why;
  state().is_handed_over = true;
}

// --- commands -------------------------------------------------------------------------------------

void Taker::take_command(Command command) {
  switch (command) {
    case Command::help:
      return say(is_new_ ? welcome() : help(state()));
    case Command::back:
      return is_new_ ? say(welcome()) : go_back();
    case Command::restart:
      return is_new_ ? say(welcome()) : restart();
    case Command::person:
      hand_over(Attention::person_wanted);
      return say(person_comes(state(), prompt_now()));
    case Command::undo:
      if (!state().number) return is_new_ ? say(welcome()) : go_back();
      return say(how_to_undo(state()));
    case Command::stop:
      state().is_stopped = true;
      return;
    case Command::start:
      return say(is_new_ ? welcome() : welcome_back(prompt_now()));
  }
}

void Taker::go_back() {
  // Half an answer is one question: its first half is asked again.
  const Step now = state().step;
  if (now != Step::forwarding_instructions && now != Step::test_call && forget_answer(now, answers())) {
    state().wrong_answers = 0;
    return say(back_at(prompt_now()));
  }
  const std::optional<Step> before = step_before(now);
  if (!before) return say(no_way_back(state(), prompt_now()));
  forget_answer(*before, answers());
  enter(state(), *before, facts_.now);
  say(back_at(prompt_now()));
}

void Taker::restart() {
  answers() = {};
  enter(state(), Step::business_type_and_place, facts_.now);
  say(begun_again(state(), prompt_now()));
}

// --- the questions --------------------------------------------------------------------------------

bool Taker::take_what_is_no_answer(const Text& text) {
  if (is_rude(text)) {
    count_wrong(stay_calm(prompt_now()));
    return true;
  }
  if (is_question(text, is_name_asked())) {
    count_wrong(asked_back(prompt_now()));
    return true;
  }
  return false;
}

void Taker::take_answer(const Text& text) {
  if (take_code(text)) return;
  const bool is_alerts = state().step == Step::how_to_be_alerted;
  if (is_polite_only(text)) return say(is_new_ ? welcome() : prompt_now());
  if (begins_with_change(text) && take_corrections(text)) return;
  if (is_name_asked() && says_none(text)) return count_wrong(no_name_yet(state()));
  if (!is_rude(text) && (is_alerts || !text.is_question)) {
    const bool is_plain_word = says_yes(text) || says_no(text);
    Reading reading = read_answers(text, state().step, answers(),
                                   !is_new_ && !is_plain_word && !is_question(text, is_name_asked()));
    if (is_new_ && reading.has_place_words) reading = read_answers(text, state().step, answers(), true);
    if (reading.refused) return refuse(*reading.refused);
    if (!reading.is_empty()) return go_on_after(reading);
  }
  if (is_new_) return say(welcome());
  if (take_what_is_no_answer(text)) return;
  const Piece words = text.words();
  const bool has_at =
      std::ranges::any_of(words, [](const Word& word) { return word.shown.find('@') != std::string::npos; });
  if (is_alerts && has_at) return refuse(Refusal::bad_email);
  count_wrong(not_understood(state()));
}

void Taker::go_on_after(const Reading& reading) {
  merge(reading.found, answers());
  const Step next = next_question(answers());
  if (next != state().step) {
    enter(state(), next, facts_.now);
  } else {
    state().wrong_answers = 0;
  }
  const std::string reply = taken(state(), prompt_now());
  say(is_new_ ? welcome_with(reply) : reply);
}

bool Taker::take_corrections(const Text& text) {
  const Corrections corrections = read_corrections(text);
  if (corrections.refused) {
    refuse(*corrections.refused);
    return true;
  }
  if (corrections.made.empty()) return false;
  const bool is_asking = state().step <= Step::confirm;
  bool is_complete = true;
  for (const Correction& correction : corrections.made) {
    if (apply_correction(correction, answers())) continue;
    is_complete = false;
    if (!is_asking || correction.field == Field::phone) {
      say(say_new_value(correction.field));
      return true;
    }
    if (correction.field == Field::business_type) answers().business_type.clear();
    if (correction.field == Field::place) answers().place.clear();
    if (correction.field == Field::business_name) answers().business_name.clear();
    if (correction.field == Field::owner_name) answers().owner_name.clear();
    if (correction.field == Field::alert_by) answers().alert_by.reset();
    if (correction.field == Field::email) answers().email.clear();
  }
  state().wrong_answers = 0;
  if (is_asking) {
    if (const Step next = next_question(answers()); next != state().step) enter(state(), next, facts_.now);
    say(is_complete ? changed(prompt_now()) : asked_anew(prompt_now()));
    return true;
  }
  if (!has_alert_way(answers())) answers().alert_by = AlertBy::text;
  turn_.wants.profile = state().number.has_value();
  say(changed_with_number(state()));
  return true;
}

void Taker::take_confirmation(const Text& text) {
  if (take_corrections(text)) return;
  if (says_yes(text)) return confirm();
  if (is_polite_only(text)) return say(prompt_now());
  if (says_no(text)) return count_wrong(what_to_change());
  const Reading reading = read_answers(text, state().step, answers(), false);
  if (reading.refused) return refuse(*reading.refused);
  if (!reading.is_empty() && !is_rude(text)) {
    go_on_after(reading);
    return say(changed(prompt_now()));
  }
  if (take_what_is_no_answer(text)) return;
  count_wrong(what_to_change());
}

// --- the number -----------------------------------------------------------------------------------

void Taker::confirm() {
  if (state().number) {
    turn_.wants.profile = true;
    enter(state(), Step::phone_type, facts_.now);
    return say(number_given(state()));
  }
  enter(state(), Step::number_allocation, facts_.now);
  pass_gate();
}

void Taker::pass_gate() {
  if (facts_.activation == Activation::open) state().is_approved = true;
  if (state().is_approved) return ask_for_number();
  if (facts_.activation == Activation::manual_approval) turn_.wants.attention = Attention::approval_needed;
  say(prompt_now());
}

void Taker::ask_for_number() {
  turn_.wants.number = preferred_area(answers().place, state().owner);
  say(number_comes());
}

bool Taker::take_code(const Text& text) {
  if (facts_.activation != Activation::invite_code || state().is_approved || !facts_.is_invite_code) return false;
  constexpr std::size_t code_words_max = 6;
  if (text.size() > code_words_max) return false;
  for (const Word& word : text.words()) {
    const std::string code = as_code(word);
    if (code.empty() || code.size() > invite_code_bytes_max || !facts_.is_invite_code(code)) continue;
    state().is_approved = true;
    state().invite_code = code;
    state().wrong_answers = 0;
    if (state().step == Step::number_allocation) {
      state().is_handed_over = false;
      ask_for_number();
    } else {
      say(code_accepted(prompt_now()));
    }
    return true;
  }
  return false;
}

void Taker::take_while_waiting(const Text& text) {
  if (take_code(text) || take_corrections(text)) return;
  if (state().is_approved) return state().waiting_since ? say(on_the_list()) : ask_for_number();
  switch (facts_.activation) {
    case Activation::open:
      return pass_gate();
    case Activation::manual_approval:
      return say(approval_awaited());
    case Activation::invite_code:
      break;
  }
  if (is_polite_only(text) || says_yes(text)) return say(prompt_now());
  count_wrong(is_rude(text) ? stay_calm(prompt_now()) : wrong_code());
}

// --- the phone ------------------------------------------------------------------------------------

void Taker::take_phone(const Text& text) {
  const Piece words = text.words();
  const std::optional<PhoneKind> phone = phone_in(words);
  const std::optional<Network> network = network_in(words);
  const bool is_known_already = answers().phone.has_value();
  if (!phone && !(network && (is_known_already || *network != Network::other))) {
    if (take_corrections(text)) return;
    if (is_polite_only(text)) return say(prompt_now());
    return count_wrong(is_rude(text) ? stay_calm(prompt_now()) : not_understood(state()));
  }
  if (phone) answers().phone = phone;
  if (network) answers().network = network;
  state().wrong_answers = 0;
  const bool is_complete =
      answers().phone && (answers().network || !depends_on_network(country_of(state().owner), *answers().phone));
  if (is_complete) enter(state(), Step::forwarding_instructions, facts_.now);
  say(prompt_now());
}

bool Taker::take_other_phone(const Text& text) {
  const Piece words = text.words();
  const std::optional<PhoneKind> phone = phone_in(words);
  const std::optional<Network> network = network_in(words);
  const bool is_new_phone = phone && phone != answers().phone;
  const bool is_new_network = network && *network != Network::other && network != answers().network;
  if (text.size() > 6 || says_trouble(text) || (!is_new_phone && !is_new_network)) return false;
  if (is_new_phone) {
    answers().phone = phone;
    answers().network = network;
  } else {
    answers().network = network;
  }
  return true;
}

void Taker::take_while_forwarding(const Text& text) {
  if (facts_.test_call.kind == TestCall::Kind::forwarded) return go_live();
  if (asks_to_undo(text)) return say(how_to_undo(state()));
  if (asks_for_codes(text)) return say(prompt_now());
  if (!says_done(text) && take_other_phone(text)) {
    const bool asks_network =
        !answers().network && depends_on_network(country_of(state().owner), *answers().phone);
    enter(state(), asks_network ? Step::phone_type : Step::forwarding_instructions, facts_.now);
    return say(prompt_now());
  }
  if (is_rude(text)) return count_wrong(stay_calm(prompt_now()));
  if (says_trouble(text)) return count_wrong(forwarding_trouble(state()));
  if (take_corrections(text)) return;
  enter(state(), Step::test_call, facts_.now);
  say(prompt_now());
}

void Taker::take_after_test_call(const Text& text) {
  const TestCall& call = facts_.test_call;
  if (call.kind == TestCall::Kind::forwarded) return go_live();
  if (call.kind == TestCall::Kind::direct && says_forwarded(text) && !says_trouble(text)) {
    turn_.wants.attention = Attention::forwarding_unseen;
    return go_live();
  }
  if (!says_done(text) && take_other_phone(text)) {
    const bool asks_network =
        !answers().network && depends_on_network(country_of(state().owner), *answers().phone);
    enter(state(), asks_network ? Step::phone_type : Step::forwarding_instructions, facts_.now);
    return say(prompt_now());
  }
  if (asks_to_undo(text)) return say(how_to_undo(state()));
  if (asks_for_codes(text)) {
    State again = state();
    again.step = Step::forwarding_instructions;
    return say(prompt(again, facts_.activation));
  }
  if (take_corrections(text)) return;
  if (is_rude(text)) return count_wrong(stay_calm(prompt_now()));
  const std::string diagnosis =
      call.kind == TestCall::Kind::direct ? direct_call(state(), call.at, facts_.now) : no_call_yet(state());
  count_wrong(diagnosis, call.kind == TestCall::Kind::direct);
}

void Taker::go_live() {
  enter(state(), Step::live, facts_.now);
  turn_.wants.go_live = true;
  say(now_live(state()));
}

void Taker::take_when_live(const Text& text) {
  if (asks_to_undo(text)) return say(how_to_undo(state()));
  const bool is_other_phone = take_other_phone(text);
  if (is_other_phone || asks_for_codes(text)) {
    State again = state();
    again.step = Step::forwarding_instructions;
    return say(prompt(again, facts_.activation));
  }
  if (take_corrections(text)) return;
  say(prompt_now());
}

}  // namespace jobrun::onboarding
