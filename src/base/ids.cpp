#include "base/ids.hpp"

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

}  // namespace jobrun
