#pragma once

#include <string>

#include "base/ports/alert_channel.hpp"
#include "process.hpp"
#include "weather.hpp"

namespace jobrun::simulation {

/// Whoever takes alerts: mostly at once, sometimes late, sometimes not.
class AlertDesk final : public AlertChannel {
 public:
  AlertDesk(Schedule& schedule, SeededRandom& random, Story& story, Truth& truth, Weather& weather)
      : schedule_(schedule), random_(random), story_(story), truth_(truth), weather_(weather) {}
  void connect(Process& process) { process_ = &process; }

  std::string name() const override { return "desk"; }

  void send(const AlertRecord& alert, Done done) override {
    if (!process_->calls(Port::alert_channel)) return;
    const bool is_refused = weather_.strikes(Fault::alerts_refused, 80);
    const Duration after =
        weather_.strikes(Fault::alerts_hang) ? Duration{10'000} : random_.between(Duration{1}, Duration{80});
    // Of those below 0 the journal knows nothing.
    if (!is_refused && alert.id.value > 0) truth_.alerts_accepted.insert(alert.id.value);
    story_.tell([&] {
      return "alert " + std::to_string(alert.id.value) + " (" + std::string(name_of(alert.request.kind)) + ", " +
             std::to_string(alert.count) + "): " + (is_refused ? "refused" : "accepted");
    });
    schedule_.after(after, [this, is_refused, life = process_->life(), done = std::move(done)] {
      if (life != process_->life() || !process_->is_alive()) return;
      done(is_refused ? failure(ErrorKind::unavailable, "the desk is closed") : Result<void>{});
    });
    static_cast<void>(process_->calls(Port::alert_channel));
  }

 private:
  Schedule& schedule_;
  SeededRandom& random_;
  Story& story_;
  Truth& truth_;
  Weather& weather_;
  Process* process_ = nullptr;
};

}  // namespace jobrun::simulation
