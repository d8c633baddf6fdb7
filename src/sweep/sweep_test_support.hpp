// What the sweep's tests share: a call as the carrier lists it.
#pragma once

#include <string>

#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_texts.hpp"

namespace jobrun::sweep {

inline constexpr Duration second{1'000};
inline constexpr Duration minute{60'000};
inline constexpr Duration hour{60 * 60'000};
inline const E164 elsewhere = E164::from_digits(15'550'003'333);
inline const E164 called = E164::from_digits(15'550'001'111);

inline CallSid sid(const std::string& text) {
  return *CallSid::parse(text);
}

/// Somebody's call to `called`; `ended_at` is told where the status is final.
inline ListedCall a_listed_call(const std::string& call_sid, CallStatus status, Instant started_at,
                                Instant ended_at) {
  ListedCall call{.call_sid = sid(call_sid),
                  .caller = Caller::parse("+14155550123"),
                  .number = called,
                  .number_text = called.text(),
                  .forwarded_from = {},
                  .is_inbound = true,
                  .parent = {},
                  .status = status,
                  .status_text = std::string(name_of(status)),
                  .started_at = started_at,
                  .ended_at = {}};
  if (is_final(status)) call.ended_at = ended_at;
  return call;
}

/// Somebody's text, which has come whole.
inline ListedText a_listed_text(const std::string& message_sid, Instant at, E164 to = called) {
  return {.text = {.message_sid = message_sid,
                   .sender = Caller::parse("+14155550123"),
                   .number = to,
                   .number_text = to.text(),
                   .body = "Leak",
                   .origin = Origin::sweep,
                   .at = at}};
}

}  // namespace jobrun::sweep
