// What the carrier's lists of calls and texts say, held against what the ledger knows. Pure.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "base/event.hpp"
#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/carrier_texts.hpp"
#include "base/time.hpp"

namespace jobrun::sweep {

/// How far a sweep looks. The mark is a time of the carrier's clock, so that an error of ours hides nothing.
struct Reach {
  Duration overlap{10 * 60'000};          ///< before the mark: lists lag, and clocks differ
  Duration window_max{24 * 60 * 60'000};  ///< what began longer ago is not looked for any more
  Duration grace{30'000};                 ///< after a call's end, or a text, in which its webhook may still come
};

/// What to list: from a little before the mark on, nothing from before the installation.
CallWindow window_to_sweep(std::optional<Instant> mark, Instant installed_at, Instant now, const Reach& reach);

/// A call as its webhook would have told of its end.
CallStatusChange end_of(const ListedCall& call, bool person_took_call);

/// When it ended, as far as the carrier tells; empty: it has not.
std::optional<Instant> ended_at(const ListedCall& call);

/// A person, and no machine that the carrier knows of, has answered that leg.
bool is_taken(const ListedCall& leg);

/// What a list comes to.
struct Reading {
  std::vector<CallStatusChange> lost;  ///< ended, and the ledger does not know it; oldest first
  std::set<CallSid> going_on;          ///< not ended, or only just
  /// Every call that began before has ended, and is in the ledger or `lost`. Empty: nothing was listed, and the
  /// mark stays where it is.
  std::optional<Instant> mark;
};

/// Called with the calls that have ended; true: the ledger knows that.
using HasEnded = std::function<bool(const CallSid&)>;

/// `listed`: every leg that began since `window.from`, in any order, some perhaps twice.
Reading read_list(std::vector<ListedCall> listed, const CallWindow& window, const HasEnded& has_ended, Instant now,
                  const Reach& reach);

struct TextReading {
  std::vector<InboundText> lost;  ///< the ledger does not know them; oldest first
  std::optional<Instant> mark;    ///< as Reading::mark; what we sent counts as listed too
};

/// Called with texts that came some time ago; true: the ledger knows them.
using HasText = std::function<bool(const std::string& message_sid)>;

/// `list`: the texts that came since `window.from`, some perhaps twice.
TextReading read_texts(TextsList list, const TextsWindow& window, const HasText& has_text, Instant now,
                       const Reach& reach);

/// Whether a number is ours: the carrier asks `public_url` about its calls, or brings its texts there. What the
/// carrier does not tell, the directory does.
class OurNumbers {
 public:
  using IsKnown = std::function<bool(E164)>;  ///< to the directory
  OurNumbers(const NumbersAnswer& answer, const std::string& public_url, IsKnown is_known);
  bool contains(std::optional<E164> number) const { return contains(calls_, number); }
  bool brings_texts(std::optional<E164> number) const { return contains(texts_, number); }

 private:
  struct Numbers {
    std::set<E164> at_us;
    std::set<E164> not_told;  ///< their URLs are those of something that was not asked about
  };
  bool contains(const Numbers& numbers, std::optional<E164> number) const;

  bool is_told_ = false;
  Numbers calls_;
  Numbers texts_;
  IsKnown is_known_;
};

}  // namespace jobrun::sweep
