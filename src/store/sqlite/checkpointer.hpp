// Moving the write-ahead log into the database file without making the writer wait.
//
// A log starts over only when all of it has been moved and synced. While the writer commits there is always a
// little more, so moving in the background alone never ends; moving it all on the writer takes hundreds of
// milliseconds. Here a thread with its own connection moves and syncs the bulk while the writer goes on, and the
// writer, between two batches, moves the few pages that came meanwhile.
#pragma once

#include <SQLiteCpp/Database.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "store/sqlite_store.hpp"

namespace jobrun::store {

class Checkpointer {
 public:
  /// `writer` is the writer's connection; it outlives this. Throws StoreFailure when the file cannot be opened.
  Checkpointer(SQLite::Database& writer, const std::string& path, const SqliteOptions& options);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// On the writer's thread, between batches.
  void tidy();

  /// The part of the log in use.
  std::int64_t log_bytes() const { return log_frames_ * page_bytes_; }

 private:
  enum class State { idle, asked, moving, moved };

  void run(const std::stop_token& stop);
  void move_bulk(const std::stop_token& stop);

  SQLite::Database& writer_;
  SqliteOptions options_;
  std::int64_t page_bytes_ = 0;
  std::int64_t log_frames_ = 0;  ///< told by SQLite after each commit

  std::unique_ptr<SQLite::Database> database_;  ///< the thread's own
  std::mutex mutex_;
  std::condition_variable_any changed_;
  State state_ = State::idle;
  std::jthread thread_;
};

}  // namespace jobrun::store
