// The exit policy cannot be gone round: a text leaves only with a permit, and only the outbox,
// which consults the policy, makes permits.
#include <utility>

#include "base/ports/carrier.hpp"

namespace {
[[maybe_unused]] void send(jobrun::Carrier& carrier, jobrun::OutgoingText text, jobrun::SendPermit permit) {
#ifdef MISTAKE
  jobrun::SendPermit own_permit;
  carrier.send(std::move(own_permit), std::move(text), [](const jobrun::SendAnswer&) {});
#endif
  carrier.send(std::move(permit), std::move(text), [](const jobrun::SendAnswer&) {});
}
}  // namespace

int main() {
  return 0;
}
