// What somebody gets who texts a number that is nobody's: once in a cool-down, that his text has arrived.
#pragma once

#include <optional>

#include "base/event.hpp"
#include "base/text.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

struct Acknowledgement {
  AfterCallRow row;                  ///< which row of the after-call table held: the same rules as for a caller
  std::optional<PromisedText> text;  ///< for the row `failsafe` alone
};

/// By the number texted and by no other: whoever it comes from is whom the sender knows. Without all facts nobody
/// is acknowledged; the operator has the text.
Acknowledgement acknowledge(const InboundText& text, const directory::Resolution& to, const Surroundings& around,
                            FactReader& facts, Instant now);

}  // namespace jobrun::texting
