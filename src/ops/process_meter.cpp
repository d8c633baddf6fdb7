#include "ops/process_meter.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace jobrun::ops {
namespace {

/// The second number of `/proc/self/statm`, which counts pages.
std::optional<double> resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  if (!(file >> size >> resident)) return std::nullopt;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// Without the one that it takes to look.
std::optional<double> open_files() {
  std::error_code failed;
  std::filesystem::directory_iterator each("/proc/self/fd", failed);
  double count = -1;
  for (; !failed && each != std::filesystem::directory_iterator(); each.increment(failed)) ++count;
  return failed ? std::nullopt : std::optional(count);
}

std::optional<double> cpu_seconds() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) != 0) return std::nullopt;
  const auto seconds = [](const timeval& time) {
    constexpr double microseconds_in_a_second = 1e6;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / microseconds_in_a_second;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

void ProcessMeter::refresh() {
  if (const auto bytes = resident_bytes()) meter_.set(Metric::process_resident_memory_bytes, *bytes);
  if (const auto files = open_files()) meter_.set(Metric::process_open_files, *files);
  const std::lock_guard lock(mutex_);
  const std::optional<double> now = cpu_seconds();
  if (!now || *now <= cpu_seconds_) return;
  meter_.count(Metric::process_cpu_seconds, {}, {}, *now - cpu_seconds_);
  cpu_seconds_ = *now;
}

}  // namespace jobrun::ops
