// A phone number is made by E164::parse, or by name from digits that are known to be one; never by accident
// from an integer.
#include "base/phone_number.hpp"

namespace {
bool is_same(jobrun::E164 left, jobrun::E164 right) {
  return left == right;
}
}  // namespace

int main() {
  const jobrun::E164 number = jobrun::E164::from_digits(14155550123);
#ifdef MISTAKE
  return is_same(number, 14155550123) ? 0 : 1;
#else
  return is_same(number, jobrun::E164::from_digits(14155550123)) ? 0 : 1;
#endif
}
