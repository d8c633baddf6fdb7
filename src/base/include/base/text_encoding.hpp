// How a text's words become segments: what the carrier bills, and why one curly quote doubles it.
//
// GSM-7 carries 160 characters in one segment and 153 in each of several; its extension characters count
// double. One character outside it turns the whole text into UCS-2: 70 and 67.
#pragma once

#include <cstddef>
#include <string_view>

namespace jobrun {

enum class TextEncoding { gsm7, ucs2 };

struct TextSize {
  TextEncoding encoding = TextEncoding::gsm7;
  std::size_t units = 0;     ///< GSM-7 septets or UTF-16 code units
  std::size_t segments = 0;  ///< 0 for an empty text
};

/// `body` is UTF-8; bytes that are not count as one UCS-2 unit each.
TextSize measure_text(std::string_view body);

/// True for a character that GSM-7 has, be it by its extension table.
bool is_gsm7(char32_t character);

/// What says the same in GSM-7: an apostrophe for a curly one, a letter without its accent. Empty for a character
/// that GSM-7 has nothing like.
std::string_view gsm7_instead_of(char32_t character);

/// The carrier's limit on a text's characters.
inline constexpr std::size_t text_characters_max = 1600;

}  // namespace jobrun
