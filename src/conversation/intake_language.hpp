// Which language a text is in, told by the words that every sentence of it needs.
#pragma once

#include <optional>

#include "base/locale.hpp"
#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

/// en_us for English of either kind; empty for a language that we do not speak, and where no word tells.
std::optional<Locale> find_language(const Reading& reading);

}  // namespace jobrun::conversation
