#include "conversation/intake.hpp"

#include <algorithm>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "intake_danger.hpp"
#include "intake_intent.hpp"
#include "intake_language.hpp"
#include "intake_place.hpp"
#include "intake_topics.hpp"
#include "intake_vocabulary.hpp"
#include "intake_when.hpp"

namespace jobrun::conversation {
namespace {

/// The text as it can be shown and kept: what is no UTF-8 is left out, control characters are spaces, and what is
/// longer than a text can be is cut.
std::string readable(std::string_view text) {
  std::string clean;
  for (std::size_t count = 0; count < text_characters_max && !text.empty(); ++count) {
    const CodePoint point = first_code_point(text);
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    const bool is_kept = point.value == '\n' || point.value == '\t' || !is_control;
    if (point.is_valid && is_kept) clean += text.substr(0, point.size);
    if (point.is_valid && !is_kept) clean += ' ';
    text.remove_prefix(point.size);
  }
  return clean;
}

/// The longest start of so many characters, as code points; cut between words where it can be.
std::string_view first_characters(std::string_view text, std::size_t characters_max) {
  std::string_view rest = text;
  for (std::size_t count = 0; count < characters_max && !rest.empty(); ++count)
    rest.remove_prefix(first_code_point(rest).size);
  if (rest.empty()) return text;
  const std::string_view cut = text.substr(0, text.size() - rest.size());
  const std::size_t space = cut.find_last_of(" \n");
  return space == std::string_view::npos || space == 0 ? cut : cut.substr(0, space);
}

/// The sentence around these words, without its greeting.
Span sentence_around(const Reading& reading, Span span) {
  while (span.first > 0 && reading.words[span.first - 1].after < Break::sentence) --span.first;
  while (span.last < reading.words.size() && reading.words[span.last - 1].after < Break::sentence) ++span.last;
  while (span.first + 1 < span.last && reading.has_at(Sense::greeting, span.first)) ++span.first;
  return span;
}

/// What is told apart from a text, before it is put into an Intake.
class Reader {
 public:
  explicit Reader(std::string_view text) : reading_(read_senses(text)) {}

  Intake read() {
    const DangerFound danger = find_danger(reading_);
    intake_.danger = danger.danger;
    for (const Span& span : danger.because) note("danger " + std::string(name_of(danger.danger)), span);
    const std::vector<Span> places = find_places(reading_);
    if (!places.empty()) take_place(places.front());
    const std::optional<TopicMark> topic = find_topic(reading_, places, danger.danger);
    const std::optional<Wish> wish = find_wish(reading_, places);
    read_urgency(wish);
    read_intent(topic, wish);
    if (topic) take_topic(*topic);
    if (wish && !drops_wish(*wish)) take_wish(*wish);
    if (intake_.intent == Intent::cancel || is_mere_question()) intake_.urgency = Urgency::unknown;
    read_job(topic, danger);
    intake_.language = find_language(reading_);
    return std::move(intake_);
  }

 private:
  void note(std::string what, const Span& span) {
    if (span.first < span.last) intake_.because.push_back({std::move(what), std::string(reading_.shown(span))});
  }

  void take_place(const Span& place) {
    intake_.place = reading_.shown(place);
    note("place", place);
  }

  void take_topic(const TopicMark& topic) {
    intake_.topic = topic.topic;
    note("topic " + std::string(name_of(topic.topic)), topic.span);
  }

  void take_wish(const Wish& wish) {
    intake_.when = reading_.shown(wish.span);
    note("when", wish.span);
  }

  /// The day of a visit that is cancelled; the days on which we are asked to be open.
  bool drops_wish(const Wish&) const { return intake_.intent == Intent::cancel || is_mere_question(); }

  bool is_mere_question() const { return intake_.intent == Intent::question; }

  void set_urgency(Urgency urgency, const Span& span) {
    intake_.urgency = urgency;
    note("urgency " + std::string(name_of(urgency)), span);
  }

  /// A danger does not wait, unless the text itself names a time.
  void read_urgency(const std::optional<Wish>& wish) {
    const bool has_time = wish && wish->urgency != Urgency::unknown;
    if (reading_.has(Sense::no_hurry) && intake_.danger == Danger::none &&
        !(has_time && wish->urgency != Urgency::flexible))
      return set_urgency(Urgency::flexible, reading_.of(Sense::no_hurry).front());
    if (intake_.danger != Danger::none && !has_time) {
      intake_.urgency = Urgency::now;
      return;
    }
    if (has_time) return set_urgency(wish->urgency, wish->span);
    if (reading_.has(Sense::at_once)) return set_urgency(Urgency::now, reading_.of(Sense::at_once).front());
    if (reading_.has(Sense::no_hurry)) set_urgency(Urgency::flexible, reading_.of(Sense::no_hurry).front());
  }

  void read_intent(const std::optional<TopicMark>& topic, const std::optional<Wish>& wish) {
    Known known;
    known.topic = topic ? &*topic : nullptr;
    known.is_danger = intake_.danger != Danger::none;
    known.has_place = !intake_.place.empty();
    known.has_wish = wish.has_value();
    known.has_urgency = intake_.urgency != Urgency::unknown;
    const IntentFound found = find_intent(reading_, known);
    intake_.intent = found.intent;
    note("intent " + std::string(name_of(found.intent)), found.span);
  }

  /// The sentence that names the topic, or the danger where no words name one.
  void read_job(const std::optional<TopicMark>& topic, const DangerFound& danger) {
    constexpr std::size_t characters_max = 80;
    Span words{};
    if (topic && topic->span.first < topic->span.last) {
      words = topic->span;
    } else if (!danger.because.empty()) {
      words = danger.because.front();
    } else if (intake_.intent == Intent::job && intake_.place.empty() && intake_.when.empty() &&
               !reading_.words.empty() && intake_.urgency == Urgency::unknown) {
      words = {0, 1};
    }
    if (words.first == words.last) return;
    intake_.job = first_characters(reading_.shown(sentence_around(reading_, words)), characters_max);
  }

  Reading reading_;
  Intake intake_;
};

}  // namespace

Intake read_intake(std::string_view words) {
  const std::string text = readable(words);
  return Reader(text).read();
}

}  // namespace jobrun::conversation
