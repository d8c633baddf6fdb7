// Any bytes as a customer's text: what is read of them stays within its bounds and can be shown.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"
#include "check.hpp"
#include "conversation/intake.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jobrun;
  using namespace jobrun::conversation;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Intake read = read_intake(text);
  constexpr std::size_t job_bytes_max = 80 * 4;
  constexpr std::size_t findings_max = 8;
  FUZZ_CHECK(read.job.size() <= job_bytes_max && is_clean_utf8(read.job));
  FUZZ_CHECK(is_clean_utf8(read.place) && is_clean_utf8(read.when));
  FUZZ_CHECK(read.place.size() <= size && read.when.size() <= size && read.because.size() <= findings_max);
  return 0;
}
