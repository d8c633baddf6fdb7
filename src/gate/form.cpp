// What arrives (redacted), one line, here broken after each parameter:
//
//   CallSid=CA0123456789abcdef0123456789abcdef&AccountSid=AC0123456789abcdef0123456789abcdef
//   &From=%2B1415555****&To=%2B14155550100&CallStatus=no-answer&ApiVersion=2010-04-01&Direction=inbound
//   &FromCity=SAN+FRANCISCO&FromState=CA&FromZip=94105&FromCountry=US&CallerName=&Duration=0
//   &CallDuration=0&Timestamp=Sat%2C+03+Jan+2026+10%3A15%3A30+%2B0000&CallbackSource=call-progress-events
//   &SequenceNumber=0
#include "gate/form.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace jobrun::gate {
namespace {

constexpr std::array<signed char, 256> hex_values = [] {
  std::array<signed char, 256> table{};
  table.fill(-1);
  signed char value = 0;
  for (std::size_t digit = '0'; digit <= '9'; ++digit) table[digit] = value++;
  for (std::size_t letter = 'a'; letter <= 'f'; ++letter) {
    table[letter] = value;
    table[letter - 'a' + 'A'] = value++;
  }
  return table;
}();

int hex_value(char c) {
  return hex_values[static_cast<unsigned char>(c)];
}

enum class Flaw { none, bad_escape, nul };

/// Decodes `[from, end)` to `to`, which is at or before `from`, and moves `to` behind what it wrote. Plain
/// pointers: through a std::string every byte written could change the string itself.
Flaw decode(const char* from, const char* end, char*& to) {
  char* out = to;
  while (from < end) {
    char c = *from++;
    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      if (end - from < 2) return Flaw::bad_escape;
      const int high = hex_value(from[0]);
      const int low = hex_value(from[1]);
      if (high < 0 || low < 0) return Flaw::bad_escape;
      c = static_cast<char>(high << 4 | low);
      from += 2;
    }
    if (c == '\0') return Flaw::nul;
    *out++ = c;
  }
  to = out;
  return Flaw::none;
}

std::string limit_message(const char* what, std::size_t limit, const char* unit) {
  return std::string(what) + " than " + std::to_string(limit) + " " + unit;
}

}  // namespace

Result<Form> Form::parse(std::string body) {
  if (body.size() > body_bytes_max) return invalid(limit_message("the form is larger", body_bytes_max, "bytes"));
  Form form;
  form.text_ = std::move(body);
  std::string& text = form.text_;
  constexpr std::size_t parameters_expected = 32;
  form.spans_.reserve(parameters_expected);
  char* const start = text.data();
  char* to = start;
  std::size_t at = 0;
  const std::size_t size = text.size();
  while (at < size) {
    const std::size_t end = std::min(text.find('&', at), size);
    if (end > at) {
      if (form.spans_.size() == parameters_max) {
        return invalid(limit_message("the form has more", parameters_max, "parameters"));
      }
      const std::size_t name_end = at + std::min(std::string_view(text).substr(at, end - at).find('='), end - at);
      const auto name_at = static_cast<std::size_t>(to - start);
      Flaw flaw = decode(start + at, start + name_end, to);
      const auto value_at = static_cast<std::size_t>(to - start);
      if (flaw == Flaw::none && name_end < end) flaw = decode(start + name_end + 1, start + end, to);
      const auto value_end = static_cast<std::size_t>(to - start);
      if (flaw == Flaw::bad_escape) return invalid("the form has a '%' without two hexadecimal digits behind it");
      if (flaw == Flaw::nul) return invalid("the form has a NUL character");
      if (value_at == name_at) return invalid("the form has a parameter without a name");
      if (value_at - name_at > name_bytes_max) {
        return invalid(limit_message("the form has a name longer", name_bytes_max, "bytes"));
      }
      if (value_end - value_at > value_bytes_max) {
        return invalid(limit_message("the form has a value longer", value_bytes_max, "bytes"));
      }
      form.spans_.push_back({static_cast<std::uint32_t>(name_at), static_cast<std::uint32_t>(value_at - name_at),
                             static_cast<std::uint32_t>(value_at),
                             static_cast<std::uint32_t>(value_end - value_at)});
    }
    at = end + 1;
  }
  text.resize(static_cast<std::size_t>(to - start));
  form.is_ascii_ = jobrun::is_ascii(text);
  if (form.is_ascii_) return form;
  for (const Span& span : form.spans_) {
    const std::string_view all = text;
    if (!is_utf8(all.substr(span.name_at, span.name_size)) ||
        !is_utf8(all.substr(span.value_at, span.value_size))) {
      return invalid("the form has a name or value that is not UTF-8");
    }
  }
  return form;
}

std::optional<std::string_view> Form::find(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (const Parameter parameter = (*this)[i]; parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

std::size_t Form::count(std::string_view name) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < size(); ++i) count += (*this)[i].name == name ? 1 : 0;
  return count;
}

}  // namespace jobrun::gate
