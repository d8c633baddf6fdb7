#include "names.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "onboarding/state.hpp"

namespace jobrun::onboarding {
namespace {

std::size_t bytes_max(NameOf what) {
  switch (what) {
    case NameOf::business:
      return business_name_bytes_max;
    case NameOf::person:
      return owner_name_bytes_max;
    case NameOf::work:
      return business_type_bytes_max;
    case NameOf::place:
      return place_bytes_max;
  }
  return 0;
}

/// Letters of any alphabet, digits, and the few signs that names have.
bool is_name_character(char32_t c) {
  if (c >= 0xC0) return c != 0xD7 && c != 0xF7 && (c < 0x2000 || c > 0x2BFF) && (c < 0xE000 || c > 0xF8FF);
  const bool is_letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
  return is_letter || std::u32string_view(U" &'.,-+!/").find(c) != std::u32string_view::npos;
}

}  // namespace

bool is_link(std::string_view word) {
  constexpr std::string_view ends[] = {".com",  ".net", ".org", ".io", ".co", ".uk", ".biz",
                                       ".info", ".xyz", ".ru",  ".me", ".ly", ".top"};
  if (word.find("://") != std::string_view::npos || word.starts_with("www.") || word.starts_with("http"))
    return true;
  const std::string_view host = word.substr(0, word.find('/'));
  return std::ranges::any_of(
      ends, [host](std::string_view end) { return host.size() > end.size() && host.ends_with(end); });
}

std::optional<Refusal> refusal_of(std::string_view name, NameOf what) {
  constexpr std::size_t characters_max = 80;
  std::size_t characters = 0;
  bool has_letter = false;
  for (std::string_view rest = name; !rest.empty(); ++characters) {
    const char32_t c = take_code_point(rest);
    if (!is_name_character(c)) return Refusal::signs;
    has_letter = has_letter || c >= 0xC0 || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
  }
  if (name.size() > bytes_max(what) || characters > characters_max) return Refusal::too_long;
  return has_letter ? std::nullopt : std::optional(Refusal::signs);
}

bool is_email(std::string_view word) {
  const std::size_t at = word.find('@');
  if (word.size() > email_bytes_max || at == 0 || at == std::string_view::npos || at > 64) return false;
  const auto is_plain = [](std::string_view part, std::string_view signs) {
    return std::ranges::all_of(part, [signs](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             signs.find(c) != std::string_view::npos;
    });
  };
  const std::string_view local = word.substr(0, at);
  const std::string_view host = word.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || host.size() - dot < 3 || host.front() == '.' || host.front() == '-')
    return false;
  if (word.find("..") != std::string_view::npos || local.front() == '.' || local.back() == '.') return false;
  return is_plain(local, "._%+-") && is_plain(host, ".-") && is_plain(host.substr(dot + 1), "");
}

}  // namespace jobrun::onboarding
