#include "timers.hpp"

namespace jobrun::simulator {

Timers::Timers() : thread_([this] { run(); }) {}

Timers::~Timers() {
  stop();
}

void Timers::after(std::chrono::milliseconds delay, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    if (tasks_.size() < timers_max) {
      // Equal keys keep their order of insertion.
      const auto at = tasks_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
      if (at == tasks_.begin()) wake_.notify_one();
      return;
    }
  }
  task();
}

void Timers::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::size_t Timers::waiting() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Timers::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (tasks_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const auto due = tasks_.begin()->first;
    if (std::chrono::steady_clock::now() < due) {
      wake_.wait_until(lock, due);
      continue;
    }
    const Task task = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    lock.unlock();
    task();
    lock.lock();
  }
  // Tasks may own what they were to finish; let that go outside the lock.
  const auto dropped = std::exchange(tasks_, {});
  lock.unlock();
}

}  // namespace jobrun::simulator
