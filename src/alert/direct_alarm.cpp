#include "alert/direct_alarm.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace jobrun::alert {

struct DirectAlarm::State {
  std::mutex mutex;
  std::optional<std::chrono::nanoseconds> told_at;
  bool is_accepted = false;
};

DirectAlarm::DirectAlarm(std::vector<AlertChannel*> channels, const Clock& clock, Options options)
    : channels_(std::move(channels)), clock_(clock), options_(options), state_(std::make_shared<State>()) {}

void DirectAlarm::tell(const AlertRequest& request) {
  const auto now = clock_.monotonic();
  {
    const std::lock_guard lock(state_->mutex);
    const Duration wait = state_->is_accepted ? options_.again_after : options_.retry_after;
    if (state_->told_at && now < *state_->told_at + wait) return;
    state_->told_at = now;
    state_->is_accepted = false;
  }
  AlertRecord alert;
  alert.created_at = clock_.now();
  alert.due_at = alert.created_at;
  alert.id = AlertId{-to_unix_ms(alert.created_at)};
  alert.request = request;
  for (AlertChannel* channel : channels_) {
    const Result<AlertRecipient> recipient = channel->recipient_of(request);
    if (!recipient) continue;
    channel->send({.recipient = recipient->address, .others = {}, .alerts = {alert}},
                  [state = state_, now](const AlertWord& word) {
                    const std::lock_guard lock(state->mutex);
                    if (word.answer == AlertAnswer::accepted && state->told_at == now) state->is_accepted = true;
                  });
  }
}

void DirectAlarm::over() {
  const std::lock_guard lock(state_->mutex);
  state_->told_at.reset();
  state_->is_accepted = false;
}

}  // namespace jobrun::alert
