// Enumerators and their spelling, in one table per enumeration: the database, the API, metrics, logs and
// the console all use these very words. `name_of` and `parse_name` read the table.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace jobrun {

/// One enumerator and its spelling.
template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};

/// Specialised per enumeration: `static constexpr std::array<Named<Enum>, n> rows`, in enumerator order.
template <class Enum>
struct NamesOf;

template <class Enum>
constexpr std::string_view name_of(Enum value) {
  for (const Named<Enum>& row : NamesOf<Enum>::rows) {
    if (row.value == value) return row.name;
  }
  return "?";
}

template <class Enum>
constexpr std::optional<Enum> parse_name(std::string_view name) {
  for (const Named<Enum>& row : NamesOf<Enum>::rows) {
    if (row.name == name) return row.value;
  }
  return std::nullopt;
}

}  // namespace jobrun
