#include "setup_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace jobrun::app {
namespace {

using testing::HasSubstr;

constexpr uid_t nobody = 65'534;

class SetupWorld : public testing::Test {
 protected:
  SetupWorld() {
    std::string pattern = testing::TempDir() + "setup_world_XXXXXX";
    folder = mkdtemp(pattern.data());
    file = folder / "jobrun.toml";
  }
  ~SetupWorld() override { std::filesystem::remove_all(folder); }

  static std::string owner_of(const std::filesystem::path& path) {
    struct stat info{};
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
    return std::to_string(info.st_uid) + ":" + std::to_string(info.st_gid);
  }
  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat info{};
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777U;
  }
  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder;
  std::filesystem::path file;
};

// Goal: whoever could read the settings file that is replaced, as the service's group, can read the new one, and
// no stranger can. Method: modes before; a file that is new.
TEST_F(SetupWorld, AFileThatIsReplacedKeepsItsReaders) {
  ASSERT_TRUE(write_private_file(file, "first"));
  EXPECT_EQ(mode_of(file), 0600U);
  for (const auto& [before, after] : {std::pair{0640U, 0640U}, {0644U, 0640U}, {0600U, 0600U}, {0777U, 0640U}}) {
    ASSERT_EQ(chmod(file.c_str(), before), 0);
    ASSERT_TRUE(write_private_file(file, "second"));
    EXPECT_EQ(mode_of(file), after);
    EXPECT_EQ(content_of(file), "second");
  }
}

// Goal: the service can read what root writes for it. Method: the package's folder, root's and of a group; a file
// that is there; a new one beside it.
TEST_F(SetupWorld, WhatRootWritesIsForTheGroupOfTheFolder) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  ASSERT_EQ(chown(folder.c_str(), 0, nobody), 0);
  ASSERT_TRUE(write_private_file(file, "new"));
  EXPECT_EQ(owner_of(file), "0:65534");
  EXPECT_EQ(mode_of(file), 0640U);
  ASSERT_EQ(chown(file.c_str(), nobody, 0), 0);
  ASSERT_EQ(chmod(file.c_str(), 0600), 0);
  ASSERT_TRUE(write_private_file(file, "replaced"));
  EXPECT_EQ(owner_of(file), "65534:0");
  EXPECT_EQ(mode_of(file), 0600U);
}

// Goal: a secret that could not be put in its place lies nowhere. Method: a folder in its place.
TEST_F(SetupWorld, WhatCouldNotBeWrittenLeavesNothingBehind) {
  std::filesystem::create_directories(file / "in the way");
  EXPECT_FALSE(write_private_file(file, "secret"));
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".new"));
}

// Goal: root makes no database that the service cannot open; one that its user has made serves root too.
// Method: a folder of root's; of somebody else's without a database, with one, without its lock.
TEST_F(SetupWorld, RootMakesNoDatabaseInTheFolderOfSomebodyElse) {
  const std::filesystem::path database = folder / "jobrun.db";
  if (geteuid() != 0) GTEST_SKIP() << "only root gives folders away";
  EXPECT_TRUE(check_may_make_files(database, 0));
  ASSERT_EQ(chown(folder.c_str(), nobody, nobody), 0);
  const Result<void> refused = check_may_make_files(database, 0);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("jobrun migrate"));
  EXPECT_TRUE(check_may_make_files(database, nobody));
  std::ofstream(database.string()) << "";
  EXPECT_FALSE(check_may_make_files(database, 0));
  std::ofstream(database.string() + ".lock") << "";
  EXPECT_TRUE(check_may_make_files(database, 0));
}

}  // namespace
}  // namespace jobrun::app
