#include "base/back_off.hpp"

#include <algorithm>

namespace jobrun {

Duration back_off(int attempt, Duration min, Duration max, Random& random) {
  Duration whole = min;
  for (int doubled = 1; doubled < attempt && whole < max; ++doubled) whole *= 2;
  whole = std::max(std::min(whole, max), Duration{1});
  const Duration half = whole / 2;
  return half +
         Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>((whole - half).count()) + 1))};
}

}  // namespace jobrun
