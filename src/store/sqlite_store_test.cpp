// What only the SQLite store promises: schema versions, the right file, failing disks, kill -9, a bounded log.
#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "store_test_support.hpp"

namespace jobrun::store {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class SqliteFile : public testing::Test {
 protected:
  fs::path directory() const { return directory_.path(); }
  std::string path() const { return (directory_.path() / "jobrun.db").string(); }
  std::unique_ptr<SqliteStore> open(SqliteOptions options = {}) {
    const auto migrated = migrate(path(), noon);
    EXPECT_TRUE(migrated) << migrated.error().message;
    auto opened = SqliteStore::open(path(), options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  /// Runs SQL on the file, as somebody else would.
  std::string ask(const std::string& sql) {
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(path().c_str(), &handle), SQLITE_OK);
    std::string answer;
    const auto add = [](void* all, int columns, char** values, char**) {
      for (int column = 0; column < columns; ++column) {
        *static_cast<std::string*>(all) += std::string(values[column] ? values[column] : "NULL") + ";";
      }
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), add, &answer, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
    return answer;
  }
  /// Takes back what schema version 13 changed, but not that it is recorded.
  void take_back_ringing() {
    ask("DROP INDEX calls_rung");
    for (const char* column : {"verification", "rung_at", "taken_by", "longer_ms"}) {
      ask(std::string("ALTER TABLE calls DROP COLUMN ") + column);
    }
    ask("DROP TABLE recordings");
  }
  /// Takes back what schema version 12 and those after it changed, but not that it is recorded.
  void take_back_talks() {
    for (const char* index :
         {"calls_of_failsafe", "inbound_texts_of_phone", "inbound_texts_to_nobody", "onboarding_steps"}) {
      ask(std::string("DROP INDEX ") + index);
    }
    for (const char* table : {"decisions", "weeks_told"}) ask(std::string("DROP TABLE ") + table);
    take_back_ringing();
    ask("ALTER TABLE clients DROP COLUMN settings");
    ask("DROP INDEX conversations_active");
    for (const char* column : {"step", "state", "language", "active_at"}) {
      ask(std::string("ALTER TABLE conversations DROP COLUMN ") + column);
    }
    ask("DROP INDEX inbound_triage");
    for (const char* column : {"settled_as", "settled_reason", "settled_at"}) {
      ask(std::string("ALTER TABLE inbound_texts DROP COLUMN ") + column);
    }
  }
  /// And what version 11 changed.
  void take_back_sign_ups() {
    take_back_talks();
    ask("DROP TABLE onboarding_states");
    ask("CREATE TABLE onboarding_states (owner_phone INTEGER PRIMARY KEY, step TEXT NOT NULL, "
        "answers TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT");
    for (const char* column : {"alert_by", "owner_email", "awaits_test_call"}) {
      ask(std::string("ALTER TABLE clients DROP COLUMN ") + column);
    }
    ask("DROP INDEX numbers_available");
    ask("ALTER TABLE numbers DROP COLUMN is_available");
    ask("DROP TABLE forwarded_calls");
    ask("ALTER TABLE calls DROP COLUMN forwarded_from");
  }
  /// Takes back what schema version 10 changed, but not that it is recorded.
  void take_back_texts_without_call() {
    const std::string columns =
        "id, call, purpose, origin, client, caller, number, ways, body, state, way, attempts, promised_at, "
        "due_at, "
        "started_at, answered_at, message_sid, code, because, alert, previous_of_pair, looks, absent, "
        "closed_ways, "
        "second_body, message_status";
    ask("CREATE TABLE texts_before (id INTEGER PRIMARY KEY, call INTEGER NOT NULL, purpose TEXT NOT NULL, "
        "origin TEXT NOT NULL, client INTEGER, caller INTEGER NOT NULL, number INTEGER NOT NULL, ways TEXT NOT "
        "NULL, "
        "body TEXT NOT NULL, state TEXT NOT NULL, way INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "promised_at INTEGER NOT NULL, due_at INTEGER NOT NULL, started_at INTEGER, answered_at INTEGER, "
        "message_sid TEXT, code INTEGER, because TEXT, alert INTEGER, previous_of_pair INTEGER, "
        "looks INTEGER NOT NULL DEFAULT 0, absent INTEGER NOT NULL DEFAULT 0, "
        "closed_ways INTEGER NOT NULL DEFAULT 0, second_body TEXT NOT NULL DEFAULT '', message_status TEXT, "
        "call_ended_at INTEGER) STRICT");
    ask("INSERT INTO texts_before SELECT " + columns + ", caused_at FROM texts");
    ask("DROP TABLE texts");
    ask("ALTER TABLE texts_before RENAME TO texts");
    ask("CREATE UNIQUE INDEX texts_of_call ON texts (call, purpose)");
    ask("CREATE INDEX texts_not_accepted ON texts (state, id, message_sid) WHERE message_sid IS NULL");
  }
  /// Takes back what schema version 8 changed, but not that it is recorded.
  void take_back_inbound() {
    ask("DROP TABLE inbound_texts");
    ask("ALTER TABLE messages DROP COLUMN inbound");
  }
  /// Takes back what schema version 7 changed, but not that it is recorded.
  void take_back_ways() {
    ask("DROP TABLE alert_ways");
    ask("DROP TABLE alert_tellings");
    ask("ALTER TABLE alerts DROP COLUMN accepted_by");
  }
  /// And all that came after.
  void take_back_since_ways() {
    take_back_sign_ups();
    take_back_texts_without_call();
    take_back_ways();
    take_back_inbound();
    ask("DROP INDEX calls_of_canaries");
  }
  /// And what version 6 changed.
  void take_back_sweep() {
    take_back_since_ways();
    ask("DROP TABLE sweep_marks");
    ask("ALTER TABLE texts DROP COLUMN call_ended_at");
  }
  /// And what version 5 changed.
  void take_back_withdrawals() {
    take_back_sweep();
    ask("DROP INDEX alerts_waiting");
    ask("ALTER TABLE alerts DROP COLUMN withdrawn_at");
    ask("CREATE INDEX alerts_waiting ON alerts (due_at, accepted_at) WHERE accepted_at IS NULL");
  }
  /// And what version 4 changed.
  void take_back_messages() {
    take_back_withdrawals();
    ask("ALTER TABLE texts RENAME COLUMN ways TO senders");
    for (const char* column : {"closed_ways", "second_body", "message_status"}) {
      ask(std::string("ALTER TABLE texts DROP COLUMN ") + column);
    }
    for (const char* table : {"message_events", "lost_messages", "blocked_senders"}) {
      ask(std::string("DROP TABLE ") + table);
    }
    ask("ALTER TABLE text_counts RENAME COLUMN whose TO client");
  }

 private:
  TemporaryDirectory directory_;
};

const E164 caller = phone(14155550123);

/// A call of its own caller: `n` makes CallSid and caller.
Commit numbered_call(int n, ClientId client) {
  return an_ended_call("CA" + std::to_string(n), phone(14160000000 + static_cast<unsigned>(n)), client, noon);
}

void write_calls(Store& store, ClientId client, int first, int count) {
  in_batch(store, [&](StoreBatch& batch) {
    for (int n = first; n < first + count; ++n) batch.write(numbered_call(n, client), noon);
  });
}

// --- schema -----------------------------------------------------------------------------------------

// Goal: migrate() makes a new file ready, and does nothing to one that is.
// Method: twice; the record of steps is the same after both.
TEST_F(SqliteFile, MigratingTwiceChangesNothingTheSecondTime) {
  const auto first = migrate(path(), noon);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->from, 0);
  EXPECT_GT(first->to, 0);
  const std::string steps = ask("SELECT version, name, applied_at FROM schema_migrations");
  EXPECT_THAT(steps, HasSubstr(std::to_string(to_unix_ms(noon))));
  const auto second = migrate(path(), noon + minute);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->from, first->to);
  EXPECT_EQ(ask("SELECT version, name, applied_at FROM schema_migrations"), steps);
}

