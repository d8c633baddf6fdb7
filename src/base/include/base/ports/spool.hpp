#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/records.hpp"
#include "base/result.hpp"

namespace jobrun {

/// An Event that came while the store could not take it; a call's status and an inbound text say when that was.
struct SpooledEvent {
  Event event;
  Greeting greeting = Greeting::none;      ///< what the carrier was told to say
  Instant at{};                            ///< when it was decided
  std::optional<PromisedText> promised{};  ///< because of it, by what stands in for the store
  bool is_decided = false;                 ///< by what stands in for the store, with all facts known
};

// What became of a text meanwhile: as StoreBatch's function of that name was told.
struct TextStarted {
  SendAttempt attempt;
  ClosedWays closed_ways;
  PromisedText promise;  ///< the store may have decided otherwise meanwhile, and then knows no such text
};
struct TextAccepted {
  std::string message_sid;
};
struct TextFound {
  std::string message_sid;
};
struct TextUnknown {
  std::string reason;
};
struct TextNotSent {
  std::string reason;
  ClosedWays closed_ways;
  Instant due_at{};
};
struct TextRefused {
  int code = 0;
  std::string reason;
  AlertRequest alert;
};

/// The last three are no text's own.
using StepTaken = std::variant<TextStarted, TextAccepted, TextFound, TextUnknown, TextNotSent, TextRefused,
                               TextLoss, AlertRequest, SetPhoneFact, BlockedSender>;

/// One change that was made while the store was away, and that no Event tells of.
struct SpooledStep {
  std::optional<TextId> text;  ///< whose it is
  int attempt = 0;             ///< and which request of it
  Instant at{};
  StepTaken step;
};

using SpoolRecord = std::variant<SpooledEvent, SpooledStep>;

/// Where what happens is durable while the store cannot take it: the oldest leaves first, once the store has it.
/// Callable on any thread, one call at a time.
class Spool {
 public:
  virtual ~Spool() = default;
  /// All of them are durable, in their order, when this returns a value. After an error some may be kept all the
  /// same; `unavailable` also when the spool is full.
  virtual Result<void> append(std::span<const SpoolRecord> records) = 0;
  /// For what may not wait until a disk takes it: an event that promises a text, what becomes of that text, and
  /// what is learned by that. They are in memory alone, until append() succeeds or the store has them. An error
  /// when they are anything else, or too much is held: then none of them is.
  virtual Result<void> hold(std::span<const SpoolRecord>) {
    return failure(ErrorKind::unavailable, "this spool holds nothing in memory");
  }
  /// Some of it is in memory alone. Never waits for a disk.
  virtual bool is_holding() const { return false; }
  /// The oldest ones, at most `most`; none: the spool is empty. An error says that they cannot be read now.
  virtual Result<std::vector<SpoolRecord>> oldest(std::size_t most) = 0;
  /// The first `count` of what oldest() gave are durable elsewhere. After a crash they may be given once more.
  virtual void forget_oldest(std::size_t count) = 0;
  /// All of them, from the oldest, without beginning to take them out.
  virtual Result<std::vector<SpoolRecord>> all() = 0;
  /// The store is well and will not take this one: kept beside the spool for a person.
  virtual Result<void> set_aside(const SpoolRecord& record) = 0;
  virtual bool is_empty() const = 0;
  /// Places in it that could not be read, since the process began.
  virtual std::int64_t damaged() const = 0;
};

}  // namespace jobrun
