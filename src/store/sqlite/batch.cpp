// The batch as a transaction: undo points, commit, and the proof that it went into the right file.
#include "sqlite/batch.hpp"

#include "base/rare_path.hpp"

namespace jobrun::store {
namespace {

/// How many calls of accepted alerts become escalated along with each commit while some are left.
constexpr std::int64_t escalations_per_commit = 64;

}  // namespace

TransactionStatements::TransactionStatements(SQLite::Database& database)
    : begin(database, "BEGIN IMMEDIATE"),
      commit(database, "COMMIT"),
      rollback(database, "ROLLBACK"),
      save(database, "SAVEPOINT item"),
      keep(database, "RELEASE item"),
      undo(database, "ROLLBACK TO item"),
      data_version(database, "PRAGMA data_version") {}

SweepStatements::SweepStatements(SQLite::Database& database)
    : set_mark(database,
               "INSERT INTO sweep_marks (list, mark) VALUES (?, ?) "
               "ON CONFLICT DO UPDATE SET mark = excluded.mark") {}

Writer::Writer(SQLite::Database& opened, const std::string& path, const FileSystem& file_system)
    : database(opened),
      transaction(opened),
      calls(opened),
      contacts(opened),
      texts(opened),
      messages(opened),
      inbound(opened),
      onboarding(opened),
      conversations(opened),
      people(opened),
      alerts(opened),
      incidents(opened),
      directory(opened),
      sweep(opened),
      canaries(opened),
      counter(opened),
      files(path, file_system) {}

SqliteBatch::SqliteBatch(Writer& writer) : writer_(writer) {
  writer_.transaction.begin.run();
  Rows rows = writer_.transaction.data_version.query();
  const std::int64_t version = rows.next() ? rows.integer(0) : 0;
  if (version == writer_.data_version) return;
  writer_.data_version = version;
  writer_.counter.forget();
  writer_.is_escalating = true;
}

SqliteBatch::~SqliteBatch() {
  if (is_open_) roll_back();
}

void SqliteBatch::roll_back() {
  is_open_ = false;
  writer_.counter.forget();
  writer_.is_escalating = true;
  // After some errors SQLite has rolled back by itself.
  if (sqlite3_get_autocommit(writer_.database.getHandle()) != 0) return;
  try {
    writer_.transaction.rollback.run();
  } catch (const StoreFailure&) {
    return;  // a rollback of a write-ahead log only forgets; what fails here fails the next begin(), where it is
             // told
  }
}

Result<void> SqliteBatch::commit() {
  if (!is_open_) return failure(ErrorKind::internal, "this batch has ended; nothing of it can be committed");
  if (is_void_) {
    roll_back();
    return failure(ErrorKind::unavailable, "the batch was rolled back because an earlier part of it failed");
  }
  try {
    return commit_or_throw();
  } catch (const StoreFailure& failed) {
    roll_back();
    const bool is_input = failed.because == StoreFailure::Because::input;
    return failure(is_input ? ErrorKind::internal : ErrorKind::unavailable, failed.message);
  }
}

Result<void> SqliteBatch::commit_or_throw() {
  const auto moved = [this] {
    seen(RarePath::database_file_moved);
    return failure(ErrorKind::unavailable, "the database file is no longer the one at " + writer_.files.path() +
                                               ": it or its -wal file was removed or replaced while JobRun "
                                               "runs; put it back, or restart JobRun");
  };
  if (writer_.is_escalating) escalate_some(escalations_per_commit);
  writer_.counter.flush();
  // Before, so that nothing of the batch reaches a file that is on its way out; after, because that may have
  // happened meanwhile.
  if (!writer_.files.are_in_place()) {
    roll_back();
    return moved();
  }
  writer_.transaction.commit.run();
  is_open_ = false;
  writer_.counter.keep();
  if (!writer_.files.are_in_place()) return moved();
  return {};
}

void SqliteBatch::touch() {
  for (Item& item : items_) {
    if (item.is_saved) continue;
    writer_.transaction.save.run();
    item.is_saved = true;
  }
}

void SqliteBatch::set_sweep_mark(SweptList list, Instant mark) {
  const Step step(*this);
  touch();
  writer_.sweep.set_mark.run(list, mark);
}

void SqliteBatch::begin_item() {
  items_.push_back(Item{.counter_mark = writer_.counter.mark()});
}

void SqliteBatch::keep_item() {
  const Step step(*this);
  const Item item = items_.back();
  items_.pop_back();
  if (item.is_saved) writer_.transaction.keep.run();
}

void SqliteBatch::undo_item() {
  const Step step(*this);
  const Item item = items_.back();
  items_.pop_back();
  if (!item.is_saved) return;
  writer_.transaction.undo.run();
  writer_.transaction.keep.run();
  writer_.counter.undo_to(item.counter_mark);
  writer_.is_escalating = true;
}

}  // namespace jobrun::store
