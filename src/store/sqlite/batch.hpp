// The writer: its statements, which live as long as the store, and the batch, which is one transaction.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ports/store.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/file_identity.hpp"
#include "sqlite/text_counter.hpp"

namespace jobrun::store {

struct TransactionStatements {
  explicit TransactionStatements(SQLite::Database& database);
  Statement begin, commit, rollback, save, keep, undo, data_version;
};

struct SweepStatements {
  explicit SweepStatements(SQLite::Database& database);
  Statement set_mark;
};

struct CanaryStatements {
  explicit CanaryStatements(SQLite::Database& database);
  Statement find_old, forget_unknown, remove_message_events, remove_texts, remove_events, remove_outcomes,
      remove_sid, remove_call;
};

struct CallStatements {
  explicit CallStatements(SQLite::Database& database);
  Statement find, find_id, has_event, rung_since, add, add_forwarded, add_sid, add_event, set_greeting, set_end,
      set_deadline, set_rung, set_longer, set_taken, set_not_taken, add_recording, outcome_of, set_outcome,
      pending_again, add_outcome, answer_in_incident, add_leaning;
};

struct ContactStatements {
  explicit ContactStatements(SQLite::Database& database);
  Statement find_customer, add_customer, index_customer, find_conversation, add_conversation, add_message;
};

struct TextStatements {
  explicit TextStatements(SQLite::Database& database);
  Statement find_pair, find_text, pair_step, add, index_pair, start, accept, unknown, not_sent, refuse, call_of,
      bound_elsewhere, rival, find_found, look, again, settle, read, all_unknown, unsettle, unsettle_started;
};

struct MessageStatements {
  explicit MessageStatements(SQLite::Database& database);
  Statement find, find_by_cause, has_event, add_event, told, told_lost, told_message, was_lost, bind, set_status,
      keep_lost, promise_again, refuse, is_blocked, block, unblock;
};

struct InboundStatements {
  explicit InboundStatements(SQLite::Database& database);
  Statement find, add, last_choice, waiting_lead, tell_reply, add_message;
};

struct OnboardingStatements {
  explicit OnboardingStatements(SQLite::Database& database);
  Statement find, set, approve, find_available, take, newest_forwarded, newest;
};

struct ConversationStatements {
  explicit ConversationStatements(SQLite::Database& database);
  Statement find, recent, only_called, set, client, set_availability, add_decision, claim_week;
};

struct PeopleStatements {
  explicit PeopleStatements(SQLite::Database& database);
  Statement find_text, settle, empty_message, empty_inbound, empty_text, empty_alert, empty_conversation,
      open_text, open_alert, open_call, owned_client, erase_call, erase_text, erase_loss, erase_inbound,
      erase_messages, erase_conversations, erase_customer, forget_customer, forget_group, erase_alert,
      forget_pairs, forget_line, forget_facts, forget_sign_up, erase_former_owner, empty_recording,
      erase_recordings, erase_decision;
};

struct AlertStatements {
  explicit AlertStatements(SQLite::Database& database);
  Statement add, find_group, gather, bring_forward, set_group, add_call, set_text, accept, group_accepted, fail,
      give_to_way, fail_way, postpone_way, done_by_way, close_way, add_telling, forget_tellings, find_escalating,
      own_call, gathered_call, gathered_done, leaning_call, leaning_done, escalate, escalated, fate_of_text,
      withdraw_lead;
};

struct IncidentStatements {
  explicit IncidentStatements(SQLite::Database& database);
  Statement find_overdue, find_open, open, gather, gathered, add_calls, answered, close, find, settle_texts,
      mend_deadlines, allow_for_looks, mend_alerts, mend_ways;
};

struct DirectoryStatements {
  explicit DirectoryStatements(SQLite::Database& database);
  Statement client_exists, client_of_own_number, add_client, set_client, remove_client, number_of_client,
      count_numbers_of_client, find_number, add_number, assign_number, remove_number, find_fact, set_fact,
      remove_fact, next_version;
};

/// What outlives the batches.
struct Writer {
  Writer(SQLite::Database& opened, const std::string& path, const FileSystem& file_system);

