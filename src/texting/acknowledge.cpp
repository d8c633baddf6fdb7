#include "acknowledge.hpp"

#include <string>
#include <utility>

#include "base/catalogue.hpp"
#include "flow/facts.hpp"

namespace jobrun::texting {
namespace {

flow::Situation situation_of(const InboundText& text, const flow::Role& role, const flow::Policy& policy,
                             const Surroundings& around, FactReader& facts, Instant now) {
  flow::Situation s{.cause = text.message_sid,
                    .caller = text.sender,
                    .number = text.number,
                    .forwarded_from = {},
                    .origin = Origin::text,
                    .caller_country = {},
                    .number_country = {},
                    .facts = {},
                    .last_text = {},
                    .texts_today = {},
                    .blocked_senders = {},
                    .now = now,
                    .ended_at = text.at};
  const std::optional<E164> sender = text.sender.number();
  if (!sender) return s;
  s.caller_is_ours = around.directory.is_ours(*sender);
  flow::gather_facts(s, role, {facts, around.numbering_plan, policy}, now);
  s.last_text.reset();
  if (!text.number) return s;
  const std::optional<Instant> last =
      facts.last_promised({*sender, *text.number}, Purpose::triage_reply, now - policy.cool_down);
  if (last) s.last_text = LastText{.row = {}, .promised_at = *last, .state = TextState::promised};
  return s;
}

/// Its origin is `text` also when the sweep found what it answers.
PromisedText wording(const flow::Situation& s, std::vector<Way> ways) {
  PromisedText text{.id = {s.cause, Purpose::triage_reply},
                    .origin = Origin::text,
                    .pair = {*s.caller.number(), *s.number},
                    .ways = std::move(ways),
                    .body = {},
                    .country = s.caller_country,
                    .caused_at = s.ended_at};
  const std::string number = s.number->text();
  text.body = render(Phrase::text_triage_reply, {.business = {}, .number = number});
  if (expects_opt_out_line(s.caller_country)) text.body += opt_out_line();
  return text;
}

}  // namespace

Acknowledgement acknowledge(const InboundText& text, const directory::Resolution& to, const Surroundings& around,
                            FactReader& facts, Instant now) {
  const flow::Role role = flow::System{.is_known = to.source != RoleSource::unknown};
  flow::Policy policy = around.policy;
  policy.failsafe_sender.reset();
  policy.second_sender.reset();
  const flow::Situation s = situation_of(text, role, policy, around, facts, now);
  if (!s.facts_known) return {AfterCallRow::facts_unknown, std::nullopt};
  const AfterCallRow row = flow::classify(role, s, policy);
  if (row != AfterCallRow::failsafe) return {row, std::nullopt};
  return {row, wording(s, flow::possible_ways(role, s.number, policy))};
}

}  // namespace jobrun::texting
