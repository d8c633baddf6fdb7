// A spooled Event as bytes: CBOR, because a webhook's fields may be any bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/ports/spool.hpp"
#include "base/result.hpp"

namespace jobrun::store {

std::string encode(const SpooledEvent& event);

/// `invalid` for bytes that encode() never wrote.
Result<SpooledEvent> decode(std::string_view bytes);

}  // namespace jobrun::store
