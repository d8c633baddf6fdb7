// Things to do later, on one thread of their own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace jobrun::simulator {

/// How many tasks may wait; a further one runs at once on the caller's thread.
inline constexpr std::size_t timers_max = 200'000;

class Timers {
 public:
  using Task = std::function<void()>;

  Timers();
  ~Timers();  ///< stops
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// Any thread. Tasks due at the same moment run in the order they were given. After stop() the task is
  /// dropped.
  void after(std::chrono::milliseconds delay, Task task);
  /// Waits for the task that is running, drops the rest. Idempotent; not from a task.
  void stop();
  std::size_t waiting() const;

 private:
  void run();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<std::chrono::steady_clock::time_point, Task> tasks_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace jobrun::simulator
