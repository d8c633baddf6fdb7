// The store: what is durable. All SQL text lives behind this port.
//
// One writer (StoreBatch) and any number of readers (StoreReader). PostgreSQL is to follow, so a batch is
// told of all its events at its beginning and may fetch their facts in one round trip.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/person_record.hpp"
#include "base/records.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace jobrun {

/// How many texts were promised on a UTC day, of those that counts_by_the_day().
struct TextCounts {
  std::int64_t client = 0;   ///< for the client asked about; 0 without one
  std::int64_t country = 0;  ///< to the country asked about, for everybody together
  std::int64_t service = 0;  ///< for everybody together
};

/// A message of which statuses have told that it was lost.
struct ToldLoss {
  int code = 0;  ///< the carrier's; 0: none
  SendAttempt attempt;
};

/// The facts decisions are taken on. Sees what earlier events of the same batch wrote.
class FactReader {
 public:
  virtual ~FactReader() = default;
  virtual std::optional<CallRecord> find_call(const CallSid& call_sid) = 0;
  virtual bool has_event(CallId call, std::string_view event_key) = 0;
  /// Calls of that caller to the number for which phones were rung at or after `since`.
  virtual std::int64_t calls_rung_since(const Caller& caller, E164 number, Instant since) = 0;
  virtual PhoneFacts phone_facts(const FactScope& scope, E164 phone) = 0;
  /// False while not even the facts of phones and what was promised of late are known: no text may leave to a
  /// client's callers then.
  virtual bool are_facts_known() { return true; }
  /// The newest first text (customer intake, fail-safe) promised to the pair.
  virtual std::optional<LastText> last_first_text(const CallerPair& pair) = 0;
  /// Automatic texts of any purpose promised to the pair at or after `since`.
  virtual std::int64_t texts_since(const CallerPair& pair, Instant since) = 0;
  /// When a text of that purpose was last promised to the pair, whatever became of it; empty if that was before
  /// `since`, or more than 1,000 texts to the pair ago.
  virtual std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) = 0;
  virtual TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country,
                                  std::int64_t utc_day) = 0;
  virtual std::optional<TextOnRecord> find_text(const TextId& id) = 0;
  /// Whether that status of that message of the text is known already.
  virtual bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) = 0;
  /// Whether the text was that message once, and the carrier lost it.
  virtual bool was_lost(TextRow text, std::string_view message_sid) = 0;
  /// What statuses have told of a message with the text's id so far, if that is that it was lost.
  virtual std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) = 0;
  /// A message with the text's id that statuses have told of, and that is not lost.
  virtual std::optional<std::string> told_message(TextRow text) = 0;
  virtual bool is_sender_blocked(const Way& way) = 0;
  virtual bool has_inbound_text(std::string_view message_sid) = 0;
  /// False while the store is away: what follows is not known then.
  virtual bool are_records_known() { return true; }
  virtual std::optional<OnboardingRecord> find_onboarding(E164 owner_phone) = 0;
  /// A number of the pool that waits for an owner (PoolNumber::is_available): the lowest that begins with the
  /// first of the prefixes (`+44113`) that any begins with, else the lowest of all. Those that earlier items of
  /// the batch took are gone.
  virtual std::optional<E164> available_number(std::span<const std::string> prefixes) = 0;
  /// Of the ended calls to the number since then the best: the newest that was forwarded, else the newest.
  virtual std::optional<CallToNumber> call_to_number(E164 number, Instant since) = 0;
  /// Empty where nobody has said anything yet.
  virtual std::optional<ConversationRecord> find_conversation(const CustomerContact& contact) = 0;
  /// Those of the client in which somebody has said something, the newest first; behind them those with people who
  /// have only called, lately and the newest first, without step and state. At most `limit` of either.
  virtual std::vector<ConversationRecord> recent_conversations(ClientId client, std::int64_t limit) = 0;
  /// The client as it is now, with what earlier items of the batch changed; empty when there is none.
  virtual std::optional<ClientProfile> find_client(ClientId client) = 0;
  /// Of the words by which the phone opted out or in, the newest by when it was sent.
  virtual std::optional<LastChoice> last_choice(const FactScope& scope, E164 phone) = 0;
  /// The lead about that caller that waits for a reply, the newest; one that is due already waits no more. Without
  /// a client: of a number that is nobody's.
  virtual std::optional<AlertId> waiting_lead(std::optional<ClientId> client, E164 caller, Instant now) = 0;
};

