#include "texting/opt_out.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.hpp"

namespace jobrun::texting {
namespace {

struct Word {
  std::string_view word;
  Choice choice;
};

/// `STOP ALL`, `OPT-OUT` and the like are the same word in two parts.
constexpr std::array words = {
    Word{"STOP", Choice::out},        Word{"STOPALL", Choice::out}, Word{"STOP ALL", Choice::out},
    Word{"UNSUBSCRIBE", Choice::out}, Word{"CANCEL", Choice::out},  Word{"END", Choice::out},
    Word{"QUIT", Choice::out},        Word{"REVOKE", Choice::out},  Word{"OPTOUT", Choice::out},
    Word{"OPT OUT", Choice::out},     Word{"OPT-OUT", Choice::out}, Word{"START", Choice::in},
    Word{"UNSTOP", Choice::in},       Word{"YES", Choice::yes}};

/// Everything but letters and digits, as far as phones put it around a word.
bool is_decoration(char32_t c) {
  if (c < 0x80) return !((c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'));
  struct Range {
    char32_t first, last;
  };
  constexpr std::array<Range, 8> ranges = {{{0x80, 0xBF},          // no-break space, quotation marks, signs
                                            {0x2000, 0x206F},      // dashes, quotation marks, joiners, directions
                                            {0x2190, 0x2BFF},      // arrows, symbols, the older emoji
                                            {0x3000, 0x303F},      // East Asian punctuation
                                            {0xFE00, 0xFE0F},      // variation selectors
                                            {0xFEFF, 0xFEFF},      // byte order mark
                                            {0xFF01, 0xFF0F},      // full-width punctuation
                                            {0x1F000, 0x1FAFF}}};  // emoji
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// From the first letter or digit to the last, in capitals.
std::string core_of(std::string_view body) {
  while (!body.empty()) {
    std::string_view rest = body;
    if (!is_decoration(take_code_point(rest))) break;
    body = rest;
  }
  std::size_t end = 0;
  for (std::string_view rest = body; !rest.empty();) {
    const bool is_decorated = is_decoration(take_code_point(rest));
    if (!is_decorated) end = body.size() - rest.size();
  }
  std::string core(body.substr(0, end));
  for (char& c : core) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return core;
}

std::optional<Choice> choice_in(std::string_view body) {
  const std::string core = core_of(body);
  const auto found = std::ranges::find(words, core, &Word::word);
  return found == words.end() ? std::nullopt : std::optional(found->choice);
}

constexpr std::array help_words = {std::string_view("HELP"), std::string_view("INFO"), std::string_view("AYUDA"),
                                   std::string_view("AIDE"), std::string_view("POMOC")};

}  // namespace

bool asks_for_help(std::string_view body) {
  return std::ranges::find(help_words, core_of(body)) != help_words.end();
}

std::optional<Choice> choice_of(std::string_view body, std::optional<OptOutType> opt_out_type) {
  const std::optional<Choice> said = choice_in(body);
  if (said == Choice::out || opt_out_type == OptOutType::stop) return Choice::out;
  if (said) return said;
  return opt_out_type == OptOutType::start ? std::optional(Choice::in) : std::nullopt;
}

}  // namespace jobrun::texting
