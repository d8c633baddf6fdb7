// The words by which a phone says that it wants no more texts, or wants them again.
#pragma once

#include <optional>
#include <string_view>

#include "base/event.hpp"

namespace jobrun::texting {

enum class Choice {
  out,
  in,
  yes,  ///< in, of somebody who is out; of anybody else an answer to something
};

/// What a text chooses: it is one of the words and nothing else, in any case, whatever punctuation, spaces or
/// emoji stand around it; or the carrier says so (`OptOutType`), which knows words of its own. Who says out is
/// out, whatever else is said.
std::optional<Choice> choice_of(std::string_view body, std::optional<OptOutType> opt_out_type);

/// Whether it asks what this is: HELP or INFO, as such a word is read, also in the other languages we speak.
bool asks_for_help(std::string_view body);

}  // namespace jobrun::texting
