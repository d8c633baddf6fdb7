#include "parameters.hpp"

#include <algorithm>

namespace jobrun::simulator {

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_percent(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

void append_form_value(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == ' ') {
      out += '+';
    } else if (is_unreserved(c)) {
      out += c;
    } else {
      append_percent(out, c);
    }
  }
}

}  // namespace

std::string_view value_of(const Parameters& parameters, std::string_view name) {
  const auto it = std::ranges::find(parameters, name, [](const auto& row) { return std::string_view{row.first}; });
  return it == parameters.end() ? std::string_view{} : std::string_view{it->second};
}

bool has(const Parameters& parameters, std::string_view name) {
  return std::ranges::any_of(parameters, [&](const auto& row) { return row.first == name; });
}

void set_value(Parameters& parameters, std::string_view name, std::string value) {
  for (auto& row : parameters) {
    if (row.first == name) {
      row.second = std::move(value);
      return;
    }
  }
  parameters.emplace_back(name, std::move(value));
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      append_percent(out, c);
    }
  }
  return out;
}

std::string form_encoded(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    append_form_value(out, name);
    out += '=';
    append_form_value(out, value);
  }
  return out;
}

}  // namespace jobrun::simulator
