// The store over the simulated disk: what it acknowledges survives a power failure at any operation, and a disk
// that fails for a while leaves it whole and working.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include "disk.hpp"
#include "disk_test_support.hpp"
#include "store/sqlite_store.hpp"

namespace jobrun::simulation {
namespace {

using store::SqliteStore;
using testing::AnyOf;
using testing::HasSubstr;

constexpr Instant noon = from_unix_ms(1'767'268'800'000);

store::SqliteOptions options_on(Disk& disk) {
  store::SqliteOptions options;
  options.has_background = false;
  // So small that the log is moved into the database file every few commits.
  options.log_bytes_start = 64 << 10;
  options.file_system = disk.file_system();
  return options;
}

std::unique_ptr<SqliteStore> open_on(Disk& disk) {
  auto opened = SqliteStore::open(database_path, options_on(disk));
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

/// What a disk with a new database holds. Made at the first call, when there must be no disk.
const Disk::Image& new_database() {
  static const Disk::Image image = [] {
    SeededRandom random(1);
    Disk disk(random);
    const auto migrated = store::migrate(database_path, noon, disk.file_system());
    if (!migrated) throw std::runtime_error(migrated.error().message);
    return disk.image();
  }();
  return image;
}

class StoreOnDisk : public testing::Test {
 protected:
  static void SetUpTestSuite() { new_database(); }
};

/// A call that has ended, of a caller of its own, with its text promised.
Commit a_call(int n) {
  const std::string call_sid = "CA" + std::to_string(n);
  const E164 caller = E164::from_digits(14'160'000'000 + static_cast<unsigned>(n));
  const E164 number = E164::from_digits(14'155'550'100);
  Commit commit;
  commit.new_call = NewCall{.call_sid = *CallSid::parse(call_sid),
                            .caller = Caller::parse(caller.text()),
                            .number_text = number.text(),
                            .client = std::nullopt};
  commit.event_key = "status:no-answer";
  commit.ended = CallEnd{CallStatus::no_answer, AfterCallRow::failsafe};
  commit.deadline = noon + Duration{60'000};
  commit.text = PromisedText{.id = {call_sid, Purpose::failsafe},
                             .origin = Origin::status,
                             .pair = {.caller = caller, .number = number},
                             .ways = {{Account::first, number}},
                             .body = "Sorry we missed your call.",
                             .client = std::nullopt};
  return commit;
}

/// Empty when call `n` was acknowledged; else why not.
std::string commit_call(SqliteStore& store, int n) {
  try {
    const auto batch = store.begin({});
    batch->write(a_call(n), noon);
    const Result<void> committed = batch->commit();
    return committed ? std::string() : committed.error().message;
  } catch (const StoreFailure& failed) {
    return failed.message;
  }
}

std::set<int> calls_in(Disk& disk) {
  const auto store = open_on(disk);
  const auto reader = store->reader();
  std::set<int> found;
  CallQuery query{.open_only = false, .limit = 500, .before = std::nullopt};
  for (const CallListing& listing : reader->calls(query)) {
    found.insert(std::stoi(listing.call.call_sid.text().substr(2)));
  }
  return found;
}

std::set<int> calls_to(int last) {
  std::set<int> calls;
  for (int n = 1; n <= last; ++n) calls.insert(n);
  return calls;
}

struct StoreEnding {
  int acknowledged = 0;
  std::set<int> found;
  bool is_in_database_file = false;  ///< power failed while the log was being moved
  std::string soundness;
  std::uint64_t digest = 0;
};

/// Acknowledges call after call until power fails at a random operation; then starts again and looks.
StoreEnding acknowledge_until_power_fails(std::uint64_t seed) {
  SeededRandom random(seed);
  Disk disk(random);
  disk.install(new_database());
  StoreEnding ending;
  {
    const auto store = open_on(disk);
    std::uint64_t left = 1 + random.below(150);
    disk.judge = [&](DiskOperation operation, std::string_view path) {
      if (--left != 0) return DiskFate::done;
      ending.is_in_database_file = path == database_path && operation != DiskOperation::read;
      disk.power_fails();
      return DiskFate::done;
    };
    while (commit_call(*store, ending.acknowledged + 1).empty()) {
      ++ending.acknowledged;
      store->tidy();
    }
    disk.judge = nullptr;
  }
  disk.process_starts();
  ending.digest = disk.digest();
  ending.found = calls_in(disk);
  ending.soundness = DiskConnection(disk).ask("PRAGMA integrity_check");
  return ending;
}

// Goal: a call that was acknowledged survives a power failure at any operation of the disk.
// Method: 1,000 seeds. The call under way may be there or not. Both must have been seen, as must failures while
// the log was being moved into the database file, or the test looks past what it is about.
TEST_F(StoreOnDisk, KeepsWhatItAcknowledgedThroughPowerFailures) {
  int kept_under_way = 0;
  int lost_under_way = 0;
  int while_moving = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    const StoreEnding ending = acknowledge_until_power_fails(seed);
    ASSERT_EQ(ending.soundness, "ok;") << "seed " << seed;
    ASSERT_THAT(ending.found, AnyOf(calls_to(ending.acknowledged), calls_to(ending.acknowledged + 1)))
        << "seed " << seed;
    (ending.found.size() == static_cast<std::size_t>(ending.acknowledged) ? lost_under_way : kept_under_way) += 1;
    if (ending.is_in_database_file) ++while_moving;
  }
  EXPECT_GT(kept_under_way, 20);
  EXPECT_GT(lost_under_way, 20);
  EXPECT_GT(while_moving, 20);
}

// Goal: the whole store is deterministic: the same seed leaves the same bytes.
// Method: each of 20 seeds twice.
TEST_F(StoreOnDisk, LeavesTheSameBytesFromTheSameSeed) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(acknowledge_until_power_fails(seed).digest, acknowledge_until_power_fails(seed).digest);
  }
}

// Goal: a kill loses nothing that was acknowledged.
// Method: the process ends at a random operation; no power fails.
TEST_F(StoreOnDisk, KeepsWhatItAcknowledgedThroughKills) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SeededRandom random(seed);
    Disk disk(random);
    disk.install(new_database());
    int acknowledged = 0;
    {
      const auto store = open_on(disk);
      std::uint64_t left = 1 + random.below(150);
      disk.judge = [&](DiskOperation, std::string_view) {
        if (--left == 0) disk.process_ends();
        return DiskFate::done;
      };
      while (commit_call(*store, acknowledged + 1).empty()) ++acknowledged;
      disk.judge = nullptr;
    }
    disk.process_starts();
    ASSERT_THAT(calls_in(disk), AnyOf(calls_to(acknowledged), calls_to(acknowledged + 1))) << "seed " << seed;
  }
}

// Goal: a disk that fails or is full for a while fails the batches of that while; what was acknowledged before and
// after survives even a power failure at the end, also when a failed sync left its pages unwritten.
// Method: over many seeds, a commit under each fate of each operation that it needs, between good ones.
TEST_F(StoreOnDisk, RecoversWhenTheDiskDoes) {
  for (const DiskFate fate : {DiskFate::fails, DiskFate::full, DiskFate::done_but_says_failed}) {
    for (const DiskOperation operation : {DiskOperation::write, DiskOperation::sync}) {
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        Disk disk(random);
        disk.install(new_database());
        {
          const auto store = open_on(disk);
          const int failing = static_cast<int>(1 + seed % 4);
          for (int n = 1; n <= 6; ++n) {
            disk.judge = [&](DiskOperation asked, std::string_view) {
              return n == failing && asked == operation ? fate : DiskFate::done;
            };
            ASSERT_EQ(commit_call(*store, n).empty(), n != failing) << "seed " << seed;
          }
          disk.judge = nullptr;
          disk.power_fails();
        }
        disk.process_starts();
        std::set<int> acknowledged = calls_to(6);
        acknowledged.erase(static_cast<int>(1 + seed % 4));
        ASSERT_EQ(calls_in(disk), acknowledged) << "seed " << seed;
        ASSERT_EQ(DiskConnection(disk).ask("PRAGMA integrity_check"), "ok;");
      }
    }
  }
}

