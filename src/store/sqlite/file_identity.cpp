#include <sys/stat.h>

#include "store/file_system.hpp"

namespace jobrun::store {

std::optional<FileIdentity> identity_in_system(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileIdentity{found.st_dev, found.st_ino};
}

}  // namespace jobrun::store
