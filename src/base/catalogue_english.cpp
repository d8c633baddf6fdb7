// English as in North America, and as in Britain and Ireland, who ring and are rung back.
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

constexpr Lines american_lines = {{
    {Phrase::say_will_text,
     "You have reached {business}. Sorry, we cannot take your call right now. We are sending you a text "
     "message. Please reply to it with what you need, and when."},
    {Phrase::say_already_texted,
     "You have reached {business}. Sorry, we missed you again. We have texted you. Please reply to that "
     "message with what you need, and when."},
    {Phrase::say_no_text,
     "You have reached {business}. Sorry, we cannot take your call right now. We are letting the owner know "
     "that you called. Please call again later."},
    {Phrase::say_generic_will_text,
     "Sorry, nobody can take your call right now. We are sending you a text message. Please reply to it with "
     "what you need, and when."},
    {Phrase::say_generic_already_texted,
     "Sorry, nobody can take your call right now. We have texted you. Please reply to that message with what "
     "you need, and when."},
    {Phrase::say_generic_no_text,
     "Sorry, nobody can take your call right now. We are passing on that you called. Please call again later."},
    {Phrase::say_texts_only, "This number takes text messages only. Please hang up and send us a text. Goodbye."},
    {Phrase::say_will_text_closed,
     "You have reached {business}. We are closed right now. We are sending you a text message. Please reply to "
     "it with what you need, and when."},
    {Phrase::say_will_text_busy,
     "You have reached {business}. We are busy until {time}. We are sending you a text message. Please reply "
     "to it with what you need, and when."},
    {Phrase::say_no_text_voicemail,
     "You have reached {business}. Sorry, we cannot take your call right now. Please leave your name, your "
     "number and what you need after the tone."},
    {Phrase::say_will_text_voicemail,
     "You have reached {business}. Sorry, we cannot take your call right now. We are sending you a text "
     "message that you can reply to. Or leave a message after the tone."},
    {Phrase::say_voicemail_thanks, "Thank you. We are passing on your message. Goodbye."},
    {Phrase::say_screen, "A customer is calling {business}. Press 1 to take the call."},
    {Phrase::say_screen_missed, "Goodbye."},
    {Phrase::say_fallback,
     "Sorry, we cannot take your call right now. Please call again later, or send a text message to this "
     "number. Goodbye."},
    {Phrase::text_customer_intake,
     "{business}: sorry we missed your call. Reply here with the job and when you need it."},
    {Phrase::text_failsafe,
     "This is the answering service for {number}. Sorry your call was missed. Reply with the job and when you "
     "need it."},
    {Phrase::text_triage_reply,
     "This is the answering service for {number}. Thanks, we have your message and are passing it on."},
    {Phrase::text_customer_intake_elsewhere,
     "{business}: sorry we missed your call. Text us at {reply_to} with the job and when you need it."},
    {Phrase::text_failsafe_elsewhere,
     "This is the answering service for {number}. Sorry your call was missed. Text us at {reply_to} with the "
     "job and when you need it."},
    {Phrase::text_customer_intake_late,
     "{business}: sorry we missed your call earlier. Reply here with the job and when you need it."},
    {Phrase::text_failsafe_late,
     "This is the answering service for {number}. Sorry your call was missed earlier. Reply with the job and "
     "when you need it."},
    {Phrase::text_customer_intake_late_elsewhere,
     "{business}: sorry we missed your call earlier. Text us at {reply_to} with the job and when you need it."},
    {Phrase::text_failsafe_late_elsewhere,
     "Answering service for {number}. Sorry your call was missed earlier. Text us at {reply_to} with the job "
     "and when you need it."},
    {Phrase::text_customer_intake_closed,
     "{business}: sorry we missed your call, we are closed. Reply here with the job and when you need it."},
    {Phrase::text_customer_intake_busy,
     "{business}: sorry we missed your call, we are busy until {time}. Reply here with the job and when you "
     "need it."},
    {Phrase::text_job_confirmed, "{business}: thanks, we have: {job}. We will get back to you."},
    {Phrase::text_job_question, "{business}: thanks. What is the job, and where is it?"},
    {Phrase::text_call_confirmed, "{business}: thanks, we have passed on that you want a call back."},
    {Phrase::text_passed_on, "{business}: thanks, we have passed that on."},
    {Phrase::text_cancelled, "{business}: OK, thanks for telling us. Text us any time."},
    {Phrase::text_danger, "{business}: {advice} We are telling the owner now."},
    {Phrase::text_emergency_advice, "If you are in danger or smell gas, get out first, then call 911."},
    {Phrase::text_accepted,
     "{business}: good news, we can take the job. We will be in touch to agree the details."},
    {Phrase::text_declined, "{business}: sorry, we cannot take this job. Thanks for asking us."},
    {Phrase::text_help,
     "{business}: you get our texts because you called or texted us. Reply with the job and when you need it. "
     "Reply STOP to opt out."},
    {Phrase::text_help_generic,
     "This is the answering service for {number}. Reply with the job and when you need it. Reply STOP to opt "
     "out."},
}};
static_assert(is_whole(american_lines));

