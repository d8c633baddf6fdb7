#include "outbox/alert_texts.hpp"

#include <mutex>
#include <utility>

#include "counts.hpp"
#include "next_step.hpp"
#include "outbox/policy.hpp"
#include "stack_trace.hpp"

namespace jobrun::outbox {
namespace {

/// An alert's text on its way: which of its ways is being tried.
struct Journey {
  AlertText text;
  std::size_t way = 0;
  std::string reasons;  ///< why it did not leave by those before
};

/// Whether another sender or account may do what this answer refused.
bool may_leave_otherwise(Refused::Because because) {
  switch (because) {
    case Refused::Because::later:
    case Refused::Because::next_day:
    case Refused::Because::sender:
    case Refused::Because::account:
    case Refused::Because::credentials:
    case Refused::Because::suspended:
    case Refused::Because::filtered:
    case Refused::Because::other:
      return true;
    case Refused::Because::once_more:
    case Refused::Because::recipient:
    case Refused::Because::loop:
    case Refused::Because::our_mistake:
      return false;
  }
  return false;
}

std::string words_of(const Refused& refused) {
  return "the carrier refused it with code " + std::to_string(refused.code);
}

}  // namespace

struct AlertTexts::Impl : std::enable_shared_from_this<AlertTexts::Impl> {
  explicit Impl(Ports ports_given) : ports(std::move(ports_given)) {}

  std::optional<std::string> why_not(const FactScope& scope, E164 recipient) const;
  bool is_allowed() const;
  void try_way(Journey journey, const Done& done);
  void try_next(Journey journey, const std::string& reason, const Done& done);
  void hear(const Journey& journey, const SendAnswer& answer, const Done& done);

  Ports ports;
  std::recursive_mutex mutex;  ///< held while an answer is heard, which may lead to another at once
  bool is_over = false;
};

std::optional<std::string> AlertTexts::Impl::why_not(const FactScope& scope, E164 recipient) const {
  if (ports.is_ours(recipient)) return "that phone is a number of ours";
  if (ports.numbering_plan.is_landline(recipient)) return "that phone is a landline";
  const Result<PhoneFacts> facts = ports.phone_facts(scope, recipient);
  if (!facts) {
    if (scope.kind == FactScope::Kind::failsafe) return std::nullopt;
    return "whether that phone has opted out cannot be read";
  }
  if (facts->opted_out) return "that phone has opted out";
  if (facts->landline) return "that phone is a landline";
  return std::nullopt;
}

bool AlertTexts::Impl::is_allowed() const {
  if (rule_on(Purpose::alert, Origin::alert) == Ruling::allowed) return true;
  ports.log.write({LogLevel::critical,
                   "CRITICAL INVARIANT VIOLATION",
                   "",
                   {{"purpose", std::string(name_of(Purpose::alert))},
                    {"origin", std::string(name_of(Origin::alert))},
                    {"stack_trace", stack_trace_here()}}});
  ports.meter.count(Metric::exit_policy_refusals, name_of(Purpose::alert), name_of(Origin::alert));
  return false;
}

void AlertTexts::Impl::try_next(Journey journey, const std::string& reason, const Done& done) {
  journey.reasons += (journey.reasons.empty() ? "" : "; ") + reason;
  ++journey.way;
  try_way(std::move(journey), done);
}

void AlertTexts::Impl::try_way(Journey journey, const Done& done) {
  const std::vector<Way>& ways = journey.text.ways;
  if (journey.way >= ways.size()) {
    return done(
        {AlertAnswer::not_reached, journey.reasons.empty() ? "no sender of ours is left" : journey.reasons});
  }
  const Way& way = ways[journey.way];
  OutgoingText letter{.id = {.cause = journey.text.id, .purpose = Purpose::alert},
                      .account = way.account,
                      .sender = way.sender,
                      .recipient = journey.text.recipient,
                      .body = journey.text.body,
                      .attempt = {static_cast<int>(journey.way) + 1, journey.way}};
  ports.carrier.send(permit(), std::move(letter),
                     [weak = weak_from_this(), journey = std::move(journey), done](const SendAnswer& answer) {
                       const auto self = weak.lock();
                       if (!self) return;
                       const std::lock_guard lock(self->mutex);
                       if (!self->is_over) self->hear(journey, answer, done);
                     });
}

void AlertTexts::Impl::hear(const Journey& journey, const SendAnswer& answer, const Done& done) {
  const auto [meaning, code] = labels_of(answer);
  ports.meter.count(Metric::carrier_answers, meaning, code);
  if (std::holds_alternative<Accepted>(answer)) return done({});
  if (const auto* unknown = std::get_if<Unknown>(&answer)) return done({AlertAnswer::unknown, unknown->reason});
  if (const auto* not_sent = std::get_if<NotSent>(&answer)) return try_next(journey, not_sent->reason, done);
  const Refused& refused = std::get<Refused>(answer);
  count_all(ports.meter, counts_of_lesson(refused.learned));
  if (refused.learned) {
    ports.learn(
        {scope_of_learned(*refused.learned, journey.text.scope), journey.text.recipient, *refused.learned, true});
  }
  if (!may_leave_otherwise(refused.because)) return done({AlertAnswer::refused, words_of(refused)});
  try_next(journey, words_of(refused), done);
}

AlertTexts::AlertTexts(Ports ports) : impl_(std::make_shared<Impl>(std::move(ports))) {}

AlertTexts::~AlertTexts() {
  const std::lock_guard lock(impl_->mutex);
  impl_->is_over = true;
}

std::optional<std::string> AlertTexts::why_not(const FactScope& scope, E164 recipient) const {
  return impl_->why_not(scope, recipient);
}

void AlertTexts::send(AlertText text, Done done) {
  if (!impl_->is_allowed()) return done({AlertAnswer::refused, "the exit policy forbids it"});
  if (const std::optional<std::string> reason = impl_->why_not(text.scope, text.recipient)) {
    return done({AlertAnswer::refused, *reason});
  }
  std::erase_if(text.ways, impl_->ports.is_blocked);
  impl_->try_way({.text = std::move(text), .way = 0, .reasons = {}}, done);
}

}  // namespace jobrun::outbox
