#include "disk_locks.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace jobrun::simulation {
namespace {

/// SQLite has no public name for the level of a holder that waits for the readers to leave.
constexpr int pending = SQLITE_LOCK_PENDING;

std::uint32_t bits_of(int first, int count) {
  return ((1U << static_cast<unsigned>(count)) - 1U) << static_cast<unsigned>(first);
}

}  // namespace

bool FileLocks::raise(const void* holder, int level) {
  auto own = std::ranges::find(held_, holder, &Held::holder);
  if (own == held_.end()) own = held_.insert(own, Held{holder, SQLITE_LOCK_NONE});
  if (own->level >= level) return true;
  int others = SQLITE_LOCK_NONE;
  for (const Held& held : held_) {
    if (held.holder != holder) others = std::max(others, held.level);
  }
  if (level == SQLITE_LOCK_SHARED && others >= pending) return false;
  if (level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return false;
  if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
    own->level = pending;
    return false;
  }
  own->level = level;
  return true;
}

void FileLocks::lower(const void* holder, int level) {
  const auto own = std::ranges::find(held_, holder, &Held::holder);
  if (own == held_.end()) return;
  own->level = std::min(own->level, level);
  if (own->level == SQLITE_LOCK_NONE) held_.erase(own);
}

bool FileLocks::is_reserved() const {
  return std::ranges::any_of(held_, [](const Held& held) { return held.level >= SQLITE_LOCK_RESERVED; });
}

SharedMemory::User& SharedMemory::join(const void* user) {
  const auto own = std::ranges::find(users_, user, &User::user);
  if (own != users_.end()) return *own;
  return users_.emplace_back(User{.user = user, .shared = 0, .exclusive = 0});
}

char* SharedMemory::region(const void* user, std::size_t number, std::size_t bytes, bool may_make) {
  join(user);
  if (number >= regions_.size() && !may_make) return nullptr;
  while (regions_.size() <= number) regions_.push_back(std::make_unique<char[]>(bytes));
  return regions_[number].get();
}

bool SharedMemory::lock(const void* user, int first, int count, bool is_exclusive) {
  const std::uint32_t wanted = bits_of(first, count);
  for (const User& other : users_) {
    if (other.user == user) continue;
    const std::uint32_t taken = is_exclusive ? other.exclusive | other.shared : other.exclusive;
    if ((taken & wanted) != 0) return false;
  }
  User& own = join(user);
  (is_exclusive ? own.exclusive : own.shared) |= wanted;
  return true;
}

void SharedMemory::unlock(const void* user, int first, int count) {
  User& own = join(user);
  own.shared &= ~bits_of(first, count);
  own.exclusive &= ~bits_of(first, count);
}

void SharedMemory::leave(const void* user) {
  std::erase_if(users_, [&](const User& one) { return one.user == user; });
  if (users_.empty()) regions_.clear();
}

}  // namespace jobrun::simulation
