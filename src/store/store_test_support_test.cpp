#include <stdlib.h>

#include "store_test_support.hpp"

namespace jobrun::store {

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "jobrun-store-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

NewCall a_call(const std::string& call_sid, E164 caller, std::optional<ClientId> client) {
  return NewCall{.call_sid = sid(call_sid),
                 .caller = Caller::parse(caller.text()),
                 .number_text = business_number.text(),
                 .role = client ? NumberRole::operational : NumberRole::system,
                 .role_source = client ? RoleSource::pool : RoleSource::unknown,
                 .client = client,
                 .origin = Origin::status};
}

PromisedText a_text(const std::string& call_sid, Purpose purpose, E164 caller) {
  return PromisedText{.id = {call_sid, purpose},
                      .origin = Origin::status,
                      .pair = {.caller = caller, .number = business_number},
                      .ways = {{Account::first, business_number}, {Account::second, phone(14155550111)}},
                      .body = "Smith & Sons: sorry we missed your call.",
                      .client = std::nullopt};
}

Commit an_ended_call(const std::string& call_sid, E164 caller, ClientId client, Instant now) {
  Commit commit;
  commit.new_call = a_call(call_sid, caller, client);
  commit.event_key = "status:no-answer";
  commit.ended = CallEnd{CallStatus::no_answer, AfterCallRow::intake};
  commit.deadline = now + minute;
  commit.contact = CustomerContact{.client = client, .number = business_number, .customer = caller};
  commit.text = a_text(call_sid, Purpose::customer_intake, caller);
  commit.text->client = client;
  return commit;
}

Commit a_pending_call(const std::string& call_sid, E164 caller, std::optional<Instant> deadline) {
  Commit commit;
  commit.new_call = a_call(call_sid, caller);
  commit.event_key = "status:completed";
  commit.ended = CallEnd{CallStatus::completed, AfterCallRow::failsafe};
  commit.deadline = deadline;
  return commit;
}

Commit a_suppressed_call(const std::string& call_sid, E164 caller, TextRow leans_on) {
  Commit commit;
  commit.new_call = a_call(call_sid, caller);
  commit.event_key = "status:busy";
  commit.ended = CallEnd{CallStatus::busy, AfterCallRow::cool_down};
  commit.outcome = OutcomeChange{Outcome::suppressed, leans_on};
  return commit;
}

Commit an_inbound_text(const std::string& message_sid, TakenAs taken_as, E164 from,
                       std::optional<ClientId> client) {
  Commit commit;
  commit.inbound = NewInboundText{.text = {.message_sid = message_sid,
                                           .sender = Caller::parse(from.text()),
                                           .number = business_number,
                                           .number_text = business_number.text(),
                                           .body = "Leak, today"}};
  commit.inbound->client = client;
  commit.inbound->taken_as = taken_as;
  return commit;
}

SpooledEvent a_spooled_call(const std::string& call_sid) {
  return {.event = CallStatusChange{.call = {.call_sid = sid(call_sid),
                                             .caller = Caller::parse("+14155550123"),
                                             .number = business_number,
                                             .number_text = "+14155550100",
                                             .forwarded_from = {},
                                             .parent = {}},
                                    .status = CallStatus::completed,
                                    .status_text = "completed"}};
}

AlertRequest an_alert(AlertKind kind, const std::string& group, const std::string& call_sid) {
  AlertRequest alert;
  alert.kind = kind;
  alert.group = group;
  alert.call_sid = call_sid;
  alert.caller = "+14155550123";
  alert.number = business_number.text();
  alert.summary = "a call was missed";
  return alert;
}

void in_batch(Store& store, const std::function<void(StoreBatch&)>& write) {
  const auto batch = store.begin({});
  write(*batch);
  const Result<void> committed = batch->commit();
  ASSERT_TRUE(committed) << committed.error().message;
}

ClientId add_client(Store& store, const std::string& name, std::optional<E164> own_number) {
  ClientId client;
  in_batch(store, [&](StoreBatch& batch) {
    ClientProfile profile;
    profile.name = name;
    profile.owner_phone = owner_phone;
    profile.own_number = own_number;
    const auto added = batch.change_directory(AddClient{profile}, noon);
    ASSERT_TRUE(added) << added.error().message;
    ASSERT_TRUE(added->has_value());
    client = **added;
  });
  return client;
}

std::vector<std::string> details(Store& store, const std::string& call_sid, const std::string& what) {
  std::vector<std::string> found;
  const auto timeline = store.reader()->call(sid(call_sid));
  if (!timeline) return found;
  for (const TimelineEntry& entry : timeline->entries) {
    if (entry.what == what) found.push_back(entry.detail);
  }
  return found;
}

std::optional<Outcome> outcome_of(Store& store, const std::string& call_sid) {
  const auto timeline = store.reader()->call(sid(call_sid));
  return timeline ? timeline->call.call.outcome : std::nullopt;
}

}  // namespace jobrun::store
