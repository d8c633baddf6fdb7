// CBOR from a file, which may be anything: read without trusting its depth, for the reader calls itself.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

namespace jobrun::store {

/// Looks through a document and stops it where it is nested too deeply.
class DepthBound final : public nlohmann::json::json_sax_t {
 public:
  explicit DepthBound(int depth_max) : left_(depth_max) {}
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return --left_ >= 0; }
  bool end_object() override { return ++left_ > 0; }
  bool start_array(std::size_t) override { return --left_ >= 0; }
  bool end_array() override { return ++left_ > 0; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

 private:
  int left_;
};

/// Throws std::exception for what is no CBOR, or is nested more deeply than anything of ours.
inline nlohmann::json from_bounded_cbor(std::string_view bytes) {
  constexpr int depth_max = 16;
  DepthBound bound(depth_max);
  const auto cbor = nlohmann::json::input_format_t::cbor;
  if (!nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &bound, cbor)) {
    throw std::invalid_argument("no CBOR, or nested too deeply");
  }
  return nlohmann::json::from_cbor(bytes.begin(), bytes.end());
}

}  // namespace jobrun::store
