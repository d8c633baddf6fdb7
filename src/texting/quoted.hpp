// A text's words within a sentence for a person.
#pragma once

#include <string>

#include "base/event.hpp"

namespace jobrun::texting {

/// Its first words between quotation marks, on one line.
std::string quoted(const InboundText& text);

}  // namespace jobrun::texting
