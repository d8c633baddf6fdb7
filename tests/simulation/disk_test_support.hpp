// What the tests of the simulated disk share: SQLite without the store around it.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "disk.hpp"
#include "seeded_random.hpp"

namespace jobrun::simulation {

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
