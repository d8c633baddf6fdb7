// The spool's folder on the simulated disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "disk.hpp"
#include "store/spool_files.hpp"

namespace jobrun::simulation {

inline constexpr const char* spool_folder = "/sim/spool/";

/// Of the process that runs on the disk when this is made; once that has ended, every operation fails.
class DiskSpoolFiles final : public store::SpoolFiles {
 public:
  explicit DiskSpoolFiles(const Disk& disk) : process_(disk.process_) {}

  Result<std::vector<std::string>> names() override;
  Result<std::string> read(const std::string& name) override;
  Result<void> create(const std::string& name, std::int64_t room) override;
  Result<void> append(const std::string& name, std::string_view bytes) override;
  Result<void> sync(const std::string& name) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;

 private:
  /// Empty: the process is dead.
  std::optional<DiskFate> fate_of(DiskOperation operation, const std::string& name) const;

  std::shared_ptr<DiskProcess> process_;
};

}  // namespace jobrun::simulation