  SQLite::Database& database;
  TransactionStatements transaction;
  CallStatements calls;
  ContactStatements contacts;
  TextStatements texts;
  MessageStatements messages;
  InboundStatements inbound;
  OnboardingStatements onboarding;
  ConversationStatements conversations;
  PeopleStatements people;
  AlertStatements alerts;
  IncidentStatements incidents;
  DirectoryStatements directory;
  SweepStatements sweep;
  CanaryStatements canaries;
  TextCounter counter;
  OpenedFiles files;              ///< after the statements, whose making opens the log
  std::int64_t data_version = 0;  ///< changes when another connection has written
  bool is_escalating = true;      ///< some accepted alert may have calls left that are to become escalated
};

class SqliteBatch : public StoreBatch {
 public:
  explicit SqliteBatch(Writer& writer);
  ~SqliteBatch() override;
  SqliteBatch(const SqliteBatch&) = delete;
  SqliteBatch& operator=(const SqliteBatch&) = delete;

  std::optional<CallRecord> find_call(const CallSid& call_sid) override;
  bool has_event(CallId call, std::string_view event_key) override;
  std::int64_t calls_rung_since(const Caller& caller, E164 number, Instant since) override;
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override;
  std::optional<LastText> last_first_text(const CallerPair& pair) override;
  std::int64_t texts_since(const CallerPair& pair, Instant since) override;
  std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) override;
  TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country, std::int64_t utc_day) override;
  std::optional<TextOnRecord> find_text(const TextId& id) override;
  bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) override;
  bool was_lost(TextRow text, std::string_view message_sid) override;
  bool is_sender_blocked(const Way& way) override;
  bool has_inbound_text(std::string_view message_sid) override;
  std::optional<OnboardingRecord> find_onboarding(E164 owner_phone) override;
  std::optional<E164> available_number(std::span<const std::string> prefixes) override;
  std::optional<CallToNumber> call_to_number(E164 number, Instant since) override;
  std::optional<ConversationRecord> find_conversation(const CustomerContact& contact) override;
  std::vector<ConversationRecord> recent_conversations(ClientId client, std::int64_t limit) override;
  std::optional<ClientProfile> find_client(ClientId client) override;
  std::optional<LastChoice> last_choice(const FactScope& scope, E164 phone) override;
  std::optional<AlertId> waiting_lead(std::optional<ClientId> client, E164 caller, Instant now) override;

  std::optional<TextRecord> write(const Commit& commit, Instant now) override;

  bool mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) override;
  bool record_accepted(TextRow text, std::string_view message_sid, Instant now) override;
  bool record_unknown(TextRow text, std::string_view reason, Instant now) override;
  bool record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                       Instant now) override;
  bool record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                      Instant now) override;
  std::optional<TextRecord> record_lost(TextRow text, const TextLoss& loss, Instant now) override;
  std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) override;
  std::optional<std::string> told_message(TextRow text) override;
  void block_sender(const BlockedSender& sender) override;
  std::int64_t started_become_unknown(Instant now) override;
  bool belongs_to_another(TextRow text, std::string_view message_sid) override;
  bool has_rival(TextRow text) override;
  bool record_found(TextRow text, std::string_view message_sid, Instant now) override;
  bool record_look(TextRow text, int looks, int absent, Instant due_at) override;
  std::optional<TextRecord> promise_again(TextRow text, std::string_view reason, Instant now) override;

  void raise(const AlertRequest& alert, Instant now) override;
  bool has_raised_due_alerts() const override { return has_raised_due_alerts_; }
  bool record_alert_accepted(AlertId alert, AlertWay by, std::span<const AlertWay> others, Instant now) override;
  void record_alert_failed(AlertId alert, AlertWay by, std::string_view reason,
                           std::optional<Instant> due_at) override;
  void postpone_alert(AlertId alert, AlertWay by, Instant due_at) override;
  void record_telling(AlertWay by, std::string_view recipient, Instant now) override;

  bool claim_week(ClientId client, CivilDate monday) override;

  OverdueLook look_for_overdue_calls(Instant now, std::int64_t limit) override;
  void mend_dates(const LongestWaits& longest, Instant now) override;
  Result<void> close_incident(IncidentId incident, std::string_view reason, Instant now) override;
  Result<void> approve_onboarding(E164 owner_phone, Instant now) override;
  Result<void> settle_text(InboundTextId text, const Settlement& settlement, Instant now) override;
  std::int64_t empty_words(WordsIn place, std::span<const OldWords> rows) override;
  Result<void> erase_person(const Person& person, const PersonRows& rows) override;

  void set_sweep_mark(SweptList list, Instant mark) override;
  void remove_canaries(std::int64_t kept) override;

  Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant now) override;

  void begin_item() override;
  void keep_item() override;
  void undo_item() override;

  Result<void> commit() override;

 private:
  /// An undo point that costs nothing until something is written behind it.
  struct Item {
    bool is_saved = false;
    std::size_t counter_mark = 0;
  };
  /// What a text answers: a call, an inbound text, or neither.
  struct TextOwner {
    std::optional<CallId> call;
    std::optional<InboundTextId> inbound;
  };
  /// The index entry of a pair.
  struct PairEntry {
    std::optional<std::int64_t> first_text;
    std::optional<std::int64_t> newest;
  };

  /// Around each function: an exception that leaves it makes the batch void.
  class Step {
   public:
    explicit Step(SqliteBatch& batch) : batch_(batch), exceptions_(std::uncaught_exceptions()) {}
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() {
      if (std::uncaught_exceptions() > exceptions_) batch_.is_void_ = true;
    }

   private:
    SqliteBatch& batch_;
    int exceptions_;
  };

  /// Before each write: makes the undo points real.
  void touch();
  Result<void> commit_or_throw();
  void roll_back();

  CallId add_call(const Commit& commit, const NewCall& call, Instant now);
  void change_call(CallId call, const Commit& commit, Instant now);
  void write_ringing(CallId call, const Commit& commit, Instant now);
  std::optional<CallId> id_of_call(std::string_view call_sid);
  void set_outcome(CallId call, Outcome outcome, std::optional<TextRow> leans_on, std::string_view because,
                   Instant now);
  void lean(CallId call, TextRow leans_on, Instant now);
  std::int64_t conversation_of(const CustomerContact& contact, Instant now);
  void write_contact(const CustomerContact& contact, CallId call, const std::optional<TextRecord>& text,
                     Instant now);
  PairEntry pair_entry(const CallerPair& pair);
  TextOwner owner_of(const TextId& id);
  std::optional<TextRecord> promise(const TextOwner& owner, const PromisedText& text, Instant now);
  void call_is_texted(TextRow text, Instant now);
  std::optional<TextRecord> read_text(TextRow text);
  std::optional<TextRecord> write_message(const MessageNews& news, Instant now);
  InboundTextId write_inbound(const NewInboundText& inbound, Instant now);
  std::optional<TextRecord> write_text(const Commit& commit, std::optional<CallId> call,
                                       std::optional<InboundTextId> inbound, Instant now);
  void write_reply(const NewInboundText& inbound, const std::optional<TextRecord>& text, Instant now);
  void tell_reply(const RepliedLead& lead, Instant now);
  void write_onboarding(const Commit& commit, Instant now);
  void write_conversation(const Commit& commit, const std::optional<TextRecord>& text, Instant now);
  Result<void> check_nothing_under_way(const Person& person);
  void write_availability(const AvailabilityChange& change);
  void write_decision(const JobDecision& decision);
  std::optional<ClientId> write_sign_up(const OnboardingChange& change, Instant now);
  void take_number(E164 number, ClientId client);
  std::optional<E164> lowest_available(std::uint64_t first, std::uint64_t last);
  void set_fact(const SetPhoneFact& change);
  void take_told_status(TextRow text, std::string_view message_sid);
  void tell_a_person(TextRow text, const AlertRequest& alert, Instant now);
  E164 caller_of(TextRow text);

  AlertId raise_for(const AlertRequest& alert, std::optional<CallId> call, Instant now);
  AlertId add_alert(const AlertRequest& alert, std::optional<CallId> call, Instant due_at, Instant now);
  void escalate_some(std::int64_t limit);
  std::int64_t escalate_calls_of(std::int64_t alert, Instant now, std::int64_t limit);
  std::int64_t escalate_leaning_on(TextRow text, std::string_view because, Instant now, std::int64_t limit);

  Result<void> check_profile(const ClientProfile& profile, std::optional<ClientId> self);
  Result<void> check_number(const PoolNumber& number);
  Result<std::optional<ClientId>> apply(const AddClient& change, Instant now);
  Result<std::optional<ClientId>> apply(const SetClient& change, Instant now);
  Result<std::optional<ClientId>> apply(const RemoveClient& change, Instant now);
  Result<std::optional<ClientId>> apply(const AddNumber& change, Instant now);
  Result<std::optional<ClientId>> apply(const AssignNumber& change, Instant now);
  Result<std::optional<ClientId>> apply(const RemoveNumber& change, Instant now);
  Result<std::optional<ClientId>> apply(const SetPhoneFact& change, Instant now);
  Result<std::optional<ClientId>> apply(const UnblockSender& change, Instant now);

  Writer& writer_;
  std::vector<Item> items_;
  bool is_open_ = true;
  bool is_void_ = false;
  bool has_raised_due_alerts_ = false;
  /// What was just looked up and not found: its write need not look again.
  std::string missing_sid_;
  std::optional<CallerPair> missing_pair_;
};

