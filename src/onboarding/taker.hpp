// Reads one text of an owner in the step that he is in.
#pragma once

#include <string>
#include <string_view>

#include "answers.hpp"
#include "corrections.hpp"
#include "onboarding/turn.hpp"
#include "vocabulary.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

/// The first of the five questions that these answers leave open; `confirm` if none.
Step next_question(const Answers& answers);

/// Into another step: whoever went on needs no help with the last one.
void enter(State& state, Step step, Instant now);

class Taker {
 public:
  Taker(const State& state, bool is_new, const Facts& facts) : facts_(facts), is_new_(is_new) {
    turn_.next = state;
  }

  Turn take(std::string_view words);

 private:
  State& state() { return turn_.next; }
  Answers& answers() { return turn_.next.answers; }
  std::string prompt_now() const;
  bool is_name_asked() const;

  /// What each step makes of a text.
  void take_in_step(const Text& text);
  void take_command(Command command);
  void take_answer(const Text& text);
  void take_confirmation(const Text& text);
  void take_while_waiting(const Text& text);
  void take_phone(const Text& text);
  void take_while_forwarding(const Text& text);
  void take_after_test_call(const Text& text);
  void take_when_live(const Text& text);

  /// Parts of them; true where the text was one of those.
  bool take_what_is_no_answer(const Text& text);
  bool take_code(const Text& text);
  bool take_corrections(const Text& text);
  bool take_other_phone(const Text& text);

  void go_back();
  void restart();
  void hand_over(Attention why);
  void go_on_after(const Reading& reading);
  void confirm();
  void pass_gate();
  void ask_for_number();
  void go_live();
  void say(std::string reply) { turn_.reply = std::move(reply); }
  /// A wrong answer: the second in a row gets an example, unless the reply is as clear, the third a person.
  void count_wrong(std::string reply, bool is_clear = false);
  void refuse(Refusal refusal);

  const Facts& facts_;
  bool is_new_;
  bool is_repeated_ = false;  ///< the same words, a moment ago
  Turn turn_;
};

}  // namespace jobrun::onboarding
