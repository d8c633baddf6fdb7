// Adding a number role breaks the build wherever roles are told apart, until it is dealt with there.
#include "base/call.hpp"

namespace {
bool is_texted(jobrun::NumberRole role) {
  switch (role) {
    case jobrun::NumberRole::operational:
    case jobrun::NumberRole::system:
      return true;
#ifndef MISTAKE
    case jobrun::NumberRole::onboarding:
      return false;
#endif
  }
  return false;
}
}  // namespace

int main() {
  return is_texted(jobrun::NumberRole::system) ? 0 : 1;
}
