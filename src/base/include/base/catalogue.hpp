// Every word a caller hears or reads, in one place.
//
// Texts are GSM-7 and one segment for names of usual length: who is writing, that the call was missed, what
// to reply, and the opt-out line where the country expects one. Locale-ready: a phrase is looked up by
// locale.
#pragma once

#include <string>
#include <string_view>

#include "base/locale.hpp"

namespace jobrun {

enum class Phrase {
  // Spoken.
  say_will_text,
  say_already_texted,
  say_no_text,
  say_generic_will_text,
  say_generic_already_texted,
  say_generic_no_text,
  say_texts_only,
  say_will_text_closed,   ///< outside of business hours
  say_will_text_busy,     ///< until `{time}`
  say_no_text_voicemail,  ///< the caller cannot be texted and may leave a message; a tone follows
  say_will_text_voicemail,
  say_voicemail_thanks,
  say_screen,         ///< to the phone that is rung: to press 1 to take the call
  say_screen_missed,  ///< to the phone that is rung, where 1 was not pressed
  say_fallback,       ///< by the carrier, from a file that it fetches elsewhere, when it cannot reach us
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
  // The business's first text outside of its hours, and while it is busy until `{time}`.
  text_customer_intake_closed,
  text_customer_intake_busy,
  // To a customer who texts.
  text_job_confirmed,   ///< `{job}`: what we understood
  text_job_question,    ///< the one question
  text_call_confirmed,  ///< he wants to be called
  text_passed_on,
  text_cancelled,
  text_danger,            ///< `{advice}`: text_emergency_advice, or the client's own
  text_emergency_advice,  ///< public advice for any danger, without the business's name
  text_accepted,
  text_declined,
  text_help,          ///< HELP at a business's number
  text_help_generic,  ///< at one that is nobody's
  text_opted_in,
};

/// What a phrase may name. Unused ones are ignored.
struct PhraseWords {
  std::string_view business;    ///< the client's name
  std::string_view number;      ///< the number called, E.164
  std::string_view reply_to{};  ///< a number whose texts reach us, E.164
  std::string_view job{};       ///< what a customer needs, in his words
  std::string_view time{};      ///< of day
  std::string_view advice{};    ///< what to do in danger
};

/// The phrase with its words filled in, valid UTF-8 if the words are.
std::string render(Phrase phrase, const PhraseWords& words, Locale locale = Locale::en_us);

/// True where a text to a country (ISO 3166) is expected to say how to opt out.
bool expects_opt_out_line(std::string_view country);

/// The opt-out line, to be appended to a text; begins with a space.
std::string opt_out_line(Locale locale = Locale::en_us);

}  // namespace jobrun
