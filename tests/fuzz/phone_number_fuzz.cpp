// Any text as a phone number or a caller: what is accepted is written back as it was read.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/phone_number.hpp"
#include "check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jobrun;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<E164> number = E164::parse(text);
  if (number) {
    FUZZ_CHECK(number->text() == text);
    FUZZ_CHECK(E164::from_digits(number->digits()) == *number);
  }
  const Caller caller = Caller::parse(text);
  FUZZ_CHECK(caller.text().size() <= 64);
  FUZZ_CHECK((caller.kind() == CallerKind::phone) == caller.number().has_value());
  FUZZ_CHECK(!caller.number() || (number && *caller.number() == *number));
  FUZZ_CHECK(masked(text).size() == size);
  return 0;
}
