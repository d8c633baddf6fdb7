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

void append_folded(std::string& folded, char32_t c, std::string_view bytes) {
  if (is_apostrophe(c)) return;
  const std::string plain = plain_letters(c);
  folded += plain.empty() ? bytes : std::string_view(plain);
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
