#include "store/stand_in.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "base/ports/forwarding_batch.hpp"
#include "guard/notes.hpp"
#include "sqlite/batch.hpp"
#include "sqlite/schema.hpp"

namespace jobrun::store {
namespace {

/// Memory is always in its place.
constexpr FileSystem in_memory{
    .vfs = nullptr, .identity_of = [](const std::string&) { return std::optional<FileIdentity>(FileIdentity{}); }};
constexpr std::int64_t cache_bytes = 4 << 20;

std::string select_texts(const char* condition) {
  return "SELECT " + text_columns + "FROM texts LEFT JOIN calls ON calls.id = texts.call WHERE " + condition;
}

std::unique_ptr<SQLite::Database> empty_database(Instant now) {
  auto database = connect(":memory:", Access::create, Duration{0}, cache_bytes, in_memory);
  make_schema(*database, now);
  return database;
}

/// The tables of one outage.
struct Tables {
  explicit Tables(Instant now)
      : database(empty_database(now)),
        writer(*database, ":memory:", in_memory),
        promised(*database, select_texts("texts.state = 'promised' AND texts.message_sid IS NULL AND texts.id > ? "
                                         "ORDER BY texts.id LIMIT ?")
                                .c_str()),
        by_row(*database, select_texts("texts.id = ?").c_str()),
        last_row(*database, "SELECT COALESCE(MAX(id), 0) FROM texts") {}

  std::unique_ptr<SQLite::Database> database;
  Writer writer;
  Statement promised, by_row, last_row;
};

}  // namespace

struct SqliteStandIn::Memory {
  Spool& spool;
  Guard& guard;
  const Clock& clock;
  std::mutex mutex;
  std::unique_ptr<Tables> tables;
  TextRow first_row = first_stand_in_row;  ///< rows of this outage come after it

  Tables& opened() {
    if (!tables) tables = std::make_unique<Tables>(clock.now());
    return *tables;
  }
  TextRow outside(TextRow row) const { return {first_row.value + row.value}; }
  TextRow inside(TextRow row) const { return {row.value - first_row.value}; }
  TextRecord outside(TextRecord text) const {
    text.row = outside(text.row);
    return text;
  }
};

namespace {

/// Let go of only after the batch has been rolled back.
struct Locked {
  std::unique_lock<std::mutex> lock;
};

class Batch final : private Locked, public ForwardingBatch<StandInBatch> {
 public:
  Batch(SqliteStandIn::Memory& memory, std::unique_lock<std::mutex> held, bool is_restoring)
      : Locked{std::move(held)},
        ForwardingBatch(std::make_unique<SqliteBatch>(memory.opened().writer)),
        memory_(memory),
        is_restoring_(is_restoring) {}

  void keep(SpoolRecord record) override { records_.push_back(std::move(record)); }
  bool holds(TextRow text) const override { return text > memory_.first_row; }

  // Facts, and what was known before this outage, are known to the guard.
  PhoneFacts phone_facts(const FactScope& scope, E164 phone) override {
    return memory_.guard.phone_facts(scope, phone);
  }
  bool are_facts_known() override { return memory_.guard.is_whole(); }
  std::optional<LastText> last_first_text(const CallerPair& pair) override {
    if (std::optional<LastText> last = inner().last_first_text(pair)) {
      last->row = memory_.outside(last->row);
      return last;
    }
    const std::optional<Instant> before = memory_.guard.last_first_text(pair);
    if (!before) return std::nullopt;
    return LastText{.row = TextRow{}, .promised_at = *before, .state = TextState::promised};
  }
  std::int64_t texts_since(const CallerPair& pair, Instant since) override {
    return std::max(inner().texts_since(pair, since), memory_.guard.texts_since(pair, since));
  }
  std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) override {
    return std::max(inner().last_promised(pair, purpose, since),
                    memory_.guard.last_promised(pair, purpose, since));
  }
  TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country, std::int64_t day) override {
    const TextCounts now = inner().texts_on_day(client, country, day);
    const TextCounts all = memory_.guard.texts_on_day(client, country, day);
    return {.client = std::max(now.client, all.client),
            .country = std::max(now.country, all.country),
            .service = std::max(now.service, all.service)};
  }
  bool is_sender_blocked(const Way& way) override {
    return inner().is_sender_blocked(way) || memory_.guard.is_sender_blocked(way);
  }

