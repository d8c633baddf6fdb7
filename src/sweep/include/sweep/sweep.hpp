// The sweep: what the carrier knows of calls and texts and no webhook told us.
//
// Webhooks are best effort, and while the service is down nobody hears them. So the carrier is asked, at the start
// and every minute: its lists of calls and of texts, over a window that begins a little before where the last
// sweep was through. Ended calls to numbers of ours of which the ledger knows no end, and texts to them that it
// does not know, are fed in as the Events that their webhooks would have been, through the same door, under the
// same keys: what comes late is a duplicate. Calls that are known and never end are asked about one by one.
//
// Each list has its mark, up to which all is dealt with. It is durable, and only advances when a whole list was
// read and everything found in it is durable. Until then the same is looked for again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/carrier_texts.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/event_sink.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/random.hpp"
#include "sweep/reading.hpp"

namespace jobrun::sweep {

struct SweepOptions {
  std::string public_url{};  ///< what the carrier asks about calls to our numbers begins so, and with a slash
  Reach reach{};
  Duration every{60'000};
  Duration call_length_max{
      150'000};  ///< after its first event a call may go on for so long; then it is asked about
  Duration taken_for_ended{10 * 60'000};  ///< a call that the carrier cannot be asked about for so long has ended
  Duration alert_after{15 * 60'000};      ///< without a complete sweep
  Duration back_off_min{1'000};           ///< after a sweep that failed; then doubled, with jitter
  Duration back_off_max{60'000};
  std::size_t in_flight_max = 64;      ///< requests and events under way
  std::int64_t without_end_max = 200;  ///< calls without an end that one sweep asks about, oldest first
};

/// Has no thread: whoever drives it calls pump(), about once a second. Callbacks may come on any thread; after
/// destruction they do nothing. The ports must outlive it.
class Sweep {
 public:
  /// Functions of StoreReader, called on pump()'s thread. They may throw StoreFailure.
  struct Known {
    std::function<std::optional<Instant>(SweptList)> mark;  ///< StoreReader::sweep_mark
    std::function<Instant()> installed_at;
    HasEnded has_ended;
    std::function<std::vector<CallSid>(Instant before, std::int64_t limit)> calls_without_end;
    HasText has_text;
    OurNumbers::IsKnown number;  ///< whether a number is in the directory
    /// Whether events reach the store, and not its spool: only then does it tell what is missing.
    std::function<bool()> can_be_kept;
  };
  struct Ports {
    CarrierCalls& calls;
    CarrierTexts* texts;  ///< null: only calls are swept
    CarrierNumbers& numbers;
    EventSink& events;
    Journal& journal;
    Known known;
    Meter& meter;
    Log& log;
    const Clock& clock;
    Random& random;
  };

  Sweep(Ports ports, SweepOptions options);
  ~Sweep();
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  /// Takes up what was answered, and asks for what is due. One thread at a time. Failures of the store are thrown
  /// on as StoreFailure; the sweep then begins anew, after a while.
  void pump();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::sweep
