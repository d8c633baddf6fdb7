// What the command line, the API and the console may ask of the service: one entry, JSON in and JSON out.
//
// Whoever asks is not trusted to ask well: every field is bounded and checked, a field nobody knows is
// refused, and an error says what to do. Changes go through the journal, so that they join the batches of
// the one writer and are durable when the answer says so.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"

namespace jobrun::console_api {

class Fields;
struct ImportPlan;

/// Numbers with a duty of their own, from the settings. None may be a client's number: its callers would be
/// answered in another's name, or an owner would be texted by his own phone.
struct ReservedNumbers {
  std::optional<E164> onboarding_number;
  std::optional<E164> failsafe_sender;
  std::optional<E164> second_sender{};
};

/// Fails with every client's number that the settings reserve for the service. For the start: a number may
/// have been given to a client before the setting was made. Throws StoreFailure.
Result<void> check_reserved_numbers(const ReservedNumbers& reserved, StoreReader& reader);

/// An operator's words to a customer, by the number that he knows.
struct OperatorReply {
  CustomerContact contact;
  std::string cause;  ///< of the text, as in TextId
  std::string words;
};

/// `{"error": {"code": ..., "message": ...}}`: how every failure is told.
nlohmann::json error_answer(const Error& error);

struct OperationLimits {
  Duration answer_wait{10'000};  ///< for a change to become durable
  Duration import_piece{25};     ///< writer time of one piece of an import, well under 50 ms
  std::size_t import_piece_rows = 2'000;
  std::size_t import_bytes_max = 64u << 20;
  std::size_t import_rows_max = 2'000'000;
  std::size_t import_problems_shown = 100;  ///< bad lines listed; all are counted
};

/// Answers requests such as `{"op": "clients.add", "name": "Smith & Sons", "phone": "+14155550123"}`.
///
/// An answer is `{"result": ...}` or `{"error": {"code": ..., "message": ...}}`, where `code` is `invalid`,
/// `not_found`, `conflict`, `unavailable` or `internal`. Instants are ISO 8601 in UTC, ids are `id`. `warnings`
/// are sentences for a person about what was done all the same; absent when there are none.
///
/// | op | fields (optional ones in brackets) | result |
/// |---|---|---|
/// | clients.add | name, phone, [own_number, cool_down_seconds, countries, texts_per_day, paused, alert_by: text
/// (default), email or both, owner_email, settings: an object of names and texts] | the client; of its settings
/// those that are not the default |
/// | clients.list | [after, limit] | {clients, next} |
/// | clients.show | id | the client |
/// | clients.set | id, and any field of clients.add; null restores the default | the client |
/// | clients.pause, clients.resume, clients.remove | id | the client as it is then, or was |
/// | clients.block, clients.unblock | id, phone, [fact: blocked (default) or do_not_text] | {id, phone, ...} |
/// | clients.people | id, [after, limit] | {people, next}: whose facts the client has set or learned |
/// | clients.preview | id, [locale] | {phrases}: what its customers read and hear, with size |
/// | numbers.add | number, role, [client_id]; or number, available: waits for an owner who signs up | the number |
/// | numbers.list | [after, limit] | {numbers, next} |
/// | numbers.assign | number, [client_id, null to unassign], [role] | the number, available no more |
/// | numbers.remove | number | the number as it was |
/// | numbers.import | csv: header `number,role,client_id`, then rows | {rows, added, unchanged} |
/// | calls.list | [open_only, limit, before] | {calls, next} |
/// | calls.show | call_sid | the call with texts and timeline |
/// | texts.list | [show, limit, before] | {texts, next}: that came in; masked, and no words, without `show` |
/// | conversations.list | [client_id, show, limit, before] | {conversations, next}: masked without `show` |
/// | conversations.show | id | the conversation with its messages |
/// | conversations.reply | id, words | {id, text_id, to, state}: what was promised |
/// | triage.list | [all, show, limit, before] | {texts, next}: to nobody's number; without `all`, not settled |
/// | triage.show | id | the text |
/// | triage.adopt | id, client_id, [number: of the client's] | {id, client_id, customer, number} |
/// | triage.dismiss | id, reason | {id} |
/// | failsafe.report | [since, show, limit] | {since, numbers}: nobody's that were called, and by whom |
/// | people.export | phone, [client_id] | everything that is kept of a phone |
/// | people.erase | phone, [client_id] | {phone, client_id, erased, kept}: facts that keep him from being texted |
/// | incidents.list | [open_only, limit] | {incidents} |
/// | incidents.close | id, reason | {id} |
/// | senders.list | | {senders}: those that the carrier lets nothing leave from |
/// | senders.unblock | number | {number} |
/// | onboarding.list | [stuck_only, after, limit] | {owners, next}: who is signing up, and who has |
/// | onboarding.show | phone | the owner |
/// | onboarding.approve | phone, of an owner who waits for that | {phone}: he gets a number in a moment |
class Operations {
 public:
  using OpenReader = std::function<std::unique_ptr<StoreReader>()>;
  /// An owner who signs up, as people see him; null where that cannot be read. Its members `is_stuck` and
  /// `waits_for` are looked at here.
  using DescribeOwner = std::function<nlohmann::json(const OnboardingRecord&, Instant now)>;