// Goal: a file that cannot be used is refused with what to do, and stays as it is.
// Method: no file, an empty one, a newer schema, another program's database, no database at all.
TEST_F(SqliteFile, AFileThatCannotBeUsedIsRefused) {
  const auto refused = [this](const std::string& says) {
    const auto opened = SqliteStore::open(path());
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr(says));
  };
  refused("there is no database");
  EXPECT_FALSE(fs::exists(path()));
  std::ofstream(path()).close();
  refused("jobrun migrate");
  ASSERT_TRUE(migrate(path(), noon));
  ask("INSERT INTO schema_migrations VALUES (999, 'of the future', 0)");
  refused("newer");
  const auto migrated = migrate(path(), noon);
  ASSERT_FALSE(migrated);
  EXPECT_EQ(migrated.error().kind, ErrorKind::conflict);
  EXPECT_THAT(migrated.error().message, HasSubstr("newer"));
  fs::remove(path());
  ask("CREATE TABLE recipes (name)");
  refused("another program");
  EXPECT_FALSE(migrate(path(), noon));
  std::ofstream(path()) << std::string(4096, 'x');
  refused("not a database");
}

// Goal: a customer's text joins his conversation, which a missed call or a text may begin; a text of nobody's
// leaves no business record. Method: a text before and after a missed call, and one to nobody's number; the
// business tables counted.
TEST_F(SqliteFile, ACustomersTextJoinsHisConversation) {
  const auto store = open();
  const ClientId client = add_client(*store);
  const auto text_in = [&](const std::string& message_sid, bool is_customers) {
    Commit commit = an_inbound_text(message_sid, is_customers ? TakenAs::customer : TakenAs::triage, caller);
    if (is_customers) commit.inbound->contact = CustomerContact{client, business_number, caller};
    in_batch(*store, [&](StoreBatch& batch) { batch.write(commit, noon); });
  };
  text_in("SM1", true);
  in_batch(*store, [&](StoreBatch& batch) { batch.write(an_ended_call("CA1", caller, client, noon), noon); });
  text_in("SM2", true);
  text_in("SM3", false);
  EXPECT_EQ(ask("SELECT (SELECT COUNT(*) FROM customers), (SELECT COUNT(*) FROM conversations), "
                "(SELECT COUNT(*) FROM messages), (SELECT COUNT(*) FROM inbound_texts)"),
            "1;1;4;3;");
  EXPECT_EQ(ask("SELECT kind, messages.body, message_sid FROM messages JOIN inbound_texts ON inbound_texts.id = "
                "inbound"),
            "text_from_customer;Leak, today;SM1;text_from_customer;Leak, today;SM2;");
}

