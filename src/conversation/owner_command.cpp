// Reads an owner's text. What is not certainly a command is words for a customer, and what can be neither is help.
#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "base/utf8.hpp"
#include "conversation/owner.hpp"
#include "plain_words.hpp"

namespace jobrun::conversation {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t named_digits_min = 3;
constexpr std::size_t phone_digits_min = 7;
constexpr std::size_t phone_digits_max = 15;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  return digits;
}

bool is_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  return !word.empty() && std::ranges::all_of(word, is_digit);
}

/// Digits as people group them: `+44 (0) 7700-900.123`.
bool is_phone_writing(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || std::string_view("+ ()-./").contains(c); });
}

std::string_view trimmed_line(std::string_view text) {
  return trimmed(text, " \t\r\n");
}

/// The same word, or one mistake away: a letter too many, missing, wrong, or two in the wrong order. The first
/// letter must be right. Stricter than is_close() of base with long words, more lenient with short ones: commands
/// are few, and short.
bool is_one_mistake_away(std::string_view typed, std::string_view word) {
  if (typed == word) return true;
  if (typed.empty() || typed.front() != word.front()) return false;
  const std::size_t same = static_cast<std::size_t>(std::ranges::mismatch(typed, word).in1 - typed.begin());
  const std::string_view typed_rest = typed.substr(same);
  const std::string_view word_rest = word.substr(same);
  if (typed.size() == word.size() + 1) return typed_rest.substr(1) == word_rest;
  if (word.size() == typed.size() + 1) return typed_rest == word_rest.substr(1);
  if (typed.size() != word.size()) return false;
  if (typed_rest.substr(1) == word_rest.substr(1)) return true;
  return typed_rest.size() >= 2 && typed_rest[0] == word_rest[1] && typed_rest[1] == word_rest[0] &&
         typed_rest.substr(2) == word_rest.substr(2);
}

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// One of the words, all of them long enough to be known with a mistake in them.
bool is_close_to_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [word](std::string_view known) { return is_one_mistake_away(word, known); });
}

// --- accept and decline --------------------------------------------------------------------------

bool says_accept(std::string_view word) {
  return is_any(word, {"1", "y", "ye", "yes", "yess", "yea", "yeah", "yep", "yup"}) ||
         is_close_to_any(word, {"accept", "accepted"});
}

bool says_decline(std::string_view word) {
  return is_any(word, {"2", "n", "no", "noo", "nope", "nah"}) ||
         is_close_to_any(word, {"decline", "declined", "reject"});
}

bool says_nothing_more(std::string_view word) {
  return is_any(word, {"ok", "okay", "k", "it", "the", "job", "reply"});
}

/// Yes or no, perhaps with the digits of a customer, and nothing else.
std::optional<OwnerCommand> read_decision(const Words& words) {
  bool accepts = false;
  bool declines = false;
  std::string digits;
  bool are_digits_over = false;
  for (const std::string& word : words) {
    const bool is_key = word == "1" || word == "2";
    if (is_number(word) && (!is_key || (!digits.empty() && !are_digits_over))) {
      if (are_digits_over) return std::nullopt;
      digits += digits_of(word);
      continue;
    }
    are_digits_over = !digits.empty();
    if (says_accept(word)) {
      accepts = true;
    } else if (says_decline(word)) {
      declines = true;
    } else if (!says_nothing_more(word)) {
      return std::nullopt;
    }
  }
  if (!accepts && !declines) return std::nullopt;
  if (accepts && declines) return Help{};
  if (!digits.empty() && (digits.size() < named_digits_min || digits.size() > phone_digits_max))
    return std::nullopt;
  if (accepts) return Accept{.whom = {digits}};
  return Decline{.whom = {digits}};
}

/// The thumb alone, of any skin.
std::optional<OwnerCommand> read_thumb(std::string_view text) {
  bool is_up = false;
  bool is_down = false;
  while (!text.empty()) {
    const char32_t character = take_code_point(text);
    const bool is_skin = character >= 0x1F3FB && character <= 0x1F3FF;
    if (character == 0x1F44D) {
      is_up = true;
    } else if (character == 0x1F44E) {
      is_down = true;
    } else if (!is_skin && character != 0xFE0F && character != U' ') {
      return std::nullopt;
    }
  }
  if (is_up && !is_down) return Accept{};
  if (is_down && !is_up) return Decline{};
  return std::nullopt;
}

