#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/ports/alert_channel.hpp"
#include "process.hpp"
#include "weather.hpp"

namespace jobrun::simulation {

/// Whoever takes alerts by one way: mostly at once, sometimes late, sometimes not.
class AlertDesk final : public AlertChannel {
 public:
  /// From when to when the desk is closed, whatever the weather.
  struct Closed {
    Duration from{0}, to{0};
  };

  AlertDesk(AlertWay way, Closed closed, Schedule& schedule, SeededRandom& random, Story& story, Truth& truth,
            Weather& weather)
      : way_(way),
        closed_(closed),
        schedule_(schedule),
        random_(random),
        story_(story),
        truth_(truth),
        weather_(weather) {}
  void connect(Process& process) { process_ = &process; }
  /// Told of each alert before it is taken, and whether the present life has heard that this way accepted it.
  std::function<void(AlertWay, AlertId, bool was_heard)> tells;

  AlertWay way() const override { return way_; }

  Result<AlertRecipient> recipient_of(const AlertRequest& alert) override {
    if (way_ == AlertWay::webhook) return AlertRecipient{};
    return AlertRecipient{.address = std::string(name_of(alert.audience)),
                          .is_owner = alert.audience == Audience::owner};
  }

  void send(AlertLetter letter, Done done) override {
    if (!process_->calls(Port::alert_channel)) return;
    for (const AlertRecord& alert : letter.alerts) {
      if (alert.id.value > 0) tells(way_, alert.id, heard_.contains({process_->life(), alert.id.value}));
    }
    const bool is_refused = weather_.strikes(Fault::alerts_refused, 80) || is_closed();
    const Duration after =
        weather_.strikes(Fault::alerts_hang) ? Duration{10'000} : random_.between(Duration{1}, Duration{80});
    for (const AlertRecord& alert : letter.alerts) take(alert, is_refused);
    schedule_.after(
        after, [this, is_refused, letter = std::move(letter), life = process_->life(), done = std::move(done)] {
          if (life != process_->life() || !process_->is_alive()) return;
          for (const AlertRecord& alert : letter.alerts) {
            if (!is_refused) heard_.insert({life, alert.id.value});
          }
          done(is_refused ? AlertWord{AlertAnswer::not_reached, "the desk is closed"} : AlertWord{});
        });
    static_cast<void>(process_->calls(Port::alert_channel));
  }

 private:
  bool is_closed() const { return closed_.from <= schedule_.elapsed() && schedule_.elapsed() < closed_.to; }

  /// Of those below 0 the journal knows nothing.
  void take(const AlertRecord& alert, bool is_refused) {
    if (!is_refused && alert.id.value > 0) truth_.alerts_accepted.insert(alert.id.value);
    story_.tell([&] {
      return std::string(name_of(way_)) + ": alert " + std::to_string(alert.id.value) + " (" +
             std::string(name_of(alert.request.kind)) + ", " + std::to_string(alert.count) +
             "): " + (is_refused ? "refused" : "accepted");
    });
  }

  AlertWay way_;
  Closed closed_;
  Schedule& schedule_;
  SeededRandom& random_;
  Story& story_;
  Truth& truth_;
  Weather& weather_;
  Process* process_ = nullptr;
  std::set<std::pair<std::uint64_t, std::int64_t>> heard_;  ///< lives that know that these alerts were accepted
};

}  // namespace jobrun::simulation
