// A segment's bytes: records that tell whether they are whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jobrun::store {

/// `JRS1`, the payload's length and its CRC-32, both little-endian in four bytes, the payload.
std::string framed(std::string_view payload);

struct Scan {
  std::vector<std::string_view> payloads;  ///< into the scanned bytes
  std::size_t damaged = 0;                 ///< places between them, or at the end, that are no record
  bool is_end_damaged = false;
};

/// Finds every whole record, whatever stands between them.
Scan scan(std::string_view bytes);

}  // namespace jobrun::store
