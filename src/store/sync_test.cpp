// An acknowledgement promises that a power cut loses nothing, and no kill -9 can show whether it is kept: what
// was written and not synced survives a kill. So the calls to the operating system are counted here.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <utility>

#include "store/sqlite_store.hpp"
#include "store_test_support.hpp"

namespace {

std::atomic<int> syncs = 0;
std::function<void()> before_next_sync;  // happens once

int counted(long call, int file) {
  ++syncs;
  if (const auto happens = std::exchange(before_next_sync, nullptr)) happens();
  return static_cast<int>(::syscall(call, file));
}

}  // namespace

// In front of the C library's, for the whole test program.
extern "C" int fsync(int file) {
  return counted(SYS_fsync, file);
}
extern "C" int fdatasync(int file) {
  return counted(SYS_fdatasync, file);
}

namespace jobrun::store {
namespace {

/// A store without a background, which would sync beside the commits.
class SqliteSync : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(migrate(path, noon));
    SqliteOptions options;
    options.has_background = false;
    auto opened = SqliteStore::open(path, options);
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }
  /// Commits one call; empty, or why it is not durable.
  std::string commit(int n) {
    const auto batch = store->begin({});
    batch->write(a_pending_call("CA" + std::to_string(n), phone(14155550123), noon), noon);
    const Result<void> durable = batch->commit();
    return durable ? std::string() : durable.error().message;
  }

  TemporaryDirectory directory;
  std::string path = (directory.path() / "jobrun.db").string();
  std::unique_ptr<SqliteStore> store;
};

// Goal: what commit() calls durable has been synced, each time.
// Method: count the syncs of the whole program around one commit after another.
TEST_F(SqliteSync, EveryCommitIsSyncedBeforeItIsCalledDurable) {
  for (int n = 1; n <= 20; ++n) {
    const int before = syncs;
    ASSERT_EQ(commit(n), "");
    EXPECT_GT(syncs, before) << "commit " << n;
  }
}

// Goal: a commit into a file that is replaced at that very moment is not called durable.
// Method: the file is moved aside while the commit syncs, after everything that was looked at before it.
TEST_F(SqliteSync, AFileReplacedDuringACommitIsNotCalledDurable) {
  ASSERT_EQ(commit(1), "");
  before_next_sync = [this] { std::filesystem::rename(path, path + ".aside"); };
  EXPECT_NE(commit(2).find("no longer the one"), std::string::npos);
  std::filesystem::rename(path + ".aside", path);
  EXPECT_EQ(commit(3), "");
}

}  // namespace
}  // namespace jobrun::store
