// One way's part of the dispatcher: what it has under way, how it fares, and what it tells next.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "alert/alert_dispatcher.hpp"

namespace jobrun::alert {

/// What is to be recorded of alerts by one way.
struct Settlement {
  enum class Kind { accepted, failed, postponed } kind = Kind::accepted;
  AlertWay way = AlertWay::webhook;
  AlertRecord alert;
  std::string reason{};             ///< failed
  std::optional<Duration> again{};  ///< failed or postponed: after so long; failed without it: never
  std::vector<std::string> told{};  ///< who, with this, has been told something, or perhaps
  std::string frees{};              ///< the recipient who may be told the next thing once this is durable
  bool is_first = false;            ///< set by the writer: no other way had told it
};

/// Not thread-safe: it belongs to pump().
class Lane {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  Lane(const AlertDispatcher::Ports& ports, const AlertDispatcherOptions& options, AlertChannel& channel);

  AlertWay way() const { return way_; }
  AlertChannel& channel() const { return channel_; }
  std::size_t in_flight() const { return in_flight_.size(); }

  /// The letters that leave now. What cannot be told, or is kept back, goes to `to_record`. May throw
  /// StoreFailure.
  std::vector<AlertLetter> take_due(std::deque<Settlement>& to_record);
  /// The letter is with the channel from now on; returns the number under which its answer is heard.
  std::int64_t start(AlertLetter letter);
  /// Empty: of no letter that is under way.
  std::optional<AlertLetter> hear(std::int64_t number, const AlertWord& word, std::deque<Settlement>& to_record);
  void settled(const Settlement& settlement);

  /// Something may have become due.
  void look_now() { look_at_ = ports_.clock.monotonic(); }
  void look_later(Duration after) { look_at_ = ports_.clock.monotonic() + after; }
  /// When it wants to look next; empty: an answer or the journal tells.
  std::optional<Nanoseconds> wants_at() const;

 private:
  bool has_recipients() const { return way_ != AlertWay::webhook; }
  std::size_t limit_per_hour() const;
  bool is_probing() const { return failures_ >= options_.failures_before_probing; }
  std::size_t allowance() const;
  std::vector<AlertLetter> single_letters(std::vector<AlertRecord> due, std::size_t allowed);
  std::vector<AlertLetter> letters_to_people(std::vector<AlertRecord> due, std::size_t allowed,
                                             std::deque<Settlement>& to_record);
  std::vector<AlertLetter> by_recipient(std::vector<AlertRecord> due, std::deque<Settlement>& to_record);
  std::optional<Duration> kept_back_for(const std::string& recipient, std::size_t limit) const;
  std::optional<Duration> quiet_for(const AlertRecord& alert) const;
  bool is_told_to_others(const AlertRequest& alert) const;
  void keep_back(const AlertLetter& crowd, Duration wait, std::deque<Settlement>& to_record);
  void note_failure(const AlertWord& word);
  void settle_failure(const AlertLetter& letter, const AlertWord& word, std::deque<Settlement>& to_record);

  const AlertDispatcher::Ports& ports_;
  const AlertDispatcherOptions& options_;
  AlertChannel& channel_;
  AlertWay way_;
  std::unordered_map<std::int64_t, AlertLetter> in_flight_;  ///< by number
  std::unordered_set<std::int64_t> not_due_;                 ///< alerts in flight, or settled and not yet durable
  std::unordered_set<std::string> in_talk_;                  ///< recipients of such, where a way has any
  std::int64_t numbers_ = 0;
  int failures_ = 0;  ///< in a row
  Nanoseconds probe_at_{};
  Nanoseconds look_at_{};
};

}  // namespace jobrun::alert
