#pragma once

#include <utility>

#include "base/ports/decider.hpp"
#include "base/ports/numbering_plan.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "voice/decide.hpp"

namespace jobrun::app {

/// Hands each Event to the module that decides it, with the newest directory. Runs on the writer.
class EventDecider final : public Decider {
 public:
  EventDecider(const directory::Directory& directory, NumberingPlan& numbering_plan, flow::Policy policy)
      : directory_(directory), numbering_plan_(numbering_plan), policy_(std::move(policy)) {}

  Commit decide(const Event& event, FactReader& facts, Instant now) override {
    const std::shared_ptr<const directory::Snapshot> directory = directory_.current();
    const voice::Surroundings around{*directory, numbering_plan_, policy_};
    return std::visit([&](const auto& kind) { return voice::decide(kind, around, facts, now); }, event);
  }

 private:
  const directory::Directory& directory_;
  NumberingPlan& numbering_plan_;
  flow::Policy policy_;
};

}  // namespace jobrun::app
