#include "flow/facts.hpp"

namespace jobrun::flow {

void gather_facts(Situation& s, const Role& role, const FactSources& sources, Instant now) {
  const std::optional<E164> caller = s.caller.number();
  if (!caller) return;
  auto& [facts, numbering_plan, policy] = sources;
  const ClientProfile* client = client_of(role);
  const std::optional<ClientId> client_id = client ? std::optional(client->id) : std::nullopt;
  const std::optional<E164> number = s.number ? s.number : policy.failsafe_sender;
  s.caller_country = numbering_plan.country_of(*caller);
  if (number) s.number_country = numbering_plan.country_of(*number);
  s.facts_known = facts.are_facts_known();
  s.facts = facts.phone_facts(FactScope::of(client_id), *caller);
  s.texts_today = facts.texts_on_day(client_id, s.caller_country, utc_day(now));
  for (const Way& way : possible_ways(role, s.number, policy)) {
    if (facts.is_sender_blocked(way)) s.blocked_senders.push_back(way);
  }
  if (!number) return;
  const CallerPair pair{*caller, *number};
  s.last_text = facts.last_first_text(pair);
  s.texts_in_loop_window = facts.texts_since(pair, now - policy.loop_window);
}

}  // namespace jobrun::flow
