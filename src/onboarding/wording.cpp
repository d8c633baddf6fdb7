#include "wording.hpp"

#include <string_view>

#include "forwarding.hpp"
#include "places.hpp"

namespace jobrun::onboarding {
namespace {

/// `Joe` of `Joe Miller`; all of `Dr Miller`.
std::string first_name(const std::string& name) {
  const std::string first = name.substr(0, name.find(' '));
  const bool is_title = first == "Mr" || first == "Mrs" || first == "Ms" || first == "Miss" || first == "Dr" ||
                        first == "Mr." || first == "Mrs." || first == "Ms." || first == "Dr.";
  return is_title ? name : first;
}

std::string number_of(const State& state) {
  return state.number ? readable(*state.number) : std::string("your number");
}

/// `HVAC in Austin`
std::string work_and_place(const Answers& answers) {
  if (answers.business_type.empty() && answers.place.empty()) return {};
  if (answers.place.empty()) return answers.business_type;
  if (answers.business_type.empty()) return answers.place;
  return answers.business_type + " in " + answers.place;
}

std::string alerts_of(const Answers& answers) {
  if (!answers.alert_by) return "?";
  switch (*answers.alert_by) {
    case AlertBy::text:
      return "text";
    case AlertBy::email:
      return "e-mail to " + answers.email;
    case AlertBy::both:
      return "text, and e-mail to " + answers.email;
  }
  return "?";
}

std::string ask_work_and_place(const Answers& answers) {
  if (answers.business_type.empty() && answers.place.empty()) {
    return "What work do you do, and where? For example: Plumber in Leeds";
  }
  if (answers.place.empty()) return "Which town or city do you work in?";
  return "And what work do you do there? For example: plumber";
}

std::string ask_alerts(const Answers& answers) {
  if (answers.alert_by && *answers.alert_by != AlertBy::text) {
    return "Which e-mail address shall we write to? (Or reply TEXT if you want no e-mail.)";
  }
  return "How shall we tell you about missed calls? Reply 1 for text, 2 for e-mail, 3 for both.";
}

std::string ask_confirmation(const Answers& answers) {
  return "Please check:\nWork: " + work_and_place(answers) + "\nBusiness: " + answers.business_name +
         "\nYour name: " + answers.owner_name + "\nAlerts: " + alerts_of(answers) +
         "\nReply YES if all is right. If not, tell me what to change, like: name is Smith & Sons";
}

std::string ask_phone(const State& state) {
  const Country country = country_of(state.owner);
  if (state.answers.phone && depends_on_network(country, *state.answers.phone) && !state.answers.network) {
    return "Which network is it on? Reply VERIZON, AT&T, T-MOBILE or OTHER.";
  }
  if (state.answers.network && !state.answers.phone) {
    return "And what phone is it? Reply IPHONE, ANDROID or MOBILE.";
  }
  return "What phone do customers call you on today? Reply IPHONE, ANDROID, LANDLINE or OFFICE (internet or "
         "office "
         "system).";
}

Forwarding forwarding_of(const State& state) {
  const PhoneKind phone = state.answers.phone.value_or(PhoneKind::other_mobile);
  return forwarding_for(country_of(state.owner), phone, state.answers.network.value_or(Network::other),
                        state.number.value_or(state.owner));
}

/// What to dial, in one sentence.
std::string dial(const State& state) {
  const Forwarding codes = forwarding_of(state);
  if (codes.is_by_menu) {
    return "In your phone system's settings or web page, open Call Forwarding (or Call Handling) and send calls "
           "that "
           "are not answered, or come while you are busy, to " +
           number_of(state) + ".";
  }
  if (codes.has_dial_tone_between) {
    return "On that phone dial " + codes.code + ", wait for the tone, dial " + number_of(state) +
           " and wait until it answers. Then the same with " + codes.busy + ", for when you are on a call.";
  }
  if (!codes.busy.empty()) {
    return "On that phone dial " + codes.code + " and wait for the confirmation. Then " + codes.busy +
           ", for when you are on a call.";
  }
  return "On that phone open the keypad, dial " + codes.code + " and press call.";
}

std::string undo(const State& state) {
  const Forwarding codes = forwarding_of(state);
  if (codes.is_by_menu) return "To undo, switch that setting off.";
  return "To undo: dial " + codes.undo + (codes.undo_busy.empty() ? "" : " and " + codes.undo_busy) + ".";
}

/// What people with such a phone run into.
std::string hint(const State& state) {
  switch (state.answers.phone.value_or(PhoneKind::other_mobile)) {
    case PhoneKind::iphone:
      return " (Not Settings > Call Forwarding: that sends ALL calls.)";
    case PhoneKind::android:
    case PhoneKind::other_mobile:
    case PhoneKind::landline:
    case PhoneKind::office_system:
      return "";
  }
  return "";
}

std::string instructions(const State& state) {
  return "Now let the calls you miss come to us; your phone still rings first. " + dial(state) + hint(state) +
         " " + undo(state) + " Reply DONE when you have.";
}

std::string ask_test_call() {
  return "Now a test: from ANOTHER phone, call your usual business number and let it ring, do not pick up. When "
         "it has "
         "stopped, reply DONE.";
}

std::string minutes_ago(Instant at, Instant now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - at).count();
  if (minutes < 1) return "just now";
  if (minutes < 60) return std::to_string(minutes) + " min ago";
  const auto hours = minutes / 60;
  if (hours < 24) return std::to_string(hours) + (hours == 1 ? " hour ago" : " hours ago");
  return std::to_string(hours / 24) + (hours < 48 ? " day ago" : " days ago");
}

}  // namespace

