#include "base/catalogue.hpp"

namespace jobrun {
namespace {

std::string_view english(Phrase phrase) {
  switch (phrase) {
    case Phrase::say_will_text:
      return "You have reached {business}. Sorry, we cannot take your call right now. We are sending you a text "
             "message. Please reply to it with what you need, and when.";
    case Phrase::say_already_texted:
      return "You have reached {business}. Sorry, we missed you again. We have texted you. Please reply to that "
             "message with what you need, and when.";
    case Phrase::say_no_text:
      return "You have reached {business}. Sorry, we cannot take your call right now. We are letting the owner "
             "know that you called. Please call again later.";
    case Phrase::say_generic_will_text:
      return "Sorry, nobody can take your call right now. We are sending you a text message. Please reply to it "
             "with what you need, and when.";
    case Phrase::say_generic_already_texted:
      return "Sorry, nobody can take your call right now. We have texted you. Please reply to that message with "
             "what you need, and when.";
    case Phrase::say_generic_no_text:
      return "Sorry, nobody can take your call right now. We are passing on that you called. Please call again "
             "later.";
    case Phrase::say_texts_only:
      return "This number takes text messages only. Please hang up and send us a text. Goodbye.";
    case Phrase::say_fallback:
      return "Sorry, we cannot take your call right now. Please call again later, or send a text message to this "
             "number. Goodbye.";
    case Phrase::text_customer_intake:
      return "{business}: sorry we missed your call. Reply here with the job and when you need it.";
    case Phrase::text_failsafe:
      return "This is the answering service for {number}. Sorry your call was missed. Reply with the job and "
             "when you need it.";
    case Phrase::text_customer_intake_elsewhere:
      return "{business}: sorry we missed your call. Text us at {reply_to} with the job and when you need it.";
    case Phrase::text_failsafe_elsewhere:
      return "This is the answering service for {number}. Sorry your call was missed. Text us at {reply_to} with "
             "the job and when you need it.";
    case Phrase::text_triage_reply:
      return "This is the answering service for {number}. Thanks, we have your message and are passing it on.";
    case Phrase::text_customer_intake_late:
      return "{business}: sorry we missed your call earlier. Reply here with the job and when you need it.";
    case Phrase::text_failsafe_late:
      return "This is the answering service for {number}. Sorry your call was missed earlier. Reply with the job "
             "and when you need it.";
    case Phrase::text_customer_intake_late_elsewhere:
      return "{business}: sorry we missed your call earlier. Text us at {reply_to} with the job and when you need "
             "it.";
    case Phrase::text_failsafe_late_elsewhere:
      return "This is the answering service for {number}. Sorry your call was missed earlier. Text us at "
             "{reply_to} with the job and when you need it.";
    case Phrase::say_will_text_closed:
      return "You have reached {business}. We are closed right now. We are sending you a text message. Please "
             "reply "
             "to it with what you need, and when.";
    case Phrase::say_will_text_busy:
      return "You have reached {business}. We are busy until {time}. We are sending you a text message. Please "
             "reply "
             "to it with what you need, and when.";
    case Phrase::say_no_text_voicemail:
      return "You have reached {business}. Sorry, we cannot take your call right now. Please leave your name, "
             "your "
             "number and what you need after the tone.";
    case Phrase::say_will_text_voicemail:
      return "You have reached {business}. Sorry, we cannot take your call right now. We are sending you a text "
             "message that you can reply to. Or leave a message after the tone.";
    case Phrase::say_voicemail_thanks:
      return "Thank you. We are passing on your message. Goodbye.";
    case Phrase::say_screen:
      return "A customer is calling {business}. Press 1 to take the call.";
    case Phrase::say_screen_missed:
      return "Goodbye.";
    case Phrase::text_customer_intake_closed:
      return "{business}: sorry we missed your call, we are closed. Reply here with the job and when you need it.";
    case Phrase::text_customer_intake_busy:
      return "{business}: sorry we missed your call, we are busy until {time}. Reply here with the job and when "
             "you "
             "need it.";
    case Phrase::text_job_confirmed:
      return "{business}: thanks, we have: {job}. We will get back to you.";
    case Phrase::text_job_question:
      return "{business}: thanks. What is the job, and where is it?";
    case Phrase::text_call_confirmed:
      return "{business}: thanks, we will ask for a call back to you.";
    case Phrase::text_passed_on:
      return "{business}: thanks, we have passed that on.";
    case Phrase::text_cancelled:
      return "{business}: OK, thanks for telling us. Text us any time.";
    case Phrase::text_danger:
      return "{business}: {advice} We are telling the owner now.";
    case Phrase::text_emergency_advice:
      return "If you are in danger, get out and call the emergency services.";
    case Phrase::text_accepted:
      return "{business}: good news, we can take the job. We will be in touch to agree the details.";
    case Phrase::text_declined:
      return "{business}: sorry, we cannot take this job. Thanks for asking us.";
    case Phrase::text_help:
      return "{business}: you get our texts because you called or texted us. Reply with the job and when you need "
             "it. Reply STOP to opt out.";
    case Phrase::text_help_generic:
      return "This is the answering service for {number}. Reply with the job and when you need it. Reply STOP to "
             "opt "
             "out.";
    case Phrase::text_opted_in:
      return "{business}: you get our texts again. Reply with the job and when you need it.";
  }
  return "";
}

void replace(std::string& text, std::string_view placeholder, std::string_view words) {
  const std::size_t at = text.find(placeholder);
  if (at != std::string::npos) text.replace(at, placeholder.size(), words);
}

}  // namespace

std::string render(Phrase phrase, const PhraseWords& words, Locale locale) {
  std::string text;
  switch (locale) {
    case Locale::en_us:
    case Locale::en_gb:
    case Locale::es:
    case Locale::pl:
    case Locale::fr:
      text = english(phrase);
      break;
  }
  // The numbers first: they cannot contain a placeholder, a business's name could.
  replace(text, "{number}", words.number);
  replace(text, "{reply_to}", words.reply_to);
  replace(text, "{time}", words.time);
  replace(text, "{business}", words.business);
  replace(text, "{advice}", words.advice);
  replace(text, "{job}", words.job);
  return text;
}

bool expects_opt_out_line(std::string_view country) {
  return country == "US" || country == "CA";
}

std::string opt_out_line(Locale locale) {
  switch (locale) {
    case Locale::en_us:
    case Locale::en_gb:
    case Locale::es:
    case Locale::pl:
    case Locale::fr:
      return " Reply STOP to opt out.";
  }
  return "";
}

}  // namespace jobrun
