#include "disk_vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace jobrun::simulation {
namespace {

Disk* current = nullptr;

/// Time stands still at 2026-01-01T12:00Z, in milliseconds since noon of the first Julian day: no statement of
/// ours asks SQLite for it.
constexpr sqlite3_int64 julian_now_ms = 212'634'028'800'000;

/// One open file. Dead as soon as its process is.
struct Handle {
  Disk* disk() const { return process->disk; }
  DiskProcess::OpenFile& shared() const { return process->open_files[file->inode()]; }

  std::shared_ptr<DiskProcess> process;
  std::shared_ptr<DiskFile> file;
  std::string path;
};

/// What SQLite allots for a file: its own part first.
struct OpenedFile {
  sqlite3_file file;
  Handle* handle;
};
static_assert(std::is_standard_layout_v<OpenedFile>, "SQLite hands back a pointer to the first member");

Handle& handle_of(sqlite3_file* file) {
  return *reinterpret_cast<OpenedFile*>(file)->handle;
}

}  // namespace

/// The functions that SQLite calls, in the order of its structures.
struct DiskCalls {
  /// What becomes of an operation. Empty when the process is dead, or dies over the question: then nothing
  /// happens but an error.
  static std::optional<DiskFate> fate_of(const DiskProcess& process, DiskOperation operation,
                                         std::string_view path) {
    if (process.disk == nullptr) return std::nullopt;
    if (!process.disk->judge) return DiskFate::done;
    const DiskFate fate = process.disk->judge(operation, path);
    if (process.disk == nullptr) return std::nullopt;
    return fate;
  }
  static bool is_done(std::optional<DiskFate> fate) {
    return fate == DiskFate::done || fate == DiskFate::done_but_says_failed;
  }
  static int code(std::optional<DiskFate> fate, int failed) { return fate == DiskFate::done ? SQLITE_OK : failed; }

  // --- a file ------------------------------------------------------------------------------------------