// --- changes of the directory ---------------------------------------------------------------------

struct AddClient {
  ClientProfile profile;
};  ///< profile.id is ignored; the store gives one
struct SetClient {
  ClientProfile profile;
};  ///< the whole new profile of an existing client
struct RemoveClient {
  ClientId client;
};  ///< refused while pool numbers are assigned to it
struct AddNumber {
  PoolNumber number;
};  ///< conflict when the number is in the pool
struct AssignNumber {
  PoolNumber number;
};  ///< not_found unless the number is in the pool
struct RemoveNumber {
  E164 number;
};
struct UnblockSender {
  E164 sender;
};  ///< in whichever account it is blocked; not_found when it is in none

using DirectoryChange = std::variant<AddClient, SetClient, RemoveClient, AddNumber, AssignNumber, RemoveNumber,
                                     SetPhoneFact, UnblockSender>;

// --- the sweep ------------------------------------------------------------------------------------

/// The carrier's lists that are swept for what no webhook told of.
enum class SweptList { calls, texts };

template <>
struct NamesOf<SweptList> {
  static constexpr std::array<Named<SweptList>, 2> rows = {
      {{SweptList::calls, "calls"}, {SweptList::texts, "texts"}}};
};

// --- incidents ------------------------------------------------------------------------------------

struct IncidentRecord {
  IncidentId id;
  std::string kind;  ///< `outcome_overdue`
  Instant opened_at{};
  std::optional<Instant> closed_at;
  std::string closed_reason;
  std::int64_t calls = 0;          ///< calls it has gathered
  std::int64_t calls_pending = 0;  ///< of these, still without an outcome
};

/// What a look for overdue calls changed.
struct OverdueLook {
  std::int64_t calls_added = 0;
  std::optional<IncidentId> opened;  ///< a new incident was opened for them
  std::vector<IncidentId> closed;    ///< incidents whose calls all have outcomes now
};

/// The longest that anything of ours waits by the wall clock. What would wait for longer was dated by a clock that
/// has been set back since.
struct LongestWaits {
  Duration deadline{0};  ///< of a call, from its first event
  Duration alert{0};
  Duration telling{0};     ///< of an alert that one way kept back
  Duration retry{0};       ///< of one that a way could not tell; no longer than `telling`
  Duration looked_for{0};  ///< the deadline, from its end, of a call whose unknown text is being looked for
};

/// One transaction of the one writer. Destroyed without a successful commit(), it leaves no trace.
/// Functions throw StoreFailure when the store fails; the whole batch is then void.
class StoreBatch : public FactReader {
 public:
  /// Writes all of a Commit. Returns the text it promised, as the outbox carries it.
  virtual std::optional<TextRecord> write(const Commit& commit, Instant now) = 0;

