#include "console_api/nearest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace jobrun::console_api {
namespace {

/// Single-character changes that make one name of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t name_max = 64;
  if (name.empty() || name.size() > name_max || candidates.empty()) return {};
  const auto nearest =
      std::ranges::min_element(candidates, {}, [name](const std::string& each) { return distance(name, each); });
  const bool is_near = distance(name, *nearest) <= std::max<std::size_t>(2, name.size() / 3);
  return is_near ? *nearest : std::string();
}

}  // namespace jobrun::console_api
