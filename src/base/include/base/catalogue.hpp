// Every word a caller hears or reads, in one place.
//
// Texts are GSM-7 and one segment for names of usual length: who is writing, that the call was missed, what
// to reply, and the opt-out line where the country expects one. Spoken phrases keep every accent; texted ones
// are written with the letters that GSM-7 has. What a client says in its own words: base/wording.hpp.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/locale.hpp"
#include "base/names.hpp"

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
};

template <>
struct NamesOf<Phrase> {
  static constexpr std::array<Named<Phrase>, 37> rows = {{
      {Phrase::say_will_text, "say_will_text"},
      {Phrase::say_already_texted, "say_already_texted"},
      {Phrase::say_no_text, "say_no_text"},
      {Phrase::say_generic_will_text, "say_generic_will_text"},
      {Phrase::say_generic_already_texted, "say_generic_already_texted"},
      {Phrase::say_generic_no_text, "say_generic_no_text"},
      {Phrase::say_texts_only, "say_texts_only"},
      {Phrase::say_will_text_closed, "say_will_text_closed"},
      {Phrase::say_will_text_busy, "say_will_text_busy"},
      {Phrase::say_no_text_voicemail, "say_no_text_voicemail"},
      {Phrase::say_will_text_voicemail, "say_will_text_voicemail"},
      {Phrase::say_voicemail_thanks, "say_voicemail_thanks"},
      {Phrase::say_screen, "say_screen"},
      {Phrase::say_screen_missed, "say_screen_missed"},
      {Phrase::say_fallback, "say_fallback"},
      {Phrase::text_customer_intake, "text_customer_intake"},
      {Phrase::text_failsafe, "text_failsafe"},
      {Phrase::text_triage_reply, "text_triage_reply"},
      {Phrase::text_customer_intake_elsewhere, "text_customer_intake_elsewhere"},
      {Phrase::text_failsafe_elsewhere, "text_failsafe_elsewhere"},
      {Phrase::text_customer_intake_late, "text_customer_intake_late"},
      {Phrase::text_failsafe_late, "text_failsafe_late"},
      {Phrase::text_customer_intake_late_elsewhere, "text_customer_intake_late_elsewhere"},
      {Phrase::text_failsafe_late_elsewhere, "text_failsafe_late_elsewhere"},
      {Phrase::text_customer_intake_closed, "text_customer_intake_closed"},
      {Phrase::text_customer_intake_busy, "text_customer_intake_busy"},
      {Phrase::text_job_confirmed, "text_job_confirmed"},
      {Phrase::text_job_question, "text_job_question"},
      {Phrase::text_call_confirmed, "text_call_confirmed"},
      {Phrase::text_passed_on, "text_passed_on"},
      {Phrase::text_cancelled, "text_cancelled"},
      {Phrase::text_danger, "text_danger"},
      {Phrase::text_emergency_advice, "text_emergency_advice"},
      {Phrase::text_accepted, "text_accepted"},
      {Phrase::text_declined, "text_declined"},
      {Phrase::text_help, "text_help"},
      {Phrase::text_help_generic, "text_help_generic"},
  }};
};

/// What a phrase may name. Unused ones are ignored; what is longer than fits is cut at a word.
struct PhraseWords {
  std::string_view business;    ///< the client's name
  std::string_view number;      ///< the number called, E.164
  std::string_view reply_to{};  ///< a number whose texts reach us, E.164
  std::string_view job{};       ///< what a customer needs, in his words
  std::string_view time{};      ///< of day
  std::string_view advice{};    ///< what to do in danger
};

/// What stands between braces in a phrase, by the names of PhraseWords.
enum class Placeholder { business, number, reply_to, job, time, advice };

template <>
struct NamesOf<Placeholder> {
  static constexpr std::array<Named<Placeholder>, 6> rows = {{{Placeholder::business, "business"},
                                                              {Placeholder::number, "number"},
                                                              {Placeholder::reply_to, "reply_to"},
                                                              {Placeholder::job, "job"},
                                                              {Placeholder::time, "time"},
                                                              {Placeholder::advice, "advice"}}};
};

/// The phrase with its words filled in, valid UTF-8 if the words are; a text has at most text_characters_max with
/// its opt-out line.
///
/// Words are put in as they are: a brace in a business's name or in a customer's words is no placeholder. The job
/// is one line, spelt in GSM-7 where that has something alike. Without advice, text_danger gives
/// text_emergency_advice; without a job or a time, a phrase that names one becomes the one that does without.
std::string render(Phrase phrase, const PhraseWords& words, Locale locale = Locale::en_us);

/// The phrase before its words are filled in.
std::string_view template_of(Phrase phrase, Locale locale);

/// True where a text to a country (ISO 3166) is expected to say how to opt out.
bool expects_opt_out_line(std::string_view country);

/// The opt-out line, to be appended to a text; begins with a space.
std::string opt_out_line(Locale locale = Locale::en_us);

}  // namespace jobrun
