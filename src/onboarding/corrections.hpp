// What an owner wants to be otherwise than he said: "name is Joe's Plumbing".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "names.hpp"
#include "onboarding/state.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

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

}  // namespace jobrun::onboarding
