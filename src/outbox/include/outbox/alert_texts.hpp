// The exit for texts that tell an owner or the operator of an alert.
//
// They belong to no call and are in no journal of texts: the alert is what is durable, and what repeats them. But
// they leave through the same policy, and reach nobody whom texts must not reach.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ports/alert_channel.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/records.hpp"
#include "base/result.hpp"

namespace jobrun::outbox {

struct AlertText {
  std::string id;  ///< letters, digits and `-`: the carrier's statuses name it
  E164 recipient;
  FactScope scope;        ///< whose opt-outs bind it
  std::vector<Way> ways;  ///< in order of preference
  std::string body;
};

class AlertTexts {
 public:
  struct Ports {
    Carrier& carrier;
    NumberingPlan& numbering_plan;
    Meter& meter;
    Log& log;
    std::function<bool(E164)> is_ours;
    /// Any thread. What is kept of a phone; an error when it cannot be read.
    std::function<Result<PhoneFacts>(const FactScope&, E164)> phone_facts;
    /// Any thread. Whether the carrier lets nothing leave from there.
    std::function<bool(const Way&)> is_blocked;
    /// Any thread, must not block. The carrier's refusal has taught that of the recipient.
    std::function<void(const SetPhoneFact&)> learn;
  };
  using Done = AlertChannel::Done;

  explicit AlertTexts(Ports ports);
  /// Afterwards no port is used any more.
  ~AlertTexts();
  AlertTexts(const AlertTexts&) = delete;
  AlertTexts& operator=(const AlertTexts&) = delete;

  /// Why that phone may not be texted: a number of ours, a landline, opted out, or a client's phone of which that
  /// cannot be read. The operator's phone is texted while it cannot: that is when he is needed, and the carrier
  /// keeps his opt-out too. Any thread.
  std::optional<std::string> why_not(const FactScope& scope, E164 recipient) const;

  /// Sends it by the first way that takes it. The next one is tried only when it certainly did not leave by the
  /// one before. Any thread, never blocks. `done` is called exactly once, on any thread, unless this is destroyed
  /// before.
  void send(AlertText text, Done done);

 private:
  struct Impl;
  static SendPermit permit() { return SendPermit{}; }
  std::shared_ptr<Impl> impl_;
};

}  // namespace jobrun::outbox
