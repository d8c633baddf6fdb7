// The parameters of a form that decide something, as data: each may be given once. The others are signed and not
// looked at, because the carrier adds new ones without notice.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/utf8.hpp"
#include "gate/form.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

template <class Fields>
struct FieldName {
  std::string_view name;
  std::optional<std::string_view> Fields::* field;
};

/// Valid as long as the form.
template <class Fields>
std::expected<Fields, Refusal> fields_of(const Form& form, std::span<const FieldName<Fields>> names) {
  Fields fields;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const Form::Parameter parameter = form[i];
    for (const FieldName<Fields>& known : names) {
      if (parameter.name != known.name) continue;
      if (fields.*known.field) return std::unexpected(Refusal::repeated_parameter);
      fields.*known.field = parameter.value;
    }
  }
  return fields;
}

template <class T>
std::optional<T> parse_optional(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Result<T> parsed = T::parse(*text);
  return parsed ? std::optional<T>(std::move(*parsed)) : std::nullopt;
}

/// `field`, unless it is missing or empty.
inline std::string_view first_given(std::optional<std::string_view> field,
                                    std::optional<std::string_view> instead) {
  return field && !field->empty() ? *field : instead.value_or("");
}

/// Of a call's or a message's status, as sent, for records.
inline constexpr std::size_t status_text_bytes_max = 32;

inline std::string shortened(std::string_view text, std::size_t bytes_max) {
  return std::string(utf8_prefix(text, bytes_max));
}

}  // namespace jobrun::gate
