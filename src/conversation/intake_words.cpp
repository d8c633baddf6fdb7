#include "intake_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"

namespace jobrun::conversation {
namespace {

struct Picture {
  std::u32string_view pictures;
  std::string_view name;
};

constexpr std::array pictures = {
    Picture{U"\U0001F4A7\U0001F4A6\u2614\U0001F327", "<water>"},
    Picture{U"\U0001F30A", "<flood>"},
    Picture{U"\U0001F443", "<nose>"},
    Picture{U"\u26FD", "<pump>"},
    Picture{U"\U0001F525", "<fire>"},
    Picture{U"\u26A1", "<bolt>"},
    Picture{U"\U0001F50C\U0001F4A1", "<plug>"},
    Picture{U"\U0001F6A8\U0001F198\u203C\u2757\u26A0\U0001F631", "<alarm>"},
    Picture{U"\U0001F6BD\U0001F4A9", "<toilet>"},
    Picture{U"\U0001F6BF\U0001F6C1", "<shower>"},
    Picture{U"\U0001F511\U0001F510\U0001F512\U0001F5DD", "<key>"},
    Picture{U"\U0001F400\U0001F401\U0001F42D", "<rat>"},
    Picture{U"\U0001FAB3\U0001F41C\U0001F577\U0001F41D", "<insect>"},
    Picture{U"\U0001F44D\U0001F44C\U0001F64F\U0001F64C\u2764\U0001F60A\U0001F970\U0001F389\u2705", "<thanks>"},
    Picture{U"\U0001F976\u2744\u26C4\U0001F9CA", "<freezing>"},
    Picture{U"\U0001F476\U0001F37C", "<baby>"},
    Picture{U"\U0001F475\U0001F474\u267F\U0001F930\U0001F9D3", "<frail>"},
    Picture{U"\U0001F922\U0001F92E\U0001F635\U0001F912\U0001F637\u2620\U0001F480", "<ill>"},
    Picture{U"\U0001F4A8", "<cloud>"},
    Picture{U"\U0001F697\U0001F699\U0001F690", "<car>"},
    Picture{U"\U0001F333\U0001F332", "<tree>"},
    Picture{U"\U0001FA9F", "<window>"},
    Picture{U"\U0001F6AA", "<door>"},
    Picture{U"\U0001F4DE\u260E\U0001F4F1\U0001F919", "<phone>"},
};

std::string_view name_of_picture(char32_t c) {
  constexpr char32_t first_picture = 0x2000;
  if (c < first_picture) return {};
  for (const Picture& row : pictures) {
    if (row.pictures.find(c) != std::u32string_view::npos) return row.name;
  }
  return {};
}

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_apostrophe(char32_t c) {
  return c == '\'' || c == U'\u2019' || c == U'\u2018' || c == U'`' || c == U'\u00B4';
}

/// Letters and digits of any script; not what merely stands between words.
bool is_of_a_word(char32_t c) {
  if (c < 0x80) return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c < 0xC0) return false;
  const bool is_sign = c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
                       (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) || c >= 0xFFF0;
  return !is_sign;
}

struct Folding {
  std::u32string_view letters;
  std::string_view folded;
};

// What GSM-7 has itself, so that its table of look-alikes does not say it, and what that leaves out.
constexpr std::array foldings = {Folding{U"àåÅäÄ", "a"}, Folding{U"èéÉ", "e"},  Folding{U"ìÌ", "i"},
                                 Folding{U"òöøÖØ", "o"}, Folding{U"ùüÜ", "u"},  Folding{U"ñÑ", "n"},
                                 Folding{U"Çç", "c"},    Folding{U"ß", "ss"},   Folding{U"æÆ", "ae"},
                                 Folding{U"œŒ", "oe"},   Folding{U"țţȚŢ", "t"}, Folding{U"șşȘŞ", "s"}};

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

void append_folded(std::string& folded, char32_t c, std::string_view bytes) {
  if (is_apostrophe(c)) return;
  if (c < 0x80) {
    folded += lower(static_cast<char>(c));
    return;
  }
  for (const Folding& row : foldings) {
    if (row.letters.find(c) != std::u32string_view::npos) {
      folded += row.folded;
      return;
    }
  }
  const std::string_view instead = gsm7_instead_of(c);
  if (instead.empty()) {
    folded += bytes;
  } else {
    folded += lower(instead.front());
  }
}

/// `l'eau` are two words, as `can't` is one.
bool is_elided(std::string_view before) {
  constexpr std::array<std::string_view, 18> articles = {"l",    "d",  "j",   "n",    "c",     "qu",
                                                         "m",    "s",  "t",   "dell", "nell",  "dall",
                                                         "sull", "un", "all", "coll", "quest", "c"};
  return is_one_of(before, articles);
}

Break break_of(char32_t c) {
  if (c == '\n' || c == '\r') return Break::line;
  if (c == '.' || c == '!' || c == '?') return Break::sentence;
  if (c == '/') return Break::slash;
  const bool is_comma =
      c == ',' || c == ';' || c == ':' || c == '(' || c == ')' || c == U'\u2014' || c == U'\u2013';
  return is_comma ? Break::comma : Break::none;
}

/// Goes through a text once and puts down its words.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Word> split() {
    while (at_ < text_.size()) {
      const CodePoint point = first_code_point(text_.substr(at_));
      take(point);
      at_ += point.size;
    }
    end_word();
    return std::move(words_);
  }

 private:
  void take(const CodePoint& point) {
    if (!point.is_valid) {
      end_word();
      return;
    }
    const char32_t c = point.value;
    const std::string_view picture = name_of_picture(c);
    if (!picture.empty()) {
      end_word();
      add_picture(picture, point.size);
    } else if (is_of_a_word(c) && c < 0x1F000) {
      add_letter(c, point.size);
    } else if (!is_within_word(c)) {
      end_word();
      add_break(c);
    }
    last_ = c;
  }

  void add_letter(char32_t c, std::size_t size) {
    if (word_.folded.empty()) {
      word_.begin = at_;
      word_.is_capital = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) || c == U'Ł' || c == U'Ś' || c == U'Ż';
      word_.is_negative = is_digit(c) && (last_ == '-' || last_ == U'\u2212');
    }
    has_small_ = has_small_ || (c >= 'a' && c <= 'z');
    append_folded(word_.folded, c, text_.substr(at_, size));
    word_.end = at_ + size;
  }

  /// An apostrophe within a word, or the point or colon of a time.
  bool is_within_word(char32_t c) {
    if (word_.folded.empty()) return false;
    const std::string_view rest = text_.substr(at_ + (c < 0x80 ? 1 : c < 0x800 ? 2 : 3));
    if (rest.empty()) return false;
    const char32_t next = first_code_point(rest).value;
    if (is_apostrophe(c)) return is_of_a_word(next) && !is_elided(word_.folded);
    const bool is_point = c == '.' || c == ':';
    if (!is_point || !is_digit(next) || !is_digit(static_cast<unsigned char>(word_.folded.back()))) return false;
    word_.folded += static_cast<char>(c);
    return true;
  }

  void add_picture(std::string_view name, std::size_t size) {
    word_.begin = at_;
    word_.end = at_ + size;
    word_.folded = name;
    has_small_ = true;
    end_word();
  }

  void end_word() {
    if (!word_.folded.empty()) {
      word_.is_shouted = word_.is_capital && !has_small_ && word_.folded.size() > 1;
      word_.key = word_.folded;
      words_.push_back(std::move(word_));
    }
    word_ = Word{};
    has_small_ = false;
  }

  void add_break(char32_t c) {
    if (words_.empty()) return;
    words_.back().after = std::max(words_.back().after, break_of(c));
    words_.back().is_question = words_.back().is_question || c == '?';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Word> words_;
  Word word_{};
  bool has_small_ = false;
  char32_t last_ = 0;
};

