#include "sqlite/checkpointer.hpp"

#include <sqlite3.h>

#include "base/rare_path.hpp"
#include "sqlite/connection.hpp"

namespace jobrun::store {
namespace {

/// The background stops chasing the writer when a round moved so little: about as much is left for the writer.
constexpr std::int64_t tail_bytes = 512 << 10;
/// A writer faster than the background is not chased for ever.
constexpr int rounds_most = 16;

struct Moved {
  bool ok = false;
  int frames_in_log = 0;
  int frames_moved = 0;
};

/// Moves what can be moved without waiting for anybody.
Moved move_log(SQLite::Database& database) {
  Moved moved;
  const int code = sqlite3_wal_checkpoint_v2(database.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             &moved.frames_in_log, &moved.frames_moved);
  moved.ok = code == SQLITE_OK;
  return moved;
}

/// Syncs the database file. A checkpoint that did not reach the log's end leaves that to the next, and the
/// writer's would then sync everything. (Never through a file descriptor of our own: closing one drops the locks
/// of every connection of this process.)
void sync_file(SQLite::Database& database) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (file != nullptr && file->pMethods != nullptr) file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

}  // namespace

Checkpointer::Checkpointer(SQLite::Database& writer, const std::string& path, const SqliteOptions& options)
    : writer_(writer), options_(options) {
  Statement page_size(writer, "PRAGMA page_size");
  Rows rows = page_size.query();
  page_bytes_ = rows.next() ? rows.integer(0) : 4'096;
  sqlite3_wal_hook(
      writer_.getHandle(),
      [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Checkpointer*>(self)->log_frames_ = frames;
        return SQLITE_OK;
      },
      this);
  if (!options_.has_background) return;
  database_ = connect(path, Access::write, options_.busy_timeout, 64 << 10, options_.file_system);
  // The connection reads the schema once, so that it knows it is a write-ahead log that it moves.
  execute(*database_, "SELECT COUNT(*) FROM sqlite_schema");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(writer_.getHandle(), nullptr, nullptr);
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Checkpointer::tidy() {
  if (log_bytes() < options_.log_bytes_start) return;
  if (!options_.has_background) {
    const Moved moved = move_log(writer_);
    if (!moved.ok || moved.frames_moved != moved.frames_in_log) return;
    seen(RarePath::log_moved_into_file);
    log_frames_ = 0;
    return;
  }
  {
    std::unique_lock lock(mutex_);
    if (state_ == State::idle) {
      state_ = State::asked;
      changed_.notify_all();
    }
    if (log_bytes() >= options_.log_bytes_most) {
      changed_.wait(lock, [this] { return state_ == State::moved; });
    }
    if (state_ != State::moved) return;
    state_ = State::idle;
  }
  const Moved moved = move_log(writer_);
  // All is moved: the next commit starts the log over, unless a reader is still in it.
  if (moved.ok && moved.frames_moved == moved.frames_in_log) log_frames_ = 0;
}

void Checkpointer::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return state_ == State::asked; })) {
    state_ = State::moving;
    lock.unlock();
    move_bulk(stop);
    lock.lock();
    state_ = State::moved;
    changed_.notify_all();
  }
}

void Checkpointer::move_bulk(const std::stop_token& stop) {
  int frames_before = 0;
  for (int round = 0; round < rounds_most && !stop.stop_requested(); ++round) {
    const Moved moved = move_log(*database_);
    sync_file(*database_);
    if (!moved.ok) return;
    if ((moved.frames_moved - frames_before) * page_bytes_ <= tail_bytes) return;
    frames_before = moved.frames_moved;
  }
}

}  // namespace jobrun::store
