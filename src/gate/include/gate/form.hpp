// Form bodies, `application/x-www-form-urlencoded`, parsed strictly: a parameter that arrives damaged must be
// refused, not guessed, because it decides who is texted and what is signed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace jobrun::gate {

/// A parsed form: names and values decoded, in the order sent, repeats kept.
class Form {
 public:
  struct Parameter {
    std::string_view name;
    std::string_view value;
    friend bool operator==(const Parameter&, const Parameter&) = default;
  };

  static constexpr std::size_t body_bytes_max = std::size_t{64} * 1024;
  static constexpr std::size_t parameters_max = 200;
  static constexpr std::size_t name_bytes_max = 128;                      ///< decoded
  static constexpr std::size_t value_bytes_max = std::size_t{16} * 1024;  ///< decoded

  /// Fails on: more than any of the limits above, a `%` without two hexadecimal digits, a NUL, a name or
  /// value that is not UTF-8, a parameter without a name. `+` is a space. A name without `=` has an empty
  /// value; nothing between two `&` is nothing. The message never quotes the body.
  static Result<Form> parse(std::string body);

  std::size_t size() const { return spans_.size(); }
  bool is_ascii() const { return is_ascii_; }
  /// Valid as long as the form, and not beyond a move of it.
  Parameter operator[](std::size_t index) const {
    const Span& span = spans_[index];
    const std::string_view all = text_;
    return {all.substr(span.name_at, span.name_size), all.substr(span.value_at, span.value_size)};
  }

  /// The first value of that name, which is compared exactly.
  std::optional<std::string_view> find(std::string_view name) const;
  /// How often that name was given.
  std::size_t count(std::string_view name) const;

 private:
  struct Span {
    std::uint32_t name_at, name_size, value_at, value_size;
  };
  Form() = default;
  std::string text_;  ///< the body, decoded in place: decoded text is never longer
  std::vector<Span> spans_;
  bool is_ascii_ = true;
};

}  // namespace jobrun::gate
