// How the gate knows a canary: by the CallSid, of which one half proves that whoever made it has an auth token.
//
// A canary's text is swallowed, so nobody else may be able to pass for one. The signature of the request proves
// that it comes from the carrier or from us; the CallSid, which the carrier makes and no caller can choose, that
// it is ours.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.hpp"

namespace jobrun::gate {

/// `CA`, 16 digits of `number`, 16 of their HMAC-SHA1 under the token.
CallSid canary_call_sid(std::string_view auth_token, std::uint64_t number);

}  // namespace jobrun::gate
