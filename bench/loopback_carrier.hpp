// The carrier's side on loopback: takes every text, and answers at once, after a time, or not at all.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "gate/form.hpp"
#include "net/http_server.hpp"

namespace jobrun::bench {

/// Serves the Messages API that the service under test must have been pointed at. One thread for the server and
/// one for all delayed answers, however many wait.
class LoopbackCarrier {
 public:
  using Milliseconds = std::chrono::milliseconds;
  /// Called on the server's thread when a text's request has arrived, before it is answered.
  using Arrived = std::function<void(const std::string& recipient)>;

  /// `answer_after` empty: it reads requests and never answers. 0: it answers at once.
  LoopbackCarrier(std::uint16_t port, std::optional<Milliseconds> answer_after, Arrived arrived)
      : answer_after_(answer_after),
        arrived_(std::move(arrived)),
        server_(options_for(port), [this](net::HttpRequest&& request, const net::Respond& respond) {
          take(std::move(request), respond);
        }) {}
  ~LoopbackCarrier() { stop(); }
  LoopbackCarrier(const LoopbackCarrier&) = delete;
  LoopbackCarrier& operator=(const LoopbackCarrier&) = delete;

  Result<void> start() {
    timer_ = std::thread([this] { answer_in_time(); });
    return server_.start();
  }

  /// What was never answered stays so.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    changed_.notify_all();
    if (timer_.joinable()) timer_.join();
    server_.stop(Milliseconds{0});
  }

  /// From now on it answers after this time. Those held are answered within it one after another, as if they had
  /// come so, or they would come in bursts from then on.
  void begin_answering(Milliseconds after) {
    {
      const std::lock_guard lock(mutex_);
      const Time now = Clock::now();
      const auto held = static_cast<int>(held_.size());
      for (int i = 0; i < held; ++i) {
        held_[static_cast<std::size_t>(i)].due = now + std::chrono::nanoseconds(after) * (i + 1) / held;
      }
      answer_after_ = after;
    }
    changed_.notify_all();
  }

  std::size_t arrivals() {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  bool wait_for_arrivals(std::size_t wanted, std::chrono::seconds most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, most, [this, wanted] { return arrivals_ >= wanted; });
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  static constexpr std::chrono::minutes answer_timeout{10};

  struct Waiting {
    Time due;
    std::size_t number;
    net::Respond respond;
  };

  static net::HttpServer::Options options_for(std::uint16_t port) {
    net::HttpServer::Options options;
    options.port = port;
    options.answer_timeout = answer_timeout;
    return options;
  }

  static net::HttpResponse accepted(std::size_t number) {
    const std::string digits = std::to_string(number);
    const std::string sid = "SM" + std::string(32 - digits.size(), '0') + digits;
    return {.status = 201,
            .content_type = "application/json",
            .body = R"({"sid":")" + sid + R"(","status":"queued"})",
            .headers = {}};
  }

  void take(net::HttpRequest&& request, const net::Respond& respond) {
    const Result<gate::Form> form = gate::Form::parse(std::move(request.body));
    if (form) arrived_(std::string(form->find("To").value_or("")));
    std::size_t number = 0;
    bool is_answered_now = false;
    {
      const std::lock_guard lock(mutex_);
      number = ++arrivals_;
      is_answered_now = answer_after_ == Milliseconds{0};
      if (!is_answered_now) {
        held_.push_back({answer_after_ ? Clock::now() + *answer_after_ : Time::max(), number, respond});
      }
    }
    changed_.notify_all();
    if (is_answered_now) respond(accepted(number));
  }

  /// The timer's thread. What came first is due first. Answers leave once a millisecond: a wake-up for each would
  /// cost what is being measured.
  void answer_in_time() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
      if (held_.empty() || held_.front().due == Time::max()) {
        changed_.wait(lock);
        continue;
      }
      const Time at = std::chrono::ceil<Milliseconds>(held_.front().due);
      if (Clock::now() < at) {
        lock.unlock();
        std::this_thread::sleep_until(at);
        lock.lock();
      }
      std::deque<Waiting> due;
      while (!held_.empty() && held_.front().due <= at) {
        due.push_back(std::move(held_.front()));
        held_.pop_front();
      }
      lock.unlock();
      for (const Waiting& one : due) one.respond(accepted(one.number));
      lock.lock();
    }
  }

  std::optional<Milliseconds> answer_after_;  ///< guarded, as what follows
  Arrived arrived_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> held_;
  std::size_t arrivals_ = 0;
  bool is_stopping_ = false;
  std::thread timer_;
  net::HttpServer server_;
};

}  // namespace jobrun::bench
