// What becomes of an accepted text: its statuses in time, and their callbacks.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/ports/clock.hpp"
#include "practice.hpp"
#include "timers.hpp"
#include "webhook_sender.hpp"

namespace jobrun::simulator {

class TextDelivery {
 public:
  TextDelivery(Guarded<Practice>& practice, Timers& timers, WebhookSender& webhooks, const Clock& clock,
               std::string account_sid);

  /// Decides an accepted text's fate and sets it on its way. Any thread; under no lock. `text` is as it was
  /// accepted; whether it arrives is written into the record. `told` is called once every status has been told or
  /// lost; at once when there is none.
  void deliver(const TextRecord& text, std::function<void()> told = [] {});

 private:
  struct Plan;
  void advance(const std::shared_ptr<Plan>& plan);
  void tell_backwards(const std::shared_ptr<Plan>& plan, std::size_t left);
  void tell(const Plan& plan, const std::string& status, std::function<void()> then);

  Guarded<Practice>& practice_;
  Timers& timers_;
  WebhookSender& webhooks_;
  const Clock& clock_;
  const std::string account_sid_;
};

}  // namespace jobrun::simulator
