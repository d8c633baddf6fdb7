#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/alert.hpp"
#include "base/result.hpp"

namespace jobrun {

/// What one attempt tells one recipient: an alert, or a crowd of them.
struct AlertLetter {
  std::string recipient;            ///< as AlertChannel::recipient_of() named it
  std::vector<AlertRecord> alerts;  ///< never empty; oldest first
};

/// What became of it. `reason` is for a person, and empty when it was accepted.
struct AlertWord {
  AlertAnswer answer = AlertAnswer::accepted;
  std::string reason{};
};

/// A way to tell a person. Any thread may call; neither function blocks.
class AlertChannel {
 public:
  using Done = std::function<void(AlertWord)>;
  virtual ~AlertChannel() = default;
  virtual AlertWay way() const = 0;
  /// Whom this way tells of that alert: an address, a phone; always the same word where there is only one. An
  /// error when it can tell nobody, and why.
  virtual Result<std::string> recipient_of(const AlertRequest& alert) = 0;
  /// `done` is called exactly once, on any thread, also before this returns. Repeating a letter is allowed:
  /// receivers tell repeats by the alerts' ids.
  virtual void send(AlertLetter letter, Done done) = 0;
};

}  // namespace jobrun
