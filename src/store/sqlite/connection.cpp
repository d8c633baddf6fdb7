#include "sqlite/connection.hpp"

#include <SQLiteCpp/Exception.h>

#include <mutex>

#include "sqlite/advice.hpp"
#include "sqlite/log_vfs.hpp"

namespace jobrun::store {

namespace {

/// A database that is well says so of the same statement every time.
StoreFailure::Because because(int extended_code) {
  constexpr int primary = 0xFF;
  const int code = extended_code & primary;
  const bool is_input = code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG;
  return is_input ? StoreFailure::Because::input : StoreFailure::Because::store;
}

std::string with_advice(std::string problem, int code, const std::string& path) {
  const std::string advice = advice_on(code, path);
  return advice.empty() ? problem : problem + ". " + advice;
}

}  // namespace

void throw_failure(sqlite3* handle, std::string_view doing) {
  const int code = sqlite3_extended_errcode(handle);
  const char* name = sqlite3_db_filename(handle, "main");
  const std::string path = name == nullptr ? "" : name;
  throw StoreFailure(with_advice("the database " + path + " failed while " + std::string(doing) + ": " +
                                     sqlite3_errmsg(handle) + " (" + std::to_string(code) + ")",
                                 code, path),
                     because(code));
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw_failure(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
}

std::string_view Rows::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Rows::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<Instant> Rows::maybe_instant(int column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

std::optional<E164> Rows::maybe_phone(int column) const {
  if (is_null(column)) return std::nullopt;
  return phone(column);
}

std::optional<ClientId> Rows::maybe_client(int column) const {
  if (is_null(column)) return std::nullopt;
  return ClientId{integer(column)};
}

Statement::Statement(SQLite::Database& database, const char* sql) {
  const int code =
      sqlite3_prepare_v3(database.getHandle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw_failure(database.getHandle(), sql);
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::bind(int position, std::nullopt_t) {
  if (sqlite3_bind_null(statement_, position) != SQLITE_OK) {
    throw_failure(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

void Statement::bind(int position, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, position, value) != SQLITE_OK) {
    throw_failure(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

void Statement::bind(int position, std::string_view value) {
  // A null pointer would be NULL, and an empty view may hold one.
  const char* bytes = value.empty() ? "" : value.data();
  if (sqlite3_bind_text(statement_, position, bytes, static_cast<int>(value.size()), SQLITE_STATIC) != SQLITE_OK) {
    throw_failure(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

void execute(SQLite::Database& database, const char* sql) {
  if (sqlite3_exec(database.getHandle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw_failure(database.getHandle(), sql);
  }
}

namespace {

int mode_of(Access access) {
  switch (access) {
    case Access::create:
      return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    case Access::write:
      return SQLite::OPEN_READWRITE;
    case Access::read:
      return SQLite::OPEN_READONLY;
  }
  return SQLite::OPEN_READONLY;
}

}  // namespace

std::unique_ptr<SQLite::Database> connect(const std::string& path, Access access, Duration busy_timeout,
                                          std::int64_t cache_bytes, const FileSystem& file_system) {
  // Counting memory takes a lock of the whole process at each allocation. Refused, harmlessly, once SQLite runs.
  static std::once_flag configured;
  std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  try {
    const char* vfs = access == Access::read ? file_system.vfs : gathering_vfs(file_system.vfs);
    auto database = std::make_unique<SQLite::Database>(path.c_str(), mode_of(access) | SQLite::OPEN_NOMUTEX,
                                                       static_cast<int>(busy_timeout.count()), vfs);
    sqlite3_extended_result_codes(database->getHandle(), 1);
    // No zeroing of deleted bytes (Debian's default): it dirties pages for nothing that the log would not keep.
    execute(*database,
            "PRAGMA secure_delete = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
    execute(*database, ("PRAGMA cache_size = -" + std::to_string(cache_bytes / 1024)).c_str());
    if (access == Access::read) execute(*database, "PRAGMA query_only = ON");
    return database;
  } catch (const SQLite::Exception& failed) {
    throw StoreFailure(with_advice("cannot open the database " + path + ": " + failed.what(),
                                   failed.getExtendedErrorCode(), path));
  }
}

}  // namespace jobrun::store
