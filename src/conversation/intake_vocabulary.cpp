#include "intake_vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/text_encoding.hpp"

namespace jobrun::conversation {
namespace {

struct Phrase {
  std::vector<std::string_view> words;
  Sense sense = Sense::none;
  std::size_t topic_row = 0;  ///< where `sense` is none
};

using PhrasesByWord = std::unordered_map<std::string_view, std::vector<std::size_t>>;

/// Calls `each` with every part between the separators.
template <class Each>
void for_each_part(std::string_view list, std::string_view separator, const Each& each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    if (end > 0) each(list.substr(0, end));
    list.remove_prefix(std::min(end + separator.size(), list.size()));
  }
}

/// Which letters of the alphabet a word has: two words that differ in many cannot be close.
std::uint32_t letters_of(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') letters |= 1U << static_cast<unsigned>(c - 'a');
  }
  return letters;
}

/// All tables, made for looking up; made once.
class Lexicon {
 public:
  static const Lexicon& get() {
    static const Lexicon lexicon;
    return lexicon;
  }

  bool knows(std::string_view word) const { return known_.contains(word); }

  /// As the vocabulary spells it.
  std::string corrected(const std::string& typed) const {
    if (knows(typed) || has_stem_of(typed) || typed.size() > letters_max) return typed;
    if (const std::string plain = without_repeats(typed); plain != typed && knows(plain)) return plain;
    if (const std::string plain = without_digits(typed); plain != typed && knows(plain)) return plain;
    return closest_to(typed);
  }

  /// The phrases that may begin with this word.
  template <class Each>
  void for_each_phrase(const Word& word, const Each& each) const {
    for_each_in(exact_, word.key, each);
    if (word.key != word.folded) for_each_in(exact_, word.folded, each);
    for (std::size_t size = stem_min; size <= std::min(word.key.size(), letters_max); ++size)
      for_each_in(stems_, std::string_view(word.key).substr(0, size), each);
  }

  const Phrase& phrase(std::size_t at) const { return phrases_[at]; }

 private:
  static constexpr std::size_t stem_min = 3;
  static constexpr std::size_t letters_max = 24;

  struct Spelling {
    std::string_view word;
    std::uint32_t letters;
  };

  Lexicon() {
    for (const std::span<const SenseRow> rows : {gas_and_fire_rows(), water_and_cold_rows(), talk_rows()}) {
      for (const SenseRow& row : rows) add_row(row.phrases, row.sense, 0);
    }
    const std::span<const TopicRow> topics = topic_rows();
    for (std::size_t row = 0; row < topics.size(); ++row) add_row(topics[row].phrases, Sense::none, row);
    for (const std::string_view word : known_) add_spelling(word);
    for_each_part(common_words(), " ", [&](std::string_view word) { known_.insert(word); });
  }

  void add_row(std::string_view phrases, Sense sense, std::size_t topic_row) {
    for_each_part(phrases, ", ", [&](std::string_view words) {
      Phrase phrase{{}, sense, topic_row};
      for_each_part(words, " ", [&](std::string_view word) { phrase.words.push_back(word); });
      const std::string_view first = phrase.words.front();
      const bool is_stem = first.back() == '*';
      (is_stem ? stems_[first.substr(0, first.size() - 1)] : exact_[first]).push_back(phrases_.size());
      for (const std::string_view word : phrase.words) {
        if (word.back() != '*') known_.insert(word);
      }
      phrases_.push_back(std::move(phrase));
    });
  }

  void add_spelling(std::string_view word) {
    constexpr std::size_t letters_min = 4;
    if (word.size() >= letters_min) spellings_[word.front()].push_back({word, letters_of(word)});
  }

  bool has_stem_of(std::string_view word) const {
    for (std::size_t size = stem_min; size <= std::min(word.size(), letters_max); ++size) {
      if (stems_.contains(word.substr(0, size))) return true;
    }
    return false;
  }

  /// `heeeelp`, `gasss`.
  std::string without_repeats(std::string_view typed) const {
    std::string once;
    std::string twice;
    for (std::size_t at = 0; at < typed.size(); ++at) {
      const bool is_second = at > 0 && typed[at] == typed[at - 1];
      const bool is_third = is_second && at > 1 && typed[at] == typed[at - 2];
      if (!is_second) once += typed[at];
      if (!is_third) twice += typed[at];
    }
    return knows(twice) ? twice : once;
  }

  /// `l34k`; a number is left alone.
  static std::string without_digits(std::string typed) {
    constexpr std::string_view digits = "013457";
    constexpr std::string_view letters = "oieast";
    const bool has_letter = std::ranges::any_of(typed, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!has_letter) return typed;
    for (char& c : typed) {
      if (const std::size_t at = digits.find(c); at != std::string_view::npos) c = letters[at];
    }
    return typed;
  }

