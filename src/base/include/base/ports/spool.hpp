#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/event.hpp"
#include "base/records.hpp"
#include "base/result.hpp"

namespace jobrun {

/// An Event that came while the store could not take it; a call's status and an inbound text say when that was.
struct SpooledEvent {
  Event event;
  Greeting greeting = Greeting::none;  ///< what the carrier was told to say
};

/// Where Events are durable while the store cannot take them: the oldest leave first, once the store has them.
/// Callable on any thread, one call at a time.
class Spool {
 public:
  virtual ~Spool() = default;
  /// All of them are durable, in their order, when this returns a value. After an error some may be kept all the
  /// same; `unavailable` also when the spool is full.
  virtual Result<void> append(std::span<const SpooledEvent> events) = 0;
  /// The oldest ones, at most `most`; none: the spool is empty. An error says that they cannot be read now.
  virtual Result<std::vector<SpooledEvent>> oldest(std::size_t most) = 0;
  /// The first `count` of what oldest() gave are durable elsewhere. After a crash they may be given once more.
  virtual void forget_oldest(std::size_t count) = 0;
  /// The store is well and will not take this one: kept beside the spool for a person.
  virtual Result<void> set_aside(const SpooledEvent& event) = 0;
  virtual bool is_empty() const = 0;
  /// Places in it that could not be read, since the process began.
  virtual std::int64_t damaged() const = 0;
};

}  // namespace jobrun
