// The first of three locks: no onboarding text because of a voice event. What decides about calls cannot
// even see onboarding's headers.
#ifdef MISTAKE
#include "onboarding/step.hpp"
#else
#include "base/call.hpp"
#endif

int main() {
  return 0;
}
