// What people type, made comparable: letters without their accents, and words that are nearly right.
#pragma once

#include <string>
#include <string_view>

namespace jobrun {

/// As thumbs type it: lower case ASCII, without the accent: `e` for `É`, `ss` for `ß`, and the first of what
/// gsm7_instead_of() says of anything else. Empty where ASCII has nothing like it.
std::string plain_letters(char32_t character);

/// Whether one is the other with a mistake or two: in words of four letters two neighbours that changed places, in
/// longer ones a letter wrong, missing or too many, two of these from eight letters on. The first letter must be
/// right.
bool is_close(std::string_view typed, std::string_view word);

}  // namespace jobrun
