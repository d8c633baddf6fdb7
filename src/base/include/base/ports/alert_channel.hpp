#pragma once

#include <compare>
#include <functional>
#include <string>
#include <vector>

#include "base/alert.hpp"
#include "base/result.hpp"

namespace jobrun {

/// Whom a way tells of an alert.
struct AlertRecipient {
  std::string address{};              ///< an address, a phone; always the same word where there is only one
  std::vector<std::string> others{};  ///< are told the same, each once: further phones of an owner
  bool is_owner = false;              ///< whose quiet hours hold
  friend auto operator<=>(const AlertRecipient&, const AlertRecipient&) = default;
};

/// What one attempt tells one recipient: an alert, or a crowd of them.
struct AlertLetter {
  std::string recipient;              ///< as AlertChannel::recipient_of() named it
  std::vector<std::string> others{};  ///< of those that it named, who may be told now
  std::vector<AlertRecord> alerts;    ///< never empty; oldest first
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
  /// An error when it can tell nobody, and why.
  virtual Result<AlertRecipient> recipient_of(const AlertRequest& alert) = 0;
  /// `done` is called exactly once, on any thread, also before this returns: as soon as one of those it is for has
  /// accepted it. Repeating a letter is allowed: receivers tell repeats by the alerts' ids.
  virtual void send(AlertLetter letter, Done done) = 0;
};

}  // namespace jobrun