/// How the rows of a call, a text, an alert, a client are read, by the writer and by readers.
inline constexpr const char* call_columns =
    "calls.id, calls.call_sid, calls.caller, calls.number_text, calls.role, calls.role_source, calls.client, "
    "calls.greeting, calls.first_event_at, calls.final_status, calls.ended_at, calls.outcome, "
    "calls.forwarded_from, calls.verification, calls.rung_at, calls.taken_by, "
    "(SELECT url FROM recordings WHERE recordings.call = calls.id ORDER BY recordings.id LIMIT 1), "
    "(SELECT duration_s FROM recordings WHERE recordings.call = calls.id ORDER BY recordings.id LIMIT 1)";
inline constexpr int call_columns_count = 18;
CallRecord call_of(const Rows& rows);

/// Of the tables texts and calls; a text may have no call.
extern const std::string text_columns;
inline constexpr int text_columns_count = 19;
TextRecord text_of(const Rows& rows);

/// The ways of a text as the column `ways` keeps them, and back.
std::string joined(const std::vector<Way>& ways);
std::vector<Way> ways_of(std::string_view joined);

/// The links of an inbound text as the column `media` keeps them, and back.
std::string joined(const std::vector<MediaLink>& media);
std::vector<MediaLink> media_of(std::string_view joined);