constexpr Lines british_lines = {{
    {Phrase::say_will_text,
     "You have reached {business}. Sorry, we can't come to the phone at the moment. We are sending you a text. "
     "Please reply to it with the job, and when you need it done."},
    {Phrase::say_already_texted,
     "You have reached {business}. Sorry, we missed you again. We have sent you a text. Please reply to it "
     "with the job, and when you need it done."},
    {Phrase::say_no_text,
     "You have reached {business}. Sorry, we can't come to the phone at the moment. We are letting the owner "
     "know that you rang. Please ring again later."},
    {Phrase::say_generic_will_text,
     "Sorry, nobody can come to the phone at the moment. We are sending you a text. Please reply to it with "
     "the job, and when you need it done."},
    {Phrase::say_generic_already_texted,
     "Sorry, nobody can come to the phone at the moment. We have sent you a text. Please reply to it with the "
     "job, and when you need it done."},
    {Phrase::say_generic_no_text,
     "Sorry, nobody can come to the phone at the moment. We are passing on that you rang. Please ring again "
     "later."},
    {Phrase::say_texts_only, "This number takes texts only. Please hang up and send us a text. Goodbye."},
    {Phrase::say_will_text_closed,
     "You have reached {business}. We are closed at the moment. We are sending you a text. Please reply to it "
     "with the job, and when you need it done."},
    {Phrase::say_will_text_busy,
     "You have reached {business}. We are busy until {time}. We are sending you a text. Please reply to it "
     "with the job, and when you need it done."},
    {Phrase::say_no_text_voicemail,
     "You have reached {business}. Sorry, we can't come to the phone at the moment. Please leave your name, "
     "your number and what the job is after the tone."},
    {Phrase::say_will_text_voicemail,
     "You have reached {business}. Sorry, we can't come to the phone at the moment. We are sending you a text "
     "that you can reply to. Or leave a message after the tone."},
    {Phrase::say_voicemail_thanks, "Thank you. We are passing on your message. Goodbye."},
    {Phrase::say_screen, "A customer is ringing {business}. Press 1 to take the call."},
    {Phrase::say_screen_missed, "Goodbye."},
    {Phrase::say_fallback,
     "Sorry, we can't come to the phone at the moment. Please ring again later, or send a text to this number. "
     "Goodbye."},
    {Phrase::text_customer_intake,
     "{business}: sorry we missed your call. Reply here with the job and when you need it done."},
    {Phrase::text_failsafe,
     "Answering service for {number}. Sorry your call was missed. Reply with the job and when you need it "
     "done."},
    {Phrase::text_triage_reply,
     "Answering service for {number}. Thanks, we have your message and are passing it on."},
    {Phrase::text_customer_intake_elsewhere,
     "{business}: sorry we missed your call. Text us on {reply_to} with the job and when you need it done."},
    {Phrase::text_failsafe_elsewhere,
     "Answering service for {number}. Sorry your call was missed. Text us on {reply_to} with the job and when "
     "you need it done."},
    {Phrase::text_customer_intake_late,
     "{business}: sorry we missed your call earlier. Reply here with the job and when you need it done."},
    {Phrase::text_failsafe_late,
     "Answering service for {number}. Sorry your call was missed earlier. Reply with the job and when you need "
     "it done."},
    {Phrase::text_customer_intake_late_elsewhere,
     "{business}: sorry we missed your call earlier. Text us on {reply_to} with the job and when you need it."},
    {Phrase::text_failsafe_late_elsewhere,
     "Answering service for {number}. Sorry your call was missed earlier. Text us on {reply_to} with the job "
     "and when you need it."},
    {Phrase::text_customer_intake_closed,
     "{business}: sorry we missed your call, we are closed. Reply here with the job and when you need it done."},
    {Phrase::text_customer_intake_busy,
     "{business}: sorry we missed your call, we are busy until {time}. Reply here with the job and when you "
     "need it."},
    {Phrase::text_job_confirmed, "{business}: thanks, we've got: {job}. We'll be in touch."},
    {Phrase::text_job_question, "{business}: thanks. What needs doing, and where is it?"},
    {Phrase::text_call_confirmed, "{business}: thanks, we've passed on that you'd like us to ring you back."},
    {Phrase::text_passed_on, "{business}: thanks, we've passed that on."},
    {Phrase::text_cancelled, "{business}: no problem, thanks for letting us know. Text us any time."},
    {Phrase::text_danger, "{business}: {advice} We are telling the owner now."},
    {Phrase::text_emergency_advice,
     "If you are in danger, get out and call 999. For a smell of gas, also call 0800 111 999."},
    {Phrase::text_accepted,
     "{business}: good news, we can do the job. We'll be in touch to sort out the details."},
    {Phrase::text_declined, "{business}: sorry, we can't take this job on. Thanks for asking us."},
    {Phrase::text_help,
     "{business}: you get our texts because you rang or texted us. Reply with the job and when you need it. "
     "Text STOP to opt out."},
    {Phrase::text_help_generic,
     "Answering service for {number}. Reply with the job and when you need it done. Text STOP to opt out."},
}};
static_assert(is_whole(british_lines));

}  // namespace

const Language& american() {
  static constexpr Language language = {
      .lines = american_lines,
      .opt_out_line = " Reply STOP to opt out.",
      .advice_elsewhere = "If you are in danger, get out first, then call {number}.",
      .sample_job = "leaking faucet in the kitchen"};
  return language;
}

const Language& british() {
  static constexpr Language language = {.lines = british_lines,
                                        .opt_out_line = " Text STOP to opt out.",
                                        .advice_elsewhere = "If you are in danger, get out and call {number}.",
                                        .sample_job = "leaking tap in the kitchen"};
  return language;
}

}  // namespace jobrun
