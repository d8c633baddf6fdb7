// One process at a time writes a database: the server, or a command while no server runs.
//
// SQLite's own locks would let both write, and the server would answer from a directory that a command has
// changed behind its back. So whoever opens the file for writing first takes the lock file beside it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/file_descriptor.hpp"

namespace jobrun::app {

/// A database and what stands beside it. Links are followed, so that two names of one file share a lock.
struct DatabasePlace {
  std::filesystem::path database;
  std::filesystem::path lock_file;           ///< `<database>.lock`
  std::filesystem::path admin_socket;        ///< `<database>.admin.sock`
  std::filesystem::path directory_snapshot;  ///< `<database>.directory`, written by a running service
  std::filesystem::path guard;               ///< `<database>.guard`, likewise
  std::filesystem::path spool;               ///< `<database>.spool`, a folder
};

/// Fails when the directory does not exist.
Result<DatabasePlace> place_of_database(const std::filesystem::path& database);

/// Fails when a service has run on this database and the file is gone, empty or cut off: beginning an empty one in
/// its place would answer every number as nobody's, and lose that once the file is put back. Says what to do.
Result<void> check_database_not_lost(const DatabasePlace& place);

/// The lock, held until destruction or the process's death.
class DatabaseLock {
 public:
  /// Takes the lock, waiting at most `wait` for its holder. `holder` says what we are, for the message that
  /// others get, for example `jobrun serve`. Fails with `conflict`, naming the holder, or with
  /// `unavailable` and what the file system says.
  static Result<DatabaseLock> acquire(const DatabasePlace& place, std::string_view holder, Duration wait);
  /// The same for anything else that `what` names, by a lock file of its own.
  static Result<DatabaseLock> acquire(const std::filesystem::path& lock_file, const std::string& what,
                                      std::string_view holder, Duration wait);

 private:
  explicit DatabaseLock(store::FileDescriptor file) : file_(std::move(file)) {}
  store::FileDescriptor file_;
};

}  // namespace jobrun::app
