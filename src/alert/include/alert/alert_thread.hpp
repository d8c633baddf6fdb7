#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "alert/alert_dispatcher.hpp"

namespace jobrun::alert {

/// Drives an alert dispatcher: pumps when it asks to be, sleeps in between. The dispatcher must outlive it.
class AlertThread {
 public:
  explicit AlertThread(AlertDispatcher& dispatcher);
  ~AlertThread();  ///< stops, without grace if stop() was not called
  AlertThread(const AlertThread&) = delete;
  AlertThread& operator=(const AlertThread&) = delete;

  /// Sends nothing new, waits at most `grace` for what is under way to be settled and recorded, ends the
  /// thread. An alert not settled by then is sent again at the next start. Idempotent.
  void stop(std::chrono::milliseconds grace);

 private:
  void run();

  /// Shared with the dispatcher's wake callback, which may come while this is being destroyed.
  struct Signal {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = true;
    bool stopping = false;
    std::chrono::steady_clock::time_point give_up_at{};
  };

  AlertDispatcher& dispatcher_;
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  std::thread thread_;
};

}  // namespace jobrun::alert
