#include "conversation/customer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "plain_words.hpp"
#include "summary.hpp"

namespace jobrun::conversation {
namespace {

constexpr Duration silence_ends_a_job = std::chrono::days{7};
constexpr Duration they_talk_for = std::chrono::hours{48};
constexpr Duration danger_answered_for = std::chrono::minutes{2};
constexpr Duration answered_for = std::chrono::minutes{10};
constexpr std::size_t kept_units_max = 80;  // of each of the words in a State

/// Texts may come in another order than they were sent.
bool is_near(std::optional<Instant> at, Instant now, Duration span) {
  return at && std::chrono::abs(now - *at) < span;
}

struct Text {
  const Intake& read;
  std::string_view words;
  const CustomerFacts& facts;

  bool is_danger() const { return read.danger != Danger::none; }
  /// A picture is something to look at, whatever stands beside it.
  bool is_thanks() const { return read.intent == Intent::thanks && facts.media == 0; }
  bool ends_it() const { return read.intent == Intent::cancel || read.intent == Intent::wrong_number; }
  bool is_chat() const {
    return facts.media == 0 && (read.intent == Intent::chat || read.intent == Intent::thanks);
  }
  /// It has something that a job may begin with.
  bool begins_something() const { return is_danger() || (!is_chat() && !ends_it()); }
};

/// The owner has been told of this job.
bool is_known(const State& state) {
  switch (state.step) {
    case Step::told:
    case Step::accepted:
    case Step::declined:
      return true;
    case Step::cancelled:
      return state.told_at.has_value();
    case Step::quiet:
    case Step::asked:
      return false;
  }
  return false;
}

bool begins_another(const State& before, const Text& text) {
  if (before.step == Step::cancelled && text.begins_something()) return true;
  if (before.step == Step::cancelled && !is_known(before) && !text.ends_it()) return true;
  if (!text.begins_something()) return false;
  const Instant last = std::max({before.last_customer_text_at, before.owner_wrote_at.value_or(Instant{}),
                                 before.decided_at.value_or(Instant{})});
  if (text.facts.now - last >= silence_ends_a_job) return true;
  return before.step == Step::declined && text.read.topic && text.read.topic != before.job.topic;
}

/// Counts the text. Whether there were more than somebody writes who is in need.
bool is_one_of_many(State& state, Instant now) {
  constexpr Duration counted_for = std::chrono::minutes{10};
  constexpr int texts_max = 20;
  if (!is_near(state.counted_from, now, counted_for)) {
    state.counted_from = now;
    state.counted = 0;
  }
  state.counted = std::min(state.counted, texts_max) + 1;
  return state.counted > texts_max;
}

/// What outlasts a job.
State begun_again(const State& before) {
  State next;
  next.last_customer_text_at = before.last_customer_text_at;
  next.owner_wrote_at = before.owner_wrote_at;
  next.replied_at = before.replied_at;
  next.danger_at = before.danger_at;
  next.language = before.language;
  next.counted_from = before.counted_from;
  next.counted = before.counted;
  return next;
}

std::string kept(std::string_view words) {
  return shortened(plain_line(words, OtherLetters::kept), kept_units_max);
}

/// The newest words on place and time count; what the job is, is what was said first, unless that named none.
void learn(State& state, const Intake& read) {
  Intake& job = state.job;
  const std::string told = kept(read.job);
  const bool is_worse = read.danger > job.danger;
  if (!told.empty()) {
    const bool is_clearer = read.topic && (!job.topic || is_worse);
    if (job.job.empty() || is_clearer) {
      job.job = told;
    } else if (state.step == Step::asked && !job.topic) {
      job.job = kept(job.job + ", " + told);
    }
  }
  if (read.topic && (!job.topic || is_worse)) job.topic = read.topic;
  if (const std::string place = kept(read.place); !place.empty()) job.place = place;
  if (const std::string when = kept(read.when); !when.empty()) job.when = when;
  if (read.urgency != Urgency::unknown) job.urgency = read.urgency;
  job.danger = std::max(job.danger, read.danger);
  const bool says_nothing = job.intent == Intent::chat || job.intent == Intent::thanks;
  if (read.intent == Intent::job || says_nothing) job.intent = read.intent;
}

/// The language that a text asks for in so many words.
std::optional<Locale> chosen_language(std::string_view words) {
  constexpr std::array<std::pair<std::string_view, Locale>, 12> rows = {{{" english please ", Locale::en_us},
                                                                         {" po angielsku ", Locale::en_us},
                                                                         {" en ingles ", Locale::en_us},
                                                                         {" en anglais ", Locale::en_us},
                                                                         {" po polsku ", Locale::pl},
                                                                         {" polish please ", Locale::pl},
                                                                         {" en francais ", Locale::fr},
                                                                         {" french please ", Locale::fr},
                                                                         {" en espanol ", Locale::es},
                                                                         {" spanish please ", Locale::es},
                                                                         {" espanol por favor ", Locale::es},
                                                                         {" francais svp ", Locale::fr}}};
  std::string line = " ";
  for (const std::string& word : split_words(folded_line(words))) line += word + " ";
  for (const auto& [phrase, locale] : rows) {
    if (line.contains(phrase)) return locale;
  }
  return std::nullopt;
}

void reply(CustomerTurn& turn, const Text& text, Phrase phrase, std::string job = {}) {
  turn.reply = CustomerReply{.phrase = phrase, .job = std::move(job)};
  turn.next.replied_at = text.facts.now;
}

void tell(CustomerTurn& turn, const Text& text, OwnerNotice::About about, std::string summary) {
  turn.notice = OwnerNotice{.about = about, .summary = std::move(summary)};
  turn.next.told_at = text.facts.now;
}

void tell_more(CustomerTurn& turn, const Text& text, OwnerNotice::About about) {
  tell(turn, text, about, summary_of_words(text.read, text.words, text.facts.media));
}

/// `boiler not working, 14 Mill Lane`
std::string confirmed_job(const State& state, const Text& text) {
  std::string job = state.job.job.empty() ? kept(text.words) : state.job.job;
  if (job.empty()) job = described(state.job, OtherLetters::kept);
  const std::string& place = state.job.place;
  if (!place.empty() && !folded_line(job).contains(folded_line(place))) job += ", " + place;
  return shortened(job, kept_units_max);
}

void take_danger(CustomerTurn& turn, const Text& text) {
  State& next = turn.next;
  const Danger danger = text.read.danger;
  const bool is_answered =
      next.job.danger == danger && is_near(next.danger_at, text.facts.now, danger_answered_for);
  learn(next, text.read);
  const std::string summary = summary_of_danger(danger, next.job, text.words, text.facts.media);
  next.step = Step::told;
  if (is_answered) return tell(turn, text, OwnerNotice::About::more, summary);
  reply(turn, text, Phrase::text_danger);
  next.danger_at = text.facts.now;
  tell(turn, text, OwnerNotice::About::danger, summary);
}

/// While owner and customer talk, his words are all that is wanted of us; the job is followed all the same, so
/// that the owner can still accept it.
void take_words_of_a_talk(CustomerTurn& turn, const Text& text) {
  State& next = turn.next;
  const bool was_told = is_known(next);
  tell_more(turn, text, OwnerNotice::About::words);
  if (text.ends_it()) {
    next.step = Step::cancelled;
    return;
  }
  learn(next, text.read);
  if (!was_told && (next.step == Step::asked || text.begins_something())) next.step = Step::told;
}

void take_end(CustomerTurn& turn, const Text& text) {
  const bool is_expected = turn.next.step == Step::told || turn.next.step == Step::accepted;
  if (is_expected) {
    tell(turn, text, OwnerNotice::About::cancelled, summary_of_cancelled(turn.next.job, text.words));
  }
  turn.next.step = Step::cancelled;
  reply(turn, text, Phrase::text_cancelled);
}

void ask(CustomerTurn& turn, const Text& text) {
  turn.next.was_asked = true;
  turn.next.step = Step::asked;
  reply(turn, text, Phrase::text_job_question);
}

void begin_job(CustomerTurn& turn, const Text& text) {
  turn.next.step = Step::told;
  tell(turn, text, OwnerNotice::About::job, summary_of_job(turn.next.job, text.words, text.facts.media));
}

/// More of a job that the owner knows. Somebody who types five texts is answered once.
void pass_on(CustomerTurn& turn, const Text& text) {
  if (!is_near(turn.next.replied_at, text.facts.now, answered_for)) reply(turn, text, Phrase::text_passed_on);
  tell_more(turn, text, OwnerNotice::About::more);
}

void take_job(CustomerTurn& turn, const Text& text) {
  constexpr std::size_t clear_words_min = 3;
  const bool is_clear =
      text.read.topic || std::ranges::count(kept(text.read.job), ' ') + 1 >= std::ptrdiff_t{clear_words_min};
  if (!is_clear && text.facts.media == 0 && !turn.next.was_asked) return ask(turn, text);
  begin_job(turn, text);
  reply(turn, text, Phrase::text_job_confirmed, confirmed_job(turn.next, text));
}

void take_request(CustomerTurn& turn, const Text& text) {
  const bool was_known = is_known(turn.next);
  const Phrase phrase = text.read.intent == Intent::call_me ? Phrase::text_call_confirmed : Phrase::text_passed_on;
  if (was_known && phrase == Phrase::text_passed_on) return pass_on(turn, text);
  reply(turn, text, phrase);
  if (was_known) return tell_more(turn, text, OwnerNotice::About::more);
  begin_job(turn, text);
}

void take_chat(CustomerTurn& turn, const Text& text) {
  if (is_known(turn.next)) return tell_more(turn, text, OwnerNotice::About::more);
  if (!turn.next.was_asked) return ask(turn, text);
  begin_job(turn, text);
  reply(turn, text, Phrase::text_job_confirmed, confirmed_job(turn.next, text));
}

void take_pictures(CustomerTurn& turn, const Text& text) {
  if (is_known(turn.next)) return pass_on(turn, text);
  begin_job(turn, text);
  reply(turn, text, Phrase::text_passed_on);
}

void take_by_intent(CustomerTurn& turn, const Text& text) {
  const bool was_known = is_known(turn.next);
  if (!text.ends_it()) learn(turn.next, text.read);
  switch (text.read.intent) {
    case Intent::wrong_number:
    case Intent::cancel:
      return take_end(turn, text);
    case Intent::thanks:
      return text.is_thanks() ? void() : take_pictures(turn, text);
    case Intent::chat:
      return text.facts.media > 0 ? take_pictures(turn, text) : take_chat(turn, text);
    case Intent::call_me:
    case Intent::question:
      return take_request(turn, text);
    case Intent::job:
      return was_known ? pass_on(turn, text) : take_job(turn, text);
  }
}

}  // namespace

CustomerTurn take_customer_text(const State& before, const Intake& read, std::string_view words,
                                const CustomerFacts& facts) {
  const Text text{read, words, facts};
  if (facts.asks_for_help) {
    CustomerTurn turn{.next = before};
    if (!facts.is_helped) turn.reply = CustomerReply{.phrase = Phrase::text_help};
    return turn;
  }
  CustomerTurn turn{.next = begins_another(before, text) ? begun_again(before) : before};
  State& next = turn.next;
  next.last_customer_text_at = std::max(next.last_customer_text_at, facts.now);
  if (read.language) next.language = read.language;
  if (const std::optional<Locale> chosen = chosen_language(words)) next.language = chosen;

  const bool they_talk = next.owner_wrote_at && facts.now - *next.owner_wrote_at < they_talk_for;
  if (text.is_danger()) {
    take_danger(turn, text);
  } else if (they_talk) {
    take_words_of_a_talk(turn, text);
  } else {
    take_by_intent(turn, text);
  }
  const bool is_many = is_one_of_many(next, facts.now);
  if (turn.notice) turn.notice->is_one_of_many = is_many;
  return turn;
}

}  // namespace jobrun::conversation
