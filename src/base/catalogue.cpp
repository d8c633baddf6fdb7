#include "base/catalogue.hpp"

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

/// What is kept of each: a business's name as clients may have it, a job that leaves room for the sentence.
std::size_t characters_max(Placeholder placeholder) {
  switch (placeholder) {
    case Placeholder::business:
      return 80;
    case Placeholder::number:
    case Placeholder::reply_to:
    case Placeholder::time:
      return 30;
    case Placeholder::job:
      return 60;
    case Placeholder::advice:
      return 300;
  }
  return 0;
}

/// At most so many characters; cut at a space, unless the first word alone is longer.
std::string_view cut_at_word(std::string_view text, std::size_t characters) {
  std::string_view left = text;
  std::size_t space = 0;
  for (std::size_t count = 0; count < characters && !left.empty(); ++count) {
    if (left.front() == ' ') space = text.size() - left.size();
    left.remove_prefix(first_code_point(left).size);
  }
  if (left.empty()) return text;
  const bool is_at_word = left.front() == ' ' || space == 0;
  std::string_view kept = text.substr(0, is_at_word ? text.size() - left.size() : space);
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return kept;
}

/// One line, in GSM-7 where that has something alike; ends without the full stop that the sentence around it has.
std::string tidied_job(std::string_view job) {
  std::string text;
  while (!job.empty()) {
    const CodePoint point = first_code_point(job);
    std::string_view written = job.substr(0, point.size);
    job.remove_prefix(point.size);
    if (!point.is_valid) continue;
    const bool is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    if (is_control) written = " ";
    if (!is_control && !is_gsm7(point.value) && !gsm7_instead_of(point.value).empty()) {
      written = gsm7_instead_of(point.value);
    }
    if (written == " " && (text.empty() || text.back() == ' ')) continue;
    text += written;
  }
  text = cut_at_word(text, characters_max(Placeholder::job));
  while (!text.empty() && std::string_view(" .,;:!?").contains(text.back())) text.pop_back();
  return text;
}

std::string words_for(Placeholder placeholder, const PhraseWords& words, Locale locale) {
  const auto kept = [&](std::string_view given) {
    return std::string(cut_at_word(given, characters_max(placeholder)));
  };
  switch (placeholder) {
    case Placeholder::business:
      return kept(words.business);
    case Placeholder::number:
      return kept(words.number);
    case Placeholder::reply_to:
      return kept(words.reply_to);
    case Placeholder::job:
      return tidied_job(words.job);
    case Placeholder::time:
      return kept(words.time);
    case Placeholder::advice:
      return kept(words.advice.empty() ? template_of(Phrase::text_emergency_advice, locale) : words.advice);
  }
  return "";
}

}  // namespace

const Language& language_of(Locale locale) {
  switch (locale) {
    case Locale::en_us:
      return american();
    case Locale::en_gb:
      return british();
    case Locale::es:
      return spanish();
    case Locale::pl:
      return polish();
    case Locale::fr:
      return french();
  }
  return american();
}

TemplatePart take_part(std::string_view& left) {
  if (left.front() == '{') {
    const std::size_t end = left.find('}');
    const auto placeholder =
        end == std::string_view::npos ? std::nullopt : parse_name<Placeholder>(left.substr(1, end - 1));
    const std::string_view words = left.substr(0, placeholder ? end + 1 : 1);
    left.remove_prefix(words.size());
    return {words, placeholder};
  }
  const std::string_view words = left.substr(0, left.find('{'));
  left.remove_prefix(words.size());
  return {words};
}

std::string fill_in(std::string_view words_template, const PhraseWords& words, Locale locale) {
  std::string text;
  while (!words_template.empty()) {
    const TemplatePart part = take_part(words_template);
    text += part.placeholder ? words_for(*part.placeholder, words, locale) : std::string(part.words);
  }
  // A client's own words may name it many times. A character is at most two of what is counted.
  constexpr std::size_t opt_out_units = 60;
  constexpr std::size_t units_max = text_characters_max - opt_out_units;
  if (text.size() > units_max && measure_text(text).units > units_max) text = cut_at_word(text, units_max / 2);
  return text;
}

Phrase phrase_with(const PhraseWords& words, Phrase phrase) {
  if (phrase == Phrase::say_will_text_busy && words.time.empty()) return Phrase::say_will_text;
  if (phrase == Phrase::text_customer_intake_busy && words.time.empty()) return Phrase::text_customer_intake;
  if (phrase == Phrase::text_job_confirmed && tidied_job(words.job).empty()) return Phrase::text_passed_on;
  return phrase;
}

std::string_view template_of(Phrase phrase, Locale locale) {
  return language_of(locale).lines.at(static_cast<std::size_t>(phrase)).words;
}

std::string render(Phrase phrase, const PhraseWords& words, Locale locale) {
  return fill_in(template_of(phrase_with(words, phrase), locale), words, locale);
}

bool expects_opt_out_line(std::string_view country) {
  return country == "US" || country == "CA";
}

std::string opt_out_line(Locale locale) {
  return std::string(language_of(locale).opt_out_line);
}

}  // namespace jobrun