// --- words for a named customer ------------------------------------------------------------------

struct NamedWords {
  NamedCustomer whom;
  std::string_view words;
};

/// `@0123 words`, `@0123: words`
std::optional<NamedWords> read_at(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  text = trimmed_line(text.substr(1));
  std::size_t size = text.starts_with('+') ? 1 : 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string digits = digits_of(text.substr(0, size));
  if (digits.size() < named_digits_min || digits.size() > phone_digits_max) return std::nullopt;
  text.remove_prefix(size);
  if (!text.empty() && !std::string_view(" \t\r\n:,-.").contains(text.front())) return std::nullopt;
  const std::size_t from = text.find_first_not_of(" \t\r\n:,-.");
  return NamedWords{{digits},
                    from == std::string_view::npos ? std::string_view{} : trimmed_line(text.substr(from))};
}

/// `0123: words`, `to +44 7700 900123: words`
std::optional<NamedWords> read_colon(std::string_view text) {
  constexpr std::size_t start_size_max = 40;
  const std::size_t colon = text.substr(0, start_size_max).find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view name = trimmed_line(text.substr(0, colon));
  if (folded_line(name).starts_with("to ")) name = trimmed_line(name.substr(2));
  const std::string digits = digits_of(name);
  const bool is_name =
      is_phone_writing(name) && digits.size() >= named_digits_min && digits.size() <= phone_digits_max;
  if (!is_name) return std::nullopt;
  return NamedWords{{digits}, trimmed_line(text.substr(colon + 1))};
}

std::optional<OwnerCommand> read_named(std::string_view text) {
  std::optional<NamedWords> named = read_at(text);
  if (!named) named = read_colon(text);
  if (!named) return std::nullopt;
  const std::string words = folded_line(named->words);
  if (is_any(words, {"1", "accept"})) return Accept{.whom = named->whom};
  if (is_any(words, {"2", "decline"})) return Decline{.whom = named->whom};
  return Relay{.whom = named->whom, .words = std::string(named->words)};
}

// --- numbers of people who are no customers ------------------------------------------------------

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string_view line = trimmed_line(text.substr(0, end)); !line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_phone_line(std::string_view line) {
  const std::size_t size = digits_of(line).size();
  return is_phone_writing(line) && size >= phone_digits_min && size <= phone_digits_max;
}

/// `TEL;TYPE=CELL:+447700900123`, `item1.TEL;VALUE=uri:tel:+447700900123`
std::vector<std::string> phones_of_card(const std::vector<std::string_view>& lines) {
  std::vector<std::string> phones;
  for (const std::string_view line : lines) {
    if (phones.size() == contact_numbers_max) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name = folded_line(line.substr(0, colon));
    name = name.substr(0, name.find(';'));
    if (name != "tel" && !name.ends_with(".tel")) continue;
    std::string_view value = trimmed_line(line.substr(colon + 1));
    if (folded_line(value).starts_with("tel:")) value.remove_prefix(4);
    if (is_phone_line(value)) phones.emplace_back(value);
  }
  return phones;
}

bool is_card(const std::vector<std::string_view>& lines) {
  return !lines.empty() && folded_line(lines.front()).starts_with("begin:vcard");
}

/// A contact that a phone passed on: as a card, or as a name and below it a number.
std::optional<OwnerCommand> read_contact(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.empty()) return std::nullopt;
  if (is_card(lines)) return Skip{.numbers = phones_of_card(lines)};
  constexpr std::size_t name_words_max = 3;
  if (lines.size() != 2 || !is_phone_line(lines.back())) return std::nullopt;
  const std::string_view name = lines.front();
  const bool is_name = split_words(folded_line(name)).size() <= name_words_max && digits_of(name).empty() &&
                       name.find_first_of(".!?,:;") == std::string_view::npos;
  if (!is_name) return std::nullopt;
  return Skip{.numbers = {std::string(lines.back())}};
}

