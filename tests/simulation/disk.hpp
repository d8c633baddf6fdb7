// A disk that a test holds in its hand: SQLite's files in memory, which fail, fill up, stall, and lose power at
// any chosen operation, the same way again from the same seed.
//
// What the store promises, it promises about disks: that a commit which returned is durable, that one which failed
// leaves nothing. On a real disk that cannot be tested; a kill leaves the system's cache untouched, so a store
// that forgot to sync would pass. Here the real SQLite and the real store run on files of which only what was
// synced is sure to survive.
//
// Simpler than a real one in this: names are durable at once (a file made, removed or renamed stays so), there are
// no directories, and files without a name, which SQLite makes for temporary data, cannot be opened.
// Everything on one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/ports/random.hpp"
#include "disk_file.hpp"
#include "store/file_system.hpp"

namespace jobrun::simulation {

enum class DiskOperation { open, read, write, sync, truncate, remove };

enum class DiskFate {
  done,
  fails,                ///< nothing happens but the error; a sync that fails may have made a part durable
  full,                 ///< no space: of a write a part is done; a read is done
  done_but_says_failed  ///< all of it happens, and the error all the same
};

struct DiskProcess;

class Disk {
 public:
  /// All that is random about the disk, and about SQLite from now on, comes from `random`, which outlives this.
  /// One disk exists at a time. A process runs on it.
  explicit Disk(Random& random);
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  /// Handles that are still open then are those of a dead process.
  ~Disk();

  /// What the store is opened with. Valid as long as this.
  store::FileSystem file_system();

  /// Asked before each operation: what becomes of it. May move the simulation's clock, which makes a stall; may
  /// call process_ends() and power_fails(), and the operation then fails and changes nothing. Must not throw, as
  /// SQLite stands in between. Unset: all is done.
  std::function<DiskFate(DiskOperation, std::string_view path)> judge;

  /// As kill -9 at this very moment: every operation of a handle that is open fails from now on and changes
  /// nothing, and nothing new can be opened. Files keep what was written. The dead process's objects may be
  /// destroyed at leisure.
  void process_ends();
  /// Ends the process; and of each file only what was synced is left, with a random part of what was not (see
  /// DiskFile).
  void power_fails();
  /// Lets the next process run. Precondition, or std::logic_error: the process before has ended and all of its
  /// handles are closed.
  void process_starts();

  /// What somebody does who is not the service. Nothing happens when there is no such file; a file in the way
  /// goes.
  void rename(std::string_view from, const std::string& to);
  void remove(std::string_view path);

  /// All files, as programs read them.
  using Image = std::map<std::string, std::string, std::less<>>;
  Image image() const;
  /// Puts these files, all of them durable, in the place of all others. Precondition, or std::logic_error: no
  /// handle is open.
  void install(const Image& image);

  /// Grows whenever something may have become durable: whoever waits for that can see cheaply that nothing has.
  std::uint64_t syncs() const { return syncs_; }
  /// The FNV-1a hash of all names and contents: two runs that ended the same have the same.
  std::uint64_t digest() const;

 private:
  friend struct DiskCalls;  // SQLite's
  friend class DiskSpoolFiles;

  std::shared_ptr<DiskFile> find(std::string_view path) const;
  std::shared_ptr<DiskFile> make(const std::string& path);

  Random& random_;
  std::map<std::string, std::shared_ptr<DiskFile>, std::less<>> files_;
  std::shared_ptr<DiskProcess> process_;
  std::uint64_t last_inode_ = 0;
  std::uint64_t syncs_ = 0;
};

}  // namespace jobrun::simulation
