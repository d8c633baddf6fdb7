// Any body: what is accepted keeps its promises, and survives being written and read again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.hpp"
#include "gate/form.hpp"
#include "net/form_encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using jobrun::gate::Form;
  const jobrun::Result<Form> form = Form::parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!form) {
    FUZZ_CHECK(!form.error().message.empty());
    return 0;
  }
  FUZZ_CHECK(form->size() <= Form::parameters_max);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; i < form->size(); ++i) {
    const Form::Parameter parameter = (*form)[i];
    FUZZ_CHECK(!parameter.name.empty() && parameter.name.size() <= Form::name_bytes_max);
    FUZZ_CHECK(parameter.value.size() <= Form::value_bytes_max);
    FUZZ_CHECK(parameter.name.find('\0') == std::string_view::npos);
    FUZZ_CHECK(form->count(parameter.name) >= 1 && form->find(parameter.name).has_value());
    pairs.emplace_back(parameter.name, parameter.value);
  }
  const std::string written = jobrun::net::form_encoded(pairs);
  if (written.size() > Form::body_bytes_max) return 0;
  const jobrun::Result<Form> again = Form::parse(written);
  FUZZ_CHECK(again.has_value() && again->size() == form->size());
  for (std::size_t i = 0; i < form->size(); ++i) FUZZ_CHECK((*again)[i] == (*form)[i]);
  return 0;
}
