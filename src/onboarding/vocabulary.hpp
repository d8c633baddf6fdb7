// The words that signing up understands, in one place: trades, commands, yes and no, and what people say around
// them. English first; the commonest in Spanish, French and German, too. All are folded as `fold` does it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "onboarding/state.hpp"
#include "words.hpp"

namespace jobrun::onboarding {

/// A trade that words name.
struct Trade {
  std::string_view name;   ///< as we say it: `plumber`
  bool is_person = false;  ///< the word is who does it, not what is done: `plumber`, not `plumbing`
  std::size_t words = 1;   ///< how many words of the text named it
};

/// The trade named at the beginning of these words; typing mistakes allowed, or not.
std::optional<Trade> trade_at(std::span<const Word> words, bool allows_mistakes = true);

enum class Command { help, back, restart, person, undo, stop, start };

/// What a text asks for, where it is nothing but such words. `is_name_asked`: any other word might be a name, so
/// they have to be spelt right.
std::optional<Command> command_in(const Text& text, bool is_name_asked);

/// Nothing but yes, or nothing but no, with politeness around it.
bool says_yes(const Text& text);
bool says_no(const Text& text);

/// Done, ready, it works.
bool says_done(const Text& text);

/// Something went wrong: `it says error`, `doesn't work`.
bool says_trouble(const Text& text);

/// `CODES`: how to forward, once more.
bool asks_for_codes(const Text& text);

/// How to end the forwarding.
bool asks_to_undo(const Text& text);

/// "Yes, it was forwarded."
bool says_forwarded(const Text& text);

/// Nothing but greetings and thanks, or pictures.
bool is_polite_only(const Text& text);

/// `fine`, `ok great`: said on the way to something else.
bool is_filler(std::span<const Word> words);

/// `None`, `I have no name yet`: the answer to a question for a name that there is none.
bool says_none(const Text& text);

/// Insults: neither a name nor a trade.
bool is_rude(const Text& text);

/// Greetings and thanks.
bool is_polite_noise(const Word& word);

/// A question, by its mark or, where no name is asked for, its first word.
bool is_question(const Text& text, bool is_name_asked);

/// Begins with a wish to change something.
bool begins_with_change(const Text& text);

bool is_article(const Word& word);

/// The ways to be alerted that these words name, if they say nothing else.
std::optional<AlertBy> alert_way_in(std::span<const Word> words);

/// The same among other words: "oh you can text me, thanks".
std::optional<AlertBy> alert_way_among(std::span<const Word> words);

std::optional<PhoneKind> phone_in(std::span<const Word> words);
std::optional<Network> network_in(std::span<const Word> words);

}  // namespace jobrun::onboarding