  /// What is known of a conversation's job, as people see it; null where that cannot be read.
  using DescribeConversation = std::function<nlohmann::json(const ConversationRecord&)>;
  /// What the words to a customer write and promise. On the writer; conflict where he may not be texted now.
  using ReplyToCustomer =
      std::function<Result<Commit>(const OperatorReply& reply, FactReader& facts, Instant now)>;

  struct Ports {
    OpenReader open_reader;
    Journal& journal;    ///< outlives this
    const Clock& clock;  ///< likewise
    DescribeOwner describe_owner;
    DescribeConversation describe_conversation;
    ReplyToCustomer reply_to_customer{};  ///< null: nobody here sends texts
    /// Once it is durable, for whoever sends and counts; on the journal's thread. Null: whoever sends looks for
    /// it.
    std::function<void(const Commit&, std::vector<TextRecord>)> promised{};
    TimeZones* time_zones = nullptr;  ///< null: a zone is only looked at for its form
    /// ISO 3166; null: of no number.
    std::function<std::string(E164)> country_of{};
  };

  Operations(Ports ports, ReservedNumbers reserved, OperationLimits limits = {});

  /// Answers one request; any thread but the journal's. Never throws for a request's sake. A change waits
  /// for the journal, at most `answer_wait` (an import: for each of its pieces). When that time is over the
  /// answer is `unavailable` and says that the change may still happen.
  nlohmann::json handle(const nlohmann::json& request);

  /// The names of all operations, in the table's order.
  static std::vector<std::string_view> names();

 private:
  struct Named;
  /// Already shaped: has `result` or `error`.
  using Answer = nlohmann::json;
  using Change = std::function<Result<void>(StoreBatch&, Instant now)>;

  static const std::vector<Named>& table();
  Answer answer(const nlohmann::json& request);

  Answer add_client(Fields& fields);
  Answer list_clients(Fields& fields);
  Answer show_client(Fields& fields);
  Answer set_client(Fields& fields);
  Answer pause_client(Fields& fields);
  Answer resume_client(Fields& fields);
  Answer remove_client(Fields& fields);
  Answer block_phone(Fields& fields);
  Answer unblock_phone(Fields& fields);
  Answer list_people(Fields& fields);
  Answer preview_client(Fields& fields);
  Answer add_number(Fields& fields);
  Answer list_numbers(Fields& fields);
  Answer assign_number(Fields& fields);
  Answer remove_number(Fields& fields);
  Answer import_numbers(Fields& fields);
  Answer list_calls(Fields& fields);
  Answer show_call(Fields& fields);
  Answer list_incidents(Fields& fields);
  Answer close_incident(Fields& fields);
  Answer list_texts(Fields& fields);
  Answer list_conversations(Fields& fields);
  Answer show_conversation(Fields& fields);
  Answer reply_to_customer(Fields& fields);
  Answer list_triage(Fields& fields);
  Answer show_triage(Fields& fields);
  Answer adopt_text(Fields& fields);
  Answer dismiss_text(Fields& fields);
  Answer report_failsafe(Fields& fields);
  Answer export_person(Fields& fields);
  Answer erase_person(Fields& fields);
  Answer list_senders(Fields& fields);
  Answer unblock_sender(Fields& fields);
  Answer list_owners(Fields& fields);
  Answer show_owner(Fields& fields);
  Answer approve_owner(Fields& fields);

  Answer set_paused(Fields& fields, bool paused);
  Answer set_phone_fact(Fields& fields, bool holds);
  Result<void> check_client(const ClientProfile& profile, StoreReader& reader) const;
  nlohmann::json conversation_shown(const ConversationListing& listing, bool is_shown) const;
  nlohmann::json talk_shown(const ConversationTalk& talk) const;
  Result<void> erase_all(const Person& person, nlohmann::json& erased);
  Answer write_import(const std::shared_ptr<const ImportPlan>& plan);

  /// Runs `change` on the writer and waits until it is durable. What `change` uses it must own: it may run
  /// after this has given up waiting. `then` runs on the journal's thread, once it is durable.
  Result<void> write(Change change, std::function<void()> then = {});
  Result<std::optional<ClientId>> change_directory(DirectoryChange change);

  Ports ports_;
  ReservedNumbers reserved_;
  OperationLimits limits_;
  std::mutex changing_;   ///< one read-then-change at a time
  std::mutex importing_;  ///< one import at a time
};

}  // namespace jobrun::console_api
