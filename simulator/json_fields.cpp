#include "json_fields.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::simulator {

std::string one_of(const std::vector<std::string_view>& choices) {
  std::string out = choices.size() == 1 ? "" : "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += choices[i];
  }
  return out;
}

Fields::Fields(const nlohmann::json& object, std::string what) : object_(object), what_(std::move(what)) {
  if (!object_.is_object()) error_ = what_ + " must be a JSON object";
}

const nlohmann::json* Fields::take(std::string_view name) {
  asked_.push_back(name);
  if (!object_.is_object()) return nullptr;
  const auto it = object_.find(name);
  return it == object_.end() ? nullptr : &*it;
}

void Fields::complain(std::string_view name, const nlohmann::json& value, std::string_view expected) {
  std::string shown = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (shown.size() > 80) shown = shown.substr(0, 80) + "...";
  fail("`" + std::string(name) + "` of " + what_ + " " + std::string(expected) + ", not " + shown);
}

void Fields::text(std::string_view name, std::string& into, std::size_t bytes_max) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  if (!value->is_string() || value->get_ref<const std::string&>().size() > bytes_max) {
    complain(name, *value, "must be a string of at most " + std::to_string(bytes_max) + " bytes");
    return;
  }
  into = value->get<std::string>();
}

void Fields::flag(std::string_view name, bool& into) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  if (!value->is_boolean()) {
    complain(name, *value, "must be true or false");
    return;
  }
  into = value->get<bool>();
}

void Fields::whole(std::string_view name, std::int64_t& into, std::int64_t min, std::int64_t max) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  const bool fits =
      value->is_number_unsigned()
          ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(max) &&
                (min < 0 || value->get<std::uint64_t>() >= static_cast<std::uint64_t>(min))
          : value->is_number_integer() && value->get<std::int64_t>() >= min && value->get<std::int64_t>() <= max;
  if (!fits) {
    complain(name, *value, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return;
  }
  into = value->get<std::int64_t>();
}

void Fields::texts(std::string_view name, std::vector<std::string>& into, std::size_t count_max) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  const bool fits = value->is_array() && value->size() <= count_max &&
                    std::ranges::all_of(*value, [](const nlohmann::json& item) {
                      return item.is_string() && item.get_ref<const std::string&>().size() <= 2'000;
                    });
  if (!fits) {
    complain(name, *value, "must be a list of at most " + std::to_string(count_max) + " strings");
    return;
  }
  into = value->get<std::vector<std::string>>();
}

void Fields::each(std::string_view name, std::size_t count_max,
                  const std::function<Result<void>(const nlohmann::json&)>& read) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  const bool fits = value->is_array() && value->size() <= count_max &&
                    std::ranges::all_of(*value, [](const nlohmann::json& item) { return item.is_object(); });
  if (!fits) {
    complain(name, *value, "must be a list of at most " + std::to_string(count_max) + " objects");
    return;
  }
  for (const nlohmann::json& object : *value) {
    if (const Result<void> done = read(object); !done) fail(done.error().message);
  }
}

bool Fields::has(std::string_view name) const {
  return object_.is_object() && object_.contains(name);
}

void Fields::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
}

Result<void> Fields::finish() const {
  if (!error_.empty()) return invalid(error_);
  for (const auto& [name, value] : object_.items()) {
    if (std::ranges::find(asked_, name) == asked_.end()) {
      return invalid(what_ + " has no `" + name.substr(0, 80) + "`; known: " + one_of(asked_));
    }
  }
  return {};
}

}  // namespace jobrun::simulator
