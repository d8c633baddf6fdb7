// The one alert that cannot wait in the journal: that the journal cannot be written. Limits do not hold for it: it
// is told at most every some minutes.
#pragma once

#include <memory>
#include <vector>

#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"

namespace jobrun::alert {

struct DirectAlarmOptions {
  Duration again_after{15 * 60'000};  ///< after a channel has accepted it
  Duration retry_after{30'000};       ///< after none has
};

/// Tells every channel, without a record. Such an alert's id is below 0, of the time when it was told. The
/// channels and the clock outlive it; callbacks that come after its destruction do nothing.
class DirectAlarm {
 public:
  using Options = DirectAlarmOptions;
  DirectAlarm(std::vector<AlertChannel*> channels, const Clock& clock, Options options);
  DirectAlarm(std::vector<AlertChannel*> channels, const Clock& clock)
      : DirectAlarm(std::move(channels), clock, Options{}) {}

  /// To be called again and again while it is so. One thread at a time.
  void tell(const AlertRequest& request);
  /// It is over: the next time is another.
  void over();

 private:
  struct State;
  std::vector<AlertChannel*> channels_;
  const Clock& clock_;
  Options options_;
  std::shared_ptr<State> state_;
};

}  // namespace jobrun::alert
