// Any bytes as a request, whole and cut in two: the parser says the same of both, and what it accepts is what
// handlers rely on. The first byte says where to cut.
#include <utility>  // first: Asio 1.74 needs it before its own headers

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.hpp"
#include "request_parser.hpp"

namespace {

using jobrun::net::HttpRequest;
using jobrun::net::RequestParser;

constexpr std::size_t header_bytes_max = 2048;
constexpr std::size_t body_bytes_max = 1024;

/// Feeds `text`; false when the parser refused it. `used` grows by what it took.
bool feed(RequestParser& parser, std::string_view text, std::size_t& used) {
  while (used < text.size() && !parser.is_done()) {
    boost::system::error_code error;
    const std::size_t count = parser.put(boost::asio::buffer(text.data() + used, text.size() - used), error);
    FUZZ_CHECK(count <= text.size() - used);
    used += count;
    if (error == boost::beast::http::error::need_more) return true;
    if (error) return false;
    if (count == 0) return true;
  }
  return true;
}

void check_request(const HttpRequest& request) {
  FUZZ_CHECK(!request.method.empty() && !request.target.empty());
  FUZZ_CHECK(request.target == "*" || request.target.front() == '/');
  for (const char c : request.target) FUZZ_CHECK(c > 0x20 && c < 0x7F && c != '#');
  std::size_t header_bytes = 0;
  for (const auto& [name, value] : request.headers) {
    FUZZ_CHECK(!name.empty());
    FUZZ_CHECK((name + value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    header_bytes += name.size() + value.size();
  }
  FUZZ_CHECK(header_bytes <= header_bytes_max);
  FUZZ_CHECK(request.body.size() <= body_bytes_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  RequestParser whole(header_bytes_max, body_bytes_max);
  std::size_t whole_used = 0;
  const bool whole_ok = feed(whole, text, whole_used);
  if (whole_ok && whole.is_done()) check_request(whole.request);

  RequestParser cut(header_bytes_max, body_bytes_max);
  std::size_t cut_used = 0;
  const std::size_t first = text.size() * data[0] / 256;
  const bool cut_ok = feed(cut, text.substr(0, first), cut_used) && feed(cut, text, cut_used);
  if (!whole_ok || !whole.is_done()) return 0;
  FUZZ_CHECK(cut_ok && cut.is_done() && cut_used == whole_used);
  FUZZ_CHECK(cut.request.method == whole.request.method && cut.request.target == whole.request.target);
  FUZZ_CHECK(cut.request.headers == whole.request.headers && cut.request.body == whole.request.body);
  return 0;
}