/// Edits between two words, counting a swap of neighbours as one; at most `most` + 1.
int edits_between(std::string_view a, std::string_view b, int most) {
  constexpr std::size_t letters_max = 24;
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

std::vector<Word> split_words(std::string_view text) {
  constexpr std::size_t bytes_per_character_max = 4;
  return Splitter(utf8_prefix(text, text_characters_max * bytes_per_character_max)).split();
}

std::string fold(std::string_view word) {
  std::string folded;
  while (!word.empty()) {
    const CodePoint point = first_code_point(word);
    append_folded(folded, point.value, word.substr(0, point.size));
    word.remove_prefix(point.size);
  }
  return folded;
}

bool is_close(std::string_view typed, std::string_view word) {
  if (typed == word) return true;
  if (word.size() < 4 || typed.size() < 4 || typed.front() != word.front()) return false;
  const std::size_t difference =
      typed.size() > word.size() ? typed.size() - word.size() : word.size() - typed.size();
  const int most = word.size() >= 8 ? 2 : 1;
  if (difference > static_cast<std::size_t>(most)) return false;
  // In four letters nearly every word is one letter from another: only a swap.
  if (word.size() == 4)
    return typed.size() == 4 && edits_between(typed, word, 1) == 1 && std::ranges::is_permutation(typed, word);
  return edits_between(typed, word, most) <= most;
}

bool is_number(std::string_view word) {
  if (word.empty() || word.front() < '0' || word.front() > '9') return false;
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  return digits == word.size() || (digits + 1 == word.size() && word.back() >= 'a' && word.back() <= 'h');
}

int number_in(std::string_view word) {
  constexpr std::size_t digits_max = 6;
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_whole = error == std::errc{} && end == word.data() + word.size() && word.size() <= digits_max;
  return is_whole ? number : 0;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace jobrun::conversation
