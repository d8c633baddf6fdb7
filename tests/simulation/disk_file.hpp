// One file of the simulated disk: what programs read of it, and what of that a power failure leaves.
//
// A write is read back at once, and durable only when the file has been synced; so is a change of the length.
// Until then the disk may have done any of these changes, in any order, a write even in part: drives reorder,
// and the unit that reaches the medium as a whole is a sector.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ports/random.hpp"

namespace jobrun::simulation {

class DiskFile {
 public:
  DiskFile(std::uint64_t inode, std::string content) : inode_(inode), content_(std::move(content)) {
    durable_ = content_;
  }

  /// Tells this file from every other that this disk has had, whatever their names.
  std::uint64_t inode() const { return inode_; }
  /// What programs read.
  const std::string& content() const { return content_; }

  /// A gap before `offset` is filled with zeros.
  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);

  /// Afterwards everything written so far is durable.
  void sync();
  /// A sync that failed, as Linux fails it: of what was written since the last one a random part is durable, and
  /// no later sync tries the rest again, although it goes on being read until power fails.
  void fail_sync(Random& random);
  /// Only what is durable is left, and of what was written since the last sync a random part.
  void lose_power(Random& random);

 private:
  /// A write of `size` bytes that are kept in `bytes_` from `begin` on; or a new length, `offset`.
  struct Change {
    std::uint64_t offset;
    std::size_t begin;
    std::size_t size;
    bool is_length;
  };

  void make_durable(const Change& change);
  void make_some_sectors_durable(const Change& change, Random& random);
  void make_some_durable(Random& random);
  void forget_changes();

  std::uint64_t inode_;
  std::string content_;
  std::string durable_;
  std::vector<Change> changes_;  ///< since the last sync, in their order
  std::string bytes_;            ///< what they wrote
};

}  // namespace jobrun::simulation
