// What the tests of the simulated disk share: randomness from a seed, and SQLite without the store around it.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <string>

#include "disk.hpp"

namespace jobrun::simulation {

/// The generator "splitmix64": every seed, also a small one, gives a stream of its own.
class DiskRandom final : public Random {
 public:
  explicit DiskRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) override {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return (mixed ^ (mixed >> 31U)) % bound;
  }

 private:
  std::uint64_t state_;
};

inline const std::string database_path = "/data/jobrun.db";

/// One connection of SQLite to the database on the disk.
class DiskConnection {
 public:
  explicit DiskConnection(Disk& disk) {
    opened_ = sqlite3_open_v2(database_path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              disk.file_system().vfs);
  }
  DiskConnection(const DiskConnection&) = delete;
  DiskConnection& operator=(const DiskConnection&) = delete;
  ~DiskConnection() { sqlite3_close(handle_); }

  int opened() const { return opened_; }
  /// SQLite's code. The answer's values are in answer(), each followed by a semicolon.
  int run(const std::string& sql) {
    answer_.clear();
    const auto add = [](void* all, int columns, char** values, char**) {
      for (int column = 0; column < columns; ++column) {
        *static_cast<std::string*>(all) += std::string(values[column] != nullptr ? values[column] : "NULL") + ";";
      }
      return 0;
    };
    return sqlite3_exec(handle_, sql.c_str(), add, &answer_, nullptr);
  }
  /// The database file itself, as SQLite has it open.
  sqlite3_file* file() {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    return file;
  }
  std::string ask(const std::string& sql) {
    const int code = run(sql);
    return code == SQLITE_OK ? answer_ : std::string("failed: ") + sqlite3_errmsg(handle_);
  }

 private:
  sqlite3* handle_ = nullptr;
  int opened_ = SQLITE_OK;
  std::string answer_;
};

}  // namespace jobrun::simulation
