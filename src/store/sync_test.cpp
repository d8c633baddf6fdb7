// An acknowledgement promises that a power cut loses nothing, and no kill -9 can show whether it is kept: what
// was written and not synced survives a kill. So the calls to the operating system are counted here.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "store/sqlite_store.hpp"
#include "store_test_support.hpp"

namespace {

std::atomic<int> syncs = 0;

int counted(long call, int file) {
  ++syncs;
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

// Goal: what commit() calls durable has been synced, each time.
// Method: count the syncs of the whole program around one commit after another, without a background to sync
// beside it.
TEST(SqliteSync, EveryCommitIsSyncedBeforeItIsCalledDurable) {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "jobrun.db").string();
  ASSERT_TRUE(migrate(path, noon));
  SqliteOptions options;
  options.has_background = false;
  auto store = SqliteStore::open(path, options);
  ASSERT_TRUE(store) << store.error().message;
  for (int n = 1; n <= 20; ++n) {
    const auto batch = (*store)->begin({});
    batch->write(a_pending_call("CA" + std::to_string(n), phone(14155550123), noon), noon);
    const int before = syncs;
    ASSERT_TRUE(batch->commit());
    EXPECT_GT(syncs, before) << "commit " << n;
  }
}

}  // namespace
}  // namespace jobrun::store
