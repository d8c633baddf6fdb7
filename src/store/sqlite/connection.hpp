// A connection and its statements, as thin as the writer's budget of microseconds asks for.
//
// SQLiteCpp opens and owns the connection. Its Statement copies each text it binds and counts references for
// each column read, so statements are our own: prepared once, bound without copying, reset when their rows go.
#pragma once

#include <sqlite3.h>

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/ports/store.hpp"
#include "base/time.hpp"
#include "store/file_system.hpp"

namespace jobrun::store {

/// Says what SQLite says went wrong on this connection.
[[noreturn]] void throw_failure(sqlite3* handle, std::string_view doing);

class Statement;

/// The rows of one execution. The statement is reset when this goes, so that no read stays open.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { sqlite3_reset(statement_); }

  /// Moves to the next row; false after the last.
  bool next();

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool flag(int column) const { return integer(column) != 0; }
  /// Valid until the next row.
  std::string_view text(int column) const;
  std::string string(int column) const { return std::string(text(column)); }
  Instant instant(int column) const { return from_unix_ms(integer(column)); }
  E164 phone(int column) const { return E164::from_digits(static_cast<std::uint64_t>(integer(column))); }

  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<Instant> maybe_instant(int column) const;
  std::optional<E164> maybe_phone(int column) const;
  std::optional<ClientId> maybe_client(int column) const;

  /// A word written with name_of(). A word that this program does not know means a damaged or foreign file.
  template <class Enum>
  Enum word(int column) const {
    const std::string_view found = text(column);
    if (const std::optional<Enum> value = parse_name<Enum>(found)) return *value;
    throw StoreFailure("the database holds the word '" + std::string(found) +
                       "', which this program does not know");
  }
  template <class Enum>
  std::optional<Enum> maybe_word(int column) const {
    if (is_null(column)) return std::nullopt;
    return word<Enum>(column);
  }

 private:
  sqlite3_stmt* statement_;
};

/// A prepared statement. Arguments are bound by position and without copying: they must live until the rows
/// have gone.
class Statement {
 public:
  Statement(SQLite::Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Runs a statement that gives no rows.
  template <class... Arguments>
  void run(const Arguments&... arguments) {
    bind_all(arguments...);
    Rows rows(statement_);
    rows.next();
  }

  /// Runs a statement that gives rows.
  template <class... Arguments>
  Rows query(const Arguments&... arguments) {
    bind_all(arguments...);
    return Rows(statement_);
  }

  /// As run(); how many rows it changed.
  template <class... Arguments>
  std::int64_t change(const Arguments&... arguments) {
    run(arguments...);
    return sqlite3_changes64(sqlite3_db_handle(statement_));
  }

  /// As run(), for an INSERT; the new row's id.
  template <class... Arguments>
  std::int64_t insert(const Arguments&... arguments) {
    run(arguments...);
    return sqlite3_last_insert_rowid(sqlite3_db_handle(statement_));
  }

 private:
  template <class... Arguments>
  void bind_all(const Arguments&... arguments) {
    int position = 0;
    (bind(++position, arguments), ...);
  }

  void bind(int position, std::nullopt_t);
  void bind(int position, std::int64_t value);
  void bind(int position, int value) { bind(position, std::int64_t{value}); }
  void bind(int position, bool value) { bind(position, std::int64_t{value ? 1 : 0}); }
  void bind(int position, std::string_view value);
  void bind(int position, const std::string& value) { bind(position, std::string_view(value)); }
  void bind(int position, const char* value) { bind(position, std::string_view(value)); }
  void bind(int position, E164 value) { bind(position, static_cast<std::int64_t>(value.digits())); }
  void bind(int position, Instant value) { bind(position, to_unix_ms(value)); }
  void bind(int position, Duration value) { bind(position, std::int64_t{value.count()}); }
  template <class Tag>
  void bind(int position, RowId<Tag> value) {
    bind(position, value.value);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void bind(int position, Enum value) {
    bind(position, name_of(value));
  }
  template <class Value>
  void bind(int position, const std::optional<Value>& value) {
    if (value) {
      bind(position, *value);
    } else {
      bind(position, std::nullopt);
    }
  }

  sqlite3_stmt* statement_ = nullptr;
};

/// Only `create` makes a file that is not there. SQLite deletes the write-ahead log it finds beside an empty file,
/// and what was acknowledged into it with it: so nothing else may ever make one.
enum class Access { create, write, read };

/// Opens `path` with the settings that every connection of ours has. Throws StoreFailure.
std::unique_ptr<SQLite::Database> connect(const std::string& path, Access access, Duration busy_timeout,
                                          std::int64_t cache_bytes, const FileSystem& file_system);

/// Runs SQL that gives no rows and is run once.
void execute(SQLite::Database& database, const char* sql);

}  // namespace jobrun::store
