// Database rows of different kinds cannot be taken for one another.
#include "base/ids.hpp"

namespace {
jobrun::CallId call_of(jobrun::CallId id) {
  return id;
}
}  // namespace

int main() {
#ifdef MISTAKE
  const jobrun::TextRow id{7};
#else
  const jobrun::CallId id{7};
#endif
  return call_of(id).value == 7 ? 0 : 1;
}
