// Every answer of a carrier is dealt with: a visit that forgets one does not compile.
#include <variant>

#include "base/ports/carrier.hpp"

namespace {
struct IsOver {
  bool operator()(const jobrun::Accepted&) const { return true; }
  bool operator()(const jobrun::Refused&) const { return true; }
  bool operator()(const jobrun::NotSent&) const { return false; }
#ifndef MISTAKE
  bool operator()(const jobrun::Unknown&) const { return false; }
#endif
};
}  // namespace

int main() {
  return std::visit(IsOver{}, jobrun::SendAnswer{jobrun::Accepted{"SM1"}}) ? 0 : 1;
}
