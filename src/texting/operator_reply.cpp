#include "texting/operator_reply.hpp"

#include <utility>

#include "answering.hpp"
#include "conversation_codec.hpp"
#include "owner_text.hpp"

namespace jobrun::texting {
namespace {

/// A state that cannot be read stays as it is.
ConversationRecord written_by_us(const CustomerContact& contact, FactReader& facts, Instant now) {
  std::optional<ConversationRecord> record = facts.find_conversation(contact);
  conversation::State state;
  if (record) {
    const std::optional<conversation::State> known = state_of(*record);
    if (!known) {
      record->active_at = now;
      return *std::move(record);
    }
    state = *known;
  }
  state.owner_wrote_at = now;
  return record_of(contact, state, now);
}

std::string why_not(AfterCallRow row, ClientId client) {
  const std::string id = std::to_string(client.value);
  switch (row) {
    case AfterCallRow::paused:
      return "is not texted while client " + id + " is paused: jobrun clients resume " + id;
    case AfterCallRow::blocked:
      return "is blocked by client " + id + ": jobrun clients people " + id;
    case AfterCallRow::do_not_text:
      return "is on the list of client " + id + " of people not to be texted: jobrun clients people " + id;
    case AfterCallRow::no_sender:
      return "cannot be texted: the carrier lets nothing leave from that number: jobrun senders list";
    case AfterCallRow::opted_out:
    case AfterCallRow::landline:
    case AfterCallRow::country_not_allowed:
    case AfterCallRow::cost_guard:
    case AfterCallRow::loop_breaker:
    case AfterCallRow::answered:
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
    case AfterCallRow::forwarding_hides_caller:
    case AfterCallRow::withheld:
    case AfterCallRow::facts_unknown:
    case AfterCallRow::cool_down:
    case AfterCallRow::too_late:
    case AfterCallRow::intake:
    case AfterCallRow::failsafe:
    case AfterCallRow::onboarding_number:
      break;
  }
  return reason_in_words(row);
}

}  // namespace

Result<Commit> reply_as_operator(const OperatorsWords& reply, const Surroundings& around, FactReader& facts,
                                 Instant now) {
  const CustomerContact& contact = reply.contact;
  if (contact.customer.digits() == 0) return failure(ErrorKind::conflict, "its customer was erased");
  const directory::Resolution number = around.directory.resolve(contact.number);
  const bool is_clients =
      number.role == NumberRole::operational && number.client && number.client->id == contact.client;
  if (!is_clients) {
    return failure(ErrorKind::conflict, contact.number.text() + " is no number of client " +
                                            std::to_string(contact.client.value) +
                                            " any more, so his answer would not reach it");
  }
  const ClientProfile client = facts.find_client(contact.client).value_or(*number.client);
  const Answering to = answering({reply.cause, Caller::parse(contact.customer.text()), contact.number, {}},
                                 flow::Operational{&client}, around, facts, now);
  if (!to.may_leave()) {
    return failure(ErrorKind::conflict, "the customer " + why_not(to.row(), contact.client));
  }
  Commit commit;
  commit.origin = Origin::command;
  commit.text = to.text(Purpose::customer_reply, reply.words);
  commit.text->origin = Origin::command;
  commit.conversation = written_by_us(contact, facts, now);
  commit.counts.push_back({Metric::texts_promised, {name_of(Purpose::customer_reply)}});
  return commit;
}

std::optional<conversation::State> conversation_state_of(const ConversationRecord& record) {
  return state_of(record);
}

}  // namespace jobrun::texting
