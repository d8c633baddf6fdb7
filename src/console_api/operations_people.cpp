// People: what clients have set of them, what they are told, what is kept of one of them, and that it goes.
#include <set>
#include <string>

#include "answers.hpp"
#include "base/wording.hpp"
#include "console_api/operations.hpp"
#include "fields.hpp"
#include "views.hpp"

namespace jobrun::console_api {

using nlohmann::json;

namespace {

constexpr std::int64_t page_max = 1'000;
/// Of each table at once, which takes the writer well under 50 ms.
constexpr std::int64_t rows_at_once = 100;

json fact_view(const SetPhoneFact& fact) {
  const std::optional<ClientId> client = fact.scope.client;
  return {{"phone", fact.phone.text()},
          {"fact", name_of(fact.fact)},
          {"client_id", client ? json(client->value) : json(nullptr)}};
}

Person read_person(Fields& fields) {
  Person person{.phone = fields.number("phone")};
  if (const auto client = fields.optional_integer("client_id", 1, INT64_MAX)) person.client = ClientId{*client};
  return person;
}

/// What still keeps him from being texted.
json facts_kept(const Person& person, StoreReader& reader) {
  json kept = json::array();
  reader.each_phone_fact([&](const SetPhoneFact& fact) {
    const bool is_asked = !person.client || fact.scope.client == person.client;
    if (fact.phone == person.phone && is_asked) kept.push_back(fact_view(fact));
  });
  return kept;
}

void count(json& erased, const PersonRows& rows) {
  const auto add = [&](const char* name, std::size_t size) {
    erased[name] = erased.value(name, std::int64_t{0}) + static_cast<std::int64_t>(size);
  };
  add("calls", rows.calls.size());
  add("texts", rows.texts.size());
  add("inbound_texts", rows.inbound_texts.size());
  add("customers", rows.customers.size());
  add("alerts", rows.alerts.size());
}

}  // namespace

json Operations::list_people(Fields& fields) {
  const ClientId id = fields.id<ClientId>("id");
  const std::optional<E164> after = fields.optional_number("after");
  const std::int64_t limit = fields.optional_integer("limit", 1, page_max).value_or(page_max);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  if (!reader->client(id)) return no_such_client(id);
  json people = json::array();
  std::set<E164> phones;
  for (const SetPhoneFact& fact : reader->facts_of_client(id, after, limit)) {
    phones.insert(fact.phone);
    people.push_back({{"phone", fact.phone.text()}, {"fact", name_of(fact.fact)}});
  }
  const bool is_full = static_cast<std::int64_t>(phones.size()) == limit;
  json next = is_full ? json(phones.rbegin()->text()) : json(nullptr);
  return answered({{"people", std::move(people)}, {"next", std::move(next)}});
}

/// In the language asked for, else as most of the client's customers have it: its own, else its number's
/// country's.
json Operations::preview_client(Fields& fields) {
  const ClientId id = fields.id<ClientId>("id");
  const std::optional<Locale> asked = fields.optional_name<Locale>("locale");
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::optional<ClientProfile> client = ports_.open_reader()->client(id);
  if (!client) return no_such_client(id);
  const E164 number = client->own_number.value_or(client->owner_phone);
  const std::string country = ports_.country_of ? ports_.country_of(number) : "";
  const Locale locale = asked.value_or(locale_for(client->settings, std::nullopt, country));
  json phrases = json::array();
  for (const auto& [phrase, name] : NamesOf<Phrase>::rows) {
    if (!is_client_wording(phrase)) continue;
    const auto own = client->settings.wording.find(name);
    const bool is_own = own != client->settings.wording.end();
    const WordingPreview shown = preview(phrase, is_own ? own->second : "", client->name, locale);
    const bool is_spoken = name.starts_with("say_");
    phrases.push_back({{"phrase", name},
                       {"is_own", is_own},
                       {"text", shown.text},
                       {"encoding", is_spoken ? json(nullptr)
                                              : json(shown.size.encoding == TextEncoding::gsm7 ? "gsm7" : "ucs2")},
                       {"segments", is_spoken ? json(nullptr) : json(shown.size.segments)}});
  }
  return answered({{"locale", name_of(locale)}, {"phrases", std::move(phrases)}});
}

json Operations::export_person(Fields& fields) {
  const Person person = read_person(fields);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  const std::unique_ptr<StoreReader> reader = ports_.open_reader();
  if (person.client && !reader->client(*person.client)) return no_such_client(*person.client);
  const PersonRecords records = reader->person(person);
  json view = {
      {"phone", person.phone.text()},
      {"client_id", person.client ? json(person.client->value) : json(nullptr)},
      {"is_whole", records.is_whole},
      {"sign_up", records.sign_up ? ports_.describe_owner(*records.sign_up, ports_.clock.now()) : json()}};
  const auto add_all = [&view](const char* name, const auto& all, const auto& shown) {
    json& list = view[name] = json::array();
    for (const auto& each : all) list.push_back(shown(each));
  };
  add_all("facts", records.facts, fact_view);
  add_all("conversations", records.conversations,
          [this](const ConversationTalk& talk) { return talk_shown(talk); });
  add_all("calls", records.calls, call_view);
  add_all("recordings", records.recordings, recording_view);
  add_all("texts", records.texts, text_on_record_view);
  add_all("inbound_texts", records.inbound_texts,
          [](const InboundListing& listing) { return inbound_view(listing, true); });
  add_all("alerts", records.alerts, alert_view);
  return answered(std::move(view));
}

/// What is found is erased piece by piece; the first piece also looks whether anything is under way.
Result<void> Operations::erase_all(const Person& person, json& erased) {
  std::vector<std::int64_t> before;
  while (true) {
    const PersonRows rows = ports_.open_reader()->person_rows(person, rows_at_once);
    if (rows.is_empty() && !erased.empty()) return {};
    const std::vector<std::int64_t> found = rows.calls;
    if (!found.empty() && found == before) return failure(ErrorKind::internal, "his calls cannot be erased");
    before = found;
    const Result<void> written =
        write([person, rows](StoreBatch& batch, Instant) { return batch.erase_person(person, rows); });
    if (!written && erased.empty()) return written;
    if (!written) {
      return failure(written.error().kind, written.error().message + ". Some of it is erased; repeat the command");
    }
    count(erased, rows);
  }
}

json Operations::erase_person(Fields& fields) {
  const Person person = read_person(fields);
  if (const Result<void> read = fields.finish(); !read) return refused(read.error());
  if (person.client && !ports_.open_reader()->client(*person.client)) return no_such_client(*person.client);
  const std::lock_guard lock(changing_);
  json erased = json::object();
  if (const Result<void> done = erase_all(person, erased); !done) return refused(done.error());
  return answered({{"phone", person.phone.text()},
                   {"client_id", person.client ? json(person.client->value) : json(nullptr)},
                   {"erased", std::move(erased)},
                   {"kept", facts_kept(person, *ports_.open_reader())}});
}

}  // namespace jobrun::console_api
