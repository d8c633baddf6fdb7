// Every word that signing up says, in one file. Plain text, in GSM-7 but for owners' own names; short, warm, and
// always with what to reply.
#pragma once

#include <string>

#include "corrections.hpp"
#include "onboarding/state.hpp"
#include "onboarding/turn.hpp"

namespace jobrun::onboarding {

/// What the owner is asked or told in his step, with what is known.
std::string prompt(const State& state, Activation activation);

/// Before the next question: what has just been understood.
std::string taken(const State& state, const std::string& prompt);

std::string welcome();
std::string welcome_with(const std::string& prompt);
std::string welcome_back(const std::string& prompt);
std::string begun_again(const State& state, const std::string& prompt);
std::string back_at(const std::string& prompt);
std::string no_way_back(const State& state, const std::string& prompt);
std::string help(const State& state);

/// After the first wrong answer in a step, after the second with an example, and what comes with the third.
std::string not_understood(const State& state);
std::string no_name_yet(const State& state);
std::string example(const State& state);
std::string handed_over(const State& state);
std::string person_comes(const State& state, const std::string& prompt);
std::string stay_calm(const std::string& prompt);
std::string asked_back(const std::string& prompt);
std::string refused(Refusal refusal, Step step);

std::string asked_anew(const std::string& prompt);
std::string changed(const std::string& prompt);
std::string changed_with_number(const State& state);
std::string say_new_value(Field field);
std::string what_to_change();

std::string approval_awaited();
std::string approved();
std::string code_accepted(const std::string& prompt);
std::string wrong_code();
std::string number_comes();
std::string number_given(const State& state);
std::string pool_is_empty();
std::string on_the_list();

std::string forwarding_trouble(const State& state);
std::string how_to_undo(const State& state);
std::string no_call_yet(const State& state);
std::string direct_call(const State& state, Instant at, Instant now);
std::string now_live(const State& state);
std::string reminder(const State& state);

}  // namespace jobrun::onboarding
