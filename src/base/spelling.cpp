#include "base/spelling.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text_encoding.hpp"

namespace jobrun {
namespace {

struct Folding {
  std::u32string_view letters;
  std::string_view plain;
};

// What GSM-7 has itself, so that its table of look-alikes does not say it, and what that leaves out.
constexpr std::array foldings = {Folding{U"àåÅäÄ", "a"}, Folding{U"èéÉ", "e"},  Folding{U"ìÌ", "i"},
                                 Folding{U"òöøÖØ", "o"}, Folding{U"ùüÜ", "u"},  Folding{U"ñÑ", "n"},
                                 Folding{U"Çç", "c"},    Folding{U"ß", "ss"},   Folding{U"æÆ", "ae"},
                                 Folding{U"œŒ", "oe"},   Folding{U"țţȚŢ", "t"}, Folding{U"șşȘŞ", "s"}};

/// Edits between two words, counting a swap of neighbours as one; at most `most` + 1.
int edits_between(std::string_view a, std::string_view b, int most) {
  constexpr std::size_t letters_max = 32;
  if (a.size() > letters_max || b.size() > letters_max) return most + 1;
  std::array<std::array<int, letters_max + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& last = rows[(i + 2) % 3];
    const auto& last_but_one = rows[(i + 1) % 3];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], last_but_one[j - 2] + 1);
    }
  }
  return std::min(rows[a.size() % 3][b.size()], most + 1);
}

}  // namespace

std::string plain_letters(char32_t character) {
  const auto lower = [](char letter) {
    return std::string(1, letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
  };
  if (character < 0x80) return lower(static_cast<char>(character));
  for (const Folding& row : foldings) {
    if (row.letters.find(character) != std::u32string_view::npos) return std::string(row.plain);
  }
  const std::string_view instead = gsm7_instead_of(character);
  return instead.empty() ? std::string() : lower(instead.front());
}

bool is_close(std::string_view typed, std::string_view word) {
  constexpr std::size_t short_word = 4;
  constexpr std::size_t long_word = 8;
  if (typed == word) return true;
  if (word.size() < short_word || typed.size() < short_word || typed.front() != word.front()) return false;
  const std::size_t difference =
      typed.size() > word.size() ? typed.size() - word.size() : word.size() - typed.size();
  const int most = word.size() >= long_word ? 2 : 1;
  if (difference > static_cast<std::size_t>(most)) return false;
  // In four letters nearly every word is one letter from another: only a swap.
  if (word.size() == short_word) {
    return difference == 0 && edits_between(typed, word, 1) == 1 && std::ranges::is_permutation(typed, word);
  }
  return edits_between(typed, word, most) <= most;
}

}  // namespace jobrun
