#include "alert/alert_thread.hpp"

#include <algorithm>

namespace jobrun::alert {

AlertThread::AlertThread(AlertDispatcher& dispatcher) : dispatcher_(dispatcher) {
  dispatcher_.set_wake([signal = signal_] {
    {
      const std::lock_guard lock(signal->mutex);
      if (signal->woken) return;
      signal->woken = true;
    }
    signal->changed.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

AlertThread::~AlertThread() {
  stop(std::chrono::milliseconds{0});
  dispatcher_.set_wake({});
}

void AlertThread::stop(std::chrono::milliseconds grace) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(signal_->mutex);
    signal_->stopping = true;
    signal_->woken = true;
    signal_->give_up_at = std::chrono::steady_clock::now() + grace;
  }
  dispatcher_.stop_starting();
  signal_->changed.notify_one();
  thread_.join();
}

void AlertThread::run() {
  for (;;) {
    {
      const std::lock_guard lock(signal_->mutex);
      signal_->woken = false;
    }
    const Duration wanted = dispatcher_.pump();
    const auto now = std::chrono::steady_clock::now();
    auto until = now + wanted;
    std::unique_lock lock(signal_->mutex);
    if (signal_->stopping) {
      if (dispatcher_.levels().is_idle() || now >= signal_->give_up_at) return;
      until = std::min(until, std::chrono::steady_clock::time_point{signal_->give_up_at});
    }
    signal_->changed.wait_until(lock, until, [&] { return signal_->woken; });
  }
}

}  // namespace jobrun::alert
