#include <filesystem>

#include "sqlite/batch.hpp"
#include "sqlite/checkpointer.hpp"
#include "sqlite/reader.hpp"
#include "sqlite/schema.hpp"
#include "store/sqlite_store.hpp"

namespace jobrun::store {

struct SqliteStore::Parts {
  Parts(const std::string& database_path, const Options& chosen)
      : path(database_path),
        options(chosen),
        database(connect(path, Access::write, options.busy_timeout, options.cache_bytes, options.file_system)),
        writer(*database, path, options.file_system),
        checkpointer(*database, path, options) {}

  std::string path;
  Options options;
  std::unique_ptr<SQLite::Database> database;
  Writer writer;
  Checkpointer checkpointer;
};

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

namespace {

Result<void> check_schema(const std::string& path, const SqliteOptions& options) {
  if (!options.file_system.identity_of(path)) {
    return failure(ErrorKind::not_found, "there is no database at " + path + "; create it with `jobrun migrate`");
  }
  const auto database = connect(path, Access::write, options.busy_timeout, 64 << 10, options.file_system);
  const int version = schema_version_of(*database);
  const int known = schema_version_known();
  const std::string found = "the database " + path + " has schema version " + std::to_string(version);
  if (version > known) {
    return failure(ErrorKind::conflict, found + ", newer than version " + std::to_string(known) +
                                            " of this program; use the newer program");
  }
  if (version < known) {
    return failure(ErrorKind::conflict, found + ", older than version " + std::to_string(known) +
                                            " of this program; bring it up to date with `jobrun migrate`");
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, Options options) {
  try {
    if (const Result<void> checked = check_schema(path, options); !checked) {
      return std::unexpected(checked.error());
    }
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::make_unique<Parts>(path, options)));
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

std::unique_ptr<StoreBatch> SqliteStore::begin(std::span<const Event* const>) {
  return std::make_unique<SqliteBatch>(parts_->writer);
}

std::unique_ptr<StoreReader> SqliteStore::reader() {
  return std::make_unique<SqliteReader>(parts_->path, parts_->options.busy_timeout,
                                        parts_->options.reader_cache_bytes, parts_->options.file_system);
}

void SqliteStore::tidy() {
  parts_->checkpointer.tidy();
}

/// By a connection of its own: the writer's may be stuck.
Result<void> SqliteStore::probe() {
  try {
    const auto moved = [this] {
      return failure(ErrorKind::unavailable, "the database file was removed or replaced");
    };
    if (!parts_->writer.files.are_in_place()) return moved();
    std::error_code unknown;
    const std::filesystem::space_info room = std::filesystem::space(parts_->path, unknown);
    if (!unknown && room.available < parts_->options.room_least) {
      return failure(ErrorKind::unavailable, "the disk of the database is full");
    }
    const auto database = connect(parts_->path, Access::write, Duration{0}, 64 << 10, parts_->options.file_system);
    for (const char* sql :
         {"BEGIN IMMEDIATE", "UPDATE schema_migrations SET name = name WHERE version = 1", "COMMIT"}) {
      Statement(*database, sql).run();
    }
    if (!parts_->writer.files.are_in_place()) return moved();
    return {};
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

std::int64_t SqliteStore::log_bytes() const {
  return parts_->checkpointer.log_bytes();
}

}  // namespace jobrun::store
