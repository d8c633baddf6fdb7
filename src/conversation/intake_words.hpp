// A customer's text as words: what thumbs, keyboards, languages and fright do to it is undone here, once.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/spelling.hpp"

namespace jobrun::conversation {

/// What stands behind a word. In the order of how much it divides.
enum class Break { none, slash, comma, sentence, line };

/// One word, number or picture of a text.
struct Word {
  std::size_t begin = 0;  ///< bytes of the text, [begin, end)
  std::size_t end = 0;
  std::string
      folded;  ///< lower case, without accents and apostrophes; a picture that is known has a name in brackets
  std::string key;  ///< as the vocabulary spells it: the same unless it was misspelt
  Break after = Break::none;
  bool is_question = false;  ///< a question mark stands behind it
  bool is_capital = false;   ///< begins with a capital letter
  bool is_shouted = false;   ///< two letters or more, all of them capital
  bool is_negative = false;  ///< a number with a minus sign
};

/// The words of a text that is not longer than a text can be; what is no UTF-8, and pictures that mean nothing
/// here, part words and are passed over. Names in Latin letters are compared without accents; others as they are.
std::vector<Word> split_words(std::string_view text);

/// For comparisons: lower case, without accents and apostrophes.
std::string fold(std::string_view word);

/// True for digits only, or the number of a house: `15a`.
bool is_number(std::string_view word);

/// A number of at most six digits; 0 for anything else.
int number_in(std::string_view word);

bool is_one_of(std::string_view word, std::span<const std::string_view> words);

}  // namespace jobrun::conversation
