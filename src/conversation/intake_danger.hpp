// Whether somebody is in danger, told by rules over senses.
#pragma once

#include <vector>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

struct DangerFound {
  Danger danger = Danger::none;
  std::vector<Span> because{};  ///< the words that led to it
};

/// The worst that the words say, none of it denied by them.
DangerFound find_danger(const Reading& reading);

}  // namespace jobrun::conversation
