#include "conversation/owner.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/utf8.hpp"
#include "owner_wording.hpp"
#include "plain_words.hpp"

namespace jobrun::conversation {
namespace {

constexpr Duration decision_is_fresh = std::chrono::days{1};
constexpr Duration conversation_is_open = std::chrono::days{7};
constexpr Duration they_talk_for = std::chrono::hours{48};
constexpr Duration customer_waits_for = std::chrono::minutes{10};
constexpr std::size_t words_size_max = 1'500;  // leaves room for the line that says how to opt out

using Places = std::vector<std::size_t>;

Instant spoken_at(const State& state) {
  return std::max(state.last_customer_text_at, state.owner_wrote_at.value_or(Instant{}));
}

bool is_recent(std::optional<Instant> at, Instant now, Duration span) {
  return at && now - *at < span;
}

Step step_after(Decision decision) {
  return decision == Decision::accept ? Step::accepted : Step::declined;
}

OwnerTurn only_reply(std::string words) {
  OwnerTurn turn;
  turn.reply = std::move(words);
  return turn;
}

/// One turn, while its facts are at hand.
class OwnerText {
 public:
  explicit OwnerText(const OwnerFacts& facts) : facts_(facts), all_(facts.conversations) {}

  OwnerTurn operator()(const Accept& accept) const { return decide(Decision::accept, accept.whom); }
  OwnerTurn operator()(const Decline& decline) const { return decide(Decision::decline, decline.whom); }
  OwnerTurn operator()(const Relay& relay) const;
  OwnerTurn operator()(Pause) const;
  OwnerTurn operator()(Resume) const;
  OwnerTurn operator()(Status) const;
  OwnerTurn operator()(const Busy& busy) const;
  OwnerTurn operator()(const Skip& skip) const;
  OwnerTurn operator()(const Block& block) const;
  OwnerTurn operator()(Help) const { return only_reply(wording::help()); }

 private:
  OwnerTurn decide(Decision decision, const NamedCustomer& whom) const;
  OwnerTurn decide_for(Decision decision, std::size_t place) const;
  OwnerTurn decide_unnamed(Decision decision) const;
  OwnerTurn decide_again(Decision decision, std::size_t place) const;
  OwnerTurn relay_to(std::size_t place, std::string_view words) const;
  OwnerTurn change_phones(std::span<const std::string> numbers, bool is_block, bool holds) const;

  Places one_each(const Places& places) const;
  Places in_step(Step step) const;
  Places named(std::string_view digits) const;
  /// Of two that were decided at once, the one to which `decision` changes nothing.
  std::optional<std::size_t> newest_decided(Decision decision) const;
  std::optional<std::size_t> newest_spoken() const;
  /// Who wrote last, while he and the owner talk with each other and nobody has waited long.
  std::optional<std::size_t> in_talk_now() const;
  bool they_talk(std::size_t place) const {
    return is_recent(all_[place].state.owner_wrote_at, facts_.now, they_talk_for);
  }
  std::optional<std::string> why_not_text(std::size_t place) const {
    return facts_.why_not_text ? facts_.why_not_text(all_[place].customer) : std::nullopt;
  }
  bool is_busy() const { return facts_.busy_until && *facts_.busy_until > facts_.now; }
  std::string state_now() const;

  const OwnerFacts& facts_;
  std::span<const ListedConversation> all_;
};

/// A customer may have texted several of the business's numbers: the conversation that was last spoken in stands
/// for him.
Places OwnerText::one_each(const Places& places) const {
  Places kept;
  for (const std::size_t place : places) {
    const auto same = std::ranges::find_if(
        kept, [&](std::size_t other) { return all_[other].customer == all_[place].customer; });
    if (same == kept.end()) {
      kept.push_back(place);
    } else if (spoken_at(all_[*same].state) < spoken_at(all_[place].state)) {
      *same = place;
    }
  }
  return kept;
}

Places OwnerText::in_step(Step step) const {
  Places places;
  for (std::size_t place = 0; place < all_.size(); ++place) {
    if (all_[place].state.step == step) places.push_back(place);
  }
  return places;
}

/// Those whose phones end with the digits, as he sees them or as he dials them.
Places OwnerText::named(std::string_view digits) const {
  constexpr std::size_t dialled_digits_min = 7;
  const bool is_dialled = digits.size() >= dialled_digits_min;
  const std::optional<E164> phone =
      is_dialled && facts_.read_phone ? facts_.read_phone(digits) : std::optional<E164>{};
  Places places;
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const E164 customer = all_[place].customer;
    const std::string all_digits = std::to_string(customer.digits());
    if (all_digits == digits || customer == phone) return {place};  // whoever else's end the same
    if (all_digits.ends_with(digits)) places.push_back(place);
  }
  return one_each(places);
}

std::optional<std::size_t> OwnerText::newest_decided(Decision decision) const {
  std::optional<std::size_t> newest;
  const auto rank = [&](std::size_t place) {
    const State& state = all_[place].state;
    return std::pair(state.decided_at, state.step == step_after(decision));
  };
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const State& state = all_[place].state;
    const bool is_decided = state.step == Step::accepted || state.step == Step::declined;
    if (!is_decided || !is_recent(state.decided_at, facts_.now, decision_is_fresh)) continue;
    if (!newest || rank(*newest) < rank(place)) newest = place;
  }
  return newest;
}

