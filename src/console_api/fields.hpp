// Reading a request's fields: each is checked once, here, and every problem of a request is told at once.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun::console_api {

inline constexpr std::size_t client_name_characters_max = 80;
inline constexpr std::size_t reason_characters_max = 200;
inline constexpr std::int64_t cool_down_seconds_max = 30LL * 24 * 60 * 60;
inline constexpr std::int64_t texts_per_day_max = 1'000'000;
inline constexpr std::size_t countries_max = 50;

/// `text` without spaces around it, or what is wrong with it: 1 to `characters_max` characters of UTF-8
/// without control characters, line separators or marks that reverse the direction of writing.
Result<std::string> checked_line(std::string_view text, std::size_t characters_max);

/// One request's fields. A getter that finds something wrong notes it and returns a stand-in; nothing read
/// may be used before finish() has said that all was well. The request must outlive this.
class Fields {
 public:
  explicit Fields(const nlohmann::json& request);

  bool has(const std::string& name);
  /// The field is there and is null: restore the default.
  bool is_null(const std::string& name);

  std::string line(const std::string& name, std::size_t characters_max);
  E164 number(const std::string& name);
  std::optional<E164> optional_number(const std::string& name);
  std::int64_t integer(const std::string& name, std::int64_t least, std::int64_t most);
  std::optional<std::int64_t> optional_integer(const std::string& name, std::int64_t least, std::int64_t most);
  std::optional<bool> optional_flag(const std::string& name);
  std::optional<Instant> optional_instant(const std::string& name);
  /// One e-mail address; empty when it is missing or null.
  std::string optional_email(const std::string& name);
  std::vector<std::string> countries(const std::string& name);
  std::optional<CallSid> call_sid(const std::string& name);
  /// The members of an object, each a text; a null is an empty one.
  std::vector<std::pair<std::string, std::string>> named_texts(const std::string& name);
  /// A name from outside as an error may repeat it.
  static std::string shown(std::string_view name);
  /// A long text as it is; a null pointer (and a note) unless it is one.
  const std::string* text(const std::string& name);

  template <class Id>
  Id id(const std::string& name) {
    return Id{integer(name, 1, INT64_MAX)};
  }
  template <class Enum>
  std::optional<Enum> optional_name(const std::string& name) {
    const nlohmann::json* value = present(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) {
      if (const auto found = parse_name<Enum>(value->template get_ref<const std::string&>())) return found;
    }
    std::string names;
    for (const Named<Enum>& row : NamesOf<Enum>::rows) {
      names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    note(name, "must be one of " + names);
    return std::nullopt;
  }

  /// The request has more than its op and an id.
  bool has_any_but_id() const;

  /// Notes a problem found elsewhere.
  void note(const std::string& name, const std::string& problem);

  /// Fails with every problem noted, fields that nobody asked for included.
  Result<void> finish();

 private:
  /// The field's value; a null pointer when it is missing or null.
  const nlohmann::json* present(const std::string& name);

  const nlohmann::json& request_;
  std::set<std::string> known_ = {"op"};
  std::vector<std::string> problems_;
};

}  // namespace jobrun::console_api
