// Strict reading of a JSON object: each field is asked for once by name, kind and bounds; whatever was not
// asked for is an error that lists what could have been meant. The first thing wrong is what is reported.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"

namespace jobrun::simulator {

/// `one of a, b or c`, for messages.
std::string one_of(const std::vector<std::string_view>& choices);

template <class Enum>
std::vector<std::string_view> spellings() {
  std::vector<std::string_view> names;
  for (const Named<Enum>& row : NamesOf<Enum>::rows) names.push_back(row.name);
  return names;
}

class Fields {
 public:
  /// `what` names the object in messages, as `an api fault`. `object` must outlive this.
  Fields(const nlohmann::json& object, std::string what);

  /// Each leaves `into` alone when the field is absent or wrong.
  void text(std::string_view name, std::string& into, std::size_t bytes_max = 2'000);
  void flag(std::string_view name, bool& into);
  void whole(std::string_view name, std::int64_t& into, std::int64_t min, std::int64_t max);
  void texts(std::string_view name, std::vector<std::string>& into, std::size_t count_max);

  /// A list; `read` gets each of its objects, and says what is wrong with one.
  void each(std::string_view name, std::size_t count_max,
            const std::function<Result<void>(const nlohmann::json&)>& read);

  template <class Enum>
  void choice(std::string_view name, Enum& into) {
    std::string word;
    const nlohmann::json* value = take(name);
    if (value == nullptr) return;
    if (value->is_string()) {
      if (const std::optional<Enum> parsed = parse_name<Enum>(value->get<std::string>())) {
        into = *parsed;
        return;
      }
    }
    complain(name, *value, "must be " + one_of(spellings<Enum>()));
  }

  bool has(std::string_view name) const;
  /// Adds an error of the caller's own.
  void fail(std::string message);
  /// The first error, if any; else complains of fields nobody asked for.
  Result<void> finish() const;

 private:
  const nlohmann::json* take(std::string_view name);
  void complain(std::string_view name, const nlohmann::json& value, std::string_view expected);

  const nlohmann::json& object_;
  std::string what_;
  std::vector<std::string_view> asked_;
  std::string error_;
};

}  // namespace jobrun::simulator
