#include "base/mail_address.hpp"

#include <algorithm>

namespace jobrun {
namespace {

constexpr std::size_t address_characters_max = 254;
constexpr std::string_view not_in_addresses = "\"(),:;<>[\\]";

bool is_plain_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > address_characters_max || at == 0 || at == text.npos || at + 1 == text.size()) return false;
  const std::string_view domain = text.substr(at + 1);
  const auto is_of_address = [](char c) { return c > 0x20 && c < 0x7F && !not_in_addresses.contains(c); };
  const auto is_of_domain = [](char c) { return is_plain_letter_or_digit(c) || c == '-' || c == '.'; };
  return std::ranges::all_of(text.substr(0, at), is_of_address) && std::ranges::all_of(domain, is_of_domain);
}

}  // namespace jobrun
