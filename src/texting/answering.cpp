#include "answering.hpp"

#include <utility>

#include "base/catalogue.hpp"
#include "flow/facts.hpp"

namespace jobrun::texting {

Answering answering(Recipient recipient, bool is_known_number, const Surroundings& around, FactReader& facts,
                    Instant now) {
  return answering(std::move(recipient), flow::System{.is_known = is_known_number}, around, facts, now);
}

Answering answering(Recipient recipient, flow::Role role, const Surroundings& around, FactReader& facts,
                    Instant now) {
  flow::Policy policy = around.policy;
  policy.failsafe_sender.reset();
  policy.second_sender.reset();
  Answering to{.role = role,
               .policy = std::move(policy),
               .situation = {.cause = std::move(recipient.cause),
                             .caller = std::move(recipient.phone),
                             .number = recipient.number,
                             .origin = Origin::text,
                             .now = now,
                             .ended_at = recipient.at}};
  const std::optional<E164> phone = to.situation.caller.number();
  if (!phone) return to;
  to.situation.caller_is_ours = around.directory.is_ours(*phone);
  flow::gather_facts(to.situation, to.role, {facts, around.numbering_plan, to.policy, around.time_zones}, now);
  to.situation.last_text.reset();
  return to;
}

AfterCallRow Answering::row() const {
  return situation.facts_known ? flow::classify(role, situation, policy) : AfterCallRow::facts_unknown;
}

bool Answering::may_leave() const {
  const AfterCallRow row = this->row();
  return row == AfterCallRow::failsafe || row == AfterCallRow::intake;
}

/// Its origin is `text` also when the sweep found what it answers.
PromisedText Answering::text(Purpose purpose, std::string body) const {
  const ClientProfile* client = flow::client_of(role);
  return {.id = {situation.cause, purpose},
          .origin = Origin::text,
          .pair = {*situation.caller.number(), *situation.number},
          .ways = flow::possible_ways(role, situation.number, policy),
          .body = std::move(body),
          .client = client ? std::optional(client->id) : std::nullopt,
          .country = situation.caller_country,
          .caused_at = situation.ended_at};
}

}  // namespace jobrun::texting