  static int close(sqlite3_file* file) {
    Handle* handle = &handle_of(file);
    handle->shared().locks.lower(handle, SQLITE_LOCK_NONE);
    handle->shared().memory.leave(handle);
    --handle->process->handles;
    delete handle;
    file->pMethods = nullptr;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    const std::optional<DiskFate> fate = fate_of(*handle.process, DiskOperation::read, handle.path);
    if (fate != DiskFate::done && fate != DiskFate::full) return SQLITE_IOERR_READ;
    const auto wanted = static_cast<std::size_t>(amount);
    const auto start = static_cast<std::size_t>(offset);
    const std::string& content = handle.file->content();
    const std::size_t got = start < content.size() ? content.copy(static_cast<char*>(into), wanted, start) : 0;
    if (got == wanted) return SQLITE_OK;
    // SQLite asks for the rest as zeros.
    std::memset(static_cast<char*>(into) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    const std::optional<DiskFate> fate = fate_of(*handle.process, DiskOperation::write, handle.path);
    std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
    if (fate == DiskFate::full) bytes = bytes.substr(0, handle.disk()->random_.below(bytes.size() + 1));
    if (is_done(fate) || fate == DiskFate::full) handle.file->write(static_cast<std::uint64_t>(offset), bytes);
    return code(fate, fate == DiskFate::full ? SQLITE_FULL : SQLITE_IOERR_WRITE);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = handle_of(file);
    const std::optional<DiskFate> fate = fate_of(*handle.process, DiskOperation::truncate, handle.path);
    if (is_done(fate)) handle.file->truncate(static_cast<std::uint64_t>(size));
    return code(fate, SQLITE_IOERR_TRUNCATE);
  }

  static int sync(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    const std::optional<DiskFate> fate = fate_of(*handle.process, DiskOperation::sync, handle.path);
    if (!fate) return SQLITE_IOERR_FSYNC;
    if (is_done(fate)) {
      handle.file->sync();
    } else {
      handle.file->fail_sync(handle.disk()->random_);
    }
    ++handle.disk()->syncs_;
    return code(fate, SQLITE_IOERR_FSYNC);
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const Handle& handle = handle_of(file);
    if (handle.disk() == nullptr) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(handle.file->content().size());
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    if (handle.disk() == nullptr) return SQLITE_IOERR_LOCK;
    return handle.shared().locks.raise(&handle, level) ? SQLITE_OK : SQLITE_BUSY;
  }
  static int unlock(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    handle.shared().locks.lower(&handle, level);
    return SQLITE_OK;
  }
  static int check_reserved_lock(sqlite3_file* file, int* is_reserved) {
    Handle& handle = handle_of(file);
    if (handle.disk() == nullptr) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *is_reserved = handle.shared().locks.is_reserved() ? 1 : 0;
    return SQLITE_OK;
  }

  /// SQLite asks about files that were moved before it cleans up behind the last connection.
  static int control(sqlite3_file* file, int operation, void* argument) {
    const Handle& handle = handle_of(file);
    if (handle.disk() == nullptr) return SQLITE_IOERR;
    if (operation != SQLITE_FCNTL_HAS_MOVED) return SQLITE_NOTFOUND;
    *static_cast<int*>(argument) = handle.disk()->find(handle.path) == handle.file ? 0 : 1;
    return SQLITE_OK;
  }

  /// Both as SQLite's own VFS answers on Linux: a write leaves the bytes beside it alone.
  static int sector_size(sqlite3_file*) { return 4'096; }
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int map_memory(sqlite3_file* file, int number, int bytes, int may_make, void volatile** region) {
    Handle& handle = handle_of(file);
    *region = nullptr;
    if (handle.disk() == nullptr) return SQLITE_IOERR_SHMMAP;
    *region = handle.shared().memory.region(&handle, static_cast<std::size_t>(number),
                                            static_cast<std::size_t>(bytes), may_make != 0);
    return SQLITE_OK;
  }
  static int lock_memory(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = handle_of(file);
    SharedMemory& memory = handle.shared().memory;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      memory.unlock(&handle, first, count);
      return SQLITE_OK;
    }
    if (handle.disk() == nullptr) return SQLITE_IOERR_SHMLOCK;
    return memory.lock(&handle, first, count, (flags & SQLITE_SHM_EXCLUSIVE) != 0) ? SQLITE_OK : SQLITE_BUSY;
  }
  static void memory_barrier(sqlite3_file*) {}
  static int unmap_memory(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    handle.shared().memory.leave(&handle);
    return SQLITE_OK;
  }

  static sqlite3_io_methods file_methods() {
    return {.iVersion = 2,
            .xClose = close,
            .xRead = read,
            .xWrite = write,
            .xTruncate = truncate,
            .xSync = sync,
            .xFileSize = file_size,
            .xLock = lock,
            .xUnlock = unlock,
            .xCheckReservedLock = check_reserved_lock,
            .xFileControl = control,
            .xSectorSize = sector_size,
            .xDeviceCharacteristics = characteristics,
            .xShmMap = map_memory,
            .xShmLock = lock_memory,
            .xShmBarrier = memory_barrier,
            .xShmUnmap = unmap_memory,
            .xFetch = nullptr,
            .xUnfetch = nullptr};
  }

  // --- names -------------------------------------------------------------------------------------------

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* opened, int flags, int* flags_out) {
    static const sqlite3_io_methods methods = file_methods();
    opened->pMethods = nullptr;
    if (current == nullptr || name == nullptr) return SQLITE_CANTOPEN;
    const std::string path = name;
    const std::shared_ptr<DiskProcess> process = current->process_;
    const std::optional<DiskFate> fate = fate_of(*process, DiskOperation::open, path);
    if (!is_done(fate)) return SQLITE_CANTOPEN;
    std::shared_ptr<DiskFile> file = process->disk->find(path);
    if (!file && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (!file) file = process->disk->make(path);
    if (fate != DiskFate::done) return SQLITE_CANTOPEN;
    auto* handle = new Handle{.process = process, .file = std::move(file), .path = path};
    *reinterpret_cast<OpenedFile*>(opened) = {.file = {.pMethods = &methods}, .handle = handle};
    ++process->handles;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs*, const char* name, int) {
    if (current == nullptr) return SQLITE_IOERR_DELETE;
    const std::string path = name;
    const std::shared_ptr<DiskProcess> process = current->process_;
    const std::optional<DiskFate> fate = fate_of(*process, DiskOperation::remove, path);
    if (!is_done(fate)) return SQLITE_IOERR_DELETE;
    if (!process->disk->find(path)) return SQLITE_IOERR_DELETE_NOENT;
    process->disk->remove(path);
    return code(fate, SQLITE_IOERR_DELETE);
  }

  /// As SQLite's own VFS does, an empty file counts as none.
  static int access(sqlite3_vfs*, const char* name, int, int* is_there) {
    *is_there = 0;
    if (current == nullptr || current->process_->disk == nullptr) return SQLITE_IOERR_ACCESS;
    const std::shared_ptr<DiskFile> file = current->find(name);
    *is_there = file && !file->content().empty() ? 1 : 0;
    return SQLITE_OK;
  }

  /// Names are what they are given as: there is no directory to be in.
  static int full_name(sqlite3_vfs*, const char* name, int bytes, char* into) {
    const std::string_view path(name);
    if (path.size() >= static_cast<std::size_t>(bytes)) return SQLITE_CANTOPEN;
    path.copy(into, path.size());
    into[path.size()] = '\0';
    return SQLITE_OK;
  }

  // --- what else SQLite asks a system for ----------------------------------------------------------------

  static int fill_at_random(sqlite3_vfs*, int bytes, char* into) {
    for (int n = 0; n < bytes; ++n)
      into[n] = current == nullptr ? '\0' : static_cast<char>(current->random_.below(256));
    return bytes;
  }
  /// Waiting changes nothing on one thread. Who waits counts what was slept, and gives up.
  static int wait(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int now(sqlite3_vfs*, double* julian_day) {
    *julian_day = static_cast<double>(julian_now_ms) / 86'400'000.0;
    return SQLITE_OK;
  }
  static int now_in_ms(sqlite3_vfs*, sqlite3_int64* julian_ms) {
    *julian_ms = julian_now_ms;
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static std::optional<store::FileIdentity> identity_of(const std::string& path) {
    if (current == nullptr || current->process_->disk == nullptr) return std::nullopt;
    const std::shared_ptr<DiskFile> file = current->find(path);
    if (!file) return std::nullopt;
    return store::FileIdentity{.device = 0, .inode = file->inode()};
  }

  static sqlite3_vfs vfs() {
    sqlite3_vfs vfs{};
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(OpenedFile);
    vfs.mxPathname = 512;
    vfs.zName = disk_vfs_name();
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_name;
    vfs.xRandomness = fill_at_random;
    vfs.xSleep = wait;
    vfs.xCurrentTime = now;
    vfs.xGetLastError = last_error;
    vfs.xCurrentTimeInt64 = now_in_ms;
    return vfs;
  }
};

void point_sqlite_at(Disk* disk) {
  if (disk != nullptr && current != nullptr) throw std::logic_error("there is a simulated disk already");
  static const int registered = [] {
    static sqlite3_vfs vfs = DiskCalls::vfs();
    return sqlite3_vfs_register(&vfs, 0);
  }();
  if (registered != SQLITE_OK) throw std::logic_error("SQLite does not accept the simulated disk");
  current = disk;
}

const char* disk_vfs_name() {
  return "jobrun-simulated-disk";
}

std::optional<store::FileIdentity> identity_on_disk(const std::string& path) {
  return DiskCalls::identity_of(path);
}

}  // namespace jobrun::simulation