  // Texts. Each names the only state it may be applied in; in any other it changes nothing and says false.
  /// By that way, as that attempt; nothing is done when a way is closed that `closed_ways` does not know of.
  /// Only: promised.
  virtual bool mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) = 0;
  virtual bool record_accepted(TextRow text, std::string_view message_sid, Instant now) = 0;  ///< started
  virtual bool record_unknown(TextRow text, std::string_view reason, Instant now) = 0;        ///< started
  /// Certainly not sent: promised again, not before `due_at`, by a way that is not closed. Only: started.
  virtual bool record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                               Instant now) = 0;
  /// No way is left. `alert` is raised; when a channel accepts it, the text's call, if it has one, and every call
  /// that leans on the text become escalated. The call's lead, which waits for a reply, is withdrawn unless it is
  /// due already. Only: started, promised.
  virtual bool record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                              Instant now) = 0;
  /// The message that the text was accepted as is lost. Promised again, or refused as by record_refused(); a call
  /// that was texted by it is pending again. Returns it as the outbox carries it, if it was promised again.
  /// Only: accepted.
  virtual std::optional<TextRecord> record_lost(TextRow text, const TextLoss& loss, Instant now) = 0;
  virtual void block_sender(const BlockedSender& sender) = 0;
  /// At start: every text in `started` was in flight when the process died. Returns how many.
  virtual std::int64_t started_become_unknown(Instant now) = 0;
  /// Whether a message at the carrier is another text of ours to the same caller, or was this one and is lost.
  virtual bool belongs_to_another(TextRow text, std::string_view message_sid) = 0;
  /// Whether the fate of another text of ours to the same caller, in the same words, is open too, and no person
  /// has settled it: then a message that belongs to no text may be either's. However far apart they were started:
  /// our clock may have been set in between.
  virtual bool has_rival(TextRow text) = 0;
  /// The carrier lists it, or a status has told of it. Said again with the same sid, it is true again, unless it
  /// was a status that settled it meanwhile. Only: unknown.
  virtual bool record_found(TextRow text, std::string_view message_sid, Instant now) = 0;
  /// Looked for in vain so far; to be looked for again at `due_at`. Only: unknown.
  virtual bool record_look(TextRow text, int looks, int absent, Instant due_at) = 0;
  /// The carrier has not got it: promised again. Returns it as the outbox carries it; empty in any other state.
  /// Only: unknown.
  virtual std::optional<TextRecord> promise_again(TextRow text, std::string_view reason, Instant now) = 0;

  // Alerts.
  virtual void raise(const AlertRequest& alert, Instant now) = 0;
  /// True when the batch has raised an alert that is due by now; also when that was undone since.
  virtual bool has_raised_due_alerts() const = 0;
  /// That way has told it, and tells it no more. The first to do so makes the alert accepted, which is what
  /// escalates its call, and leaves it to the `others` to tell it too; true then.
  virtual bool record_alert_accepted(AlertId alert, AlertWay by, std::span<const AlertWay> others,
                                     Instant now) = 0;
  /// That way did not get it told: due by it again at `due_at`, or never when that is empty.
  virtual void record_alert_failed(AlertId alert, AlertWay by, std::string_view reason,
                                   std::optional<Instant> due_at) = 0;
  /// That way tells it later, without having tried; at once, when a call comes to hang on it.
  virtual void postpone_alert(AlertId alert, AlertWay by, Instant due_at) = 0;
  /// The recipient has been told something by that way, or perhaps: it counts towards his limit.
  virtual void record_telling(AlertWay by, std::string_view recipient, Instant now) = 0;

  /// False when the client has been told of the week that began on that day, or of a later one; else from now on.
  virtual bool claim_week(ClientId client, CivilDate monday) = 0;

  // Incidents.
  /// Gathers at most `limit` pending calls past their deadline into the one open incident of their kind,
  /// opening it if there is none, and closes incidents whose calls all have outcomes.
  virtual OverdueLook look_for_overdue_calls(Instant now, std::int64_t limit) = 0;
  /// Deadlines and alerts beyond the longest wait are brought forward to it: a clock set back must not silence
  /// them. Deadlines of calls whose texts are being looked for, and that no incident has gathered, are put off.
  virtual void mend_dates(const LongestWaits& longest, Instant now) = 0;
  /// A person has dealt with its calls: those still pending keep no outcome and are open no more, nor are their
  /// texts counted that are unknown.
  virtual Result<void> close_incident(IncidentId incident, std::string_view reason, Instant now) = 0;

  /// The operator lets an owner in: his sign-up is due, and says so. not_found: nobody with that phone signs up.
  virtual Result<void> approve_onboarding(E164 owner_phone, Instant now) = 0;

  /// A person has dealt with a text to nobody's number. not_found, or conflict for a text that is not of that kind
  /// or was dealt with before, which says how.
  virtual Result<void> settle_text(InboundTextId text, const Settlement& settlement, Instant now) = 0;

  /// What those rows still hold of what people wrote and said goes; what became of it stays. A row that has
  /// changed since it was found, or whose text may still leave, is left as it is. Returns how many were emptied.
  virtual std::int64_t empty_words(WordsIn place, std::span<const OldWords> rows) = 0;

  /// In those rows, and in what is found by his phone, nothing leads to the person any more, and what he wrote is
  /// gone. Facts that keep him from being texted stay. conflict while something about him is under way, or while
  /// he is an owner; nothing has changed then.
  virtual Result<void> erase_person(const Person& person, const PersonRows& rows) = 0;

  /// Everything of that list that began before `mark` has been dealt with.
  virtual void set_sweep_mark(SweptList list, Instant mark) = 0;

  /// Calls of canaries and their texts go, but for the newest `kept` and those that an alert is about; at most 100
  /// at once. Where none are kept there is nothing to do.
  virtual void remove_canaries(std::int64_t /*kept*/) {}

  /// Applies one change; an error leaves the batch as it was. Returns the new client's id for AddClient.
  virtual Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant now) = 0;

  /// Undo points within the batch, for items that may fail on their own. Strictly nested.
  virtual void begin_item() = 0;
  virtual void keep_item() = 0;
  virtual void undo_item() = 0;

  /// Makes all of it durable: returns a value only after the data is synced and the database file is
  /// still the one at its path. On an error nothing may be acknowledged; `internal` when the store will never take
  /// what is in the batch.
  virtual Result<void> commit() = 0;

  /// False: this only stands in for the store that the text is in, and keeps nothing that it is told of it.
  virtual bool holds(TextRow) const { return true; }
};

