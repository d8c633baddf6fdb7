#include "summary.hpp"

#include "base/text_encoding.hpp"
#include "plain_words.hpp"

namespace jobrun::conversation {
namespace {

std::size_t units(std::string_view words) {
  return measure_text(words).units;
}

std::string_view label_of(Danger danger) {
  switch (danger) {
    case Danger::none:
      return "";
    case Danger::no_heating:
      return "NO HEATING: ";
    case Danger::flooding:
      return "FLOODING: ";
    case Danger::fire:
      return "FIRE: ";
    case Danger::carbon_monoxide:
      return "CARBON MONOXIDE: ";
    case Danger::gas:
      return "GAS: ";
  }
  return "";
}

std::string_view label_of(Urgency urgency) {
  switch (urgency) {
    case Urgency::now:
      return "NOW: ";
    case Urgency::today:
      return "TODAY: ";
    case Urgency::unknown:
    case Urgency::flexible:
    case Urgency::soon:
      return "";
  }
  return "";
}

std::string pictures(std::size_t media) {
  return media == 1 ? std::string("a picture") : std::to_string(media) + " pictures";
}

/// Appends what is not said yet.
void add(std::string& essentials, std::string_view words, std::size_t units_max) {
  const std::string line = shortened(plain_line(words, OtherLetters::kept), units_max);
  if (line.empty() || folded_line(essentials).contains(folded_line(line))) return;
  essentials += essentials.empty() ? line : ", " + line;
}

std::string essentials_of(const Intake& job) {
  constexpr std::size_t job_units = 50;
  constexpr std::size_t place_units = 36;
  constexpr std::size_t when_units = 20;
  std::string essentials = shortened(described(job, OtherLetters::kept), job_units);
  add(essentials, job.place, place_units);
  add(essentials, job.when, when_units);
  return essentials;
}

/// The quote of his words behind what was understood, where there is room for enough of them, and unless `said`
/// are those very words.
std::string with_quote(const std::string& line, std::string_view said, std::string_view words,
                       std::size_t units_max) {
  constexpr std::size_t quote_units_min = 12;
  const std::string quote = plain_line(words, OtherLetters::kept);
  if (quote.empty() || (!said.empty() && folded_line(said).contains(folded_line(quote))))
    return shortened(line, units_max);
  const std::string start = line + (line.empty() || line.ends_with(' ') ? "\"" : ". \"");
  // One unit for the mark at the end. In either part a letter outside GSM-7 makes the other no longer: what counts
  // double in GSM-7 then counts once.
  const std::size_t used = units(start) + 1;
  if (used + std::min(quote_units_min, units(quote)) > units_max) return shortened(line, units_max);
  return start + shortened(quote, units_max - used) + "\"";
}

std::string told(std::string_view label, const Intake& job, std::string_view words, std::size_t media) {
  const std::string essentials = essentials_of(job);
  std::string line = std::string(label) + essentials;
  const std::string sent = media == 0 ? std::string{} : pictures(media);
  if (essentials.empty() && plain_line(words, OtherLetters::kept).empty()) {
    return line + (sent.empty() ? "sent a text without words" : "sent " + sent);
  }
  if (!sent.empty()) line += (essentials.empty() ? "" : ", ") + sent;
  return with_quote(line, essentials, words, summary_units_max);
}

}  // namespace

std::string summary_of_job(const Intake& job, std::string_view words, std::size_t media) {
  return told(label_of(job.urgency), job, words, media);
}

std::string summary_of_danger(Danger danger, const Intake& job, std::string_view words, std::size_t media) {
  return told(label_of(danger), job, words, media);
}

std::string summary_of_cancelled(const Intake& job, std::string_view words) {
  const std::string essentials = essentials_of(job);
  return with_quote("CANCELLED: " + essentials, essentials, words, summary_units_max);
}

std::string summary_of_words(const Intake& read, std::string_view words, std::size_t media) {
  std::string line(label_of(read.urgency));
  if (read.intent == Intent::call_me) line += line.empty() ? "Wants a call" : "wants a call";
  if (media > 0) line += (read.intent == Intent::call_me ? ", sent " : "sent ") + pictures(media);
  if (line.empty() && plain_line(words, OtherLetters::kept).empty()) return "sent a text without words";
  return with_quote(line, "", words, words_units_max);
}

}  // namespace jobrun::conversation
