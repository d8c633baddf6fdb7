#include "acknowledge.hpp"

#include <string>

#include "answering.hpp"
#include "base/catalogue.hpp"
#include "texting/opt_out.hpp"

namespace jobrun::texting {

Acknowledgement acknowledge(const InboundText& text, const directory::Resolution& to, const Surroundings& around,
                            FactReader& facts, Instant now) {
  const bool is_known = to.source != RoleSource::unknown;
  Answering sender =
      answering({text.message_sid, text.sender, text.number, text.at}, is_known, around, facts, now);
  const std::optional<E164> phone = text.sender.number();
  if (phone && text.number) {
    const Instant since = now - around.policy.cool_down;
    const std::optional<Instant> last = facts.last_promised({*phone, *text.number}, Purpose::triage_reply, since);
    if (last) sender.situation.last_text = LastText{.row = {}, .promised_at = *last, .state = TextState::promised};
  }
  const AfterCallRow row = sender.row();
  if (row != AfterCallRow::failsafe) return {row, std::nullopt};
  const Phrase phrase = asks_for_help(text.body) ? Phrase::text_help_generic : Phrase::text_triage_reply;
  std::string body = render(phrase, {.business = {}, .number = text.number->text()});
  if (phrase == Phrase::text_triage_reply && expects_opt_out_line(sender.situation.caller_country))
    body += opt_out_line();
  return {row, sender.text(Purpose::triage_reply, std::move(body))};
}

}  // namespace jobrun::texting
