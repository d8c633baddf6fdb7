#include "lane.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/back_off.hpp"
#include "base/rare_path.hpp"

namespace jobrun::alert {
namespace {

/// Neither the hour of the day keeps it back, nor what else its owner was told of late.
bool is_urgent(const AlertRecord& alert) {
  return alert.request.kind == AlertKind::danger;
}

/// What was decided about a job answers whoever decided, just now: he is awake.
bool is_told_at_any_hour(const AlertRecord& alert) {
  return is_urgent(alert) || alert.request.kind == AlertKind::job_decided;
}

}  // namespace

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
    letters.push_back({.recipient = {}, .others = {}, .alerts = {std::move(alert)}});
  }
  return letters;
}

std::vector<AlertLetter> Lane::letters_to_people(std::vector<AlertRecord> due, std::size_t allowed,
                                                 std::deque<Settlement>& to_record) {
  std::vector<AlertLetter> letters;
  std::unordered_set<std::string> spoken_to;
  for (AlertLetter& crowd : by_recipient(std::move(due), to_record)) {
    if (in_talk_.contains(crowd.recipient) || spoken_to.contains(crowd.recipient)) continue;
    const std::size_t limit = is_urgent(crowd.alerts.front()) ? 2 * limit_per_hour() : limit_per_hour();
    if (const std::optional<Duration> wait = kept_back_for(crowd.recipient, limit)) {
      keep_back(crowd, *wait, to_record);
      continue;
    }
    if (letters.size() >= allowed) continue;
    if (crowd.alerts.size() <= options_.crowd_above) {
      crowd.alerts.resize(1);
    } else {
      seen(RarePath::alerts_told_together);
    }
    // Whoever is over his limit is left out, and nobody waits for him.
    std::erase_if(crowd.others, [&](const std::string& other) { return kept_back_for(other, limit).has_value(); });
    spoken_to.insert(crowd.recipient);
    letters.push_back(std::move(crowd));
  }
  return letters;
}

/// What is urgent comes first, by itself; the rest in the order in which each recipient's oldest comes. Of what
/// nobody can be told goes to `to_record`: it is looked at again, because somebody may be by then, until another
/// way has told it; and what its owner is to be left alone with.
std::vector<AlertLetter> Lane::by_recipient(std::vector<AlertRecord> due, std::deque<Settlement>& to_record) {
  std::vector<AlertLetter> crowds;
  std::map<std::pair<bool, AlertRecipient>, std::size_t> places;
  for (AlertRecord& alert : due) {
    const Result<AlertRecipient> recipient = channel_.recipient_of(alert.request);
    if (!recipient) {
      not_due_.insert(alert.id.value);
      to_record.push_back({.kind = Settlement::Kind::failed,
                           .way = way_,
                           .alert = alert,
                           .reason = recipient.error().message,
                           .again = alert.is_accepted ? std::nullopt : std::optional(options_.back_off_max)});
      continue;
    }
    if (const std::optional<Duration> wait = recipient->is_owner ? quiet_for(alert) : std::nullopt) {
      not_due_.insert(alert.id.value);
      to_record.push_back({.kind = Settlement::Kind::postponed, .way = way_, .alert = alert, .again = wait});
      continue;
    }
    const auto [place, is_new] = places.try_emplace({is_urgent(alert), *recipient}, crowds.size());
    if (is_new) crowds.push_back({.recipient = recipient->address, .others = recipient->others, .alerts = {}});
    crowds[place->second].alerts.push_back(std::move(alert));
  }
  std::ranges::stable_partition(crowds, [](const AlertLetter& crowd) { return is_urgent(crowd.alerts.front()); });
  return crowds;
}

/// Empty: its owner is told it now. So he is of danger, of what answers him, and of a call that only a person who
/// was told can end, once those who are awake had their time to hear of it, and none has. Never for longer than an
/// hour at once: the hours, and whoever set them, may change.
std::optional<Duration> Lane::quiet_for(const AlertRecord& alert) const {
  if (!ports_.quiet_until || is_told_at_any_hour(alert)) return std::nullopt;
  const Instant now = ports_.clock.now();
  const std::optional<Instant> until = ports_.quiet_until(alert.request, now);
  if (!until || *until <= now) return std::nullopt;
  if (!alert.request.escalates || alert.is_accepted) return std::min(*until - now, options_.quiet_look_every);
  if (!is_told_to_others(alert.request)) return std::nullopt;
  const Duration waited = std::max(now - alert.due_at, Duration{0});
  if (waited >= options_.others_first_for) return std::nullopt;
  return std::min(*until - now, options_.others_first_for - waited);
}

/// Whether by another way somebody is told it who is awake.
bool Lane::is_told_to_others(const AlertRequest& alert) const {
  return std::ranges::any_of(ports_.channels, [&](AlertChannel* channel) {
    if (channel == &channel_) return false;
    const Result<AlertRecipient> recipient = channel->recipient_of(alert);
    return recipient && !recipient->is_owner;
  });
}

/// Empty: the recipient may be told something now.
std::optional<Duration> Lane::kept_back_for(const std::string& recipient, std::size_t limit) const {
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
  if (may_be_told && has_recipients()) {
    to_record[recorded].told = letter.others;
    to_record[recorded].told.push_back(letter.recipient);
  }
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
