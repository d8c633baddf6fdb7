// What a free sentence says about a business: "I'm a plumber in Leeds called Joe's".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onboarding/state.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

/// Why something that was said cannot be taken.
enum class Refusal {
  link,      ///< a web address
  signs,     ///< signs that no name has
  too_long,  ///< longer than anything that is asked for
  bad_email,
};

struct Reading {
  Answers found;                   ///< only what was found
  std::optional<Refusal> refused;  ///< then nothing was found
  bool has_place_words = false;    ///< said where, if not what

  bool is_empty() const { return found == Answers{}; }
};

/// Reads what `step` asks for, and what comes along with it. `known` has been answered already. `may_guess`: words
/// that nothing tells the meaning of may be the answer to the question asked.
Reading read_answers(const Text& text, Step step, const Answers& known, bool may_guess);

/// A question of the sign-up that an owner wants to answer anew, and the answer if he gave it:
/// `name is Joe's Plumbing`, `change email to joe@example.com`, `change name`.
enum class Field { business_type, place, business_name, owner_name, alert_by, email, phone };
struct Correction {
  Field field = Field::business_name;
  std::string value;  ///< empty: to be asked for
  std::optional<AlertBy> alert_by;
};

/// The corrections in a text; none if it holds none. `refused` if a value cannot be taken.
struct Corrections {
  std::vector<Correction> made;
  std::optional<Refusal> refused;
};
Corrections read_corrections(const Text& text);

/// Writes a correction's value; true if it had one.
bool apply_correction(const Correction& correction, Answers& answers);

bool is_email(std::string_view word);

}  // namespace jobrun::onboarding
