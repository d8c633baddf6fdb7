#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace jobrun::outbox {

/// The texts the dispatcher holds in memory, and which of them may go next.
///
/// Texts of one (caller, number) stand in line: only the first of them, the head, is ever ready, waiting or
/// busy. Of ready heads replies go before the rest, else they go in row order. Waits are kept on the monotonic
/// clock, so that a step of the wall clock neither hurries nor strands a text. No operation looks at every text,
/// except hurry().
class TextWindow {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  struct Held {
    TextRecord text;
    Nanoseconds not_before{};     ///< of a head: when it may be tried
    Nanoseconds useless_at{};     ///< from then on it is not sent any more
    bool may_hurry = false;       ///< it waits because the carrier failed, not because the carrier asked
    bool start_in_doubt = false;  ///< it may have been marked started without being sent
    bool is_probe = false;
    std::optional<std::size_t> place_taken_for{};  ///< the way in whose sender's line the text has its place
    std::size_t segments = 1;
    enum class Place { in_line, ready, waiting, busy } place = Place::in_line;
    std::optional<std::int64_t> next_in_line = std::nullopt;
  };

  bool contains(TextRow row) const { return held_.contains(row.value); }
  std::size_t size() const { return held_.size(); }
  /// Precondition: the window contains it. Valid until it is finished.
  Held& at(TextRow row) { return held_.at(row.value); }

  /// Precondition: not contained.
  void add(TextRecord text, Nanoseconds not_before, Nanoseconds useless_at);
  /// The ready text to be tried first, and the one after another that is ready.
  std::optional<TextRow> first_ready(Nanoseconds now);
  std::optional<TextRow> ready_after(TextRow row) const;
  /// A ready text becomes busy.
  void take(TextRow row);
  /// At most `limit` ready or waiting texts that are useless by now, which become busy.
  std::vector<TextRow> take_useless(std::size_t limit, Nanoseconds now);
  /// A busy text is to be tried again.
  void put_back(TextRow row, Nanoseconds not_before, bool may_hurry);
  /// A busy text is done with: the next in its line becomes the head.
  void finish(TextRow row);
  /// Texts that wait because the carrier failed become ready.
  void hurry();
  /// Texts that wait for their place in a sender's line, and that `leave` says to, give it up and become ready.
  void leave_lines(const std::function<bool(const Held&)>& leave);
  /// Lets go of all texts that are neither busy nor perhaps marked started.
  void forget_idle(const std::function<void(const Held&)>& forgotten);
  /// A text that is not busy is to wait until then.
  void postpone(TextRow row, Nanoseconds not_before);
  /// When the next waiting text becomes ready.
  std::optional<Nanoseconds> next_ready_at() const;
  /// When the next text becomes useless.
  std::optional<Nanoseconds> next_useless_at() const;

 private:
  struct PairHash {
    std::size_t operator()(const CallerPair& pair) const {
      return std::hash<E164>{}(pair.caller) * 31 + std::hash<E164>{}(pair.number);
    }
  };
  using Timed = std::set<std::pair<Nanoseconds, std::int64_t>>;
  /// Replies first, then by row.
  using Turn = std::pair<int, std::int64_t>;

  static Turn turn_of(std::int64_t row, const Held& held);
  void make_ready(std::int64_t row, Held& held);
  void make_eligible(std::int64_t row, Held& held);
  void make_busy(std::int64_t row, Held& held);

  std::unordered_map<std::int64_t, Held> held_;
  std::unordered_map<CallerPair, std::int64_t, PairHash> last_in_line_;
  std::set<Turn> ready_;
  Timed waiting_;
  Timed useless_;  ///< of ready and waiting texts
};

}  // namespace jobrun::outbox
