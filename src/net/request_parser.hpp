// One HTTP/1.1 request out of the bytes of a connection: Beast's incremental parser, made stricter.
#pragma once

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include "net/http_server.hpp"

namespace jobrun::net {

/// Fills an HttpRequest while the bytes come in, and refuses what Beast lets pass.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(std::size_t header_bytes_max, std::size_t body_bytes_max) {
    header_limit(static_cast<std::uint32_t>(header_bytes_max));
    body_limit(body_bytes_max);
    eager(true);
    bytes_left_ = header_bytes_max;
  }

  HttpRequest request;
  bool expects_continue = false;

  bool is_http_11() const { return is_11_; }

 private:
  using View = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, View method, View target, int version,
                       boost::system::error_code& error) override {
    is_11_ = version == 11;
    const bool is_ours = target == "*" || target.front() == '/';
    const bool is_plain = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
    if (!is_ours || !is_plain) {
      error = boost::beast::http::error::bad_target;
      return;
    }
    constexpr std::size_t headers_expected = 16;
    request.headers.reserve(headers_expected);
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
  }

  void on_field_impl(boost::beast::http::field field, View name, View value,
                     boost::system::error_code& error) override {
    // Beast limits what is still unparsed; this limits the sum, trailers included.
    const std::size_t bytes = name.size() + value.size() + 4;
    if (bytes > bytes_left_) {
      error = boost::beast::http::error::header_limit;
      return;
    }
    bytes_left_ -= bytes;
    if (header_seen_) return;  // a trailer: nothing here needs one
    if (field == boost::beast::http::field::host && ++hosts_ > 1) error = boost::beast::http::error::bad_value;
    if (field == boost::beast::http::field::transfer_encoding) has_transfer_encoding_ = true;
    if (field == boost::beast::http::field::expect)
      expects_continue = boost::beast::iequals(value, "100-continue");
    request.headers.emplace_back(std::piecewise_construct, std::forward_as_tuple(name.data(), name.size()),
                                 std::forward_as_tuple(value.data(), value.size()));
  }

  void on_header_impl(boost::system::error_code& error) override {
    header_seen_ = true;
    const bool host_is_missing = hosts_ == 0 && is_11_;
    // A coding we do not undo would leave its bytes to be read as the next request.
    const bool coding_is_unknown = has_transfer_encoding_ && !chunked();
    if (host_is_missing || coding_is_unknown) error = boost::beast::http::error::bad_value;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, boost::system::error_code&) override {
    if (length) request.body.reserve(static_cast<std::size_t>(*length));
  }

  std::size_t on_body_impl(View piece, boost::system::error_code&) override {
    request.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_chunk_header_impl(std::uint64_t, View, boost::system::error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, View piece, boost::system::error_code&) override {
    request.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_response_impl(int, View, int, boost::system::error_code&) override {}
  void on_finish_impl(boost::system::error_code&) override {}

  std::size_t bytes_left_ = 0;
  bool is_11_ = true;
  bool header_seen_ = false;
  bool has_transfer_encoding_ = false;
  int hosts_ = 0;
};

}  // namespace jobrun::net
