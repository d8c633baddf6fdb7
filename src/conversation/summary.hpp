// What the owner is told of a customer's text. Whose it is, his phone, is put in front by whoever sends it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "conversation/intake.hpp"

namespace jobrun::conversation {

/// With the customer's phone in front, one segment.
inline constexpr std::size_t summary_units_max = 120;
/// Of his words alone, which the owner has to read to their end: with the phone in front, two segments.
inline constexpr std::size_t words_units_max = 280;

/// `NOW: boiler not working, 14 Mill Lane, tomorrow. "no hot water"`: what was understood, and his words where
/// there is room. `job` is all that is known, `words` and `media` are of this text.
std::string summary_of_job(const Intake& job, std::string_view words, std::size_t media);

/// `GAS: kitchen, 14 Mill Lane. "I smell gas"`. `danger` is what this text tells of.
std::string summary_of_danger(Danger danger, const Intake& job, std::string_view words, std::size_t media);

/// `CANCELLED: boiler not working. "found somebody else"`
std::string summary_of_cancelled(const Intake& job, std::string_view words);

/// `"side gate is open", 2 pictures`: his words alone. `read` is of this text.
std::string summary_of_words(const Intake& read, std::string_view words, std::size_t media);

}  // namespace jobrun::conversation
