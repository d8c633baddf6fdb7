// A file of numbers, as operators export them from a spreadsheet:
//
//   number,role,client_id
//   +14155550101,operational,7
//   +14155550102,system,
//
// Lines may end in CRLF, the file may begin with a byte order mark, a field may stand in double quotes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/records.hpp"

namespace jobrun::console_api {

struct ImportRow {
  std::int64_t line = 0;
  PoolNumber number;
};

/// What is wrong with which line. All problems are counted; only the first ones are kept.
class ImportProblems {
 public:
  explicit ImportProblems(std::size_t kept_max) : kept_max_(kept_max) {}
  struct Problem {
    std::int64_t line = 0;
    std::string reason;
  };
  void note(std::int64_t line, std::string reason);
  std::int64_t count() const { return count_; }
  /// By line.
  std::vector<Problem> kept() const;

 private:
  std::size_t kept_max_;
  std::int64_t count_ = 0;
  std::vector<Problem> kept_;
};

/// Reads the whole file; rows come back ordered by number. Every line that is not a row, and every number
/// that is given twice, is noted. Stops at `rows_max` rows with a note.
std::vector<ImportRow> parse_import(std::string_view csv, std::size_t rows_max, ImportProblems& problems);

}  // namespace jobrun::console_api
