// What the connections of one process share about a file: locks, and the memory in which they keep the index of
// the write-ahead log. Both end with the process.
//
// Everything runs on one thread: whoever cannot have a lock is told so, and nobody waits. A holder is told from
// the others by an address.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace jobrun::simulation {

/// The locks on a database file, in SQLite's levels: SQLITE_LOCK_SHARED and so on.
class FileLocks {
 public:
  /// False: another holder is in the way. Whoever asked to be alone then keeps newcomers out while the readers
  /// leave.
  bool raise(const void* holder, int level);
  void lower(const void* holder, int level);
  /// Whether somebody is about to write.
  bool is_reserved() const;

 private:
  struct Held {
    const void* holder;
    int level;
  };
  std::vector<Held> held_;
};

/// The memory of an index and its eight locks.
class SharedMemory {
 public:
  /// Null when there is no such region and none is to be made. Valid until the last user has left.
  char* region(const void* user, std::size_t number, std::size_t bytes, bool may_make);
  /// False: another user is in the way, which may be one who shares when the lock is to be exclusive.
  bool lock(const void* user, int first, int count, bool is_exclusive);
  void unlock(const void* user, int first, int count);
  /// With the last user the memory goes.
  void leave(const void* user);

 private:
  struct User {
    const void* user;
    std::uint32_t shared;  ///< a bit for each lock
    std::uint32_t exclusive;
  };
  User& join(const void* user);

  std::vector<std::unique_ptr<char[]>> regions_;
  std::vector<User> users_;
};

}  // namespace jobrun::simulation
