#include "quoted.hpp"

#include "base/utf8.hpp"

namespace jobrun::texting {

std::string quoted(const InboundText& text) {
  constexpr std::size_t bytes_max = 160;
  if (text.body.empty()) return text.media.empty() ? "(no words)" : "(no words, but a picture or the like)";
  std::string words(utf8_prefix(text.body, bytes_max));
  const bool is_cut = words.size() < text.body.size();
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return "\"" + words + (is_cut ? "..." : "") + "\"";
}

}  // namespace jobrun::texting
