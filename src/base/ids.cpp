#include "base/ids.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace jobrun {

Result<CallSid> CallSid::parse(std::string_view text) {
  constexpr std::size_t length_min = 2;
  constexpr std::size_t length_max = 64;
  const bool well_formed =
      text.size() >= length_min && text.size() <= length_max && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
      });
  if (!well_formed) return invalid("CallSid must be 2 to 64 letters, digits, '-' or '_'");
  return CallSid{std::string(text)};
}

Result<TextId> TextId::parse(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  const auto not_one = [] { return invalid("must be a text's id: a CallSid, a dot and a purpose"); };
  if (dot == std::string_view::npos) return not_one();
  Result<CallSid> call_sid = CallSid::parse(text.substr(0, dot));
  const std::optional<Purpose> purpose = parse_name<Purpose>(text.substr(dot + 1));
  if (!call_sid || !purpose) return not_one();
  return TextId{call_sid->text(), *purpose};
}

}  // namespace jobrun
