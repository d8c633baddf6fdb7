// Readers: a read-only connection each, beside the writer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ports/store.hpp"
#include "sqlite/connection.hpp"

namespace jobrun::store {

/// What is asked about conversations and people.
struct PeopleQueries {
  explicit PeopleQueries(SQLite::Database& database);
  Statement conversations, conversation, messages, conversations_of, facts_of_client, facts_of_phone, calls, texts,
      inbound, alerts, call_rows, text_rows, inbound_rows, customer_rows, alert_rows, old_messages, old_inbound,
      old_texts, old_alerts, old_conversations, last_message, last_inbound, last_text, last_alert,
      last_conversation, recordings, said, decision_rows, old_recordings, last_recording;
};

/// Several statements that see one state of the database.
class Snapshot {
 public:
  Snapshot(Statement& begin, Statement& end) : end_(end) { begin.run(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() {
    try {
      end_.run();
    } catch (const StoreFailure&) {
      return;  // nothing was written; the next begin tells what is wrong
    }
  }

 private:
  Statement& end_;
};

struct WeekStatements {
  explicit WeekStatements(SQLite::Database& database);
  Statement calls_ids, calls_at, calls, texts_ids, texts_at, texts, accepted;
};

struct FailsafeStatements {
  explicit FailsafeStatements(SQLite::Database& database);
  Statement numbers, replies;
};

/// Every function is one statement, or a few in one short transaction: a reader that stays in a transaction
/// keeps the write-ahead log from starting over.
class SqliteReader : public StoreReader {
 public:
  SqliteReader(const std::string& path, Duration busy_timeout, std::int64_t cache_bytes,
               const FileSystem& file_system);

  std::vector<TextRecord> promised_texts(TextRow after, std::int64_t limit) override;
  std::vector<UnknownText> unknown_texts_due(Instant now, Duration first_look, std::int64_t limit) override;
  std::vector<AlertRecord> due_alerts(AlertWay by, Instant now, std::int64_t limit) override;
  std::vector<Instant> alert_tellings(AlertWay by, std::string_view recipient, Instant since,
                                      Instant now) override;
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override;
  std::optional<Instant> next_alert_due() override;
  std::vector<ClientProfile> clients() override;
  std::optional<ClientProfile> client(ClientId id) override;
  std::vector<PoolNumber> numbers(std::optional<E164> after, std::int64_t limit) override;
  void each_phone_fact(const std::function<void(const SetPhoneFact&)>& visit) override;
  void each_text_since(Instant since, const std::function<void(const TextRecord&)>& visit) override;
  void each_number(const std::function<void(const PoolNumber&)>& visit) override;
  std::vector<OnboardingRecord> onboardings(const OnboardingQuery& query) override;
  std::optional<OnboardingRecord> onboarding(E164 owner_phone) override;
  bool has_available_numbers() override;
  std::vector<CallListing> calls(const CallQuery& query) override;
  std::optional<CallTimeline> call(const CallSid& call_sid) override;
  std::vector<IncidentRecord> incidents(bool open_only, std::int64_t limit) override;
  std::vector<InboundListing> inbound_texts(const InboundQuery& query) override;
  bool has_inbound_text(std::string_view message_sid) override;
  std::vector<BlockedSender> blocked_senders() override;
  std::vector<ConversationListing> conversations(const ConversationQuery& query) override;
  std::optional<ConversationTalk> conversation(ConversationId id) override;
  std::vector<SetPhoneFact> facts_of_client(ClientId client, std::optional<E164> after,
                                            std::int64_t limit) override;
  OldWordsPage old_words(WordsIn place, std::int64_t after, Instant before) override;
  PersonRecords person(const Person& person) override;
  PersonRows person_rows(const Person& person, std::int64_t limit) override;
  StoreLevels levels() override;
  std::vector<FailsafeNumber> failsafe_numbers(const FailsafeQuery& query) override;
  std::optional<Instant> sweep_mark(SweptList list) override;
  Instant installed_at() override;
  bool has_ended(const CallSid& call_sid) override;
  std::vector<CallSid> calls_without_end(Instant before, std::int64_t limit) override;
  ClientWeek week_of(ClientId client, Instant from, Instant to) override;
  std::int64_t directory_version() override;

 private:
  std::optional<ConversationTalk> talk(std::int64_t conversation);
  void add_events(CallId call, std::vector<TimelineEntry>& entries);
  void add_recordings(CallId call, std::vector<TimelineEntry>& entries);
  void add_texts(CallId call, CallTimeline& timeline);
  void add_messages(const TextRecord& text, const std::string& name, std::vector<TimelineEntry>& entries);
  void add_alerts(CallId call, std::vector<TimelineEntry>& entries);
  void add_incident(CallId call, std::vector<TimelineEntry>& entries);
  void add_replies(CallTimeline& timeline);

  std::unique_ptr<SQLite::Database> database_;
  Statement begin_, end_, promised_, due_, due_by_others_, tellings_, facts_, unknown_, next_due_, clients_,
      client_, numbers_, all_numbers_, available_, owner_, waiting_owners_, due_owners_, owners_, calls_,
      open_calls_, incident_calls_, call_, events_, recordings_, outcomes_, texts_of_call_, alerts_of_call_,
      incidents_, levels_, owners_at_steps_, incident_of_call_, replies_of_caller_, blocked_, messages_, lost_,
      sweep_mark_, installed_, has_ended_, without_end_, inbound_, triage_, open_triage_, cards_, has_inbound_,
      version_, each_fact_, newest_texts_;
  PeopleQueries people_;
  WeekStatements weeks_;
  FailsafeStatements failsafe_;
};

/// The rows of a call, an alert and an inbound text as lists show them.
extern const std::string listing_columns;
extern const std::string with_client;
CallListing listing_of(const Rows& rows);

extern const std::string alert_columns;
inline constexpr int alert_columns_count = 19;
AlertRecord alert_of(const Rows& rows);

extern const std::string inbound_columns;
InboundListing inbound_of(const Rows& rows);

}  // namespace jobrun::store