/// The number that stands behind SKIP or BLOCK, as written; nothing where the words are no number's, but a
/// sentence's.
std::optional<std::string> read_number_behind(std::string_view rest) {
  constexpr std::string_view phone_characters = "+0123456789";
  constexpr std::string_view digits = "0123456789";
  const std::size_t from = rest.find_first_of(phone_characters);
  const std::string_view before = rest.substr(0, from);
  constexpr std::size_t words_before_max = 1;  // `number`, `Mum`
  if (split_words(before).size() > words_before_max) return std::nullopt;
  if (from == std::string_view::npos) return std::string{};
  const std::size_t to = rest.find_last_of(digits);
  if (to == std::string_view::npos || to < from) return std::string{};
  const std::string_view number = rest.substr(from, to - from + 1);
  if (!is_phone_writing(number) || !split_words(rest.substr(to + 1)).empty()) return std::nullopt;
  return std::string(number);
}

std::optional<OwnerCommand> read_skip_or_block(std::string_view line, const Words& words) {
  const std::string& verb = words.front();
  const bool is_skip = verb == "skip" || is_close_to_any(verb, {"unskip"});
  const bool is_block = verb == "block" || is_close_to_any(verb, {"unblock"});
  if (!is_skip && !is_block) return std::nullopt;
  const std::size_t at = line.find(verb) + verb.size();
  std::optional<std::string> number = read_number_behind(line.substr(at));
  if (!number) return std::nullopt;
  const bool holds = verb == "skip" || verb == "block";
  if (is_skip && number->empty()) return Skip{.holds = holds};
  if (is_skip) return Skip{.numbers = {std::move(*number)}, .holds = holds};
  return Block{.number = std::move(*number), .holds = holds};
}

// --- whether he works ----------------------------------------------------------------------------

/// Takes off the first of the starts that the text has, with the blanks behind it.
bool take_start(std::string_view& text, std::initializer_list<std::string_view> starts) {
  for (const std::string_view start : starts) {
    if (!text.starts_with(start)) continue;
    const std::string_view rest = text.substr(start.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != ':') continue;
    const std::size_t from = rest.find_first_not_of(" :");
    text = from == std::string_view::npos ? std::string_view{} : rest.substr(from);
    return true;
  }
  return false;
}

void take_end(std::string_view& text, std::initializer_list<std::string_view> ends) {
  for (const std::string_view end : ends) {
    if (text.ends_with(end)) text.remove_suffix(end.size());
  }
}

std::optional<std::chrono::minutes> read_span(std::string_view text) {
  if (is_any(text, {"an hour", "a hour", "one hour"})) return std::chrono::hours{1};
  if (is_any(text, {"half an hour", "half hour", "1/2 hour"})) return std::chrono::minutes{30};
  constexpr std::size_t digits_max = 4;
  int number = 0;
  const char* const end = text.data() + std::min(text.size(), digits_max);
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || number <= 0) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  std::chrono::minutes span{0};
  if (is_any(unit, {"h", "hr", "hrs", "hour", "hours"})) span = std::chrono::hours{number};
  if (is_any(unit, {"m", "min", "mins", "minute", "minutes"})) span = std::chrono::minutes{number};
  if (span <= std::chrono::minutes{0} || span > std::chrono::days{1}) return std::nullopt;
  return span;
}

std::optional<OwnerCommand> read_time_or_span(std::string_view text) {
  take_end(text, {" please", " today", " oclock", " ish"});
  if (const auto span = read_span(text)) return Busy{.lasts = span};
  std::string written(text);
  if (text.ends_with(".m")) written += '.';  // the full stop of `p.m.` is not the sentence's
  const Result<TimeOfDay> time = parse_time_of_day(written);
  if (!time) return std::nullopt;
  constexpr int noon = minutes_of_day / 2;
  const bool is_either = text.front() >= '1' && text.front() <= '9' && !text.contains('m') &&
                         time->minutes >= 60 && time->minutes < noon;
  return Busy{.until = TimeOfDay{time->minutes % minutes_of_day}, .is_either_half = is_either};
}

std::optional<OwnerCommand> read_busy(std::string_view line) {
  const bool is_busy = take_start(line, {"busy"});
  if (!is_busy) {
    const bool is_back = take_start(line, {"back at", "back by", "back in", "back"});
    return is_back && !line.empty() ? read_time_or_span(line) : std::nullopt;
  }
  if (line.empty()) return Busy{};
  const bool has_until =
      take_start(line, {"until", "till", "til", "untill", "untl", "unti", "for", "to", "up to"});
  if (line.empty()) return Busy{};
  if (std::optional<OwnerCommand> busy = read_time_or_span(line)) return busy;
  constexpr std::size_t time_words_max = 3;
  if (has_until && split_words(line).size() <= time_words_max) return Help{};
  return std::nullopt;
}

