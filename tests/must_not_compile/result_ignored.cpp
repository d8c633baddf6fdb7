// A failure cannot be overlooked: dropping a Result is an error.
#include "base/ids.hpp"

int main() {
#ifdef MISTAKE
  jobrun::CallSid::parse("CA1");
  return 0;
#else
  return jobrun::CallSid::parse("CA1").has_value() ? 0 : 1;
#endif
}