// Goal: business records are in the tables that have their names; SYSTEM and pending calls leave them empty.
// Method: count each table after a call of each kind.
TEST_F(SqliteFile, BusinessTablesHoldOnlyBusinessRecords) {
  const auto store = open();
  const auto counts = [this] {
    return ask(
        "SELECT (SELECT COUNT(*) FROM clients), (SELECT COUNT(*) FROM customers), "
        "(SELECT COUNT(*) FROM conversations), (SELECT COUNT(*) FROM messages), "
        "(SELECT COUNT(*) FROM onboarding_states)");
  };
  in_batch(*store, [](StoreBatch& batch) {
    Commit commit = a_pending_call("CA1", caller, noon);
    commit.text = a_text("CA1", Purpose::failsafe, caller);
    batch.write(commit, noon);
  });
  EXPECT_EQ(counts(), "0;0;0;0;0;");
  const ClientId client = add_client(*store);
  in_batch(*store, [&](StoreBatch& batch) { batch.write(an_ended_call("CA2", caller, client, noon), noon); });
  EXPECT_EQ(counts(), "1;1;1;2;0;");
  EXPECT_EQ(ask("SELECT DISTINCT mode FROM conversations"), "OPERATIONAL;");
  EXPECT_EQ(ask("SELECT body FROM messages WHERE kind = 'text_to_customer'"),
            "Smith & Sons: sorry we missed your call.;");
  in_batch(*store, [&](StoreBatch& batch) {
    Commit again = an_ended_call("CA3", caller, client, noon);
    again.text.reset();
    batch.write(again, noon);
    Commit other_number = an_ended_call("CA4", caller, client, noon);
    other_number.contact->number = phone(14155550777);
    batch.write(other_number, noon);
  });
  EXPECT_EQ(counts(), "1;1;2;5;0;");
}

// --- the right file, and failing disks -----------------------------------------------------------------

// Goal: nothing is acknowledged that went into a file that is no longer the one at its path.
// Method: remove the database, rename another over it, remove the log; then put the file back.
TEST_F(SqliteFile, ACommitIntoAFileThatWasReplacedFails) {
  const auto store = open();
  const ClientId client = add_client(*store);
  const auto commit_error = [&](int n) {
    const auto batch = store->begin({});
    batch->write(numbered_call(n, client), noon);
    const Result<void> committed = batch->commit();
    return committed ? std::string() : committed.error().message;
  };
  EXPECT_EQ(commit_error(1), "");
  const fs::path aside = directory() / "aside.db";
  fs::rename(path(), aside);
  EXPECT_THAT(commit_error(2), HasSubstr("no longer the one"));
  fs::copy_file(aside, path());
  EXPECT_THAT(commit_error(3), HasSubstr("no longer the one"));
  fs::rename(aside, path());
  EXPECT_EQ(commit_error(4), "");
  const fs::path log = path() + "-wal";
  const fs::path log_aside = directory() / "log";
  fs::rename(log, log_aside);
  EXPECT_THAT(commit_error(5), HasSubstr("no longer the one"));
  fs::rename(log_aside, log);
  EXPECT_EQ(commit_error(6), "");
  EXPECT_EQ(ask("SELECT call_sid FROM calls"), "CA1;CA4;CA6;");
  fs::remove(path());
  EXPECT_THAT(commit_error(7), HasSubstr("no longer the one"));
}

