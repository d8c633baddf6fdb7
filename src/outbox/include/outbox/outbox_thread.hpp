#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "outbox/dispatcher.hpp"

namespace jobrun::outbox {

/// Drives a dispatcher: pumps when it asks to be, sleeps in between. The dispatcher must outlive it.
class OutboxThread {
 public:
  explicit OutboxThread(Dispatcher& dispatcher);
  ~OutboxThread();  ///< stops, without grace if stop() was not called
  OutboxThread(const OutboxThread&) = delete;
  OutboxThread& operator=(const OutboxThread&) = delete;

  /// Starts nothing new, waits at most `grace` for texts in flight to be answered and recorded, ends the
  /// thread. What is not answered by then stays `started` and is unknown at the next start. Idempotent.
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

  Dispatcher& dispatcher_;
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  std::thread thread_;
};

}  // namespace jobrun::outbox
