// Which file a name stands for.
//
// SQLite goes on committing, happily and durably, into a file that somebody has unlinked or renamed away. What it
// then acknowledges is gone at the next start.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace jobrun::store {

struct FileIdentity {
  dev_t device;
  ino_t inode;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Empty when there is no such file.
std::optional<FileIdentity> identity_of(const std::string& path);

/// The database's files as they were when it was opened.
class OpenedFiles {
 public:
  explicit OpenedFiles(const std::string& path)
      : path_(path), log_path_(path + "-wal"), database_(identity_of(path_)), log_(identity_of(log_path_)) {}

  /// False when the database or its write-ahead log is no longer the file at its path.
  bool are_in_place() const {
    return database_ && log_ && identity_of(path_) == database_ && identity_of(log_path_) == log_;
  }
  std::string path() const { return path_; }

 private:
  std::string path_;
  std::string log_path_;
  std::optional<FileIdentity> database_;
  std::optional<FileIdentity> log_;
};

}  // namespace jobrun::store
