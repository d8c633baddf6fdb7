#include "disk_file.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::simulation {
namespace {

constexpr std::uint64_t sector_bytes = 512;

void write_into(std::string& content, std::uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  bytes.copy(content.data() + offset, bytes.size());
}

}  // namespace

void DiskFile::write(std::uint64_t offset, std::string_view bytes) {
  write_into(content_, offset, bytes);
  changes_.push_back({.offset = offset, .begin = bytes_.size(), .size = bytes.size(), .is_length = false});
  bytes_ += bytes;
}

void DiskFile::truncate(std::uint64_t size) {
  content_.resize(size);
  changes_.push_back({.offset = size, .begin = bytes_.size(), .size = 0, .is_length = true});
}

void DiskFile::sync() {
  for (const Change& change : changes_) make_durable(change);
  forget_changes();
}

void DiskFile::fail_sync(Random& random) {
  make_some_durable(random);
}

void DiskFile::lose_power(Random& random) {
  make_some_durable(random);
  content_ = durable_;
}

void DiskFile::make_durable(const Change& change) {
  if (change.is_length) {
    durable_.resize(change.offset);
  } else {
    write_into(durable_, change.offset, std::string_view(bytes_).substr(change.begin, change.size));
  }
}

void DiskFile::make_some_sectors_durable(const Change& change, Random& random) {
  const std::uint64_t end = change.offset + change.size;
  for (std::uint64_t at = change.offset; at < end;) {
    const std::uint64_t next = std::min(end, (at / sector_bytes + 1) * sector_bytes);
    if (random.below(2) == 0) {
      const std::size_t begin = change.begin + (at - change.offset);
      write_into(durable_, at, std::string_view(bytes_).substr(begin, next - at));
    }
    at = next;
  }
}

/// Each change alone would, among many of them, hardly ever give all, none or the first few: these are cases of
/// their own.
void DiskFile::make_some_durable(Random& random) {
  if (changes_.empty()) return;
  enum class Extent { none, all, first, any };
  const auto extent = static_cast<Extent>(random.below(4));
  const std::size_t first = extent == Extent::all     ? changes_.size()
                            : extent == Extent::first ? random.below(changes_.size())
                                                      : 0;
  for (std::size_t n = 0; n < first; ++n) make_durable(changes_[n]);
  // What was under way when power failed may have got through in part.
  if (extent == Extent::first) make_some_sectors_durable(changes_[first], random);
  for (std::size_t n = 0; extent == Extent::any && n < changes_.size(); ++n) {
    const std::uint64_t fate = random.below(3);
    if (fate == 0) make_durable(changes_[n]);
    if (fate == 1) make_some_sectors_durable(changes_[n], random);
  }
  forget_changes();
}

void DiskFile::forget_changes() {
  changes_.clear();
  bytes_.clear();
}

}  // namespace jobrun::simulation
