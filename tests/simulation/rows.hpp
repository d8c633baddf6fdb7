#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>

namespace jobrun::simulation {

/// The rows of one look of the judge's; no read stays open behind it.
class Rows {
 public:
  explicit Rows(SQLite::Statement& statement) : statement_(statement) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { statement_.tryReset(); }
  bool next() { return statement_.executeStep(); }
  std::string word(int column) { return statement_.getColumn(column).getString(); }
  std::int64_t number(int column) { return statement_.getColumn(column).getInt64(); }

 private:
  SQLite::Statement& statement_;
};

}  // namespace jobrun::simulation
