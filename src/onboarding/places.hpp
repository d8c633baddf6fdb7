// Towns and countries, as far as signing up needs them: where an owner would like his number to be from, and which
// codes his phone understands.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/phone_number.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

enum class Country { united_states, canada, united_kingdom, ireland, australia, elsewhere };

/// By the number's prefix; Canada by its area codes.
Country country_of(E164 number);

/// As people there write it when they dial: `07700 900123` without the space, `4155550123`; elsewhere with the
/// plus.
std::string national(E164 number);

/// As people read it: `(415) 555-0123`, `07700900123`, `+33123456789`.
std::string readable(E164 number);

struct KnownPlace {
  std::string_view name;  ///< empty: none
  std::size_t words = 0;
};

/// A large town named at the beginning of these words, a typing mistake allowed in long names.
KnownPlace town_at(std::span<const Word> words);

/// `TX`, `Texas`, `UK`, `England`, `Australia`: what follows a town.
bool is_region(const Word& word);

/// The prefixes of numbers that suit this place and this owner, best first: those of the town, then of his own
/// number.
std::vector<std::string> preferred_area(std::string_view place, E164 owner);

}  // namespace jobrun::onboarding