/// The row of an owner who signs up, by the writer and by readers.
inline constexpr const char* onboarding_columns =
    "owner_phone, step, state, number, client, waiting_since, step_since, last_text_at, due_at, "
    "approved_at ";
OnboardingRecord onboarding_of(const Rows& rows);

/// The row of a conversation, of the tables conversations and customers, by the writer and by readers.
inline constexpr const char* conversation_columns =
    "conversations.client, conversations.number, customers.phone, conversations.step, conversations.state, "
    "conversations.language, COALESCE(conversations.active_at, 0) ";
ConversationRecord conversation_record_of(const Rows& rows);

/// The row of a client, by the writer and by readers; a condition follows with AND.
extern const std::string client_columns;
ClientProfile client_of(const Rows& rows);

/// The stable hash by which `call_sids` finds a CallSid.
std::int64_t hash_of_sid(std::string_view call_sid);

std::int64_t scope_of(const FactScope& scope);
FactScope scope_of_row(std::int64_t scope);

/// Of a phone, by (phone, first scope, last scope); at most `facts_page` rows, as its LIMIT says.
inline constexpr int facts_page = 3;
inline constexpr const char* find_facts =
    "SELECT opted_out, blocked, do_not_text, landline, scope FROM phone_facts "
    "WHERE phone = ? AND scope >= ? AND scope <= ? LIMIT 3";
PhoneFacts facts_in(Statement& find_facts_statement, const FactScope& scope, E164 phone);

}  // namespace jobrun::store
