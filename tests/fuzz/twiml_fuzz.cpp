// Any bytes as what a business calls itself: the document is well-formed, as expat judges it, and short enough.
#include <expat.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.hpp"
#include "gate/twiml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jobrun::gate;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::array<Verb, 5> verbs = {Say{.text = text, .voice = text}, Say{.text = text}, Redirect{text}, Pause{},
                                     Hangup{}};
  const std::string document = write_twiml(verbs);
  FUZZ_CHECK(document.size() <= twiml_bytes_max);
  XML_Parser parser = XML_ParserCreate(nullptr);
  FUZZ_CHECK(XML_Parse(parser, document.data(), static_cast<int>(document.size()), 1) == XML_STATUS_OK);
  XML_ParserFree(parser);
  return 0;
}
