// What the files of the catalogue share: one language each, and how a phrase's words are filled in.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/catalogue.hpp"

namespace jobrun {

struct Line {
  Phrase phrase{};
  std::string_view words;
};

/// Every phrase of a language, in the order of the enumeration.
using Lines = std::array<Line, NamesOf<Phrase>::rows.size()>;

/// For a static_assert: no phrase is missing or at another's place.
consteval bool is_whole(const Lines& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].phrase != NamesOf<Phrase>::rows[at].value || lines[at].words.empty()) return false;
  }
  return true;
}

struct Language {
  const Lines& lines;
  std::string_view opt_out_line;
  /// text_emergency_advice away from home; `{number}` is the country's emergency number.
  std::string_view advice_elsewhere;
  std::string_view sample_job;  ///< for previews
};

const Language& american();
const Language& british();
const Language& spanish();
const Language& polish();
const Language& french();

const Language& language_of(Locale locale);

/// The start of a template: words as they are, or a placeholder. A brace that begins none is words.
struct TemplatePart {
  std::string_view words;
  std::optional<Placeholder> placeholder{};
};

/// Takes it off. Precondition: `left` is not empty.
TemplatePart take_part(std::string_view& left);

/// The template with its words filled in, as render() promises.
std::string fill_in(std::string_view words_template, const PhraseWords& words, Locale locale);

/// The phrase that can be said with these words: without a job or a time, the one that does without.
Phrase phrase_with(const PhraseWords& words, Phrase phrase);

}  // namespace jobrun
