// Settles the unknown: texts of which nobody knows whether they left are looked for at the carrier.
//
// The carrier has no idempotency key. After a time-out, a reset, a 5xx or a crash a text may exist or not, and
// sending it again blindly could text the caller twice. So the carrier's list is asked, some seconds later and
// again: what it lists was accepted; what it twice in a row did not list, although it answered, never got there,
// and is promised again. What it does not tell stays unknown, visibly, and is asked about again.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ports/carrier.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/random.hpp"
#include "base/text.hpp"
#include "outbox/retry_rules.hpp"

namespace jobrun::outbox {

struct LookUpOptions {
  Duration first_look{15'000};  ///< after it became unknown; the carrier's callback has had its time by then
  Duration look_every{15'000};
  int looks_min = 3;                        ///< before it may be called absent
  int absent_min = 2;                       ///< of these, the last in a row
  Duration look_every_max{5 * 60'000};      ///< between looks that tell nothing, which double up to this
  Duration useful_for{2 * 60 * 60'000};     ///< from the call's end; an older text is not sent again
  Duration query_margin{12 * 60 * 60'000};  ///< around the text's time: our clock may be wrong
  Duration same_time{30'000};               ///< a message made so near to our request is ours
  std::size_t in_flight_max = 8;
  RetryRules retry{};  ///< for what is found, and lost
};

/// What a look means for its text.
struct LookStep {
  enum class Kind { found, look_again, send_again, give_up } kind = Kind::look_again;
  int looks = 0;
  int absent = 0;
  Duration delay{0};                  ///< look_again
  std::string message_sid;            ///< found
  std::optional<int> lost_with = {};  ///< found, and lost since: the carrier's code
};

/// Pure. `unknown` is as it was before this look; of the messages in `answer` none belongs to another text of
/// ours. One that was made when ours was sent is ours. One that was made at another time proves nothing either
/// way: our clock may have been wrong, or two texts in the same words are both unknown. A text that answers no
/// call is given up, and a person told, when it is found too late to be of use: a call has an incident for that.
LookStep decide_look(const UnknownText& unknown, const FindAnswer& answer, const LookUpOptions& options,
                     Instant now);

/// Has no thread: whoever drives it calls pump(), about once a second. Callbacks may come on any thread; after
/// destruction they do nothing. The ports must outlive it.
class LookUps {
 public:
  /// StoreReader::unknown_texts_due, on pump()'s thread. May throw StoreFailure.
  using UnknownTextsDue =
      std::function<std::vector<UnknownText>(Instant now, Duration first_look, std::int64_t limit)>;
  /// Is handed what was promised again, once durable; any thread, must not block.
  using Promised = std::function<void(std::vector<TextRecord>)>;
  struct Ports {
    Journal& journal;
    Carrier& carrier;
    Meter& meter;
    Log& log;
    const Clock& clock;
    Random& random;
    UnknownTextsDue unknown_texts_due;
    Promised promised;
  };

  LookUps(Ports ports, LookUpOptions options);
  ~LookUps();
  LookUps(const LookUps&) = delete;
  LookUps& operator=(const LookUps&) = delete;

  /// Takes up what was answered, and asks about what is due. One thread at a time. Failures of the store are
  /// thrown on as StoreFailure; what was asked goes on.
  void pump();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jobrun::outbox
