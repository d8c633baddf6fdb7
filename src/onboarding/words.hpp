// An owner's text as words: what people's thumbs, keyboards and languages do to it is undone here, once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/spelling.hpp"

namespace jobrun::onboarding {

/// One word: as it was written, and as it is compared: lower case, without accents, apostrophes and hyphens.
struct Word {
  std::string shown;
  std::string folded;
};

/// Words between two commas, ends of sentences or lines.
using Piece = std::vector<Word>;

struct Text {
  std::vector<Piece> pieces;
  bool is_question = false;     ///< ends with a question mark
  bool has_only_marks = false;  ///< `???`: no word, and no picture either
  bool has_signs = false;       ///< has some of the signs that programs are written in, and names are not

  std::size_t size() const;
  /// All words, of all pieces.
  Piece words() const;
};

/// Reads a text into words; empty if it is no text: not UTF-8, or too long for anything that is asked here.
///
/// Emoji are left out; where nothing else is written, thumbs up and the like say `yes`, thumbs down `no`.
std::optional<Text> read_words(std::string_view body);

/// The same for two texts that differ in nothing but case, punctuation and emoji.
std::uint32_t fingerprint(std::string_view body);

/// For comparisons; UTF-8 in and out.
std::string fold(std::string_view words);

bool is_one_of(std::string_view word, std::span<const std::string_view> words);
bool is_close_to_one_of(std::string_view word, std::span<const std::string_view> words);

/// How many of these words the phrase takes that they begin with; 0: they begin otherwise.
std::size_t words_spelling(std::string_view phrase, std::span<const Word> words);

/// With single spaces between.
std::string joined(std::span<const Word> words);

/// With capitals at the beginning of words, where somebody wrote none at all.
std::string capitalised(std::string name);

}  // namespace jobrun::onboarding
