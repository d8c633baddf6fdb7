#pragma once

#include <optional>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"

namespace jobrun {

/// Says what an Event means. Called on the writer, inside the batch, so that two events about one caller
/// see each other. Must not block, and takes time only from `now`.
class Decider {
 public:
  virtual ~Decider() = default;
  virtual Commit decide(const Event& event, FactReader& facts, Instant now) = 0;
  /// What to answer while no fact can be read: true whatever the facts are, so it promises nothing. Empty for
  /// events that are not answered in words. Any thread; never throws.
  virtual std::optional<VoiceAnswer> answer_without_facts(const Event& event) = 0;
};

}  // namespace jobrun
