// Whether a phone may be texted by one of our numbers because of something else than its call: by the same rules
// that hold for callers.
#pragma once

#include <optional>
#include <string>

#include "flow/after_call.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

struct Recipient {
  std::string cause;  ///< as in TextId
  Caller phone;
  std::optional<E164> number;   ///< ours, that he texted
  std::optional<Instant> at{};  ///< when what he is answered to happened, where that is no more of use some day
};

/// By the number he texted, and by no other: that is whom he knows. Without the newest first text: what may be
/// said only once in a while is for whoever asks.
struct Answering {
  flow::Role role;
  flow::Policy policy;
  flow::Situation situation;

  /// The rows `failsafe` and `intake` alone let a text leave.
  AfterCallRow row() const;
  bool may_leave() const;
  PromisedText text(Purpose purpose, std::string body) const;
};

/// By the rules of the role whose number it is: a business's own limits hold for its customers only.
Answering answering(Recipient recipient, flow::Role role, const Surroundings& around, FactReader& facts,
                    Instant now);
Answering answering(Recipient recipient, bool is_known_number, const Surroundings& around, FactReader& facts,
                    Instant now);

}  // namespace jobrun::texting
