#include "fields.hpp"

#include <algorithm>

#include "base/mail_address.hpp"
#include "base/utf8.hpp"
#include "console_api/country_codes.hpp"

namespace jobrun::console_api {
namespace {

constexpr std::size_t problems_max = 20;

/// Characters that a person cannot see but that change what he sees.
bool is_treacherous(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool is_separator = c == 0x2028 || c == 0x2029;
  const bool is_direction =
      c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_control || is_separator || is_direction || c == 0xFEFF;
}

}  // namespace

Result<std::string> checked_line(std::string_view text, std::size_t characters_max) {
  text = trimmed(text);
  const std::string wanted = "must be 1 to " + std::to_string(characters_max) + " characters";
  if (text.empty()) return invalid(wanted + ", and is empty");
  if (text.size() > characters_max * 4) return invalid(wanted + ", and is longer");
  if (!is_clean_utf8(text)) return invalid("must be valid UTF-8 without control characters");
  std::size_t characters = 0;
  for (std::string_view rest = text; !rest.empty(); ++characters) {
    if (is_treacherous(take_code_point(rest))) {
      return invalid("must not contain control characters, line separators or direction marks");
    }
  }
  if (characters > characters_max) return invalid(wanted + ", and has " + std::to_string(characters));
  return std::string(text);
}

std::string Fields::shown(std::string_view name) {
  constexpr std::size_t shown_max = 40;
  std::string text;
  for (const char c : name.substr(0, shown_max)) text += (c > 0x20 && c < 0x7F) ? c : '?';
  return text;
}

Fields::Fields(const nlohmann::json& request) : request_(request) {}

bool Fields::has(const std::string& name) {
  known_.insert(name);
  return request_.contains(name);
}

bool Fields::is_null(const std::string& name) {
  return has(name) && request_.at(name).is_null();
}

const nlohmann::json* Fields::present(const std::string& name) {
  return has(name) && !request_.at(name).is_null() ? &request_.at(name) : nullptr;
}

const std::string* Fields::text(const std::string& name) {
  const nlohmann::json* value = present(name);
  if (value == nullptr || !value->is_string()) {
    note(name, value == nullptr ? "is missing" : "must be a string");
    return nullptr;
  }
  return &value->get_ref<const std::string&>();
}

std::string Fields::line(const std::string& name, std::size_t characters_max) {
  const std::string* value = text(name);
  if (value == nullptr) return {};
  Result<std::string> checked = checked_line(*value, characters_max);
  if (!checked) {
    note(name, checked.error().message);
    return {};
  }
  return *checked;
}

E164 Fields::number(const std::string& name) {
  const std::string* value = text(name);
  if (value == nullptr) return E164::from_digits(0);
  const Result<E164> parsed = E164::parse(*value);
  if (!parsed) {
    note(name, parsed.error().message);
    return E164::from_digits(0);
  }
  return *parsed;
}

std::optional<E164> Fields::optional_number(const std::string& name) {
  return present(name) == nullptr ? std::nullopt : std::optional(number(name));
}

std::int64_t Fields::integer(const std::string& name, std::int64_t least, std::int64_t most) {
  if (present(name) == nullptr) note(name, "is missing");
  return optional_integer(name, least, most).value_or(least);
}

std::optional<std::int64_t> Fields::optional_integer(const std::string& name, std::int64_t least,
                                                     std::int64_t most) {
  const nlohmann::json* value = present(name);
  if (value == nullptr) return std::nullopt;
  const bool is_too_large =
      value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  if (value->is_number_integer() && !is_too_large) {
    const std::int64_t number = value->get<std::int64_t>();
    if (number >= least && number <= most) return number;
  }
  note(name, "must be a whole number from " + std::to_string(least) +
                 (most == INT64_MAX ? " upwards" : " to " + std::to_string(most)));
  return std::nullopt;
}

std::optional<bool> Fields::optional_flag(const std::string& name) {
  const nlohmann::json* value = present(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  note(name, "must be true or false");
  return std::nullopt;
}

std::optional<Instant> Fields::optional_instant(const std::string& name) {
  const nlohmann::json* value = present(name);
  if (value == nullptr) return std::nullopt;
  const Result<Instant> instant =
      value->is_string() ? parse_iso8601(value->get_ref<const std::string&>()) : invalid("must be a text");
  if (instant) return *instant;
  note(name, instant.error().message);
  return std::nullopt;
}

std::string Fields::optional_email(const std::string& name) {
  const std::string* value = present(name) == nullptr ? nullptr : text(name);
  if (value == nullptr) return {};
  if (value->size() <= email_bytes_max && is_mail_address(*value)) return *value;
  note(name, "must be one e-mail address in plain letters, of at most " + std::to_string(email_bytes_max) +
                 " characters, for example joe@example.com");
  return {};
}

std::vector<std::string> Fields::countries(const std::string& name) {
  const nlohmann::json* value = present(name);
  if (value == nullptr) return {};
  const bool is_list = value->is_array() && value->size() <= countries_max;
  const auto is_country = [](const nlohmann::json& entry) {
    return entry.is_string() && is_country_code(entry.get_ref<const std::string&>());
  };
  if (!is_list || !std::ranges::all_of(*value, is_country)) {
    note(name, "must be a list of at most " + std::to_string(countries_max) +
                   " ISO 3166 country codes in capital letters, for example [\"US\", \"CA\"]");
    return {};
  }
  std::vector<std::string> codes = value->get<std::vector<std::string>>();
  std::ranges::sort(codes);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

std::optional<CallSid> Fields::call_sid(const std::string& name) {
  const std::string* value = text(name);
  if (value == nullptr) return std::nullopt;
  const Result<CallSid> parsed = CallSid::parse(*value);
  if (!parsed) {
    note(name, parsed.error().message);
    return std::nullopt;
  }
  return *parsed;
}

std::vector<std::pair<std::string, std::string>> Fields::named_texts(const std::string& name) {
  constexpr std::size_t named_max = 100;
  std::vector<std::pair<std::string, std::string>> texts;
  const nlohmann::json* value = present(name);
  if (value == nullptr || !value->is_object() || value->size() > named_max) {
    note(name, "must be an object of names and texts");
    return texts;
  }
  for (const auto& [key, text] : value->items()) {
    if (text.is_null()) {
      texts.emplace_back(key, "");
    } else if (text.is_string()) {
      texts.emplace_back(key, text.get<std::string>());
    } else {
      note(name + "." + shown(key), "must be a string");
    }
  }
  return texts;
}

bool Fields::has_any_but_id() const {
  return std::ranges::any_of(request_.items(),
                             [](const auto& field) { return field.key() != "op" && field.key() != "id"; });
}

void Fields::note(const std::string& name, const std::string& problem) {
  if (problems_.size() < problems_max) problems_.push_back(name + ": " + problem);
}

Result<void> Fields::finish() {
  for (const auto& field : request_.items()) {
    if (known_.contains(field.key())) continue;
    note(shown(field.key()), "is not a field of this operation");
  }
  if (problems_.empty()) return {};
  std::string message;
  for (const std::string& problem : problems_) message += (message.empty() ? "" : "; ") + problem;
  return invalid(std::move(message));
}

}  // namespace jobrun::console_api
