#include "intake_intent.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace jobrun::conversation {
namespace {

std::optional<Span> first_of(const Reading& reading, Sense sense) {
  return reading.has(sense) ? std::optional(reading.of(sense).front()) : std::nullopt;
}

/// `need`, but not that of `don't need you`.
bool wants_work(const Reading& reading) {
  return std::ranges::any_of(reading.of(Sense::wants_work), [&](const Span& want) {
    return !reading.has_at(Sense::cancelled, want.first) && !reading.has_at(Sense::call_me, want.first);
  });
}

/// Thanks and greetings, and nothing else.
bool is_polite_only(const Reading& reading) {
  for (std::size_t at = 0; at < reading.words.size(); ++at) {
    if (!reading.has_at(Sense::thanks, at) && !reading.has_at(Sense::greeting, at)) return false;
  }
  return true;
}

/// Begins with thanks that are nothing else: `ok` may begin anything.
bool begins_with_thanks(const Reading& reading) {
  constexpr std::array<std::string_view, 16> sure = {
      "thanks", "thank",    "thankyou", "thx",   "cheers", "ta",       "ty",       "gracias",
      "merci",  "dziekuje", "dzieki",   "danke", "grazie", "obrigado", "obrigada", "multumesc"};
  constexpr std::size_t first_words = 4;
  for (std::size_t at = 0; at < std::min(first_words, reading.words.size()); ++at) {
    if (is_one_of(reading.words[at].key, sure)) return true;
  }
  return false;
}

/// A question for us, not the job put as one: `boiler dead, are you free today?`.
std::optional<Span> question_in(const Reading& reading, const Known& known) {
  if (wants_work(reading)) return std::nullopt;
  if (reading.has(Sense::price)) return reading.of(Sense::price).front();
  if (!reading.has(Sense::asks)) return std::nullopt;
  const Span asks = reading.of(Sense::asks).front();
  const bool is_of_job = known.topic && known.topic->span.last > 0 && known.topic->span.first < asks.first;
  return is_of_job ? std::nullopt : std::optional(asks);
}

/// Asked of us, whatever it is: `when are you back?`.
bool is_open_question(const Reading& reading) {
  constexpr std::string_view asking[] = {"what",   "whats", "when",   "where", "how",    "which", "is",   "are",
                                         "r",      "do",    "does",   "did",   "can",    "could", "will", "would",
                                         "any",    "have",  "cuando", "donde", "que",    "cual",  "como", "czy",
                                         "kiedy",  "gdzie", "jak",    "jaki",  "ile",    "quand", "ou",   "quel",
                                         "quelle", "est",   "wann",   "wo",    "quando", "dove"};
  constexpr std::size_t words_min = 3;
  std::size_t at = 0;
  while (at < reading.words.size() && reading.has_at(Sense::greeting, at)) ++at;
  const bool is_asked = std::ranges::any_of(reading.words, [](const Word& word) { return word.is_question; });
  return is_asked && at + words_min <= reading.words.size() && is_one_of(reading.words[at].folded, asking);
}

/// What says nothing of a job that we know may still be one, if it is long enough to say something.
Intent intent_of_rest(const Reading& reading) {
  constexpr std::size_t words_of_a_job = 8;
  if (reading.has(Sense::chatter)) return Intent::chat;
  return reading.words.size() >= words_of_a_job ? Intent::job : Intent::chat;
}

}  // namespace

IntentFound find_intent(const Reading& reading, const Known& known) {
  if (known.is_danger) return {Intent::job, {}};
  const bool is_wanted = wants_work(reading);
  const auto wrong = first_of(reading, Sense::wrong_number);
  if (wrong && !known.topic && !is_wanted) return {Intent::wrong_number, *wrong};
  const auto cancelled = first_of(reading, Sense::cancelled);
  if (cancelled && !is_wanted && !reading.has(Sense::still)) return {Intent::cancel, *cancelled};
  if (const auto question = question_in(reading, known)) return {Intent::question, *question};
  const auto call = first_of(reading, Sense::call_me);
  if (call && !known.topic) return {Intent::call_me, *call};
  if (known.topic) return {Intent::job, known.topic->span};
  const auto thanks = first_of(reading, Sense::thanks);
  if (thanks && (is_polite_only(reading) ||
                 (begins_with_thanks(reading) && !known.has_place && !is_wanted && !known.has_wish)))
    return {Intent::thanks, *thanks};
  const auto chatter = first_of(reading, Sense::chatter);
  if (!known.topic && !is_wanted && !reading.has(Sense::chatter) && is_open_question(reading))
    return {Intent::question, {}};
  const bool is_answer = known.has_place || known.has_wish || known.has_urgency;
  if (chatter && !known.has_place) return {Intent::chat, *chatter};
  if (is_answer || is_wanted) return {Intent::job, {}};
  return {intent_of_rest(reading), {}};
}

}  // namespace jobrun::conversation
