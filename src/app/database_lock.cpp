#include "database_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "store/inspection.hpp"

namespace jobrun::app {
namespace {

constexpr std::chrono::milliseconds between_tries{20};

std::string holder_of(const std::filesystem::path& lock_file) {
  constexpr std::size_t shown_max = 100;
  const store::FileDescriptor file(open(lock_file.c_str(), O_RDONLY | O_CLOEXEC));
  char text[shown_max] = {};
  const ssize_t length = file.is_open() ? read(file.number(), text, sizeof text) : 0;
  std::string holder;
  for (ssize_t at = 0; at < length && text[at] >= 0x20 && text[at] < 0x7F; ++at) holder += text[at];
  return holder.empty() ? "another process" : holder;
}

std::unexpected<Error> unusable(const std::filesystem::path& lock_file) {
  return failure(ErrorKind::unavailable, "cannot lock " + lock_file.string() + ": " + std::strerror(errno) +
                                             ". The directory must be writable by the user who runs this");
}

/// True when the path still names the file that was locked: somebody may have removed it meanwhile.
bool is_still_at(const std::filesystem::path& path, const store::FileDescriptor& file) {
  struct stat ours{};
  struct stat there{};
  return fstat(file.number(), &ours) == 0 && stat(path.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
         ours.st_dev == there.st_dev;
}

void write_holder(const store::FileDescriptor& file, std::string_view holder) {
  const std::string text = std::string(holder) + " (process " + std::to_string(getpid()) + ")\n";
  // Only for messages: a disk too full for it must not keep anybody out.
  const bool is_written = ftruncate(file.number(), 0) == 0 &&
                          pwrite(file.number(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  (void)is_written;
}

}  // namespace

Result<DatabasePlace> place_of_database(const std::filesystem::path& database) {
  std::error_code failed;
  const std::filesystem::path absolute = std::filesystem::absolute(database, failed);
  if (failed || !std::filesystem::is_directory(absolute.parent_path(), failed)) {
    return failure(ErrorKind::unavailable,
                   "the directory of the database " + absolute.string() +
                       " does not exist: create it, or set JOBRUN_DATABASE_URL to another, "
                       "for example sqlite:///var/lib/jobrun/jobrun.db");
  }
  std::filesystem::path resolved = std::filesystem::weakly_canonical(absolute, failed);
  if (failed) resolved = absolute;
  return DatabasePlace{.database = resolved,
                       .lock_file = resolved.string() + ".lock",
                       .admin_socket = resolved.string() + ".admin.sock",
                       .directory_snapshot = resolved.string() + ".directory",
                       .guard = resolved.string() + ".guard",
                       .spool = resolved.string() + ".spool"};
}

Result<void> check_database_not_lost(const DatabasePlace& place) {
  std::error_code failed;
  const bool has_run = std::filesystem::exists(place.directory_snapshot, failed);
  if (std::filesystem::exists(place.database, failed)) {
    return store::check_file_is_whole(place.database.string(), has_run);
  }
  if (!has_run) return {};
  return failure(ErrorKind::conflict, "the database " + place.database.string() +
                                          " is gone, although JobRun ran on it (" +
                                          place.directory_snapshot.string() +
                                          " says so); put it back, or begin anew with `jobrun migrate`");
}

Result<DatabaseLock> DatabaseLock::acquire(const DatabasePlace& place, std::string_view holder, Duration wait) {
  return acquire(place.lock_file, "the database " + place.database.string(), holder, wait);
}

Result<DatabaseLock> DatabaseLock::acquire(const std::filesystem::path& lock_file, const std::string& what,
                                           std::string_view holder, Duration wait) {
  const auto give_up_at = std::chrono::steady_clock::now() + wait;
  constexpr mode_t owner_only = 0600;
  while (true) {
    store::FileDescriptor file(open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only));
    if (!file.is_open()) return unusable(lock_file);
    if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
      if (!is_still_at(lock_file, file)) continue;
      write_holder(file, holder);
      return DatabaseLock(std::move(file));
    }
    if (errno != EWOULDBLOCK && errno != EINTR) return unusable(lock_file);
    if (std::chrono::steady_clock::now() >= give_up_at) break;
    std::this_thread::sleep_for(between_tries);
  }
  return failure(ErrorKind::conflict, what + " is in use by " + holder_of(lock_file));
}

}  // namespace jobrun::app