// Goal: a disk that takes no more fails the batch, which leaves no trace, and the store works again afterwards.
// Method: a child limits the size of its files until a commit fails, then lifts the limit and goes on. (A child,
// because the limit is the whole process's.)
TEST_F(SqliteFile, AFullDiskFailsTheBatchAndTheStoreRecovers) {
  open();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    SqliteOptions options;
    options.has_background = false;
    auto store = SqliteStore::open(path(), options);
    if (!store) ::_exit(10);
    const auto commit = [&](int first, int count) {
      try {
        const auto batch = (*store)->begin({});
        for (int n = first; n < first + count; ++n)
          batch->write(a_pending_call("CA" + std::to_string(n), caller, noon), noon);
        return batch->commit().has_value();
      } catch (const StoreFailure&) {
        return false;
      }
    };
    if (!commit(1, 1)) ::_exit(11);
    const rlimit small{.rlim_cur = 64 << 10, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    if (commit(1'000, 2'000)) ::_exit(12);
    if (commit(5'000, 2'000)) ::_exit(13);
    const rlimit none{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    if (!commit(2, 1)) ::_exit(14);
    store->reset();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ask("SELECT call_sid FROM calls"), "CA1;CA2;");
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok;");
}

// Goal: a batch of which a part failed cannot be committed.
// Method: a text for a call that was never seen, after a good call; the good one goes too.
TEST_F(SqliteFile, ABatchOfWhichAPartFailedCannotBeCommitted) {
  const auto store = open();
  {
    const auto batch = store->begin({});
    batch->write(a_pending_call("CA1", caller, noon), noon);
    Commit orphan;
    orphan.text = a_text("CA2", Purpose::failsafe, caller);
    EXPECT_THROW(batch->write(orphan, noon), StoreFailure);
    EXPECT_FALSE(batch->commit());
    EXPECT_FALSE(batch->commit());
  }
  EXPECT_EQ(ask("SELECT COUNT(*) FROM calls"), "0;");
  in_batch(*store, [](StoreBatch& batch) { batch.write(a_pending_call("CA1", caller, noon), noon); });
}

// Goal: what was acknowledged survives kill -9 at any moment.
// Method: twelve times a child commits batches and tells each one's last call through a pipe once it is durable;
// after a growing number of them it is killed. Everything told must be there, and the file sound.
TEST_F(SqliteFile, WhatWasAcknowledgedSurvivesAKill) {
  ClientId client;
  {
    const auto store = open();
    client = add_client(*store);
  }
  int told = 0;
  for (int round = 0; round < 12; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const int first = told + 1'000 * (round + 1);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      SqliteOptions options;
      options.log_bytes_start = 256 << 10;
      auto store = SqliteStore::open(path(), options);
      if (!store) ::_exit(10);
      for (int n = first;; n += 8) {
        const auto batch = (*store)->begin({});
        for (int call = n; call < n + 8; ++call) batch->write(numbered_call(call, client), noon);
        if (!batch->commit()) ::_exit(11);
        const int last = n + 7;
        if (::write(pipe[1], &last, sizeof last) != sizeof last) ::_exit(12);
        (*store)->tidy();
      }
    }
    ::close(pipe[1]);
    int last = 0;
    for (int batches = 0; batches < 3 + 9 * round; ++batches) {
      ASSERT_EQ(::read(pipe[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child left by itself: " << WEXITSTATUS(status);
    while (::read(pipe[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
    }
    ::close(pipe[0]);
    const auto store = open();
    in_batch(*store, [&](StoreBatch& batch) {
      for (int n = first; n <= last; ++n) {
        ASSERT_TRUE(batch.find_call(sid("CA" + std::to_string(n)))) << "round " << round << " lost call " << n;
      }
      EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client,
                batch.texts_on_day(client, "US", utc_day(noon)).service);
    });
    told = last;
  }
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok;");
  EXPECT_EQ(ask("SELECT (SELECT COUNT(*) FROM calls) = (SELECT COUNT(*) FROM texts), "
                "(SELECT COUNT(*) FROM calls) * 2 = (SELECT COUNT(*) FROM messages), "
                "(SELECT COUNT(*) FROM calls) = (SELECT texts FROM text_counts WHERE whose = 0)"),
            "1;1;1;");
}

// --- the log -----------------------------------------------------------------------------------------------

// Goal: under continuous load the log stays bounded, with the background and without it.
// Method: write twenty times the bound; the log's file may never exceed it by more than a few batches.
TEST_F(SqliteFile, TheLogStaysBoundedUnderContinuousLoad) {
  for (const bool has_background : {true, false}) {
    SqliteOptions options;
    options.has_background = has_background;
    options.log_bytes_start = 128 << 10;
    options.log_bytes_most = 1 << 20;
    const auto store = open(options);
    const ClientId client = add_client(*store);
    std::int64_t largest = 0;
    for (int batch = 0; batch < 200; ++batch) {
      write_calls(*store, client, (has_background ? 1'000'000 : 0) + batch * 32, 32);
      store->tidy();
      largest = std::max(largest, static_cast<std::int64_t>(fs::file_size(path() + "-wal")));
    }
    EXPECT_LT(largest, options.log_bytes_most + (1 << 20)) << "background: " << has_background;
  }
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok;");
}

// Goal: a reader that stays in one statement delays the log's starting over, and harms nothing else.
// Method: write and tidy from inside a visit of the numbers.
TEST_F(SqliteFile, AReaderInTheMiddleOfAStatementHarmsNothing) {
  SqliteOptions options;
  options.log_bytes_start = 64 << 10;
  const auto store = open(options);
  const ClientId client = add_client(*store);
  in_batch(*store, [](StoreBatch& batch) {
    for (unsigned n = 0; n < 10; ++n) {
      const PoolNumber number{
          .number = phone(14155560000 + n), .role = NumberRole::system, .client = std::nullopt};
      ASSERT_TRUE(batch.change_directory(AddNumber{number}, noon));
    }
  });
  int visited = 0;
  store->reader()->each_number([&](const PoolNumber&) {
    write_calls(*store, client, 100 * ++visited, 32);
    store->tidy();
  });
  EXPECT_EQ(visited, 10);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM calls"), "320;");
}

// Goal: readers see what is committed, nothing else, while the writer is in a batch.
// Method: a reader asks before, during and after a batch; and threads of readers while batches go on.
TEST_F(SqliteFile, ReadersNeitherWaitForTheWriterNorSeeItsBatch) {
  const auto store = open();
  const ClientId client = add_client(*store);
  const auto reader = store->reader();
  {
    const auto batch = store->begin({});
    batch->write(numbered_call(1, client), noon);
    EXPECT_EQ(reader->levels().texts_waiting(), 0);
    ASSERT_TRUE(batch->commit());
  }
  EXPECT_EQ(reader->levels().texts_waiting(), 1);
  std::atomic<bool> is_done = false;
  std::thread beside([&] {
    const auto own = store->reader();
    std::int64_t seen = 0;
    while (!is_done) {
      const std::int64_t now_seen = own->levels().texts_waiting();
      EXPECT_GE(now_seen, seen);
      EXPECT_EQ((now_seen - 1) % 8, 0) << "a part of a batch was seen";
      seen = now_seen;
    }
  });
  for (int batch = 0; batch < 100; ++batch) write_calls(*store, client, 10 + batch * 8, 8);
  is_done = true;
  beside.join();
}

// Goal: another process that holds the file is waited for, at most as long as agreed, then told.
// Method: another connection keeps a write transaction open.
TEST_F(SqliteFile, AnotherWriterIsWaitedForOnlySoLong) {
  SqliteOptions options;
  options.busy_timeout = Duration{20};
  const auto store = open(options);
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_THROW(store->begin({}), StoreFailure);
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  add_client(*store);
}

// Goal: what another process wrote is not overwritten with counts remembered from before.
// Method: count a text, raise the stored count from outside, count another.
TEST_F(SqliteFile, CountsWrittenByAnotherProcessAreSeen) {
  const auto store = open();
  const ClientId client = add_client(*store);
  write_calls(*store, client, 1, 1);
  ask("UPDATE text_counts SET texts = 100");
  in_batch(*store, [&](StoreBatch& batch) {
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 100);
    batch.write(numbered_call(2, client), noon);
  });
  EXPECT_EQ(ask("SELECT texts FROM text_counts"), "101;101;");
}

// Goal: CallSids with the same hash stay two calls.
// Method: point the index entry of one call at another's hash.
TEST_F(SqliteFile, CallSidsWithTheSameHashStayTwoCalls) {
  const auto store = open();
  in_batch(*store, [](StoreBatch& batch) {
    batch.write(a_pending_call("CA1", caller, noon), noon);
    batch.write(a_pending_call("CA2", caller, noon), noon);
  });
  ask("UPDATE call_sids SET hash = (SELECT hash FROM call_sids WHERE call = 1) WHERE call = 2");
  in_batch(*store, [](StoreBatch& batch) {
    ASSERT_TRUE(batch.find_call(sid("CA1")));
    EXPECT_EQ(batch.find_call(sid("CA1"))->call_sid.text(), "CA1");
  });
}

// Goal: what was acknowledged last survives that somebody takes the database file and leaves its log. SQLite
// deletes a log that it finds beside an empty database, so nothing may make an empty one there.
// Method: a commit that is only in the log, the process killed; the file is taken, everything that opens is tried,
// and the file is put back.
TEST_F(SqliteFile, ALogWithoutItsDatabaseIsLeftAlone) {
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open();
    in_batch(*store, [](StoreBatch& batch) { batch.write(a_pending_call("CA1", caller, noon), noon); });
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(fs::exists(path() + "-wal"));
  fs::rename(path(), path() + ".gone");
  const auto migrated = migrate(path(), noon);
  ASSERT_FALSE(migrated);
  EXPECT_THAT(migrated.error().message, HasSubstr("put the database file back"));
  EXPECT_FALSE(SqliteStore::open(path()));
  EXPECT_FALSE(fs::exists(path()));
  fs::rename(path() + ".gone", path());
  const auto store = open();
  in_batch(*store, [](StoreBatch& batch) { EXPECT_TRUE(batch.find_call(sid("CA1"))); });
}

// Goal: a database of the version before the unknown texts had a table keeps them in sight after its upgrade.
// Method: an unknown text; the table and its migration taken back; migrate again.
TEST_F(SqliteFile, UpgradingKeepsUnknownTextsInSight) {
  {
    const auto store = open();
    const ClientId client = add_client(*store);
    in_batch(*store, [&](StoreBatch& batch) {
      const auto text = batch.write(an_ended_call("CA1", phone(14155550123), client, noon), noon);
      batch.mark_started(text->row, {1, 0}, {}, noon);
      batch.record_unknown(text->row, "timed out", noon);
    });
  }
  take_back_messages();
  ask("DROP TABLE unsettled_texts");
  ask("ALTER TABLE texts DROP COLUMN looks");
  ask("ALTER TABLE texts DROP COLUMN absent");
  ask("DELETE FROM schema_migrations WHERE version >= 2");
  EXPECT_EQ(migrate(path(), noon)->from, 1);
  EXPECT_EQ(open()->reader()->levels().texts_unknown, 1);
}

// Goal: alerts of a database from before each way had its own retries are told after its upgrade, and those that
// were accepted are told no more. Method: one of each; the tables and their migration taken back; migrate again.
TEST_F(SqliteFile, UpgradingKeepsAlertsToBeTold) {
  {
    const auto store = open();
    in_batch(*store, [](StoreBatch& batch) {
      batch.raise(an_alert(AlertKind::lead), noon);
      batch.raise(an_alert(AlertKind::text_refused), noon);
    });
    const AlertId first = store->reader()->due_alerts(AlertWay::webhook, noon, 1).at(0).id;
    in_batch(*store, [&](StoreBatch& batch) { batch.record_alert_accepted(first, AlertWay::webhook, {}, noon); });
  }
  take_back_since_ways();
  ask("DELETE FROM schema_migrations WHERE version >= 7");
  EXPECT_EQ(migrate(path(), noon)->from, 6);
  const auto store = open();
  for (const auto& [way, name] : NamesOf<AlertWay>::rows) {
    const std::vector<AlertRecord> due = store->reader()->due_alerts(way, noon, 10);
    ASSERT_EQ(due.size(), 1U) << name;
    EXPECT_EQ(due[0].request.kind, AlertKind::text_refused);
  }
}

// Goal: unknown texts of a database from before they were looked for are looked for after its upgrade.
// Method: an unknown text; the columns and their migration taken back; migrate again.
TEST_F(SqliteFile, UpgradingLooksForTheUnknownTextsThereAre) {
  {
    const auto store = open();
    const ClientId client = add_client(*store);
    in_batch(*store, [&](StoreBatch& batch) {
      const auto text = batch.write(an_ended_call("CA1", caller, client, noon), noon);
      batch.mark_started(text->row, {1, 0}, {}, noon);
      batch.record_unknown(text->row, "timed out", noon);
    });
  }
  take_back_messages();
  ask("ALTER TABLE texts DROP COLUMN looks");
  ask("ALTER TABLE texts DROP COLUMN absent");
  ask("DELETE FROM schema_migrations WHERE version >= 3");
  EXPECT_EQ(migrate(path(), noon)->from, 2);
  const auto due = open()->reader()->unknown_texts_due(noon + minute, 15 * second, 10);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].looks, 0);
  EXPECT_EQ(due[0].absent, 0);
  EXPECT_EQ(due[0].text.promise.id.cause, "CA1");
}

// Goal: alerts that waited in a database from before alerts could be withdrawn still wait after its upgrade.
// Method: a waiting alert; the column and its migration taken back; migrate again.
TEST_F(SqliteFile, UpgradingKeepsAlertsWaiting) {
  in_batch(*open(), [](StoreBatch& batch) { batch.raise(an_alert(AlertKind::text_refused), noon); });
  take_back_withdrawals();
  ask("DELETE FROM schema_migrations WHERE version >= 5");
  EXPECT_EQ(migrate(path(), noon)->from, 4);
  EXPECT_EQ(open()->reader()->levels().alerts_waiting, 1);
}

// Goal: a database from before the sweep has not been swept, and its texts count from their promise.
// Method: a promised text; what came with the sweep taken back; migrate again.
TEST_F(SqliteFile, UpgradingBeginsToSweep) {
  {
    const auto store = open();
    const ClientId client = add_client(*store);
    in_batch(*store, [&](StoreBatch& batch) {
      batch.write(numbered_call(1, client), noon);
      batch.set_sweep_mark(SweptList::calls, noon);
    });
  }
  take_back_sweep();
  ask("DELETE FROM schema_migrations WHERE version >= 6");
  EXPECT_EQ(migrate(path(), noon + minute)->from, 5);
  const auto store = open();
  const auto reader = store->reader();
  EXPECT_EQ(reader->sweep_mark(SweptList::calls), std::nullopt);
  EXPECT_EQ(reader->installed_at(), noon) << "and not when it was upgraded";
  EXPECT_EQ(reader->promised_texts({}, 10).at(0).useful_from(), noon);
}

// Goal: texts and counts of a database from before message statuses mean the same after its upgrade.
// Method: a promised text and its count; what came with message statuses taken back; migrate again.
TEST_F(SqliteFile, UpgradingKeepsTheWaysAndCounts) {
  ClientId client;
  {
    const auto store = open();
    client = add_client(*store);
    in_batch(*store, [&](StoreBatch& batch) {
      batch.write(an_ended_call("CA1", phone(14155550123), client, noon), noon);
    });
  }
  take_back_messages();
  ask("UPDATE texts SET senders = '14155550100,14155550101'");
  ask("DELETE FROM schema_migrations WHERE version >= 4");
  EXPECT_EQ(migrate(path(), noon)->from, 3);
  const auto store = open();
  const auto texts = store->reader()->promised_texts({}, 10);
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_THAT(texts[0].promise.ways, testing::ElementsAre(Way{Account::first, phone(14155550100)},
                                                          Way{Account::first, phone(14155550101)}));
  EXPECT_EQ(texts[0].closed_ways, ClosedWays());
  EXPECT_EQ(texts[0].promise.body_by(Account::second), texts[0].promise.body);
  in_batch(*store, [&](StoreBatch& batch) {
    EXPECT_EQ(batch.texts_on_day(client, "", utc_day(noon)).client, 1);
    EXPECT_EQ(batch.texts_on_day(client, "", utc_day(noon)).service, 1);
  });
}

// Goal: texts of a database from before there were texts without a call are, after its upgrade, what they were,
// and one without a call can join them. Method: a text with all that becomes of one; the table as it was made
// then; migrate again and compare all columns.
TEST_F(SqliteFile, UpgradingKeepsTextsAsTheyWere) {
  {
    const auto store = open();
    const ClientId client = add_client(*store);
    write_calls(*store, client, 1, 2);
    in_batch(*store, [&](StoreBatch& batch) {
      batch.mark_started({1}, {3, 1}, ClosedWays(1), noon);
      batch.record_accepted({1}, "SM9", noon);
      batch.mark_started({2}, {1, 0}, {}, noon);
      batch.record_refused({2}, 30005, "unknown handset", an_alert(AlertKind::text_refused), noon);
    });
  }
  take_back_since_ways();
  ask("UPDATE texts SET second_body = 'elsewhere', message_status = 'sent', looks = 2, absent = 1, "
      "previous_of_pair = 7, call_ended_at = 5 WHERE id = 1");
  const std::string columns =
      "id, call, purpose, origin, client, caller, number, ways, body, state, way, attempts, promised_at, due_at, "
      "started_at, answered_at, message_sid, code, because, alert, previous_of_pair, looks, absent, closed_ways, "
      "second_body, message_status, ";
  const std::string before = ask("SELECT " + columns + "call_ended_at FROM texts ORDER BY id");
  EXPECT_THAT(before, HasSubstr("SM9;"));
  ask("DELETE FROM schema_migrations WHERE version >= 7");
  EXPECT_EQ(migrate(path(), noon)->from, 6);
  EXPECT_EQ(ask("SELECT " + columns + "caused_at FROM texts ORDER BY id"), before);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM texts WHERE cause IS NOT NULL OR inbound_text IS NOT NULL"), "0;");
  const auto store = open();
  in_batch(*store, [&](StoreBatch& batch) {
    EXPECT_EQ(batch.find_text({"CA1", Purpose::customer_intake})->message_sid, "SM9");
    Commit reminder;
    reminder.text = a_text("signup-1", Purpose::onboarding, caller);
    EXPECT_TRUE(batch.write(reminder, noon));
  });
}

// Goal: a database from before owners could sign up is, after its upgrade, what it was, and they can.
// Method: a client, its number, a call with its text; what came with sign-ups taken back; migrate again and
// compare every row; then a sign-up.
TEST_F(SqliteFile, UpgradingLetsOwnersSignUp) {
  ClientProfile profile;
  {
    const auto store = open();
    const ClientId client = add_client(*store, "Smith & Sons", phone(14155550300));
    profile = *store->reader()->client(client);
    write_calls(*store, client, 1, 2);
    in_batch(*store, [&](StoreBatch& batch) {
      ASSERT_TRUE(batch.change_directory(AddNumber{{business_number, NumberRole::operational, client}}, noon));
      ASSERT_TRUE(batch.change_directory(AddNumber{{phone(14155550101), NumberRole::system, {}}}, noon));
    });
  }
  take_back_sign_ups();
  const auto everything = [this](const std::string& client_columns, const std::string& call_columns) {
    return ask("SELECT " + client_columns + " FROM clients") + ask("SELECT number, role, client FROM numbers") +
           ask("SELECT " + call_columns + " FROM calls ORDER BY id") + ask("SELECT * FROM texts ORDER BY id") +
           ask("SELECT * FROM customers") + ask("SELECT * FROM messages") + ask("SELECT * FROM directory_version");
  };
  const std::string before = everything("*", "*");
  ask("DELETE FROM schema_migrations WHERE version >= 11");
  EXPECT_EQ(migrate(path(), noon)->from, 10);
  EXPECT_EQ(
      everything("id, name, owner_phone, own_number, paused, cool_down_ms, countries, texts_per_day, "
                 "created_at, removed_at",
                 "id, call_sid, caller, number_text, role, role_source, client, origin, greeting, "
                 "first_event_key, first_event_at, final_status, reason, ended_at, deadline, due_at, outcome, "
                 "leans_on, incident"),
      before);
  const auto store = open();
  EXPECT_EQ(store->reader()->client(profile.id), profile);
  in_batch(*store, [&](StoreBatch& batch) {
    EXPECT_EQ(batch.available_number({}), std::nullopt) << "nobody gave it away";
    EXPECT_FALSE(batch.call_to_number(business_number, noon)->was_forwarded);
    Commit commit;
    commit.onboarding = OnboardingChange{};
    commit.onboarding->record.owner_phone = caller;
    batch.write(commit, noon);
    EXPECT_TRUE(batch.find_onboarding(caller));
  });
}

// Goal: what answers a customer joins his conversation with what he wrote; what answers anybody else joins none.
// Method: a customer's text with a reply to him, and one with a text to somebody else.
TEST_F(SqliteFile, AReplyJoinsTheConversation) {
  const auto store = open();
  const ClientId client = add_client(*store);
  const auto answered = [&](const std::string& message_sid, E164 recipient) {
    Commit commit = an_inbound_text(message_sid, TakenAs::customer, caller, client);
    commit.inbound->contact = CustomerContact{client, business_number, caller};
    commit.text = a_text(message_sid, Purpose::customer_reply, recipient);
    in_batch(*store, [&](StoreBatch& batch) { EXPECT_TRUE(batch.write(commit, noon)); });
  };
  answered("SM1", caller);
  answered("SM2", owner_phone);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM conversations"), "1;");
  EXPECT_EQ(ask("SELECT kind, inbound, text FROM messages ORDER BY id"),
            "text_from_customer;1;NULL;text_to_customer;NULL;1;text_from_customer;2;NULL;");
  EXPECT_EQ(ask("SELECT call, inbound_text, cause FROM texts ORDER BY id"), "NULL;1;SM1;NULL;2;SM2;");
}

// Goal: what is asked all the time stays cheap however much waits.
// Method: the plans of those statements use the indexes of what waits, look at no row and sort nothing.
TEST_F(SqliteFile, WhatIsAskedAllTheTimeUsesItsIndex) {
  open();
  struct Case {
    const char* sql;
    const char* plan;
  };
  const std::vector<Case> cases = {
      {"SELECT id FROM calls INDEXED BY calls_open WHERE outcome IS NULL AND due_at < 5 ORDER BY due_at LIMIT 10",
       "COVERING INDEX calls_open (due_at<?)"},
      {"SELECT COUNT(ended_at) FROM calls INDEXED BY calls_open WHERE outcome IS NULL AND due_at IS NOT NULL",
       "COVERING INDEX calls_open (due_at>?)"},
      {"SELECT COALESCE(SUM(calls_pending), 0) FROM incidents WHERE closed_at IS NULL", "INDEX incidents_open"},
      {"SELECT MIN(due_at) FROM alerts INDEXED BY alerts_waiting WHERE accepted_at IS NULL AND withdrawn_at IS "
       "NULL",
       "COVERING INDEX alerts_waiting"},
      {"SELECT * FROM texts INDEXED BY texts_not_accepted WHERE message_sid IS NULL AND state = 'promised' "
       "AND id > 5 ORDER BY id LIMIT 10",
       "INDEX texts_not_accepted (state=? AND id>?)"},
      {"SELECT * FROM texts WHERE cause = ?1 AND purpose = ?2", "INDEX texts_of_cause (cause=? AND purpose=?)"},
      {"SELECT * FROM texts WHERE call = ?1 AND purpose = ?2", "INDEX texts_of_call (call=? AND purpose=?)"},
      {"SELECT number FROM numbers INDEXED BY numbers_available WHERE is_available = 1 AND number >= 5 AND number "
       "<= 9 ORDER BY number LIMIT 1",
       "numbers_available"},
      {"SELECT * FROM onboarding_states INDEXED BY onboarding_due WHERE due_at IS NOT NULL AND due_at <= 5 ORDER "
       "BY due_at, owner_phone LIMIT 9",
       "INDEX onboarding_due (due_at"},
      {"SELECT * FROM onboarding_states INDEXED BY onboarding_waiting WHERE waiting_since IS NOT NULL ORDER BY "
       "waiting_since, owner_phone LIMIT 9",
       "INDEX onboarding_waiting"},
      {"SELECT promised_at FROM texts INDEXED BY texts_not_accepted WHERE message_sid IS NULL "
       "AND state = 'started' ORDER BY id LIMIT 256",
       "INDEX texts_not_accepted (state=?"},
      {"SELECT step, COUNT(*) FROM onboarding_states INDEXED BY onboarding_steps GROUP BY step",
       "COVERING INDEX onboarding_steps"},
      {"SELECT COUNT(*) FROM numbers INDEXED BY numbers_available WHERE is_available = 1", "numbers_available"},
      {"SELECT caller, MIN(first_event_at) FROM calls INDEXED BY calls_of_failsafe WHERE role = 'system' "
       "AND origin <> 'canary' AND number_text = ?1 GROUP BY caller",
       "COVERING INDEX calls_of_failsafe (number_text=?)"},
      {"SELECT id FROM inbound_texts INDEXED BY inbound_texts_of_phone WHERE phone = ?1 AND sent_at >= ?2",
       "INDEX inbound_texts_of_phone (phone=? AND sent_at>?)"},
  };
  for (const Case& tested : cases) {
    const std::string plan = ask(std::string("EXPLAIN QUERY PLAN ") + tested.sql);
    EXPECT_THAT(plan, HasSubstr(tested.plan)) << tested.sql;
    EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE"))) << tested.sql;
  }
}

/// `him` calls `client`, is texted, writes, with a picture, to it and to nobody, signs up, is told of and texted
/// about to an owner.
void leave_traces_everywhere(StoreBatch& batch, E164 him, ClientId client) {
  Commit missed = an_ended_call("CA1", him, client, noon);
  missed.new_call->forwarded_from = him;
  missed.text->body = "Smith & Sons: the tulips are out";
  batch.write(missed, noon);
  Commit said;
  said.call = batch.find_call(sid("CA1"))->id;
  said.event_key = "recording:RE1";
  said.recording = Recording{"RE1", "https://example.com/tulips.mp3", {}, "About the tulips"};
  said.decision = JobDecision{{client, business_number, him}, true};
  batch.write(said, noon);
  Commit words = an_inbound_text("SM1", TakenAs::customer, him, client);
  words.inbound->text.body = "The tulips leak";
  words.inbound->text.media = {{"https://example.com/tulips", "image/jpeg"}};
  words.inbound->contact = CustomerContact{client, business_number, him};
  words.conversation =
      ConversationRecord{*words.inbound->contact, "told", R"({"job":"tulips"})", std::nullopt, noon};
  batch.write(words, noon);
  Commit stray = an_inbound_text("SM2", TakenAs::triage, him);
  stray.inbound->text.body = "More tulips";
  batch.write(stray, noon);
  Commit sign_up;
  sign_up.onboarding =
      OnboardingChange{.record = {.owner_phone = him, .step = "business", .state = R"({"name":"Tulips, tulips"})"},
                       .profile = {},
                       .takes = {}};
  sign_up.text = a_text("signup-14155550177-1", Purpose::onboarding, him);
  batch.write(sign_up, noon);
  Commit to_owner;
  to_owner.text = a_text("alerts-1", Purpose::alert, owner_phone);
  to_owner.text->body = "Text from +14155550177: \"The tulips leak\"";
  batch.write(to_owner, noon);
  AlertRequest alert = an_alert(AlertKind::customer_texted, "+14155550177 +14155550100");
  alert.caller = him.text();
  alert.summary = "Text from +14155550177: \"The tulips leak\"";
  batch.raise(alert, noon);
  EXPECT_TRUE(batch.change_directory(SetPhoneFact{FactScope::of(client), him, PhoneFact::opted_out, true}, noon));
  EXPECT_TRUE(batch.change_directory(SetPhoneFact{{}, him, PhoneFact::landline, true}, noon));
}

// Goal: of an erased person no column of any table has his phone or his words; only the facts that keep him from
// being texted have his phone. Method: he calls, is texted, writes, with a picture, to a business and to nobody,
// signs up, is told of and texted about to an owner; then every value of the file is looked through, before and
// after.
TEST_F(SqliteFile, NothingLeadsToAnErasedPerson) {
  const E164 him = phone(14155550177);
  const auto store = open();
  const ClientId client = add_client(*store);
  in_batch(*store, [&](StoreBatch& batch) { leave_traces_everywhere(batch, him, client); });
  in_batch(*store, [&](StoreBatch& batch) {
    for (const TextRecord& text : store->reader()->promised_texts({}, 100)) {
      batch.mark_started(text.row, {1, 0}, {}, noon);
      batch.record_accepted(text.row, "SMsent" + std::to_string(text.row.value), noon);
    }
    batch.record_alert_accepted(store->reader()->due_alerts(AlertWay::webhook, noon, 1).front().id,
                                AlertWay::webhook, {}, noon);
  });
  const auto tables_that_tell = [&] {
    std::string tables;
    std::istringstream names(ask("SELECT name FROM sqlite_schema WHERE type = 'table'"));
    for (std::string name; std::getline(names, name, ';');) {
      const std::string rows = ask("SELECT * FROM " + name);
      if (rows.find("14155550177") != std::string::npos || rows.find("ulips") != std::string::npos) {
        tables += name + " ";
      }
    }
    return tables;
  };
  for (const char* table :
       {"calls ", "texts ", "inbound_texts ", "customers ", "messages ", "alerts ", "alert_groups ",
        "conversations ", "caller_index ", "onboarding_states ", "phone_facts ", "recordings ", "decisions "}) {
    EXPECT_THAT(tables_that_tell(), HasSubstr(table));
  }
  const PersonRows rows = store->reader()->person_rows({him, std::nullopt}, 100);
  in_batch(*store, [&](StoreBatch& batch) { EXPECT_TRUE(batch.erase_person({him, std::nullopt}, rows)); });
  EXPECT_EQ(tables_that_tell(), "phone_facts ");
  EXPECT_EQ(ask("SELECT scope, opted_out, landline FROM phone_facts"), std::to_string(client.value) + ";1;0;");
  EXPECT_EQ(ask("SELECT outcome, final_status FROM calls"), "texted;no-answer;");
}

}  // namespace
}  // namespace jobrun::store
