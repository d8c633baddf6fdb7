// target NEWLINE signature NEWLINE body: what we sign is accepted, and nothing else is.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.hpp"
#include "gate/signature.hpp"

namespace {

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jobrun::gate;
  static SignatureCheck check("https://calls.example.com", {"12345", "67890"});
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string target(take_line(rest));
  const std::string_view signature = take_line(rest);
  const jobrun::Result<Form> form = Form::parse(std::string(rest));
  if (form && target.find('#') == std::string::npos) {
    Parameters parameters;
    for (std::size_t i = 0; i < form->size(); ++i) parameters.emplace_back((*form)[i].name, (*form)[i].value);
    const std::string right = sign_form("67890", "https://calls.example.com:443" + target, parameters);
    FUZZ_CHECK(check.accepts_form(target, *form, right));
    const bool is_ours = signature == right ||
                         signature == sign_form("12345", "https://calls.example.com:443" + target, parameters) ||
                         signature == sign_form("12345", "https://calls.example.com" + target, parameters) ||
                         signature == sign_form("67890", "https://calls.example.com" + target, parameters);
    FUZZ_CHECK(check.accepts_form(target, *form, signature) == is_ours);
  }
  FUZZ_CHECK(!check.accepts_body(target, rest, signature) || target.find("bodySHA256=") != std::string::npos);
  return 0;
}
