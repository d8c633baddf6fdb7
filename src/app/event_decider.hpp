#pragma once

#include <utility>

#include "base/ports/decider.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/time_zones.hpp"
#include "directory/directory.hpp"
#include "flow/after_call.hpp"
#include "outbox/message_status.hpp"
#include "texting/decide.hpp"
#include "voice/decide.hpp"

namespace jobrun::app {

/// Hands each Event to the module that decides it, with the newest directory. Runs on the writer.
class EventDecider final : public Decider {
 public:
  /// Not owned.
  struct Ports {
    const directory::Directory& directory;
    NumberingPlan& numbering_plan;
    TimeZones& time_zones;
    const Carrier& carrier;
    Random& random;
  };

  EventDecider(Ports ports, flow::Policy policy, texting::SignUpPolicy sign_up, outbox::RetryRules retry)
      : ports_(ports), policy_(std::move(policy)), sign_up_(std::move(sign_up)), retry_(retry) {}

  Commit decide(const Event& event, FactReader& facts, Instant now) override {
    if (const auto* message = std::get_if<MessageStatusChange>(&event)) {
      return outbox::decide(*message, {ports_.carrier, ports_.random, retry_}, facts, now);
    }
    const std::shared_ptr<const directory::Snapshot> directory = ports_.directory.current();
    if (const auto* text = std::get_if<InboundText>(&event)) {
      return texting::decide(*text, {*directory, ports_.numbering_plan, policy_, sign_up_, ports_.time_zones},
                             facts, now);
    }
    return std::visit(DecideCall{{*directory, ports_.numbering_plan, policy_, ports_.time_zones}, facts, now},
                      event);
  }

  std::optional<VoiceAnswer> answer_without_facts(const Event& event) override {
    return voice::answer_without_facts(event, *ports_.directory.current());
  }

 private:
  struct DecideCall {
    voice::Surroundings around;
    FactReader& facts;
    Instant now;

    template <class CallEvent>
    Commit operator()(const CallEvent& event) const {
      return voice::decide(event, around, facts, now);
    }
    // Decided elsewhere.
    Commit operator()(const MessageStatusChange&) const { return {}; }
    Commit operator()(const InboundText&) const { return {}; }
  };

  Ports ports_;
  flow::Policy policy_;
  texting::SignUpPolicy sign_up_;
  outbox::RetryRules retry_;
};

}  // namespace jobrun::app
