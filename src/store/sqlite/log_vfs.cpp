#include "sqlite/log_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>

#include "base/ports/store.hpp"

namespace jobrun::store {
namespace {

/// A batch larger than this is written in several pieces.
constexpr std::size_t gathered_most = 1 << 20;
/// SQLite's own VFS takes less than 128 kB at once.
constexpr std::size_t piece_most = 64 << 10;

/// The VFS that SQLite knows, first, and what it gathers above. What is not overridden runs with the base's own
/// data, as if the base had been called.
struct GatheringVfs {
  explicit GatheringVfs(sqlite3_vfs& wrapped);
  sqlite3_vfs vfs;
  sqlite3_vfs* base;
  std::string name;
};
static_assert(std::is_standard_layout_v<GatheringVfs>, "SQLite hands back a pointer to its first member");

/// A log that is open. The base's file object lies right behind it, as SQLite allots one block for both.
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
sqlite3_file* base_file(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + aligned_size);
}

/// Writes what is gathered. After a failure it is dropped: SQLite takes the transaction back.
int flush(sqlite3_file* file) {
  LogFile* log = log_of(file);
  if (log->size == 0) return SQLITE_OK;
  sqlite3_file* base = base_file(file);
  int code = SQLITE_OK;
  for (std::size_t done = 0; done < log->size && code == SQLITE_OK; done += piece_most) {
    const std::size_t size = std::min(piece_most, log->size - done);
    code = base->pMethods->xWrite(base, log->gathered + done, static_cast<int>(size),
                                  log->start + static_cast<sqlite3_int64>(done));
  }
  log->size = 0;
  return code;
}

int close_log(sqlite3_file* file) {
  const int flushed = flush(file);
  delete[] log_of(file)->gathered;
  sqlite3_file* base = base_file(file);
  const int closed = base->pMethods->xClose(base);
  return flushed == SQLITE_OK ? closed : flushed;
}

int write_log(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  LogFile* log = log_of(file);
  const auto size = static_cast<std::size_t>(amount);
  const bool is_next = log->start + static_cast<sqlite3_int64>(log->size) == offset;
  if (log->size != 0 && (!is_next || log->size + size > gathered_most)) {
    if (const int code = flush(file); code != SQLITE_OK) return code;
  }
  if (size > gathered_most) return base_file(file)->pMethods->xWrite(base_file(file), bytes, amount, offset);
  if (log->size == 0) log->start = offset;
  std::memcpy(log->gathered + log->size, bytes, size);
  log->size += size;
  return SQLITE_OK;
}

int read_log(sqlite3_file* file, void* bytes, int amount, sqlite3_int64 offset) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return base_file(file)->pMethods->xRead(base_file(file), bytes, amount, offset);
}

int truncate_log(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return base_file(file)->pMethods->xTruncate(base_file(file), size);
}

int sync_log(sqlite3_file* file, int flags) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return base_file(file)->pMethods->xSync(base_file(file), flags);
}

int size_of_log(sqlite3_file* file, sqlite3_int64* size) {
  if (const int code = flush(file); code != SQLITE_OK) return code;
  return base_file(file)->pMethods->xFileSize(base_file(file), size);
}

int lock_log(sqlite3_file* file, int level) {
  return base_file(file)->pMethods->xLock(base_file(file), level);
}
int unlock_log(sqlite3_file* file, int level) {
  return base_file(file)->pMethods->xUnlock(base_file(file), level);
}
int check_lock_of_log(sqlite3_file* file, int* result) {
  return base_file(file)->pMethods->xCheckReservedLock(base_file(file), result);
}
int control_log(sqlite3_file* file, int operation, void* argument) {
  return base_file(file)->pMethods->xFileControl(base_file(file), operation, argument);
}
int sector_size_of_log(sqlite3_file* file) {
  return base_file(file)->pMethods->xSectorSize(base_file(file));
}
int characteristics_of_log(sqlite3_file* file) {
  return base_file(file)->pMethods->xDeviceCharacteristics(base_file(file));
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

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* base = reinterpret_cast<GatheringVfs*>(vfs)->base;
  // All but logs are the base's own files, unwrapped.
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, path, file, flags, flags_out);
  static const sqlite3_io_methods methods = methods_of_log();
  std::unique_ptr<char[]> gathered(new (std::nothrow) char[gathered_most]);
  file->pMethods = nullptr;
  if (!gathered) return SQLITE_NOMEM;
  const int code = base->xOpen(base, path, base_file(file), flags, flags_out);
  if (code != SQLITE_OK) {
    // The base's file may need closing even so; SQLite only asks for that through our methods.
    if (base_file(file)->pMethods != nullptr) base_file(file)->pMethods->xClose(base_file(file));
    return code;
  }
  *log_of(file) = LogFile{.file = {.pMethods = &methods}, .gathered = gathered.release(), .size = 0, .start = 0};
  return SQLITE_OK;
}

GatheringVfs::GatheringVfs(sqlite3_vfs& wrapped)
    : vfs(wrapped), base(&wrapped), name("jobrun-gathering-" + std::string(wrapped.zName)) {
  vfs.pNext = nullptr;
  vfs.zName = name.c_str();
  vfs.szOsFile = static_cast<int>(aligned_size) + wrapped.szOsFile;
  vfs.xOpen = open_file;
}

}  // namespace

const char* gathering_vfs(const char* base) {
  static std::mutex mutex;
  // For ever, as SQLite keeps a pointer to each.
  static auto& made = *new std::map<sqlite3_vfs*, GatheringVfs>;
  const std::lock_guard lock(mutex);
  sqlite3_initialize();
  sqlite3_vfs* const wrapped = sqlite3_vfs_find(base);
  if (wrapped == nullptr) throw StoreFailure("SQLite knows no VFS " + std::string(base == nullptr ? "" : base));
  const auto known = made.find(wrapped);
  if (known != made.end()) return known->second.name.c_str();
  GatheringVfs& gathering = made.try_emplace(wrapped, *wrapped).first->second;
  if (sqlite3_vfs_register(&gathering.vfs, 0) != SQLITE_OK) {
    made.erase(wrapped);
    throw StoreFailure("SQLite does not accept the gathering VFS");
  }
  return gathering.name.c_str();
}

}  // namespace jobrun::store
