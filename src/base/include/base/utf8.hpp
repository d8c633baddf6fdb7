// UTF-8, as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jobrun {

/// One step through a text: a code point and its size in bytes, or `is_valid == false` for a byte (size 1)
/// that starts none.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
  bool is_valid = false;
};

/// Precondition: `text` is not empty.
CodePoint first_code_point(std::string_view text);

/// Decodes the code point at the front of `text` and removes it; U+FFFD for a byte that is not UTF-8.
/// Precondition: `text` is not empty.
char32_t take_code_point(std::string_view& text);

/// Without the spaces at its ends, or those of `blanks`.
std::string_view trimmed(std::string_view text, std::string_view blanks = " ");

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);

/// True for well-formed UTF-8 without control characters other than tab and line feed.
bool is_clean_utf8(std::string_view text);

/// The longest start of `text` within `bytes_max` that does not cut a code point in two.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

/// The start of somebody's words, to be quoted in an error: one line of valid UTF-8, at most `bytes_max` bytes,
/// with a question mark for whatever is neither.
std::string quotable(std::string_view text, std::size_t bytes_max);

}  // namespace jobrun