std::string prompt(const State& state, Activation activation) {
  switch (state.step) {
    case Step::business_type_and_place:
      return ask_work_and_place(state.answers);
    case Step::business_name:
      return "What is your business called?";
    case Step::owner_name:
      return "And what is your own name?";
    case Step::how_to_be_alerted:
      return ask_alerts(state.answers);
    case Step::confirm:
      return ask_confirmation(state.answers);
    case Step::number_allocation:
      if (state.is_approved) return state.waiting_since ? on_the_list() : number_comes();
      return activation == Activation::invite_code ? "Almost there. Please text me your invite code."
                                                   : approval_awaited();
    case Step::phone_type:
      return ask_phone(state);
    case Step::forwarding_instructions:
      return instructions(state);
    case Step::test_call:
      return ask_test_call();
    case Step::live:
      return "You are live: calls you miss come to " + number_of(state) +
             ", and we text those callers back. Reply HELP for what you can do here.";
  }
  return {};
}

std::string taken(const State& state, const std::string& prompt) {
  const Answers& answers = state.answers;
  switch (state.step) {
    case Step::business_type_and_place:
      return work_and_place(answers).empty() ? "Noted. " + prompt
                                             : "Got it: " + work_and_place(answers) + ". " + prompt;
    case Step::business_name:
      return "Got it: " + work_and_place(answers) + ". " + prompt;
    case Step::owner_name:
      return answers.business_name + ", good. " + prompt;
    case Step::how_to_be_alerted:
      if (answers.alert_by) break;
      return "Nice to meet you, " + first_name(answers.owner_name) + ". " + prompt;
    case Step::confirm:
    case Step::number_allocation:
    case Step::phone_type:
    case Step::forwarding_instructions:
    case Step::test_call:
    case Step::live:
      break;
  }
  return prompt;
}

std::string welcome() {
  return "Welcome to JobRun! When you miss a call, we text the caller back, so the job is not lost. Setting up "
         "takes a "
         "few texts. What work do you do, and where? For example: Plumber in Leeds. (HELP for help, STOP to end.)";
}

std::string welcome_with(const std::string& prompt) {
  return "Welcome to JobRun! " + prompt;
}

std::string welcome_back(const std::string& prompt) {
  return "Welcome back! " + prompt;
}

std::string begun_again(const State& state, const std::string& prompt) {
  const std::string kept = state.number ? " Your number " + number_of(state) + " stays yours." : "";
  return "No problem, we start again." + kept + " " + prompt;
}

std::string back_at(const std::string& prompt) {
  return "OK, one step back. " + prompt;
}

std::string no_way_back(const State& state, const std::string& prompt) {
  if (!state.number) return "There is nothing before this. " + prompt;
  return "Your number " + number_of(state) + " is set; RESTART lets you change your answers and keeps it. " +
         prompt;
}

std::string help(const State& state) {
  std::string words = " BACK goes one question back, RESTART begins again, PERSON brings a human, STOP ends.";
  const std::string question = " " + prompt(state, Activation::open);
  switch (state.step) {
    case Step::business_type_and_place:
    case Step::business_name:
    case Step::owner_name:
    case Step::how_to_be_alerted:
    case Step::confirm:
      return "JobRun texts back the callers you miss. I am asking what we need to set that up." + words + question;
    case Step::number_allocation:
      return "You have told us everything; your number is next." + words;
    case Step::phone_type:
      return "Next your phone has to send the calls you miss to " + number_of(state) + "." + words + question;
    case Step::forwarding_instructions:
      return dial(state) + " " + undo(state) + " Another phone? Reply IPHONE, ANDROID, LANDLINE or OFFICE." +
             words;
    case Step::test_call:
      return ask_test_call() + " CODES shows the codes again." + words;
    case Step::live:
      return "You are live on " + number_of(state) +
             ". CODES shows how to forward from your phone, UNDO how to end it, PERSON brings a human. To change "
             "something text e.g.: name is Smith & Sons";
  }
  return words;
}

