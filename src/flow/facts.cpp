#include "flow/facts.hpp"

#include "base/wording.hpp"

namespace jobrun::flow {

namespace {

void gather_opening(Situation& s, const ClientProfile& client, const FactSources& sources, Instant now) {
  const ClientSettings& settings = client.settings;
  const std::string& zone = settings.time_zone.empty() ? sources.policy.time_zone : settings.time_zone;
  if (settings.busy_until && *settings.busy_until > now) {
    s.opening = Opening::busy;
    s.busy_until = to_text(sources.time_zones.local_time(*settings.busy_until, zone).time);
  } else if (!is_open(settings, sources.time_zones.local_time(now, zone))) {
    s.opening = Opening::closed;
  }
}

/// Who has never texted has shown none.
std::optional<Locale> language_of(const CustomerContact& contact, FactReader& facts) {
  if (!facts.are_records_known()) return std::nullopt;
  const std::optional<ConversationRecord> conversation = facts.find_conversation(contact);
  return conversation ? conversation->language : std::nullopt;
}

}  // namespace

void gather_facts(Situation& s, const Role& role, const FactSources& sources, Instant now) {
  auto& [facts, numbering_plan, policy, time_zones] = sources;
  const ClientProfile* client = client_of(role);
  if (s.number) s.number_country = numbering_plan.country_of(*s.number);
  if (client) gather_opening(s, *client, sources, now);
  const std::optional<E164> caller = s.caller.number();
  if (!caller) return;
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
  if (client && s.number) s.language = language_of({client->id, *s.number, *caller}, facts);
  const CallerPair pair{*caller, *number};
  s.last_text = facts.last_first_text(pair);
  s.texts_in_loop_window = facts.texts_since(pair, now - policy.loop_window);
}

}  // namespace jobrun::flow
