#include "sqlite/log_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "base/ports/store.hpp"

namespace jobrun::store {
namespace {

constexpr const char* name = "jobrun-gathering";
/// A batch larger than this is written in several pieces.
constexpr std::size_t gathered_most = 1 << 20;
/// SQLite's own VFS takes less than 128 kB at once.
constexpr std::size_t piece_most = 64 << 10;

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  return system;
}

/// A log that is open. The system's own file object lies right behind it, as SQLite allots one block for both.
struct LogFile {
  sqlite3_file file;
  char* gathered;
  std::size_t size;     ///< bytes gathered
  sqlite3_int64 start;  ///< where in the file they belong
};

constexpr std::size_t aligned_size = (sizeof(LogFile) + 15) / 16 * 16;

LogFile* log_of(sqlite3_file* file) {
  return reinterpret_cast<LogFile*>(file);
}
sqlite3_file* system_file(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + aligned_size);
}

/// Writes what is gathered. After a failure it is dropped: SQLite takes the transaction back.
int flush(sqlite3_file* file) {
  LogFile* log = log_of(file);
  if (log->size == 0) return SQLITE_OK;
  sqlite3_file* system = system_file(file);
  int code = SQLITE_OK;
  for (std::size_t done = 0; done < log->size && code == SQLITE_OK; done += piece_most) {
    const std::size_t size = std::min(piece_most, log->size - done);
    code = system->pMethods->xWrite(system, log->gathered + done, static_cast<int>(size),
                                    log->start + static_cast<sqlite3_int64>(done));
  }
  log->size = 0;
  return code;
}

int close_log(sqlite3_file* file) {
  const int flushed = flush(file);
  delete[] log_of(file)->gathered;
  sqlite3_file* system = system_file(file);
  const int closed = system->pMethods->xClose(system);
  return flushed == SQLITE_OK ? closed : flushed;
}

int write_log(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  LogFile* log = log_of(file);
  const auto size = static_cast<std::size_t>(amount);
  const bool is_next = log->start + static_cast<sqlite3_int64>(log->size) == offset;
  if (log->size != 0 && (!is_next || log->size + size > gathered_most)) {
    if (const int code = flush(file); code != SQLITE_OK) return code;
  }
  if (size > gathered_most) return system_file(file)->pMethods->xWrite(system_file(file), bytes, amount, offset);
  if (log->size == 0) log->start = offset;
  std::memcpy(log->gathered + log->size, bytes, size);
  log->size += size;
  return SQLITE_OK;
}

int read_log(sqlite3_file* file, void* bytes, int amount, sqlite3_int64 offset) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return system_file(file)->pMethods->xRead(system_file(file), bytes, amount, offset);
}

int truncate_log(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return system_file(file)->pMethods->xTruncate(system_file(file), size);
}

int sync_log(sqlite3_file* file, int flags) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return system_file(file)->pMethods->xSync(system_file(file), flags);
}

int size_of_log(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return system_file(file)->pMethods->xFileSize(system_file(file), size);
}

int lock_log(sqlite3_file* file, int level) {
  return system_file(file)->pMethods->xLock(system_file(file), level);
}
int unlock_log(sqlite3_file* file, int level) {
  return system_file(file)->pMethods->xUnlock(system_file(file), level);
}
int check_lock_of_log(sqlite3_file* file, int* result) {
  return system_file(file)->pMethods->xCheckReservedLock(system_file(file), result);
}
int control_log(sqlite3_file* file, int operation, void* argument) {
  return system_file(file)->pMethods->xFileControl(system_file(file), operation, argument);
}
int sector_size_of_log(sqlite3_file* file) {
  return system_file(file)->pMethods->xSectorSize(system_file(file));
}
int characteristics_of_log(sqlite3_file* file) {
  return system_file(file)->pMethods->xDeviceCharacteristics(system_file(file));
}

sqlite3_io_methods methods_of_log() {
  sqlite3_io_methods methods{};
  methods.iVersion = 1;
  methods.xClose = close_log;
  methods.xRead = read_log;
  methods.xWrite = write_log;
  methods.xTruncate = truncate_log;
  methods.xSync = sync_log;
  methods.xFileSize = size_of_log;
  methods.xLock = lock_log;
  methods.xUnlock = unlock_log;
  methods.xCheckReservedLock = check_lock_of_log;
  methods.xFileControl = control_log;
  methods.xSectorSize = sector_size_of_log;
  methods.xDeviceCharacteristics = characteristics_of_log;
  return methods;
}

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* system = system_vfs();
  // All but logs are the system's own files, unwrapped.
  if ((flags & SQLITE_OPEN_WAL) == 0) return system->xOpen(system, path, file, flags, flags_out);
  static const sqlite3_io_methods methods = methods_of_log();
  std::unique_ptr<char[]> gathered(new (std::nothrow) char[gathered_most]);
  file->pMethods = nullptr;
  if (!gathered) return SQLITE_NOMEM;
  const int code = system->xOpen(system, path, system_file(file), flags, flags_out);
  if (code != SQLITE_OK) {
    // The system's file may need closing even so; SQLite only asks for that through our methods.
    if (system_file(file)->pMethods != nullptr) system_file(file)->pMethods->xClose(system_file(file));
    return code;
  }
  *log_of(file) = LogFile{.file = {.pMethods = &methods}, .gathered = gathered.release(), .size = 0, .start = 0};
  return SQLITE_OK;
}

}  // namespace

const char* gathering_vfs() {
  static const int registered = [] {
    sqlite3_initialize();
    static sqlite3_vfs vfs = *system_vfs();
    vfs.pNext = nullptr;
    vfs.zName = name;
    vfs.szOsFile = static_cast<int>(aligned_size) + system_vfs()->szOsFile;
    vfs.xOpen = open_file;
    return sqlite3_vfs_register(&vfs, 0);
  }();
  if (registered != SQLITE_OK) throw StoreFailure("SQLite does not accept the gathering VFS");
  return name;
}

}  // namespace jobrun::store
