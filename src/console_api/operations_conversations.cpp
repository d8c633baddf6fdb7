// Conversations with customers, and texts to nobody's number: what an operator sees of them and does with them.
#include <string>

#include "answers.hpp"
#include "base/utf8.hpp"
#include "console_api/operations.hpp"
#include "directory_rules.hpp"
#include "fields.hpp"
#include "views.hpp"

namespace jobrun::console_api {

using nlohmann::json;

namespace {

constexpr std::int64_t page_max = 1'000;
constexpr std::int64_t page_usual = 50;
/// Four segments, so that nobody is billed for an essay.
constexpr std::size_t words_characters_max = 600;

json no_such_conversation(ConversationId id) {
  return refused(ErrorKind::not_found,
                 "there is no conversation " + std::to_string(id.value) + ": see jobrun conversations list");
}

std::optional<InboundListing> find_triage(StoreReader& reader, InboundTextId id) {
  if (id.value == INT64_MAX) return std::nullopt;
  const InboundQuery query{.limit = 1, .before = InboundTextId{id.value + 1}, .kind = InboundQuery::Kind::triage};
  const std::vector<InboundListing> found = reader.inbound_texts(query);
  if (found.empty() || found.front().id != id) return std::nullopt;
  return found.front();
}

json no_such_text(InboundTextId id) {
  return refused(ErrorKind::not_found, "there is no text " + std::to_string(id.value) +
                                           " to nobody's number: see jobrun triage list --all");
}

/// Whether the number is the client's now, so that he who texted it reaches the client with his next words too.
bool belongs_to(E164 number, const ClientProfile& client, StoreReader& reader) {
  if (client.own_number == number) return true;
  const std::optional<PoolNumber> pooled = find_number(reader, number);
  return pooled && pooled->role == NumberRole::operational && pooled->client == client.id;
}

/// The words, fit for a sentence.
std::string quoted(const std::string& body) {
  constexpr std::size_t shown_bytes_max = 160;
  if (body.empty()) return "(no words)";
  std::string words(utf8_prefix(body, shown_bytes_max));
  const bool is_cut = words.size() < body.size();
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return "\"" + words + (is_cut ? "..." : "") + "\"";
}

/// The owner hears of it as of any customer's text.
AlertRequest alert_of_adopted(const CustomerContact& contact, const std::string& body) {
  constexpr Duration told_at_most_every{10 * 60'000};
  AlertRequest alert;
  alert.kind = AlertKind::customer_texted;
  alert.client = contact.client;
  alert.group = contact.customer.text() + " " + contact.number.text();
  alert.at_most_every = told_at_most_every;
  alert.caller = contact.customer.text();
  alert.number = contact.number.text();
  alert.summary = "Text from " + contact.customer.text() + ": " + quoted(body);
  return alert;
}

}  // namespace

json Operations::conversation_shown(const ConversationListing& listing, bool is_shown) const {
  json view = conversation_view(listing, is_shown);
  view["job"] =
      is_shown && ports_.describe_conversation ? ports_.describe_conversation(listing.record) : json(nullptr);
  return view;
}

json Operations::talk_shown(const ConversationTalk& talk) const {
  json view = conversation_shown(talk.conversation, true);
  view["talk"] = json::array();
  for (const ConversationMessage& message : talk.messages) view["talk"].push_back(message_view(message));
  return view;
}

json Operations::list_conversations(Fields& fields) {
  ConversationQuery query;
  if (const auto client = fields.optional_integer("client_id", 1, INT64_MAX)) query.client = ClientId{*client};
  query.limit = fields.optional_integer("limit", 1, page_max).value_or(page_usual);
  query.before = fields.optional_integer("before", 1, INT64_MAX);
  const bool is_shown = fields.optional_flag("show").value_or(false);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  if (query.client && !reader->client(*query.client)) return no_such_client(*query.client);
  json page = json::array();
  json next = nullptr;
  for (const ConversationListing& listing : reader->conversations(query)) {
    page.push_back(conversation_shown(listing, is_shown));
    next = listing.newest;
  }
  if (static_cast<std::int64_t>(page.size()) < query.limit) next = nullptr;
  return answered({{"conversations", std::move(page)}, {"next", std::move(next)}});
}

json Operations::show_conversation(Fields& fields) {
  const ConversationId id = fields.id<ConversationId>("id");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<ConversationTalk> talk = ports_.open_reader()->conversation(id);
  return talk ? answered(talk_shown(*talk)) : no_such_conversation(id);
}

json Operations::reply_to_customer(Fields& fields) {
  const ConversationId id = fields.id<ConversationId>("id");
  std::string words = fields.line("words", words_characters_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<ConversationTalk> talk = ports_.open_reader()->conversation(id);
  if (!talk) return no_such_conversation(id);
  if (!ports_.reply_to_customer) {
    return refused(ErrorKind::unavailable, "texts leave from a running service only: start jobrun serve");
  }
  struct Made {
    Commit commit;
    std::optional<TextRecord> text;
  };
  const auto made = std::make_shared<Made>();
  const Result<void> written = write(
      [made, contact = talk->conversation.record.contact, id, words = std::move(words),
       reply = ports_.reply_to_customer](StoreBatch& batch, Instant now) -> Result<void> {
        const std::string cause = "reply-" + std::to_string(id.value) + "-" + std::to_string(to_unix_ms(now));
        Result<Commit> commit = reply({contact, cause, words}, batch, now);
        if (!commit) return std::unexpected(commit.error());
        *made = {.commit = *std::move(commit), .text = {}};
        made->text = batch.write(made->commit, now);
        if (made->text) return {};
        return failure(ErrorKind::conflict, "another reply was promised at the same moment: try again");
      },
      [made, promised = ports_.promised] {
        if (promised) promised(made->commit, {*made->text});
      });
  if (!written) return refused(written.error());
  const PromisedText& promise = made->text->promise;
  return answered({{"id", id.value},
                   {"text_id", promise.id.text()},
                   {"to", promise.pair.caller.text()},
                   {"state", name_of(TextState::promised)}});
}

json Operations::list_triage(Fields& fields) {
  InboundQuery query;
  const bool is_all = fields.optional_flag("all").value_or(false);
  const bool is_shown = fields.optional_flag("show").value_or(false);
  query.kind = is_all ? InboundQuery::Kind::triage : InboundQuery::Kind::triage_open;
  query.limit = fields.optional_integer("limit", 1, page_max).value_or(page_usual);
  if (const auto before = fields.optional_integer("before", 1, INT64_MAX)) query.before = InboundTextId{*before};
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  json page = json::array();
  for (const InboundListing& listing : ports_.open_reader()->inbound_texts(query)) {
    page.push_back(triage_view(listing, is_shown));
  }
  json next = static_cast<std::int64_t>(page.size()) == query.limit ? page.back().at("id") : json(nullptr);
  return answered({{"texts", std::move(page)}, {"next", std::move(next)}});
}

json Operations::show_triage(Fields& fields) {
  const InboundTextId id = fields.id<InboundTextId>("id");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<InboundListing> found = find_triage(*ports_.open_reader(), id);
  return found ? answered(triage_view(*found, true)) : no_such_text(id);
}

json Operations::report_failsafe(Fields& fields) {
  constexpr Duration usual = std::chrono::days{7};
  constexpr std::int64_t numbers_usual = 100;
  FailsafeQuery query;
  query.since = fields.optional_instant("since").value_or(ports_.clock.now() - usual);
  query.limit = fields.optional_integer("limit", 1, page_max).value_or(numbers_usual);
  const bool is_shown = fields.optional_flag("show").value_or(false);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  json numbers = json::array();
  for (const FailsafeNumber& called : reader->failsafe_numbers(query)) {
    const Result<E164> number = E164::parse(called.number_text);
    numbers.push_back(
        failsafe_view(called, number ? find_number(*reader, *number) : std::optional<PoolNumber>(), is_shown));
  }
  return answered({{"since", to_iso8601(query.since)}, {"numbers", std::move(numbers)}});
}

json Operations::adopt_text(Fields& fields) {
  const InboundTextId id = fields.id<InboundTextId>("id");
  const ClientId client = fields.id<ClientId>("client_id");
  const std::optional<E164> wanted = fields.optional_number("number");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::lock_guard lock(changing_);
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  const std::optional<InboundListing> found = find_triage(*reader, id);
  if (!found) return no_such_text(id);
  const std::optional<ClientProfile> profile = reader->client(client);
  if (!profile) return no_such_client(client);
  const InboundText& text = found->inbound.text;
  const std::optional<E164> sender = text.sender.number();
  if (!sender) return refused(ErrorKind::conflict, "it came from no phone, so nobody can be answered");
  const std::optional<E164> number = wanted ? wanted : text.number;
  if (!number || !belongs_to(*number, *profile, *reader)) {
    const std::string named = number ? number->text() : text.number_text;
    return refused(ErrorKind::conflict, named + " is no number of client " + std::to_string(client.value) +
                                            ": assign it first with jobrun numbers assign " + named +
                                            " --role operational --client " + std::to_string(client.value) +
                                            ", or name one of the client's numbers with --number");
  }
  const CustomerContact contact{client, *number, *sender};
  const Result<void> adopted =
      write([id, contact, body = text.body](StoreBatch& batch, Instant now) -> Result<void> {
        const Settlement settlement{.reason = {}, .adopts = contact};
        if (Result<void> settled = batch.settle_text(id, settlement, now); !settled) return settled;
        batch.raise(alert_of_adopted(contact, body), now);
        return {};
      });
  if (!adopted) return refused(adopted.error());
  return answered(
      {{"id", id.value}, {"client_id", client.value}, {"customer", sender->text()}, {"number", number->text()}});
}

json Operations::dismiss_text(Fields& fields) {
  const InboundTextId id = fields.id<InboundTextId>("id");
  std::string reason = fields.line("reason", reason_characters_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const Result<void> dismissed = write([id, reason = std::move(reason)](StoreBatch& batch, Instant now) {
    return batch.settle_text(id, {.reason = reason, .adopts = {}}, now);
  });
  if (!dismissed) return refused(dismissed.error());
  return answered({{"id", id.value}});
}

}  // namespace jobrun::console_api