std::optional<std::size_t> OwnerText::newest_spoken() const {
  std::optional<std::size_t> newest;
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const Instant at = spoken_at(all_[place].state);
    if (!is_recent(at, facts_.now, conversation_is_open)) continue;
    if (!newest || spoken_at(all_[*newest].state) < at) newest = place;
  }
  return newest;
}

std::optional<std::size_t> OwnerText::in_talk_now() const {
  std::optional<std::size_t> last;
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const Instant at = all_[place].state.last_customer_text_at;
    if (!last || all_[*last].state.last_customer_text_at < at) last = place;
  }
  if (!last || !they_talk(*last)) return std::nullopt;
  return is_recent(all_[*last].state.last_customer_text_at, facts_.now, customer_waits_for) ? last : std::nullopt;
}

// --- accept and decline --------------------------------------------------------------------------

OwnerTurn OwnerText::decide(Decision decision, const NamedCustomer& whom) const {
  if (whom.digits.empty()) return decide_unnamed(decision);
  const Places places = named(whom.digits);
  if (places.empty()) return only_reply(wording::nobody_named(whom.digits));
  if (places.size() > 1) return only_reply(wording::which_decision(decision, places, all_));
  return decide_for(decision, places.front());
}

OwnerTurn OwnerText::decide_unnamed(Decision decision) const {
  Places waiting = one_each(in_step(Step::told));
  const auto is_old = [&](std::size_t place) {
    return !is_recent(spoken_at(all_[place].state), facts_.now, conversation_is_open);
  };
  Places old;
  std::ranges::copy_if(waiting, std::back_inserter(old), is_old);
  std::erase_if(waiting, is_old);
  // Before those that are as good as forgotten, so that the same word said twice is about one job.
  const std::optional<std::size_t> decided = newest_decided(decision);
  if (waiting.empty() && decided) return decide_again(decision, *decided);
  if (waiting.empty()) waiting = old;
  // Whoever was asked has said a little; the owner may know more, by a call.
  if (waiting.empty()) waiting = one_each(in_step(Step::asked));
  if (waiting.empty()) return only_reply(wording::nothing_waits());
  if (waiting.size() > 1) return only_reply(wording::which_decision(decision, waiting, all_));
  const std::optional<std::size_t> talk = in_talk_now();
  if (talk && *talk != waiting.front()) {
    // The word may answer what that other customer has just asked.
    return only_reply(wording::which_decision(decision, Places{waiting.front(), *talk}, all_));
  }
  return decide_for(decision, waiting.front());
}

/// No other job waits: the word is about the last that was decided, once more or after all.
OwnerTurn OwnerText::decide_again(Decision decision, std::size_t place) const {
  const State& state = all_[place].state;
  const bool is_change = state.step != step_after(decision);
  const bool has_talked = state.owner_wrote_at && state.decided_at && *state.owner_wrote_at > *state.decided_at;
  const std::optional<std::size_t> talk = in_talk_now();
  if (is_change && (has_talked || (talk && *talk != place))) {
    return only_reply(wording::confirm_change(decision, place, all_));
  }
  return decide_for(decision, place);
}

