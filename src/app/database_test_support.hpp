// A database of a test's own, in a folder that goes away with it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "store/sqlite_store.hpp"

namespace jobrun::app {

class TestDatabase {
 public:
  explicit TestDatabase(Instant now) {
    std::string pattern = testing::TempDir() + "jobrun_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    if (!store::migrate(path(), now)) throw std::runtime_error("no schema");
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() { std::filesystem::remove_all(folder_); }

  const std::string& folder() const { return folder_; }
  std::string path() const { return folder_ + "/jobrun.db"; }
  std::unique_ptr<store::SqliteStore> open() const {
    auto opened = store::SqliteStore::open(path());
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

 private:
  std::string folder_;
};

}  // namespace jobrun::app