/// Thrown by StoreBatch and StoreReader when the store itself fails, or will never take what it was given.
struct StoreFailure : std::exception {
  enum class Because { store, input };
  explicit StoreFailure(std::string what, Because why = Because::store) : message(std::move(what)), because(why) {}
  const char* what() const noexcept override { return message.c_str(); }
  std::string message;
  Because because;
};

// --- reading --------------------------------------------------------------------------------------

/// Owners who are signing up.
struct OnboardingQuery {
  bool is_waiting_only = false;         ///< for a number, in the order of `waiting_since`
  std::optional<Instant> due_before{};  ///< only who is to be looked at by then, in the order of `due_at`
  std::int64_t limit = 50;              ///< 1 to 1,000
  std::optional<E164> after{};          ///< for the next page, where the order is that of phones
};

struct CallListing {
  CallRecord call;
  std::string number_text;
  std::string client_name;  ///< empty without a client
  std::string reason;       ///< the after-call row; empty before the call ended
  std::optional<Instant> deadline;
};

/// One line of a call's timeline, oldest first.
struct TimelineEntry {
  Instant at{};
  std::string what;  ///< e.g. `event`, `outcome`, `text`, `alert`
  std::string detail;
};

struct CallTimeline {
  CallListing call;
  std::vector<TextRecord> texts;
  std::vector<TimelineEntry> entries;
};

struct CallQuery {
  bool open_only = false;        ///< in an open incident, or pending and in none
  std::int64_t limit = 50;       ///< 1 to 1,000
  std::optional<CallId> before;  ///< for the next page
};

/// An inbound text as the journal holds it.
struct InboundListing {
  InboundTextId id;
  NewInboundText inbound;
  std::string client_name;  ///< empty without a client
  std::string reply;        ///< purpose and state of the newest text that answers it; empty: none
  Instant sent_at{};
  Instant received_at{};
  std::optional<SettledAs> settled_as{};  ///< of a text to nobody's number; empty: nobody has dealt with it
  std::string settled_reason{};
  std::optional<Instant> settled_at{};
};

struct InboundQuery {
  /// Which of them.
  enum class Kind {
    all,
    triage,       ///< to nobody's number
    triage_open,  ///< of these, what nobody has dealt with
    cards,        ///< of owners, with attachments of text, unanswered; among the newest few thousand texts
  };
  std::int64_t limit = 50;                ///< 1 to 1,000
  std::optional<InboundTextId> before{};  ///< for the next page
  std::optional<InboundTextId> after{};   ///< only newer ones
  Kind kind = Kind::all;
};

/// A conversation between a customer and a business, as people look for it.
struct ConversationListing {
  ConversationId id;
  ConversationRecord record;  ///< without step and state while nobody has said anything
  std::string client_name{};
  std::int64_t newest = 0;    ///< the row of its newest message: what pages go by
  std::int64_t messages = 0;  ///< calls that were missed, and texts both ways
  std::string last_words{};   ///< of its newest message; empty: a missed call
  Instant last_at{};          ///< when that was
};

/// One message of a conversation.
struct ConversationMessage {
  Instant at{};
  std::string kind{};  ///< `missed_call`, `text_from_customer` or `text_to_customer`
  std::string body{};
  std::string call_sid{};            ///< of the call that it is, or that it answers
  std::optional<Outcome> outcome{};  ///< of a missed call
  std::string text_id{};             ///< of a text to the customer; and its state:
  std::optional<TextState> state{};
  std::optional<MessageStatus> status{};  ///< what the carrier told of it
  std::string message_sid{};              ///< of a text from the customer
  std::vector<MediaLink> media{};         ///< of a missed call what the caller has said, as `body` is its words
};

