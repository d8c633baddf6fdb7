// The practice carrier's memory: one structure behind one lock, used by the server's, the client's and the
// timer's threads. Whoever holds the lock does no I/O.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "knobs.hpp"
#include "records.hpp"
#include "ring.hpp"
#include "simulator/practice_carrier.hpp"

namespace jobrun::simulator {

/// A value that can only be touched under its lock.
template <class T>
class Guarded {
 public:
  template <class... Arguments>
  explicit Guarded(Arguments&&... arguments) : value_(std::forward<Arguments>(arguments)...) {}

  template <class Use>
  auto with(Use use) {
    const std::lock_guard lock(mutex_);
    return use(value_);
  }

 private:
  std::mutex mutex_;
  T value_;
};

/// Twilio's kind of ids: a prefix and 32 hexadecimal digits, a function of the seed and a count.
class SidSource {
 public:
  explicit SidSource(std::uint64_t seed) : seed_(seed) {}
  std::string next(std::string_view prefix);

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

struct Counts {
  std::uint64_t requests = 0;  ///< REST requests, whatever became of them
  std::uint64_t texts_accepted = 0;
  std::uint64_t texts_refused = 0;
  std::uint64_t texts_inbound = 0;
  std::uint64_t calls_placed = 0;
  std::uint64_t calls_ended = 0;
  std::uint64_t webhooks_sent = 0;    ///< requests written or tried, repeats included
  std::uint64_t webhooks_failed = 0;  ///< no answer, or not a 2xx
  std::uint64_t alerts_accepted = 0;
  std::uint64_t alerts_refused = 0;
};

/// When a text was accepted, and for whom: enough to measure from acknowledgement to receipt.
struct Receipt {
  std::uint64_t to_digits = 0;
  std::int64_t unix_us = 0;
};

inline constexpr std::size_t numbers_max = 10'000;
inline constexpr std::size_t opt_outs_max = 10'000;
inline constexpr std::size_t calls_bytes_max = 64 << 20;
inline constexpr std::size_t texts_bytes_max = 32 << 20;
inline constexpr std::size_t media_bytes_max = 16 << 20;
inline constexpr std::size_t requests_bytes_max = 16 << 20;
inline constexpr std::size_t alerts_bytes_max = 16 << 20;

struct Practice {
  explicit Practice(const Options& options);

  Knobs defaults;
  Knobs knobs;
  SidSource sids;
  Counts counts;
  Ring<CallRecord> calls{records_max, calls_bytes_max};
  Ring<TextRecord> texts{records_max, texts_bytes_max};
  Ring<RequestRecord> requests{records_max, requests_bytes_max};
  Ring<AlertRow> alerts{records_max, alerts_bytes_max};
  Ring<MediaRecord> media{records_max, media_bytes_max};
  std::string api_url;  ///< where the carrier is reached
  std::uint64_t requests_seen = 0;
  std::uint64_t alerts_seen = 0;

  /// True when any number counts as ours.
  bool is_open = true;
  std::map<std::string, NumberRecord, std::less<>> numbers;
  /// Phones that opted out, each with the number it told so.
  std::set<std::pair<std::string, std::string>> opt_outs;

  std::vector<Receipt> receipts;  ///< a ring once it holds knobs.receipts_kept
  std::uint64_t receipts_seen = 0;

  /// The number's record, made on first use when any number is ours; nullptr when it is not ours, or when
  /// there are too many.
  NumberRecord* number(std::string_view text, Instant now);
  NumberRecord* number_by_sid(std::string_view sid);
  std::string voice_url(const NumberRecord& record) const;
  std::string status_url(const NumberRecord& record) const;
  std::string sms_url(const NumberRecord& record) const;

  void note_receipt(std::string_view to, std::int64_t unix_us);
  /// Oldest first.
  std::vector<Receipt> receipts_in_order() const;

  /// Everything forgotten, knobs at their defaults except service_url, numbers as configured.
  void reset();

 private:
  std::string base_of(const NumberRecord& record) const;
  void configure_numbers();
  std::vector<OwnedNumber> configured_;
};

/// Adds a webhook's note to a record, within its bound.
template <class Record>
void add_note(Ring<Record>& ring, std::string_view sid, WebhookNote note) {
  Record* record = ring.find(sid);
  if (record == nullptr || record->webhooks.size() >= notes_max) return;
  const std::size_t bytes = sizeof(WebhookNote) + note.url.size() + note.body.size() + note.problem.size();
  record->webhooks.push_back(std::move(note));
  ring.grow(sid, bytes);
}

}  // namespace jobrun::simulator
