// What the simulated disk promises, seen through SQLite alone; disk_store_test.cpp looks through the store.
#include "disk.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "disk_file.hpp"
#include "disk_test_support.hpp"

namespace jobrun::simulation {
namespace {

using testing::AnyOf;
using testing::StartsWith;

/// A database with one table, its log in use.
void prepare(DiskConnection& connection, const std::string& synchronous = "FULL") {
  EXPECT_EQ(connection.ask("PRAGMA journal_mode = WAL"), "wal;");
  EXPECT_EQ(connection.run("PRAGMA synchronous = " + synchronous), SQLITE_OK);
  EXPECT_EQ(connection.run("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT)"), SQLITE_OK);
}

std::string insert(int id) {
  return "INSERT INTO notes VALUES (" + std::to_string(id) + ", '" + std::string(900, 'n') + "')";
}

struct Ending {
  int committed = 0;         ///< commits that returned
  int found = 0;             ///< rows afterwards; the first ones, or -1
  bool is_sound = false;     ///< what PRAGMA integrity_check says
  std::uint64_t digest = 0;  ///< of the files as the power failure left them
  std::uint64_t operations = 0;
};

/// Commits row after row, sometimes moving the log into the file, until power fails at a random operation.
Ending commit_until_power_fails(std::uint64_t seed, const std::string& synchronous) {
  SeededRandom random(seed);
  Disk disk(random);
  Ending ending;
  {
    DiskConnection writer(disk);
    prepare(writer, synchronous);
    std::uint64_t left = 1 + random.below(400);
    disk.judge = [&](DiskOperation, std::string_view) {
      ++ending.operations;
      if (--left == 0) disk.power_fails();
      return DiskFate::done;
    };
    while (writer.run(insert(ending.committed + 1)) == SQLITE_OK) {
      ++ending.committed;
      if (random.below(16) == 0) writer.run("PRAGMA wal_checkpoint(PASSIVE)");
    }
    disk.judge = nullptr;
  }
  ending.digest = disk.digest();
  disk.process_starts();
  DiskConnection reader(disk);
  ending.is_sound = reader.ask("PRAGMA integrity_check") == "ok;";
  const std::string rows =
      reader.ask("SELECT COUNT(*) FROM notes WHERE id <= " + std::to_string(ending.committed + 1));
  const std::string prefix = reader.ask("SELECT COUNT(*) = COALESCE(MAX(id), 0) FROM notes");
  ending.found = prefix == "1;" ? std::stoi(rows) : -1;
  return ending;
}

// --- power failures ------------------------------------------------------------------------------------------

// Goal: what SQLite has synced survives a power failure at any operation, and the file stays sound.
// Method: 1,000 seeds; each commits until power fails at a random operation. A commit under way may be there or
// not, and both must have been seen, or the failures never hit the moment that matters.
TEST(PowerFailure, LeavesWhatWasSynced) {
  int kept_under_way = 0;
  int lost_under_way = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const Ending ending = commit_until_power_fails(seed, "FULL");
    ASSERT_TRUE(ending.is_sound) << "seed " << seed;
    ASSERT_THAT(ending.found, AnyOf(ending.committed, ending.committed + 1)) << "seed " << seed;
    (ending.found == ending.committed ? lost_under_way : kept_under_way) += 1;
  }
  EXPECT_GT(kept_under_way, 20);
  EXPECT_GT(lost_under_way, 20);
}

// Goal: this disk finds out a program that does not sync what it acknowledges.
// Method: the same loop without syncs, and with syncs at checkpoints only: commits that returned are missing.
TEST(PowerFailure, TakesWhatWasNotSynced) {
  for (const char* synchronous : {"OFF", "NORMAL"}) {
    int lost = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      const Ending ending = commit_until_power_fails(seed, synchronous);
      if (!ending.is_sound || ending.found < ending.committed) ++lost;
    }
    EXPECT_GT(lost, 30) << synchronous;
  }
}

// Goal: the same seed ends the same, byte for byte, SQLite's own randomness included; another ends otherwise.
// Method: each of 50 seeds twice; the files' digests and the number of operations.
TEST(PowerFailure, EndsTheSameFromTheSameSeed) {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Ending once = commit_until_power_fails(seed, "FULL");
    const Ending again = commit_until_power_fails(seed, "FULL");
    ASSERT_EQ(once.digest, again.digest) << "seed " << seed;
    ASSERT_EQ(once.operations, again.operations) << "seed " << seed;
    digests.insert(once.digest);
  }
  EXPECT_EQ(digests.size(), 50U);
}

