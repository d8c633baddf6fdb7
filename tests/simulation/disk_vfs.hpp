// How SQLite reaches the simulated disk: a VFS, registered once in a process, that leads to the disk there is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "disk.hpp"
#include "disk_locks.hpp"

namespace jobrun::simulation {

/// What ends with a process. Its handles keep it, so that what SQLite still does with them after its death meets
/// neither the disk nor the next process, and the memory it maps stays where it was.
struct DiskProcess {
  struct OpenFile {
    FileLocks locks;
    SharedMemory memory;
  };
  Disk* disk;  ///< null: the process is dead
  std::size_t handles = 0;
  std::map<std::uint64_t, OpenFile> open_files{};  ///< by inode; kept until the process ends
};

/// Makes `disk` the one that SQLite reaches, or none; registers the VFS when it is not yet. Throws
/// std::logic_error when there is another disk or SQLite does not take the VFS.
void point_sqlite_at(Disk* disk);
const char* disk_vfs_name();
/// Empty when there is no such file, no disk, or no living process.
std::optional<store::FileIdentity> identity_on_disk(const std::string& path);

}  // namespace jobrun::simulation
