// When the customer wants it, in his own words, and how urgent that makes it.
#pragma once

#include <optional>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

struct Wish {
  Span span;
  Urgency urgency = Urgency::unknown;
};

/// `monday`, `tomorrow`, `january`: no name of a town.
bool names_time(std::string_view folded);

/// The first time that is not one of the past; none that stands within a place.
std::optional<Wish> find_wish(const Reading& reading, const std::vector<Span>& places);

}  // namespace jobrun::conversation
