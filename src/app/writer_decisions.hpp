// What is decided on the writer though no webhook asks for it: written in one batch, and told once that is
// durable.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/commit.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "texting/decide.hpp"

namespace jobrun::app {

class WriterDecisions {
 public:
  struct Ports {
    Journal& journal;
    const directory::Directory& directory;
    NumberingPlan& numbering_plan;
    TimeZones& time_zones;
    Meter& meter;
    Log& log;
    /// What left its promise durable, for whoever sends it.
    std::function<void(std::vector<TextRecord>)> promised;
  };
  struct Rules {
    flow::Policy policy;
    texting::SignUpPolicy sign_up;
  };
  /// On the writer. Empty: nothing is to be written.
  using Decide = std::function<std::optional<Commit>(const texting::Surroundings&, StoreBatch&, Instant)>;

  WriterDecisions(Ports ports, Rules rules);

  /// Any thread. `done` is called exactly once, on the journal's thread, after what was decided has been counted,
  /// logged and sent on its way; an error: nothing of it is durable.
  void take(Decide decide, std::function<void(const Result<void>& durable)> done);

 private:
  void tell(const Commit& commit);

  Ports ports_;
  Rules rules_;
};

}  // namespace jobrun::app
