// Phone numbers and callers, as strong types.
//
// The caller and the number called are both strings at the carrier; swapping them texts the business its
// own number. So each has a type, and anything that is not a number a text can go to is told apart here,
// once: withheld ids arrive as words or as keypad spellings that look like E.164.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobrun {

/// A phone number in E.164: a plus sign, then 7 to 15 digits, the first not 0. Syntax only; whether the
/// number exists is never asked (packaged metadata is years old).
class E164 {
 public:
  /// Fails with what is wrong and an example of what is expected.
  static Result<E164> parse(std::string_view text);

  /// From the digits alone, as stored by digits(). Precondition: they came from digits().
  static constexpr E164 from_digits(std::uint64_t digits) { return E164{digits}; }

  /// The number's digits as an integer, without the plus sign.
  constexpr std::uint64_t digits() const { return digits_; }

  /// With the plus sign.
  std::string text() const;

  friend constexpr auto operator<=>(E164, E164) = default;

 private:
  constexpr explicit E164(std::uint64_t digits) : digits_(digits) {}
  std::uint64_t digits_;
};

enum class CallerKind {
  phone,       ///< a phone number; whether it can be texted is decided elsewhere
  withheld,    ///< no usable number: hidden, SIP, empty, or not a number at all
  short_code,  ///< 3 to 6 digits without a plus sign
};

/// Who calls, as the carrier's `From` says it.
class Caller {
 public:
  /// Never fails: what is not recognised is `withheld`, because it cannot be texted either.
  static Caller parse(std::string_view from);

  CallerKind kind() const { return kind_; }
  /// Present exactly when kind() is `phone`.
  std::optional<E164> number() const { return number_; }
  /// The original text, at most 64 bytes, printable ASCII; for records and displays.
  const std::string& text() const { return text_; }

  friend bool operator==(const Caller&, const Caller&) = default;

 private:
  Caller(CallerKind kind, std::optional<E164> number, std::string text)
      : kind_(kind), number_(number), text_(std::move(text)) {}
  CallerKind kind_;
  std::optional<E164> number_;
  std::string text_;
};

/// `+14155550123` -> `+1415*****23`: enough to recognise, not enough to call.
std::string masked(std::string_view phone);

/// Masks each run of 7 or more digits in somebody else's words, with the plus sign before it: a carrier's error
/// message may repeat the number that it is about.
std::string masked_within(std::string_view words);

}  // namespace jobrun

template <>
struct std::hash<jobrun::E164> {
  std::size_t operator()(jobrun::E164 number) const noexcept {
    std::uint64_t x = number.digits() * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(x ^ (x >> 32));
  }
};