// Goal: of writes that were not synced any part may survive, and a write may be torn, but only between sectors;
// what was synced before always survives.
// Method: two overlapping writes and a new length, none of them synced, over many seeds.
TEST(PowerFailure, LeavesAnyPartOfWhatWasNotSynced) {
  std::set<std::string> seen;
  bool is_torn = false;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    SeededRandom random(seed);
    DiskFile file(1, std::string(4'096, 'a'));
    file.write(1'000, std::string(2'000, 'b'));
    file.sync();
    file.write(0, std::string(512, 'c'));
    file.write(100, std::string(1'400, 'd'));
    file.truncate(3'000);
    file.lose_power(random);
    const std::string& left = file.content();
    ASSERT_THAT(left.size(), AnyOf(3'000U, 4'096U));
    ASSERT_EQ(left.substr(1'500, 1'500), std::string(1'500, 'b'));
    const auto all_same = [&](std::size_t from, std::size_t to) {
      return std::all_of(left.begin() + static_cast<std::ptrdiff_t>(from),
                         left.begin() + static_cast<std::ptrdiff_t>(to), [&](char c) { return c == left[from]; });
    };
    ASSERT_TRUE(all_same(100, 512) && all_same(512, 1'000) && all_same(1'024, 1'500)) << "torn inside a sector";
    if (left[100] != left[512] && (left[100] == 'd' || left[512] == 'd')) is_torn = true;
    seen.insert({left[0], left[100], left[512], left[1'024], left.size() == 3'000 ? 's' : 'l'});
  }
  EXPECT_TRUE(is_torn);
  // c or a; d, or what was there; each of d's three sectors or not; short or long: all but nothing else.
  EXPECT_EQ(seen.size(), 32U);
}

// --- processes -----------------------------------------------------------------------------------------------

// Goal: a kill takes nothing that was written, synced or not, and the dead process changes nothing more.
// Method: commit without any sync, die in the middle of a transaction; look before and after its handles close.
TEST(Kill, KeepsWhatWasWritten) {
  SeededRandom random(1);
  Disk disk(random);
  {
    DiskConnection writer(disk);
    prepare(writer, "OFF");
    for (int id = 1; id <= 20; ++id) ASSERT_EQ(writer.run(insert(id)), SQLITE_OK);
    ASSERT_EQ(writer.run("BEGIN"), SQLITE_OK);
    ASSERT_EQ(writer.run(insert(21)), SQLITE_OK);
    const std::uint64_t digest = disk.digest();
    disk.process_ends();
    EXPECT_NE(writer.run("COMMIT"), SQLITE_OK);
    EXPECT_NE(writer.run(insert(22)), SQLITE_OK);
    EXPECT_NE(DiskConnection(disk).run("SELECT 1 FROM notes"), SQLITE_OK);
    EXPECT_EQ(disk.file_system().identity_of(database_path), std::nullopt);
    EXPECT_EQ(disk.digest(), digest);
  }
  disk.process_starts();
  DiskConnection reader(disk);
  EXPECT_EQ(reader.ask("SELECT COUNT(*), MAX(id) FROM notes"), "20;20;");
  EXPECT_EQ(reader.ask("PRAGMA integrity_check"), "ok;");
}

// Goal: the next process meets nothing of the one before: not its locks, not its shared memory.
// Method: die while a writer and a reader are in transactions; the next process writes at once. Starting it before
// the dead one's handles are closed, or while one runs, is refused.
TEST(Kill, EndsLocksAndSharedMemory) {
  SeededRandom random(1);
  Disk disk(random);
  {
    DiskConnection writer(disk);
    DiskConnection reader(disk);
    prepare(writer);
    ASSERT_EQ(reader.run("BEGIN; SELECT * FROM notes"), SQLITE_OK);
    ASSERT_EQ(writer.run("BEGIN IMMEDIATE"), SQLITE_OK);
    EXPECT_THROW(disk.process_starts(), std::logic_error);
    disk.process_ends();
    EXPECT_THROW(disk.process_starts(), std::logic_error);
    EXPECT_THROW(disk.install({}), std::logic_error);
  }
  disk.process_starts();
  DiskConnection writer(disk);
  EXPECT_EQ(writer.run(insert(1)), SQLITE_OK);
  EXPECT_EQ(writer.ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0;0;0;");
}

// Goal: one disk exists at a time, and handles may outlive it without harm.
// Method: make a second one; destroy the disk under an open connection and use that; then make another.
TEST(Kill, IsWhatTheEndOfTheDiskIsToItsHandles) {
  SeededRandom random(1);
  auto disk = std::make_unique<Disk>(random);
  EXPECT_THROW(Disk second(random), std::logic_error);
  auto connection = std::make_unique<DiskConnection>(*disk);
  prepare(*connection);
  disk.reset();
  EXPECT_NE(connection->run(insert(1)), SQLITE_OK);
  disk = std::make_unique<Disk>(random);
  connection.reset();
  prepare(*std::make_unique<DiskConnection>(*disk));
}

// --- failing operations ------------------------------------------------------------------------------------

// Goal: every operation can fail; the statement then fails, leaves no trace that matters, and the next one works.
// Method: each kind of operation on each file, each fate, once; the statements of a commit and of a checkpoint.
TEST(Failure, IsReportedAndOverWhenTheDiskRecovers) {
  for (const DiskFate fate : {DiskFate::fails, DiskFate::full, DiskFate::done_but_says_failed}) {
    for (const DiskOperation operation :
         {DiskOperation::read, DiskOperation::write, DiskOperation::sync, DiskOperation::truncate}) {
      SeededRandom random(7);
      Disk disk(random);
      DiskConnection connection(disk);
      prepare(connection);
      int failures = 0;
      disk.judge = [&](DiskOperation asked, std::string_view) {
        if (asked != operation) return DiskFate::done;
        ++failures;
        return fate;
      };
      const std::string write_and_checkpoint = insert(1) + "; PRAGMA wal_checkpoint(TRUNCATE)";
      const int code = connection.run("PRAGMA cache_size = 0; " + write_and_checkpoint);
      disk.judge = nullptr;
      const bool is_harmless = operation == DiskOperation::read && fate == DiskFate::full;
      EXPECT_GT(failures, 0);
      EXPECT_EQ(code == SQLITE_OK, is_harmless) << "fate " << int(fate) << " of operation " << int(operation);
      EXPECT_EQ(connection.run(insert(2)), SQLITE_OK);
      EXPECT_EQ(connection.ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0;0;0;");
      EXPECT_EQ(connection.ask("PRAGMA integrity_check"), "ok;");
    }
  }
}

// Goal: a file that cannot be opened, made or removed is reported.
// Method: those operations alone fail: the first connection, and the last one's removal of the log.
TEST(Failure, OfNamesIsReported) {
  SeededRandom random(1);
  Disk disk(random);
  disk.judge = [](DiskOperation operation, std::string_view) {
    return operation == DiskOperation::open ? DiskFate::fails : DiskFate::done;
  };
  EXPECT_EQ(DiskConnection(disk).opened(), SQLITE_CANTOPEN);
  EXPECT_TRUE(disk.image().empty());
  disk.judge = [](DiskOperation operation, std::string_view) {
    return operation == DiskOperation::remove ? DiskFate::fails : DiskFate::done;
  };
  {
    DiskConnection connection(disk);
    EXPECT_EQ(connection.run("CREATE TABLE notes (id)"), SQLITE_IOERR) << "its journal cannot be removed";
  }
  EXPECT_TRUE(disk.image().contains(database_path + "-journal"));
  disk.judge = nullptr;
  EXPECT_EQ(DiskConnection(disk).ask("PRAGMA integrity_check"), "ok;");
  EXPECT_FALSE(disk.image().contains(database_path + "-journal"));
}

// Goal: after a sync that failed, one that succeeds proves nothing about what was written before, as on Linux.
// Method: write, fail the sync, write elsewhere, sync, lose power: the first write may be gone, the second never.
TEST(Failure, OfASyncIsNotMadeGoodByTheNext) {
  bool is_lost = false;
  bool is_kept = false;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random(seed);
    Disk disk(random);
    disk.install({{database_path, std::string(1'024, 'a')}});
    {
      DiskConnection connection(disk);
      sqlite3_file* file = connection.file();
      ASSERT_EQ(file->pMethods->xWrite(file, "b", 1, 0), SQLITE_OK);
      disk.judge = [](DiskOperation, std::string_view) { return DiskFate::fails; };
      ASSERT_EQ(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_IOERR_FSYNC);
      disk.judge = nullptr;
      ASSERT_EQ(disk.image()[database_path][0], 'b');
      ASSERT_EQ(file->pMethods->xWrite(file, "c", 1, 512), SQLITE_OK);
      ASSERT_EQ(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_OK);
      disk.power_fails();
    }
    EXPECT_EQ(disk.image()[database_path][512], 'c');
    (disk.image()[database_path][0] == 'b' ? is_kept : is_lost) = true;
  }
  EXPECT_TRUE(is_lost);
  EXPECT_TRUE(is_kept);
}

// Goal: whoever watches for something to become durable sees each sync, and nothing else.
// Method: the counter around writes, a commit, and a commit whose sync fails, which may have reached the disk.
TEST(Syncs, GrowWhenSomethingMayHaveBecomeDurable) {
  SeededRandom random(1);
  Disk disk(random);
  DiskConnection connection(disk);
  prepare(connection);
  const std::uint64_t before = disk.syncs();
  ASSERT_EQ(connection.run("BEGIN; " + insert(1)), SQLITE_OK);
  EXPECT_EQ(disk.syncs(), before);
  ASSERT_EQ(connection.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(disk.syncs(), before + 1);
  disk.judge = [](DiskOperation operation, std::string_view) {
    return operation == DiskOperation::sync ? DiskFate::fails : DiskFate::done;
  };
  ASSERT_NE(connection.run(insert(2)), SQLITE_OK);
  EXPECT_EQ(disk.syncs(), before + 2);
}

// --- connections beside each other --------------------------------------------------------------------------

// Goal: of two writers one is told that the other is at it, at once, and both get their turn.
// Method: with the log, and with a journal, where a reader too is in a writer's way.
TEST(Locks, KeepWritersApart) {
  SeededRandom random(1);
  Disk disk(random);
  DiskConnection one(disk);
  DiskConnection other(disk);
  for (const char* mode : {"DELETE", "WAL"}) {
    ASSERT_EQ(one.run(std::string("PRAGMA journal_mode = ") + mode), SQLITE_OK);
    ASSERT_EQ(one.run("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT)"), SQLITE_OK);
    ASSERT_EQ(one.run("BEGIN IMMEDIATE"), SQLITE_OK);
    EXPECT_EQ(other.run("BEGIN IMMEDIATE"), SQLITE_BUSY);
    EXPECT_EQ(one.run("COMMIT"), SQLITE_OK);
    EXPECT_EQ(other.run("BEGIN IMMEDIATE; COMMIT"), SQLITE_OK);
  }
  ASSERT_EQ(one.run("PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE"), SQLITE_OK);
  EXPECT_EQ(other.run("PRAGMA busy_timeout = 100000; BEGIN IMMEDIATE"), SQLITE_BUSY) << "and nobody slept";
}

// Goal: a reader keeps the state it began with, and is not in the way of the writer, nor of the log's moving.
// Method: commit and checkpoint beside a reader in a transaction.
TEST(Locks, LetReadersKeepTheirState) {
  SeededRandom random(1);
  Disk disk(random);
  DiskConnection writer(disk);
  DiskConnection reader(disk);
  prepare(writer);
  ASSERT_EQ(writer.run(insert(1)), SQLITE_OK);
  ASSERT_EQ(reader.run("BEGIN"), SQLITE_OK);
  EXPECT_EQ(reader.ask("SELECT COUNT(*) FROM notes"), "1;");
  for (int id = 2; id <= 10; ++id) ASSERT_EQ(writer.run(insert(id)), SQLITE_OK);
  EXPECT_THAT(writer.ask("PRAGMA wal_checkpoint(PASSIVE)"), StartsWith("0;"));
  EXPECT_THAT(writer.ask("PRAGMA wal_checkpoint(TRUNCATE)"), StartsWith("1;")) << "the reader is in it";
  EXPECT_EQ(reader.ask("SELECT COUNT(*) FROM notes"), "1;");
  ASSERT_EQ(reader.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(reader.ask("SELECT COUNT(*) FROM notes"), "10;");
  EXPECT_EQ(writer.ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0;0;0;");
}

// Goal: with a journal, readers and a committing writer exclude each other, and the writer's turn comes.
// Method: a reader in a statement; the writer's commit must wait, and a new reader must let it go first.
TEST(Locks, KeepReadersAndAJournalsWriterApart) {
  SeededRandom random(1);
  Disk disk(random);
  DiskConnection writer(disk);
  DiskConnection reader(disk);
  DiskConnection newcomer(disk);
  ASSERT_EQ(writer.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)"), SQLITE_OK);
  ASSERT_EQ(reader.run("BEGIN; SELECT * FROM notes"), SQLITE_OK);
  ASSERT_EQ(writer.run("BEGIN; " + insert(1)), SQLITE_OK);
  EXPECT_EQ(writer.run("COMMIT"), SQLITE_BUSY);
  EXPECT_EQ(newcomer.run("SELECT * FROM notes"), SQLITE_BUSY);
  ASSERT_EQ(reader.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(writer.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(newcomer.ask("SELECT id FROM notes"), "1;");
}

// Goal: the index of the log goes with the last connection: the next one reads the log that there is.
// Method: close while the database is moved away, so that SQLite leaves the log; take the log away; open again.
TEST(Locks, LeaveNoIndexBehind) {
  SeededRandom random(1);
  Disk disk(random);
  {
    DiskConnection connection(disk);
    prepare(connection);
    ASSERT_EQ(connection.ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0;0;0;");
    ASSERT_EQ(connection.run(insert(1)), SQLITE_OK);
    disk.rename(database_path, "/data/aside");
  }
  disk.remove(database_path + "-wal");
  disk.rename("/data/aside", database_path);
  DiskConnection connection(disk);
  EXPECT_EQ(connection.ask("SELECT COUNT(*) FROM notes"), "0;");
  EXPECT_EQ(connection.ask("PRAGMA integrity_check"), "ok;");
}

// --- names and images ----------------------------------------------------------------------------------------

// Goal: a file keeps its identity under another name, and another file under its name is another.
// Method: rename, put a file in its place, rename back.
TEST(Names, AreNotTheFiles) {
  SeededRandom random(1);
  Disk disk(random);
  disk.install({{"/data/a", "one"}, {"/data/b", "two"}});
  const auto identity_of = disk.file_system().identity_of;
  const auto one = identity_of("/data/a");
  ASSERT_TRUE(one);
  EXPECT_NE(one, identity_of("/data/b"));
  disk.rename("/data/a", "/data/c");
  EXPECT_EQ(identity_of("/data/a"), std::nullopt);
  EXPECT_EQ(identity_of("/data/c"), one);
  disk.rename("/data/b", "/data/c");
  EXPECT_NE(identity_of("/data/c"), one);
  disk.remove("/data/c");
  EXPECT_EQ(identity_of("/data/c"), std::nullopt);
  EXPECT_TRUE(disk.image().empty());
}

// Goal: SQLite learns that a database was moved away, and then leaves its log alone, which belongs to the file.
// Method: rename the database under its last connection, close that; the log is still there, and not without.
TEST(Names, ThatChangedUnderAConnectionAreNoticed) {
  for (const bool is_moved : {true, false}) {
    SeededRandom random(1);
    Disk disk(random);
    {
      DiskConnection connection(disk);
      prepare(connection);
      if (is_moved) disk.rename(database_path, "/data/aside");
    }
    EXPECT_EQ(disk.image().contains(database_path + "-wal"), is_moved);
  }
}

// Goal: an image is the whole disk: what is installed from it is what it was made of, and durable.
// Method: take one, go on writing, install it on a new disk, lose power at once.
TEST(Images, HoldEverythingAndAreDurable) {
  Disk::Image image;
  std::uint64_t digest = 0;
  {
    SeededRandom random(1);
    Disk disk(random);
    DiskConnection connection(disk);
    prepare(connection);
    ASSERT_EQ(connection.run(insert(1)), SQLITE_OK);
    image = disk.image();
    digest = disk.digest();
    ASSERT_EQ(connection.run(insert(2)), SQLITE_OK);
    EXPECT_NE(disk.digest(), digest);
  }
  SeededRandom random(2);
  Disk disk(random);
  disk.install(image);
  disk.power_fails();
  disk.process_starts();
  EXPECT_EQ(disk.digest(), digest);
  EXPECT_EQ(DiskConnection(disk).ask("SELECT id FROM notes"), "1;");
}

}  // namespace
}  // namespace jobrun::simulation