  // Only the store knows who signs up, which numbers are left, and what was said.
  bool are_records_known() override { return false; }
  std::optional<OnboardingRecord> find_onboarding(E164) override { return std::nullopt; }
  std::optional<E164> available_number(std::span<const std::string>) override { return std::nullopt; }
  std::optional<CallToNumber> call_to_number(E164, Instant) override { return std::nullopt; }
  std::optional<ConversationRecord> find_conversation(const CustomerContact&) override { return std::nullopt; }
  std::vector<ConversationRecord> recent_conversations(ClientId, std::int64_t) override { return {}; }
  std::optional<ClientProfile> find_client(ClientId) override { return std::nullopt; }
  bool claim_week(ClientId, CivilDate) override { return false; }

  std::optional<TextOnRecord> find_text(const TextId& id) override {
    std::optional<TextOnRecord> found = inner().find_text(id);
    if (found) found->text.row = memory_.outside(found->text.row);
    return found;
  }
  bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) override {
    return holds(text) && inner().has_message_event(memory_.inside(text), message_sid, status_text);
  }
  bool was_lost(TextRow text, std::string_view message_sid) override {
    return holds(text) && inner().was_lost(memory_.inside(text), message_sid);
  }
  std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) override {
    return holds(text) ? inner().told_lost(memory_.inside(text), message_sid) : std::nullopt;
  }
  std::optional<std::string> told_message(TextRow text) override {
    return holds(text) ? inner().told_message(memory_.inside(text)) : std::nullopt;
  }

  /// A text that was promised before this outage is not promised once more.
  std::optional<TextRecord> write(const Commit& commit, Instant now) override {
    Commit inside = commit;
    if (inside.outcome && inside.outcome->leans_on) {
      const TextRow leans_on = *inside.outcome->leans_on;
      inside.outcome->leans_on = holds(leans_on) ? std::optional(memory_.inside(leans_on)) : std::nullopt;
    }
    if (inside.message) inside.message->text = memory_.inside(inside.message->text);
    if (!is_restoring_ && inside.text && memory_.guard.has_promised(*inside.text)) inside.text.reset();
    std::optional<TextRecord> text = inner().write(inside, now);
    notes_.write(inside, text);
    if (!text) return std::nullopt;
    return memory_.outside(*std::move(text));
  }

  bool mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) override {
    return holds(text) && inner().mark_started(memory_.inside(text), attempt, closed_ways, now) &&
           note(text, TextStarted{attempt, closed_ways, text_at(text).promise}, now);
  }
  bool record_accepted(TextRow text, std::string_view message_sid, Instant now) override {
    return holds(text) && inner().record_accepted(memory_.inside(text), message_sid, now) &&
           note(text, TextAccepted{std::string(message_sid)}, now);
  }
  bool record_found(TextRow text, std::string_view message_sid, Instant now) override {
    return holds(text) && inner().record_found(memory_.inside(text), message_sid, now) &&
           note(text, TextFound{std::string(message_sid)}, now);
  }
  bool record_unknown(TextRow text, std::string_view reason, Instant now) override {
    return holds(text) && inner().record_unknown(memory_.inside(text), reason, now) &&
           note(text, TextUnknown{std::string(reason)}, now);
  }
  bool record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                       Instant now) override {
    return holds(text) && inner().record_not_sent(memory_.inside(text), reason, closed_ways, due_at, now) &&
           note(text, TextNotSent{std::string(reason), closed_ways, due_at}, now);
  }
  bool record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                      Instant now) override {
    return holds(text) && inner().record_refused(memory_.inside(text), code, reason, alert, now) &&
           note(text, TextRefused{code, std::string(reason), alert}, now);
  }
  std::optional<TextRecord> record_lost(TextRow text, const TextLoss& loss, Instant now) override {
    if (!holds(text)) return std::nullopt;
    std::optional<TextRecord> again = inner().record_lost(memory_.inside(text), loss, now);
    note(text, loss, now);
    if (again) again = memory_.outside(*std::move(again));
    return again;
  }
  void raise(const AlertRequest& alert, Instant now) override {
    inner().raise(alert, now);
    records_.emplace_back(SpooledStep{.text = {}, .at = now, .step = alert});
  }
  void block_sender(const BlockedSender& sender) override {
    inner().block_sender(sender);
    notes_.block(sender);
    records_.emplace_back(SpooledStep{.text = {}, .at = sender.since, .step = sender});
  }
  Result<std::optional<ClientId>> change_directory(const DirectoryChange& change, Instant now) override {
    const auto* fact = std::get_if<SetPhoneFact>(&change);
    if (fact == nullptr) return failure(ErrorKind::unavailable, "the database cannot be written; repeat later");
    notes_.change(change);
    records_.emplace_back(SpooledStep{.text = {}, .at = now, .step = *fact});
    return std::nullopt;
  }

  // Only the store knows of all texts to a caller.
  bool record_look(TextRow, int, int, Instant) override { return false; }
  std::optional<TextRecord> promise_again(TextRow, std::string_view, Instant) override { return std::nullopt; }
  bool belongs_to_another(TextRow, std::string_view) override { return false; }
  bool has_rival(TextRow) override { return true; }

  void begin_item() override {
    inner().begin_item();
    notes_.begin_item();
    marks_.push_back(records_.size());
  }
  void keep_item() override {
    inner().keep_item();
    notes_.keep_item();
    marks_.pop_back();
  }
  void undo_item() override {
    inner().undo_item();
    notes_.undo_item();
    records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), records_.end());
    marks_.pop_back();
  }

  Result<void> commit() override {
    if (!is_restoring_ && !records_.empty()) {
      if (Result<void> kept = memory_.spool.append(records_); !kept) return kept;
    }
    return commit_to_memory();
  }
  Result<void> hold() override {
    if (Result<void> held = memory_.spool.hold(records_); !held) return held;
    return commit_to_memory();
  }

 private:
  Result<void> commit_to_memory() {
    Result<void> committed = inner().commit();
    if (!committed) return committed;
    memory_.guard.note(notes_.all());
    return {};
  }

  TextRecord text_at(TextRow row) {
    Rows rows = memory_.opened().by_row.query(memory_.inside(row));
    if (!rows.next()) throw StoreFailure("a text is gone that was there");
    return text_of(rows);
  }

  bool note(TextRow row, StepTaken step, Instant now) {
    const TextRecord text = text_at(row);
    records_.emplace_back(
        SpooledStep{.text = text.promise.id, .attempt = text.attempts, .at = now, .step = std::move(step)});
    return true;
  }

  SqliteStandIn::Memory& memory_;
  bool is_restoring_;
  std::vector<SpoolRecord> records_;
  std::vector<std::size_t> marks_;
  GuardNotes notes_;
};

}  // namespace

