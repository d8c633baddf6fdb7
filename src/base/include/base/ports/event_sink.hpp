#pragma once

#include <functional>
#include <optional>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/result.hpp"

namespace jobrun {

/// Where an event is kept that may be acknowledged.
enum class KeptBy {
  store,
  spool,    ///< and by the store before long
  carrier,  ///< nothing can be written, but it has accepted the text that the event promises
};

/// What the sink promises about an event: it is kept, and this is what to answer.
struct Receipt {
  std::optional<VoiceAnswer> answer;
  KeptBy kept_by = KeptBy::store;
};

/// The one door by which Events enter.
class EventSink {
 public:
  using Done = std::function<void(Result<Receipt>)>;
  virtual ~EventSink() = default;
  /// Takes an event; any thread, never blocks. `done` is called exactly once, on the writer's thread or,
  /// when the queue is full, at once on the caller's. An error means that the event may be lost and the carrier
  /// must not be told otherwise.
  virtual void submit(Event event, Done done) = 0;
};

}  // namespace jobrun
