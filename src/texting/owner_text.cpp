#include "owner_text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "answering.hpp"
#include "base/wording.hpp"
#include "conversation/owner.hpp"
#include "conversation_codec.hpp"
#include "texting/contact_cards.hpp"

namespace jobrun::texting {
namespace {

using conversation::ListedConversation;
using conversation::OwnerTurn;
using conversation::ToCustomer;

constexpr std::int64_t conversations_read_max = 50;

/// Everything about one text, gathered once.
struct Order {
  const InboundText& text;
  ClientProfile client;  ///< as it is now
  const Surroundings& around;
  FactReader& facts;
  Instant now;

  const std::string& time_zone() const {
    return client.settings.time_zone.empty() ? around.policy.time_zone : client.settings.time_zone;
  }
};

/// What he can mean, and whose it is.
struct Listed {
  std::vector<ListedConversation> conversations;
  std::vector<CustomerContact> contacts;  ///< in the same order
};

Listed listed(const Order& order) {
  Listed all;
  for (const ConversationRecord& record :
       order.facts.recent_conversations(order.client.id, conversations_read_max)) {
    std::optional<conversation::State> state = record.step.empty() ? conversation::State{} : state_of(record);
    if (!state) continue;
    all.conversations.push_back({record.contact.customer, *std::move(state)});
    all.contacts.push_back(record.contact);
  }
  return all;
}

/// To a customer of his, in his own name: neither his pause nor his lists stand in the way of what he says
/// himself.
Answering answering_customer(const Order& order, const ClientProfile& unpaused, E164 customer,
                             std::optional<E164> number) {
  Answering to = answering({order.text.message_sid, Caller::parse(customer.text()), number, order.text.at},
                           flow::Operational{&unpaused}, order.around, order.facts, order.now);
  to.situation.facts.blocked = false;
  to.situation.facts.do_not_text = false;
  return to;
}

ClientProfile unpaused(const ClientProfile& client) {
  ClientProfile copy = client;
  copy.paused = false;
  return copy;
}

conversation::OwnerFacts facts_for(const Order& order, const Listed& all) {
  const std::string& zone = order.time_zone();
  TimeZones& clocks = order.around.time_zones;
  const std::optional<Instant> busy_until = order.client.settings.busy_until;
  const bool is_busy = busy_until && *busy_until > order.now;
  return {.now = order.now,
          .local = clocks.local_time(order.now, zone),
          .is_paused = order.client.paused,
          .busy_until = is_busy ? busy_until : std::nullopt,
          .busy_until_words = is_busy ? to_text(clocks.local_time(*busy_until, zone).time) : std::string(),
          .conversations = all.conversations,
          .next = [&order, &clocks](TimeOfDay time) { return clocks.next(time, order.now, order.time_zone()); },
          .read_phone =
              [&order](std::string_view written) {
                NumberingPlan& plan = order.around.numbering_plan;
                return plan.read(written, plan.country_of(order.client.owner_phone));
              },
          .why_not_text = [&order](E164 customer) -> std::optional<std::string> {
            const ClientProfile client = unpaused(order.client);
            const Answering to = answering_customer(order, client, customer, order.text.number);
            if (to.may_leave()) return std::nullopt;
            return reason_in_words(to.row());
          }};
}

/// The customer's new state, and what he is texted: from the number that he knows.
void text_customer(Commit& commit, const Order& order, const ToCustomer& change, const CustomerContact& contact) {
  commit.conversation = record_of(contact, change.next, order.now);
  const bool is_accepted = change.next.step == conversation::Step::accepted;
  const bool is_decided = is_accepted || change.next.step == conversation::Step::declined;
  if (is_decided && change.next.decided_at == order.now) {
    commit.decision = JobDecision{.contact = contact, .is_accepted = is_accepted, .at = order.now};
  }
  if (!change.phrase && change.words.empty()) return;
  const ClientProfile client = unpaused(order.client);
  const Answering to = answering_customer(order, client, contact.customer, contact.number);
  if (!to.may_leave()) return;
  std::string words = change.words;
  if (change.phrase) {
    const ClientSettings& settings = order.client.settings;
    words = render_for(
        settings, locale_for(settings, change.next.language, to.situation.number_country), *change.phrase,
        {.business = order.client.name, .number = contact.number.text(), .job = change.next.job.job});
  }
  commit.text = to.text(Purpose::customer_reply, std::move(words));
  commit.counts.push_back({Metric::texts_promised, {name_of(Purpose::customer_reply)}});
}

AlertRequest told_to_all(const Order& order, std::string words) {
  AlertRequest alert;
  alert.kind = AlertKind::job_decided;
  alert.client = order.client.id;
  alert.number = order.text.number ? order.text.number->text() : order.text.number_text;
  alert.summary = std::move(words);
  return alert;
}

/// Where his text made a customer's, his own answer takes the way of alerts: one text answers one text.
void reply(Commit& commit, const Order& order, std::string words) {
  if (words.empty()) return;
  if (commit.text) {
    commit.alerts.push_back(told_to_all(order, std::move(words)));
    return;
  }
  const Answering to = answering({order.text.message_sid, order.text.sender, order.text.number, {}}, true,
                                 order.around, order.facts, order.now);
  const std::optional<E164> phone = order.text.sender.number();
  const bool is_out = order.facts.phone_facts(FactScope::of(order.client.id), *phone).opted_out;
  if (!to.may_leave() || is_out) {
    commit.logs.push_back({LogLevel::warning,
                           "the owner is not answered",
                           order.text.message_sid,
                           {{"row", std::string(is_out ? "opted_out" : name_of(to.row()))}}});
    return;
  }
  commit.text = to.text(Purpose::owner_reply, std::move(words));
  commit.text->client = order.client.id;
  commit.counts.push_back({Metric::texts_promised, {name_of(Purpose::owner_reply)}});
}

void change_work(Commit& commit, const Order& order, const OwnerTurn& turn) {
  if (!turn.paused && !turn.busy_until && !turn.is_busy_over) return;
  AvailabilityChange change{.client = order.client.id, .paused = turn.paused, .busy_until = {}};
  if (turn.busy_until) change.busy_until = turn.busy_until;
  if (turn.is_busy_over) change.busy_until = std::optional<Instant>();
  commit.availability = change;
}

}  // namespace

std::string reason_in_words(AfterCallRow row) {
  switch (row) {
    case AfterCallRow::opted_out:
      return "has opted out of texts";
    case AfterCallRow::landline:
      return "has a landline";
    case AfterCallRow::country_not_allowed:
      return "is in a country that is not texted";
    case AfterCallRow::cost_guard:
      return "cannot be texted today: the limit for the day is reached";
    case AfterCallRow::loop_breaker:
      return "was texted too often in the last minutes";
    case AfterCallRow::answered:
    case AfterCallRow::caller_is_ours:
    case AfterCallRow::short_code:
    case AfterCallRow::forwarding_hides_caller:
    case AfterCallRow::blocked:
    case AfterCallRow::do_not_text:
    case AfterCallRow::withheld:
    case AfterCallRow::no_sender:
    case AfterCallRow::facts_unknown:
    case AfterCallRow::paused:
    case AfterCallRow::cool_down:
    case AfterCallRow::too_late:
    case AfterCallRow::intake:
    case AfterCallRow::failsafe:
    case AfterCallRow::onboarding_number:
      break;
  }
  return "cannot be texted (" + std::string(name_of(row)) + ")";
}

namespace {

void follow(Commit& commit, const InboundText& text, const conversation::OwnerCommand& command,
            const directory::Resolution& to, const Surroundings& around, FactReader& facts, Instant now) {
  const Order order{.text = text,
                    .client = facts.find_client(to.client->id).value_or(*to.client),
                    .around = around,
                    .facts = facts,
                    .now = now};
  const Listed all = listed(order);
  OwnerTurn turn = conversation::take_owner_text(command, facts_for(order, all));
  if (turn.customer) text_customer(commit, order, *turn.customer, all.contacts.at(turn.customer->conversation));
  change_work(commit, order, turn);
  for (const OwnerTurn::PhoneChange& change : turn.phones) {
    commit.learned.push_back({FactScope::of(order.client.id), change.phone,
                              change.is_block ? PhoneFact::blocked : PhoneFact::do_not_text, change.holds});
  }
  if (!turn.notice.empty()) commit.alerts.push_back(told_to_all(order, std::move(turn.notice)));
  reply(commit, order, std::move(turn.reply));
}

/// What the words beside the cards ask for with them: UNSKIP, BLOCK or UNBLOCK; else they are to be skipped. Other
/// words go to nobody: `this is my mum` is for no customer.
conversation::OwnerCommand ordered(std::vector<std::string> numbers, const conversation::OwnerCommand& said) {
  const auto* block = std::get_if<conversation::Block>(&said);
  if (block != nullptr && numbers.size() == 1) return conversation::Block{numbers.front(), block->holds};
  const auto* skip = std::get_if<conversation::Skip>(&said);
  return conversation::Skip{.numbers = std::move(numbers), .holds = skip == nullptr || skip->holds};
}

}  // namespace

void take_owner_text(Commit& commit, const InboundText& text, const directory::Resolution& to,
                     const Surroundings& around, FactReader& facts, Instant now) {
  if (!facts.are_records_known()) {
    commit.is_left_open = true;
    return;
  }
  if (std::ranges::any_of(text.media, is_contact_card)) {
    commit.logs.push_back({LogLevel::info, "a contact card is to be read", text.message_sid, {}});
    return;
  }
  follow(commit, text, conversation::read_owner_command(text.body), to, around, facts, now);
}

std::optional<Commit> take_contact_cards(const InboundText& text, std::vector<std::string> numbers,
                                         const Surroundings& around, FactReader& facts, Instant now) {
  if (facts.find_text({text.message_sid, Purpose::owner_reply})) return std::nullopt;
  const directory::Resolution to = around.directory.resolve(text.number);
  const std::optional<E164> phone = text.sender.number();
  if (!to.client || !phone || !is_owners(*to.client, *phone)) return std::nullopt;
  Commit commit;
  commit.origin = Origin::text;
  if (numbers.size() > conversation::contact_numbers_max) numbers.resize(conversation::contact_numbers_max);
  follow(commit, text, ordered(std::move(numbers), conversation::read_owner_command(text.body)), to, around, facts,
         now);
  return commit;
}

}  // namespace jobrun::texting
