#include "disk.hpp"

#include <sqlite3.h>

#include <limits>
#include <stdexcept>

#include "disk_vfs.hpp"

namespace jobrun::simulation {
namespace {

/// SQLite's own generator, which every connection of the process shares and which makes the salts of logs. Zero:
/// seeded by the system again.
void seed_sqlite(int seed) {
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, seed, static_cast<sqlite3*>(nullptr));
}

void add_to_hash(std::uint64_t& hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
}

}  // namespace

Disk::Disk(Random& random) : random_(random), process_(std::make_shared<DiskProcess>(DiskProcess{.disk = this})) {
  point_sqlite_at(this);
  seed_sqlite(static_cast<int>(1 + random_.below(std::numeric_limits<int>::max())));
}

Disk::~Disk() {
  process_ends();
  point_sqlite_at(nullptr);
  seed_sqlite(0);
}

store::FileSystem Disk::file_system() {
  return {.vfs = disk_vfs_name(), .identity_of = identity_on_disk};
}

void Disk::process_ends() {
  process_->disk = nullptr;
}

void Disk::power_fails() {
  process_ends();
  for (const auto& [path, file] : files_) file->lose_power(random_);
}

void Disk::process_starts() {
  if (process_->disk != nullptr) throw std::logic_error("a process runs on the simulated disk");
  if (process_->handles != 0) throw std::logic_error("the dead process has files open on the simulated disk");
  process_ = std::make_shared<DiskProcess>(DiskProcess{.disk = this});
}

void Disk::rename(std::string_view from, const std::string& to) {
  const auto found = files_.find(from);
  if (found == files_.end() || from == to) return;
  files_.insert_or_assign(to, std::move(found->second));
  files_.erase(found);
}

void Disk::remove(std::string_view path) {
  if (const auto found = files_.find(path); found != files_.end()) files_.erase(found);
}

Disk::Image Disk::image() const {
  Image image;
  for (const auto& [path, file] : files_) image.emplace(path, file->content());
  return image;
}

void Disk::install(const Image& image) {
  if (process_->handles != 0) throw std::logic_error("files are open on the simulated disk");
  files_.clear();
  for (const auto& [path, content] : image) {
    files_.emplace(path, std::make_shared<DiskFile>(++last_inode_, content));
  }
  ++syncs_;
}

std::uint64_t Disk::digest() const {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const auto& [path, file] : files_) {
    add_to_hash(hash, path);
    // A length between two texts, or a byte could move from one to the other unseen.
    add_to_hash(hash, "\n" + std::to_string(file->content().size()) + "\n");
    add_to_hash(hash, file->content());
  }
  return hash;
}

std::shared_ptr<DiskFile> Disk::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<DiskFile> Disk::make(const std::string& path) {
  return files_.insert_or_assign(path, std::make_shared<DiskFile>(++last_inode_, std::string())).first->second;
}

}  // namespace jobrun::simulation