SqliteStandIn::SqliteStandIn(Spool& spool, Guard& guard, const Clock& clock)
    : memory_(new Memory{.spool = spool, .guard = guard, .clock = clock, .mutex = {}, .tables = {}}) {}

SqliteStandIn::~SqliteStandIn() = default;

std::unique_ptr<StandInBatch> SqliteStandIn::begin() {
  std::unique_lock lock(memory_->mutex);
  return std::make_unique<Batch>(*memory_, std::move(lock), false);
}

std::unique_ptr<StandInBatch> SqliteStandIn::begin_restoring() {
  std::unique_lock lock(memory_->mutex);
  return std::make_unique<Batch>(*memory_, std::move(lock), true);
}

std::vector<TextRecord> SqliteStandIn::promised_texts(TextRow after, std::int64_t limit) {
  const std::lock_guard lock(memory_->mutex);
  std::vector<TextRecord> texts;
  if (!memory_->tables) return texts;
  const std::int64_t after_inside = std::max<std::int64_t>(after.value - memory_->first_row.value, 0);
  Rows rows = memory_->tables->promised.query(after_inside, limit);
  while (rows.next()) texts.push_back(memory_->outside(text_of(rows)));
  return texts;
}

void SqliteStandIn::clear() {
  const std::lock_guard lock(memory_->mutex);
  memory_->guard.forget_noted();
  if (!memory_->tables) return;
  {
    Rows rows = memory_->tables->last_row.query();
    if (rows.next()) memory_->first_row = memory_->outside(TextRow{rows.integer(0)});
  }
  memory_->tables.reset();
}

}  // namespace jobrun::store
