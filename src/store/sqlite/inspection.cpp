#include "store/inspection.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

#include "sqlite/advice.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/reader.hpp"
#include "sqlite/schema.hpp"

namespace jobrun::store {
namespace {

constexpr Duration busy_timeout{2'000};
constexpr std::int64_t cache_bytes = 1 << 20;
constexpr int steps_between_looks = 10'000;

constexpr std::string_view magic("SQLite format 3", 16);  // with its final zero

using Steady = std::chrono::steady_clock;

int is_time_over(void* give_up_at) {
  return Steady::now() >= *static_cast<const Steady::time_point*>(give_up_at) ? 1 : 0;
}

void look_at_every_page(SQLite::Database& database, Duration at_most, Inspection& inspection) {
  Steady::time_point give_up_at = Steady::now() + at_most;
  sqlite3_progress_handler(database.getHandle(), steps_between_looks, is_time_over, &give_up_at);
  try {
    Statement check(database, "PRAGMA quick_check(1)");
    Rows rows = check.query();
    if (rows.next() && rows.text(0) != "ok") inspection.damage = rows.string(0);
    inspection.is_whole = true;
  } catch (const StoreFailure& failed) {
    const bool is_interrupted = sqlite3_errcode(database.getHandle()) == SQLITE_INTERRUPT;
    if (!is_interrupted) inspection.damage = failed.message;
  }
  sqlite3_progress_handler(database.getHandle(), 0, nullptr, nullptr);
}

struct Header {
  std::uint64_t page_size = 0;
  std::uint64_t pages = 0;  ///< 0: not told
};

/// As "The Database Header" of SQLite's file format has it; integers are big-endian.
Header header_in(const std::array<unsigned char, 100>& bytes) {
  const auto number = [&bytes](std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes.at(at + i);
    return value;
  };
  constexpr std::size_t page_size_at = 16;
  constexpr std::size_t changes_at = 24;
  constexpr std::size_t pages_at = 28;
  constexpr std::size_t valid_for_at = 92;
  Header header{.page_size = number(page_size_at, 2)};
  if (header.page_size == 1) header.page_size = 65'536;
  if (number(changes_at, 4) == number(valid_for_at, 4)) header.pages = number(pages_at, 4);
  return header;
}

}  // namespace

Result<Inspection> inspect(const std::string& path, Duration at_most, const FileSystem& file_system) {
  try {
    const auto database = connect(path, Access::read, busy_timeout, cache_bytes, file_system);
    Inspection inspection{.schema_version = schema_version_of(*database),
                          .schema_version_known = schema_version_known()};
    look_at_every_page(*database, at_most, inspection);
    return inspection;
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path) {
  try {
    return std::make_unique<SqliteReader>(path, busy_timeout, cache_bytes, FileSystem{});
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

Result<void> check_file_is_whole(const std::string& path, bool had_content) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return {};
  const std::uintmax_t log_size = std::filesystem::file_size(path + "-wal", failed);
  const bool has_log = !failed && log_size > 0;
  if (size == 0) {
    if (!had_content && !has_log) return {};
    return failure(ErrorKind::conflict,
                   "the database " + path + " is empty, although JobRun ran on it. " + how_to_recover(path));
  }
  if (has_log) return {};
  std::array<unsigned char, 100> bytes{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()))) return {};
  if (!std::ranges::equal(std::span(bytes).first(magic.size()), magic)) return {};  // SQLite says what it is not
  const Header header = header_in(bytes);
  if (header.pages * header.page_size <= size) return {};
  return failure(ErrorKind::conflict, "the database " + path + " is cut off: it has " + std::to_string(size) +
                                          " of " + std::to_string(header.pages * header.page_size) + " bytes. " +
                                          how_to_recover(path));
}

}  // namespace jobrun::store
