// Looking at a database file without changing it, beside whoever works with it.
#pragma once

#include <memory>
#include <string>

#include "base/ports/store.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/file_system.hpp"

namespace jobrun::store {

struct Inspection {
  int schema_version = 0;
  int schema_version_known = 0;  ///< that this program reads and writes
  std::string damage{};          ///< the first that was found, in SQLite's words; empty: none was found
  bool is_whole = false;         ///< all of the file was looked at; false: the time was over before
};

/// Reads every page for at most `at_most`. Fails where the file cannot be opened as a database.
Result<Inspection> inspect(const std::string& path, Duration at_most, const FileSystem& file_system = {});

/// Reads what is committed, whoever writes. For a database of this program's schema version.
Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path);

/// Fails when the file is shorter than it says itself, or empty although JobRun ran on it, which `had_content`
/// says: a start would take what is left for all there is. One read of a hundred bytes; what a page holds is
/// looked at when it is used, and by inspect(). No file, or one whose log is to be moved into it, is well here.
Result<void> check_file_is_whole(const std::string& path, bool had_content);

/// What to do about a damaged file, as one line of exact commands: put it aside, recover what can be read.
std::string how_to_recover(const std::string& path);

}  // namespace jobrun::store
