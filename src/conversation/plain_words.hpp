// Somebody's words, made fit to stand within a text of ours: one line, and GSM-7 where that says the same.
//
// A curly quote or an emoji in a customer's words must not double what each alert costs, and a line feed or a mark
// that turns the direction of writing must not make an alert say what it does not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/intake.hpp"

namespace jobrun::conversation {

/// What becomes of letters that GSM-7 has nothing like.
enum class OtherLetters { kept, left_out };

/// One line without control characters, emoji and signs; single spaces, none at the ends. Any bytes.
std::string plain_line(std::string_view words, OtherLetters others);

/// At most `units_max` of what measure_text() counts; where that is less than all, it ends between two words if
/// one is near, and with `...`. Precondition: `units_max` is at least 3.
std::string shortened(const std::string& line, std::size_t units_max);

/// For comparisons: lower case ASCII without accents and apostrophes, one line; letters of other scripts are
/// spaces.
std::string folded_line(std::string_view words);

/// The words of a folded line: runs of letters, digits and `+`.
std::vector<std::string> split_words(std::string_view folded);

/// What the job is, in the customer's words, else by its topic, else by what he wants of us; empty: nothing told.
std::string described(const Intake& job, OtherLetters others);

}  // namespace jobrun::conversation
