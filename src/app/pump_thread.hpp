#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/time.hpp"

namespace jobrun::app {

/// Drives a dispatcher, of texts or of alerts, which has no thread of its own: pumps when it asks to be, sleeps in
/// between. The dispatcher must outlive it.
template <class Dispatcher>
class PumpThread {
 public:
  explicit PumpThread(Dispatcher& dispatcher) : dispatcher_(dispatcher) {
    dispatcher_.set_wake([signal = signal_] { signal->wake(); });
    thread_ = std::thread([this] { run(); });
  }
  /// Stops, without grace if stop() was not called.
  ~PumpThread() {
    stop(std::chrono::milliseconds{0});
    dispatcher_.set_wake({});
  }
  PumpThread(const PumpThread&) = delete;
  PumpThread& operator=(const PumpThread&) = delete;

  /// Starts nothing new, waits at most `grace` for what is under way to be answered and recorded, ends the thread.
  /// What is not recorded by then is taken up at the next start: a text as unknown, an alert as not yet sent.
  /// Idempotent.
  void stop(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(signal_->mutex);
      signal_->give_up_at = Steady::now() + grace;
    }
    dispatcher_.stop_starting();
    signal_->wake();
    thread_.join();
  }

 private:
  using Steady = std::chrono::steady_clock;

  /// Shared with the dispatcher's wake callback, which may come while this is being destroyed.
  struct Signal {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = true;
    std::optional<Steady::time_point> give_up_at;  ///< set: stopping

    void wake() {
      {
        const std::lock_guard lock(mutex);
        if (woken) return;
        woken = true;
      }
      changed.notify_one();
    }
  };

  void run() {
    for (;;) {
      {
        const std::lock_guard lock(signal_->mutex);
        signal_->woken = false;
      }
      const std::optional<Duration> wanted = dispatcher_.pump();
      const Steady::time_point now = Steady::now();
      Steady::time_point until = now + wanted.value_or(std::chrono::hours{1});
      std::unique_lock lock(signal_->mutex);
      if (signal_->give_up_at) {
        if (dispatcher_.levels().is_idle() || now >= *signal_->give_up_at) return;
        until = std::min(until, *signal_->give_up_at);
      }
      signal_->changed.wait_until(lock, until, [this] { return signal_->woken; });
    }
  }

  Dispatcher& dispatcher_;
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  std::thread thread_;
};

}  // namespace jobrun::app
