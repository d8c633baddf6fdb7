#pragma once

#include <array>

#include "base/names.hpp"

namespace jobrun {

/// The languages that customers are spoken to in, and how a date or a trade is called there.
enum class Locale { en_us, en_gb, es, pl, fr };

template <>
struct NamesOf<Locale> {
  static constexpr std::array<Named<Locale>, 5> rows = {{{Locale::en_us, "en-US"},
                                                         {Locale::en_gb, "en-GB"},
                                                         {Locale::es, "es"},
                                                         {Locale::pl, "pl"},
                                                         {Locale::fr, "fr"}}};
};

}  // namespace jobrun
