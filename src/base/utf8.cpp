#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace jobrun {
namespace {

struct Lead {
  std::size_t size;     ///< 0: starts nothing
  char32_t value_bits;  ///< of the lead byte
  char32_t value_min;   ///< smaller values have a shorter form
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0x7F, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x1F, 0x80};
  if (byte < 0xF0) return {3, 0x0F, 0x800};
  if (byte < 0xF5) return {4, 0x07, 0x10000};
  return {0, 0, 0};
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const Lead lead = lead_of(first);
  if (lead.size == 0 || lead.size > text.size()) return {};
  char32_t value = first & lead.value_bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    value = value << 6 | (next & 0x3F);
  }
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.value_min || value > 0x10FFFF || is_surrogate) return {};
  return {value, lead.size, true};
}

char32_t take_code_point(std::string_view& text) {
  constexpr char32_t replacement = 0xFFFD;
  const CodePoint point = first_code_point(text);
  text.remove_prefix(point.size);
  return point.is_valid ? point.value : replacement;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_ascii(std::string_view text) {
  // Nearly everything that arrives is ASCII: eight bytes at a time.
  constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
  std::uint64_t eight = 0;
  std::uint64_t seen = 0;
  for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
    std::memcpy(&eight, text.data(), sizeof eight);
    seen |= eight;
  }
  eight = 0;
  std::memcpy(&eight, text.data(), text.size());
  return ((seen | eight) & high_bits) == 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.is_valid) return false;
    text.remove_prefix(point.size);
  }
  return true;
}

bool is_clean_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.is_valid) return false;
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    if (is_control && point.value != U'\t' && point.value != U'\n') return false;
    text.remove_prefix(point.size);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

std::string quotable(std::string_view text, std::size_t bytes_max) {
  std::string quoted;
  for (std::string_view left = utf8_prefix(text, bytes_max); !left.empty();) {
    const CodePoint point = first_code_point(left);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    quoted += point.is_valid && !is_control ? left.substr(0, point.size) : std::string_view("?");
    left.remove_prefix(point.size);
  }
  return quoted;
}

}  // namespace jobrun
