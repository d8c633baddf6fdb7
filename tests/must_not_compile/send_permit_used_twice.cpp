// One consultation of the exit policy, one text: a permit cannot be copied.
#include <utility>

#include "base/send_permit.hpp"

namespace {
[[maybe_unused]] void use(jobrun::SendPermit) {}

[[maybe_unused]] void use_up(jobrun::SendPermit permit) {
#ifdef MISTAKE
  use(permit);
#endif
  use(std::move(permit));
}
}  // namespace

int main() {
  return 0;
}
