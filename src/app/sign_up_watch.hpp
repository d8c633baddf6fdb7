// What moves sign-ups on when no owner texts: numbers that arrive, the operator's approval, and time.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "texting/sign_up.hpp"

namespace jobrun::app {

class SignUpWatch {
 public:
  struct Ports {
    std::unique_ptr<StoreReader> reader;
    Journal& journal;
    const directory::Directory& directory;
    NumberingPlan& numbering_plan;
    TimeZones& time_zones;
    Meter& meter;
    Log& log;
    const Clock& clock;
    /// What left its promise durable, for whoever sends it.
    std::function<void(std::vector<TextRecord>)> promised;
  };
  struct Options {
    flow::Policy policy;
    texting::SignUpPolicy sign_up;
    Duration look_every{1'000};
    std::int64_t owners_at_once = 50;
  };

  SignUpWatch(Ports ports, Options options);

  /// Looks when it is time to. One thread at a time; throws StoreFailure.
  void pump();

 private:
  void nudge(E164 owner, texting::Nudge nudge);
  void tell(const Commit& commit);

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds due_{};
  /// Owners whose nudge is under way: the look after it begins once all are done.
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace jobrun::app
