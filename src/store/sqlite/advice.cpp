#include "sqlite/advice.hpp"

#include <sqlite3.h>

#include <filesystem>

#include "store/inspection.hpp"

namespace jobrun::store {
namespace {

/// As a shell reads it.
std::string quoted(const std::string& path) {
  const bool is_plain =
      path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") ==
      std::string::npos;
  if (is_plain) return path;
  std::string text = "'";
  for (const char c : path) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string how_to_recover(const std::string& path) {
  const std::string aside = path + ".damaged";
  const std::string file = aside + "/" + std::filesystem::path(path).filename().string();
  // `.dump` reads around what is damaged and then takes back what it wrote. `.recover` would find more, but is not
  // built into Debian's sqlite3. A second try must not put the first one's result over the damaged file.
  return "Mend it with no jobrun running: mkdir " + quoted(aside) + " && { mv " + quoted(path) + " " +
         quoted(path) + "-* " + quoted(aside) + "/; sqlite3 " + quoted(file) +
         " .dump | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 " + quoted(path) +
         "; }; jobrun doctor; jobrun serve. If little comes out of it, put a backup there instead";
}

std::string advice_on(int sqlite_code, const std::string& path) {
  constexpr int primary = 0xFF;
  switch (sqlite_code & primary) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return how_to_recover(path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "File and folder must be readable and writable by the user who runs jobrun: ls -la " +
             quoted(std::filesystem::path(path).parent_path().string()) +
             "; then chown and chmod u+w what is not; is the "
             "file system mounted read-only?";
    case SQLITE_FULL:
      return "The disk is full: make room, then start again";
    case SQLITE_IOERR:
      return "The disk fails: look at the system's log (dmesg), and copy the database and its -wal file away";
    default:
      return {};
  }
}

}  // namespace jobrun::store