/// Each of the words is `said`, or adds nothing to it; one at least is.
template <class Said>
bool says_only(const Words& words, Said said) {
  const auto adds_nothing = [](std::string_view word) {
    return is_any(word, {"please", "pls", "jobrun", "texts", "texting", "now", "all", "the", "my", "service"});
  };
  return std::ranges::any_of(words, said) &&
         std::ranges::all_of(words, [&](const std::string& word) { return said(word) || adds_nothing(word); });
}

std::optional<OwnerCommand> read_of_one_word(std::string_view line, const Words& words) {
  if (says_only(words, [](std::string_view word) { return is_close_to_any(word, {"pause", "paused"}); })) {
    return Pause{};
  }
  if (says_only(words, [](std::string_view word) { return is_close_to_any(word, {"resume", "unpause"}); }) ||
      is_any(line, {"back", "not busy", "un pause"})) {
    return Resume{};
  }
  if (says_only(words,
                [](std::string_view word) { return is_one_mistake_away(word, "status") || word == "stats"; }) ||
      is_any(line, {"jobs", "list", "open jobs", "list jobs", "my jobs"})) {
    return Status{};
  }
  if (is_any(line, {"help", "help me", "help please", "info", "commands", "menu"})) return Help{};
  return std::nullopt;
}

/// What phones send when somebody taps on a text: it quotes our words, which no customer may get.
bool is_reaction(std::string_view text) {
  const std::string line = plain_line(text, OtherLetters::left_out);
  constexpr std::array<std::string_view, 10> starts = {
      "Liked \"",      "Loved \"",      "Disliked \"", "Laughed at \"",       "Emphasized \"",
      "Emphasised \"", "Questioned \"", "to \"",       "Removed a like from", "Removed a heart from"};
  if (std::ranges::any_of(starts, [&](std::string_view start) { return line.starts_with(start); })) return true;
  const std::size_t to = line.find(" to \"");
  return line.starts_with("Reacted ") && to != std::string::npos;
}

/// One line, compared: without the marks that people end with.
std::string command_line_of(std::string_view text) {
  std::string line = folded_line(text);
  const std::size_t end = line.find_last_not_of(" .,!?;:-)\"");
  line.resize(end == std::string::npos ? 0 : end + 1);
  line.erase(0, std::min(line.find_first_not_of(" .(\"#*-"), line.size()));
  return line;
}

}  // namespace

std::vector<std::string> numbers_of_card(std::string_view card) {
  const std::vector<std::string_view> lines = lines_of(card);
  return is_card(lines) ? phones_of_card(lines) : std::vector<std::string>();
}

OwnerCommand read_owner_command(std::string_view words) {
  const std::string_view text = trimmed_line(words);
  if (text.empty() || is_reaction(text)) return Help{};
  if (std::optional<OwnerCommand> contact = read_contact(text)) return std::move(*contact);
  if (std::optional<OwnerCommand> named = read_named(text)) return std::move(*named);
  if (std::optional<OwnerCommand> decision = read_thumb(text)) return std::move(*decision);

  const Relay relay{.whom = {}, .words = std::string(text)};
  constexpr std::size_t command_size_max = 160;
  if (text.size() > command_size_max) return relay;
  const std::string line = command_line_of(text);
  if (line.empty() && std::ranges::all_of(text, [](char c) { return c == '?' || c == ' '; })) return Help{};
  // Where letters were lost in the comparison, the rest of the line is not all that he said.
  const bool has_other_letters = plain_line(text, OtherLetters::kept) != plain_line(text, OtherLetters::left_out);
  const Words split = split_words(line);
  if (split.empty() || has_other_letters) return relay;
  if (std::optional<OwnerCommand> decision = read_decision(split)) return std::move(*decision);
  if (std::optional<OwnerCommand> command = read_of_one_word(line, split)) return std::move(*command);
  if (std::optional<OwnerCommand> busy = read_busy(line)) return std::move(*busy);
  if (std::optional<OwnerCommand> change = read_skip_or_block(line, split)) return std::move(*change);
  return relay;
}

}  // namespace jobrun::conversation
