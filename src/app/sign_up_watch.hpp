// What moves sign-ups on when no owner texts: numbers that arrive, the operator's approval, and time.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "base/ports/clock.hpp"
#include "base/ports/store.hpp"
#include "texting/sign_up.hpp"
#include "writer_decisions.hpp"

namespace jobrun::app {

class SignUpWatch {
 public:
  struct Ports {
    std::unique_ptr<StoreReader> reader;
    WriterDecisions& decisions;
    const Clock& clock;
  };
  struct Options {
    Duration look_every{1'000};
    std::int64_t owners_at_once = 50;
  };

  SignUpWatch(Ports ports, Options options) : ports_(std::move(ports)), options_(options) {}
  explicit SignUpWatch(Ports ports) : SignUpWatch(std::move(ports), Options{}) {}

  /// Looks when it is time to. One thread at a time; throws StoreFailure.
  void pump();

 private:
  void nudge(E164 owner, texting::Nudge nudge);

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds due_{};
  /// Owners whose nudge is under way: the look after it begins once all are done.
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace jobrun::app
