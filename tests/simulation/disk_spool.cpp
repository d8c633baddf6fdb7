#include "disk_spool.hpp"

#include "disk_vfs.hpp"

namespace jobrun::simulation {
namespace {

std::string path_of(const std::string& name) {
  return spool_folder + name;
}

Result<void> verdict(std::optional<DiskFate> fate) {
  if (fate == DiskFate::done) return {};
  return failure(ErrorKind::unavailable,
                 fate == DiskFate::full ? "no space left on device" : "input/output error");
}

bool is_done(std::optional<DiskFate> fate) {
  return fate == DiskFate::done || fate == DiskFate::done_but_says_failed;
}

}  // namespace

std::optional<DiskFate> DiskSpoolFiles::fate_of(DiskOperation operation, const std::string& name) const {
  if (process_->disk == nullptr) return std::nullopt;
  if (!process_->disk->judge) return DiskFate::done;
  const DiskFate fate = process_->disk->judge(operation, path_of(name));
  if (process_->disk == nullptr) return std::nullopt;
  return fate;
}

Result<std::vector<std::string>> DiskSpoolFiles::names() {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::read, "");
  if (fate != DiskFate::done && fate != DiskFate::full) return std::unexpected(verdict(fate).error());
  std::vector<std::string> names;
  for (const auto& [path, file] : process_->disk->files_) {
    if (path.starts_with(spool_folder)) names.push_back(path.substr(std::string(spool_folder).size()));
  }
  return names;
}

Result<std::string> DiskSpoolFiles::read(const std::string& name) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::read, name);
  if (fate != DiskFate::done && fate != DiskFate::full) return std::unexpected(verdict(fate).error());
  const std::shared_ptr<DiskFile> file = process_->disk->find(path_of(name));
  if (!file) return failure(ErrorKind::not_found, "there is no " + name);
  return file->content();
}

Result<void> DiskSpoolFiles::create(const std::string& name, std::int64_t) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::open, name);
  if (is_done(fate)) process_->disk->make(path_of(name));
  return verdict(fate);
}

Result<void> DiskSpoolFiles::append(const std::string& name, std::string_view bytes) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::write, name);
  if (!fate) return verdict(fate);
  const std::shared_ptr<DiskFile> file = process_->disk->find(path_of(name));
  if (!file) return failure(ErrorKind::not_found, "there is no " + name);
  if (fate == DiskFate::full) bytes = bytes.substr(0, process_->disk->random_.below(bytes.size() + 1));
  if (fate != DiskFate::fails) file->write(file->content().size(), bytes);
  return verdict(fate);
}

Result<void> DiskSpoolFiles::sync(const std::string& name) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::sync, name);
  if (!fate) return verdict(fate);
  const std::shared_ptr<DiskFile> file = process_->disk->find(path_of(name));
  if (!file) return failure(ErrorKind::not_found, "there is no " + name);
  if (is_done(fate)) {
    file->sync();
  } else {
    file->fail_sync(process_->disk->random_);
  }
  ++process_->disk->syncs_;
  return verdict(fate);
}

Result<void> DiskSpoolFiles::rename(const std::string& from, const std::string& to) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::remove, from);
  if (is_done(fate)) process_->disk->rename(path_of(from), path_of(to));
  return verdict(fate);
}

Result<void> DiskSpoolFiles::remove(const std::string& name) {
  const std::optional<DiskFate> fate = fate_of(DiskOperation::remove, name);
  if (is_done(fate)) process_->disk->remove(path_of(name));
  return verdict(fate);
}

}  // namespace jobrun::simulation