// Goal: a log that cannot be moved now is moved later; the writer goes on meanwhile.
// Method: every operation on the database file fails for a while, then none; the log starts over in the end.
TEST_F(StoreOnDisk, GoesOnWhileTheLogCannotBeMoved) {
  SeededRandom random(1);
  Disk disk(random);
  disk.install(new_database());
  const auto store = open_on(disk);
  disk.judge = [](DiskOperation operation, std::string_view path) {
    return path == database_path && operation != DiskOperation::read ? DiskFate::fails : DiskFate::done;
  };
  for (int n = 1; n <= 50; ++n) {
    ASSERT_EQ(commit_call(*store, n), "");
    store->tidy();
  }
  EXPECT_GT(store->log_bytes(), 64 << 10);
  disk.judge = nullptr;
  store->tidy();
  EXPECT_EQ(store->log_bytes(), 0);
  EXPECT_EQ(commit_call(*store, 51), "");
}

// Goal: nothing is acknowledged that went into a file which is no longer the one at its path, on this disk too.
// Method: move the database away, put another in its place, put it back; then remove its log.
TEST_F(StoreOnDisk, DoesNotAcknowledgeIntoAFileThatWasReplaced) {
  SeededRandom random(1);
  Disk disk(random);
  Disk::Image image = new_database();
  image.emplace("/data/other.db", image.begin()->second);
  disk.install(image);
  const auto store = open_on(disk);
  EXPECT_EQ(commit_call(*store, 1), "");
  disk.rename(database_path, "/data/aside");
  EXPECT_THAT(commit_call(*store, 2), HasSubstr("no longer the one"));
  disk.rename("/data/other.db", database_path);
  EXPECT_THAT(commit_call(*store, 3), HasSubstr("no longer the one"));
  disk.rename("/data/aside", database_path);
  EXPECT_EQ(commit_call(*store, 4), "");
  disk.remove(database_path + "-wal");
  EXPECT_THAT(commit_call(*store, 5), HasSubstr("no longer the one"));
}

