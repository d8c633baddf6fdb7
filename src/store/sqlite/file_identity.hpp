// Whether the database is still the file at its path.
//
// SQLite goes on committing, happily and durably, into a file that somebody has unlinked or renamed away. What it
// then acknowledges is gone at the next start.
#pragma once

#include <optional>
#include <string>

#include "store/file_system.hpp"

namespace jobrun::store {

/// The database's files as they were when it was opened.
class OpenedFiles {
 public:
  OpenedFiles(const std::string& path, const FileSystem& file_system)
      : path_(path),
        log_path_(path + "-wal"),
        identity_of_(file_system.identity_of),
        database_(identity_of_(path_)),
        log_(identity_of_(log_path_)) {}

  /// False when the database or its write-ahead log is no longer the file at its path.
  bool are_in_place() const {
    return database_ && log_ && identity_of_(path_) == database_ && identity_of_(log_path_) == log_;
  }
  std::string path() const { return path_; }

 private:
  std::string path_;
  std::string log_path_;
  std::optional<FileIdentity> (*identity_of_)(const std::string& path);
  std::optional<FileIdentity> database_;
  std::optional<FileIdentity> log_;
};

}  // namespace jobrun::store