OwnerTurn OwnerText::decide_for(Decision decision, std::size_t place) const {
  const ListedConversation& conversation = all_[place];
  switch (conversation.state.step) {
    case Step::quiet:
      return only_reply(wording::has_no_job(conversation));
    case Step::cancelled:
      return only_reply(wording::was_cancelled(conversation));
    case Step::accepted:
    case Step::declined:
      if (conversation.state.step == step_after(decision)) {
        return only_reply(wording::already_decided(decision, conversation));
      }
      break;
    case Step::asked:
    case Step::told:
      break;
  }
  OwnerTurn turn;
  turn.customer = ToCustomer{.conversation = place, .next = conversation.state};
  turn.customer->next.step = step_after(decision);
  turn.customer->next.decided_at = facts_.now;
  turn.notice = wording::decided(decision, conversation);
  if (const std::optional<std::string> why = why_not_text(place)) {
    turn.reply = wording::cannot_be_texted(conversation, *why);
  } else {
    turn.customer->next.replied_at = facts_.now;
    turn.customer->phrase = decision == Decision::accept ? Phrase::text_accepted : Phrase::text_declined;
  }
  return turn;
}

// --- words for a customer ------------------------------------------------------------------------

/// Nothing that a customer would miss, unless he has just asked something: `ok`, `thanks`, `3`, marks and emoji.
bool is_hardly_said(std::string_view words) {
  constexpr std::array<std::string_view, 12> fillers = {"ok",  "okay",   "k",     "thanks", "thank", "you",
                                                        "thx", "cheers", "great", "good",   "cool",  "ta"};
  if (plain_line(words, OtherLetters::kept) != plain_line(words, OtherLetters::left_out)) return false;
  constexpr std::size_t number_size_max = 2;
  return std::ranges::all_of(split_words(folded_line(words)), [&](const std::string& word) {
    const bool is_short_number =
        word.size() <= number_size_max && word.find_first_not_of("0123456789") == word.npos;
    return is_short_number || std::ranges::find(fillers, word) != fillers.end();
  });
}

/// As he wrote them, without what no phone shows.
std::string without_controls(std::string_view words) {
  if (is_clean_utf8(words)) return std::string(words);
  std::string clean;
  while (!words.empty()) {
    const CodePoint point = first_code_point(words);
    const std::string_view bytes = words.substr(0, point.size);
    if (point.is_valid && is_clean_utf8(bytes)) clean += bytes;
    words.remove_prefix(point.size);
  }
  return clean;
}

/// Customers other than `place` whose digits the words name, though not where a name stands.
Places named_within(std::string_view words, std::size_t place, std::span<const ListedConversation> all) {
  constexpr std::size_t digits_min = 4;
  Places others;
  for (const std::string& word : split_words(folded_line(words))) {
    if (word.size() < digits_min || word.find_first_not_of("0123456789") != word.npos) continue;
    for (std::size_t other = 0; other < all.size(); ++other) {
      const bool is_named = std::to_string(all[other].customer.digits()).ends_with(word);
      if (is_named && other == place) return {};
      if (is_named) others.push_back(other);
    }
  }
  return others;
}

OwnerTurn OwnerText::operator()(const Relay& relay) const {
  const std::string words = without_controls(relay.words);
  if (!relay.whom.digits.empty()) {
    const Places places = named(relay.whom.digits);
    if (places.empty()) return only_reply(wording::nobody_named(relay.whom.digits));
    if (places.size() > 1) return only_reply(wording::which_customer(places, all_));
    if (words.empty()) return only_reply(wording::no_words_for(relay.whom.digits));
    return relay_to(places.front(), words);
  }
  if (words.empty()) return only_reply(wording::help());
  Places waiting;
  Places talking;
  for (std::size_t place = 0; place < all_.size(); ++place) {
    if (!is_recent(all_[place].state.last_customer_text_at, facts_.now, customer_waits_for)) continue;
    waiting.push_back(place);
    if (they_talk(place)) talking.push_back(place);
  }
  std::optional<std::size_t> target = newest_spoken();
  if (waiting.size() > 1) {
    if (talking.size() != 1) return only_reply(wording::which_customer(waiting, all_));
    target = talking.front();
  }
  if (!target) return only_reply(wording::nobody_to_tell());
  if (is_hardly_said(words) && !they_talk(*target)) return only_reply(wording::help());
  const Places others = named_within(words, *target, all_);
  if (!others.empty()) return only_reply(wording::which_customer(others, all_));
  return relay_to(*target, words);
}