std::string not_understood(const State& state) {
  return "Sorry, I did not get that. " + prompt(state, Activation::open);
}

std::string no_name_yet(const State& state) {
  if (state.step != Step::business_name) return not_understood(state);
  return "No name yet? What customers call you is fine, for example: Joe's Plumbing. What shall we put?";
}

std::string example(const State& state) {
  switch (state.step) {
    case Step::business_type_and_place:
      return "Let me give an example. You could write: I am an electrician in Austin. What would yours be?";
    case Step::business_name:
      return "I just need the name customers know, for example: Bright Sparks Electrical. What is yours?";
    case Step::owner_name:
      return "I just need your name, for example: Maria Lopez. What is yours?";
    case Step::how_to_be_alerted:
      if (state.answers.alert_by && *state.answers.alert_by != AlertBy::text) {
        return "An e-mail address looks like this: joe@example.com. What is yours? Or reply TEXT for texts only.";
      }
      return "Just reply with one digit: 1 = text message, 2 = e-mail, 3 = both.";
    case Step::confirm:
      return "Reply YES if everything is right. To change something write for example: my name is Joe Smith";
    case Step::number_allocation:
      return "An invite code is letters and digits, for example: SPRING25. Without one, reply PERSON and we look "
             "into it.";
    case Step::phone_type:
      if (state.answers.phone) return "For example, reply: VERIZON. If you do not know it, reply OTHER.";
      return "Think of the phone that rings when a customer calls. For example, reply: IPHONE";
    case Step::forwarding_instructions:
    case Step::test_call:
      return forwarding_trouble(state);
    case Step::live:
      break;
  }
  return prompt(state, Activation::open);
}

std::string handed_over(const State& state) {
  return "Let me get you a person: somebody from our team will contact you. You can also just go on. " +
         example(state);
}

std::string person_comes(const State& state, const std::string& prompt) {
  const std::string comes = "Of course, somebody from our team will contact you.";
  const bool has_question = state.step != Step::number_allocation && state.step != Step::live;
  return has_question ? comes + " If you like to go on meanwhile: " + prompt : comes;
}

std::string stay_calm(const std::string& prompt) {
  return "Sorry this is annoying. Reply PERSON and a human takes over, or STOP and we leave you alone. " + prompt;
}

std::string asked_back(const std::string& prompt) {
  return "JobRun texts back the callers you miss, so that you do not lose the job. Reply PERSON if you want to "
         "ask a "
         "human. " +
         prompt;
}

std::string refused(Refusal refusal, Step step) {
  switch (refusal) {
    case Refusal::link:
      return "Please without web addresses: I only need words. For example: Smith & Sons";
    case Refusal::signs:
      if (step == Step::how_to_be_alerted)
        return "Sorry, I cannot use those signs. Please reply 1, 2 or 3, or an e-mail address.";
      return "Sorry, I cannot use that. Please use letters, digits and & ' . - only, for example: Smith & Sons";
    case Refusal::too_long:
      return "That is a bit much for me. Please answer in a few words, at most 80 characters.";
    case Refusal::bad_email:
      return "That does not look like an e-mail address. It should look like this: joe@example.com";
  }
  return {};
}

std::string asked_anew(const std::string& prompt) {
  return "Sure. " + prompt;
}

std::string changed(const std::string& prompt) {
  return "Changed. " + prompt;
}

std::string changed_with_number(const State& state) {
  return "Changed: " + state.answers.business_name + " (" + work_and_place(state.answers) + "), " +
         state.answers.owner_name + ", alerts by " + alerts_of(state.answers) + ".";
}

std::string say_new_value(Field field) {
  switch (field) {
    case Field::business_type:
      return "Sure. Text me the new one like this: type is electrician";
    case Field::place:
      return "Sure. Text me the new one like this: city is Leeds";
    case Field::business_name:
      return "Sure. Text me the new one like this: name is Smith & Sons";
    case Field::owner_name:
      return "Sure. Text me the new one like this: my name is Joe Smith";
    case Field::alert_by:
      return "Sure. Text me like this: alerts by text. Or: alerts by both";
    case Field::email:
      return "Sure. Text me the new one like this: email is joe@example.com";
    case Field::phone:
      return "Sure. Which phone is it? Reply IPHONE, ANDROID, LANDLINE or OFFICE.";
  }
  return {};
}

std::string what_to_change() {
  return "What shall I change? Write for example: name is Smith & Sons. Or: city is Leeds. Or: alerts by both.";
}

