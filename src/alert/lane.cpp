#include "lane.hpp"

#include <algorithm>
#include <utility>

#include "base/back_off.hpp"
#include "base/rare_path.hpp"

namespace jobrun::alert {

Lane::Lane(const AlertDispatcher::Ports& ports, const AlertDispatcherOptions& options, AlertChannel& channel)
    : ports_(ports), options_(options), channel_(channel), way_(channel.way()) {}

std::size_t Lane::limit_per_hour() const {
  switch (way_) {
    case AlertWay::webhook:
      return 0;
    case AlertWay::email:
      return options_.emails_per_hour;
    case AlertWay::text:
      return options_.texts_per_hour;
  }
  return 0;
}

std::size_t Lane::allowance() const {
  if (is_probing()) return in_flight_.empty() && ports_.clock.monotonic() >= probe_at_ ? 1 : 0;
  return options_.in_flight_max > in_flight_.size() ? options_.in_flight_max - in_flight_.size() : 0;
}

// The store lists oldest first, and what is under way is still due there: so as many more are asked for.
std::vector<AlertLetter> Lane::take_due(std::deque<Settlement>& to_record) {
  const Nanoseconds now = ports_.clock.monotonic();
  const std::size_t allowed = allowance();
  if (now < look_at_ || allowed == 0) return {};
  const std::size_t limit = (has_recipients() ? options_.crowd_max : allowed) + not_due_.size();
  std::vector<AlertRecord> due = ports_.due_alerts(way_, ports_.clock.now(), static_cast<std::int64_t>(limit));
  look_at_ = now + options_.look_every;
  const bool may_be_more = due.size() >= limit;
  std::erase_if(due, [&](const AlertRecord& alert) { return not_due_.contains(alert.id.value); });
  const std::size_t recorded = to_record.size();
  std::vector<AlertLetter> letters = has_recipients() ? letters_to_people(std::move(due), allowed, to_record)
                                                      : single_letters(std::move(due), allowed);
  if (may_be_more && (!letters.empty() || to_record.size() > recorded)) look_at_ = now;
  return letters;
}

std::vector<AlertLetter> Lane::single_letters(std::vector<AlertRecord> due, std::size_t allowed) {
  std::vector<AlertLetter> letters;
  for (AlertRecord& alert : due) {
    if (letters.size() >= allowed) break;
    letters.push_back({.recipient = {}, .alerts = {std::move(alert)}});
  }
  return letters;
}

std::vector<AlertLetter> Lane::letters_to_people(std::vector<AlertRecord> due, std::size_t allowed,
                                                 std::deque<Settlement>& to_record) {
  std::vector<AlertLetter> letters;
  for (AlertLetter& crowd : by_recipient(std::move(due), to_record)) {
    if (in_talk_.contains(crowd.recipient)) continue;
    if (const std::optional<Duration> wait = kept_back_for(crowd.recipient)) {
      keep_back(crowd, *wait, to_record);
      continue;
    }
    if (letters.size() >= allowed) continue;
    if (crowd.alerts.size() <= options_.crowd_above) {
      crowd.alerts.resize(1);
    } else {
      seen(RarePath::alerts_told_together);
    }
    letters.push_back(std::move(crowd));
  }
  return letters;
}

/// In the order in which each recipient's oldest comes. Of what nobody can be told goes to `to_record`: it is
/// looked at again, because somebody may be by then, until another way has told it.
std::vector<AlertLetter> Lane::by_recipient(std::vector<AlertRecord> due, std::deque<Settlement>& to_record) {
  std::vector<AlertLetter> crowds;
  std::unordered_map<std::string, std::size_t> places;
  for (AlertRecord& alert : due) {
    const Result<std::string> recipient = channel_.recipient_of(alert.request);
    if (!recipient) {
      not_due_.insert(alert.id.value);
      to_record.push_back({.kind = Settlement::Kind::failed,
                           .way = way_,
                           .alert = alert,
                           .reason = recipient.error().message,
                           .again = alert.is_accepted ? std::nullopt : std::optional(options_.back_off_max)});
      continue;
    }
    const auto [place, is_new] = places.try_emplace(*recipient, crowds.size());
    if (is_new) crowds.push_back({.recipient = *recipient, .alerts = {}});
    crowds[place->second].alerts.push_back(std::move(alert));
  }
  return crowds;
}

/// Empty: the recipient may be told something now.
std::optional<Duration> Lane::kept_back_for(const std::string& recipient) const {
  const std::size_t limit = limit_per_hour();
  const Instant now = ports_.clock.now();
  const std::vector<Instant> told = ports_.tellings(way_, recipient, now - options_.limit_window, now);
  if (told.size() < limit) return std::nullopt;
  return told[limit - 1] + options_.limit_window - now;
}

void Lane::keep_back(const AlertLetter& crowd, Duration wait, std::deque<Settlement>& to_record) {
  seen(RarePath::alerts_over_the_limit);
  for (const AlertRecord& alert : crowd.alerts) {
    not_due_.insert(alert.id.value);
    to_record.push_back({.kind = Settlement::Kind::postponed, .way = way_, .alert = alert, .again = wait});
  }
}

std::int64_t Lane::start(AlertLetter letter) {
  for (const AlertRecord& alert : letter.alerts) {
    not_due_.insert(alert.id.value);
    if (alert.is_accepted) seen(RarePath::alert_told_by_a_second_way);
  }
  if (has_recipients()) in_talk_.insert(letter.recipient);
  in_flight_.emplace(++numbers_, std::move(letter));
  return numbers_;
}

std::optional<AlertLetter> Lane::hear(std::int64_t number, const AlertWord& word,
                                      std::deque<Settlement>& to_record) {
  const auto found = in_flight_.find(number);
  if (found == in_flight_.end()) return std::nullopt;
  AlertLetter letter = std::move(found->second);
  in_flight_.erase(found);
  look_now();
  const std::size_t recorded = to_record.size();
  if (word.answer == AlertAnswer::accepted) {
    failures_ = 0;
    for (const AlertRecord& alert : letter.alerts) {
      to_record.push_back({.kind = Settlement::Kind::accepted, .way = way_, .alert = alert});
    }
  } else {
    note_failure(word);
    settle_failure(letter, word, to_record);
  }
  // The last one's: until the others are durable too, the recipient is told nothing.
  to_record.back().frees = letter.recipient;
  const bool may_be_told = word.answer == AlertAnswer::accepted || word.answer == AlertAnswer::unknown;
  if (may_be_told && has_recipients()) to_record[recorded].told = letter.recipient;
  return letter;
}

/// A refusal says nothing of the way where it is one recipient's.
void Lane::note_failure(const AlertWord& word) {
  seen(RarePath::alert_not_accepted);
  if (has_recipients() && word.answer == AlertAnswer::refused) return;
  ++failures_;
  if (!is_probing()) return;
  seen(RarePath::alerts_probing);
  const int probes = failures_ - options_.failures_before_probing + 1;
  probe_at_ =
      ports_.clock.monotonic() + back_off(probes, options_.back_off_min, options_.probe_every_max, ports_.random);
}

void Lane::settle_failure(const AlertLetter& letter, const AlertWord& word, std::deque<Settlement>& to_record) {
  int attempts = 0;
  for (const AlertRecord& alert : letter.alerts) attempts = std::max(attempts, alert.attempts);
  const Duration wait = back_off(attempts + 1, options_.back_off_min, options_.back_off_max, ports_.random);
  for (const AlertRecord& alert : letter.alerts) {
    const bool is_over = alert.is_accepted && ports_.clock.now() - alert.created_at >= options_.told_otherwise_for;
    to_record.push_back({.kind = Settlement::Kind::failed,
                         .way = way_,
                         .alert = alert,
                         .reason = std::string(name_of(way_)) + ": " + word.reason,
                         .again = is_over ? std::nullopt : std::optional(wait)});
  }
}

void Lane::settled(const Settlement& settlement) {
  not_due_.erase(settlement.alert.id.value);
  if (!settlement.frees.empty()) {
    in_talk_.erase(settlement.frees);
    look_now();
  }
}

std::optional<Lane::Nanoseconds> Lane::wants_at() const {
  if (is_probing()) return in_flight_.empty() ? std::optional(std::max(look_at_, probe_at_)) : std::nullopt;
  return allowance() > 0 ? std::optional(look_at_) : std::nullopt;
}

}  // namespace jobrun::alert
