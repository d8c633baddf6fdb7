#include "base/ids.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace jobrun {
namespace {

bool is_short_id(std::string_view text) {
  constexpr std::size_t length_min = 2;
  constexpr std::size_t length_max = 64;
  return text.size() >= length_min && text.size() <= length_max && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_';
         });
}

}  // namespace

Result<CallSid> CallSid::parse(std::string_view text) {
  if (!is_short_id(text)) return invalid("CallSid must be 2 to 64 letters, digits, '-' or '_'");
  return CallSid{std::string(text)};
}

Result<TextId> TextId::parse(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  const auto not_one = [] { return invalid("must be a text's id: its cause, a dot and a purpose"); };
  if (dot == std::string_view::npos) return not_one();
  const std::string_view cause = text.substr(0, dot);
  const std::optional<Purpose> purpose = parse_name<Purpose>(text.substr(dot + 1));
  if (!is_short_id(cause) || !purpose) return not_one();
  return TextId{std::string(cause), *purpose};
}

}  // namespace jobrun
