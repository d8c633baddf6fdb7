#pragma once

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
};

}  // namespace jobrun
