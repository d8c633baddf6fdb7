#include "plain_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/spelling.hpp"
#include "base/text_encoding.hpp"
#include "base/utf8.hpp"

namespace jobrun::conversation {
namespace {

/// Control characters, marks of direction and width, arrows, signs, emoji and what joins them, bytes that are no
/// UTF-8. Letters stand elsewhere.
bool is_sign(char32_t character) {
  constexpr std::array<std::pair<char32_t, char32_t>, 7> signs = {{{0x00, 0x1F},
                                                                   {0x7F, 0x9F},
                                                                   {0x2000, 0x2BFF},
                                                                   {0xE000, 0xF8FF},
                                                                   {0xFE00, 0xFE0F},
                                                                   {0xFEFF, 0xFFFF},
                                                                   {0x1F000, 0x10FFFF}}};
  return std::ranges::any_of(
      signs, [character](auto span) { return character >= span.first && character <= span.second; });
}

bool is_space(char32_t character) {
  return character == U' ' || character == U'\t' || character == U'\n' || character == U'\r' || character == U'\f';
}

void append_space(std::string& text) {
  if (!text.empty() && text.back() != ' ') text += ' ';
}

}  // namespace

std::string plain_line(std::string_view words, OtherLetters others) {
  std::string line;
  while (!words.empty()) {
    const std::string_view from = words;
    const char32_t character = take_code_point(words);
    const std::string_view instead = gsm7_instead_of(character);
    if (is_space(character) || instead == " ") {
      append_space(line);
    } else if (!instead.empty()) {
      line += instead;
    } else if (is_gsm7(character) || (others == OtherLetters::kept && !is_sign(character))) {
      line += from.substr(0, from.size() - words.size());
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string shortened(const std::string& line, std::size_t units_max) {
  if (measure_text(line).units <= units_max) return line;
  constexpr std::string_view dots = "...";
  std::string_view kept = utf8_prefix(line, std::min(line.size(), 4 * units_max));
  const auto fits = [&] { return measure_text(kept).units + dots.size() <= units_max; };
  while (!kept.empty() && !fits()) kept = utf8_prefix(kept, kept.size() - 1);
  const std::size_t space = kept.rfind(' ');
  constexpr std::size_t near = 12;
  if (space != std::string_view::npos && space + near > kept.size() && space > 0) kept = kept.substr(0, space);
  return std::string(kept) + std::string(dots);
}

std::string folded_line(std::string_view words) {
  std::string line;
  while (!words.empty()) {
    const std::string plain = plain_letters(take_code_point(words));
    for (const char c : plain.empty() ? std::string(1, ' ') : plain) {
      if (c == '\'' || c == '`') continue;
      if (c <= ' ' || c == 0x7F) {
        append_space(line);
      } else {
        line += c;
      }
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::vector<std::string> split_words(std::string_view folded) {
  std::vector<std::string> words;
  bool is_inside = false;
  for (const char c : folded) {
    const bool is_part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+';
    if (is_part && !is_inside) words.emplace_back();
    if (is_part) words.back() += c;
    is_inside = is_part;
  }
  return words;
}

std::string described(const Intake& job, OtherLetters others) {
  std::string words = plain_line(job.job, others);
  constexpr std::size_t telling_size = 3;  // what is left of another script's words says nothing
  if (words.size() >= telling_size) return words;
  if (job.topic && *job.topic != Topic::other) {
    std::string topic(name_of(*job.topic));
    std::ranges::replace(topic, '_', ' ');
    return topic;
  }
  switch (job.intent) {
    case Intent::call_me:
      return "wants a call";
    case Intent::question:
      return "a question";
    case Intent::job:
    case Intent::thanks:
    case Intent::wrong_number:
    case Intent::cancel:
    case Intent::chat:
      break;
  }
  return words;
}

}  // namespace jobrun::conversation
