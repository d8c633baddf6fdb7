// The files of the spool, as a port: a simulation keeps them on a disk of its own that fails, fills up and loses
// power at chosen moments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jobrun::store {

/// Files in one folder, by their names in it. One thread at a time.
class SpoolFiles {
 public:
  virtual ~SpoolFiles() = default;
  virtual Result<std::vector<std::string>> names() = 0;
  /// `not_found`: there is no such file.
  virtual Result<std::string> read(const std::string& name) = 0;
  /// Makes an empty file whose name is durable, with room set aside for `room` bytes where the disk can do that.
  virtual Result<void> create(const std::string& name, std::int64_t room) = 0;
  /// After an error a part of the bytes may be in the file.
  virtual Result<void> append(const std::string& name, std::string_view bytes) = 0;
  /// What was appended is durable. After an error it never will be for sure: begin another file.
  virtual Result<void> sync(const std::string& name) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& name) = 0;
};

/// The operating system's, in `folder`, which is made if need be. Fails with what to do when nothing can be
/// written there.
Result<std::unique_ptr<SpoolFiles>> open_spool_folder(const std::string& folder);

/// How many bytes are free where that folder is, or would be made. Fails when nothing can be written there, saying
/// the same. Changes nothing.
Result<std::int64_t> room_of_spool_folder(const std::string& folder);

/// The files of a folder that is there; whatever is wrong with it is told by each function.
std::unique_ptr<SpoolFiles> open_folder(const std::string& folder);

}  // namespace jobrun::store
