// The files under the database, as a port: a simulation runs the store over a disk of its own that fails, stalls
// and loses power at chosen moments.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace jobrun::store {

/// Which file a name stands for, however it is called.
struct FileIdentity {
  dev_t device;
  ino_t inode;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// The file that the operating system has at `path`; empty when there is none.
std::optional<FileIdentity> identity_in_system(const std::string& path);

/// The operating system's, unless told otherwise. Both members speak of the same files.
struct FileSystem {
  const char* vfs = nullptr;  ///< a VFS registered with SQLite; null: its default. Lives as long as the process.
  /// Empty when there is no such file. Called twice for each of two files at every commit, so it must be cheap.
  std::optional<FileIdentity> (*identity_of)(const std::string& path) = identity_in_system;
};

}  // namespace jobrun::store