std::string approval_awaited() {
  return "Thank you, that is all we need. We look at each new business ourselves and text you as soon as you are "
         "approved, "
         "mostly within a day. Nothing to do until then.";
}

std::string approved() {
  return "Good news: you are approved. " + number_comes();
}

std::string code_accepted(const std::string& prompt) {
  return "Your invite code is good. " + prompt;
}

std::string wrong_code() {
  return "Sorry, I do not know that code. Please check it and text it again. No code? Reply PERSON and we look "
         "into it.";
}

std::string number_comes() {
  return "Thank you! One moment, I am getting your number.";
}

std::string number_given(const State& state) {
  return "Your JobRun number is " + number_of(state) +
         ". Calls you miss will come to it, and we text those callers back. " + ask_phone(state);
}

std::string pool_is_empty() {
  return "All set, but all our numbers are taken right now. You are on the list and we text you as soon as you "
         "have one. "
         "Nothing to do until then. Sorry for the wait!";
}

std::string on_the_list() {
  return "You are on the list for a number; we text you as soon as you have it. Nothing to do until then.";
}

std::string forwarding_trouble(const State& state) {
  const Forwarding codes = forwarding_of(state);
  if (codes.is_by_menu) {
    return dial(state) +
           " If you cannot find it, ask your provider for \"call forwarding when busy or not answered\" to " +
           number_of(state) + ". Reply DONE when it is set, or PERSON for help.";
  }
  const std::string android =
      "Or: Phone app > Settings > Supplementary services or Calling accounts > Call forwarding. ";
  const bool is_android = state.answers.phone == PhoneKind::android;
  return dial(state) + " " + (is_android ? android : "") +
         "If your phone refuses, call your provider and ask for \"conditional call forwarding\" (busy, no answer, "
         "out of "
         "reach) to " +
         number_of(state) + ". Then reply DONE, or PERSON for help.";
}

std::string how_to_undo(const State& state) {
  return undo(state) +
         " Your calls then stay on your phone and callers you miss get no text from us. CODES shows how to "
         "forward again.";
}

std::string no_call_yet(const State& state) {
  const Forwarding codes = forwarding_of(state);
  const std::string check =
      codes.is_by_menu
          ? "Check the forwarding in your phone system"
          : "Check the code: " + codes.code + (codes.has_dial_tone_between ? " and then " + number_of(state) : "");
  return "No call has reached us yet. " + check +
         ". Then call your business number from another phone, let it ring until it stops, and reply DONE. CODES "
         "shows "
         "everything again.";
}

std::string direct_call(const State& state, Instant at, Instant now) {
  return "A call reached us " + minutes_ago(at, now) +
         ", but your phone did not forward it. Please call your usual business "
         "number, not " +
         number_of(state) +
         ", from another phone, let it ring, and reply DONE. If you did just that, reply FORWARDED.";
}

std::string now_live(const State& state) {
  const std::string name = state.answers.owner_name.empty() ? "" : ", " + first_name(state.answers.owner_name);
  return "It works" + name +
         "! You are live. From now on, when you miss a call, we text the caller back in the name of " +
         state.answers.business_name + " and send you what they need. Your number: " + number_of(state) +
         ". UNDO tells how to end it, HELP the rest.";
}

std::string reminder(const State& state) {
  const std::string name = state.answers.owner_name.empty() ? "" : " " + first_name(state.answers.owner_name);
  switch (state.reminders) {
    case 0:
      return "Hi" + name + ", JobRun here: your setup is nearly there. " + prompt(state, Activation::invite_code);
    case 1:
      return "Hi" + name + ", shall we finish setting up JobRun? " + prompt(state, Activation::invite_code);
    default:
      break;
  }
  return "Last reminder from JobRun" + (name.empty() ? "" : "," + name) + ": reply any time and we go on. " +
         prompt(state, Activation::invite_code);
}

std::string words_for_operator(const State& state, Attention attention) {
  std::string who = (state.answers.owner_name.empty() ? "An owner" : state.answers.owner_name) +
                    (state.answers.business_name.empty() ? "" : " (" + state.answers.business_name + ")");
  const std::string at = " at the step " + std::string(name_of(state.step));
  switch (attention) {
    case Attention::wrong_answers:
      return who + " is signing up and cannot go on" + at + ": three answers that could not be read.";
    case Attention::person_wanted:
      return who + " is signing up and asks for a person" + at + ".";
    case Attention::approval_needed:
      return who + " has answered all questions of the sign-up and waits to be approved.";
    case Attention::pool_empty:
      return who + " waits for a number: the pool has none left.";
    case Attention::forwarding_unseen:
      return who + " went live without a forwarded test call: the network does not tell who forwards.";
  }
  return who;
}

}  // namespace jobrun::onboarding
