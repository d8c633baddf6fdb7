#include "base/phone_number.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace jobrun {
namespace {

constexpr std::size_t e164_digits_min = 7;
constexpr std::size_t e164_digits_max = 15;
constexpr std::size_t caller_text_max = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

// The carrier's keypad spellings of withheld ids; matched exactly, never by prefix: +266696687 spells
// ANONYMOUS, but +2666966870 is somebody's phone.
constexpr std::array<std::string_view, 6> keypad_spellings = {
    "+266696687",    // ANONYMOUS
    "+7378742833",   // RESTRICTED
    "+86282452253",  // UNAVAILABLE
    "+8656696",      // UNKNOWN
    "+2562533",      // BLOCKED
    "+7748283",      // PRIVATE
};

std::string printable(std::string_view text) {
  std::string kept;
  for (const char c : text.substr(0, caller_text_max)) kept += (c >= 0x20 && c < 0x7F) ? c : '?';
  return kept;
}

}  // namespace

Result<E164> E164::parse(std::string_view text) {
  const bool well_formed = text.size() >= 1 + e164_digits_min && text.size() <= 1 + e164_digits_max &&
                           text[0] == '+' && text[1] != '0' && all_digits(text.substr(1));
  if (!well_formed) {
    return invalid("'" + printable(text) +
                   "' is not a phone number in E.164: write a plus sign, the country code and the number, "
                   "digits only, for example +14155550123");
  }
  std::uint64_t digits = 0;
  std::from_chars(text.data() + 1, text.data() + text.size(), digits);
  return E164{digits};
}

std::string E164::text() const {
  return "+" + std::to_string(digits_);
}

Caller Caller::parse(std::string_view from) {
  std::string text = printable(from);
  if (std::ranges::find(keypad_spellings, from) != keypad_spellings.end()) {
    return {CallerKind::withheld, std::nullopt, std::move(text)};
  }
  if (const Result<E164> number = E164::parse(from)) return {CallerKind::phone, *number, std::move(text)};
  if (from.size() >= 3 && from.size() <= 6 && all_digits(from)) {
    return {CallerKind::short_code, std::nullopt, std::move(text)};
  }
  return {CallerKind::withheld, std::nullopt, std::move(text)};
}

std::string masked(std::string_view phone) {
  constexpr std::size_t shown_head = 5;
  constexpr std::size_t shown_tail = 2;
  std::string text(phone);
  if (text.size() <= shown_head + shown_tail) return std::string(text.size(), '*');
  std::fill(text.begin() + shown_head, text.end() - shown_tail, '*');
  return text;
}

std::string masked_within(std::string_view words) {
  std::string text;
  while (!words.empty()) {
    const bool has_plus = words.front() == '+';
    const std::string_view behind = words.substr(has_plus ? 1 : 0);
    const std::size_t digits = std::min(behind.find_first_not_of("0123456789"), behind.size());
    const std::string_view piece = words.substr(0, std::max<std::size_t>(1, digits + (has_plus ? 1 : 0)));
    text += digits >= e164_digits_min ? masked(piece) : std::string(piece);
    words.remove_prefix(piece.size());
  }
  return text;
}

}  // namespace jobrun
