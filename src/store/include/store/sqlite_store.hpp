// The store over SQLite: one file, one writer, readers beside it.
//
// Write-ahead logging with `synchronous=FULL`: a commit has been synced when it returns, and readers neither
// wait for the writer nor hold it up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/ports/store.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/file_system.hpp"

namespace jobrun::store {

/// What migrate() found and did.
struct Migration {
  int from = 0;  ///< the schema's version before; 0: the file was new
  int to = 0;    ///< and after
};

/// Brings the database file at `path` to this program's schema, creating it when there is none. Each step is
/// one transaction; after a failure the steps before it stay. `now` is recorded with each step. Refused for a
/// schema newer than this program knows.
Result<Migration> migrate(const std::string& path, Instant now, const FileSystem& file_system = {});

struct SqliteOptions {
  /// Memory for the writer's pages.
  std::int64_t cache_bytes = 8 << 20;
  /// Memory for each reader's pages.
  std::int64_t reader_cache_bytes = 256 << 10;
  /// From this length on, what the write-ahead log holds is moved into the database file in the background.
  std::int64_t log_bytes_start = 32 << 20;
  /// At this length the writer waits for the background, so that the log is bounded by it plus one batch,
  /// as long as no reader stays in one statement meanwhile.
  std::int64_t log_bytes_most = 256 << 20;
  /// Without it tidy() does all the moving itself: no thread, for the simulation.
  bool has_background = true;
  /// With less room on its disk a store that is away stays so: where a probe's commit fits, a batch may not.
  std::uintmax_t room_least = 4 << 20;
  /// How long to wait for another process that writes to the file.
  Duration busy_timeout{2'000};
  /// Where the database lies.
  FileSystem file_system{};
};

/// The store in one SQLite file.
///
/// begin(), the batch and tidy() belong to one thread, the writer's, one batch at a time. reader() may be called
/// on any thread; a reader may outlive nothing but must be destroyed before the store. One process at a time
/// may write; that is the lock file's business, and a second writer only waits for the first.
class SqliteStore : public Store {
 public:
  using Options = SqliteOptions;

  /// Opens a database that migrate() has brought to this program's schema. Refused, with what to do, when there
  /// is no file, when the schema is older or newer than this program's, or when it is no database of ours.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, Options options = {});

  ~SqliteStore() override;

  /// Throws StoreFailure when another process keeps the file locked past the time-out.
  std::unique_ptr<StoreBatch> begin(std::span<const Event* const> events) override;
  /// Throws StoreFailure when the file cannot be opened.
  std::unique_ptr<StoreReader> reader() override;
  /// At most a few milliseconds, unless the log has reached `log_bytes_most`. Never throws: what could not be
  /// moved now is moved later.
  void tidy() override;
  Result<void> probe() override;

  /// How much of the write-ahead log is in use. On the writer's thread.
  std::int64_t log_bytes() const;

 private:
  struct Parts;
  explicit SqliteStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace jobrun::store
