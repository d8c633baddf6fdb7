// The spool's files in the operating system.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "store/file_descriptor.hpp"
#include "store/spool_files.hpp"

namespace jobrun::store {
namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;

class SpoolFolder final : public SpoolFiles {
 public:
  SpoolFolder(std::string path, FileDescriptor folder) : path_(std::move(path)), folder_(std::move(folder)) {}

  Result<std::vector<std::string>> names() override {
    DIR* listing = opendir(path_.c_str());
    if (listing == nullptr) return failed("list", "");
    std::vector<std::string> names;
    while (const dirent* entry = readdir(listing)) names.emplace_back(entry->d_name);
    closedir(listing);
    return names;
  }

  Result<std::string> read(const std::string& name) override {
    const FileDescriptor file(openat(folder_.number(), name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
      return failed("open", name, errno == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable);
    }
    std::string bytes;
    std::string piece(64 << 10, '\0');
    for (;;) {
      const ssize_t got = ::read(file.number(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("read", name);
      if (got == 0) return bytes;
      bytes.append(piece, 0, static_cast<std::size_t>(got));
    }
  }

  Result<void> create(const std::string& name, std::int64_t room) override {
    // Somebody may have made the folder anew.
    if (FileDescriptor at_path(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); at_path.is_open()) {
      folder_ = std::move(at_path);
    }
    FileDescriptor file(
        openat(folder_.number(), name.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
    if (!file.is_open()) return failed("create", name);
    // So that a disk that fills up later leaves room for these. Not every file system can.
    if (room > 0) static_cast<void>(fallocate(file.number(), FALLOC_FL_KEEP_SIZE, 0, room));
    appending_ = std::move(file);
    appending_to_ = name;
    return sync_folder();
  }

  Result<void> append(const std::string& name, std::string_view bytes) override {
    if (name != appending_to_) return failure(ErrorKind::internal, "only the newest file is appended to");
    while (!bytes.empty()) {
      const ssize_t written = ::write(appending_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("write", name);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> sync(const std::string& name) override {
    if (fdatasync(appending_.number()) != 0) return failed("sync", name);
    struct stat there{};
    struct stat ours{};
    const bool is_there = stat((path_ + "/" + name).c_str(), &there) == 0;
    if (!is_there || fstat(appending_.number(), &ours) != 0 || there.st_dev != ours.st_dev ||
        there.st_ino != ours.st_ino) {
      return failure(
          ErrorKind::unavailable,
          "the file " + path_ + "/" + name + " was removed or replaced while JobRun runs; put the folder back");
    }
    return {};
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (renameat(folder_.number(), from.c_str(), folder_.number(), to.c_str()) != 0) {
      return failed("rename", from);
    }
    if (appending_to_ == from) appending_to_ = to;
    return sync_folder();
  }

  Result<void> remove(const std::string& name) override {
    if (unlinkat(folder_.number(), name.c_str(), 0) != 0) return failed("remove", name);
    return sync_folder();
  }

 private:
  std::unexpected<Error> failed(const char* what, const std::string& name,
                                ErrorKind kind = ErrorKind::unavailable) const {
    const std::string because = std::error_code(errno, std::generic_category()).message();
    return failure(
        kind, "cannot " + std::string(what) + " " + path_ + (name.empty() ? "" : "/" + name) + ": " + because);
  }

  Result<void> sync_folder() {
    if (fsync(folder_.number()) != 0) return failed("sync", "");
    return {};
  }

  std::string path_;
  FileDescriptor folder_;
  FileDescriptor appending_;
  std::string appending_to_;
};

std::unexpected<Error> unusable_folder(const std::string& folder) {
  return failure(ErrorKind::unavailable,
                 "nothing can be written to the spool folder " + folder + ": " +
                     std::error_code(errno, std::generic_category()).message() +
                     "; calls that come while the database is down would be lost, so give the service a folder "
                     "of its own there, or name another one with JOBRUN_SPOOL_DIR");
}

/// By a file without a name, which is gone when it is closed. Not every file system has such files; for the others
/// the permissions have to do.
bool can_be_written(const std::string& folder) {
  const FileDescriptor trial(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, file_mode));
  if (trial.is_open()) return true;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return false;
  return faccessat(AT_FDCWD, folder.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0;
}

/// The folder itself, or where it would be made.
std::string written_first(const std::string& folder) {
  struct stat there{};
  if (lstat(folder.c_str(), &there) == 0 || errno != ENOENT) return folder;
  std::filesystem::path above(folder);
  if (!above.has_filename()) above = above.parent_path();
  above = above.parent_path();
  return above.empty() ? "." : above.string();
}

}  // namespace

Result<std::unique_ptr<SpoolFiles>> open_spool_folder(const std::string& folder) {
  const auto unusable = [&folder] { return unusable_folder(folder); };
  static_cast<void>(mkdir(folder.c_str(), folder_mode));  // what is wrong with it is told when it is opened
  FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return unusable();
  // What another process's death left of this is in nobody's way.
  constexpr const char* trial = "trial";
  const FileDescriptor written(
      openat(opened.number(), trial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file_mode));
  if (!written.is_open() || fsync(written.number()) != 0) return unusable();
  if (unlinkat(opened.number(), trial, 0) != 0) return unusable();
  return std::make_unique<SpoolFolder>(folder, std::move(opened));
}

Result<std::int64_t> room_of_spool_folder(const std::string& folder) {
  const std::string written = written_first(folder);
  struct statvfs disk{};
  if (!can_be_written(written) || statvfs(written.c_str(), &disk) != 0) return unusable_folder(folder);
  return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
}

std::unique_ptr<SpoolFiles> open_folder(const std::string& folder) {
  FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return std::make_unique<SpoolFolder>(folder, std::move(opened));
}

}  // namespace jobrun::store
