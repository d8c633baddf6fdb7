// Every word a caller hears or reads, in one place.
//
// Texts are GSM-7 and one segment for names of usual length: who is writing, that the call was missed, what
// to reply, and the opt-out line where the country expects one. Locale-ready: a phrase is looked up by
// locale, and English is the only one so far.
#pragma once

#include <string>
#include <string_view>

namespace jobrun {

enum class Locale { english };

enum class Phrase {
  // Spoken.
  say_will_text,
  say_already_texted,
  say_no_text,
  say_generic_will_text,
  say_generic_already_texted,
  say_generic_no_text,
  say_texts_only,
  say_fallback,  ///< by the carrier, from a file that it fetches elsewhere, when it cannot reach us
  // Texted.
  text_customer_intake,
  text_failsafe,
  text_triage_reply,  ///< to somebody who has texted a number that is nobody's
  // The first two from a number whose replies do not reach us.
  text_customer_intake_elsewhere,
  text_failsafe_elsewhere,
  // All four, some time after the call.
  text_customer_intake_late,
  text_failsafe_late,
  text_customer_intake_late_elsewhere,
  text_failsafe_late_elsewhere,
};

/// What a phrase may name. Unused ones are ignored.
struct PhraseWords {
  std::string_view business;    ///< the client's name
  std::string_view number;      ///< the number called, E.164
  std::string_view reply_to{};  ///< a number whose texts reach us, E.164
};

/// The phrase with its words filled in, valid UTF-8 if the words are.
std::string render(Phrase phrase, const PhraseWords& words, Locale locale = Locale::english);

/// True where a text to a country (ISO 3166) is expected to say how to opt out.
bool expects_opt_out_line(std::string_view country);

/// The opt-out line, to be appended to a text; begins with a space.
std::string opt_out_line(Locale locale = Locale::english);

}  // namespace jobrun
