// What a free sentence says about a business: "I'm a plumber in Leeds called Joe's".
#pragma once

#include <optional>

#include "names.hpp"
#include "onboarding/state.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

struct Reading {
  Answers found;                   ///< only what was found
  std::optional<Refusal> refused;  ///< then nothing was found
  bool has_place_words = false;    ///< said where, if not what

  bool is_empty() const { return found == Answers{}; }
};

/// Reads what `step` asks for, and what comes along with it. `known` has been answered already. `may_guess`: words
/// that nothing tells the meaning of may be the answer to the question asked.
Reading read_answers(const Text& text, Step step, const Answers& known, bool may_guess);

}  // namespace jobrun::onboarding
