#include "owner_wording.hpp"

#include <algorithm>

#include "plain_words.hpp"

namespace jobrun::conversation::wording {
namespace {

/// `boiler not working, 14 Mill Lane`; letters that GSM-7 has not are left out.
std::string job_of(const State& state, std::size_t units_max) {
  std::string job = described(state.job, OtherLetters::left_out);
  if (job.empty()) job = "a job";
  const std::string place = plain_line(state.job.place, OtherLetters::left_out);
  if (!place.empty() && !folded_line(job).contains(folded_line(place))) job += ", " + place;
  return shortened(job, units_max);
}

/// The last digits of his phone, at least four, that no other's phone ends with.
std::string digits_that_tell(std::size_t place, std::span<const ListedConversation> all) {
  constexpr std::size_t shown_min = 4;
  const std::string phone = std::to_string(all[place].customer.digits());
  for (std::size_t shown = shown_min; shown < phone.size(); ++shown) {
    const std::string_view end = std::string_view(phone).substr(phone.size() - shown);
    const bool is_shared = std::ranges::any_of(all, [&](const ListedConversation& other) {
      return other.customer != all[place].customer && std::to_string(other.customer.digits()).ends_with(end);
    });
    if (!is_shared) return std::string(end);
  }
  return phone;
}

/// `0123 (boiler not working), 0456 (leaking tap)`
std::string list_of(std::span<const std::size_t> named, std::span<const ListedConversation> all) {
  constexpr std::size_t job_units = 28;
  std::string list;
  for (const std::size_t place : named.first(std::min(named.size(), listed_customers_max))) {
    if (!list.empty()) list += ", ";
    list += digits_that_tell(place, all) + " (" + job_of(all[place].state, job_units) + ")";
  }
  if (named.size() > listed_customers_max) list += ", ...";
  return list;
}

std::string_view key_of(Decision decision) {
  return decision == Decision::accept ? "YES" : "NO";
}

std::string_view done_of(Decision decision) {
  return decision == Decision::accept ? "Accepted" : "Declined";
}

constexpr std::size_t job_units_max = 90;

}  // namespace

std::string help() {
  return "1 or YES accepts a job, 2 or NO declines it. Other words go to the customer; @0123 before them says to "
         "which. PAUSE, RESUME, BUSY UNTIL 3PM, STATUS, SKIP or BLOCK and a number.";
}

std::string nothing_waits() {
  return "No job waits for an answer. " + help();
}

std::string nobody_to_tell() {
  return "That went to nobody: no customer is talking with you. " + help();
}

std::string which_decision(Decision decision, std::span<const std::size_t> named,
                           std::span<const ListedConversation> all) {
  const std::string first = named.empty() ? std::string{} : digits_that_tell(named.front(), all);
  return "Which one? Reply for example " + std::string(key_of(decision)) + " " + first + ": " +
         list_of(named, all) + ". Nothing is done yet.";
}

std::string which_customer(std::span<const std::size_t> named, std::span<const ListedConversation> all) {
  const std::string first = named.empty() ? std::string{} : digits_that_tell(named.front(), all);
  return "For whom? Write for example @" + first + " before your words: " + list_of(named, all) +
         ". Nothing was passed on.";
}

std::string confirm_change(Decision decision, std::size_t place, std::span<const ListedConversation> all) {
  const std::string digits = digits_that_tell(place, all);
  const std::string key(key_of(decision));
  constexpr std::size_t job_units = 60;
  return "Nothing is done yet. To " + std::string(decision == Decision::accept ? "accept" : "decline") + " " +
         job_of(all[place].state, job_units) + " after all, reply " + key + " " + digits +
         ". To tell the customer, write @" + digits + " before your words.";
}

std::string decided(Decision decision, const ListedConversation& conversation) {
  const std::string phone = conversation.customer.text();
  const std::string start =
      std::string(done_of(decision)) + ": " + job_of(conversation.state, job_units_max) + " for " + phone + ".";
  if (decision == Decision::decline) return start;
  return start + " Call " + phone + ", or reply here and we pass it on.";
}

std::string already_decided(Decision decision, const ListedConversation& conversation) {
  return "Already " + std::string(decision == Decision::accept ? "accepted" : "declined") + ": " +
         job_of(conversation.state, job_units_max) + " for " + conversation.customer.text() + ".";
}

std::string cannot_be_texted(const ListedConversation& conversation, std::string_view why) {
  constexpr std::size_t why_units = 120;
  const std::string reason = shortened(plain_line(why, OtherLetters::left_out), why_units);
  return "The customer was not texted: " + reason + ". Please call " + conversation.customer.text() + ".";
}

std::string was_cancelled(const ListedConversation& conversation) {
  return "The customer has cancelled: " + job_of(conversation.state, job_units_max) +
         ". Nothing was changed; you can call " + conversation.customer.text() + ".";
}

std::string has_no_job(const ListedConversation& conversation) {
  return "No job is known yet from " + conversation.customer.text() + ". Nothing was changed.";
}

std::string nobody_named(std::string_view digits) {
  constexpr std::size_t digits_max = 15;
  return "No customer with the number " + std::string(digits.substr(0, digits_max)) +
         " has written to you, or called lately. Nothing was done. STATUS lists your jobs.";
}

std::string not_passed_on(const ListedConversation& conversation, std::string_view why) {
  return "Not passed on. " + cannot_be_texted(conversation, why);
}

std::string no_words_for(std::string_view digits) {
  constexpr std::size_t digits_max = 15;
  const std::string shown(digits.substr(0, digits_max));
  return "Write what to tell the customer behind the digits, for example: @" + shown + " see you at 3.";
}

std::string words_too_long() {
  return "Not passed on: that is too long for one text. Please send it in parts.";
}

std::string paused() {
  return "Paused: callers get no texts until you reply RESUME.";
}

std::string busy(std::string_view until, bool is_paused) {
  constexpr std::size_t time_units = 20;  // it comes from outside
  const std::string time = "until " + shortened(plain_line(until, OtherLetters::left_out), time_units);
  if (is_paused) return "Busy " + time + ", and paused: callers get no texts until you reply RESUME.";
  return "Busy " + time + ": callers are told that you will get back to them then. RESUME ends it.";
}

std::string until_when() {
  return "Until when? Reply for example: BUSY UNTIL 3PM";
}

std::string working() {
  return "Working: callers you miss are texted.";
}

std::string status(const std::string& state, std::span<const std::size_t> open,
                   std::span<const ListedConversation> all) {
  std::string words = state + " ";
  words += open.empty() ? "No open jobs."
                        : std::to_string(open.size()) + (open.size() == 1 ? " open job:" : " open jobs:");
  constexpr std::size_t job_units = 44;
  for (const std::size_t place : open.first(std::min(open.size(), listed_jobs_max))) {
    const State& its = all[place].state;
    words += "\n" + digits_that_tell(place, all) + " " + job_of(its, job_units) +
             (its.step == Step::accepted ? " (accepted)" : " (waits)");
  }
  return words;
}

std::string how_to_skip() {
  return "Write the number in full, for example SKIP 07700 900123 or SKIP +447700900123: family and suppliers are "
         "then "
         "never texted. UNSKIP undoes it.";
}

std::string how_to_block() {
  return "Write whom: BLOCK and the last 4 digits of a customer, or the number in full. UNBLOCK undoes it.";
}

std::string skipped(std::span<const E164> phones, bool holds) {
  std::string names;
  for (const E164 phone : phones) names += (names.empty() ? "" : ", ") + phone.text();
  const std::string are = phones.size() == 1 ? " is " : " are ";
  if (!holds) return names + are + "texted again after a missed call.";
  return names + are + "never texted after a missed call. UNSKIP and the number undoes it.";
}

std::string blocked(E164 phone, bool holds) {
  if (!holds) return phone.text() + " is heard again.";
  return phone.text() + " is blocked: you hear no more of that number. UNBLOCK and the number undoes it.";
}

}  // namespace jobrun::conversation::wording