/// What a caller has said, and the carrier keeps.
struct RecordingListing {
  std::string call_sid{};
  std::string url{};
  std::string transcription{};
  Instant at{};
};

struct ConversationTalk {
  ConversationListing conversation;
  std::vector<ConversationMessage> messages{};  ///< oldest first; of very many the newest 1,000
};

struct ConversationQuery {
  std::optional<ClientId> client{};
  std::int64_t limit = 50;               ///< 1 to 1,000
  std::optional<std::int64_t> before{};  ///< ConversationListing::newest, for the next page
};

/// Everything that is kept of a person; of each at most 10,000.
struct PersonRecords {
  std::vector<SetPhoneFact> facts{};
  std::vector<ConversationTalk> conversations{};
  std::vector<CallListing> calls{};
  std::vector<RecordingListing> recordings{};
  std::vector<TextOnRecord> texts{};  ///< to him, or to somebody else about him
  std::vector<InboundListing> inbound_texts{};
  std::vector<AlertRecord> alerts{};
  std::optional<OnboardingRecord> sign_up{};
  bool is_whole = true;  ///< false: there is more of something
};

/// A number of nobody's, for which the fail-safe answered.
struct FailsafeNumber {
  std::string number_text;  ///< as the carrier told it
  Instant first_at{};       ///< when the first call of those counted came, and the last
  Instant last_at{};
  std::int64_t calls = 0;
  std::int64_t callers = 0;  ///< different ones
  /// What those callers, or others, have texted to nobody's number since: to this one, or, where they had their
  /// text from another, to that. The newest first, at most FailsafeQuery::replies_limit.
  std::vector<InboundListing> replies{};
};

struct FailsafeQuery {
  Instant since{};                  ///< calls that came then or later, and replies
  std::int64_t limit = 100;         ///< numbers, 1 to 1,000
  std::int64_t replies_limit = 20;  ///< of each, 1 to 1,000
};

/// How many owners are at a step of signing up, in the words of the onboarding module.
struct OwnersAtStep {
  std::string step;
  std::int64_t owners = 0;
  friend bool operator==(const OwnersAtStep&, const OwnersAtStep&) = default;
};

/// Depths and ages for gauges.
struct StoreLevels {
  std::int64_t texts_promised = 0;
  std::int64_t texts_started = 0;
  std::int64_t texts_waiting() const { return texts_promised + texts_started; }
  /// When the one of those that has waited longest was promised; of one that was put off for minutes on purpose,
  /// until when that was. Looks at the first few hundred, by their order.
  std::optional<Instant> texts_waiting_since{};
  std::int64_t texts_unknown = 0;  ///< but for those of calls whose incident a person closed
  std::int64_t calls_pending = 0;  ///< without an outcome: ended and in no incident, or in an open one
  std::int64_t incidents_open = 0;
  std::int64_t alerts_waiting = 0;
  std::int64_t senders_blocked = 0;
  std::int64_t triage_open = 0;  ///< texts to nobody's number that nobody has dealt with
  std::int64_t numbers_available = 0;
  std::vector<OwnersAtStep> owners{};  ///< no step at which there is nobody
};