OwnerTurn OwnerText::relay_to(std::size_t place, std::string_view words) const {
  if (words.size() > words_size_max) return only_reply(wording::words_too_long());
  if (const std::optional<std::string> why = why_not_text(place)) {
    return only_reply(wording::not_passed_on(all_[place], *why));
  }
  OwnerTurn turn;
  turn.customer = ToCustomer{.conversation = place, .next = all_[place].state, .words = std::string(words)};
  turn.customer->next.owner_wrote_at = facts_.now;
  return turn;
}

// --- whether he works ----------------------------------------------------------------------------

std::string OwnerText::state_now() const {
  if (is_busy()) return wording::busy(facts_.busy_until_words, facts_.is_paused);
  return facts_.is_paused ? wording::paused() : wording::working();
}

OwnerTurn OwnerText::operator()(Pause) const {
  OwnerTurn turn = only_reply(wording::paused());
  if (!facts_.is_paused) turn.paused = true;
  return turn;
}

OwnerTurn OwnerText::operator()(Resume) const {
  OwnerTurn turn = only_reply(wording::working());
  if (facts_.is_paused) turn.paused = false;
  turn.is_busy_over = facts_.busy_until.has_value();
  return turn;
}

OwnerTurn OwnerText::operator()(Status) const {
  Places open = in_step(Step::told);
  for (const std::size_t place : in_step(Step::accepted)) {
    const State& state = all_[place].state;
    const Instant last = std::max(spoken_at(state), state.decided_at.value_or(Instant{}));
    if (is_recent(last, facts_.now, conversation_is_open)) open.push_back(place);
  }
  return only_reply(wording::status(state_now(), open, all_));
}

OwnerTurn OwnerText::operator()(const Busy& busy) const {
  Instant until{};
  TimeOfDay shown{};
  if (busy.lasts) {
    until = facts_.now + *busy.lasts;
    shown = {(facts_.local.time.minutes + static_cast<int>(busy.lasts->count())) % minutes_of_day};
  } else if (busy.until && facts_.next) {
    shown = *busy.until;
    until = facts_.next(shown);
    const TimeOfDay other{(shown.minutes + minutes_of_day / 2) % minutes_of_day};
    if (busy.is_either_half && facts_.next(other) < until) {
      until = facts_.next(other);
      shown = other;
    }
  } else {
    return only_reply(is_busy() ? state_now() : wording::until_when());
  }
  OwnerTurn turn = only_reply(wording::busy(to_text(shown), facts_.is_paused));
  if (facts_.busy_until != until) turn.busy_until = until;
  return turn;
}

// --- numbers -------------------------------------------------------------------------------------

OwnerTurn OwnerText::operator()(const Skip& skip) const {
  return change_phones(skip.numbers, false, skip.holds);
}

OwnerTurn OwnerText::operator()(const Block& block) const {
  return change_phones({&block.number, 1}, true, block.holds);
}

/// Each number in full, or a customer's last digits. Of several, those that can be read.
OwnerTurn OwnerText::change_phones(std::span<const std::string> numbers, bool is_block, bool holds) const {
  constexpr std::size_t named_digits_min = 3;
  constexpr std::size_t named_digits_max = 6;
  OwnerTurn turn;
  std::vector<E164> phones;
  for (const std::string& number : numbers) {
    std::string digits;
    std::ranges::copy_if(number, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    std::optional<E164> phone;
    if (digits.size() > named_digits_max && facts_.read_phone) phone = facts_.read_phone(number);
    if (digits.size() >= named_digits_min && digits.size() <= named_digits_max) {
      const Places places = named(digits);
      if (places.size() > 1) return only_reply(wording::which_customer(places, all_));
      if (places.size() == 1) phone = all_[places.front()].customer;
    }
    if (!phone || std::ranges::find(phones, *phone) != phones.end()) continue;
    phones.push_back(*phone);
    turn.phones.push_back({.phone = *phone, .is_block = is_block, .holds = holds});
  }
  if (phones.empty()) return only_reply(is_block ? wording::how_to_block() : wording::how_to_skip());
  turn.reply = is_block ? wording::blocked(phones.front(), holds) : wording::skipped(phones, holds);
  return turn;
}

}  // namespace

OwnerTurn take_owner_text(const OwnerCommand& command, const OwnerFacts& facts) {
  return std::visit(OwnerText(facts), command);
}

}  // namespace jobrun::conversation