  std::string closest_to(const std::string& typed) const {
    const auto row = spellings_.find(typed.empty() ? '\0' : typed.front());
    if (row == spellings_.end() || typed.size() < 4) return typed;
    const std::uint32_t letters = letters_of(typed);
    std::string_view best;
    for (const Spelling& one : row->second) {
      constexpr int different_max = 4;
      constexpr std::size_t edits_max = 2;
      if (one.word.size() > typed.size() + edits_max || typed.size() > one.word.size() + edits_max) continue;
      if (std::popcount(one.letters ^ letters) > different_max || !is_close(typed, one.word)) continue;
      const auto difference = [&](std::string_view word) {
        return std::popcount(letters_of(word) ^ letters) * 4 + (word.size() == typed.size() ? 0 : 1);
      };
      if (best.empty() || difference(one.word) < difference(best)) best = one.word;
    }
    return best.empty() ? typed : std::string(best);
  }

  template <class Each>
  void for_each_in(const PhrasesByWord& phrases, std::string_view word, const Each& each) const {
    const auto found = phrases.find(word);
    if (found == phrases.end()) return;
    for (const std::size_t at : found->second) each(phrases_[at]);
  }

  std::vector<Phrase> phrases_;
  PhrasesByWord exact_;
  PhrasesByWord stems_;
  std::unordered_set<std::string_view> known_;
  std::unordered_map<char, std::vector<Spelling>> spellings_;
};

bool is_spelling(const Word& word, std::string_view part) {
  if (part.back() != '*') return word.key == part || word.folded == part;
  return word.key.starts_with(part.substr(0, part.size() - 1));
}

bool stands_at(const Phrase& phrase, std::span<const Word> words) {
  if (phrase.words.size() > words.size()) return false;
  for (std::size_t at = 0; at < phrase.words.size(); ++at) {
    if (!is_spelling(words[at], phrase.words[at])) return false;
  }
  return true;
}

bool covers(const Span& outer, const Span& inner) {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/// Takes away what harmless phrases cover.
void pass_over_harmless(Reading& reading) {
  const std::vector<Span>& harmless = reading.of(Sense::harmless);
  const auto first = static_cast<std::size_t>(Sense::gas);
  const auto last = static_cast<std::size_t>(Sense::at_once);
  for (std::size_t sense = first; sense <= last; ++sense) {
    if (sense == static_cast<std::size_t>(Sense::gas_alarm)) continue;
    std::erase_if(reading.senses[sense], [&](const Span& span) {
      return std::ranges::any_of(harmless, [&](const Span& one) { return covers(one, span); });
    });
  }
}

void add_topic(std::vector<TopicMark>& topics, TopicMark mark) {
  if (!topics.empty() && topics.back().span.last > mark.span.first) {
    const Span& last = topics.back().span;
    if (mark.span.last - mark.span.first <= last.last - last.first) return;
    topics.pop_back();
  }
  topics.push_back(mark);
}

/// So many marks of one sense are as good as more, and rules compare them in pairs.
constexpr std::size_t spans_max = 48;

void mark_phrases_at(Reading& reading, std::size_t at) {
  const std::span<const Word> rest = std::span(reading.words).subspan(at);
  std::optional<TopicMark> topic;
  Lexicon::get().for_each_phrase(reading.words[at], [&](const Phrase& phrase) {
    if (!stands_at(phrase, rest)) return;
    const Span span{at, at + phrase.words.size()};
    if (phrase.sense == Sense::none) {
      const TopicRow& row = topic_rows()[phrase.topic_row];
      if (!topic || span.last > topic->span.last) topic = TopicMark{row.topic, row.weight, span};
      return;
    }
    std::vector<Span>& spans = reading.senses[static_cast<std::size_t>(phrase.sense)];
    const bool is_new = spans.empty() || spans.back() != span;
    if (is_new && spans.size() < spans_max) spans.push_back(span);
  });
  if (topic) add_topic(reading.topics, *topic);
}

}  // namespace

bool Reading::has_at(Sense sense, std::size_t word) const {
  return std::ranges::any_of(of(sense),
                             [word](const Span& span) { return span.first <= word && word < span.last; });
}

std::string_view Reading::shown(Span span) const {
  if (span.first >= span.last || span.last > words.size()) return {};
  const std::size_t begin = words[span.first].begin;
  return text.substr(begin, words[span.last - 1].end - begin);
}

Reading read_senses(std::string_view text) {
  Reading reading;
  reading.text = text;
  reading.words = split_words(text);
  reading.senses.resize(sense_count);
  for (Word& word : reading.words) word.key = Lexicon::get().corrected(word.folded);
  for (std::size_t at = 0; at < reading.words.size(); ++at) mark_phrases_at(reading, at);
  pass_over_harmless(reading);
  return reading;
}

bool is_known_word(std::string_view folded) {
  return Lexicon::get().knows(folded);
}

}  // namespace jobrun::conversation
