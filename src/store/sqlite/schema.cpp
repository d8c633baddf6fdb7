#include "sqlite/schema.hpp"

#include <array>

#include "sqlite/connection.hpp"
#include "store/sqlite_store.hpp"

namespace jobrun::store {
namespace {

// How the tables are laid out, and why.
//
// An insert into a tree at a random place writes a whole page to the log; an insert at its end shares that page
// with its neighbours. So an ended call of a new caller touches two trees at random places only: `call_sids`
// and `caller_index`; and the small `forwarded_calls` where the carrier says which phone sent it on. All others
// are keyed by row ids that grow, and rows of any length are in tables with row ids: SQLite appends to those
// without rebalancing. Phone numbers are kept as their digits. Instants are milliseconds since 1970 in UTC; states
// are the words of the domain.
constexpr const char* business_tables = R"(
CREATE TABLE clients (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  owner_phone INTEGER NOT NULL,
  own_number INTEGER,
  paused INTEGER NOT NULL,
  cool_down_ms INTEGER,
  countries TEXT NOT NULL,              -- ISO 3166 codes joined by commas
  texts_per_day INTEGER,
  created_at INTEGER NOT NULL,
  removed_at INTEGER                    -- set: removed; kept because calls refer to it
) STRICT;
CREATE UNIQUE INDEX clients_own_number ON clients (own_number)
  WHERE own_number IS NOT NULL AND removed_at IS NULL;

-- (client, phone) is unique through caller_index.
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  phone INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  number INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  mode TEXT NOT NULL CHECK (mode = 'OPERATIONAL'),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversations_of_customer ON conversations (customer, number);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  kind TEXT NOT NULL,                   -- missed_call, text_to_customer or text_from_customer
  body TEXT NOT NULL,
  call INTEGER,
  text INTEGER,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_of_conversation ON messages (conversation);

CREATE TABLE onboarding_states (
  owner_phone INTEGER PRIMARY KEY,
  step TEXT NOT NULL,
  answers TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
)";

constexpr const char* directory_tables = R"(
CREATE TABLE numbers (
  number INTEGER PRIMARY KEY,
  role TEXT NOT NULL,
  client INTEGER
) STRICT;
CREATE INDEX numbers_of_client ON numbers (client) WHERE client IS NOT NULL;

CREATE TABLE phone_facts (
  phone INTEGER NOT NULL,
  scope INTEGER NOT NULL,               -- a client's id; 0: everybody; -1: the fail-safe senders
  opted_out INTEGER NOT NULL DEFAULT 0,
  blocked INTEGER NOT NULL DEFAULT 0,
  do_not_text INTEGER NOT NULL DEFAULT 0,
  landline INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (phone, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_version (version INTEGER NOT NULL) STRICT;
INSERT INTO directory_version VALUES (0);
)";

constexpr const char* call_tables = R"(
CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  call_sid TEXT NOT NULL,
  caller TEXT NOT NULL,
  number_text TEXT NOT NULL,
  role TEXT NOT NULL,
  role_source TEXT NOT NULL,
  client INTEGER,
  origin TEXT NOT NULL,
  greeting TEXT NOT NULL,
  first_event_key TEXT NOT NULL,        -- most calls have one event, which needs no row of its own then
  first_event_at INTEGER NOT NULL,
  final_status TEXT,
  reason TEXT,
  ended_at INTEGER,
  deadline INTEGER,
  due_at INTEGER,                       -- the deadline, until an incident has gathered the call
  outcome TEXT,                         -- NULL: pending
  leans_on INTEGER,                     -- the text whose fate the call shares
  incident INTEGER
) STRICT;
-- The last column is always NULL: with it, counting needs no look at the rows.
CREATE INDEX calls_open ON calls (due_at, ended_at, outcome) WHERE outcome IS NULL;

-- Calls suppressed because of a text, until that text's refusal has made them escalated.
CREATE TABLE leaning_calls (
  text INTEGER NOT NULL,
  call INTEGER NOT NULL,
  PRIMARY KEY (text, call)
) STRICT, WITHOUT ROWID;

-- A call's id by the 64-bit FNV-1a hash of its CallSid. Eight bytes instead of thirty-four: the tree is random,
-- so its size decides how much of it stays in memory.
CREATE TABLE call_sids (
  hash INTEGER NOT NULL,
  call INTEGER NOT NULL,
  PRIMARY KEY (hash, call)
) STRICT, WITHOUT ROWID;

-- The events of a call after its first.
CREATE TABLE events (
  call INTEGER NOT NULL,
  event_key TEXT NOT NULL,
  origin TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (call, event_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  call INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,             -- 1, 2, ... within the call; the last one holds
  outcome TEXT NOT NULL,
  because TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (call, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_reason TEXT NOT NULL DEFAULT '',
  calls INTEGER NOT NULL DEFAULT 0,
  calls_pending INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (kind) WHERE closed_at IS NULL;

CREATE TABLE incident_calls (
  incident INTEGER NOT NULL,
  call INTEGER NOT NULL,
  PRIMARY KEY (incident, call)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* text_tables = R"(
CREATE TABLE texts (
  id INTEGER PRIMARY KEY,
  call INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  origin TEXT NOT NULL,
  client INTEGER,
  caller INTEGER NOT NULL,
  number INTEGER NOT NULL,
  senders TEXT NOT NULL,                -- digits joined by commas, in the order of the ways out
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  way INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  promised_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,                   -- when the last attempt was started
  answered_at INTEGER,                  -- when its answer was recorded
  message_sid TEXT,
  code INTEGER,
  because TEXT,                         -- the last answer's reason, unless it was accepted
  alert INTEGER,                        -- refused: the alert that tells a person
  previous_of_pair INTEGER              -- the text before it from the same number to the same caller
) STRICT;
CREATE UNIQUE INDEX texts_of_call ON texts (call, purpose);
CREATE INDEX texts_not_accepted ON texts (state, id, message_sid) WHERE message_sid IS NULL;

-- What is found by a caller's phone, in one tree, so that one page answers all of it.
--   kind 'c': `whose` is a client, `row` the customer.
--   kind 'n': `whose` is the number called, `row` the newest first text, `newest` the newest text of any purpose.
CREATE TABLE caller_index (
  phone INTEGER NOT NULL,
  kind TEXT NOT NULL,
  whose INTEGER NOT NULL,
  row INTEGER,
  newest INTEGER,
  PRIMARY KEY (phone, kind, whose)
) STRICT, WITHOUT ROWID;

-- First texts promised on a UTC day; client 0 counts everybody's.
CREATE TABLE text_counts (
  day INTEGER NOT NULL,
  client INTEGER NOT NULL,
  texts INTEGER NOT NULL,
  PRIMARY KEY (day, client)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* alert_tables = R"(
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  severity TEXT NOT NULL,
  client INTEGER,
  group_name TEXT NOT NULL,
  at_most_every_ms INTEGER NOT NULL,
  escalates INTEGER NOT NULL,
  call INTEGER,                         -- the call it was first raised for
  call_sid TEXT,                        -- only when no call of ours has it
  caller TEXT NOT NULL,
  number TEXT NOT NULL,
  summary TEXT NOT NULL,
  count INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  accepted_at INTEGER,
  last_error TEXT
) STRICT;
CREATE INDEX alerts_waiting ON alerts (due_at, accepted_at) WHERE accepted_at IS NULL;
CREATE INDEX alerts_of_call ON alerts (call) WHERE call IS NOT NULL;

-- Accepted alerts of which some calls are still to become escalated.
CREATE TABLE escalations (
  alert INTEGER PRIMARY KEY,
  accepted_at INTEGER NOT NULL
) STRICT;

-- The calls that a grouped alert has gathered, and the calls whose refused texts an alert tells of.
CREATE TABLE alert_calls (
  alert INTEGER NOT NULL,
  call INTEGER NOT NULL,
  escalates INTEGER NOT NULL,
  text INTEGER,                         -- the calls leaning on this text share the fate
  at INTEGER NOT NULL,
  escalated_at INTEGER,
  PRIMARY KEY (alert, call)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_calls_of_call ON alert_calls (call);
CREATE INDEX alert_calls_to_escalate ON alert_calls (alert, call) WHERE escalates = 1 AND escalated_at IS NULL;

CREATE TABLE alert_groups (
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  client INTEGER NOT NULL,              -- 0: none
  group_name TEXT NOT NULL,
  waiting INTEGER,                      -- the alert that gathers the next raise
  last_accepted_at INTEGER,
  PRIMARY KEY (kind, audience, client, group_name)
) STRICT, WITHOUT ROWID;
)";

// A text that is unknown stays so; what a person still has to look at is here.
constexpr const char* unsettled_texts = R"(
-- Unknown texts, until a person closes the incident that has gathered their call.
CREATE TABLE unsettled_texts (
  text INTEGER PRIMARY KEY
) STRICT;
INSERT INTO unsettled_texts (text)
  SELECT texts.id FROM texts JOIN calls ON calls.id = texts.call LEFT JOIN incidents ON incidents.id = calls.incident
  WHERE texts.state = 'unknown' AND (calls.outcome IS NOT NULL OR incidents.closed_at IS NULL);
)";

// Once an unknown text has been looked for, its due_at is when it is looked for again.
constexpr const char* looks_for_texts = R"(
ALTER TABLE texts ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE texts ADD COLUMN absent INTEGER NOT NULL DEFAULT 0;
)";

// What became of texts after the carrier took them, and the ways they may take.
constexpr const char* messages_of_texts = R"(
-- Digits joined by commas, in the order of the ways out; before those of the second account stands `second:`.
ALTER TABLE texts RENAME COLUMN senders TO ways;
ALTER TABLE texts ADD COLUMN closed_ways INTEGER NOT NULL DEFAULT 0;    -- a bit for each way
ALTER TABLE texts ADD COLUMN second_body TEXT NOT NULL DEFAULT '';
ALTER TABLE texts ADD COLUMN message_status TEXT;                       -- the furthest told of message_sid

-- Statuses of messages that carried a text's id, as they were told.
CREATE TABLE message_events (
  text INTEGER NOT NULL,
  message_sid TEXT NOT NULL,
  status TEXT NOT NULL,                 -- as sent
  code INTEGER NOT NULL,
  attempt INTEGER NOT NULL,             -- the request that the message came from; 0: not told
  way INTEGER NOT NULL,                 -- of that request
  at INTEGER NOT NULL,
  PRIMARY KEY (text, message_sid, status)
) STRICT, WITHOUT ROWID;

-- Messages that a text was accepted as, and that the carrier lost.
CREATE TABLE lost_messages (
  text INTEGER NOT NULL,
  message_sid TEXT NOT NULL,
  way INTEGER NOT NULL,
  code INTEGER NOT NULL,
  because TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (text, message_sid)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked_senders (
  account TEXT NOT NULL,
  sender INTEGER NOT NULL,
  code INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (account, sender)
) STRICT, WITHOUT ROWID;

-- A client's id; 0: everybody's; below 0: a country's.
ALTER TABLE text_counts RENAME COLUMN client TO whose;
)";

constexpr const char* withdrawn_alerts = R"(
-- Set: nobody is to be told any more. A channel that is telling it just then may still accept it.
ALTER TABLE alerts ADD COLUMN withdrawn_at INTEGER;
DROP INDEX alerts_waiting;
CREATE INDEX alerts_waiting ON alerts (due_at, accepted_at, withdrawn_at)
  WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
)";

constexpr const char* sweep = R"(
CREATE TABLE sweep_marks (
  list TEXT PRIMARY KEY,
  mark INTEGER NOT NULL                 -- what of the carrier's list began before has been dealt with
) STRICT, WITHOUT ROWID;
ALTER TABLE texts ADD COLUMN call_ended_at INTEGER;                     -- NULL: with the promise
)";

constexpr const char* inbound = R"(
CREATE TABLE inbound_texts (
  id INTEGER PRIMARY KEY,
  message_sid TEXT NOT NULL,
  sender TEXT NOT NULL,                 -- as sent
  phone INTEGER,                        -- the sender, if that is a phone
  number_text TEXT NOT NULL,            -- the number texted, as sent
  body TEXT NOT NULL,
  media TEXT NOT NULL,                  -- a line for each link: its type, a space, its URL
  opt_out_type TEXT,                    -- what the carrier took it for
  role TEXT NOT NULL,
  role_source TEXT NOT NULL,
  client INTEGER,
  scope INTEGER NOT NULL,               -- as in phone_facts
  taken_as TEXT NOT NULL,
  origin TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX inbound_texts_of_sid ON inbound_texts (message_sid);
CREATE INDEX inbound_choices ON inbound_texts (phone, scope, sent_at) WHERE taken_as IN ('opt_out', 'opt_in');
ALTER TABLE messages ADD COLUMN inbound INTEGER;                        -- the inbound text that it is
)";

constexpr const char* ways_of_alerts = R"(
-- What a way still has to tell where that does not follow from the alert itself. One that no way has told is every
-- way's to tell, unless there is a row; one that some way has told is only theirs that have a row.
CREATE TABLE alert_ways (
  way TEXT NOT NULL,
  alert INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,                       -- NULL: not by this way
  PRIMARY KEY (way, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_ways_due ON alert_ways (way, due_at) WHERE due_at IS NOT NULL;
ALTER TABLE alerts ADD COLUMN accepted_by TEXT;                         -- the first way; NULL also before version 7

-- Of the last hour, for the limit on what one recipient is sent.
CREATE TABLE alert_tellings (
  way TEXT NOT NULL,
  recipient TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_tellings_of_recipient ON alert_tellings (way, recipient, at);
)";

constexpr const char* canaries = R"(
CREATE INDEX calls_of_canaries ON calls (id) WHERE origin = 'canary';
)";

// SQLite cannot lift a NOT NULL, so the table is copied. Its texts keep their ids.
constexpr const char* texts_without_call = R"(
CREATE TABLE texts_copied (
  id INTEGER PRIMARY KEY,
  call INTEGER,                         -- the call that it answers, or
  inbound_text INTEGER,                 -- the inbound text that it answers; both NULL: it answers nothing
  cause TEXT,                           -- the first half of its id, where that is not its call's CallSid
  purpose TEXT NOT NULL,
  origin TEXT NOT NULL,
  client INTEGER,
  caller INTEGER NOT NULL,
  number INTEGER NOT NULL,
  ways TEXT NOT NULL,                   -- digits joined by commas; before those of the second account `second:`
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  way INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  promised_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER,                   -- when the last attempt was started
  answered_at INTEGER,                  -- when its answer was recorded
  message_sid TEXT,
  code INTEGER,
  because TEXT,                         -- the last answer's reason, unless it was accepted
  alert INTEGER,                        -- refused: the alert that tells a person
  previous_of_pair INTEGER,             -- the text before it from the same number to the same caller
  looks INTEGER NOT NULL DEFAULT 0,
  absent INTEGER NOT NULL DEFAULT 0,
  closed_ways INTEGER NOT NULL DEFAULT 0,   -- a bit for each way
  second_body TEXT NOT NULL DEFAULT '',
  message_status TEXT,                  -- the furthest told of message_sid
  caused_at INTEGER                     -- when its call ended, or the inbound text was sent; NULL: with the promise
) STRICT;
INSERT INTO texts_copied (id, call, purpose, origin, client, caller, number, ways, body, state, way, attempts,
  promised_at, due_at, started_at, answered_at, message_sid, code, because, alert, previous_of_pair, looks, absent,
  closed_ways, second_body, message_status, caused_at)
  SELECT id, call, purpose, origin, client, caller, number, ways, body, state, way, attempts,
  promised_at, due_at, started_at, answered_at, message_sid, code, because, alert, previous_of_pair, looks, absent,
  closed_ways, second_body, message_status, call_ended_at FROM texts;
DROP TABLE texts;
ALTER TABLE texts_copied RENAME TO texts;
CREATE UNIQUE INDEX texts_of_call ON texts (call, purpose) WHERE call IS NOT NULL;
CREATE UNIQUE INDEX texts_of_cause ON texts (cause, purpose) WHERE cause IS NOT NULL;
CREATE INDEX texts_not_accepted ON texts (state, id, message_sid) WHERE message_sid IS NULL;
)";

// The first owners' states: what was made for them before held none.
constexpr const char* sign_ups = R"(
DROP TABLE onboarding_states;
CREATE TABLE onboarding_states (
  owner_phone INTEGER PRIMARY KEY,
  step TEXT NOT NULL,
  state TEXT NOT NULL,                  -- JSON that only the onboarding module reads
  number INTEGER,                       -- that was given to him; NULL exactly with client
  client INTEGER,
  waiting_since INTEGER,                -- his place on the list for numbers
  step_since INTEGER NOT NULL,
  last_text_at INTEGER NOT NULL,
  due_at INTEGER,                       -- when he is to be looked at next
  approved_at INTEGER                   -- the operator lets him in, and that has not been taken up yet
) STRICT;
CREATE INDEX onboarding_waiting ON onboarding_states (waiting_since) WHERE waiting_since IS NOT NULL;
CREATE INDEX onboarding_due ON onboarding_states (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE clients ADD COLUMN alert_by TEXT NOT NULL DEFAULT 'text';
ALTER TABLE clients ADD COLUMN owner_email TEXT NOT NULL DEFAULT '';      -- empty: none
ALTER TABLE clients ADD COLUMN awaits_test_call INTEGER NOT NULL DEFAULT 0;

ALTER TABLE numbers ADD COLUMN is_available INTEGER NOT NULL DEFAULT 0;   -- waits for an owner who signs up
CREATE INDEX numbers_available ON numbers (number) WHERE is_available = 1;

ALTER TABLE calls ADD COLUMN forwarded_from INTEGER;                      -- the phone that sent the call on

-- To each number the newest ended call that was sent on. An index of all such calls would be as large as they are
-- many: measured, it took a third more log for each.
CREATE TABLE forwarded_calls (
  number_text TEXT PRIMARY KEY,
  call INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

constexpr const char* talks = R"(
ALTER TABLE clients ADD COLUMN settings TEXT NOT NULL DEFAULT '';         -- lines: name, space, value

-- Of those in which somebody has said something; a missed call alone leaves them as they are.
ALTER TABLE conversations ADD COLUMN step TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN state TEXT NOT NULL DEFAULT '';      -- JSON that only texting reads
ALTER TABLE conversations ADD COLUMN language TEXT;                       -- of the customer, once he has shown it
ALTER TABLE conversations ADD COLUMN active_at INTEGER;                   -- NULL: nobody has said anything
CREATE INDEX conversations_active ON conversations (client, active_at) WHERE active_at IS NOT NULL;

-- Of texts to nobody's number: how they were dealt with. NULL: not yet, or there is nothing to deal with.
ALTER TABLE inbound_texts ADD COLUMN settled_as TEXT;                     -- adopted or dismissed
ALTER TABLE inbound_texts ADD COLUMN settled_reason TEXT;
ALTER TABLE inbound_texts ADD COLUMN settled_at INTEGER;
CREATE INDEX inbound_triage ON inbound_texts (id) WHERE taken_as = 'triage' AND settled_at IS NULL;
)";

constexpr const char* ringing = R"(
ALTER TABLE calls ADD COLUMN verification TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE calls ADD COLUMN rung_at INTEGER;                             -- phones were rung for it from then on
ALTER TABLE calls ADD COLUMN taken_by TEXT;                               -- the CallSid of the leg a person took it by
ALTER TABLE calls ADD COLUMN longer_ms INTEGER NOT NULL DEFAULT 0;        -- than other calls it may last
CREATE INDEX calls_rung ON calls (number_text, rung_at) WHERE rung_at IS NOT NULL;

-- What callers have said: the carrier keeps it, this is where.
CREATE TABLE recordings (
  id INTEGER PRIMARY KEY,
  recording_sid TEXT NOT NULL UNIQUE,
  call INTEGER NOT NULL,
  url TEXT NOT NULL,                    -- empty: not told
  duration_s INTEGER,
  transcription TEXT NOT NULL,          -- empty: none, or not yet
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX recordings_of_call ON recordings (call);
)";

constexpr const char* weeks = R"(
-- What was decided about jobs.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  number INTEGER NOT NULL,
  customer INTEGER NOT NULL,            -- his phone
  accepted INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_of_client ON decisions (client, at);

-- The newest week that each client has been told of, by its first day: days since 1970.
CREATE TABLE weeks_told (
  client INTEGER PRIMARY KEY,
  monday INTEGER NOT NULL
) STRICT;
)";

constexpr const char* reports = R"(
-- Calls that the fail-safe answered: few, and all that a report of them asks for is in the index, its own conditions
-- included.
CREATE INDEX calls_of_failsafe ON calls (number_text, caller, first_event_at, role, origin)
  WHERE role = 'system' AND origin <> 'canary';
CREATE INDEX inbound_texts_of_phone ON inbound_texts (phone, sent_at) WHERE phone IS NOT NULL;
CREATE INDEX inbound_texts_to_nobody ON inbound_texts (number_text, sent_at) WHERE taken_as = 'triage';
CREATE INDEX onboarding_steps ON onboarding_states (step);
)";

struct Step {
  int version;
  const char* name;
  std::array<const char*, 5> sql;  ///< the unused last ones are null
};

constexpr std::array steps = {
    Step{1,
         "clients, calls, texts, alerts, incidents",
         {business_tables, directory_tables, call_tables, text_tables, alert_tables}},
    Step{2, "unknown texts that nobody has settled", {unsettled_texts}},
    Step{3, "how far looking for an unknown text has come", {looks_for_texts}},
    Step{4, "what became of accepted texts, ways by two accounts, blocked senders", {messages_of_texts}},
    Step{5, "alerts that nobody needs to be told of any more", {withdrawn_alerts}},
    Step{6, "how far the carrier's list of calls was swept, when its calls ended", {sweep}},
    Step{7, "what each way still has to tell of alerts", {ways_of_alerts}},
    Step{8, "texts that came in", {inbound}},
    Step{9, "calls of canaries, to be removed", {canaries}},
    Step{10, "texts that answer no call", {texts_without_call}},
    Step{11, "owners who sign up, numbers that wait for them, calls that were sent on", {sign_ups}},
    Step{
        12, "what clients set for themselves, what customers and owners say, texts that were dealt with", {talks}},
    Step{13, "calls that ring phones, messages that callers leave", {ringing}},
    Step{15, "what was decided about jobs, the weeks that owners were told of", {weeks}},
    Step{16, "reports of calls to nobody's numbers, of replies and of sign-ups", {reports}},
};

void apply(SQLite::Database& database, const Step& step, Instant now) {
  execute(database, "BEGIN IMMEDIATE");
  try {
    for (const char* sql : step.sql) {
      if (sql != nullptr) execute(database, sql);
    }
    Statement(database, "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)")
        .run(step.version, step.name, now);
    execute(database, "COMMIT");
  } catch (const StoreFailure&) {
    if (sqlite3_get_autocommit(database.getHandle()) == 0) execute(database, "ROLLBACK");
    throw;
  }
}

void apply_after(int version, SQLite::Database& database, Instant now) {
  if (version == 0) {
    execute(database,
            "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, "
            "name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
  }
  for (const Step& step : steps) {
    if (step.version > version) apply(database, step, now);
  }
}

}  // namespace

void make_schema(SQLite::Database& database, Instant now) {
  apply_after(0, database, now);
}

int schema_version_known() {
  return steps.back().version;
}

int schema_version_of(SQLite::Database& database) {
  const auto count_of = [&](const char* sql) {
    Statement statement(database, sql);
    Rows rows = statement.query();
    return rows.next() ? rows.integer(0) : 0;
  };
  if (count_of("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migrations'") != 0) {
    return static_cast<int>(count_of("SELECT COALESCE(MAX(version), 0) FROM schema_migrations"));
  }
  if (count_of("SELECT COUNT(*) FROM sqlite_schema") != 0) {
    throw StoreFailure("the database file holds tables of another program; give JobRun a file of its own");
  }
  return 0;
}

Result<Migration> migrate(const std::string& path, Instant now, const FileSystem& file_system) {
  try {
    if (!file_system.identity_of(path) && file_system.identity_of(path + "-wal")) {
      return failure(
          ErrorKind::conflict,
          "there is no database at " + path + ", but its log " + path +
              "-wal, which holds what was acknowledged last; put the database file back beside it, or, to "
              "begin anew, remove the log too");
    }
    const auto database = connect(path, Access::create, Duration{2'000}, 1 << 20, file_system);
    Migration migration{.from = schema_version_of(*database), .to = schema_version_known()};
    if (migration.from > migration.to) {
      return failure(ErrorKind::conflict,
                     "the database " + path + " has schema version " + std::to_string(migration.from) +
                         ", newer than version " + std::to_string(migration.to) +
                         " of this program; use the newer program, or restore a backup made before its upgrade");
    }
    if (migration.from == 0) {
      // Small pages write fewer bytes per random insert, large ones rebalance less often and make flatter trees.
      // Measured per event: 5.3 kB of log with 1,024 bytes a page, 7.5 with 2,048, 11.4 with 4,096; processor time
      // is least with 2,048.
      execute(*database, "PRAGMA page_size = 2048");
    }
    // Also for a file that was recovered, which has no such mode yet.
    execute(*database, "PRAGMA journal_mode = WAL");
    apply_after(migration.from, *database, now);
    return migration;
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

}  // namespace jobrun::store
