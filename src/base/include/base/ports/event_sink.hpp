#pragma once

#include <functional>
#include <optional>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/result.hpp"

namespace jobrun {

/// What the sink promises about an event: it is durable, and this is what to answer.
struct Receipt {
  std::optional<VoiceAnswer> answer;
  bool is_spooled = false;  ///< durable in the spool, and in the store before long
};

/// The one door by which Events enter.
class EventSink {
 public:
  using Done = std::function<void(Result<Receipt>)>;
  virtual ~EventSink() = default;
  /// Takes an event; any thread, never blocks. `done` is called exactly once, on the writer's thread or,
  /// when the queue is full, at once on the caller's. A value means durable. An error means nothing of
  /// the event was kept and the carrier must not be told otherwise.
  virtual void submit(Event event, Done done) = 0;
};

}  // namespace jobrun