// Goal: readers on the disk see each commit, and nothing of a batch that goes on.
// Method: one reader asks around and inside a batch.
TEST_F(StoreOnDisk, HasReadersBesideTheWriter) {
  SeededRandom random(1);
  Disk disk(random);
  disk.install(new_database());
  const auto store = open_on(disk);
  const auto reader = store->reader();
  {
    const auto batch = store->begin({});
    batch->write(a_call(1), noon);
    EXPECT_EQ(reader->levels().texts_waiting(), 0);
    ASSERT_TRUE(batch->commit());
  }
  EXPECT_EQ(reader->levels().texts_waiting(), 1);
}

// Goal: without its background the store starts no thread: nothing runs beside the simulation.
// Method: count the threads of this process before and after opening; with the background there is one more.
TEST_F(StoreOnDisk, StartsNoThreadWithoutItsBackground) {
  const auto count_threads = [] {
    const std::filesystem::directory_iterator threads("/proc/self/task");
    return std::distance(begin(threads), end(threads));
  };
  SeededRandom random(1);
  Disk disk(random);
  disk.install(new_database());
  store::SqliteOptions options = options_on(disk);
  for (const bool has_background : {false, true}) {
    options.has_background = has_background;
    const auto before = count_threads();
    const auto opened = SqliteStore::open(database_path, options);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(count_threads() - before, has_background ? 1 : 0);
  }
}

// Goal: the store finds its files on the disk that it was given, and only there.
// Method: open before anything was made there, and with a file system that SQLite does not know.
TEST_F(StoreOnDisk, KnowsNoOtherFiles) {
  SeededRandom random(1);
  Disk disk(random);
  const auto missing = SqliteStore::open(database_path, options_on(disk));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("there is no database"));
  EXPECT_TRUE(disk.image().empty());
  disk.install(new_database());
  store::SqliteOptions options = options_on(disk);
  options.file_system.vfs = "no-such-vfs";
  const auto unknown = SqliteStore::open(database_path, options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(unknown.error().message, HasSubstr("no-such-vfs"));
}

// Goal: a commit that dies in its sync is not acknowledged, and the dead process acknowledges nothing more.
// Method: end the process in the sync of a commit, which reached the disk or not.
TEST_F(StoreOnDisk, AcknowledgesNothingAfterItsDeath) {
  SeededRandom random(1);
  Disk disk(random);
  disk.install(new_database());
  {
    const auto store = open_on(disk);
    disk.judge = [&](DiskOperation operation, std::string_view) {
      if (operation == DiskOperation::sync) disk.process_ends();
      return DiskFate::done;
    };
    EXPECT_NE(commit_call(*store, 1), "");
    disk.judge = nullptr;
    EXPECT_NE(commit_call(*store, 2), "");
    EXPECT_THROW(store->reader(), StoreFailure);
  }
  disk.process_starts();
  EXPECT_EQ(calls_in(disk).count(2), 0U);
}

}  // namespace
}  // namespace jobrun::simulation
