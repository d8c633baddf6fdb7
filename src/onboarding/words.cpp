#include "words.hpp"

#include <algorithm>
#include <array>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"

namespace jobrun::onboarding {
namespace {

/// More than four segments; nobody's name, trade and town together take that much.
constexpr std::size_t bytes_max = 640;

constexpr std::u32string_view thumbs_up = U"\U0001F44D\U0001F44C\u2705\u2714\u2611\U0001F197\U0001F64C\U0001F4AF";
constexpr std::u32string_view thumbs_down = U"\U0001F44E\u274C\u2716\U0001F6AB";

/// Pictures, and the invisible signs that hold them together.
bool is_picture(char32_t c) {
  return (c >= 0x2190 && c <= 0x2BFF) || (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0xE0000 && c <= 0xE007F) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || c == 0xFFFD || c == 0x20E3;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/// The plain sign for a curly one; empty for letters, which stay as they are.
std::string_view plain_sign(char32_t c) {
  const std::string_view instead = c == U'`' || !is_gsm7(c) ? gsm7_instead_of(c) : std::string_view{};
  if (instead.empty()) return {};
  const char first = instead.front();
  const bool is_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '(';
  return is_letter ? std::string_view{} : instead;
}

/// Without pictures and control characters, with plain quotation marks; line ends stay.
std::string cleaned(std::string_view body) {
  std::string text;
  bool says_yes = false;
  bool says_no = false;
  while (!body.empty()) {
    const std::string_view before = body;
    const char32_t c = take_code_point(body);
    says_yes = says_yes || thumbs_up.find(c) != std::u32string_view::npos;
    says_no = says_no || thumbs_down.find(c) != std::u32string_view::npos;
    if (c == U'\n' || c == U'\r') {
      text += '\n';
    } else if (is_control(c) || is_picture(c)) {
      text += ' ';
    } else if (const std::string_view instead = plain_sign(c); !instead.empty()) {
      text += instead;
    } else {
      text += before.substr(0, before.size() - body.size());
    }
  }
  const bool is_empty = text.find_first_not_of(" \n") == std::string::npos;
  if (is_empty && says_yes != says_no) return says_yes ? "yes" : "no";
  return text;
}

/// Around a word, not of it.
bool is_bracket(char c) {
  return std::string_view("\"'.,;:!?()[]{}<>*_~|=-").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view word) {
  while (!word.empty() && is_bracket(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_bracket(word.back())) word.remove_suffix(1);
  return word;
}

/// Whether a piece ends after this word: at a comma, or where a sentence does, which an abbreviation does not.
bool ends_piece(std::string_view word) {
  if (word == "-" || word == "/") return true;
  const char last = word.back();
  if (last == ',' || last == '!' || last == '?' || last == ':') return true;
  return last == '.' && word.size() > 3;
}

void append_folded(std::string& folded, char32_t c, std::string_view bytes) {
  if (c == U'\'' || c == U'-') return;
  const std::string plain = plain_letters(c);
  folded += plain.empty() ? bytes : std::string_view(plain);
}

}  // namespace

std::size_t Text::size() const {
  std::size_t count = 0;
  for (const Piece& piece : pieces) count += piece.size();
  return count;
}

Piece Text::words() const {
  Piece all;
  for (const Piece& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

std::string fold(std::string_view words) {
  std::string folded;
  while (!words.empty()) {
    const std::string_view before = words;
    const char32_t c = take_code_point(words);
    append_folded(folded, c, before.substr(0, before.size() - words.size()));
  }
  return folded;
}

std::optional<Text> read_words(std::string_view body) {
  if (body.size() > bytes_max || !is_utf8(body)) return std::nullopt;
  const std::string clean = cleaned(body);
  Text text;
  text.has_signs = clean.find_first_of("<>{}[]\\;^|~$") != std::string::npos;
  Piece piece;
  const auto end_piece = [&] {
    if (!piece.empty()) text.pieces.push_back(std::move(piece));
    piece.clear();
  };
  std::size_t at = 0;
  while (at < clean.size()) {
    if (clean[at] == '\n') end_piece();
    if (clean[at] == ' ' || clean[at] == '\n') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(clean.find_first_of(" \n", at), clean.size());
    const std::string_view word = std::string_view(clean).substr(at, end - at);
    const std::string_view core = trimmed(word);
    if (!core.empty()) piece.push_back({std::string(core), fold(core)});
    if (ends_piece(word)) end_piece();
    text.is_question = word.back() == '?';
    at = end;
  }
  end_piece();
  text.has_only_marks = text.pieces.empty() && clean.find_first_not_of(" \n") != std::string::npos;
  return text;
}

std::uint32_t fingerprint(std::string_view body) {
  std::uint32_t hash = 2166136261U;
  const auto add = [&hash](std::string_view bytes) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  };
  const std::optional<Text> text = read_words(body);
  if (!text || text->pieces.empty()) {
    add(body);
    return hash;
  }
  for (const Word& word : text->words()) {
    add(word.folded);
    add(" ");
  }
  return hash;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_close_to_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [word](std::string_view other) { return is_close(word, other); });
}

std::size_t words_spelling(std::string_view phrase, std::span<const Word> words) {
  std::size_t count = 0;
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    if (count == words.size() || words[count].folded != phrase.substr(0, end)) return 0;
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
    ++count;
  }
  return count;
}

std::string joined(std::span<const Word> words) {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += ' ';
    text += word.shown;
  }
  return text;
}

std::string capitalised(std::string name) {
  const bool has_capital = std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (has_capital) return name;
  bool is_first = true;
  for (char& c : name) {
    if (is_first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    is_first = c == ' ';
  }
  return name;
}

}  // namespace jobrun::onboarding
