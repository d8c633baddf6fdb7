#pragma once

#include <functional>
#include <string>

#include "base/alert.hpp"
#include "base/result.hpp"

namespace jobrun {

/// A way to tell a person. `done` is called exactly once, on a thread of the channel's; a value means that
/// the channel accepted the alert. Repeating an alert is allowed: receivers tell repeats by its id.
class AlertChannel {
 public:
  using Done = std::function<void(Result<void>)>;
  virtual ~AlertChannel() = default;
  virtual std::string name() const = 0;
  virtual void send(const AlertRecord& alert, Done done) = 0;
};

}  // namespace jobrun