/// Reads what is committed. One thread at a time per reader.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  /// Promised texts with row > after, oldest first.
  virtual std::vector<TextRecord> promised_texts(TextRow after, std::int64_t limit) = 0;
  /// Unknown texts that no person has settled and that are due to be looked for, oldest first: `first_look` after
  /// they became unknown, then whenever the last look said. Dates that the clock cannot have written count as due.
  virtual std::vector<UnknownText> unknown_texts_due(Instant now, Duration first_look, std::int64_t limit) = 0;
  /// Alerts that are due at `now` to be told by that way, oldest first; before those that another way has told.
  virtual std::vector<AlertRecord> due_alerts(AlertWay by, Instant now, std::int64_t limit) = 0;
  /// When the recipient was told something by that way, after `since` and until `now`; newest first.
  virtual std::vector<Instant> alert_tellings(AlertWay by, std::string_view recipient, Instant since,
                                              Instant now) = 0;
  virtual PhoneFacts phone_facts(const FactScope& scope, E164 phone) = 0;
  virtual std::vector<BlockedSender> blocked_senders() = 0;
  /// When the next waiting alert is due.
  virtual std::optional<Instant> next_alert_due() = 0;

  virtual std::vector<ClientProfile> clients() = 0;
  virtual std::optional<ClientProfile> client(ClientId id) = 0;
  /// Pool numbers with number > after, ascending; a page.
  virtual std::vector<PoolNumber> numbers(std::optional<E164> after, std::int64_t limit) = 0;
  /// Every fact of every phone that holds, in any order.
  virtual void each_phone_fact(const std::function<void(const SetPhoneFact&)>& visit) = 0;
  /// Texts promised at or after `since`, the newest first, in whatever state.
  virtual void each_text_since(Instant since, const std::function<void(const TextRecord&)>& visit) = 0;
  /// Every pool number, in any order, without holding them all.
  virtual void each_number(const std::function<void(const PoolNumber&)>& visit) = 0;
  virtual std::vector<OnboardingRecord> onboardings(const OnboardingQuery& query) = 0;
  virtual std::optional<OnboardingRecord> onboarding(E164 owner_phone) = 0;
  virtual bool has_available_numbers() = 0;
  virtual std::vector<CallListing> calls(const CallQuery& query) = 0;
  virtual std::optional<CallTimeline> call(const CallSid& call_sid) = 0;
  virtual std::vector<IncidentRecord> incidents(bool open_only, std::int64_t limit) = 0;
  /// The newest first. Without `contact`.
  virtual std::vector<InboundListing> inbound_texts(const InboundQuery& query) = 0;
  virtual bool has_inbound_text(std::string_view message_sid) = 0;
  /// The one in which something was said last first.
  virtual std::vector<ConversationListing> conversations(const ConversationQuery& query) = 0;
  virtual std::optional<ConversationTalk> conversation(ConversationId id) = 0;
  /// The facts that the client has set or learned, of phones > after, ascending.
  virtual std::vector<SetPhoneFact> facts_of_client(ClientId client, std::optional<E164> after,
                                                    std::int64_t limit) = 0;
  /// Looks at so many rows after `after` as takes a few milliseconds.
  virtual OldWordsPage old_words(WordsIn place, std::int64_t after, Instant before) = 0;
  /// Looks through whole tables: as long as it reads, the log cannot start over.
  virtual PersonRecords person(const Person& person) = 0;
  /// At most so many rows of each table that erase_person() has not emptied yet. Takes as long as person().
  virtual PersonRows person_rows(const Person& person, std::int64_t limit) = 0;
  virtual StoreLevels levels() = 0;
  /// The numbers called by somebody to whom the fail-safe answered, the last called first.
  virtual std::vector<FailsafeNumber> failsafe_numbers(const FailsafeQuery& query) = 0;
  /// As last set; empty: never.
  virtual std::optional<Instant> sweep_mark(SweptList list) = 0;
  /// When the database was made: calls before that are none of ours.
  virtual Instant installed_at() = 0;
  /// Whether the call is known, with its end.
  virtual bool has_ended(const CallSid& call_sid) = 0;
  /// Calls of which the first event came by `before` and a final one never did, oldest first; without those whose
  /// incident a person has closed.
  virtual std::vector<CallSid> calls_without_end(Instant before, std::int64_t limit) = 0;
  /// Of the calls that ended, and the jobs that were decided, from an instant to before another. Replies count
  /// also when they came later. Reads the calls of everybody since then: meant for the last days.
  virtual ClientWeek week_of(ClientId client, Instant from, Instant to) = 0;
  /// Grows with every directory change (clients, numbers; not phone facts).
  virtual std::int64_t directory_version() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  /// Opens the one writer's next transaction. `events` are those about to be decided, in order.
  virtual std::unique_ptr<StoreBatch> begin(std::span<const Event* const> events) = 0;
  virtual std::unique_ptr<StoreReader> reader() = 0;
  /// Moves what the journal gathered into place when it is worth it. Called by the writer between batches.
  virtual void tidy() = 0;
  /// Whether a commit succeeds, found out by making one that changes nothing. Any thread; does not wait for
  /// whoever keeps the store locked.
  virtual Result<void> probe() = 0;
};

}  // namespace jobrun
