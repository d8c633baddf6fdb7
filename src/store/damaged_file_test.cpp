// A database that cannot be used as it is: what is noticed when, and what whoever is woken by it reads.
#include <gmock/gmock.h>

#include <fstream>

#include "store/inspection.hpp"
#include "store/sqlite_store.hpp"
#include "store_test_support.hpp"

namespace jobrun::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr Duration long_enough{20'000};
constexpr std::size_t page_size = 2'048;

class DamagedFile : public testing::Test {
 protected:
  std::string path() const { return (directory.path() / "jobrun.db").string(); }

  /// A database of ours with some of everything, closed, with no log beside it.
  void make() {
    ASSERT_TRUE(migrate(path(), noon));
    auto opened = SqliteStore::open(path());
    ASSERT_TRUE(opened) << opened.error().message;
    const ClientId client = add_client(**opened);
    in_batch(**opened, [client](StoreBatch& batch) {
      for (int at = 0; at < 100; ++at) {
        batch.write(an_ended_call("CA" + std::to_string(at), phone(14155550200 + static_cast<std::uint64_t>(at)),
                                  client, noon),
                    noon);
      }
    });
    opened->reset();
    ASSERT_FALSE(fs::exists(path() + "-wal"));
  }
  void overwrite(std::size_t at, const std::string& bytes) {
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
  }
  /// What whoever opens the file and reads all of it is told; empty: all could be read.
  std::string told() {
    if (const auto migrated = migrate(path(), noon); !migrated) return migrated.error().message;
    auto opened = SqliteStore::open(path());
    if (!opened) return opened.error().message;
    try {
      const std::unique_ptr<StoreReader> reader = (*opened)->reader();
      reader->levels();
      reader->clients();
      reader->promised_texts(TextRow{0}, 1'000);
      CallQuery all;
      all.limit = 1'000;
      reader->calls(all);
    } catch (const StoreFailure& failed) {
      return failed.message;
    }
    return {};
  }

  TemporaryDirectory directory;
};

// Goal: a damaged file is told with its name and the exact commands that save what is in it.
// Method: a file that is no database, one whose first page is gone, one of which all but the first page is.
TEST_F(DamagedFile, IsToldWithWhatToDo) {
  const auto says_all =
      AllOf(HasSubstr(path()), HasSubstr("mkdir " + path() + ".damaged && { mv " + path() + " "),
            HasSubstr("sqlite3 " + path() + ".damaged/jobrun.db .dump | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 " +
                      path()));
  std::ofstream(path()) << std::string(10'000, 'x');
  EXPECT_THAT(told(), AllOf(says_all, HasSubstr("not a database")));
  fs::remove(path());
  make();
  EXPECT_EQ(told(), "");
  overwrite(0, std::string(page_size, '\xA5'));
  EXPECT_THAT(told(), AllOf(says_all, HasSubstr("not a database")));
  fs::remove(path());
  make();
  overwrite(page_size, std::string(fs::file_size(path()) - page_size, '\xA5'));
  EXPECT_THAT(told(), AllOf(says_all, HasSubstr("malformed")));
}

// Goal: a page that is overwritten is found by whoever looks at the whole file, whichever page it is; whoever
// works with the file reads right or is told.
// Method: each page in turn.
TEST_F(DamagedFile, IsFoundByAWholeLookWhicheverPageItIs) {
  make();
  const Result<Inspection> healthy = inspect(path(), long_enough);
  ASSERT_TRUE(healthy) << healthy.error().message;
  EXPECT_EQ(healthy->damage, "");
  EXPECT_TRUE(healthy->is_whole);
  EXPECT_EQ(healthy->schema_version, healthy->schema_version_known);
  const fs::path kept = directory.path() / "kept.db";
  fs::copy_file(path(), kept);
  const std::size_t pages = fs::file_size(path()) / page_size;
  ASSERT_GT(pages, 30U);
  for (std::size_t page = 1; page < pages; ++page) {
    fs::copy_file(kept, path(), fs::copy_options::overwrite_existing);
    overwrite(page * page_size, std::string(page_size, '\xA5'));
    const Result<Inspection> looked = inspect(path(), long_enough);
    EXPECT_TRUE(!looked || !looked->damage.empty()) << "page " << page + 1;
    const std::string words = told();
    EXPECT_TRUE(words.empty() || words.contains(".dump")) << "page " << page + 1 << ": " << words;
  }
}

// Goal: a look that has no time left does not say that all is well.
// Method: no time at all, for a file that takes some.
TEST_F(DamagedFile, IsNotRuledOutByHalfALook) {
  make();
  const Result<Inspection> looked = inspect(path(), Duration{-1});
  ASSERT_TRUE(looked);
  EXPECT_EQ(looked->damage, "");
  EXPECT_FALSE(looked->is_whole);
}

// Goal: a file that was cut off or emptied is not taken for all there is.
// Method: cut at several lengths, without a log; with a log, which may hold the rest; a new empty file.
TEST_F(DamagedFile, IsNoticedWhenItIsShorterThanItSays) {
  make();
  EXPECT_TRUE(check_file_is_whole(path(), true));
  const std::uintmax_t size = fs::file_size(path());
  for (const std::uintmax_t left : {size - 1, size / 2, std::uintmax_t{100}}) {
    fs::resize_file(path(), left);
    const Result<void> checked = check_file_is_whole(path(), true);
    ASSERT_FALSE(checked) << left;
    EXPECT_THAT(checked.error().message, AllOf(HasSubstr("cut off"), HasSubstr(".dump")));
  }
  std::ofstream(path() + "-wal") << "frames";
  EXPECT_TRUE(check_file_is_whole(path(), true)) << "the log may hold the rest";
  fs::resize_file(path(), 0);
  EXPECT_FALSE(check_file_is_whole(path(), false)) << "SQLite would delete the log";
  fs::remove(path() + "-wal");
  EXPECT_FALSE(check_file_is_whole(path(), true));
  EXPECT_TRUE(check_file_is_whole(path(), false)) << "a new file";
  fs::remove(path());
  EXPECT_TRUE(check_file_is_whole(path(), true)) << "no file is somebody else's business";
}

// Goal: the commands can be pasted into a shell, whatever the file is called.
// Method: a path with what a shell would take apart.
TEST(HowToRecover, IsQuotedForAShell) {
  EXPECT_THAT(how_to_recover("/a b/it's.db"),
              HasSubstr("mv '/a b/it'\\''s.db' '/a b/it'\\''s.db'-* '/a b/it'\\''s.db.damaged'/"));
}

}  // namespace
}  // namespace jobrun::store
