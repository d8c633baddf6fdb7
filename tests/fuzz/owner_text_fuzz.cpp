// Any bytes as an owner's text, line by line, from the first text to wherever they lead: he is answered unless he
// said STOP, and what is kept of him stays within its bounds.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text_encoding.hpp"
#include "base/utf8.hpp"
#include "check.hpp"
#include "onboarding/turn.hpp"

namespace {

using namespace jobrun;
using namespace jobrun::onboarding;

void expect_bounded(const Answers& answers) {
  FUZZ_CHECK(answers.business_type.size() <= business_type_bytes_max && is_clean_utf8(answers.business_type));
  FUZZ_CHECK(answers.place.size() <= place_bytes_max && is_clean_utf8(answers.place));
  FUZZ_CHECK(answers.business_name.size() <= business_name_bytes_max && is_clean_utf8(answers.business_name));
  FUZZ_CHECK(answers.owner_name.size() <= owner_name_bytes_max && is_clean_utf8(answers.owner_name));
  FUZZ_CHECK(answers.email.size() <= email_bytes_max && is_ascii(answers.email));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr E164 owner = E164::from_digits(15125550123);
  constexpr E164 number = E164::from_digits(15125550100);
  std::string_view texts(reinterpret_cast<const char*>(data), size);
  std::optional<State> state;
  Facts facts;
  facts.now = from_unix_ms(1'767'441'600'000);
  while (!texts.empty()) {
    const std::size_t end = texts.find('\n') < texts.size() ? texts.find('\n') : texts.size();
    facts.now += std::chrono::minutes{1};
    Turn turn = take(state, owner, texts.substr(0, end), facts);
    texts.remove_prefix(end < texts.size() ? end + 1 : end);
    expect_bounded(turn.next.answers);
    FUZZ_CHECK(turn.reply.empty() == turn.next.is_stopped);
    FUZZ_CHECK(is_clean_utf8(turn.reply) && turn.reply.size() <= text_characters_max);
    state = turn.wants.number ? number_found(turn.next, number, facts.now).next : turn.next;
  }
  return 0;
}
